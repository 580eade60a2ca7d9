//! A download's limits, and its HTTP headers and addresses.

use std::fmt;
use std::time::Duration;

use ureq::http::{Response, header};
use ureq::{Agent, Body};

use crate::threads;

/// The limits of a download.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DownloadLimits {
    /// Until a connection is made, including name resolution.
    pub connect_timeout: Duration,
    /// Without a byte from the server, or with almost none.
    pub read_timeout: Duration,
    /// How often a lost connection is retried; gaining [`PROGRESS_BYTES`] restarts the count.
    pub retries: u32,
    /// Delay before the first retry; it doubles each time.
    pub retry_wait: Duration,
}

/// What a connection must have delivered so that its loss does not count as a retry.
pub const PROGRESS_BYTES: u64 = 1 << 20;

/// What a server must send in each [`DownloadLimits::read_timeout`] not to count as stalled: a trickle of
/// bytes is not enough.
pub(super) const SLOWEST_BYTES: u64 = 16 << 10;

impl Default for DownloadLimits {
    fn default() -> DownloadLimits {
        DownloadLimits {
            connect_timeout: Duration::from_secs(20),
            read_timeout: Duration::from_secs(30),
            retries: 3,
            retry_wait: Duration::from_secs(1),
        }
    }
}

impl DownloadLimits {
    /// The delay before the retry with this number, from 1.
    pub(super) fn wait_before(&self, retry: u32) -> Duration {
        self.retry_wait.saturating_mul(2_u32.saturating_pow(retry.saturating_sub(1)))
    }
}

/// A client with these limits.
pub(crate) fn client(network: &DownloadLimits, url: &str) -> Agent {
    // A name is resolved on its own thread, which can time out; if no thread can be started, on
    // this thread.
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

/// What a `Content-Range` says: `bytes 5-9/10`.
pub(super) struct ContentRange {
    pub(super) start: u64,
    last: u64,                     // not below `start`
    pub(super) total: Option<u64>, // `*`: unknown
}

impl ContentRange {
    /// Bytes of the part.
    pub(super) fn length(&self) -> u64 {
        self.last - self.start + 1
    }
}

/// The range of a partial answer; none if it is missing or invalid.
pub(super) fn content_range(response: &Response<Body>) -> Option<ContentRange> {
    let value = response.headers().get(header::CONTENT_RANGE)?.to_str().ok()?;
    let (range, total) = value.strip_prefix("bytes ")?.split_once('/')?;
    let (start, last) = range.split_once('-')?;
    let number = |text: &str| text.trim().parse::<u64>().ok();
    let (start, last) = (number(start)?, number(last)?);
    let total = if total.trim() == "*" { None } else { Some(number(total)?) };
    let is_range = start <= last && last < total.unwrap_or(u64::MAX);
    is_range.then_some(ContentRange { start, last, total })
}

/// An address, and how it is shown: without the name, password or token in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Address {
    pub(crate) url: String,
    pub(crate) shown: String,
}

impl Address {
    /// Without parts that identify the requester.
    pub(crate) fn new(url: String) -> Address {
        let shown = shown(&url);
        Address { url, shown }
    }

    /// The address of a file below this base; the query stays after the path.
    pub(crate) fn below(base: &str, file_name: &str) -> Address {
        let end = base.find(['?', '#']).unwrap_or(base.len());
        let (path, query) = base.split_at(end);
        Address::new(format!("{}/{file_name}{query}", path.trim_end_matches('/')))
    }

    /// Removes the address and its secrets from foreign text that may repeat them.
    pub(crate) fn cleaned(&self, text: &str) -> String {
        let mut text = text.replace(&self.url, &self.shown);
        let (secrets, _) = secrets(&self.url);
        for secret in secrets.into_iter().filter(|secret| !secret.is_empty()) {
            text = text.replace(secret, "***");
        }
        text
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown)
    }
}

/// Whether an address holds a name, a password or a token.
pub fn has_secrets(url: &str) -> bool {
    shown(url) != url
}

fn shown(url: &str) -> String {
    let (_, without) = secrets(url);
    without
}

/// Userinfo and query of an address, and the address without them.
fn secrets(url: &str) -> ([&str; 2], String) {
    let end = url.find(['?', '#']).unwrap_or(url.len());
    let (address, query) = url.split_at(end);
    let (scheme, rest) = match address.find("://") {
        Some(at) => address.split_at(at + 3),
        None => ("", address),
    };
    let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let (user, host) = host.rsplit_once('@').unwrap_or(("", host));
    ([user, query.trim_start_matches(['?', '#'])], format!("{scheme}{host}{path}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_retry_waits_twice_as_long_as_the_one_before() {
        let limits = DownloadLimits::default();
        let waits = [1, 2, 3, 4].map(|retry| limits.wait_before(retry).as_secs());
        assert_eq!(waits, [1, 2, 4, 8]);
        assert!(limits.wait_before(u32::MAX) > Duration::from_secs(1 << 31));
    }

    #[test]
    fn secrets_of_an_address_are_not_shown() {
        for (url, expected) in [
            ("https://user:pass@host/a/b", "https://host/a/b"),
            ("https://user:p@ss@host:8080", "https://host:8080"),
            ("https://host/a?token=secret#x", "https://host/a"),
            ("user:pass@host/a", "host/a"),
            ("http://host/a@b", "http://host/a@b"),
        ] {
            assert_eq!(shown(url), expected);
            assert_eq!(has_secrets(url), url != expected, "{url}");
        }
        let address = Address::below("https://user:pass@host/a/?token=secret", "f.gz");
        assert_eq!(address.url, "https://user:pass@host/a/f.gz?token=secret");
        assert_eq!(address.to_string(), "https://host/a/f.gz");
        let cleaned = address.cleaned("bad uri: user:pass, token=secret in https://host");
        assert_eq!(cleaned, "bad uri: ***, *** in https://host");
    }
}
