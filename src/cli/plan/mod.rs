//! `runner plan`: the trials of experiment files and what they cost, without training.

mod layers;
mod rungs;
mod speed;
mod trials;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use trials::PlannedTrial;

pub(super) use self::speed::Speed;

use super::asked::{Asked, ExpansionArgs, NamedSearch, read_jobs};
use super::class_notes::check_classes;
use super::output::{render, write_text};
use super::test_time_note::say_sealed_test_time;
use crate::cli::context::Context;
use crate::error::Result;
use crate::escape::escape_controls;
use crate::experiment::Learning;
use crate::messages::say;
use crate::sweep::{TrialStatus, open_jobs, planned_starts, status};
use crate::table::Format;

/// Arguments of `runner plan`.
#[derive(Debug, Args)]
pub struct PlanArgs {
    /// Experiment files
    #[arg(required = true, value_name = "FILE.toml")]
    files: Vec<PathBuf>,
    #[command(flatten)]
    expansion: ExpansionArgs,
    /// Print the layers of each network instead of the trials
    #[arg(long)]
    layers: bool,
    /// How to print the table
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

impl PlanArgs {
    /// Prints the plan.
    ///
    /// # Errors
    /// If a file is invalid.
    pub fn run(self, context: &mut Context) -> Result<ExitCode> {
        let globals = context.globals;
        let asked = read_jobs(&self.files, &self.expansion, globals)?;
        asked.say_repeated(globals.quiet);
        let Asked { jobs, halvings, searches, .. } = asked;
        check_classes(&jobs, &globals.data_options(), globals.quiet)?;
        say_sealed_test_time(&jobs, globals.quiet);
        let networks = layers::networks(&jobs);
        if self.layers {
            write_text(context.out, &render(&layers::table(&networks), self.format)?)?;
            return Ok(ExitCode::SUCCESS);
        }
        let statuses: Vec<TrialStatus> =
            jobs.iter().map(|job| status(&globals.runs_dir, &job.id)).collect();
        for status in &statuses {
            if let TrialStatus::Damaged(reason) = status {
                say(&format!("warning: {}", escape_controls(reason)));
            }
        }
        let speed = Speed::measured();
        let starts = planned_starts(&jobs, &statuses, &globals.runs_dir)?;
        let rows = jobs.iter().zip(&statuses).zip(starts);
        let rows: Vec<PlannedTrial<'_>> = rows
            .map(|((job, status), start)| PlannedTrial::new(job, status, start, speed))
            .collect();
        let table = trials::table(&rows);
        let mut text = render(&table, self.format)?;
        if self.format.is_prose() {
            if let [network] = &networks[..] {
                let layers = render(&layers::table(std::slice::from_ref(network)), self.format)?;
                text.push_str(&format!("\n{layers}"));
            } else {
                let n = networks.len();
                text.push_str(&format!(
                    "\n{n} networks; `runner plan --layers` shows their layers\n"
                ));
            }
            for line in rungs::lines(&halvings) {
                text.push_str(&format!("\n{line}"));
            }
            text.push_str(if halvings.is_empty() { "\n" } else { "\n\n" });
            for line in trials::too_large(&rows) {
                text.push_str(&format!("{line}\n"));
            }
            let open = || open_jobs(&jobs, &halvings, &statuses, &globals.runs_dir);
            if !halvings.is_empty() && open() == 0 {
                text.push_str(&format!("{} trials, none is left to train\n", rows.len()));
            } else {
                let shares = rungs::shares(&halvings);
                text.push_str(&trials::summary(&rows, &shares, globals.jobs()));
            }
            for line in searches.iter().filter_map(batch_words) {
                text.push_str(&format!("{line}\n"));
            }
        }
        write_text(context.out, &text)?;
        Ok(ExitCode::SUCCESS)
    }
}

/// What a search that learns has still to choose.
fn batch_words(NamedSearch { experiment, learning, .. }: &NamedSearch) -> Option<String> {
    let Learning { points, chosen, batch, .. } = learning;
    let left = points - chosen;
    (left > 0).then(|| {
        format!(
            "{}: {chosen} of {points} points are chosen so far; when their runs have ended, the other {left} \
             are chosen in batches of {batch}: the whole search takes about {:.1} times as long as these",
            escape_controls(experiment),
            *points as f64 / *chosen as f64
        )
    })
}
