//! Connections: how many there are, how long they may take, and how large what they send may be.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;
use tokio::time::sleep;

use crate::serve::handler::Handler;
use crate::serve::slow::SlowLimit;

/// The most connections at once: ten people with some tabs each.
const MOST: usize = 128;
/// The most of them that have not shown the cookie.
const MOST_STRANGERS: usize = 32;
/// The time from the first byte of a request, or from the end of the last one, to the end of its headers.
const HEADERS: Duration = Duration::from_secs(10);
/// The most headers of a request, and the bytes of them with the address after which no more are read.
const MOST_HEADERS: usize = 64;
const MOST_HEADER_BYTES: usize = 32 << 10;
/// The pause after the system refused a connection: it has no files left.
const PAUSE: Duration = Duration::from_millis(100);

/// Connections that have not shown the cookie.
#[derive(Debug, Default)]
struct Strangers(VecDeque<(JoinHandle<()>, Arc<AtomicBool>)>);

impl Strangers {
    /// Makes room for one more: where there are many, the oldest is closed. A browser shows the cookie at once, so
    /// that nobody who only holds connections keeps others out. Its place is free afterwards: an aborted task has it
    /// until the runtime drops the task, and a burst of connections would take all places before.
    async fn make_room(&mut self) {
        let Strangers(list) = self;
        list.retain(|(task, is_known)| !task.is_finished() && !is_known.load(Ordering::Relaxed));
        if list.len() >= MOST_STRANGERS
            && let Some((oldest, _)) = list.pop_front()
        {
            oldest.abort();
            let _ = oldest.await;
        }
    }
}

/// Answers connections until the future is dropped.
pub(super) async fn accept(listener: TcpListener, handler: Arc<Handler>) {
    let places = Arc::new(Semaphore::new(MOST));
    let mut strangers = Strangers::default();
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            sleep(PAUSE).await;
            continue;
        };
        strangers.make_room().await;
        // Too many: it is closed at once.
        let Ok(place) = Arc::clone(&places).try_acquire_owned() else { continue };
        let (handler, is_known) = (Arc::clone(&handler), Arc::new(AtomicBool::new(false)));
        let shows = Arc::clone(&is_known);
        let task = tokio::spawn(async move {
            converse(stream, handler, shows).await;
            drop(place);
        });
        strangers.0.push_back((task, is_known));
    }
}

/// Answers the requests of one connection. What goes wrong with it is nobody's business.
async fn converse(stream: TcpStream, handler: Arc<Handler>, is_known: Arc<AtomicBool>) {
    let _ = stream.set_nodelay(true); // events are small
    let service = service_fn(move |request| {
        let handler = Arc::clone(&handler);
        if handler.knows(&request) {
            is_known.store(true, Ordering::Relaxed);
        }
        async move { Ok::<_, Infallible>(handler.answer(request).await) }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADERS)
        .max_headers(MOST_HEADERS)
        .max_buf_size(MOST_HEADER_BYTES)
        .serve_connection(TokioIo::new(SlowLimit::new(stream)), service);
    let _ = connection.await;
}
