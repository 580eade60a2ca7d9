//! What `run`, `resume` and `confirm` share: train jobs, print the results, say how to continue.

use std::io;
use std::num::NonZero;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use clap::builder::FalseyValueParser;

use super::amounts::{parse_bytes, parse_count};
use super::asked::Asked;
use super::{Globals, compare};
use crate::analysis::compare::CompareOptions;
use crate::error::Result;
use crate::escape::escape_controls;
use crate::messages::say;
use crate::runs::folder::{Claims, Patience, RealDisk, run_path, runs_dir_flag};
use crate::runs::read::read_record;
use crate::runs::record::RunRecord;
use crate::sweep::slurm::{SlurmTask, WARNING_SECONDS};
use crate::sweep::{
    DearCheckpoints, Job, JobOutcome, OnFailure, StopSignal, Sweep, SweepOptions,
    drop_dear_checkpoints,
};
use crate::table::{Cell, Format};

/// Exit code of a sweep that gave up while trials were left.
pub(super) const STOPPED_EARLY: u8 = 5;
/// Exit code if some trials failed or diverged, or cannot be resumed.
pub(super) const SOME_FAILED: u8 = 100;

/// How trials are trained; nothing here affects a result.
#[derive(Debug, Args)]
pub struct TrainingArgs {
    /// Save the state of a trial this often, in seconds; 0: after every epoch
    #[arg(
        long,
        value_name = "N",
        env = "RUNNER_CHECKPOINT_SECONDS", hide_env_values = true,
        default_value = "30",
        value_parser = parse_seconds
    )]
    checkpoint_seconds: Duration,
    /// Stop when a trial has failed; those in training save their state
    #[arg(
        long,
        env = "RUNNER_FAIL_FAST",
        hide_env_values = true,
        value_parser = FalseyValueParser::new(),
        conflicts_with = "max_failures"
    )]
    fail_fast: bool,
    /// Stop when this many trials have failed; those in training save their state
    #[arg(long, value_name = "N", env = "RUNNER_MAX_FAILURES", hide_env_values = true, value_parser = parse_count)]
    max_failures: Option<NonZero<usize>>,
    /// Seconds without a sign of life after which other processes may take over this one's trials
    #[arg(
        long,
        value_name = "N",
        env = "RUNNER_CLAIM_TIMEOUT", hide_env_values = true,
        default_value = "60",
        value_parser = parse_timeout
    )]
    claim_timeout: Duration,
    /// Wait for trials that other processes train, and take over those they leave unfinished
    #[arg(
        long,
        env = "RUNNER_WAIT",
        hide_env_values = true,
        value_parser = FalseyValueParser::new()
    )]
    wait: bool,
    /// Keep the weights before the first step as initial.safetensors
    #[arg(
        long,
        env = "RUNNER_SAVE_INITIAL",
        hide_env_values = true,
        value_parser = FalseyValueParser::new()
    )]
    save_initial: bool,
    /// Keep the checkpoints of the finished runs if together they are not larger than this, such as 2GiB;
    /// training them longer then goes on from there. 0: keep none
    #[arg(
        long,
        value_name = "SIZE",
        env = "RUNNER_KEEP_CHECKPOINTS",
        hide_env_values = true,
        default_value = "256MiB",
        value_parser = parse_bytes
    )]
    keep_checkpoints: u64,
    /// How to print the comparison
    #[arg(long, value_enum, env = "RUNNER_FORMAT", hide_env_values = true, default_value_t)]
    format: Format,
}

fn parse_seconds(text: &str) -> std::result::Result<Duration, String> {
    let seconds: f64 = text.parse().map_err(|_| "expected a number of seconds".to_owned())?;
    Duration::try_from_secs_f64(seconds).map_err(|e| e.to_string())
}

fn parse_timeout(text: &str) -> std::result::Result<Duration, String> {
    match parse_seconds(text)? {
        timeout if timeout < Duration::from_secs(1) => Err("at least one second".to_owned()),
        timeout => Ok(timeout),
    }
}

impl TrainingArgs {
    /// The same, but other processes' trials are waited for.
    pub(super) fn waiting(self) -> TrainingArgs {
        TrainingArgs { wait: true, ..self }
    }

    /// How to print the results.
    pub fn format(&self) -> Format {
        self.format
    }
}

/// Trains the requested trials and prints their comparison. Returns the exit code.
///
/// # Errors
/// When nothing could be trained.
pub fn train_and_compare(asked: &Asked, sweeping: &Sweeping<'_>, globals: &Globals) -> Result<u8> {
    let format = sweeping.args.format;
    train_and_print(asked, sweeping, globals, || print_comparison(asked, format, globals))
}

/// How jobs are trained, and the command that continues all of them after an interruption.
pub struct Sweeping<'a> {
    /// What the user typed.
    pub args: &'a TrainingArgs,
    /// Move existing runs aside and train again.
    pub retrain: bool,
    /// The command to continue, as text.
    pub again: &'a str,
    /// What stops it, if this is one of several sweeps of a command.
    pub stop: Option<&'a StopSignal>,
    /// Jobs of the sweeps before it, whose checkpoints are kept up to the same size together.
    pub earlier: &'a [Job],
    /// Who is told of each failed trial.
    pub on_failure: OnFailure,
}

impl<'a> Sweeping<'a> {
    /// A sweep that trains what has no finished run.
    pub fn of(args: &'a TrainingArgs) -> Sweeping<'a> {
        let again = "`runner run` with the same files";
        Sweeping {
            args,
            retrain: false,
            again,
            stop: None,
            on_failure: OnFailure::default(),
            earlier: &[],
        }
    }
}

/// Trains the jobs and, unless interrupted, prints the results. Returns the exit code.
///
/// # Errors
/// When nothing could be trained, or nothing printed.
pub fn train_and_print(
    asked: &Asked,
    sweeping: &Sweeping<'_>,
    globals: &Globals,
    print: impl FnOnce() -> Result<()>,
) -> Result<u8> {
    let Sweeping { args, retrain, again, stop: of_command, earlier, .. } = *sweeping;
    let Asked { jobs, halvings, searches, .. } = asked;
    let on_failure = sweeping.on_failure.clone();
    let options = SweepOptions { on_failure, ..sweep_options(args, retrain, globals) };
    let own_stop = StopSignal::default();
    let stop = of_command.unwrap_or(&own_stop);
    if of_command.is_none() {
        stop.expect_end_of_time()?;
    }
    let sweep = Sweep::prepare(jobs, &options)?.halved_by(halvings);
    if of_command.is_none() {
        stop.expect_interrupts()?; // from here on there is something to save
    }
    let had_time = !stop.time_is_up();
    let outcomes = sweep.train(stop)?;
    let awaited = match (halvings.is_empty(), searches.is_empty()) {
        (true, true) => None,
        (true, false) => Some("batch is chosen"),
        (false, _) => Some("rung is decided"),
    };
    let waits = args.wait || awaited.is_some();
    let is_awaited = |outcome: &JobOutcome| waits && matches!(outcome, JobOutcome::Elsewhere(_));
    let is_outstanding = outcomes.iter().any(|o| o.is_open() || is_awaited(o));
    if let Some(code) = stop.exit_code().filter(|_| is_outstanding) {
        say(&how_to_go_on(stop.what_came(), again, &outcomes, awaited, globals));
        return Ok(code);
    }
    if stop.time_is_up() && is_outstanding {
        say(&how_to_go_on("the time is nearly over", again, &outcomes, awaited, globals));
        requeue(had_time);
        return Ok(STOPPED_EARLY);
    }
    if stop.gave_up() && is_outstanding {
        say(&how_to_go_on("stopped after a failure", again, &outcomes, awaited, globals));
        return Ok(STOPPED_EARLY);
    }
    say_dropped(
        drop_checkpoints(earlier, jobs, &outcomes, &options, args.keep_checkpoints),
        args,
        globals,
    );
    match print() {
        Err(error) if !error.is_closed_pipe() => Err(error),
        _ => Ok(exit_code(&outcomes)),
    }
}

/// Drops the checkpoints of the jobs' finished runs if they are not cheap. A command that has trained nothing
/// changes nothing.
fn drop_checkpoints(
    earlier: &[Job],
    jobs: &[Job],
    outcomes: &[JobOutcome],
    options: &SweepOptions,
    most: u64,
) -> Result<DearCheckpoints> {
    let is_new =
        |outcome: &JobOutcome| matches!(outcome, JobOutcome::Finished | JobOutcome::Diverged(_));
    if !outcomes.iter().any(is_new) {
        return Ok(DearCheckpoints::default());
    }
    let is_done = |outcome: &JobOutcome| is_new(outcome) || *outcome == JobOutcome::Cached;
    let done = jobs.iter().zip(outcomes).filter(|(_, outcome)| is_done(outcome));
    let done = earlier.iter().chain(done.map(|(job, _)| job));
    let claims = Claims::new(Arc::clone(&options.disk), options.claim_timeout)?;
    drop_dear_checkpoints(&options.runs_dir, done.map(|job| job.id.as_str()), most, &claims)
}

/// Says the rule once, where it has removed something.
fn say_dropped(dropped: Result<DearCheckpoints>, args: &TrainingArgs, globals: &Globals) {
    let dropped = match dropped {
        Ok(dropped) => dropped,
        Err(error) => DearCheckpoints { problems: vec![error], ..DearCheckpoints::default() },
    };
    for problem in &dropped.problems {
        say(&format!("warning: {}: this checkpoint stays", escape_controls(&problem.chain())));
    }
    if dropped.runs == 0 || globals.quiet {
        return;
    }
    let shown = |bytes: u64| Cell::Bytes(bytes).shown();
    let runs = if dropped.runs == 1 { "1 run" } else { &format!("{} runs", dropped.runs) };
    say(&format!(
        "removed the checkpoints of {runs}, {}: finished runs keep them up to {} together, and without \
         them a longer training starts anew; --keep-checkpoints 2GiB keeps more",
        shown(dropped.bytes),
        shown(args.keep_checkpoints)
    ));
}

/// Requeues the Slurm task that this process runs in, if any. `had_time`: training began, so each
/// attempt gets further.
fn requeue(had_time: bool) {
    let Some(task) = SlurmTask::of_this_process() else { return };
    if !had_time {
        return say(&format!(
            "{task} of Slurm is not requeued: its time ran out before training began, and would \
             again; give it more than {WARNING_SECONDS} seconds with --time"
        ));
    }
    match task.requeue() {
        Ok(()) => {
            say(&format!("{task} of Slurm is back in the queue and will continue on its own"))
        }
        Err(error) => say(&format!("warning: {task} of Slurm cannot be requeued: {error}")),
    }
}

/// The sweep options from the arguments.
pub(super) fn sweep_options(args: &TrainingArgs, retrain: bool, globals: &Globals) -> SweepOptions {
    SweepOptions {
        runs_dir: globals.runs_dir.clone(),
        data: globals.data_options(),
        jobs: globals.jobs(),
        checkpoint_interval: args.checkpoint_seconds,
        save_initial: args.save_initial,
        claim_timeout: args.claim_timeout,
        wait: args.wait,
        max_failures: match args.fail_fast {
            true => 1,
            false => args.max_failures.map_or(usize::MAX, NonZero::get),
        },
        on_failure: OnFailure::default(),
        disk: Arc::new(RealDisk),
        retrain,
        from_scratch: retrain,
        progress: globals.draws_bars(),
        quiet: globals.quiet,
        verbose: globals.verbose,
    }
}

/// The message after an interrupted sweep.
fn how_to_go_on(
    what: &str,
    again: &str,
    outcomes: &[JobOutcome],
    awaited: Option<&str>,
    globals: &Globals,
) -> String {
    let count = |wanted: &JobOutcome| outcomes.iter().filter(|o| *o == wanted).count();
    let saved = count(&JobOutcome::Interrupted);
    let untouched = outcomes.iter().filter(|o| o.is_open()).count() - saved;
    let runs_dir = runs_dir_flag(&globals.runs_dir);
    if let Some(awaited) = awaited {
        return format!(
            "{what}: {saved} of {} trials saved partway, {untouched} more to train before the next \
             {awaited}.\n{again} continues the search.",
            outcomes.len()
        );
    }
    format!(
        "{what}: {saved} of {} trials saved partway, {untouched} not started.\n\
         {again} continues all of them, `runner resume --all{runs_dir}` only those that were \
         started.",
        outcomes.len()
    )
}

/// The comparison of the jobs' runs.
pub(super) fn print_comparison(asked: &Asked, format: Format, globals: &Globals) -> Result<()> {
    let records = read_runs(asked.jobs.iter(), &globals.runs_dir);
    let evidence = format.has_comments();
    let rungs = compare::rungs_of(&asked.halvings, &globals.runs_dir);
    let for_programs = !format.is_prose();
    let options = CompareOptions { evidence, for_programs, ..CompareOptions::default() };
    let shown = compare::Shown::of(globals, format);
    compare::print(&records, &rungs, &options, shown, &mut io::stdout(), &mut io::stderr())
}

/// The records of the jobs' runs. Unreadable ones were reported when their trials failed.
pub(super) fn read_runs<'a>(
    jobs: impl Iterator<Item = &'a Job>,
    runs_dir: &Path,
) -> Vec<RunRecord> {
    let read = |job: &Job| {
        let read = || read_record(&run_path(runs_dir, &job.id)?);
        let mut record = Patience::BRIEF.read(read).ok().flatten()?;
        record.role = job.role.clone(); // the file may have changed its names since
        Some(record)
    };
    jobs.filter_map(read).collect()
}

/// [`SOME_FAILED`] if a trial failed or diverged in this run.
fn exit_code(outcomes: &[JobOutcome]) -> u8 {
    let is_bad = |o: &&JobOutcome| matches!(o, JobOutcome::Failed(_) | JobOutcome::Diverged(_));
    match outcomes.iter().filter(is_bad).count() {
        0 => 0,
        bad => {
            let all = outcomes.len();
            say(&format!("{bad} of {all} trials failed or diverged; `runner show ID` says why"));
            SOME_FAILED
        }
    }
}
