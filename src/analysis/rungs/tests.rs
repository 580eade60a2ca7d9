use std::fs;
use std::sync::Arc;
use std::time::Duration;

use serde_json::json;

use super::*;
use crate::experiment::{HalvingConfig, HalvingKind};
use crate::runs::folder::{Claims, RealDisk};
use crate::runs::metrics::metrics_csv;
use crate::runs::samples::{row, run, set, trial, write_run};
use crate::table::Format;

/// Runs of a halving of 9 configs to 1, 3 and 9 epochs, which keeps one in three.
struct Runs {
    folder: tempfile::TempDir,
    halving: Halving,
}

impl Runs {
    fn new(seeds: u64, monitor: Monitor) -> Runs {
        let id = |config: usize, seed: u64| format!("{config:06}{seed:06}");
        let configs = (0..9).map(|config| (0..seeds).map(|seed| id(config, seed)).collect());
        let rung = |(epochs, configs)| Rung { epochs, configs };
        let rungs = [(1, 9), (3, 3), (9, 1)].map(rung).to_vec();
        let kind = HalvingKind::SuccessiveHalving;
        let config = HalvingConfig { kind, min_epochs: 1, eta: 3, monitor };
        let brackets = vec![Bracket { configs: (0..9).collect(), rungs }];
        let halving = Halving { config, total_epochs: 9, configs: configs.collect(), brackets };
        Runs { folder: tempfile::tempdir().unwrap(), halving }
    }

    /// A run that has these validation accuracies, epoch after epoch.
    fn write(&self, config: usize, seed: u64, state: RunState, accuracies: &[f32]) {
        let rows = accuracies.iter().enumerate();
        let rows: Vec<MetricsRow> =
            rows.map(|(i, val)| row(i as u64, 0.9, Some(*val), 0.5)).collect();
        let last = *rows.last().unwrap();
        let mut record = run(trial(&[], seed), last, last);
        set(&mut record, "network", "dropout", json!(config));
        (record.id, record.state) = (format!("{config:06}{seed:06}"), state);
        record.total_epochs = 9;
        let folder = write_run(self.folder.path(), &record);
        fs::write(folder.join("metrics.csv"), metrics_csv(&rows)).unwrap();
    }

    fn halved(&self) -> HalvedRuns<'_> {
        HalvedRuns { halving: &self.halving, runs_dir: self.folder.path() }
    }

    fn follow(&self) -> Vec<RungState> {
        self.halved().follow(&self.halving.brackets[0]).states
    }

    fn rungs(&self) -> String {
        let Rungs { table, lines, .. } = Rungs::of(&self.halved());
        format!("{}\n{}", table.render(Format::Markdown, None).unwrap(), lines.join("\n"))
    }
}

/// All nine configs at the first rung, the last one the best, and config 4 diverged.
fn at_the_first_rung() -> Runs {
    let runs = Runs::new(1, Monitor::ValAccuracy);
    for config in 0..9 {
        let state = if config == 4 { RunState::Diverged } else { RunState::Paused };
        let accuracies = [0.1, 0.2 + 0.01 * config as f32];
        runs.write(config, 0, state, &accuracies[..if config == 4 { 1 } else { 2 }]);
    }
    runs
}

#[test]
fn the_best_of_a_rung_go_on_and_the_next_rung_waits_for_them() {
    let runs = at_the_first_rung();
    let states = runs.follow();
    assert_eq!(states.len(), 2);
    assert_eq!(states[0].promoted.as_deref(), Some(&[8, 7, 6][..]));
    assert_eq!(states[0].configs[4], (4, Some(f64::NEG_INFINITY)), "diverged");
    assert_eq!(states[1].configs, [(6, None), (7, None), (8, None)]);
    assert!(!states[1].is_complete() && states[1].promoted.is_none());
    insta::assert_snapshot!("first", runs.rungs());
}

#[test]
fn no_one_goes_on_before_all_are_there() {
    let runs = at_the_first_rung();
    fs::remove_dir_all(runs.folder.path().join("000002000000")).unwrap();
    let states = runs.follow();
    assert_eq!((states.len(), states[0].promoted.as_ref()), (1, None));
    assert_eq!(states[0].configs[2], (2, None));
}

#[test]
fn figures_are_those_of_the_rung_however_far_a_run_is() {
    let runs = at_the_first_rung();
    // Trained further for other reasons: falls far below the others after the rung, and rises above
    // them.
    runs.write(8, 0, RunState::Finished, &[0.1, 0.28, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]);
    runs.write(0, 0, RunState::Running, &[0.1, 0.2, 0.9]);
    assert_eq!(runs.follow()[0].promoted.as_deref(), Some(&[8, 7, 6][..]));
}

#[test]
fn a_run_that_early_stopping_ended_has_what_it_ended_with() {
    let runs = at_the_first_rung();
    runs.write(7, 0, RunState::Finished, &[0.1, 0.27, 0.5]);
    runs.write(6, 0, RunState::Paused, &[0.1, 0.26, 0.3, 0.4]);
    runs.write(8, 0, RunState::Paused, &[0.1, 0.28, 0.3, 0.35]);
    let states = runs.follow();
    assert_eq!(states[1].promoted.as_deref(), Some(&[7][..]));
    assert!(states[2].is_complete(), "its last figure is also that of the end");
    insta::assert_snapshot!("over", runs.rungs());
}

#[test]
fn of_equals_the_first_of_the_file_goes_on() {
    let runs = Runs::new(1, Monitor::ValLoss);
    (0..9).for_each(|config| runs.write(config, 0, RunState::Paused, &[0.1, 0.5]));
    assert_eq!(runs.follow()[0].promoted.as_deref(), Some(&[0, 1, 2][..]));
}

#[test]
fn a_config_is_the_mean_of_its_seeds_and_waits_for_all_of_them() {
    let runs = Runs::new(2, Monitor::ValAccuracy);
    for config in 0..9 {
        runs.write(config, 0, RunState::Paused, &[0.1, 0.25 + 0.01 * config as f32]);
        runs.write(config, 1, RunState::Paused, &[0.1, 0.5 - 0.03 * config as f32]);
    }
    assert_eq!(runs.follow()[0].promoted.as_deref(), Some(&[0, 1, 2][..]));
    runs.write(5, 1, RunState::Interrupted, &[0.1]);
    assert_eq!(runs.follow()[0].promoted, None);
}

#[test]
fn what_was_cut_off_at_a_rung_is_taken_up_once_more() {
    let runs = Runs::new(1, Monitor::ValAccuracy);
    let stands = |state, accuracies: &[f32]| {
        runs.write(0, 0, state, accuracies);
        let folder = runs.folder.path().join("000000000000");
        stands_at(&folder, 1).unwrap()
    };
    let (before, at, after) = (&[0.1][..], &[0.1, 0.2][..], &[0.1, 0.2, 0.3][..]);
    let goes_on = |state| !stands(state, before) && stands(state, at) && stands(state, after);
    assert!(goes_on(RunState::Paused));
    let claims = Claims::new(Arc::new(RealDisk), Duration::from_secs(60)).unwrap();
    let claim = claims.take(&runs.folder.path().join("000000000000"), || Ok(1)).unwrap();
    assert!(goes_on(RunState::Running));
    drop((claim, claims));
    assert!(!stands(RunState::Running, after), "it is lost");
    for state in [RunState::Interrupted, RunState::Failed] {
        assert!(!stands(state, before) && !stands(state, at) && stands(state, after), "{state}");
    }
    assert!(stands(RunState::Finished, before) && stands(RunState::Diverged, before));
    assert!(!stands_at(&runs.folder.path().join("ffffffffffff"), 1).unwrap());
}
