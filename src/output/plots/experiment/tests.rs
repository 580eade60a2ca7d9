//! `RUNNER_LOOK_AT_PLOTS=folder cargo test plots` writes the plots there for inspection.

use serde_json::{Value, json};

use super::*;
use crate::runs::record::RunState;
use crate::runs::samples::{row, run, trial};

mod changes;
mod pareto;

const GAP: &str = "gap_vs_test";
const DROPOUT: &str = "network.dropout";
const DECAY: &str = "optimizer.weight_decay";

/// Runs with their rows.
#[derive(Default)]
struct Runs {
    records: Vec<RunRecord>,
    rows: Vec<Vec<MetricsRow>>,
}

/// Typical overfitting: train rises, test peaks early and falls. `strength` 0 to 1 narrows the gap.
fn overfitting(epochs: u64, strength: f32, seed: u64) -> Vec<MetricsRow> {
    let curve = |epoch: u64| {
        let t = epoch as f32 / epochs.max(1) as f32;
        let wander = 0.006 * (epoch as f32 * 2.4 + seed as f32 * 1.7).sin() + 0.004 * seed as f32;
        let train = 0.1 + (0.84 - 0.3 * strength) * (1.0 - (-6.0 * t).exp());
        let fall = 0.08 * (1.0 - strength) * t;
        let test = 0.1 + (0.38 + 0.06 * strength) * (1.0 - (-20.0 * t).exp()) - fall + wander;
        let mut row = row(epoch, train, None, test);
        row.train_loss = 2.3 * (-4.0 * t).exp() + 0.05;
        row
    };
    (0..=epochs).map(curve).collect()
}

impl Runs {
    /// `seeds` finished runs of one config.
    fn add(&mut self, changes: &[(&str, Value)], seeds: u64, epochs: u64, strength: f32) {
        for seed in 1..=seeds {
            let rows = overfitting(epochs, strength, seed);
            let last = rows[rows.len() - 1];
            self.records.push(run(trial(changes, seed), last, last));
            self.rows.push(rows);
        }
    }

    /// `count` values of Dropout.
    fn dropouts(count: u32, seeds: u64, epochs: u64) -> Runs {
        let mut runs = Runs::default();
        for index in 0..count {
            let dropout = f64::from(index) / f64::from(count.max(2));
            let dropout = (dropout * 1000.0).round() / 1000.0;
            runs.add(&[(DROPOUT, json!(dropout))], seeds, epochs, index as f32 / count as f32);
        }
        runs
    }

    fn plots(&self, name: &str) -> Vec<(String, Plot)> {
        let plots = experiment_plots(&self.records, &self.rows).unwrap().plots;
        if let Some(folder) = std::env::var_os("RUNNER_LOOK_AT_PLOTS") {
            for (kind, plot) in &plots {
                let path = std::path::Path::new(&folder).join(format!("{name}_{kind}.png"));
                std::fs::write(path.with_extension("svg"), &plot.svg).unwrap();
                std::fs::write(path, &plot.png).unwrap();
            }
        }
        plots
    }
}

fn names(plots: &[(String, Plot)]) -> Vec<&str> {
    plots.iter().map(|(name, _)| name.as_str()).collect()
}

#[test]
fn one_varied_setting_has_curves_panels_and_its_effect() {
    let runs = Runs::dropouts(2, 3, 60);
    let plots = runs.plots("two");
    assert_eq!(
        names(&plots),
        ["curves_test", "curves_gap", "train_test", "by_dropout", "forest", GAP]
    );
    assert!(plots[0].1.svg.contains("best test accuracy first; line: mean; band: lowest"));
    assert!(plots[0].1.svg.contains("3 seeds each") && plots[0].1.svg.contains("dropout 0.5"));
    assert!(plots[0].1.png.starts_with(b"\x89PNG"));
    let again = experiment_plots(&runs.records, &runs.rows).unwrap();
    assert_eq!(plots, again.plots, "the same bytes");
}

#[test]
fn two_varied_settings_have_heat_maps_too() {
    let mut runs = Runs::default();
    for (index, dropout) in [0.0, 0.2, 0.5].into_iter().enumerate() {
        for (other, decay) in [0.0, 0.001, 0.01, 0.1].into_iter().enumerate() {
            let changes = [(DROPOUT, json!(dropout)), (DECAY, json!(decay))];
            runs.add(&changes, 3, 40, (index as f32 / 3.0 + other as f32 / 9.0).min(1.0));
        }
    }
    let plots = runs.plots("grid");
    let two = ["heat_map_test", "heat_map_gap", "by_dropout", "by_weight_decay", "forest", GAP];
    assert_eq!(names(&plots)[3..], two);
    assert!(plots[3].1.svg.contains("weight decay"));
    assert!(plots[0].1.svg.contains("2 others"), "twelve configs, ten colours");
    assert!(plots[2].1.svg.contains("the best 9 of 12 configs"));
    // One config with only a diverged run, and one that is missing.
    let last = runs.records.len() - 3;
    for record in &mut runs.records[last..] {
        record.state = RunState::Diverged;
    }
    runs.records.drain(18..21);
    runs.rows.drain(18..21);
    let plots = runs.plots("holes");
    assert_eq!(names(&plots)[3..], ["heat_map_test", "heat_map_gap", "forest", GAP]);
    assert!(plots[3].1.svg.contains("diverged"));
    let left_out = experiment_plots(&runs.records, &runs.rows).unwrap().left_out;
    insta::assert_snapshot!(left_out.join("\n"), @"left out by_dropout, by_weight_decay: they average over the other settings, and these configs are not a full grid of them");
}

#[test]
fn sealed_runs_are_drawn_by_validation() {
    let mut runs = Runs::dropouts(2, 2, 20);
    for row in runs.rows.iter_mut().flatten() {
        row.val_accuracy = row.test_accuracy.take();
        (row.val_loss, row.test_loss, row.gap) = (Some(1.0), None, None);
    }
    for (record, rows) in runs.records.iter_mut().zip(&runs.rows) {
        (record.last, record.best) = (rows.last().copied(), rows.last().copied());
    }
    let plots = runs.plots("sealed");
    assert_eq!(
        names(&plots),
        ["curves_val", "curves_gap", "train_val", "by_dropout", "forest", "gap_vs_val"]
    );
    assert!(plots[0].1.svg.contains("Validation accuracy"));
    assert!(plots.iter().all(|(_, plot)| !plot.svg.contains("test")), "a figure that is not there");
}

#[test]
fn many_configs_and_one_seed() {
    let six = Runs::dropouts(6, 1, 3).plots("six_short");
    assert!(six[0].1.svg.contains("one seed each: no spread is known"));
    Runs::dropouts(12, 3, 100).plots("twelve");
    let forty = Runs::dropouts(40, 1, 50).plots("forty");
    assert!(forty[0].1.svg.contains("30 others"));
}

#[test]
fn searched_settings_stand_on_axes_of_numbers_and_have_no_heat_maps() {
    let mut runs = Runs::default();
    for index in 0..32_u32 {
        let share = f64::from(index) / 31.0;
        let dropout = f64::from((index * 13) % 32) / 64.0;
        let rate = 1e-4 * libm::exp10(3.0 * share);
        let best_in_the_middle = 1.0 - (2.0 * share - 1.0).abs();
        let changes = [("optimizer.learning_rate", json!(rate)), (DROPOUT, json!(dropout))];
        runs.add(&changes, 2, 20, best_in_the_middle as f32);
    }
    let plots = runs.plots("search");
    let names = names(&plots);
    assert_eq!(names[3..], ["by_dropout", "by_learning_rate"]);
    let curves = &plots[0].1.svg;
    assert!(curves.contains("numbers: dropout, learning rate; best test accuracy first"));
    assert!(!curves.contains("dropout 0."), "names of settings in the legend");
    let svg = &plots[4].1.svg;
    for text in ["\n0.0001\n", "\n0.1\n", "dot: a run, whatever the other settings"] {
        assert!(svg.contains(text), "{text}");
    }
    assert!(plots[3].1.svg.contains("\n0.2\n") && !plots[3].1.svg.contains("\n0.203125\n"));
}

#[test]
fn many_epochs_are_averaged_and_it_is_said() {
    let plots = Runs::dropouts(9, 3, 2000).plots("long");
    assert!(plots[0].1.svg.len() < 100_000, "{}", plots[0].1.svg.len());
    assert!(plots[0].1.svg.contains("points: means of 9 evaluated epochs"));
    assert!(plots[0].1.svg.contains("53.3 %"), "the last epoch's figure");
    assert!(plots[0].1.svg.contains("begins below the axis"));
}

#[test]
fn long_names_are_shortened_and_text_stays_text() {
    let mut runs = Runs::default();
    for index in 0..4_u32 {
        let sizes: Vec<u32> = (0..12).map(|layer| 100 + 10 * index + layer).collect();
        let evil = format!("<script>alert({index})</script> & \x1b[31m{}", "long".repeat(20));
        let changes = [("network.hidden_sizes", json!(sizes)), ("network.activation", json!(evil))];
        runs.add(&changes, 2, 30, index as f32 / 4.0);
    }
    for record in &mut runs.records {
        record.experiments = vec!["a name that is long ".repeat(9) + "\u{202e}<b>"];
    }
    for (name, plot) in runs.plots("names") {
        let svg = plot.svg;
        assert!(
            !svg.contains("<script") && !svg.contains('\x1b') && !svg.contains("<b>"),
            "{name}"
        );
        assert!(!svg.contains('\u{202e}'), "{name}");
    }
}

#[test]
fn keys_of_damaged_records_make_no_paths() {
    let varied = ["../../x".to_owned(), "a.b".to_owned()];
    assert_eq!(file_part("../../x", &varied), "_x");
    assert_eq!(file_part(&format!("n.{}", "ä/".repeat(99)), &varied).len(), LONGEST_NAME);
}

#[test]
fn diverged_empty_and_odd_runs_are_drawn_without_panic() {
    let mut runs = Runs::dropouts(3, 3, 40);
    for rows in &mut runs.rows[3..6] {
        rows.truncate(12);
        for bad in &mut rows[9..] {
            *bad = row(bad.epoch, f32::NAN, None, f32::NAN);
        }
    }
    for record in &mut runs.records[3..6] {
        record.state = RunState::Diverged;
    }
    runs.records[8].state = RunState::Diverged;
    runs.rows[8].truncate(5);
    let plots = runs.plots("diverged");
    assert!(plots[0].1.svg.contains("(diverged)") && plots[0].1.svg.contains("1 of 3 diverged"));
    assert_eq!(experiment_plots(&[], &[]).unwrap().plots.len(), 3);
    for rows in [vec![], vec![row(0, 0.1, None, 0.1)], vec![row(0, 1e30, None, f32::NAN); 5]] {
        let mut runs = Runs::dropouts(2, 2, 5);
        runs.rows.fill(rows);
        runs.plots("odd");
    }
}
