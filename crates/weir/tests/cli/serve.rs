//! `weir serve`: from the first-run link to a good end.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Stdio};

use serde_json::Value;

use crate::weir::Weir;

/// A server on a free port, and the address it says it has.
pub struct Serving {
    child: Child,
    announcement: Value,
}

impl Serving {
    pub fn start(weir: &Weir) -> Serving {
        Serving::logging(weir, Stdio::null())
    }

    /// The same; the log goes somewhere.
    pub fn logging(weir: &Weir, log: Stdio) -> Serving {
        let mut child =
            weir.command(&["serve", "--listen", "127.0.0.1:0", "--json"]).stderr(log).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        Serving { child, announcement: serde_json::from_str(&line).unwrap() }
    }

    fn address(&self) -> &str {
        self.announcement["url"].as_str().unwrap().strip_prefix("http://").unwrap()
    }

    /// Head and body of the answer to a body.
    pub fn post(&self, path: &str, body: &str) -> (String, String) {
        let mut stream = TcpStream::connect(self.address()).unwrap();
        let (host, length) = (self.address(), body.len());
        write!(stream, "POST {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n").unwrap();
        write!(stream, "content-length: {length}\r\n\r\n{body}").unwrap();
        read_answer(stream)
    }

    /// Head and body of the answer to a plain request.
    pub fn ask(&self, request: &str) -> (String, String) {
        let mut stream = TcpStream::connect(self.address()).unwrap();
        write!(stream, "{request}\r\nhost: {}\r\nconnection: close\r\n\r\n", self.address()).unwrap();
        read_answer(stream)
    }
}

/// A server that a test did not end ends with it.
impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn read_answer(mut stream: TcpStream) -> (String, String) {
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (head.to_owned(), body.to_owned())
}

#[test]
#[cfg(unix)]
fn the_first_run_link_leads_to_a_token_that_works() {
    let weir = Weir::empty();
    let mut serving = Serving::start(&weir);
    let (head, _) = serving.ask("GET /healthz HTTP/1.1");
    assert!(head.starts_with("HTTP/1.1 200"), "{head}");

    let link = serving.announcement["first_run"].as_str().unwrap().to_owned();
    let path = link.strip_prefix(serving.announcement["url"].as_str().unwrap()).unwrap();
    let (_, body) = serving.ask(&format!("GET {path} HTTP/1.1\r\naccept: application/json"));
    let token = serde_json::from_str::<Value>(&body).unwrap()["token"].as_str().unwrap().to_owned();
    let (head, body) =
        serving.ask(&format!("GET /api/v1/workspace HTTP/1.1\r\nauthorization: Bearer {token}"));
    assert!(head.starts_with("HTTP/1.1 200") && body.contains("\"workspace\":\"default\""), "{head}\n{body}");

    let pid = serving.child.id().to_string();
    assert!(std::process::Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
    assert_eq!(serving.child.wait().unwrap().code(), Some(0));

    let again = Serving::start(&weir);
    assert_eq!(again.announcement.get("first_run"), None, "there is a token now");
}

#[test]
fn a_port_that_is_taken_is_the_users_to_solve() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let run = Weir::empty().run(&["serve", "--listen", &address]);
    assert_eq!((run.status, run.stdout.as_str()), (2, ""));
    assert!(run.stderr.starts_with(&format!("error: cannot listen on {address}: ")), "{}", run.stderr);
    assert!(run.stderr.contains("\n  at: --listen\n  help: name another port"), "{}", run.stderr);
}
