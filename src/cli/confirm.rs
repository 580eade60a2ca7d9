//! `runner confirm`: trains the best configs of a search with seeds that it has not seen, and says how
//! much of the winner's lead was luck.

use std::collections::{BTreeSet, HashMap};
use std::io;
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use clap::Args;

use super::Globals;
use super::amounts::parse_count;
use super::asked::Asked;
use super::output::{TableNotes, look, write_said};
use super::training::{Sweeping, TrainingArgs, read_runs, train_and_print};
use crate::analysis::compare::ConfigRuns;
use crate::analysis::confirm::{Confirmation, RankedSearch, confirm, confirmation_name, settled};
use crate::analysis::filter::keep_where;
use crate::cli::context::Context;
use crate::cli::selection::SelectionArgs;
use crate::cli::target::{AskedRuns, Lookup};
use crate::error::{Error, Result};
use crate::escape::escape_controls;
use crate::experiment::{Experiment, MAX_TRIALS, Trial, config_id};
use crate::messages::say;
use crate::runs::folder::file;
use crate::runs::record::RunRecord;
use crate::runs::role::ConfigRole;
use crate::sweep::{Job, label_jobs};
use crate::table::Format;

/// Arguments of `runner confirm`.
#[derive(Debug, Args)]
pub struct ConfirmArgs {
    /// The search: experiment files, run folders, folders of runs, or run ids
    ///
    /// Runs that an earlier `confirm` trained are not part of it, so the same command, typed again,
    /// goes on or finds everything trained.
    #[arg(required = true, value_name = "TARGET")]
    targets: Vec<String>,
    /// How many of the best configs to train again
    #[arg(long, value_name = "N", default_value = "3", value_parser = parse_count)]
    top: NonZero<usize>,
    /// How many new seeds each of them gets, counted on from the search's largest seed
    #[arg(long, value_name = "N", default_value = "5", value_parser = parse_count)]
    fresh_seeds: NonZero<usize>,
    #[command(flatten)]
    selection: SelectionArgs,
    #[command(flatten)]
    training: TrainingArgs,
}

/// The runs that the targets name.
struct NamedRuns {
    records: Vec<RunRecord>,
    folders: HashMap<String, PathBuf>, // by id
    largest_seed: u64,
}

impl ConfirmArgs {
    /// Trains what is missing and prints the confirmation. Returns the exit code.
    ///
    /// # Errors
    /// When a target names nothing, no config is left to confirm, or nothing could be trained.
    pub fn run(self, context: &mut Context) -> Result<ExitCode> {
        let globals = context.globals;
        let NamedRuns { records, folders, largest_seed } = find(&self, globals)?;
        let (records, messages) = settled(records)?;
        messages.iter().for_each(|line| say(line));
        let search = RankedSearch::rank(&records, self.top.get())?;
        let seeds = fresh_seeds(largest_seed, self.fresh_seeds.get())?;
        let jobs = jobs(&search, &folders, &seeds)?;
        let asked = Asked { jobs, ..Asked::default() };
        if !globals.quiet {
            say(&what_is_trained(&search, &seeds));
        }
        let again = "`runner confirm` with the same arguments";
        let sweeping = Sweeping { again, ..Sweeping::of(&self.training) };
        let code = train_and_print(&asked, &sweeping, globals, || {
            let fresh = read_fresh(&asked.jobs, &search, &globals.runs_dir);
            print(&confirm(&search, &fresh, &seeds)?, self.training.format(), globals)
        })?;
        Ok(ExitCode::from(code))
    }
}

/// The runs of the targets that match the condition, and the largest seed overall. Seeds of an
/// experiment file's trials without a run count too, because they are not fresh.
fn find(args: &ConfirmArgs, globals: &Globals) -> Result<NamedRuns> {
    let largest_in_files = AtomicU64::new(0);
    let (color, runs_dir) = (globals.color_stderr(), &globals.runs_dir);
    let trials_of = |path: &Path| {
        let sets = &args.selection.sets;
        let experiment = Experiment::read_with_runs(path, sets, MAX_TRIALS, color, runs_dir)?;
        let seeds = experiment.trials.iter().flat_map(|trial| &trial.training.seeds);
        largest_in_files.fetch_max(seeds.copied().fold(0, u64::max), Relaxed);
        Ok(AskedRuns { halving: None, ..AskedRuns::of(experiment) })
    };
    args.selection.check_sets(&args.targets)?;
    let lookup = Lookup { runs_dir, trials_of: Box::new(trials_of) };
    let resolved = lookup.resolve(&args.targets)?;
    resolved.messages().iter().for_each(|line| say(line));
    let found = resolved.found;
    let ids = found.records.iter().map(|record| record.id.clone());
    let folders = ids.zip(found.folders).collect();
    let searched = found.records.iter().filter(|record| !record.is_confirmation());
    let seeds = searched.filter_map(|record| record.trial.seed());
    let largest_seed = seeds.fold(largest_in_files.load(Relaxed), u64::max);
    let mut records = found.records.clone();
    if let Some(filter) = &args.selection.filter {
        let all = records.len();
        records = keep_where(records, filter, globals.color_stderr())?;
        say(&format!("{} of {all} runs match {}", records.len(), escape_controls(filter)));
    }
    Ok(NamedRuns { records, folders, largest_seed })
}

/// The first seeds that no run of the search has.
fn fresh_seeds(largest: u64, count: usize) -> Result<Vec<u64>> {
    let count = u64::try_from(count).unwrap_or(u64::MAX);
    let end = largest.checked_add(count).filter(|end| i64::try_from(*end).is_ok());
    match end {
        Some(end) if count <= MAX_TRIALS as u64 => Ok((largest + 1..=end).collect()),
        _ => Err(Error::Usage(format!(
            "--fresh-seeds {count} after seed {largest}: at most {MAX_TRIALS} seeds, none above {}",
            i64::MAX
        ))),
    }
}

/// What is trained of a finalist with each fresh seed.
struct FreshTrial {
    trial: Trial,
    folds: BTreeSet<Option<usize>>, // those of the search; none for a config without folds
    experiments: Vec<String>,
    drawn: Vec<String>, // the keys that the search drew
}

/// Every finalist with every fresh seed, and every fold of its search. All get a seed before any gets the next, so that the
/// trained runs can be paired.
fn jobs(
    search: &RankedSearch<'_>,
    folders: &HashMap<String, PathBuf>,
    seeds: &[u64],
) -> Result<Vec<Job>> {
    let finalists = search.finalists.iter();
    let trials = finalists.map(|config| trial_of(config, folders)).collect::<Result<Vec<_>>>()?;
    let of_seed: usize = trials.iter().map(|finalist| finalist.folds.len()).sum();
    let count = of_seed.saturating_mul(seeds.len());
    if count > MAX_TRIALS {
        return Err(Error::Usage(format!("{count} trials exceed the limit of {MAX_TRIALS}")));
    }
    let mut jobs = Vec::with_capacity(count);
    for seed in seeds {
        for FreshTrial { trial, folds, experiments, drawn } in &trials {
            for fold in folds {
                let mut trial = trial.clone();
                trial.training.seeds = vec![*seed];
                trial.dataset.fold = *fold;
                let (id, experiments) = (trial.id(), experiments.clone());
                let label = String::new();
                // What a search drew is no change of a baseline.
                let role = ConfigRole { drawn: drawn.clone(), ..ConfigRole::default() };
                let (to_the_end, until_epoch) = (true, None);
                jobs.push(Job { id, trial, label, experiments, role, to_the_end, until_epoch });
            }
        }
    }
    label_jobs(&mut jobs);
    Ok(jobs)
}

/// The trial of a config's first run, and the experiments that confirm it.
fn trial_of(config: &ConfigRuns<'_>, folders: &HashMap<String, PathBuf>) -> Result<FreshTrial> {
    let record = config.runs[0];
    let folder = folders.get(&record.id).ok_or_else(|| Error::Unexpected(record.id.clone()))?;
    let path = folder.join(file::TRIAL);
    let trial = Trial::read(&path)?;
    let id = trial.id();
    if id != record.id {
        return Err(Error::Refused(format!(
            "{}: its trial has the id {id} in this program, not {}; new seeds would train a \
             different config: run the search again with `runner run`",
            path.display(),
            record.id
        )));
    }
    let names = config.runs.iter().flat_map(|run| &run.experiments);
    let names: BTreeSet<String> = names.map(|name| confirmation_name(name)).collect();
    let fold = |run: &&RunRecord| run.trial.fold().and_then(|fold| usize::try_from(fold).ok());
    let folds = config.runs.iter().map(fold).collect();
    let drawn = record.role.drawn.clone();
    Ok(FreshTrial { trial, folds, experiments: names.into_iter().collect(), drawn })
}

fn what_is_trained(search: &RankedSearch<'_>, seeds: &[u64]) -> String {
    let (finalists, searched) = (search.finalists.len(), search.searched);
    let configs = if searched == 1 { "config" } else { "configs" };
    let which = match seeds {
        [only] => format!("seed {only}"),
        [first, .., last] => format!("seeds {first} to {last}"),
        [] => "no seed".to_owned(),
    };
    format!("confirming the best {finalists} of {searched} {configs} with {which}")
}

/// The fresh runs of each finalist, in the order of the seeds.
fn read_fresh(jobs: &[Job], search: &RankedSearch<'_>, runs_dir: &Path) -> Vec<Vec<RunRecord>> {
    let config_of = |run: &RunRecord| config_id(&run.trial.value(), run.provenance.numerics);
    let of = |finalist: &ConfigRuns<'_>| {
        let config = finalist.runs.first().map(|run| config_of(run));
        let jobs = jobs.iter().filter(move |job| Some(job.trial.config_id()) == config);
        read_runs(jobs, runs_dir)
    };
    search.finalists.iter().map(of).collect()
}

fn print(confirmation: &Confirmation, format: Format, globals: &Globals) -> Result<()> {
    let Confirmation { table, legend, notes, answer, evidence } = confirmation;
    let (heading, verdicts) = ("", &[][..]);
    let said = TableNotes { heading, verdicts, legend, notes, answer, evidence };
    let drawn = || table.draw(&look(globals.color_stdout()), &[]);
    write_said(table, drawn, &said, format, &mut io::stdout(), &mut io::stderr())
}
