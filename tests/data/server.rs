//! An HTTP server in the test itself: answers by a script, one connection a request.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// What was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Request {
    pub(crate) path: String,
    /// From which byte on.
    pub(crate) range: Option<usize>,
}

/// What the server does then.
#[derive(Debug, Clone, Default)]
pub(crate) struct Answer {
    status: &'static str,
    headers: Vec<String>,
    body: Vec<u8>,
    /// Announced length; `None`: not announced, the connection's end is the body's.
    length: Option<usize>,
    /// Between the pieces of the body.
    pause: Duration,
    /// How many pieces there are, if not two.
    pieces: Option<usize>,
}

impl Answer {
    pub(crate) fn whole(content: &[u8]) -> Answer {
        Answer {
            status: "200 OK",
            body: content.to_vec(),
            length: Some(content.len()),
            ..Answer::default()
        }
    }

    pub(crate) fn status(status: &'static str) -> Answer {
        Answer { status, length: Some(0), ..Answer::default() }
    }

    /// The content from `start` on.
    pub(crate) fn range(content: &[u8], start: usize) -> Answer {
        let (last, all) = (content.len() - 1, content.len());
        let mut answer = Answer::whole(&content[start..]);
        answer.status = "206 Partial Content";
        answer.headers.push(format!("Content-Range: bytes {start}-{last}/{all}"));
        answer
    }

    /// So many bytes from `start` on.
    pub(crate) fn range_of(content: &[u8], start: usize, count: usize) -> Answer {
        let end = (start + count).min(content.len());
        let mut answer = Answer::whole(&content[start..end]);
        answer.status = "206 Partial Content";
        let range = format!("bytes {start}-{}/{}", end - 1, content.len());
        answer.headers.push(format!("Content-Range: {range}"));
        answer
    }

    /// Announces everything and closes the connection after `bytes`.
    pub(crate) fn cut_after(mut self, bytes: usize) -> Answer {
        self.body.truncate(bytes);
        self
    }

    pub(crate) fn without_length(mut self) -> Answer {
        self.length = None;
        self
    }

    /// Sends the body in so many pieces, with pauses.
    pub(crate) fn in_pieces(mut self, pieces: usize) -> Answer {
        self.pieces = Some(pieces);
        self
    }

    pub(crate) fn pausing(mut self, pause: Duration) -> Answer {
        self.pause = pause;
        self
    }
}

/// A running server; its threads end with the test's process.
pub(crate) struct Server {
    /// `http://127.0.0.1:PORT`
    pub(crate) url: String,
    requests: Arc<Mutex<Vec<Request>>>,
}

impl Server {
    /// Answers each request by what `script` makes of its number and content.
    pub(crate) fn start(
        script: impl Fn(usize, &Request) -> Answer + Send + Sync + 'static,
    ) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("it is bound");
        let requests = Arc::new(Mutex::new(Vec::new()));
        let (script, log) = (Arc::new(script), Arc::clone(&requests));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (script, log) = (Arc::clone(&script), Arc::clone(&log));
                thread::spawn(move || serve(stream, &*script, &log));
            }
        });
        Server { url: format!("http://{address}"), requests }
    }

    /// What has been asked for so far.
    pub(crate) fn requests(&self) -> Vec<Request> {
        self.requests.lock().expect("no thread panics with it").clone()
    }
}

fn serve(
    mut stream: TcpStream,
    script: &dyn Fn(usize, &Request) -> Answer,
    log: &Mutex<Vec<Request>>,
) {
    let request = read_request(&stream);
    let number = {
        let mut log = log.lock().expect("no thread panics with it");
        log.push(request.clone());
        log.len() - 1
    };
    let answer = script(number, &request);
    let mut head = format!("HTTP/1.1 {}\r\nConnection: close\r\n", answer.status);
    if let Some(length) = answer.length {
        head.push_str(&format!("Content-Length: {length}\r\n"));
    }
    for header in &answer.headers {
        head.push_str(&format!("{header}\r\n"));
    }
    // The client may be gone by now: that is what some tests are about.
    let _ = stream.write_all(format!("{head}\r\n").as_bytes());
    let size = answer.body.len().div_ceil(answer.pieces.unwrap_or(2)).max(1);
    for (index, piece) in answer.body.chunks(size).enumerate() {
        if index > 0 {
            thread::sleep(answer.pause);
        }
        if stream.write_all(piece).and_then(|()| stream.flush()).is_err() {
            return;
        }
    }
}

fn read_request(stream: &TcpStream) -> Request {
    let mut request = Request { path: String::new(), range: None };
    for line in BufReader::new(stream).lines().map_while(Result::ok) {
        let lower = line.to_ascii_lowercase();
        if let Some(target) = line.strip_prefix("GET ") {
            request.path = target.split(' ').next().unwrap_or_default().to_owned();
        } else if let Some(range) = lower.strip_prefix("range: bytes=") {
            request.range = range.trim_end_matches('-').parse().ok();
        } else if line.is_empty() {
            break;
        }
    }
    request
}
