//! The command line: one file for each subcommand.

mod advised_seeds;
mod amounts;
pub mod asked;
mod baseline;
mod batches;
mod class_notes;
pub mod compare;
pub mod confirm;
mod context;
mod costs;
pub mod data;
pub mod diagnose;
pub mod diff;
pub mod explain;
pub mod export;
mod fetching;
pub mod gc;
pub mod globals;
pub mod init;
pub mod list;
pub mod man;
pub mod note;
mod notify;
mod output;
mod own_file;
pub mod plan;
pub mod plot;
pub mod predict;
pub mod report;
pub mod resume;
pub mod run;
pub mod selection;
pub mod serve;
pub mod show;
pub mod study;
pub mod submit;
pub mod target;
mod test_time_note;
pub mod training;
mod utf8;
pub mod verify;
pub mod watch;
pub mod whatif;

use std::process::ExitCode;
use std::{env, io};

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::cli::context::Context;
use crate::error::{Error, Result};
use crate::experiment::schema_text;
use crate::messages::{say, say_styled};
use crate::sweep::expect_full_files;
pub use globals::Globals;
use output::write_text;

/// Trains the networks that a TOML file describes and compares them: what closes the gap between
/// training and test accuracy?
#[derive(Debug, Parser)]
#[command(name = "runner", version, propagate_version = true, max_term_width = 100)]
struct Cli {
    #[command(flatten)]
    globals: Globals,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Train all trials without a finished run, then compare
    Run(run::RunArgs),
    /// Train on a Slurm cluster: submit a job array whose tasks share the trials
    Submit(submit::SubmitArgs),
    /// Show an experiment's trials: which are done, and what the others will cost
    Plan(plan::PlanArgs),
    /// Continue interrupted or failed runs
    Resume(resume::ResumeArgs),
    /// Try every remedy that fits a file's network and data, one at a time: what would help?
    Whatif(whatif::WhatifArgs),
    /// From a baseline to what narrows the gap and raises test accuracy: a series of questions, one answer
    Study(study::StudyArgs),
    /// Compare runs: what varies, train and test accuracy, the gap, and the answer
    Compare(compare::CompareArgs),
    /// Train the best configs again with new seeds: how much of the winner's lead was luck?
    Confirm(confirm::ConfirmArgs),
    /// Write a report: one HTML file with the table, interactive plots and every run's settings
    Report(report::ReportArgs),
    /// Explain in words what the learning curves show and what each varied setting does
    Diagnose(diagnose::DiagnoseArgs),
    /// Explain a term: gap, ±, memorising, dropout ..., also on the curve of a run of yours
    Explain(explain::ExplainArgs),
    /// Write a note or tags about a run
    Note(note::NoteArgs),
    /// List runs, the newest first
    List(list::ListArgs),
    /// Plot runs: changes against the baseline, curves, heat maps, effects of settings
    Plot(plot::PlotArgs),
    /// Watch a sweep while it runs, in this or another process
    Watch(watch::WatchArgs),
    /// Show runs in a browser while they train
    Serve(serve::ServeArgs),
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
    /// Remove files that are no longer needed, never a result
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
    /// Print the manual page, or write those of all commands into a folder
    Man(man::ManArgs),
}

/// Parses the command line, runs the subcommand, prints errors.
pub fn main() -> ExitCode {
    if let Err(error) = utf8::check(env::args_os().skip(1), env::vars_os()) {
        return say_error(&error);
    }
    let matches = Cli::command().get_matches();
    let Cli { mut globals, command } =
        Cli::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
    globals.settle_verbosity(&matches);
    globals.choose_kernel();
    let (out, err) = (&mut io::stdout(), &mut io::stderr());
    let mut context = Context { globals: &globals, matches: &matches, out, err };
    let ended = expect_full_files().and_then(|()| dispatch(command, &mut context));
    ended.unwrap_or_else(|error| say_error(&error))
}

fn dispatch(command: Command, context: &mut Context) -> Result<ExitCode> {
    match command {
        Command::Run(args) => args.run(context),
        Command::Submit(args) => args.run(context),
        Command::Plan(args) => args.run(context),
        Command::Resume(args) => args.run(context),
        Command::Whatif(args) => args.run(context),
        Command::Study(args) => args.run(context),
        Command::Compare(args) => args.run(context),
        Command::Confirm(args) => args.run(context),
        Command::Report(args) => args.run(context),
        Command::Diagnose(args) => args.run(context),
        Command::Explain(args) => args.run(context),
        Command::Note(args) => args.run(context),
        Command::List(args) => args.run(context),
        Command::Plot(args) => args.run(context),
        Command::Watch(args) => args.run(context),
        Command::Serve(args) => args.run(context),
        Command::Show(args) => args.run(context),
        Command::Diff(args) => args.run(context),
        Command::Predict(args) => args.run(context),
        Command::Export(args) => args.run(context),
        Command::Verify(args) => args.run(context),
        Command::Gc(args) => args.run(context),
        Command::Data(args) => args.run(context),
        Command::Init(args) => args.run(context),
        Command::Schema => {
            write_text(context.out, &schema_text())?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Completions { shell } => {
            completions(shell, context)?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Man(args) => args.run(context),
    }
}

/// Reports what went wrong; a closed pipe is not an error.
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

fn completions(shell: clap_complete::Shell, context: &mut Context) -> Result<()> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "runner", &mut script);
    write_text(context.out, &String::from_utf8_lossy(&script))
}
