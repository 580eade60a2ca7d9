//! `runner watch`: a view of a sweep on the terminal, whichever process runs it. Drawn anew every second with
//! plain escape sequences, so that it needs no library for it.

mod frame;
mod progress;
mod screen;
mod source;
mod sparkline;
mod table;
mod trial;
mod watching;

use std::process::ExitCode;

use super::asked::ExpansionArgs;
use super::context::Context;
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
    pub fn run(self, context: &mut Context) -> Result<ExitCode> {
        let filter = self.filter.as_deref();
        watching::run(&self.targets, &self.expansion, filter, context.globals).map(ExitCode::from)
    }
}
