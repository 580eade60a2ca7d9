//! `runner explain`: what a term means, also on the user's own curve.

use std::process::ExitCode;

use clap::Args;

use super::output::{look, write_messages, write_text};
use crate::cli::context::Context;
use crate::cli::selection::SelectionArgs;
use crate::error::{Error, Result};
use crate::escape::escape_controls;
use crate::output::explain::{ChartLook, Pictured, explanation, is_known, picture, terms_text};
use crate::runs::read::{FoundRuns, read_curves};

/// Explain a term of the tables, the findings, the remedies and the experiment file.
#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// The term, such as gap, ±, "early stopping", dropout or training.ema_decay; none: list them
    #[arg(value_name = "TERM")]
    term: Option<String>,
    /// A run or an experiment file, on whose curve gap, fall, memorising and early stopping are shown
    #[arg(value_name = "TARGET")]
    target: Option<String>,
    #[command(flatten)]
    selection: SelectionArgs,
}

impl ExplainArgs {
    /// Runs the subcommand: the explanation to `out`, messages to `err`.
    ///
    /// # Errors
    /// When there is no such term, it is not shown on curves, or the target has no curve.
    pub fn run(mut self, context: &mut Context) -> Result<ExitCode> {
        let Some(mut term) = self.term.take() else {
            write_text(context.out, &terms_text())?;
            return Ok(ExitCode::SUCCESS);
        };
        // Two words without quotes.
        if let Some(second) = &self.target {
            let both = format!("{term} {second}");
            if is_known(&both) {
                (term, self.target) = (both, None);
            }
        }
        let text = match &self.target {
            None => explanation(&term)?,
            Some(target) => {
                let explained = explanation(&term)?;
                let first = explained.lines().next().unwrap_or_default().to_owned();
                format!("{first}\n\n{}", self.on_curve(&term, target, context)?)
            }
        };
        write_text(context.out, &text)?;
        Ok(ExitCode::SUCCESS)
    }

    fn on_curve(&self, term: &str, target: &str, context: &mut Context) -> Result<String> {
        let Some(what) = Pictured::named(term) else {
            return Err(Error::Usage(format!(
                "`{}` is not shown on curves; gap, fall, memorising and early stopping are",
                escape_controls(term)
            )));
        };
        let globals = context.globals;
        let resolved = self.selection.resolve(&[target.to_owned()], globals)?;
        write_messages(context.err, &resolved.messages());
        let FoundRuns { records, folders, .. } = &resolved.found;
        let of_baseline = records.iter().position(|record| record.role.is_baseline);
        let place = of_baseline.unwrap_or(0);
        let (record, folder) = (&records[place], &folders[place]);
        let read = read_curves(record, folder)?;
        let others = match records.len() {
            1 => String::new(),
            count => format!(", one of {count}; --where chooses another"),
        };
        let name = escape_controls(&record.experiments.join(", ")).into_owned();
        let seed = record.trial.replicate().map_or(String::new(), |which| format!(", {which}"));
        let look = look(false);
        let look = ChartLook { width: look.width, ascii: look.ascii };
        let drawn = picture(what, &read.curves, look)?;
        Ok(format!("run {} ({name}{seed}){others}\n\n{drawn}", record.id))
    }
}
