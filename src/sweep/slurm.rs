//! Slurm's own commands, and what a task learns from its environment. Nothing is stored about a
//! job: its run folders tell its progress, even after Slurm has forgotten it.

use std::ffi::OsStr;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::Duration;
use std::{env, thread};

use crate::error::{Error, Result};

/// Seconds before the end of its time at which a task is warned. Slurm checks about every 30 seconds.
pub const WARNING_SECONDS: u32 = 90;

/// How often the controller is asked to requeue a task: it may be restarting.
const TRIES: u32 = 3;
/// Time between them.
const TRY_INTERVAL: Duration = Duration::from_secs(2);

/// A task of a job array, or a single job, as Slurm's commands name it: `4711_3`, `4711`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SlurmTask {
    name: String,
}

impl SlurmTask {
    /// The task that this process runs in, if any.
    pub fn of_this_process() -> Option<SlurmTask> {
        SlurmTask::of(&|name| env::var(name).ok())
    }

    fn of(variable: &dyn Fn(&str) -> Option<String>) -> Option<SlurmTask> {
        let number = |name| {
            variable(name)
                .filter(|text| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()))
        };
        let name = match (number("SLURM_ARRAY_JOB_ID"), number("SLURM_ARRAY_TASK_ID")) {
            (Some(job), Some(task)) => format!("{job}_{task}"),
            _ => number("SLURM_JOB_ID")?,
        };
        Some(SlurmTask { name })
    }

    /// Puts the task back into the queue. Slurm ends its processes then, so this is the last thing to do.
    ///
    /// # Errors
    /// What `scontrol` says, if it refuses or cannot be run.
    pub fn requeue(&self) -> Result<()> {
        let mut requeued = run("scontrol", ["requeue", &self.name]);
        for _ in 1..TRIES {
            if requeued.is_err() {
                thread::sleep(TRY_INTERVAL);
                requeued = run("scontrol", ["requeue", &self.name]);
            }
        }
        requeued.map(|_| ())
    }
}

impl std::fmt::Display for SlurmTask {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "task {}", self.name)
    }
}

/// How many tasks a job array may have here; none if Slurm does not say.
pub fn max_array_size() -> Option<usize> {
    let config = run("scontrol", ["show", "config"]).ok()?;
    let line = config.lines().find(|line| line.starts_with("MaxArraySize"))?;
    line.split_once('=')?.1.trim().parse().ok()
}

/// Submits a script and returns the number of the job. `options` override the lines of the script.
///
/// # Errors
/// What `sbatch` says, if it refuses or cannot be run.
pub fn submit(script: &Path, options: &[String]) -> Result<String> {
    let script = script.as_os_str();
    let fixed = [OsStr::new("--parsable")].into_iter();
    let answer = run("sbatch", fixed.chain(options.iter().map(OsStr::new)).chain([script]))?;
    // With --parsable: the number, or the number and the cluster.
    let job = answer.trim().split(';').next().unwrap_or_default();
    let is_number = !job.is_empty() && job.bytes().all(|b| b.is_ascii_digit());
    if is_number {
        return Ok(job.to_owned());
    }
    Err(Error::Refused(format!("sbatch reported no job number; its output:\n{}", answer.trim())))
}

/// What a command of Slurm prints.
fn run(command: &str, args: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Result<String> {
    let output = Command::new(command).args(args).stdin(Stdio::null()).output();
    let Output { status, stdout, stderr } =
        output.map_err(|e| Error::Refused(format!("cannot run {command}: {e}")))?;
    if status.success() {
        return Ok(String::from_utf8_lossy(&stdout).into_owned());
    }
    let said = String::from_utf8_lossy(&stderr);
    Err(Error::Refused(format!("{command} failed ({status}); its output:\n{}", said.trim())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn task(variables: &[(&str, &str)]) -> Option<String> {
        let value = |name: &str| {
            let found = variables.iter().find(|(n, _)| *n == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        SlurmTask::of(&value).map(|task| task.to_string())
    }

    #[test]
    fn a_task_is_named_by_its_array_and_a_job_by_its_number() {
        let array = [("SLURM_JOB_ID", "12"), ("SLURM_ARRAY_JOB_ID", "9")];
        let with_task = [array[0], array[1], ("SLURM_ARRAY_TASK_ID", "0")];
        assert_eq!(task(&with_task).as_deref(), Some("task 9_0"));
        assert_eq!(task(&array).as_deref(), Some("task 12"));
        assert_eq!(task(&[]), None);
        assert_eq!(task(&[("SLURM_JOB_ID", "--help")]), None);
    }
}
