//! The only error type: every failure names its file, line or key, and its exit code.

use std::io;
use std::path::{Path, PathBuf};

use crate::memory::Shortage;

/// Result of everything that can fail in this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What went wrong, in words that tell the user what to do next.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file or folder could not be read, written or created.
    #[error("cannot {action} {}", path.display())]
    Io {
        /// What was tried: "read", "create", "replace" ...
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// An experiment file has errors; the text is the rendered list of all of them.
    #[error("{0}")]
    Experiment(String),
    /// An expression on the command line has errors; the text is the rendered list of all of them.
    #[error("{0}")]
    Expression(String),
    /// The command line asks for something that is not possible.
    #[error("{0}")]
    Usage(String),
    /// No run, trial or dataset matches what was named.
    #[error("{0}")]
    NothingMatched(String),
    /// A dataset is missing, damaged, or could not be downloaded.
    #[error("{0}")]
    Data(String),
    /// There is not enough memory.
    #[error("{0}")]
    Memory(Shortage),
    /// A file of a run folder was changed after this program wrote it.
    #[error("{}: {problem}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it and what to do.
        problem: String,
    },
    /// Another process took over a run folder that this one had claimed, because it saw no sign of
    /// life.
    #[error("{} was taken over by another process", folder.display())]
    TakenOver {
        /// The run folder.
        folder: PathBuf,
    },
    /// A run cannot continue: other numerics, other data, or another process owns it.
    #[error("{0}")]
    Refused(String),
    /// Something unexpected, with its reason.
    #[error("{0}")]
    Unexpected(String),
}

/// What is wrong with the content of a file or an archive, in words that follow its name: "is not a list".
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Flaw(String);

impl From<String> for Flaw {
    fn from(words: String) -> Flaw {
        Flaw(words)
    }
}

impl From<&str> for Flaw {
    fn from(words: &str) -> Flaw {
        Flaw(words.to_owned())
    }
}

impl std::ops::Deref for Flaw {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl PartialEq<&str> for Flaw {
    fn eq(&self, words: &&str) -> bool {
        self.0 == *words
    }
}

impl PartialEq<String> for Flaw {
    fn eq(&self, words: &String) -> bool {
        self.0 == *words
    }
}

impl From<Flaw> for String {
    fn from(flaw: Flaw) -> String {
        flaw.0
    }
}

impl Error {
    /// For `map_err`: attaches what was tried and on which path.
    pub fn io(action: &'static str, path: impl AsRef<Path>) -> impl FnOnce(io::Error) -> Error {
        let path = path.as_ref().to_owned();
        move |source| Error::Io { action, path, source }
    }

    /// The error and its causes, separated by colons.
    pub fn chain(&self) -> String {
        let mut text = self.to_string();
        let mut cause = std::error::Error::source(self);
        while let Some(error) = cause {
            text.push_str(&format!(": {error}"));
            cause = error.source();
        }
        text
    }

    /// Whether it only means that nobody reads the output any more: `runner compare runs | head -1`.
    pub fn is_closed_pipe(&self) -> bool {
        matches!(self, Error::Io { source, .. } if source.kind() == io::ErrorKind::BrokenPipe)
    }

    /// Whether a retry may succeed: a network file system has lost a handle or its server.
    pub fn is_passing(&self) -> bool {
        use io::ErrorKind as Kind;
        let Error::Io { source, .. } = self else { return false };
        let is_io = source.raw_os_error() == Some(rustix::io::Errno::IO.raw_os_error());
        is_io
            || matches!(
                source.kind(),
                Kind::StaleNetworkFileHandle
                    | Kind::TimedOut
                    | Kind::Interrupted
                    | Kind::WouldBlock
                    | Kind::UnexpectedEof
                    | Kind::NotConnected
                    | Kind::ConnectionReset
                    | Kind::ConnectionAborted
                    | Kind::HostUnreachable
                    | Kind::NetworkUnreachable
                    | Kind::NetworkDown
            )
    }

    /// The process exit code of this failure.
    pub fn exit_code(&self) -> u8 {
        match self {
            Error::Usage(_) | Error::Expression(_) => 2,
            Error::Experiment(_) => 3,
            Error::NothingMatched(_) => 4,
            Error::Data(_) => 6,
            Error::Io { .. }
            | Error::Damaged { .. }
            | Error::Memory(_)
            | Error::TakenOver { .. }
            | Error::Refused(_)
            | Error::Unexpected(_) => 1,
        }
    }
}

impl From<Shortage> for Error {
    fn from(shortage: Shortage) -> Error {
        Error::Memory(shortage)
    }
}
