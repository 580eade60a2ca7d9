//! The command line: one file a subcommand.

mod amounts;
pub mod asked;
mod class_notes;
pub mod compare;
pub mod confirm;
pub mod data;
pub mod diagnose;
pub mod diff;
pub mod export;
pub mod gc;
pub mod globals;
pub mod init;
pub mod list;
mod output;
pub mod plan;
pub mod plot;
pub mod predict;
pub mod report;
pub mod resume;
pub mod run;
pub mod show;
pub mod submit;
pub mod target;
pub mod training;
mod utf8;
pub mod verify;
pub mod watch;

use std::path::Path;
use std::process::ExitCode;
use std::{env, io};

use clap::{ArgMatches, CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::cli::target::{AskedRuns, Lookup};
use crate::error::{Error, Result};
use crate::experiment::{Experiment, MAX_TRIALS, schema_text};
use crate::messages::{say, say_styled};
use crate::output::export::SavedWeights;
use crate::runs::read::FoundRuns;
use crate::sweep::{expect_full_files, model_check, unseal};
use crate::table::Format;
pub use globals::Globals;
use output::write_text;

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
    /// Train on a Slurm cluster: submit a job array whose tasks share the trials
    Submit(submit::SubmitArgs),
    /// Show the trials of an experiment, which are done, and what the rest costs
    Plan(plan::PlanArgs),
    /// Go on with interrupted or failed runs
    Resume(resume::ResumeArgs),
    /// Compare runs: what varies, train and test accuracy, the gap, and the answer
    Compare(compare::CompareArgs),
    /// Train the best configs again with new seeds: how much of the winner's lead was luck?
    Confirm(confirm::ConfirmArgs),
    /// Write a report: one HTML file with the table, interactive plots and every run's settings
    Report(report::ReportArgs),
    /// Say in words what the learning curves show, and what each varied setting does
    Diagnose(diagnose::DiagnoseArgs),
    /// List the runs under the runs folder
    List(list::ListArgs),
    /// Draw runs as pictures: curves of all configs, the gap, heat maps, the effect of settings
    Plot(plot::PlotArgs),
    /// Watch a sweep that runs in this or another process
    Watch(watch::WatchArgs),
    /// Show one run in full
    Show(show::ShowArgs),
    /// Show what differs between two runs
    Diff(diff::DiffArgs),
    /// Classify your own pictures with a run's network
    Predict(predict::PredictArgs),
    /// Write runs in the formats of other tools
    Export(export::ExportArgs),
    /// Train runs again and check that every byte of their results is the same
    Verify(verify::VerifyArgs),
    /// Remove what nobody needs any more, never a result
    Gc(gc::GcArgs),
    /// List, fetch and check datasets
    #[command(subcommand)]
    Data(data::DataCommand),
    /// Write a commented experiment file to start from
    Init(init::InitArgs),
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
    if let Err(error) = utf8::check(env::args_os().skip(1), env::vars_os()) {
        return say_error(&error);
    }
    let matches = Cli::command().get_matches();
    let mut cli = Cli::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
    cli.globals.settle_verbosity(&matches);
    cli.globals.choose_kernel();
    match expect_full_files().and_then(|()| dispatch(&cli, &matches)) {
        Ok(code) => ExitCode::from(code),
        Err(error) => say_error(&error),
    }
}

fn dispatch(cli: &Cli, matches: &ArgMatches) -> Result<u8> {
    let Cli { globals, command } = cli;
    let (mut out, mut err) = (io::stdout(), io::stderr());
    match command {
        Command::Run(args) => return run::run(args, globals),
        Command::Submit(args) => {
            let mut command = Cli::command();
            command.build(); // gives every subcommand the global flags
            if let Some((name, matches)) = matches.subcommand()
                && let Some(command) = command.find_subcommand(name)
            {
                submit::run(args, globals, (command, matches), &mut out, &mut err)?;
            }
        }
        Command::Plan(args) => plan::run(args, globals)?,
        Command::Resume(args) => return resume::run(args, globals),
        Command::Compare(args) => {
            let shown = shown(globals, Format::default());
            let unseal =
                |found: &mut FoundRuns| unseal(found, &globals.data_options(), globals.jobs());
            with_lookup(globals, |lookup| {
                compare::run(args, lookup, &unseal, shown, &mut out, &mut err)
            })?;
        }
        Command::Confirm(args) => return confirm::run(args, globals),
        Command::Report(args) => {
            with_lookup(globals, |lookup| report::run(args, lookup, &mut out, &mut err))?;
        }
        Command::Diagnose(args) => {
            with_lookup(globals, |lookup| diagnose::run(args, lookup, &mut out, &mut err))?;
        }
        Command::List(args) => {
            with_lookup(globals, |lookup| list::run(args, lookup, &mut out, &mut err))?;
        }
        Command::Plot(args) => {
            with_lookup(globals, |lookup| plot::run(args, lookup, &mut out, &mut err))?;
        }
        Command::Watch(args) => return watch::run(args, globals),
        Command::Show(args) => {
            let data = globals.data_options();
            with_lookup(globals, |lookup| show::run(args, lookup, &data, &mut out, &mut err))?;
        }
        Command::Diff(args) => with_lookup(globals, |lookup| diff::run(args, lookup, &mut out))?,
        Command::Predict(args) => {
            let threads = globals.jobs();
            return with_lookup(globals, |lookup| {
                predict::run(args, lookup, threads, &mut out, &mut err)
            });
        }
        Command::Export(args) => {
            let data = globals.data_options();
            let check = |saved: &SavedWeights<'_>| model_check(saved, &data, globals.jobs());
            with_lookup(globals, |lookup| export::run(args, lookup, &check, &mut out, &mut err))?;
        }
        Command::Verify(args) => return verify::run(args, globals),
        Command::Gc(args) => return gc::run(args, globals, &mut out, &mut err),
        Command::Data(command) => data::run(command, &globals.data_options())?,
        Command::Init(args) => init::run(args, &mut out, &mut err)?,
        Command::Schema => write_text(&mut out, &schema_text())?,
        Command::Completions { shell } => completions(*shell)?,
    }
    Ok(0)
}

/// Says what went wrong; a reader that has seen enough is no error.
fn say_error(error: &Error) -> ExitCode {
    if error.is_closed_pipe() {
        return ExitCode::SUCCESS;
    }
    match error {
        // Already rendered, with its own headings.
        Error::Experiment(text) | Error::Expression(text) => say_styled(text.trim_end()),
        _ => say(&format!("error: {}", error.chain())),
    }
    ExitCode::from(error.exit_code())
}

/// How comparisons are shown on this standard output.
fn shown(globals: &Globals, format: Format) -> compare::Shown {
    let look = output::look(globals.color_stdout());
    compare::Shown { format, look, color_errors: globals.color_stderr() }
}

fn completions(shell: clap_complete::Shell) -> Result<()> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "runner", &mut script);
    write_text(&mut io::stdout(), &String::from_utf8_lossy(&script))
}

/// Hands `with` what it needs to look runs up.
fn with_lookup<T>(globals: &Globals, with: impl FnOnce(&Lookup<'_>) -> Result<T>) -> Result<T> {
    let trials_of = |path: &Path| {
        let experiment = Experiment::read(path, &[], MAX_TRIALS, globals.color_stderr())?;
        let ids = experiment.trials.iter().map(|trial| trial.id()).collect();
        Ok(AskedRuns { ids, halving: experiment.halving })
    };
    let runs_dir = &globals.runs_dir;
    with(&Lookup { runs_dir, trials_of: &trials_of })
}
