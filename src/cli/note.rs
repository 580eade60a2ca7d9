//! `runner note`: writes a note or tags about a run. They decide nothing.

use std::process::ExitCode;

use super::output::{write_messages, write_text};
use crate::cli::context::Context;
use crate::cli::selection::SelectionArgs;
use crate::error::Result;
use crate::escape::escape_controls;
use crate::runs::notes::{Note, NoteChange};

/// Write a note about a run, or tags to find it by; without either, show them.
#[derive(Debug, clap::Args)]
pub struct NoteArgs {
    /// Run id (unique prefix, or `latest`) or run folder; or an experiment file or a folder of runs, of
    /// which --where leaves one
    #[arg(value_name = "ID")]
    target: String,
    /// What to write
    #[arg(value_name = "TEXT")]
    text: Vec<String>,
    /// Tag the run; may be repeated
    #[arg(long, value_name = "TAG")]
    tag: Vec<String>,
    /// Take a tag away; may be repeated
    #[arg(long, value_name = "TAG")]
    untag: Vec<String>,
    #[command(flatten)]
    selection: SelectionArgs,
}

impl NoteArgs {
    /// Runs the subcommand: what is noted about the run to `out`.
    ///
    /// # Errors
    /// When the target is not one run, a tag is none or not there, or the notes cannot be read or written.
    pub fn run(self, context: &mut Context) -> Result<ExitCode> {
        let (record, folder) = self.selection.resolve_one(&self.target, context.globals)?;
        let change = NoteChange { text: self.text.join(" "), tags: self.tag, untags: self.untag };
        let notes = change.write(&record.id, &folder)?;
        if notes.is_empty() {
            write_messages(context.err, &[format!("nothing is noted about run {}", record.id)]);
        }
        let mut lines = String::new();
        if !notes.tags.is_empty() {
            lines.push_str(&format!("tags  {}\n", notes.tags.join(" ")));
        }
        for Note { date, text } in &notes.notes {
            lines.push_str(&format!("{date}  {}\n", escape_controls(text)));
        }
        write_text(context.out, &lines)?;
        Ok(ExitCode::SUCCESS)
    }
}
