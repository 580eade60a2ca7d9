//! Advice from curves, and as an experiment.

use std::path::Path;

use super::*;
use crate::analysis::diagnosis::diagnose;
use crate::analysis::diagnosis::samples::{decaying, flat, memorised, run_of, runs_of};
use crate::experiment::{Experiment, MAX_TRIALS};

fn read(text: &str) -> Experiment {
    Experiment::from_bytes(Path::new("a.toml"), text.as_bytes(), &[], MAX_TRIALS, false).unwrap()
}

/// A fully connected network on photographs, of which there are more.
fn trial() -> Trial {
    let text = "dataset = { kind = 'cifar10', train_examples = 2000 }\ntraining.epochs = 40\n\
                network = { kind = 'mlp', hidden_sizes = [100] }\noptimizer.kind = 'adam'";
    read(text).trials.remove(0)
}

fn advised(runs: &[Curves], siblings: &[Sibling]) -> Result<Vec<Advice>, NoAdvice> {
    let refs: Vec<&Curves> = runs.iter().collect();
    advise(&trial(), &refs, &diagnose(runs), siblings)
}

fn advice_for(runs: &[Curves], siblings: &[Sibling]) -> Vec<Advice> {
    advised(runs, siblings).expect("advice")
}

fn names(advice: &[Advice]) -> Vec<&str> {
    advice.iter().map(|advice| &*advice.name).collect()
}

#[test]
fn what_is_expected_to_add_the_most_comes_first() {
    let advice = advice_for(&runs_of(3, memorised), &[]);
    assert!((3..=MOST).contains(&advice.len()), "{advice:?}");
    let middles: Vec<f64> = advice.iter().map(Advice::worth).collect();
    assert!(middles.is_sorted_by(|a, b| a >= b), "{advice:?}");
    assert!(advice.iter().all(|advice| advice.expected[0] >= LEAST), "{advice:?}");
    for name in ["4,000 training examples", "simple_convnet", "flip + crop"] {
        assert!(names(&advice).contains(&name), "{advice:?}");
    }
}

#[test]
fn what_has_run_counts_with_what_it_did() {
    let runs = runs_of(3, memorised);
    let convnet = trial().changed([("network.kind", "'simple_convnet'")]).unwrap().config_id();
    let change =
        FigureChange { mean: 0.6, value: 0.2, interval: Some([0.1, 0.3]), seeds: Vec::new() };
    let sibling = |change| [Sibling { config_id: convnet.clone(), label: "conv", change }];
    let advice = advice_for(&runs, &sibling(Some(&change)));
    let ran = advice.iter().find_map(|advice| advice.ran.as_ref()).unwrap();
    assert_eq!((&*ran.label, ran.change, ran.interval), ("conv", 0.2, Some([0.1, 0.3])));
    let unknown = advice_for(&runs, &sibling(None));
    assert!(!names(&unknown).contains(&"simple_convnet"), "{unknown:?}");
}

#[test]
fn a_healthy_config_gets_no_regularisation() {
    let advice = advice_for(&runs_of(3, decaying), &[]);
    assert!(!names(&advice).iter().any(|name| name.contains("dropout")), "{advice:?}");
}

#[test]
fn a_rate_that_is_too_high_is_lowered_and_a_diverged_run_has_one() {
    let mut diverged = runs_of(2, flat);
    for run in &mut diverged {
        run.record.state = crate::runs::record::RunState::Diverged;
    }
    let advice = advice_for(&diverged, &[]);
    assert_eq!(names(&advice)[0], "learning rate 0.0001", "{advice:?}");
}

#[test]
fn runs_of_which_nothing_is_known_get_no_advice_and_the_reason() {
    assert_eq!(advised(&[], &[]), Err(NoAdvice::Unfinished));
    let mut running = runs_of(2, memorised);
    for run in &mut running {
        run.record.state = crate::runs::record::RunState::Running;
    }
    assert_eq!(advised(&running, &[]), Err(NoAdvice::Unfinished));
    let mut empty = run_of(1, 10, |_, _| {});
    assert_eq!(advised(&[run_of(1, 4, |_, _| {})], &[]), Err(NoAdvice::TooShort));
    empty.rows.clear();
    let reason = advised(&[empty], &[]).unwrap_err();
    assert!(matches!(reason, NoAdvice::TooShort | NoAdvice::NotEvaluated), "{reason:?}");
}

#[test]
fn advice_is_an_experiment_that_says_what_is_expected() {
    let advice = advice_for(&runs_of(3, memorised), &[]);
    let text = advice_file(&trial(), &[1, 2, 5], &advice).unwrap();
    let experiment = read(&text);
    assert_eq!(experiment.trials.len(), 3 * (1 + advice.len()));
    assert_eq!(experiment.baseline, Some(trial().config_id()));
    for role in experiment.variants.values() {
        let piece = advice.iter().find(|a| Some(&a.name) == role.variant.as_ref()).unwrap();
        let [low, high] = role.expected.unwrap();
        assert!((low - 100.0 * piece.expected[0]).abs() <= 0.05, "{piece:?}");
        assert!((high - 100.0 * piece.expected[1]).abs() <= 0.05, "{piece:?}");
    }
    assert_eq!(advice_file(&trial(), &[1], &[]), None);
}
