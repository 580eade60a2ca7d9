//! Answers: their kinds, and the headers that all of them have.

use hyper::header::{
    ALLOW, CACHE_CONTROL, CONNECTION, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE,
    ETAG, HeaderName, HeaderValue, LOCATION, REFERRER_POLICY, SET_COOKIE, X_CONTENT_TYPE_OPTIONS,
    X_FRAME_OPTIONS,
};
use hyper::{Response, StatusCode};
use serde::Serialize;

use crate::error::Error;
use crate::escape::escape_lines;
use crate::serve::body::AnswerBody;
use crate::serve::guard::Refusal;
use crate::serve::route::Unroutable;

/// Nothing but what this server sends: no script in the page, no request to anywhere else, no frame around it.
/// plotly.js sets styles of elements, and makes pictures of plots.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
    img-src 'self' data: blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// What goes back to the browser.
pub(super) type Answer = Response<AnswerBody>;

pub(super) const HTML: &str = "text/html; charset=utf-8";
pub(super) const JSON: &str = "application/json";
pub(super) const EVENTS: &str = "text/event-stream";
pub(super) const JAVASCRIPT: &str = "text/javascript; charset=utf-8";
pub(super) const CSS: &str = "text/css; charset=utf-8";

/// An answer of this kind.
pub(super) fn answer(status: StatusCode, kind: &'static str, body: AnswerBody) -> Answer {
    let mut answer = Response::new(body);
    *answer.status_mut() = status;
    let fixed = [
        (CONTENT_TYPE, kind),
        (CONTENT_SECURITY_POLICY, POLICY),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (X_FRAME_OPTIONS, "DENY"),
        (REFERRER_POLICY, "no-referrer"),
        (CACHE_CONTROL, "no-store"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    ];
    for (name, value) in fixed {
        answer.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    answer
}

/// JSON text.
pub(super) fn json(text: String) -> Answer {
    answer(StatusCode::OK, JSON, AnswerBody::of(text))
}

/// The answer that something went wrong, in the words of the terminal.
pub(super) fn problem(status: StatusCode, words: &str) -> Answer {
    #[derive(Serialize)]
    struct Problem<'a> {
        error: &'a str,
    }
    let words = escape_lines(words);
    let text = serde_json::to_string(&Problem { error: &words }).unwrap_or_default();
    answer(status, JSON, AnswerBody::of(text))
}

/// The answer for an error of the program.
pub(super) fn error(error: &Error) -> Answer {
    let status = match error {
        Error::Expression(_) | Error::Usage(_) => StatusCode::BAD_REQUEST,
        Error::NothingMatched(_) => StatusCode::NOT_FOUND,
        _ => StatusCode::INTERNAL_SERVER_ERROR,
    };
    problem(status, error.chain().trim_end())
}

/// The answer for a request that asks for nothing.
pub(super) fn unroutable(why: Unroutable) -> Answer {
    match why {
        Unroutable::NotFound => problem(StatusCode::NOT_FOUND, "there is nothing at this address"),
        Unroutable::Malformed => {
            problem(StatusCode::BAD_REQUEST, "the address has a value that is not valid")
        }
        Unroutable::Method(methods) => {
            let words = format!("this address takes {methods} only");
            let mut answer = problem(StatusCode::METHOD_NOT_ALLOWED, &words);
            answer.headers_mut().insert(ALLOW, HeaderValue::from_static(methods));
            answer
        }
    }
}

/// The answer for a request that is refused: data say it as JSON, a page as a page.
pub(super) fn refused(why: Refusal, is_api: bool) -> Answer {
    if is_api {
        return problem(why.status(), why.words());
    }
    let page = format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>runner</title></head>\n<body>\n\
         <main><h1>runner</h1>\n<p>{}.</p></main>\n</body>\n</html>\n",
        why.words().replace('`', "")
    );
    answer(why.status(), HTML, AnswerBody::of(page))
}

/// Lets a browser in: it gets the cookie, and goes on to the page, whose address does not have the token.
pub(super) fn let_in(cookie: &str, comes_from_elsewhere: bool) -> Answer {
    let page = "<!DOCTYPE html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>runner</title>\
                <meta http-equiv=\"refresh\" content=\"0; url=/\"></head>\n<body><a href=\"/\">runner</a></body>\n</html>\n";
    let mut answer = answer(StatusCode::SEE_OTHER, HTML, AnswerBody::of(page));
    // Where a link on another page was followed, a browser keeps the cookie from the page that it is sent to,
    // but not from the page that this one loads.
    if comes_from_elsewhere {
        *answer.status_mut() = StatusCode::OK;
    } else {
        answer.headers_mut().insert(LOCATION, HeaderValue::from_static("/"));
    }
    if let Ok(cookie) = HeaderValue::from_str(cookie) {
        answer.headers_mut().insert(SET_COOKIE, cookie);
    }
    answer
}

/// The answer with the version that the data had before they were read. What has changed since is told by events; an
/// error has it too, so that the page hears when it would be another answer.
pub(super) fn of_version(mut answer: Answer, version: u64) -> Answer {
    let name = HeaderName::from_static("data-version");
    answer.headers_mut().insert(name, HeaderValue::from(version));
    answer
}

/// The answer after which the connection is closed.
pub(super) fn last(mut answer: Answer) -> Answer {
    answer.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    answer
}

/// The answer as a file to save; the name is one of a list or plain.
pub(super) fn as_attachment(mut answer: Answer, name: &str) -> Answer {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    let name: String = name.chars().map(|c| if is_plain(c) { c } else { '_' }).collect();
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        answer.headers_mut().insert(CONTENT_DISPOSITION, value);
    }
    answer
}

/// The answer with the hash of its content, for browsers that have it already.
pub(super) fn tagged(mut answer: Answer, tag: &HeaderValue) -> Answer {
    answer.headers_mut().insert(ETAG, tag.clone());
    answer.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    answer
}
