//! What loading and fetching tell their caller while they work: the caller shows it, nothing here prints.

use std::fmt::Debug;
use std::time::Duration;

/// What loading and fetching tell their caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DataEvent<'a> {
    /// Datasets lie in the working folder because nothing says where else.
    NoHome,
    /// Another process fetches this dataset, and this one waits for it.
    Waiting {
        /// The dataset's name.
        dataset: &'a str,
    },
    /// The download of a file begins.
    Download {
        /// Where it comes from, without secrets.
        address: &'a str,
        /// The size of the whole file.
        bytes: u64,
    },
    /// The server answers, and the file grows after the bytes that an earlier attempt left.
    Answered {
        /// Bytes that are there.
        start: u64,
        /// The size of the whole file.
        bytes: u64,
    },
    /// So many bytes of the file are on disk.
    Reached(u64),
    /// An attempt failed; the next one comes after a wait.
    Retry {
        /// Where the file comes from, without secrets.
        address: &'a str,
        /// Why it failed.
        reason: &'a str,
        /// Time until the next one.
        wait: Duration,
    },
    /// The file is there as a whole.
    Downloaded {
        /// The file's name.
        file_name: &'a str,
        /// Time since its download began.
        took: Duration,
    },
    /// The download has ended, whether the file is there or not.
    Ended,
    /// What the user should know of a dataset that was fetched to be loaded.
    Note(&'a str),
}

/// Who is told of the events, on the thread that loads or fetches.
pub trait DataListener: Debug + Send + Sync {
    /// Takes one of them.
    fn hear(&self, event: DataEvent<'_>);
}

/// Nobody: the events are dropped.
#[derive(Debug, Clone, Copy)]
pub struct Unheard;

impl DataListener for Unheard {
    fn hear(&self, _: DataEvent<'_>) {}
}
