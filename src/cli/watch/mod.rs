//! `runner watch`: a view of a sweep on the terminal, whichever process runs it. It is a build
//! feature, because it needs dozens of crates.

#[cfg(feature = "watch")]
mod app;
#[cfg(feature = "watch")]
mod curves;
#[cfg(feature = "watch")]
mod progress;
#[cfg(feature = "watch")]
mod screen;
#[cfg(feature = "watch")]
mod source;
#[cfg(feature = "watch")]
mod table;
#[cfg(feature = "watch")]
mod trial;
#[cfg(feature = "watch")]
mod view;
#[cfg(feature = "watch")]
mod watching;

use std::process::ExitCode;

use super::asked::ExpansionArgs;
use super::context::Context;
#[cfg(not(feature = "watch"))]
use crate::error::Error;
use crate::error::Result;

/// Watch a sweep while it runs, in this or another process: its trials, their progress and curves.
#[derive(Debug, clap::Args)]
pub struct WatchArgs {
    /// Run folders, run ids (unique prefix, or `latest`), folders of runs, or experiment files; none:
    /// the runs folder
    #[arg(value_name = "TARGET")]
    targets: Vec<String>,
    /// Only trials whose runs match this, such as 'dropout == 0.2'; see `compare`
    #[arg(long = "where", value_name = "CONDITION", allow_hyphen_values = true)]
    filter: Option<String>,
    #[command(flatten)]
    expansion: ExpansionArgs,
}

impl WatchArgs {
    /// Shows the view until the user leaves it.
    ///
    /// # Errors
    /// When a target names nothing, or standard output is no terminal.
    #[cfg(feature = "watch")]
    pub fn run(self, context: &mut Context) -> Result<ExitCode> {
        let filter = self.filter.as_deref();
        watching::run(&self.targets, &self.expansion, filter, context.globals).map(ExitCode::from)
    }

    /// Says how to build a program that has the view.
    ///
    /// # Errors
    /// Always.
    #[cfg(not(feature = "watch"))]
    pub fn run(self, _context: &mut Context) -> Result<ExitCode> {
        Err(Error::Usage(
            "this program was built without the live view; in its source folder \
             `cargo install --path . --features watch` builds it in"
                .to_owned(),
        ))
    }
}
