//! `runner serve`: the report's page, live. It reads run folders only, answers on the address that it was told,
//! and writes nothing but notes.
//!
//! A thread looks at the folders ([`watcher`](self)); what it finds are records in memory and events for the
//! pages that are open. All else is read when a page asks for it. One thread answers requests; what reads
//! from disk is done on others.

mod answer;
mod assets;
mod body;
mod changes;
mod connection;
mod events;
mod guard;
mod handler;
mod overview;
mod pages;
mod route;
mod seen;
mod served;
mod server;
mod slow;
mod source;
mod token;
mod watcher;

pub use server::{Address, Server, Stopper};
pub use source::{ReadStudies, ServeSource, ServedExperiment, StudyStand};
pub use token::{TOKEN_VARIABLE, Token};

/// For the fuzz target: what a request asks for.
#[cfg(feature = "fuzzing")]
#[doc(hidden)]
pub fn route_of(method: &[u8], path: &str, query: &str) -> bool {
    let method = hyper::Method::from_bytes(method).unwrap_or_default();
    route::Route::of(&method, path, query).is_ok()
}
