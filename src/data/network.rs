//! How patient a download is, and what it says and understands of HTTP besides bytes.

use std::time::Duration;

use ureq::http::{Response, header};
use ureq::{Agent, Body};

use crate::threads;

/// How patient a download is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Network {
    /// Until a connection is there, name resolution included.
    pub connect_timeout: Duration,
    /// Without a byte from the server.
    pub read_timeout: Duration,
    /// How often a lost connection is tried again; [`PROGRESS_BYTES`] gained start the count anew.
    pub retries: u32,
    /// Before the first retry; before the second twice as long, and so on.
    pub retry_wait: Duration,
}

/// What a connection must have brought so that its loss is not held against the server.
pub const PROGRESS_BYTES: u64 = 1 << 20;

impl Default for Network {
    fn default() -> Network {
        Network {
            connect_timeout: Duration::from_secs(20),
            read_timeout: Duration::from_secs(30),
            retries: 3,
            retry_wait: Duration::from_secs(1),
        }
    }
}

/// A client with these limits.
pub(super) fn agent(network: &Network, url: &str) -> Agent {
    // A name is looked up on a thread of its own, whose time can be over; without one, on this thread.
    let resolve_timeout = threads::can_start().then_some(network.connect_timeout);
    let mut config = Agent::config_builder()
        .http_status_as_error(false)
        .accept_encoding("identity") // the hash is that of the file, not of a compressed transfer
        .user_agent(concat!("runner/", env!("CARGO_PKG_VERSION")))
        .timeout_resolve(resolve_timeout)
        .timeout_connect(Some(network.connect_timeout))
        .timeout_recv_response(Some(network.read_timeout))
        .timeout_per_read(Some(network.read_timeout));
    if url.starts_with("http://127.0.0.1") || url.starts_with("http://localhost") {
        config = config.proxy(None); // a proxy's localhost is another machine
    }
    config.build().new_agent()
}

/// Start and total of `Content-Range: bytes 5-9/10`; the total may be unknown (`*`).
pub(super) fn content_range(response: &Response<Body>) -> Option<(u64, Option<u64>)> {
    let value = response.headers().get(header::CONTENT_RANGE)?.to_str().ok()?;
    let (range, total) = value.strip_prefix("bytes ")?.split_once('/')?;
    let (start, _end) = range.split_once('-')?;
    Some((start.trim().parse().ok()?, total.trim().parse().ok()))
}
