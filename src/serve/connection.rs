//! Connections: how many there are, how long they may take, and how large what they send may be.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::time::sleep;

use crate::serve::handler::Handler;
use crate::serve::slow::SlowLimit;

/// The most connections at once: ten people with some tabs each.
const MOST: usize = 128;
/// The time from the first byte of a request, or from the end of the last one, to the end of its headers.
const HEADERS: Duration = Duration::from_secs(10);
/// The most headers of a request, and the bytes of them with the address after which no more are read.
const MOST_HEADERS: usize = 64;
const MOST_HEADER_BYTES: usize = 32 << 10;
/// The pause after the system refused a connection: it has no files left.
const PAUSE: Duration = Duration::from_millis(100);

/// Answers connections until the future is dropped.
pub(super) async fn accept(listener: TcpListener, handler: Arc<Handler>) {
    let places = Arc::new(Semaphore::new(MOST));
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            sleep(PAUSE).await;
            continue;
        };
        // Too many: it is closed at once.
        let Ok(place) = Arc::clone(&places).try_acquire_owned() else { continue };
        let handler = Arc::clone(&handler);
        tokio::spawn(async move {
            converse(stream, handler).await;
            drop(place);
        });
    }
}

/// Answers the requests of one connection. What goes wrong with it is nobody's business.
async fn converse(stream: TcpStream, handler: Arc<Handler>) {
    let _ = stream.set_nodelay(true); // events are small
    let service = service_fn(move |request| {
        let handler = Arc::clone(&handler);
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
