//! `runner serve`: the report's page, live. It reads run folders only, answers on the address that it was told,
//! and writes nothing but notes.
//!
//! A thread looks at the folders (`watcher`); what it finds are records in memory and events for the
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
#[cfg(test)]
mod thrown;
mod token;
mod watcher;

pub use server::{Address, Server, Stopper};
pub use source::{
    AnsweredQuestion, ReadStudies, ServeSource, ServedExperiment, ServedHalving, StudyStand,
};
pub use token::{TOKEN_VARIABLE, Token};

/// For the fuzz target: the ids and files that a request names.
#[cfg(feature = "fuzzing")]
pub(crate) fn named_by(method: &[u8], path: &str, query: &str) -> Vec<String> {
    use route::Route;
    let method = hyper::Method::from_bytes(method).unwrap_or_default();
    match Route::of(&method, path, query) {
        Ok(Route::Asset(name)) => vec![name.to_owned()],
        Ok(Route::RunFile(id, name)) => vec![id, name.to_owned()],
        Ok(Route::Run(id) | Route::Note(id)) => vec![id],
        Ok(Route::Diff(a, b)) => vec![a, b],
        Ok(Route::Curves(ids)) => ids,
        Ok(Route::Data(choice) | Route::Report(choice)) => choice.ids,
        // A study and its files are looked up in what is on disk; nothing else names anything.
        Ok(
            Route::Page { .. }
            | Route::Overview
            | Route::Study(_)
            | Route::StudyFile(..)
            | Route::Events(_),
        )
        | Err(_) => Vec::new(),
    }
}
