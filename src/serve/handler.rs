//! From a request to its answer: first whether it may ask, then what it asks for.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use hyper::body::Incoming;
use hyper::header::{HeaderName, HeaderValue, IF_NONE_MATCH};
use hyper::{HeaderMap, Request, StatusCode};
use tokio::sync::mpsc::channel;
use tokio::sync::{Semaphore, watch};
use tokio::task::spawn_blocking;
use tokio::time::timeout;

use crate::error::Result;
use crate::serve::answer::{
    Answer, CSS, EVENTS, HTML, JAVASCRIPT, answer, error, last, let_in, of_version, problem,
    refused, tagged, unroutable,
};
use crate::serve::assets::Assets;
use crate::serve::body::{AnswerBody, Unread, read_body};
use crate::serve::events::sign_of_life;
use crate::serve::guard::{Guard, Refusal};
use crate::serve::pages;
use crate::serve::route::Route;
use crate::serve::served::Served;

/// A page that waits for events is sent something at least this often, so that a lost connection is noticed.
const SILENCE: Duration = Duration::from_secs(15);
/// The longest address in bytes: the ids of a thousand runs are shorter.
const LONGEST_ADDRESS: usize = 16 << 10;
/// The most pages that wait for events.
const MOST_WAITING: usize = 64;
/// Pieces of an answer that wait for a slow reader.
const PIECES: usize = 8;

/// Answers requests.
#[derive(Debug)]
pub(super) struct Handler {
    guard: Guard,
    assets: Assets,
    served: Arc<Served>,
    /// Whether all runs have been looked at once.
    is_ready: watch::Receiver<bool>,
    /// Pages are made one at a time: of thousands of runs, each takes much memory for a moment.
    making: Arc<Semaphore>,
    waiting: Arc<Semaphore>,
}

impl Handler {
    pub(super) fn new(
        guard: Guard,
        assets: Assets,
        served: Arc<Served>,
        is_ready: watch::Receiver<bool>,
    ) -> Handler {
        let (making, waiting) = (Semaphore::new(1), Semaphore::new(MOST_WAITING));
        Handler {
            guard,
            assets,
            served,
            is_ready,
            making: Arc::new(making),
            waiting: Arc::new(waiting),
        }
    }

    /// Whether a request shows the cookie.
    pub(super) fn knows(&self, request: &Request<Incoming>) -> bool {
        self.guard.check_cookie(request.headers()).is_ok()
    }

    /// The answer to a request. Whoever has not shown the cookie gets one, and then the place of the connection is
    /// free for others.
    pub(super) async fn answer(&self, request: Request<Incoming>) -> Answer {
        let is_known = self.knows(&request);
        let answer = self.answer_any(request).await;
        if is_known { answer } else { last(answer) }
    }

    async fn answer_any(&self, request: Request<Incoming>) -> Answer {
        let (head, body) = request.into_parts();
        let headers = &head.headers;
        if let Err(why) = self.guard.check_host(headers) {
            return refused(why, false);
        }
        let (path, query) = (head.uri.path(), head.uri.query().unwrap_or_default());
        if path.len() + query.len() > LONGEST_ADDRESS {
            return problem(StatusCode::URI_TOO_LONG, "the address is too long");
        }
        let route = match Route::of(&head.method, path, query) {
            Ok(route) => route,
            Err(why) => return unroutable(why),
        };
        if let Route::Page { token: Some(token) } = &route {
            return match self.guard.token.is(token) {
                true => {
                    let is_elsewhere = self.guard.check_site(headers).is_err();
                    let_in(&self.guard.cookie(), is_elsewhere)
                }
                false => refused(Refusal::Token, false),
            };
        }
        match self.check(&route, headers) {
            Ok(()) => self.respond(route, headers, body).await,
            Err(why) => refused(why, route.is_api()),
        }
    }

    /// Whether the request may ask for this.
    fn check(&self, route: &Route, headers: &HeaderMap) -> Result<(), Refusal> {
        self.guard.check_cookie(headers)?;
        if route.is_api() {
            self.guard.check_site(headers)?;
        }
        if matches!(route, Route::Note(_)) {
            self.guard.check_write(headers)?;
        }
        Ok(())
    }

    async fn respond(&self, route: Route, headers: &HeaderMap, body: Incoming) -> Answer {
        match route {
            Route::Page { .. } => answer(StatusCode::OK, HTML, AnswerBody::of(self.assets.page())),
            Route::Asset(name) => self.asset(name, headers),
            Route::Events(version) => self.events(version, headers),
            Route::Note(id) => match read_body(body).await {
                Ok(sent) => self.make(move |served| pages::note::write(served, &id, &sent)).await,
                Err(Unread::TooLarge) => {
                    problem(StatusCode::PAYLOAD_TOO_LARGE, "a note has at most 64 KiB")
                }
                Err(Unread::Missing) => problem(StatusCode::BAD_REQUEST, "the note did not arrive"),
            },
            Route::Overview => self.make(pages::overview).await,
            Route::Data(choice) => self.make(move |served| pages::data(served, &choice)).await,
            Route::Report(choice) => self.make(move |served| pages::report(served, &choice)).await,
            Route::Curves(ids) => self.make(move |served| pages::curves(served, &ids)).await,
            Route::Run(id) => self.make(move |served| pages::run::page(served, &id)).await,
            Route::Diff(a, b) => {
                self.make(move |served| pages::run::difference(served, &a, &b)).await
            }
            Route::RunFile(id, name) => {
                self.file(move |served| pages::files::of_run(served, &id, name)).await
            }
            Route::Study(name) => self.make(move |served| pages::study::page(served, &name)).await,
            Route::StudyFile(name, file) => {
                self.file(move |served| pages::study::file(served, &name, &file)).await
            }
        }
    }

    /// A file of the page; not again if the browser has it.
    fn asset(&self, name: &'static str, headers: &HeaderMap) -> Answer {
        let Some((bytes, tag)) = self.assets.get(name) else {
            return unroutable(crate::serve::route::Unroutable::NotFound);
        };
        let kind = if name.ends_with(".css") { CSS } else { JAVASCRIPT };
        let has_it = headers.get(IF_NONE_MATCH) == Some(tag);
        let (status, body) = match has_it {
            true => (StatusCode::NOT_MODIFIED, AnswerBody::Whole(None)),
            false => (StatusCode::OK, AnswerBody::of(bytes)),
        };
        tagged(answer(status, kind, body), tag)
    }

    /// Waits until the runs are known: before that, one that is there would be said to be missing.
    async fn first_look(&self) {
        let mut is_ready = self.is_ready.clone();
        let _ = is_ready.wait_for(|is_ready| *is_ready).await;
    }

    /// An answer that is read from disk, on a thread that may wait.
    async fn make<F>(&self, work: F) -> Answer
    where
        F: FnOnce(&Served) -> Result<Answer> + Send + 'static,
    {
        self.first_look().await;
        let Ok(_turn) = self.making.acquire().await else { return unavailable() };
        let served = Arc::clone(&self.served);
        // Before anything is read: the page asks for what came after it.
        let version = served.events.version();
        let made = match spawn_blocking(move || work(&served)).await {
            Ok(Ok(made)) => made,
            Ok(Err(why)) => error(&why),
            Err(_) => problem(
                StatusCode::INTERNAL_SERVER_ERROR,
                "the server failed; its terminal says why",
            ),
        };
        of_version(made, version)
    }

    /// A file, piece by piece.
    async fn file<F>(&self, open: F) -> Answer
    where
        F: FnOnce(&Served) -> Result<pages::files::OpenFile> + Send + 'static,
    {
        self.first_look().await;
        let served = Arc::clone(&self.served);
        match spawn_blocking(move || open(&served)).await {
            Ok(Ok(file)) => file.answer(),
            Ok(Err(why)) => error(&why),
            Err(_) => problem(
                StatusCode::INTERNAL_SERVER_ERROR,
                "the server failed; its terminal says why",
            ),
        }
    }

    /// What changes from now on, or has changed since a version.
    fn events(&self, version: Option<u64>, headers: &HeaderMap) -> Answer {
        let Ok(place) = Arc::clone(&self.waiting).try_acquire_owned() else { return unavailable() };
        let last = HeaderName::from_static("last-event-id");
        let last = headers.get(last).and_then(|id| id.to_str().ok()?.parse().ok());
        let served = Arc::clone(&self.served);
        let mut version = last.or(version).unwrap_or_else(|| served.events.version());
        let (sender, receiver) = channel::<Bytes>(PIECES);
        tokio::spawn(async move {
            let _place = place;
            let mut newest = served.events.subscribe();
            // Something at once, so that the browser knows that it is connected.
            let mut text = sign_of_life(served.last_look()).to_owned();
            loop {
                newest.borrow_and_update();
                let news = served.events.after(version);
                version = news.version;
                text.extend(news.texts.iter().map(|text| &**text));
                if !text.is_empty() && sender.send(std::mem::take(&mut text).into()).await.is_err()
                {
                    return;
                }
                match timeout(SILENCE, newest.changed()).await {
                    Ok(Ok(())) => {}
                    Ok(Err(_)) => return,
                    Err(_) => text.push_str(sign_of_life(served.last_look())),
                }
            }
        });
        let mut events = answer(StatusCode::OK, EVENTS, AnswerBody::Pieces(receiver, None));
        // Proxies must not collect them.
        let unbuffered = HeaderName::from_static("x-accel-buffering");
        events.headers_mut().insert(unbuffered, HeaderValue::from_static("no"));
        events
    }
}

fn unavailable() -> Answer {
    problem(StatusCode::SERVICE_UNAVAILABLE, "too many pages are open: close some")
}
