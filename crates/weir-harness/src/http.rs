//! A client for HTTP/1.1 over one kept connection: a request, its answer, the next request.
//!
//! Written here because what a broken connection means is the very thing under test: nothing is retried, nothing is
//! hidden, and an answer counts only when it has come whole. Deliberately absent: TLS, redirects, chunked answers.

use std::io::{self, BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// Longer than any client waits; a server that needs more hangs.
const PATIENCE: Duration = Duration::from_secs(60);

/// What is asked.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// GET, POST …
    pub method: &'a str,
    /// With its query.
    pub path: &'a str,
    /// Value of the header `authorization`; none if empty.
    pub authorization: &'a str,
    /// JSON; a request without is sent without.
    pub body: &'a [u8],
}

/// What was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// Status code.
    pub status: u16,
    /// Seconds of the header `retry-after`.
    pub retry_after: Option<u64>,
    /// The whole body.
    pub body: Vec<u8>,
}

impl Reply {
    /// Status and body, for messages.
    pub fn describe(&self) -> String {
        format!("{} {}", self.status, String::from_utf8_lossy(&self.body).trim())
    }
}

/// A connection that is made when it is needed and kept while it works.
#[derive(Debug)]
pub struct Connection {
    address: SocketAddr,
    stream: Option<BufReader<TcpStream>>,
}

impl Connection {
    /// Connects at the first request.
    pub fn new(address: SocketAddr) -> Connection {
        Connection { address, stream: None }
    }

    /// Goes on with a server that may be another one.
    pub fn redirect(&mut self, address: SocketAddr) {
        if self.address != address {
            *self = Connection::new(address);
        }
    }

    /// One request and its answer. After an error nobody knows whether the request was carried out.
    pub fn send(&mut self, request: Request<'_>) -> io::Result<Reply> {
        let mut stream = match self.stream.take() {
            Some(stream) => stream,
            None => connect(self.address)?,
        };
        write_request(stream.get_mut(), self.address, request)?;
        let (reply, keep) = read_reply(&mut stream)?;
        if keep {
            self.stream = Some(stream);
        }
        Ok(reply)
    }

    /// A GET without authorization.
    pub fn get(&mut self, path: &str) -> io::Result<Reply> {
        self.send(Request { method: "GET", path, authorization: "", body: b"" })
    }
}

fn connect(address: SocketAddr) -> io::Result<BufReader<TcpStream>> {
    let stream = TcpStream::connect(address)?;
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    Ok(BufReader::new(stream))
}

fn write_request(stream: &mut TcpStream, address: SocketAddr, request: Request<'_>) -> io::Result<()> {
    let Request { method, path, authorization, body } = request;
    let mut head = format!("{method} {path} HTTP/1.1\r\nhost: {address}\r\n");
    if !authorization.is_empty() {
        head += &format!("authorization: {authorization}\r\n");
    }
    if method != "GET" {
        head += &format!("content-type: application/json\r\ncontent-length: {}\r\n", body.len());
    }
    head += "\r\n";
    stream.write_all(head.as_bytes())?;
    stream.write_all(body)
}

/// The answer, and whether another may come by the same connection.
fn read_reply(stream: &mut impl BufRead) -> io::Result<(Reply, bool)> {
    let head = Head::read(stream)?;
    let status = head.first.split(' ').nth(1).and_then(|code| code.parse().ok());
    let status = status.ok_or_else(|| invalid(&head.first))?;
    let mut body = Vec::new();
    let length = head.number("content-length");
    match length {
        Some(length) => {
            body.resize(usize::try_from(length).map_err(|_| invalid("too long"))?, 0);
            stream.read_exact(&mut body)?;
        }
        None => {
            stream.read_to_end(&mut body)?;
        }
    }
    let keep = length.is_some() && head.value("connection") != Some("close");
    Ok((Reply { status, retry_after: head.number("retry-after"), body }, keep))
}

/// First line and headers of a message, either way.
#[derive(Debug)]
pub struct Head {
    /// Request line or status line.
    pub first: String,
    /// Name in lower case, value.
    pub headers: Vec<(String, String)>,
}

impl Head {
    /// Reads up to the empty line; an end of the stream before it is an error.
    pub fn read(stream: &mut impl BufRead) -> io::Result<Head> {
        let first = read_line(stream)?;
        let mut headers = Vec::new();
        loop {
            let line = read_line(stream)?;
            if line.is_empty() {
                return Ok(Head { first, headers });
            }
            let (name, value) = line.split_once(':').ok_or_else(|| invalid(&line))?;
            headers.push((name.trim().to_lowercase(), value.trim().to_owned()));
        }
    }

    /// Value of a header.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str())
    }

    /// Value of a header that is a number.
    pub fn number(&self, name: &str) -> Option<u64> {
        self.value(name).and_then(|value| value.parse().ok())
    }
}

fn read_line(stream: &mut impl BufRead) -> io::Result<String> {
    let mut line = String::new();
    if stream.read_line(&mut line)? == 0 {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(line.trim_end().to_owned())
}

fn invalid(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("not HTTP: {what}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<(u16, Option<u64>, &str, bool)>) {
        let read = read_reply(&mut text.as_bytes()).ok();
        let read = read.as_ref().map(|(reply, keep)| {
            (reply.status, reply.retry_after, std::str::from_utf8(&reply.body).unwrap(), *keep)
        });
        assert_eq!(read, expected, "{text}");
    }

    #[test]
    fn an_answer_counts_only_when_it_has_come_whole() {
        check("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", Some((200, None, "{}", true)));
        check(
            "HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}",
            Some((200, None, "{}", false)),
        );
        check(
            "HTTP/1.1 503 No\r\nRetry-After: 7\r\ncontent-length: 0\r\n\r\n",
            Some((503, Some(7), "", true)),
        );
        check("HTTP/1.1 200 OK\r\n\r\nto the end", Some((200, None, "to the end", false)));
        check("HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\n{}", None);
        check("HTTP/1.1 200 OK\r\ncontent-le", None);
        check("", None);
        check("SSH-2.0\r\n\r\n", None);
    }
}
