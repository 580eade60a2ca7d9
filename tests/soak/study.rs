//! How often a study of pure noise ends with a confirmed recipe, and how often it finds a true effect: the decisions
//! are those of the program, halving and combining included, and only the figures of the runs are drawn.
//! `RUNNER_SIMULATIONS=10000 cargo test --test soak a_study -- --nocapture` prints the table of docs/study.md.

use std::path::Path;

use runner::error::Result;
use runner::experiment::{Experiment, Trial};
use runner::rng::{Purpose, stream};
use runner::study::{
    Answers, Budget, Findings, Lab, Outcome, Plan, Question, Sheet, SheetTrials, study,
};

use super::{chance, parallel, simulations};

/// Standard deviation between seeds, in points.
const NOISE: f64 = 1.0;

/// Draws the figures of runs.
struct Draws {
    number: u64,
    /// Points that Dropout adds, alone and on top of anything.
    effect: f64,
    /// Share of the variance that all configs with the same seed have in common.
    shared: f64,
}

impl Lab for Draws {
    fn answers(&mut self, _: &Sheet, trials: &SheetTrials) -> Result<Option<Answers>> {
        let outcomes = |trials: &Vec<Trial>| trials.iter().map(|trial| self.run(trial)).collect();
        let changes = trials.changes.iter().map(outcomes).collect();
        Ok(Some(Answers { baseline: outcomes(&trials.baseline), changes }))
    }

    fn cost(&self, _: &Trial) -> f64 {
        1.0
    }
}

impl Draws {
    fn run(&self, trial: &Trial) -> Outcome {
        let seed = trial.training.seeds[0];
        let id = u64::from_str_radix(&trial.id(), 16).expect("ids are hexadecimal");
        let draw = |index: u64, counter: u64| {
            stream(self.number, Purpose::Synthetic, index, counter).normal()
        };
        let own = draw(id, 0) * (1.0 - self.shared).sqrt();
        let common = draw(seed, 1) * self.shared.sqrt();
        let has_dropout = trial.to_json().pointer("/network/dropout").and_then(|x| x.as_f64());
        let effect = if has_dropout.unwrap_or(0.0) > 0.0 { self.effect } else { 0.0 };
        let points = effect + NOISE * (own + common);
        // The test examples are others: half of the noise of a run is of its validation examples.
        let test = effect + NOISE * (0.7 * (own + common) + 0.7 * draw(id, 2));
        let fraction = |points: f64| 0.5 + points / 100.0;
        let (val, test) = (fraction(points), Some(fraction(test)));
        Outcome { seed, train: 0.9, val, test, rows: Vec::new() }
    }
}

fn baseline() -> Trial {
    let text = "dataset = { kind = 'cifar10', validation_examples = 5000 }\noptimizer.kind = 'adagrad'\n\
                network = { kind = 'mlp', hidden_sizes = [100, 50], batch_norm = true }\n\
                training.epochs = 20\nevaluation.test = 'sealed'";
    let read = Experiment::from_bytes(Path::new("a.toml"), text.as_bytes(), &[], 1, false);
    read.expect("a valid experiment").trials.remove(0)
}

/// What `count` studies found.
fn found(seeds: u64, effect: f64, shared: f64, count: u64) -> Vec<Findings> {
    let baseline = baseline();
    let mut plan = Plan::new(&baseline, &Budget::of(None), &|_| 1.0).expect("no budget");
    (plan.limits.seeds, plan.limits.splits, plan.limits.capacity) = (seeds, 0, false);
    (plan.limits.shares, plan.limits.noises) = (0, 0);
    let numbers: Vec<u64> = (0..count).collect();
    parallel(&numbers, |number| {
        let number = *number + (seeds << 32) + ((10.0 * effect) as u64) * 1_000_003;
        let mut lab = Draws { number, effect, shared };
        let mut budget = Budget::of(None);
        let found = study(&plan, &mut budget, Question::Confirm, &mut lab);
        found.expect("a simulation has no files")
    })
}

fn share(found: &[Findings], is: impl Fn(&Findings) -> bool) -> f64 {
    found.iter().filter(|findings| is(findings)).count() as f64 / found.len() as f64
}

fn is_confirmed(findings: &Findings) -> bool {
    findings.confirmed.is_some_and(|confirmed| confirmed.is_shown())
}

fn keeps_dropout(findings: &Findings) -> bool {
    let kept = findings.together.iter().flat_map(|recipe| &recipe.steps);
    kept.into_iter().any(|kept| kept.remedy == "dropout")
}

#[test]
fn a_study_of_noise_confirms_nothing_in_19_of_20() {
    let count = simulations(24);
    println!(
        "| seeds | noise in common | nominated | confirmed, studies of {count} | promised | with fresh seeds |"
    );
    println!("|---|---|---|---|---|---|");
    for (seeds, shared) in [(2, 0.0), (3, 0.0), (3, 0.5), (5, 0.0)] {
        let found = found(seeds, 0.0, shared, count);
        let nominated = share(&found, |findings| {
            findings.together.as_ref().is_some_and(|r| !r.steps.is_empty())
        });
        let confirmed = share(&found, is_confirmed);
        let all: Vec<_> = found.iter().filter_map(|findings| findings.confirmed).collect();
        let mean = |of: fn(&runner::study::Confirmed) -> f64| {
            let percent = 100.0 * all.iter().map(of).sum::<f64>() / all.len().max(1) as f64;
            (100.0 * percent).round() / 100.0 + 0.0 // not -0.00
        };
        println!(
            "| {seeds} | {:.0} % | {:.1} % | {:.2} % | {:+.2} | {:+.2} |",
            100.0 * shared,
            100.0 * nominated,
            100.0 * confirmed,
            mean(|confirmed| confirmed.searched),
            mean(|confirmed| confirmed.val_gain),
        );
        assert!(confirmed <= 0.05 + chance(0.22, count), "{seeds} seeds: {confirmed}");
    }
}

#[test]
fn a_study_finds_large_effects() {
    let count = simulations(12);
    println!("| seeds | true effect in points (1 = the spread between seeds) | kept | confirmed |");
    println!("|---|---|---|---|");
    for seeds in [2, 3, 5] {
        for effect in [1.0, 2.0, 3.0, 5.0] {
            let found = found(seeds, effect, 0.0, count);
            let kept = share(&found, keeps_dropout);
            let shown = share(&found, |findings| is_confirmed(findings) && keeps_dropout(findings));
            println!("| {seeds} | {effect} | {:.1} % | {:.1} % |", 100.0 * kept, 100.0 * shown);
            assert!(effect < 5.0 || shown > 0.7, "{seeds} seeds, {effect} points: {shown}");
        }
    }
}
