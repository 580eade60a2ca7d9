//! A client that writes requests by hand and reads what comes.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::process::TOKEN;

/// Longer than anything here takes.
const PATIENCE: Duration = Duration::from_secs(60);

/// A client, perhaps with a cookie.
#[derive(Debug, Clone)]
pub(crate) struct Client {
    pub(crate) port: u16,
    pub(crate) cookie: Option<String>,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String, // in small letters
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|e| panic!("{e}: {}", self.text()))
    }

    /// The value of a header.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let lines = self.head.lines().filter_map(|line| line.split_once(": "));
        let mut own = lines.filter(|(own, _)| *own == name);
        own.next().map(|(_, value)| value)
    }
}

impl Client {
    /// A client without a cookie.
    pub(crate) fn stranger(port: u16) -> Client {
        Client { port, cookie: None }
    }

    /// A client that has exchanged the token for a cookie.
    pub(crate) fn let_in(port: u16) -> Client {
        let stranger = Client::stranger(port);
        let answer = stranger.get(&format!("/?token={TOKEN}"));
        let set = answer.header("set-cookie").expect("a cookie");
        let cookie = set.split(';').next().expect("a pair").to_owned();
        Client { cookie: Some(cookie), ..stranger }
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, &[], "")
    }

    #[track_caller]
    pub(crate) fn json(&self, path: &str) -> Value {
        let answer = self.get(path);
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
        answer.json()
    }

    /// Writes JSON as the page does.
    pub(crate) fn post(&self, path: &str, json: &str) -> Answer {
        let origin = format!("Origin: http://localhost:{}", self.port);
        self.ask("POST", path, &[&origin, "Content-Type: application/json"], json)
    }

    /// A request with these headers beside the usual ones.
    pub(crate) fn ask(&self, method: &str, path: &str, headers: &[&str], body: &str) -> Answer {
        let port = self.port;
        let mut head = format!("{method} {path} HTTP/1.1\r\nConnection: close\r\n");
        let says_host = headers.iter().any(|header| header.starts_with("Host:"));
        if !says_host {
            head.push_str(&format!("Host: localhost:{port}\r\n"));
        }
        if let Some(cookie) = &self.cookie {
            head.push_str(&format!("Cookie: {cookie}\r\n"));
        }
        headers.iter().for_each(|header| head.push_str(&format!("{header}\r\n")));
        if !body.is_empty() {
            head.push_str(&format!("Content-Length: {}\r\n", body.len()));
        }
        self.send(format!("{head}\r\n{body}").as_bytes())
    }

    /// Sends these bytes, and reads until the other side closes.
    pub(crate) fn send(&self, bytes: &[u8]) -> Answer {
        let mut stream = self.connect();
        // A server that has seen enough closes while it is still being written to.
        let _ = stream.write_all(bytes);
        let mut all = Vec::new();
        let _ = stream.read_to_end(&mut all);
        parse(&all)
    }

    pub(crate) fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(("127.0.0.1", self.port)).expect("the server listens");
        stream.set_read_timeout(Some(PATIENCE)).expect("a timeout");
        stream
    }

    /// Begins to listen to events.
    pub(crate) fn listen(&self, path: &str, headers: &[&str]) -> Listening {
        let mut stream = self.connect();
        let cookie = self.cookie.as_deref().unwrap_or_default();
        let lines: String = headers.iter().map(|header| format!("{header}\r\n")).collect();
        let head = format!(
            "GET {path} HTTP/1.1\r\nHost: localhost:{}\r\nCookie: {cookie}\r\n{lines}\r\n",
            self.port
        );
        stream.write_all(head.as_bytes()).expect("writable");
        stream.set_read_timeout(Some(Duration::from_millis(100))).expect("a timeout");
        Listening { stream, bytes: Vec::new() }
    }
}

/// Events as they come.
pub(crate) struct Listening {
    stream: TcpStream,
    bytes: Vec<u8>,
}

impl Listening {
    /// Reads until something that satisfies this has come; all that has come.
    #[track_caller]
    pub(crate) fn until(&mut self, has_come: impl Fn(&[Event]) -> bool) -> Vec<Event> {
        let started = Instant::now();
        loop {
            let events = events(&dechunked(&self.bytes));
            if has_come(&events) {
                return events;
            }
            let text = String::from_utf8_lossy(&self.bytes);
            assert!(started.elapsed() < PATIENCE, "it did not come: {text}");
            self.read();
        }
    }

    /// Reads until this text has come.
    #[track_caller]
    pub(crate) fn until_text(&mut self, awaited: &str) {
        let started = Instant::now();
        while !dechunked(&self.bytes).contains(awaited) {
            assert!(started.elapsed() < PATIENCE, "it did not come");
            self.read();
        }
    }

    #[track_caller]
    fn read(&mut self) {
        let mut piece = [0; 4096];
        match self.stream.read(&mut piece) {
            Ok(0) => panic!("the stream has ended: {}", String::from_utf8_lossy(&self.bytes)),
            Ok(count) => self.bytes.extend_from_slice(&piece[..count]),
            Err(_) => {}
        }
    }
}

/// An event.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Event {
    pub(crate) id: u64,
    pub(crate) kind: String,
    pub(crate) data: Value,
}

fn events(text: &str) -> Vec<Event> {
    let blocks = text.split_inclusive("\n\n").filter(|block| block.ends_with("\n\n"));
    let event = |block: &str| {
        let field = |name: &str| block.lines().find_map(|line| line.strip_prefix(name));
        Some(Event {
            id: field("id: ")?.parse().expect("a version"),
            kind: field("event: ")?.to_owned(),
            data: serde_json::from_str(field("data: ")?).expect("JSON"),
        })
    };
    blocks.filter_map(event).collect()
}

/// The body of a chunked answer, as far as it has come.
fn dechunked(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let Some((_, mut rest)) = text.split_once("\r\n\r\n") else { return String::new() };
    let mut body = String::new();
    while let Some((size, after)) = rest.split_once("\r\n") {
        let Ok(size) = usize::from_str_radix(size, 16) else { break };
        if size == 0 || after.len() < size + 2 {
            break;
        }
        body.push_str(&after[..size]);
        rest = &after[size + 2..];
    }
    body
}

fn parse(bytes: &[u8]) -> Answer {
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n");
    let Some(end) = end else { return Answer { status: 0, head: String::new(), body: Vec::new() } };
    let head = String::from_utf8_lossy(&bytes[..end]).to_lowercase();
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
    Answer { status, head: head.clone(), body: bytes[end + 4..].to_vec() }
}
