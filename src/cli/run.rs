//! `runner run`: expand, train what is missing, compare.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use super::asked::{Asked, ExpansionArgs, read_jobs};
use super::batches::Batches;
use super::class_notes::check_classes;
use super::notify::{Notice, Notifier};
use super::serve::serve_beside;
use super::test_time_note::say_sealed_test_time;
use super::training::{Sweeping, TrainingArgs, read_runs, train_and_compare};
use crate::cli::Globals;
use crate::cli::context::Context;
use crate::error::Result;
use crate::sweep::OnFailure;

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
    /// Show the runs in a browser while they train, as `runner serve` does
    #[arg(
        long,
        value_name = "PORT",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "7878"
    )]
    serve: Option<u16>,
    /// Call this program once, at the first failure or at the end; it reads a line of JSON
    #[arg(long, value_name = "PROGRAM")]
    notify: Option<PathBuf>,
}

impl RunArgs {
    /// Trains the files' trials. Returns the exit code.
    ///
    /// # Errors
    /// When nothing could be trained: an invalid file, missing data.
    pub fn run(self, context: &mut Context) -> Result<ExitCode> {
        let globals = context.globals;
        let notifier = self.notify.as_deref().map(Notifier::find).transpose()?;
        let asked = read_jobs(&self.files, &self.expansion, globals)?;
        check_classes(&asked.jobs, &globals.data_options(), globals.quiet)?;
        say_sealed_test_time(&asked.jobs, globals.quiet);
        if let Some(port) = self.serve {
            serve_beside(&asked, port, globals);
        }
        let on_failure = notifier.as_ref().map_or_else(OnFailure::default, |notifier| {
            notifier.on_failure(globals.runs_dir.clone())
        });
        let learns = !asked.searches.is_empty();
        if !learns {
            asked.say_repeated(globals.quiet);
        }
        let ended = if learns {
            let training = self.training.waiting();
            let batches = Batches {
                files: &self.files,
                expansion: &self.expansion,
                training: &training,
                on_failure,
                globals,
            };
            batches.train(asked.clone(), self.retrain)
        } else {
            let sweeping =
                Sweeping { retrain: self.retrain, on_failure, ..Sweeping::of(&self.training) };
            train_and_compare(&asked, &sweeping, globals)
        };
        if let Some(notifier) = notifier {
            // A search that learns has chosen more trials meanwhile.
            let chosen = match learns {
                true => read_jobs(&self.files, &self.expansion, globals).unwrap_or(asked),
                false => asked,
            };
            tell_end(&notifier, &chosen, &ended, globals);
        }
        ended.map(ExitCode::from)
    }
}

fn tell_end(notifier: &Notifier, asked: &Asked, ended: &Result<u8>, globals: &Globals) {
    let mut experiments: Vec<String> = Vec::new();
    for name in asked.jobs.iter().flat_map(|job| &job.experiments) {
        if !experiments.contains(name) {
            experiments.push(name.clone());
        }
    }
    let mut states = BTreeMap::new();
    for record in read_runs(asked.jobs.iter(), &globals.runs_dir) {
        *states.entry(record.state.name()).or_default() += 1;
    }
    let error = ended.as_ref().err().map(|error| error.chain());
    notifier.tell(&Notice::Ended {
        experiments: &experiments,
        trials: asked.jobs.len(),
        states: &states,
        exit_code: ended.as_ref().map_or_else(|error| error.exit_code(), |code| *code),
        error: error.as_deref(),
        runs_dir: &globals.runs_dir,
    });
    notifier.finish();
}
