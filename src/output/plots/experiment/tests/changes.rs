//! The pictures of changes against the baseline.

use serde_json::json;

use super::{DECAY, DROPOUT, Runs};
use crate::analysis::compare::{Changes, CompareOptions, compare};
use crate::output::plots::experiment::{ExperimentPlot, forest};
use crate::output::plots::{Plot, draw};
use crate::runs::role::ConfigRole;
use crate::runs::samples::{row, run, trial};

/// Runs with these final accuracies, seed by seed, of configs of these names; the first is the baseline.
pub(super) fn variants(configs: &[(&str, f32, f32)], seeds: u64) -> Runs {
    let mut runs = Runs::default();
    for (index, (name, train, test)) in configs.iter().enumerate() {
        for seed in 1..=seeds {
            let luck = 0.006 * (index as f32 * 2.1 + seed as f32 * 4.7).sin();
            let of =
                |share: f32| row((200.0 * share) as u64, share * train, None, share * test + luck);
            let last = of(1.0);
            let changes = [(DECAY, json!(index as f64 / 100.0))];
            let mut record = run(trial(&changes, seed), last, last);
            record.role = match index {
                0 => ConfigRole { is_baseline: true, ..ConfigRole::default() },
                _ => ConfigRole { variant: Some((*name).to_owned()), ..ConfigRole::default() },
            };
            runs.records.push(record);
            runs.rows.push((1..=20).map(|epoch| of(epoch as f32 / 20.0)).collect());
        }
    }
    runs
}

/// The variants of CIFAR-10 cut to 10,000 images, about as they came out.
pub(super) const CIFAR: [(&str, f32, f32); 9] = [
    ("baseline", 0.902, 0.383),
    ("flip + crop", 0.772, 0.462),
    ("Dropout 0.2", 0.72, 0.431),
    ("Dropout 0.5", 0.43, 0.380),
    ("weight decay 0.01", 0.55, 0.344),
    ("label smoothing 0.1", 0.91, 0.386),
    ("45,000 images instead of 10,000", 0.80, 0.492),
    (
        "simple_convnet, with a name that is so long that it does not fit into one line of the picture",
        0.99,
        0.553,
    ),
    ("learning rate 0.03", 0.97, 0.385),
];

fn plot<'a>(plots: &'a [(String, Plot)], name: &str) -> Option<&'a str> {
    plots.iter().find(|(kind, _)| kind == name).map(|(_, plot)| plot.svg.as_str())
}

#[test]
fn a_forest_has_a_row_for_each_change_and_a_dot_for_each_seed() {
    let plots = variants(&CIFAR, 3).plots("variants");
    let svg = plot(&plots, "forest").unwrap();
    for (name, ..) in &CIFAR[1..7] {
        assert!(svg.contains(&format!("\n{name}\n")), "{name}: {svg}");
    }
    assert!(svg.contains("\nsimple_convnet, with a name") && !svg.contains('…'), "in full: {svg}");
    let words = ["lowers test accuracy", "raises test accuracy and narrows the gap"];
    let places = words.map(|words| svg.find(&format!("\n{words}\n")).unwrap());
    assert!(places[0] < places[1], "in the order of the verdict");
    assert_eq!(svg.matches("<circle").count(), 8 * 3 * 2, "{svg}");
    assert!(svg.contains("all 8 at once") && svg.contains("run of the same seed"));
    assert!(svg.contains("test accuracy 38."), "{svg}");
    assert!(svg.contains("points (right: better)"), "{svg}");
}

#[test]
fn one_seed_has_dots_and_no_whiskers_and_few_seeds_have_arrows() {
    let one = variants(&CIFAR[..4], 1).plots("one_seed");
    let svg = plot(&one, "forest").unwrap();
    assert_eq!(svg.matches("<circle").count(), 3 * 2);
    assert!(svg.contains("no whiskers") && !svg.contains('['), "{svg}");
    variants(&CIFAR[..5], 2).plots("two_seeds");
}

#[test]
fn a_whisker_that_is_much_longer_than_the_others_ends_in_an_arrow() {
    let runs = variants(&CIFAR[..5], 3);
    let options = CompareOptions::default();
    let mut changes = compare(&runs.records, &options).unwrap().changes.unwrap();
    let words = "a whisker that ends in an arrow goes on beyond the axis";
    let drawn = |changes: &Changes| {
        let experiment = ExperimentPlot::new(&runs.records, &runs.rows);
        draw::svg(&forest::forest(&experiment, changes).unwrap()).unwrap()
    };
    assert!(!drawn(&changes).contains(words));
    changes.list[0].score.interval = Some([-3.0, 3.0]);
    assert!(drawn(&changes).contains(words));
}

#[test]
fn many_changes_are_cut_and_it_is_said() {
    let names: Vec<String> = (0..80).map(|index| format!("change {index}")).collect();
    let configs: Vec<(&str, f32, f32)> = names
        .iter()
        .zip(0..)
        .map(|(name, at)| (name.as_str(), 0.9, 0.4 + 0.001 * at as f32))
        .collect();
    let plots = variants(&configs, 3).plots("eighty");
    let svg = plot(&plots, "forest").unwrap();
    assert!(svg.contains("60 of 79 changes"), "{svg}");
    assert_eq!(svg.matches("<circle").count(), 60 * 3 * 2);
    variants(&configs[..25], 3).plots("twenty_five");
}

#[test]
fn without_a_baseline_there_is_no_picture_of_changes() {
    let mut runs = Runs::default();
    runs.add(&[(DROPOUT, json!(0.2))], 3, 20, 0.5);
    for name in ["forest", "gap_vs_test"] {
        assert!(plot(&runs.plots("single"), name).is_none());
    }
}

#[test]
fn names_and_figures_of_damaged_runs_are_drawn_as_text() {
    let evil = "<script>\u{1b}[31m\u{202e}";
    let configs =
        [("baseline", f32::NAN, 0.4), (evil, 0.8, f32::NAN), ("", 1e30, -1e30), (" ", 0.5, 0.5)];
    let plots = variants(&configs, 3).plots("evil");
    for (name, plot) in &plots {
        assert!(!plot.svg.contains("<script") && !plot.svg.contains('\u{1b}'), "{name}");
    }
}

#[test]
fn arrows_go_from_the_baseline_to_each_config() {
    let plots = variants(&CIFAR[..7], 3).plots("arrows");
    let svg = plot(&plots, "gap_vs_test").unwrap();
    for (name, ..) in &CIFAR[..7] {
        assert!(svg.contains(&format!("\n{name}\n")), "{name}: {svg}");
    }
    assert!(svg.contains("\nbetter\n") && svg.contains("\nlearned less\n"), "{svg}");
    assert!(svg.contains("\n0\n") && svg.contains("gap in points") && !svg.contains("below 0"));
    let plots = variants(&CIFAR, 3).plots("arrows_key");
    let svg = plot(&plots, "gap_vs_test").unwrap();
    assert!(svg.contains("\n8\n") && svg.contains("\nDropout 0.2\n"), "numbers with a key: {svg}");
    let negative = [CIFAR[0], ("less", 0.20, 0.25), ("as much", 0.902, 0.3831)];
    let plots = variants(&negative, 3).plots("arrows_negative");
    let svg = plot(&plots, "gap_vs_test").unwrap();
    assert!(svg.contains("a gap is negative: the axis begins below 0"), "{svg}");
}

/// The numbers: alone, flips take the gap from 51.9 to 31.0; averaged over runs that each change something
/// else, they would seem to raise it.
#[test]
fn one_change_at_a_time_has_no_means_over_the_other_changes() {
    let mut runs = Runs::default();
    let flip = ("augmentation.horizontal_flip", json!(0.5));
    let mut add = |changes: &[(&str, serde_json::Value)], train: f32, test: f32| {
        for seed in 1..=3 {
            let last = row(200, train, None, test);
            runs.records.push(run(trial(changes, seed), last, last));
            runs.rows.push(vec![row(0, 0.1, None, 0.1), last]);
        }
    };
    add(&[], 0.902, 0.383);
    add(&[flip], 0.772, 0.462);
    for (dropout, train, test) in [(0.2, 0.60, 0.431), (0.5, 0.43, 0.38), (0.7, 0.30, 0.29)] {
        add(&[(DROPOUT, json!(dropout))], train, test);
    }
    let gap = |with_flip: bool| {
        let is_one = |r: &&crate::runs::record::RunRecord| {
            r.trial.pointer("/augmentation/horizontal_flip").is_some() == with_flip
        };
        let gaps: Vec<f32> =
            runs.records.iter().filter(is_one).filter_map(|r| r.last?.gap).collect();
        gaps.iter().sum::<f32>() / gaps.len() as f32
    };
    assert!(gap(false) < gap(true), "the naive means: {} to {}", gap(false), gap(true));
    let plots = runs.plots("one_at_a_time");
    assert!(plots.iter().all(|(name, _)| !name.starts_with("by_")), "{:?}", plots.len());
    let effects = crate::analysis::effects::main_effects(&runs.records);
    assert_eq!(effects.settings, [], "the forest tells the changes");
}

#[test]
fn accuracy_is_drawn_by_the_number_of_training_images_where_it_varies() {
    let mut runs = Runs::default();
    for (size, train, test) in [(5_000, 0.99, 0.34), (10_000, 0.902, 0.383), (45_000, 0.80, 0.492)]
    {
        for dropout in [0.0, 0.2] {
            for seed in 1..=3 {
                let test = test + 0.1 * dropout as f32 + 0.004 * seed as f32;
                let last = row(200, train, None, test);
                let changes = [
                    ("dataset.train_examples", json!(size)),
                    (DROPOUT, json!(dropout)),
                    ("training.steps", json!(size / 10)),
                ];
                runs.records.push(run(trial(&changes, seed), last, last));
                runs.rows.push(vec![row(0, 0.1, None, 0.1), last]);
            }
        }
    }
    let plots = runs.plots("sizes");
    let svg = plot(&plots, "accuracy_by_train_examples").unwrap();
    for text in ["5,000", "10,000", "45,000", "dropout 0.2", "baseline"] {
        assert!(svg.contains(&format!("\n{text}\n")), "{text}: {svg}");
    }
    assert_eq!(svg.matches("<circle").count(), 2 * 3 * 3 * 2, "{svg}");
    let one: Vec<usize> = (0..18).filter(|index| index % 6 < 3).collect();
    let one = Runs {
        records: one.iter().map(|index| runs.records[*index].clone()).collect(),
        rows: one.iter().map(|index| runs.rows[*index].clone()).collect(),
    };
    let plots = one.plots("one_size_curve");
    assert!(plot(&plots, "accuracy_by_train_examples").unwrap().contains("\ntrain\n"));
    assert!(plot(&variants(&CIFAR, 2).plots("x"), "accuracy_by_train_examples").is_none());
}
