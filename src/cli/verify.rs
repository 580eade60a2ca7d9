//! `runner verify`: trains runs again and checks whether every byte of their results is the same.

use std::collections::{HashMap, HashSet};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;

use super::Globals;
use super::output::write_text;
use crate::cli::context::Context;
use crate::cli::selection::SelectionArgs;
use crate::error::{Error, Result};
use crate::messages::say;
use crate::runs::folder::{RealDisk, Scratch, run_path, scratch_path};
use crate::runs::read::FoundRuns;
use crate::sweep::{
    Job, JobOutcome, OnFailure, Original, StopSignal, SweepOptions, Verdict, VerifyData, duration,
    label_jobs,
};

/// Heartbeats tell `runner gc` on another host that the scratch folder is in use.
const CLAIM_TIMEOUT: Duration = Duration::from_secs(60);

/// Arguments of `runner verify`.
#[derive(Debug, Args)]
pub struct VerifyArgs {
    /// Run ids (a unique prefix is enough), run folders, `latest`, or experiment files
    #[arg(required_unless_present = "all", value_name = "ID")]
    targets: Vec<String>,
    /// Every finished or diverged run under the runs folder
    #[arg(long, conflicts_with = "targets")]
    all: bool,
    #[command(flatten)]
    selection: SelectionArgs,
}

impl VerifyArgs {
    /// Verifies the runs named. Returns the exit code.
    ///
    /// # Errors
    /// When nothing could be trained: no run, missing data, other data.
    pub fn run(self, context: &mut Context) -> Result<ExitCode> {
        let globals = context.globals;
        let (originals, unread) = originals(&self, globals)?;
        let (originals, data, refused) = with_data(originals, globals)?;
        let unread = unread + refused;
        for (original, finding) in originals.iter().filter_map(|o| Some((o, o.finding()?))) {
            say(&format!("{}: {finding}", original.id()));
        }
        let (verdicts, stopped_by) = train_again(&originals, data, globals)?;
        let text: String = originals.iter().zip(&verdicts).map(|(o, v)| text(o.id(), v)).collect();
        match write_text(context.out, &text) {
            Err(error) if !error.is_closed_pipe() => return Err(error),
            _ => {}
        }
        Ok(ExitCode::from(exit_code(&verdicts, stopped_by, unread)))
    }
}

/// The runs that can be verified, and how many could not be read; those that have no result yet are
/// named.
fn originals(args: &VerifyArgs, globals: &Globals) -> Result<(Vec<Original>, usize)> {
    let (found, messages) = find(args, globals)?;
    messages.iter().for_each(|line| say(line));
    let mut unread = found.problems.len();
    let mut originals = Vec::new();
    for (record, folder) in found.records.into_iter().zip(found.folders) {
        let id = record.id.clone();
        if !record.is_done() {
            say(&format!("{id}: not verified: it is {} and has no result yet", record.state));
            continue;
        }
        match Original::read(record, folder) {
            Ok(original) => originals.push(original),
            Err(error) => {
                say(&format!("{id}: not verified: {}", error.chain()));
                unread += 1;
            }
        }
    }
    let unchecked = originals.iter().filter(|original| original.is_unchecked()).count();
    if unchecked > 0 {
        let runs =
            if unchecked == 1 { "1 run.json is" } else { &format!("{unchecked} run.json are") };
        say(&format!(
            "{runs} from version 0.1.0, which wrote no hashes: their figures are unchecked"
        ));
    }
    if originals.is_empty() && unread == 0 {
        return Err(Error::NothingMatched("no finished or diverged run to verify".to_owned()));
    }
    Ok((originals, unread))
}

fn find(args: &VerifyArgs, globals: &Globals) -> Result<(FoundRuns, Vec<String>)> {
    if args.all {
        return args.selection.of_runs_dir(globals);
    }
    let resolved = args.selection.resolve(&args.targets, globals)?;
    let messages = resolved.messages();
    Ok((resolved.found, messages))
}

/// Loads the data of the runs. Those whose data is missing or has changed are named and left out.
///
/// # Errors
/// If none is left.
fn with_data(
    originals: Vec<Original>,
    globals: &Globals,
) -> Result<(Vec<Original>, VerifyData, usize)> {
    let mut data = VerifyData::default();
    let options = globals.data_options();
    let (mut ready, mut refused) = (Vec::new(), Vec::new());
    for original in originals {
        match data.load(&original, &options) {
            Ok(()) => ready.push(original),
            Err(error) => refused.push((original, error)),
        }
    }
    if ready.is_empty() && !refused.is_empty() {
        let is_other = |error: &Error| matches!(error, Error::Refused(_));
        return Err(match refused.iter().position(|(_, error)| !is_other(error)) {
            Some(first) => refused.swap_remove(first).1,
            None => {
                let lines: Vec<String> = refused.iter().map(|(_, error)| error.chain()).collect();
                Error::Refused(lines.join("\n"))
            }
        });
    }
    for (original, error) in &refused {
        say(&format!("{}: not verified: {}", original.id(), error.chain()));
    }
    Ok((ready, data, refused.len()))
}

/// Trains all of them in one sweep in a scratch folder; returns the result of each, in order, and
/// the exit code of the signal that stopped it, if any.
fn train_again(
    originals: &[Original],
    data: VerifyData,
    globals: &Globals,
) -> Result<(Vec<Verdict>, Option<u8>)> {
    let jobs = jobs(originals);
    let initial =
        originals.iter().map(Original::has_initial_model).collect::<Result<Vec<bool>>>()?;
    let save_initial = initial.contains(&true);
    let options = SweepOptions {
        runs_dir: scratch_path(&globals.runs_dir, "verify"),
        data: globals.data_options(),
        jobs: globals.jobs(),
        checkpoint_interval: Duration::MAX, // no run continues from one
        save_initial,
        claim_timeout: CLAIM_TIMEOUT,
        wait: false,
        max_failures: usize::MAX,
        on_failure: OnFailure::default(),
        disk: Arc::new(RealDisk),
        retrain: false,
        from_scratch: true,
        progress: globals.draws_bars(),
        quiet: globals.quiet || jobs.is_empty(),
        verbose: globals.verbose,
    };
    let sweep = data.sweep(&jobs, &options)?;
    let stop = StopSignal::install()?; // from here on there is something to remove
    let _scratch = Scratch::create(options.runs_dir.clone())?;
    let outcomes = sweep.train(&stop)?;
    let outcomes: HashMap<&str, &JobOutcome> =
        jobs.iter().map(|job| job.id.as_str()).zip(&outcomes).collect();
    let verdict = |original: &Original| match original.job() {
        None => Ok(Verdict::Different(original.finding().into_iter().collect())),
        Some(job) => {
            original.verdict(outcomes[job.id.as_str()], &run_path(&options.runs_dir, &job.id)?)
        }
    };
    let verdicts = originals.iter().map(verdict).collect::<Result<Vec<Verdict>>>()?;
    let is_stopped = verdicts.contains(&Verdict::Stopped);
    Ok((verdicts, stop.exit_code().filter(|_| is_stopped)))
}

/// Each trial once: runs of several numerics may have the same.
fn jobs(originals: &[Original]) -> Vec<Job> {
    let mut jobs: Vec<Job> = Vec::new();
    let mut ids = HashSet::new();
    for job in originals.iter().filter_map(Original::job) {
        if ids.insert(&job.id) {
            jobs.push(job.clone());
        }
    }
    label_jobs(&mut jobs);
    jobs
}

/// The output for a run.
fn text(id: &str, verdict: &Verdict) -> String {
    match verdict {
        Verdict::Same { what, seconds } => {
            format!("{id}: the same bytes: {what} ({})\n", time(*seconds))
        }
        Verdict::Different(lines) => {
            let lines = lines.iter().map(|line| format!("  {line}\n"));
            format!("{id}: different\n{}", lines.collect::<String>())
        }
        Verdict::Failed(reason) => format!("{id}: not verified: training again failed: {reason}\n"),
        Verdict::Stopped => format!("{id}: not verified: interrupted\n"),
    }
}

/// `12.3 s`, or in a larger unit.
fn time(seconds: f64) -> String {
    match Duration::try_from_secs_f64(seconds) {
        Ok(time) if seconds >= 99.5 => duration(time),
        _ => format!("{seconds:.1} s"),
    }
}

/// A difference outweighs runs that could not be verified.
fn exit_code(verdicts: &[Verdict], stopped_by: Option<u8>, unread: usize) -> u8 {
    let any = |is_it: fn(&Verdict) -> bool| verdicts.iter().any(is_it);
    match stopped_by {
        Some(code) => code,
        None if any(|verdict| matches!(verdict, Verdict::Different(_))) => 102,
        None if any(|verdict| matches!(verdict, Verdict::Failed(_))) => 100,
        None => u8::from(unread > 0),
    }
}
