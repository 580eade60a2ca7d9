//! `runner submit`: an experiment as a job array of Slurm. Only the script and the logs are kept;
//! the run folders record the state of the trials.

mod flags;
mod script;

use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, fs};

use clap::Args;

use super::Globals;
use super::amounts::parse_count;
use super::asked::{Asked, ExpansionArgs, read_jobs};
use super::class_notes::check_classes;
use super::output::{write_messages, write_text};
use super::training::{TrainingArgs, sweep_options};
use crate::cli::context::Context;
use crate::error::{Error, Result};
use crate::runs::folder::{replace_file, runs_dir_flag};
use crate::shell::path_word;
use crate::sweep::{Sweep, slurm};
use flags::{flags, utf8};
use script::{Script, job_name};

/// The folder of scripts and logs inside a runs folder; hidden, so that listings of runs skip it.
const LOGS: &str = ".slurm";
/// Default number of tasks: enough to be fast, few enough not to burden the queue.
const DEFAULT_TASKS: usize = 16;

/// Arguments of `runner submit`.
#[derive(Debug, Args)]
pub struct SubmitArgs {
    /// Experiment files
    #[arg(required = true, value_name = "FILE.toml")]
    files: Vec<PathBuf>,
    /// Tasks of the job array [default: one for each open trial, at most 16]
    #[arg(long, value_name = "N", value_parser = parse_count)]
    tasks: Option<NonZero<usize>>,
    /// Print the job script and submit nothing
    #[arg(long)]
    print: bool,
    #[command(flatten)]
    expansion: ExpansionArgs,
    #[command(flatten)]
    training: TrainingArgs,
    /// Options for sbatch, which override those in the script: -- --partition=long --time=8:00:00
    #[arg(last = true, value_name = "SBATCH-OPTIONS")]
    sbatch_options: Vec<String>,
}

impl SubmitArgs {
    /// Runs the subcommand: the script or the number of the job to `out`, messages to `err`. `submit` and
    /// `matches` are this command and what it was given.
    ///
    /// # Errors
    /// If a file is invalid, data is missing, or Slurm does not take the job.
    pub fn run(self, context: &mut Context) -> Result<ExitCode> {
        let Context { globals, matches, out, err } = context;
        let Asked { jobs, halvings, .. } = read_jobs(&self.files, &self.expansion, globals)?;
        check_classes(&jobs, &globals.data_options(), globals.quiet)?;
        // As in a task: an error that would end all tasks ends this command before anything is
        // submitted.
        let options = sweep_options(&self.training, false, globals);
        let open = Sweep::prepare(&jobs, &options)?.halved_by(&halvings).open();
        let mut say = |message: String| match globals.quiet {
            true => {}
            false => write_messages(err, &[message]),
        };
        if open == 0 {
            let are = if halvings.is_empty() { "all are done" } else { "none is left to train" };
            say(format!("nothing to submit: of {} trials {are}", jobs.len()));
            return Ok(ExitCode::SUCCESS);
        }
        let tasks = tasks(self.tasks, open, globals);
        if self.tasks.is_some_and(|asked| asked.get() > tasks) {
            say(format!("{tasks} tasks, one for each open trial"));
        }
        let paths = Paths::find(globals)?;
        let name = job_name(&jobs);
        let files =
            self.files.iter().map(|file| utf8(file.as_os_str())).collect::<Result<Vec<_>>>()?;
        let script = Script {
            name: &name,
            tasks,
            cpus: globals.jobs.map(NonZero::get),
            logs: utf8(paths.logs.as_os_str())?,
            folder: utf8(paths.folder.as_os_str())?,
            program: utf8(paths.program.as_os_str())?,
            files: &files,
            flags: &flags(matches, globals)?,
        };
        let text = script.text()?;
        if self.print {
            write_text(out, &text)?;
            return Ok(ExitCode::SUCCESS);
        }
        let job = send(&text, &name, tasks, &paths.logs, &self.sbatch_options)?;
        let trials = format!("{tasks} tasks for {open} open trials of {}", jobs.len());
        say(format!("job {job}: {trials}\n{}", how_to_follow(&job, &name, &self, globals)));
        write_text(out, &format!("{job}\n"))?;
        Ok(ExitCode::SUCCESS)
    }
}

/// As many as there are trials for; each trains as many at a time as `-j` says.
fn tasks(asked: Option<NonZero<usize>>, open: usize, globals: &Globals) -> usize {
    let at_a_time = globals.jobs.map_or(1, |jobs| usize::from(jobs.get()));
    match asked {
        Some(asked) => asked.get().min(open),
        None => open.div_ceil(at_a_time).min(DEFAULT_TASKS),
    }
}

/// Absolute paths, because tasks start elsewhere.
struct Paths {
    folder: PathBuf,
    program: PathBuf,
    logs: PathBuf,
}

impl Paths {
    fn find(globals: &Globals) -> Result<Paths> {
        let folder = env::current_dir().map_err(Error::io("find", "the working folder"))?;
        let program = env::current_exe().map_err(Error::io("find", "this program"))?;
        let logs = folder.join(&globals.runs_dir).join(LOGS);
        Ok(Paths { folder, program, logs })
    }
}

/// Writes the script next to its logs and submits it. Returns the job number.
fn send(
    text: &str,
    name: &str,
    tasks: usize,
    logs: &Path,
    sbatch_options: &[String],
) -> Result<String> {
    if let Some(limit) = slurm::max_array_size().filter(|limit| tasks > *limit) {
        return Err(Error::Usage(format!(
            "{tasks} tasks are too many: a job array of this Slurm has at most {limit} \
             (MaxArraySize); use fewer: each task trains as many trials as its time allows"
        )));
    }
    // Slurm does not create it, and a job that cannot write its log fails silently.
    fs::create_dir_all(logs).map_err(Error::io("create", logs))?;
    let script = logs.join(format!("{name}.sh"));
    replace_file(&script, text.as_bytes())?;
    slurm::submit(&script, sbatch_options).map_err(|error| {
        let script = script.display();
        Error::Refused(format!(
            "{error}\nnothing was submitted; the script is {script}. Without Slurm, start `runner run` \
             with the same files on every machine that sees the runs folder."
        ))
    })
}

fn how_to_follow(job: &str, name: &str, args: &SubmitArgs, globals: &Globals) -> String {
    let runs_dir = runs_dir_flag(&globals.runs_dir);
    let files: Vec<_> = args.files.iter().map(|file| path_word(file)).collect();
    let files = files.join(" ");
    let logs = globals.runs_dir.join(LOGS).join(format!("{name}-{job}_"));
    format!(
        "the trials: `runner list{runs_dir}`, `runner watch{runs_dir} {files}`\n\
         the tasks:  `squeue -r -j {job}`, {}*.log\n\
         to stop it:  `scancel {job}`; the trials are saved, and `runner submit` goes on with them",
        path_word(&logs)
    )
}
