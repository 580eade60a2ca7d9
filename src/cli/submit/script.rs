//! The text of a job-array script. Every task of it is the same `runner run`: the claims of the run
//! folders divide the trials among the tasks.

use std::borrow::Cow;
use std::collections::BTreeSet;

use crate::error::{Error, Result};
use crate::shell::quoted;
use crate::sweep::Job;
use crate::sweep::slurm::WARNING_SECONDS;

/// Longest job name made from experiment names.
const LONGEST_NAME: usize = 60;
/// A task's share of its node, if `-j` does not say it.
const CPUS_OF_THE_TASK: &str = "--jobs=\"${SLURM_CPUS_PER_TASK:-${SLURM_CPUS_ON_NODE:-1}}\"";

/// One waiting task is enough to complete the sweep; the others free their CPUs when all remaining
/// trials train elsewhere.
const ONE_TASK_WAITS: &str = "\
# The first task waits until every trial is done and takes over trials from tasks that died.
[ \"$SLURM_ARRAY_TASK_ID\" != \"$SLURM_ARRAY_TASK_MIN\" ] || set -- --wait
";

/// The parts of a script.
#[derive(Debug)]
pub(super) struct Script<'a> {
    /// Name of the job, of the script and of the logs.
    pub(super) name: &'a str,
    /// Number of tasks.
    pub(super) tasks: usize,
    /// Threads of each, if given.
    pub(super) cpus: Option<u16>,
    /// Absolute path of the folder of the logs.
    pub(super) logs: &'a str,
    /// Absolute path of the folder that `submit` was called in.
    pub(super) folder: &'a str,
    /// Absolute path of the program.
    pub(super) program: &'a str,
    /// The experiment files.
    pub(super) files: &'a [&'a str],
    /// The flags of `runner run`, quoted.
    pub(super) flags: &'a [String],
}

impl Script<'_> {
    /// The text.
    ///
    /// # Errors
    /// If Slurm cannot be told where the logs go.
    pub(super) fn text(&self) -> Result<String> {
        let Script { name, cpus, .. } = self;
        let last = self.tasks.saturating_sub(1);
        let cpus_line = cpus.map_or(String::new(), |n| format!("#SBATCH --cpus-per-task={n}\n"));
        let output = format!("{}/{name}-%A_%a.log", log_pattern(self.logs)?);
        let output = sbatch_value(&output);
        let folder = quoted(self.folder);
        let all_wait = self.flags.iter().any(|flag| flag == "--wait");
        let one_waits = if all_wait { "" } else { ONE_TASK_WAITS };
        let command = self.command(all_wait);
        Ok(format!(
            "#!/bin/sh\n\
             #SBATCH --job-name={name}\n\
             #SBATCH --array=0-{last}\n\
             {cpus_line}\
             #SBATCH --output={output}\n\
             #SBATCH --open-mode=append\n\
             #SBATCH --requeue\n\
             #SBATCH --signal=B:USR1@{WARNING_SECONDS}\n\
             # Written by `runner submit`. Each task trains trials that no other task has, until \
             none is left.\n\
             # Warned that its time is nearly over, it saves them and goes back into the queue.\n\
             cd {folder} || exit 1\n\
             {one_waits}\
             {command}\n"
        ))
    }

    /// Replaces the shell, so that Slurm's signals reach the program.
    fn command(&self, all_wait: bool) -> String {
        let mut command = format!("exec {} run", quoted(self.program));
        for file in self.files {
            // A name that begins with a dash would be read as a flag.
            let here = if file.starts_with('-') { "./" } else { "" };
            command.push_str(&format!(" {}", quoted(&format!("{here}{file}"))));
        }
        let cpus = self.cpus.is_none().then_some(CPUS_OF_THE_TASK);
        for flag in self.flags.iter().map(String::as_str).chain(cpus) {
            command.push_str(&format!(" \\\n    {flag}"));
        }
        command + if all_wait { "" } else { " \"$@\"" }
    }
}

/// A name for a job that trains `jobs`: letters, digits, dots, dashes and underscores.
pub(super) fn job_name(jobs: &[Job]) -> String {
    let mut seen = BTreeSet::new();
    let names = jobs.iter().flat_map(|job| &job.experiments);
    let names: Vec<&str> = names.filter(|name| seen.insert(*name)).map(String::as_str).collect();
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '+');
    let plain =
        names.join("+").chars().map(|c| if is_plain(c) { c } else { '_' }).collect::<String>();
    let plain = plain.trim_start_matches(['.', '-']).chars().take(LONGEST_NAME).collect::<String>();
    if plain.is_empty() { "runner".to_owned() } else { plain }
}

/// The value of an option in an `#SBATCH` line, where a backslash escapes inside of quotes too.
fn sbatch_value(text: &str) -> Cow<'_, str> {
    if quoted(text) == text {
        return text.into();
    }
    format!("\"{}\"", text.replace('"', "\\\"")).into()
}

/// A path with Slurm's placeholders escaped.
fn log_pattern(path: &str) -> Result<String> {
    if path.contains(['\n', '\r', '\\']) {
        return Err(Error::Usage(format!(
            "Slurm does not accept a log path with a line break or a backslash, such as {path:?}: \
             choose another --runs-dir"
        )));
    }
    Ok(path.replace('%', "%%"))
}
