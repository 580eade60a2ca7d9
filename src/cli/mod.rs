//! The command line: one file a subcommand.

pub mod data;
mod globals;
mod plan;
mod resume;
mod run;
pub mod schema;
mod training;

use std::io::{self, ErrorKind, Write};
use std::path::Path;
use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};

use crate::error::{Error, Result};
use crate::experiment::Experiment;
pub use globals::Globals;

/// Trains the networks that a TOML file describes and compares them: what closes the gap between
/// training and test accuracy?
#[derive(Debug, Parser)]
#[command(version, propagate_version = true, max_term_width = 100)]
struct Cli {
    #[command(flatten)]
    globals: Globals,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Train what has no finished run yet and compare
    Run(run::RunArgs),
    /// Show the trials of an experiment, which are done, and what the rest costs
    Plan(plan::PlanArgs),
    /// Go on with interrupted or failed runs
    Resume(resume::ResumeArgs),
    /// List, fetch and check datasets
    #[command(subcommand)]
    Data(data::DataCommand),
    /// Print the JSON Schema of experiment files
    Schema,
    /// Print a completion script for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
}

/// Parses the command line, runs the subcommand, prints errors.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    match dispatch(&cli) {
        Ok(code) => ExitCode::from(code),
        Err(error) => report(&error),
    }
}

fn dispatch(cli: &Cli) -> Result<u8> {
    let Cli { globals, command } = cli;
    match command {
        Command::Run(args) => return run::run(args, globals),
        Command::Plan(args) => plan::run(args, globals)?,
        Command::Resume(args) => return resume::run(args, globals),
        Command::Data(command) => data::run(command, &globals.data_options())?,
        Command::Schema => schema::run()?,
        Command::Completions { shell } => completions(*shell)?,
    }
    Ok(0)
}

/// Says what went wrong; a reader that has seen enough is no error.
fn report(error: &Error) -> ExitCode {
    if let Error::Io { source, path, .. } = error
        && source.kind() == ErrorKind::BrokenPipe
        && path == Path::new(STDOUT)
    {
        return ExitCode::SUCCESS;
    }
    match error {
        // Already rendered, with its own headings.
        Error::Experiment(text) => eprintln!("{}", text.trim_end()),
        _ => eprintln!("error: {}", error.chain()),
    }
    ExitCode::from(error.exit_code())
}

/// The name of standard output in errors.
pub(crate) const STDOUT: &str = "<stdout>";

/// Writes `text` to standard output.
fn print(text: &str) -> Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(Error::io("write", STDOUT))
}

fn completions(shell: clap_complete::Shell) -> Result<()> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "runner", &mut script);
    print(&String::from_utf8_lossy(&script))
}

/// The ids of an experiment file's trials.
fn trial_ids(path: &Path, globals: &Globals) -> Result<Vec<String>> {
    let limit = crate::experiment::DEFAULT_MAX_TRIALS;
    let experiment = Experiment::read(path, &[], limit, globals.color_stderr())?;
    Ok(experiment.trials.iter().map(|trial| trial.id()).collect())
}
