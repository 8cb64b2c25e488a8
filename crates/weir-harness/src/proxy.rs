//! The network as it is: between a client and Weir, some requests are answered with errors and some connections break.
//!
//! A message meets at most two faults in a row, so a client that retries three times always gets through. What is counted is
//! messages, not requests, because some clients put messages into other batches when they retry.

use std::collections::BTreeMap;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use flate2::read::GzDecoder;

use crate::http::Head;
use crate::random::Random;

/// Faults that a message meets before it gets through.
const IN_A_ROW: u8 = 2;

/// What goes wrong with a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// An error of ours is answered, with `Retry-After: 1` or without; the server never sees the request.
    Status(u16, bool),
    /// The connection is reset before the server sees the request.
    Reset,
    /// The server does its work, and the connection ends before its answer.
    NoAnswer,
    /// The server does its work, and the connection ends within its answer.
    HalfAnswer,
}

/// 429 always says when to come back: without that one client waits for a minute.
const FAULTS: [Fault; 9] = [
    Fault::Status(429, true),
    Fault::Status(500, false),
    Fault::Status(503, false),
    Fault::Status(503, true),
    Fault::Reset,
    Fault::Reset,
    Fault::NoAnswer,
    Fault::NoAnswer,
    Fault::HalfAnswer,
];

/// What passed and what did not.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    /// Requests that came whole.
    pub requests: u64,
    /// Faults, by kind.
    pub faults: BTreeMap<Fault, u64>,
    /// Statuses other than 200 that Weir itself answered.
    pub refused: BTreeMap<u16, u64>,
    /// Requests that no message could be read from.
    pub unreadable: u64,
}

/// A proxy that runs until the process ends.
#[derive(Debug)]
pub struct Proxy {
    /// Where clients connect.
    pub address: SocketAddr,
    common: Arc<Common>,
}

#[derive(Debug)]
struct Common {
    upstream: SocketAddr,
    percent: u64,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    random: Random,
    /// By message id: how many faults in a row it has met.
    in_a_row: BTreeMap<String, u8>,
    tally: Tally,
}

impl Proxy {
    /// Passes requests to `upstream`, but for so many in a hundred.
    pub fn start(upstream: SocketAddr, percent: u64, seed: u64) -> io::Result<Proxy> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let address = listener.local_addr()?;
        let state = State { random: Random::new(seed), in_a_row: BTreeMap::new(), tally: Tally::default() };
        let common = Arc::new(Common { upstream, percent, state: Mutex::new(state) });
        let shared = common.clone();
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let common = shared.clone();
                // An error is the end of the connection, which is all that the client would learn.
                thread::spawn(move || common.serve(client));
            }
        });
        Ok(Proxy { address, common })
    }

    /// What happened so far.
    pub fn tally(&self) -> Tally {
        self.common.state.lock().unwrap_or_else(PoisonError::into_inner).tally.clone()
    }
}

/// A request but for the last byte of its body. That stays in the socket, because a connection that is closed with bytes
/// unread is reset, and one that is closed after the last is not.
struct Request {
    head: Head,
    body: Vec<u8>,
}

impl Common {
    /// Takes request after request, until either side is gone or a fault ends the connection.
    fn serve(&self, client: TcpStream) -> io::Result<()> {
        client.set_nodelay(true)?;
        let upstream = TcpStream::connect(self.upstream)?;
        upstream.set_nodelay(true)?;
        // A buffer of one byte: nothing is taken from the socket that was not asked for.
        let mut from_client = BufReader::with_capacity(1, client.try_clone()?);
        let mut from_upstream = BufReader::new(upstream.try_clone()?);
        loop {
            let mut request = read_request(&mut from_client)?;
            let fault = self.decide(&message_ids(&request));
            if fault == Some(Fault::Reset) {
                return Ok(());
            }
            finish_reading(&mut request, &mut from_client)?;
            if let Some(Fault::Status(status, retry_after)) = fault {
                (&client).write_all(injected(status, retry_after).as_bytes())?;
                continue;
            }
            let answer = self.pass_on(&request, &upstream, &mut from_upstream)?;
            match fault {
                Some(Fault::NoAnswer) => return client.shutdown(Shutdown::Both),
                Some(Fault::HalfAnswer) => return (&client).write_all(&answer[..answer.len() / 2]),
                _ => (&client).write_all(&answer)?,
            }
        }
    }

    fn decide(&self, messages: &[String]) -> Option<Fault> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.tally.requests += 1;
        state.tally.unreadable += u64::from(messages.is_empty());
        let tired = messages.iter().any(|id| state.in_a_row.get(id).is_some_and(|&n| n >= IN_A_ROW));
        let strikes = state.random.percent(self.percent) && !tired && !messages.is_empty();
        let fault = strikes.then(|| FAULTS[state.random.below(FAULTS.len() as u64) as usize]);
        for id in messages {
            let met = state.in_a_row.entry(id.clone()).or_default();
            *met = if strikes { *met + 1 } else { 0 };
        }
        if let Some(fault) = fault {
            *state.tally.faults.entry(fault).or_default() += 1;
        }
        fault
    }

    /// The server's answer, as it was written.
    fn pass_on(
        &self,
        request: &Request,
        mut upstream: &TcpStream,
        from_upstream: &mut impl BufRead,
    ) -> io::Result<Vec<u8>> {
        upstream.write_all(&[write_head(&request.head).as_bytes(), &request.body].concat())?;
        let head = Head::read(from_upstream)?;
        let mut body = vec![0; length(&head)];
        from_upstream.read_exact(&mut body)?;
        let status = head.first.split(' ').nth(1).and_then(|code| code.parse().ok()).unwrap_or(0);
        if status != 200 {
            let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
            *state.tally.refused.entry(status).or_default() += 1;
        }
        Ok([write_head(&head).as_bytes(), &body].concat())
    }
}

fn read_request(client: &mut impl BufRead) -> io::Result<Request> {
    let head = Head::read(client)?;
    let mut body = vec![0; length(&head).saturating_sub(1)];
    client.read_exact(&mut body)?;
    Ok(Request { head, body })
}

fn finish_reading(request: &mut Request, client: &mut impl Read) -> io::Result<()> {
    if length(&request.head) > 0 {
        let mut last = [0];
        client.read_exact(&mut last)?;
        request.body.push(last[0]);
    }
    Ok(())
}

fn length(head: &Head) -> usize {
    head.number("content-length").and_then(|length| usize::try_from(length).ok()).unwrap_or(0)
}

fn write_head(head: &Head) -> String {
    let headers: String = head.headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    format!("{}\r\n{headers}\r\n", head.first)
}

fn injected(status: u16, retry_after: bool) -> String {
    let body = "{\"code\":\"injected\",\"message\":\"a fault of the test's network\"}";
    let retry_after = if retry_after { "retry-after: 1\r\n" } else { "" };
    let length = body.len();
    let headers = format!("content-type: application/json\r\n{retry_after}content-length: {length}\r\n");
    format!("HTTP/1.1 {status} Injected\r\n{headers}\r\n{body}")
}

/// The message ids of a body that may lack its end.
fn message_ids(request: &Request) -> Vec<String> {
    if request.head.value("content-encoding") != Some("gzip") {
        return ids_in(&String::from_utf8_lossy(&request.body));
    }
    let mut plain = Vec::new();
    // It fails at the missing end, after everything before it has been read.
    let _ = GzDecoder::new(request.body.as_slice()).read_to_end(&mut plain);
    ids_in(&String::from_utf8_lossy(&plain))
}

fn ids_in(text: &str) -> Vec<String> {
    let values = text.split("\"messageId\"").skip(1);
    values.filter_map(|rest| rest.split('"').nth(1)).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::http::{Connection, Request};

    /// A server that takes whatever comes and answers 200.
    fn upstream() -> (SocketAddr, Arc<Mutex<Vec<String>>>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let got = Arc::new(Mutex::new(Vec::new()));
        let kept = got.clone();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let got = kept.clone();
                thread::spawn(move || {
                    let mut reader = BufReader::new(&stream);
                    while let Ok(mut request) = read_request(&mut reader) {
                        finish_reading(&mut request, &mut reader).unwrap();
                        got.lock().unwrap().extend(message_ids(&request));
                        let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}";
                        if (&stream).write_all(answer).is_err() {
                            return;
                        }
                    }
                });
            }
        });
        (address, got)
    }

    #[test]
    fn after_two_faults_in_a_row_a_message_gets_through() {
        let (address, got) = upstream();
        let proxy = Proxy::start(address, 100, 1).unwrap();
        let mut connection = Connection::new(proxy.address);
        for n in 0..60 {
            let body = format!("{{\"batch\":[{{\"messageId\" : \"m{n}\"}}]}}");
            let mut request = || {
                let body = body.as_bytes();
                let reply =
                    connection.send(Request { method: "POST", path: "/v1/batch", authorization: "", body });
                reply.is_ok_and(|reply| reply.status == 200)
            };
            assert_eq!([request(), request(), request()], [false, false, true], "m{n}");
        }
        let tally = proxy.tally();
        let kinds: BTreeSet<Fault> = tally.faults.keys().copied().collect();
        assert_eq!(kinds, FAULTS.into_iter().collect(), "{tally:?}");
        assert_eq!((tally.requests, tally.unreadable), (180, 0));
        let got = got.lock().unwrap();
        let stored: BTreeSet<&String> = got.iter().collect();
        assert_eq!(stored.len(), 60);
        assert!(got.len() > 60, "no answer was lost after the server had done its work");
    }

    #[test]
    fn ids_are_found_in_what_is_packed_and_cut_off() {
        let text = "{\"batch\":[{\"messageId\":\"a\"},{\"messageId\": \"b\"}],\"sentAt\":\"now\"}";
        assert_eq!(ids_in(&text[..text.len() - 1]), ["a", "b"]);
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packer.write_all(text.as_bytes()).unwrap();
        let mut body = packer.finish().unwrap();
        body.pop();
        let headers = vec![("content-encoding".to_owned(), "gzip".to_owned())];
        let head = Head { first: String::new(), headers };
        assert_eq!(message_ids(&super::Request { head, body }), ["a", "b"]);
    }
}
