//! `runner whatif`: every remedy that fits, alone, against the file as it is.

mod file;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use clap::Args;

use super::amounts::parse_age;
use super::asked::{ExpansionArgs, SetArgs, read_jobs};
use super::class_notes::check_classes;
use super::own_file::write_own_file;
use super::plan::Speed;
use super::training::{Sweeping, TrainingArgs, train_and_compare};
use crate::cli::context::Context;
use crate::error::{Error, Result};
use crate::experiment::{Experiment, MAX_TRIALS, MOST_BASELINE_SEEDS, Trial};
use crate::messages::say;
use crate::remedies::{Proposal, REMEDIES};
use crate::shell::path_word;
use crate::sweep::{cost, duration};
use file::Base;

/// The first line of the files that it writes; only those are replaced.
const HEADER: &str =
    "# Written by `runner whatif`: every remedy that fits, alone, against the baseline.";

/// As many seeds as reading allows the baseline, which has the most.
const MOST_SEEDS: u64 = MOST_BASELINE_SEEDS as u64;

/// Arguments of `runner whatif`.
#[derive(Debug, Args)]
pub struct WhatifArgs {
    /// An experiment file with one config: the baseline
    #[arg(value_name = "FILE.toml")]
    file: PathBuf,
    #[command(flatten)]
    set: SetArgs,
    /// Seeds of each change; the baseline has more of them
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u64).range(1..=MOST_SEEDS))]
    seeds: u64,
    /// Leave the dearest changes out until the rest takes no longer than this, such as 30m or 2h
    #[arg(long, value_name = "DURATION", value_parser = parse_age)]
    budget: Option<Duration>,
    /// Write the experiment and say what it costs, without training
    #[arg(long)]
    plan: bool,
    #[command(flatten)]
    training: TrainingArgs,
}

/// What is tried, and what it takes.
struct Bill {
    proposals: Vec<Proposal>,
    left_out: Vec<String>,
    baseline_seeds: u64,
    seconds: f64,
}

impl WhatifArgs {
    /// Writes the experiment, trains it and compares.
    ///
    /// # Errors
    /// When the file is invalid or has several configs, or as for `runner run`.
    pub fn run(self, context: &mut Context) -> Result<ExitCode> {
        let globals = context.globals;
        let sets = self.set.texts();
        refuse_seeds(sets)?;
        let experiment = Experiment::read(&self.file, sets, MAX_TRIALS, globals.color_stderr())?;
        let baseline = start(&experiment, &self.file)?;
        let flops_per_second = Speed::measured().of(baseline) * globals.jobs() as f64;
        let seconds = cost(baseline).flops / flops_per_second;
        let bill = self.bill(baseline, seconds)?;
        self.refuse_many(bill.proposals.len())?;
        let written = whatif_path(&self.file);
        let base = Base { file: &self.file, sets, trial: baseline };
        write_own_file(&written, HEADER, &file::text(&base, &written, self.seeds, &bill))?;
        if let Some((_, variants)) = experiment.baseline_of_variants() {
            let file = path_word(&self.file);
            say(&format!("`whatif` starts from the baseline of {file}, without {variants}"));
        }
        for line in self.lines(&bill, &written) {
            say(&line);
        }
        if self.plan {
            return Ok(ExitCode::SUCCESS);
        }
        let asked = read_jobs(&[written], &ExpansionArgs::plain(), globals)?;
        check_classes(&asked.jobs, &globals.data_options(), globals.quiet)?;
        train_and_compare(&asked, &Sweeping::of(&self.training), globals).map(ExitCode::from)
    }

    /// The changes that the budget allows.
    fn bill(&self, baseline: &Trial, baseline_seconds: f64) -> Result<Bill> {
        let mut proposals: Vec<Proposal> =
            REMEDIES.iter().flat_map(|remedy| (remedy.proposals)(baseline)).collect();
        let most = self.budget.map_or(f64::INFINITY, |budget| budget.as_secs_f64());
        let (mut left_out, mut least) = (Vec::new(), 0.0);
        loop {
            let baseline_seeds = baseline_seeds(proposals.len(), self.seeds);
            let of_changes: f64 = proposals.iter().map(|proposal| proposal.cost).sum();
            let trials = of_changes * self.seeds as f64 + baseline_seeds as f64;
            let seconds = trials * baseline_seconds;
            if proposals.is_empty() {
                return Err(Error::Usage(match left_out.is_empty() {
                    true => "no remedy fits this network and these data".to_owned(),
                    false => {
                        let needs = enough(least);
                        format!("--budget is too small for any change; allow {needs} or more")
                    }
                }));
            }
            if seconds <= most {
                return Ok(Bill { proposals, left_out, baseline_seeds, seconds });
            }
            least = seconds; // in the end, of the cheapest change alone
            let costs = proposals.iter().enumerate();
            let dearest =
                costs.max_by(|a, b| a.1.cost.total_cmp(&b.1.cost)).map(|(index, _)| index);
            left_out.extend(dearest.map(|index| proposals.remove(index).name));
        }
    }

    /// An experiment file does not hold any number of seeds.
    fn refuse_many(&self, changes: usize) -> Result<()> {
        let of_baseline = baseline_seeds(changes, 1);
        let by_trials = MAX_TRIALS as u64 / (changes as u64 + of_baseline);
        let most = by_trials.min(MOST_SEEDS / of_baseline);
        match self.seeds <= most {
            true => Ok(()),
            false => Err(Error::Usage(format!(
                "--seeds {} is too many: with {changes} changes, an experiment file holds {most} or fewer",
                self.seeds
            ))),
        }
    }

    /// The bill in words.
    fn lines(&self, bill: &Bill, written: &Path) -> Vec<String> {
        let Bill { proposals, left_out, baseline_seeds, seconds } = bill;
        let (changes, seeds) = (proposals.len(), self.seeds);
        let trials = changes as u64 * seeds + baseline_seeds;
        let time = duration(Duration::from_secs_f64(*seconds));
        let word = path_word(written);
        let noun = if seeds == 1 { "seed" } else { "seeds" };
        let mut lines = vec![format!(
            "{changes} changes with {seeds} {noun} each and the baseline with {baseline_seeds}: {trials} \
             trials, about {time} on this machine; they are in {word}"
        )];
        if !left_out.is_empty() {
            lines.push(format!("left out for the budget: {}", left_out.join(", ")));
        }
        if self.plan {
            lines.push(format!("`runner run {word}` trains them"));
        }
        lines
    }
}

/// A budget that is enough for this time, in a spelling that `--budget` takes; the speed is measured anew each time.
pub(super) fn enough(seconds: f64) -> String {
    let whole = (1.25 * seconds).ceil().max(1.0) as u64;
    if whole < 120 { format!("{whole}s") } else { format!("{}m", whole.div_ceil(60)) }
}

/// The baseline has about the square root of the number of changes times as many seeds: that shows the most for
/// the time (Dunnett, 1955).
fn baseline_seeds(changes: usize, seeds: u64) -> u64 {
    seeds.saturating_mul(changes.isqrt().max(1) as u64)
}

/// The seeds of the changes and of the baseline are not those of the file.
fn refuse_seeds(sets: &[String]) -> Result<()> {
    let keys = sets.iter().filter_map(|set| set.split_once('=')).map(|(key, _)| key.trim());
    match keys.into_iter().find(|key| ["training.seeds", "baseline_seeds"].contains(key)) {
        Some(key) => Err(Error::Usage(format!("`{key}` cannot be set here: use --seeds"))),
        None => Ok(()),
    }
}

/// What to say of trials that validate on several folds.
pub(super) fn one_fold(trials: &[Trial]) -> Option<String> {
    let first = trials.first()?.dataset.fold;
    let folds = trials.iter().find(|trial| trial.dataset.fold != first)?.dataset.folds?;
    Some(format!("validates on each of {folds} folds in turn"))
}

/// The one config of the file, or the baseline of its variants.
fn start<'a>(experiment: &'a Experiment, file: &Path) -> Result<&'a Trial> {
    let first = &experiment.trials[0];
    let config = first.config_id();
    if let Some(hint) = one_fold(&experiment.trials) {
        return Err(Error::Usage(format!(
            "{} {hint}, and `whatif` tries each change on one: --set dataset.fold=0",
            file.display()
        )));
    }
    if let Some((baseline, _)) = experiment.baseline_of_variants() {
        return Ok(baseline);
    }
    match experiment.trials.iter().all(|trial| trial.config_id() == config) {
        true => Ok(first),
        false => Err(Error::Usage(format!(
            "{} has several configs, and `whatif` starts from one: remove its [grid] or [search], or --set their \
             keys to one value each",
            file.display()
        ))),
    }
}

/// `baseline.toml` -> `baseline-whatif.toml`.
fn whatif_path(file: &Path) -> PathBuf {
    let stem = file.file_stem().unwrap_or_default().to_string_lossy();
    file.with_file_name(format!("{stem}-whatif.toml"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_budget_that_is_asked_for_is_enough_and_can_be_typed() {
        assert_eq!([0.0, 0.001, 8.0, 95.9, 96.0].map(enough), ["1s", "1s", "10s", "2m", "2m"]);
        for seconds in [0.0, 0.3, 59.0, 1e5] {
            assert!(parse_age(&enough(seconds)).unwrap().as_secs_f64() >= seconds);
        }
    }
}
