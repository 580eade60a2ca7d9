//! `runner man`: manual pages, made from the same descriptions as `--help`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Command, CommandFactory};
use clap_mangen::Man;

use super::Cli;
use super::output::{write_messages, write_text};
use crate::cli::context::Context;
use crate::error::{Error, Result};
use crate::runs::folder::replace_file;

/// Print the manual page, or write one for each command into a folder.
#[derive(Debug, clap::Args)]
pub struct ManArgs {
    /// Write `runner.1`, `runner-run.1` and so on into this folder, as `share/man/man1` has them
    #[arg(value_name = "FOLDER")]
    folder: Option<PathBuf>,
}

impl ManArgs {
    /// Runs the subcommand: the page to `out`, or pages into the folder.
    ///
    /// # Errors
    /// When a page cannot be written.
    pub fn run(self, context: &mut Context) -> Result<ExitCode> {
        let command = Cli::command().disable_help_subcommand(true);
        let Some(folder) = &self.folder else {
            write_text(context.out, &page(&Man::new(command))?)?;
            return Ok(ExitCode::SUCCESS);
        };
        std::fs::create_dir_all(folder).map_err(Error::io("create", folder))?;
        let written = write_pages(command, folder)?;
        let shown = folder.display();
        write_messages(context.err, &[format!("wrote {written} pages into {shown}")]);
        Ok(ExitCode::SUCCESS)
    }
}

/// Writes the page of the command and of all below it; how many those are.
fn write_pages(mut command: Command, folder: &Path) -> Result<usize> {
    command.build(); // gives those below their full names
    let mut commands = vec![command];
    let mut written = 0;
    while let Some(command) = commands.pop() {
        commands.extend(command.get_subcommands().filter(|below| !below.is_hide_set()).cloned());
        let man = Man::new(command);
        replace_file(&folder.join(man.get_filename()), page(&man)?.as_bytes())?;
        written += 1;
    }
    Ok(written)
}

fn page(man: &Man) -> Result<String> {
    let mut page = Vec::new();
    man.render(&mut page)
        .map_err(|cause| Error::Unexpected(format!("cannot make the manual page: {cause}")))?;
    Ok(String::from_utf8_lossy(&page).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_has_a_page_that_man_can_find() {
        let folder = tempfile::tempdir().unwrap();
        let written = write_pages(Cli::command(), folder.path()).unwrap();
        let names: Vec<String> = std::fs::read_dir(folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        assert_eq!(names.len(), written);
        for name in ["runner.1", "runner-run.1", "runner-data-fetch.1"] {
            assert!(names.iter().any(|known| known == name), "{name} of {names:?}");
        }
        let run = std::fs::read_to_string(folder.path().join("runner-run.1")).unwrap();
        assert!(run.contains(".TH runner-run 1") && run.contains("\\-\\-max\\-trials"), "{run}");
    }
}
