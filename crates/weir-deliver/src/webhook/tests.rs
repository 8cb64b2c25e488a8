//! Against a receiver on this machine, which the guard allows on purpose.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Instant;

use weir_core::destination::Destination;
use weir_core::identity::Identifier;

use super::*;
use crate::signature::new_secret;

/// What a receiver got: head and body.
type Got = (Vec<String>, String);

/// A receiver that answers every request with `answer`, and tells what it got.
fn receiver(answer: impl Fn(TcpStream) + Send + 'static) -> (SocketAddr, mpsc::Receiver<Got>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let (tell, told) = mpsc::channel();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let stream = stream.unwrap();
            let Some(got) = request(&stream) else { continue };
            if tell.send(got).is_err() {
                return;
            }
            answer(stream);
        }
    });
    (address, told)
}

fn request(stream: &TcpStream) -> Option<Got> {
    let mut reader = BufReader::new(stream);
    let mut head = Vec::new();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        if line.trim_end().is_empty() {
            break;
        }
        head.push(line.trim_end().to_lowercase());
    }
    let length = head.iter().find_map(|line| line.strip_prefix("content-length: "))?.parse().ok()?;
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some((head, String::from_utf8(body).ok()?))
}

fn say(text: &'static str) -> impl Fn(TcpStream) + Send + 'static {
    move |mut stream| {
        let _ = stream.write_all(text.as_bytes());
    }
}

fn loopback() -> Guard {
    Guard::new("127.0.0.0/8").unwrap()
}

fn webhook(address: SocketAddr) -> Webhook {
    Webhook {
        url: format!("http://{address}/hook?x=1"),
        batch: 100,
        timeout_seconds: 1,
        in_flight: 1,
        identifiers: Vec::new(),
    }
}

fn call(webhook: &Webhook, secrets: Vec<String>) -> Call {
    Call {
        push: 1,
        push_id: "p1".into(),
        push_name: Some("spring".into()),
        as_of: "2024-11-30".parse().unwrap(),
        destination_name: "crm".into(),
        destination: Destination::Webhook(webhook.clone()),
        secrets,
        path: None,
        message: 0,
        message_id: "msg_k_0".into(),
        attempt: 1,
        failures: 0,
    }
}

fn people() -> Vec<Recipient> {
    let consumer = Identifier { kind: "user_id".into(), value: "ada".into() };
    let identifiers = BTreeMap::from([("email".to_owned(), vec!["ada@example.com".to_owned()])]);
    vec![Recipient { id: "rcp_k_0".into(), consumer, identifiers }]
}

fn send(guard: &Guard, webhook: &Webhook) -> Answer {
    Client::new(guard).send(webhook, &call(webhook, Vec::new()), &people()).unwrap()
}

#[test]
fn a_message_is_what_the_contract_says_and_signed() {
    let (address, told) = receiver(say("HTTP/1.1 204 No Content\r\n\r\n"));
    let webhook = webhook(address);
    let secrets = vec![new_secret().unwrap(), new_secret().unwrap()];
    let sent = Client::new(&loopback()).send(&webhook, &call(&webhook, secrets.clone()), &people());
    assert_eq!(sent.unwrap(), Answer::Status(204, None));
    let (head, body) = told.recv().unwrap();
    assert_eq!(head[0], "post /hook?x=1 http/1.1");
    assert_eq!(
        serde_json::from_str::<Value>(&body).unwrap(),
        json!({"type": "push.recipients", "push": "p1", "name": "spring", "destination": "crm",
            "as_of": "2024-11-30", "message": "msg_k_0", "recipients": [{"id": "rcp_k_0",
            "consumer": {"kind": "user_id", "value": "ada"}, "identifiers": {"email": ["ada@example.com"]}}]})
    );
    let header = |name: &str| head.iter().find_map(|line| line.strip_prefix(&format!("{name}: "))).unwrap();
    assert_eq!(header("webhook-id"), "msg_k_0");
    let timestamp: i64 = header("webhook-timestamp").parse().unwrap();
    let expected = sign(&secrets, "msg_k_0", timestamp, body.as_bytes()).unwrap();
    assert_eq!(header("webhook-signature"), expected.to_lowercase());
    assert_eq!(expected.split(' ').count(), 2);
}

#[test]
fn answers_are_told_apart() {
    for (text, expected) in [
        ("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok", Answer::Status(200, None)),
        ("HTTP/1.1 410 Gone\r\ncontent-length: 0\r\n\r\n", Answer::Status(410, None)),
        (
            "HTTP/1.1 429 Slow\r\nretry-after: 77\r\ncontent-length: 0\r\n\r\n",
            Answer::Status(429, Some(Duration::from_secs(77))),
        ),
        ("HTTP/1.1 500 Oh\r\ncontent-length: 100000\r\n\r\nbroken off", Answer::Status(500, None)),
        ("nothing like HTTP\r\n\r\n", Answer::Lost("broken_reply")),
        ("", Answer::Lost("broken_reply")),
    ] {
        let (address, _told) = receiver(say(text));
        assert_eq!(send(&loopback(), &webhook(address)), expected, "{text:?}");
    }
}

#[test]
fn a_receiver_that_does_not_answer_in_time_may_have_it() {
    let (address, told) = receiver(|stream| {
        thread::sleep(Duration::from_secs(3));
        drop(stream);
    });
    let started = Instant::now();
    assert_eq!(send(&loopback(), &webhook(address)), Answer::Lost("timeout"));
    assert!(started.elapsed() < Duration::from_secs(3));
    assert!(told.recv().is_ok());
}

#[test]
fn a_body_without_end_is_cut() {
    let (address, _told) = receiver(|mut stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n");
        while stream.write_all(b"400\r\n").and_then(|()| stream.write_all(&[b'x'; 0x400])).is_ok() {
            if stream.write_all(b"\r\n").is_err() {
                return;
            }
        }
    });
    assert_eq!(send(&loopback(), &webhook(address)), Answer::Status(200, None));
}

#[test]
fn a_redirect_is_not_followed() {
    let hits = Arc::new(AtomicUsize::new(0));
    let seen = hits.clone();
    let (target, _told) = receiver(move |stream| {
        seen.fetch_add(1, Ordering::SeqCst);
        say("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")(stream);
    });
    for status in [301, 302, 303, 307, 308] {
        let (address, _told) = receiver(move |mut stream| {
            let _ = write!(
                stream,
                "HTTP/1.1 {status} Moved\r\nlocation: http://{target}/\r\ncontent-length: 0\r\n\r\n"
            );
        });
        assert_eq!(send(&loopback(), &webhook(address)), Answer::Status(status, None));
    }
    assert_eq!(hits.load(Ordering::SeqCst), 0);
}

#[test]
fn nobody_there_is_not_a_lost_reply() {
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    assert_eq!(send(&loopback(), &webhook(address)), Answer::Unreached("refused"));
    let nowhere = Webhook { url: "http://nowhere.invalid/".into(), ..webhook(address) };
    assert_eq!(send(&loopback(), &nowhere), Answer::Unreached("no_address"));
}

#[test]
fn what_is_forbidden_is_never_connected_to() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let port = listener.local_addr().unwrap().port();
    let forbidden = |guard: &Guard, host: &str| {
        let webhook =
            Webhook { url: format!("http://{host}:{port}/"), ..webhook(listener.local_addr().unwrap()) };
        assert_eq!(send(guard, &webhook), Answer::Refused("forbidden_address"), "{host}");
    };
    forbidden(&Guard::default(), "127.0.0.1");
    forbidden(&Guard::default(), "localhost");
    let inside = Guard::default().with_names(move |_| vec![SocketAddr::from(([127, 0, 0, 1], port))]);
    forbidden(&inside, "public-looking.example");
    assert!(listener.accept().is_err(), "somebody connected");
}

#[test]
fn the_connection_goes_to_the_address_that_was_checked() {
    // The name leads to the receiver the first time and to the inside ever after. If the connection resolved it again,
    // it would not reach the receiver.
    let (address, told) = receiver(say("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"));
    let asked = Arc::new(AtomicUsize::new(0));
    let count = asked.clone();
    let guard = loopback().with_names(move |_| {
        let first = count.fetch_add(1, Ordering::SeqCst) == 0;
        let inside = SocketAddr::from(([10, 0, 0, 1], address.port()));
        vec![if first { address } else { inside }]
    });
    let webhook = Webhook { url: format!("http://rebinding.test:{}/", address.port()), ..webhook(address) };
    assert_eq!(send(&guard, &webhook), Answer::Status(200, None));
    assert!(told.recv().is_ok());
    assert_eq!(asked.load(Ordering::SeqCst), 1);
    assert_eq!(send(&guard, &webhook), Answer::Refused("forbidden_address"));
}

#[test]
fn receivers_may_ask_for_time_in_two_ways() {
    let of = |text: &str| {
        let mut headers = HeaderMap::new();
        headers.insert("retry-after", text.parse().unwrap());
        retry_after(&headers)
    };
    assert_eq!(of("120"), Some(Duration::from_secs(120)));
    assert!(of("Fri, 01 Jan 2100 00:00:00 GMT").unwrap() > Duration::from_secs(86_400));
    assert_eq!((of("Sat, 01 Jan 2000 00:00:00 GMT"), of("soon")), (None, None));
    assert_eq!(retry_after(&HeaderMap::new()), None);
}

#[test]
fn a_test_message_has_no_recipients() {
    let (address, told) = receiver(say("HTTP/1.1 401 No\r\ncontent-length: 0\r\n\r\n"));
    let tested = Client::new(&loopback()).test("crm", &webhook(address), &[], Day(20_000)).unwrap();
    assert_eq!((tested.ok, tested.status, tested.detail.as_str()), (false, Some(401), "http_401"));
    let body: Value = serde_json::from_str(&told.recv().unwrap().1).unwrap();
    assert_eq!((&body["type"], &body["recipients"]), (&json!("destination.test"), &json!([])));
}
