//! Who may ask: the name under which the server was addressed, the cookie, and for what is written the page
//! that asks.

use std::net::IpAddr;

use hyper::header::{CONTENT_TYPE, COOKIE, HOST, HeaderName, ORIGIN};
use hyper::{HeaderMap, StatusCode};

use crate::serve::token::Token;

/// What browsers say about where a request comes from.
const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Decides about requests.
#[derive(Debug)]
pub(super) struct Guard {
    pub(super) token: Token,
    cookie_name: String,
    bound: IpAddr,
    own_name: String, // of the machine
}

/// Why a request is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    /// It addresses the server under a name that is not its own.
    Host,
    /// It has not shown the token.
    Token,
    /// It comes from another page.
    Origin,
    /// It is not JSON.
    ContentType,
}

impl Refusal {
    pub(super) fn status(self) -> StatusCode {
        match self {
            Refusal::Host => StatusCode::MISDIRECTED_REQUEST,
            Refusal::Token => StatusCode::UNAUTHORIZED,
            Refusal::Origin => StatusCode::FORBIDDEN,
            Refusal::ContentType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        }
    }

    pub(super) fn words(self) -> &'static str {
        match self {
            Refusal::Host => {
                "this server does not have the name in the address; open the address that `runner serve` printed"
            }
            Refusal::Token => {
                "open the address that `runner serve` printed on its terminal: it has the token that lets you in"
            }
            Refusal::Origin => "the request comes from another page",
            Refusal::ContentType => "the content must be application/json",
        }
    }
}

impl Guard {
    pub(super) fn new(token: Token, bound: IpAddr, port: u16, own_name: String) -> Guard {
        Guard { token, cookie_name: format!("runner_{port}"), bound, own_name }
    }

    /// Whether the server was addressed under a name of its own. A page of another site can make its name point to
    /// this machine (DNS rebinding); the browser then still sends that name.
    pub(super) fn check_host(&self, headers: &HeaderMap) -> Result<(), Refusal> {
        let host = only(headers, &HOST).ok_or(Refusal::Host)?;
        let name = host_name(host).ok_or(Refusal::Host)?;
        let is_local = ["localhost", "127.0.0.1", "::1"].contains(&name.as_str());
        // An address is no name that could be pointed elsewhere.
        let is_bound = !self.bound.is_loopback()
            && (name.parse::<IpAddr>().is_ok() || name.eq_ignore_ascii_case(&self.own_name));
        let is_same = name.parse() == Ok(self.bound);
        if is_local || is_bound || is_same { Ok(()) } else { Err(Refusal::Host) }
    }

    /// Whether the request has the cookie.
    pub(super) fn check_cookie(&self, headers: &HeaderMap) -> Result<(), Refusal> {
        let cookies = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
        let own = cookies.flat_map(|value| value.split(';')).filter_map(|cookie| {
            let (name, value) = cookie.trim().split_once('=')?;
            (name == self.cookie_name).then_some(value)
        });
        let mut own = own;
        if own.any(|value| self.token.is_cookie(value)) { Ok(()) } else { Err(Refusal::Token) }
    }

    /// Whether a browser says that the request comes from another page; for data.
    pub(super) fn check_site(&self, headers: &HeaderMap) -> Result<(), Refusal> {
        match headers.get(&FETCH_SITE).map(|site| site.as_bytes()) {
            None | Some(b"same-origin" | b"none") => Ok(()),
            Some(_) => Err(Refusal::Origin),
        }
    }

    /// Whether the page that writes is this server's own, and says what it writes. Other ports of a machine have the
    /// same cookies, but not the same origin.
    pub(super) fn check_write(&self, headers: &HeaderMap) -> Result<(), Refusal> {
        let host = only(headers, &HOST).ok_or(Refusal::Host)?;
        let origin = only(headers, &ORIGIN).ok_or(Refusal::Origin)?;
        let of_origin =
            ["http://", "https://"].iter().find_map(|scheme| origin.strip_prefix(scheme));
        if !of_origin.is_some_and(|origin| origin.eq_ignore_ascii_case(host)) {
            return Err(Refusal::Origin);
        }
        let kind = only(headers, &CONTENT_TYPE).unwrap_or_default();
        let kind = kind.split(';').next().unwrap_or_default().trim();
        if kind.eq_ignore_ascii_case("application/json") {
            Ok(())
        } else {
            Err(Refusal::ContentType)
        }
    }

    /// The cookie as a browser is told it.
    pub(super) fn cookie(&self) -> String {
        let (name, value) = (&self.cookie_name, self.token.cookie());
        format!("{name}={value}; Path=/; HttpOnly; SameSite=Strict")
    }
}

/// The value of a header that must be there once.
fn only<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?.to_str().ok()?;
    values.next().is_none().then_some(value)
}

/// The name of a host without its port: `[::1]:7878` -> `::1`.
fn host_name(host: &str) -> Option<String> {
    let (name, port) = match host.strip_prefix('[') {
        Some(rest) => rest.split_once(']')?,
        None => host.find(':').map_or((host, ""), |colon| host.split_at(colon)),
    };
    let port = port.strip_prefix(':').unwrap_or(port);
    let is_port = port.len() <= 5 && port.bytes().all(|byte| byte.is_ascii_digit());
    (is_port && !name.is_empty()).then(|| name.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guard(bound: &str) -> Guard {
        let token = Token::chosen("0123456789abcdef").unwrap();
        Guard::new(token, bound.parse().unwrap(), 7878, "node7".to_owned())
    }

    fn headers(pairs: &[(&HeaderName, &str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(*name, value.parse().unwrap());
        }
        headers
    }

    #[test]
    fn only_names_of_the_machine_itself_are_answered() {
        let is_its =
            |bound: &str, host: &str| guard(bound).check_host(&headers(&[(&HOST, host)])).is_ok();
        for host in
            ["localhost", "localhost:7878", "LOCALHOST:8080", "127.0.0.1:7878", "[::1]:7878"]
        {
            assert!(is_its("127.0.0.1", host), "{host}");
        }
        for host in [
            "evil.example:7878",
            "127.0.0.1.evil.example",
            "localhost.evil.example",
            "localhost:7878:1",
            "localhost:x",
            "10.0.0.7:7878",
            "node7:7878",
            "",
            ":7878",
            "[::1",
            "user@localhost",
        ] {
            assert!(!is_its("127.0.0.1", host), "{host}");
        }
        for host in ["10.0.0.7:7878", "node7:7878", "Node7", "[fe80::1]:7878", "localhost:7878"] {
            assert!(is_its("0.0.0.0", host), "{host}");
        }
        assert!(!is_its("0.0.0.0", "evil.example:7878"));
        let twice = headers(&[(&HOST, "localhost"), (&HOST, "localhost")]);
        assert_eq!(guard("127.0.0.1").check_host(&twice), Err(Refusal::Host));
        assert_eq!(guard("127.0.0.1").check_host(&HeaderMap::new()), Err(Refusal::Host));
    }

    #[test]
    fn the_cookie_of_this_server_lets_in_and_no_other() {
        let guard = guard("127.0.0.1");
        let set = guard.cookie();
        let (cookie, rest) = set.split_once("; ").unwrap();
        assert_eq!(rest, "Path=/; HttpOnly; SameSite=Strict");
        let is_in = |text: &str| guard.check_cookie(&headers(&[(&COOKIE, text)])).is_ok();
        assert!(is_in(cookie) && is_in(&format!("a=b; {cookie}; c=d")));
        assert!(is_in(&format!("runner_7878=old; {cookie}")), "of another path");
        let value = cookie.split_once('=').unwrap().1;
        for wrong in [
            "",
            "runner_7878=",
            "runner_7878=0123456789abcdef",
            &format!("runner_7879={value}"),
            value,
        ] {
            assert!(!is_in(wrong), "{wrong}");
        }
        assert!(guard.check_cookie(&HeaderMap::new()).is_err());
    }

    #[test]
    fn what_writes_is_the_page_itself() {
        let guard = guard("127.0.0.1");
        let json = (&CONTENT_TYPE, "application/json; charset=utf-8");
        let write = |pairs: &[(&HeaderName, &str)]| guard.check_write(&headers(pairs));
        let host = (&HOST, "localhost:7878");
        assert_eq!(write(&[host, (&ORIGIN, "http://localhost:7878"), json]), Ok(()));
        for origin in [
            "http://localhost:7879",
            "http://localhost",
            "null",
            "http://evil.example",
            "localhost:7878",
        ] {
            assert_eq!(write(&[host, (&ORIGIN, origin), json]), Err(Refusal::Origin), "{origin}");
        }
        assert_eq!(write(&[host, json]), Err(Refusal::Origin));
        let form = (&CONTENT_TYPE, "text/plain");
        let origin = (&ORIGIN, "http://localhost:7878");
        assert_eq!(write(&[host, origin, form]), Err(Refusal::ContentType));
        let site = |site: &str| guard.check_site(&headers(&[(&FETCH_SITE, site)])).is_ok();
        assert!(site("same-origin") && site("none") && !site("cross-site") && !site("same-site"));
    }
}
