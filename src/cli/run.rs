//! `runner run`: expand, train what is missing, compare.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use super::asked::{ExpansionArgs, read_jobs};
use super::batches::Batches;
use super::class_notes::check_classes;
use super::training::{TrainingArgs, train_and_compare};
use crate::cli::context::Context;
use crate::error::Result;

/// Arguments of `runner run`.
#[derive(Debug, Args)]
pub struct RunArgs {
    /// Experiment files
    #[arg(required = true, value_name = "FILE.toml")]
    files: Vec<PathBuf>,
    #[command(flatten)]
    expansion: ExpansionArgs,
    #[command(flatten)]
    training: TrainingArgs,
    /// Move existing runs aside and train again
    #[arg(long)]
    retrain: bool,
}

impl RunArgs {
    /// Trains the files' trials. Returns the exit code.
    ///
    /// # Errors
    /// When nothing could be trained: an invalid file, missing data.
    pub fn run(self, context: &mut Context) -> Result<ExitCode> {
        let globals = context.globals;
        let asked = read_jobs(&self.files, &self.expansion, globals)?;
        check_classes(&asked.jobs, &globals.data_options(), globals.quiet)?;
        if !asked.searches.is_empty() {
            let RunArgs { files, expansion, training, retrain } = self;
            let training = training.waiting();
            let batches =
                Batches { files: &files, expansion: &expansion, training: &training, globals };
            return batches.train(asked, retrain).map(ExitCode::from);
        }
        train_and_compare(&asked, &self.training, self.retrain, globals).map(ExitCode::from)
    }
}
