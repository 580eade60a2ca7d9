//! Effects of settings, on small designs.

use serde_json::{Value, json};

use super::*;
use crate::runs::samples::{seeds, seeds_with_val};

/// Three seeds of a config with these values of dropout and weight decay.
fn config(dropout: f64, decay: f64, train: f32, test: f32) -> Vec<RunRecord> {
    let changes = settings(dropout, decay);
    seeds(&changes, train, test, 0.003)
}

fn settings(dropout: f64, decay: f64) -> [(&'static str, Value); 2] {
    [("network.dropout", json!(dropout)), ("optimizer.weight_decay", json!(decay))]
}

/// Effects that add up: dropout takes 20 points of train and gives 4 of test, decay takes 10 and
/// gives 1; both together deviate by `extra` of train accuracy.
fn grid(extra: f32) -> Vec<RunRecord> {
    [
        config(0.0, 0.0, 0.94, 0.48),
        config(0.0, 0.01, 0.84, 0.49),
        config(0.5, 0.0, 0.74, 0.52),
        config(0.5, 0.01, 0.64 + extra, 0.53),
    ]
    .concat()
}

#[test]
fn effects_are_averaged_over_the_other_setting() {
    let effects = main_effects(&grid(0.0));
    assert_eq!(effects.settings.len(), 2);
    let dropout = &effects.settings[0];
    assert_eq!((dropout.key.as_str(), dropout.combinations), ("network.dropout", 2));
    let change = dropout.levels[1].change.unwrap();
    assert!((change.gap.value + 0.24).abs() < 1e-6, "{change:?}");
    assert!((change.held_out_accuracy.value - 0.04).abs() < 1e-6);
    assert!((change.train_accuracy.value + 0.20).abs() < 1e-6);
    assert!((dropout.levels[0].mean.train_accuracy.value - 0.89).abs() < 1e-6);
    assert_eq!(dropout.levels[0].runs, 6);
    assert!(effects.interactions.is_empty() && effects.notes.is_empty(), "{effects:?}");
    insta::assert_snapshot!(effects_text(&effects, crate::table::Format::Table, None).unwrap());
}

#[test]
fn intervals_come_from_the_pooled_spread_of_the_seeds() {
    let effects = main_effects(&grid(0.0));
    let level = &effects.settings[0].levels[1];
    // std 0.003 within each of four configs, 8 degrees of freedom; a level is 6 runs.
    let half = 2.306_004 * 0.003 / 6.0_f64.sqrt();
    let got = level.mean.held_out_accuracy.half_width.unwrap();
    assert!((got - half).abs() < 1e-6, "{got}, {half}");
    // Two differences looked at: t(1 - 0.05 / 4, 8) = 2.7515
    let half = 2.751_5 * 0.003 * (2.0_f64 / 6.0).sqrt();
    let got = level.change.unwrap().held_out_accuracy.half_width.unwrap();
    assert!((got - half).abs() < 1e-6, "{got}, {half}");
}

#[test]
fn settings_that_do_not_add_up_are_told() {
    let effects = main_effects(&grid(0.15));
    assert_eq!(effects.interactions.len(), 1, "{effects:?}");
    let found = &effects.interactions[0];
    assert_eq!((found.figure, found.values.clone()), ("gap", ["0.5".into(), "0.01".into()]));
    assert!((found.deviation.value - 0.15).abs() < 1e-6, "{found:?}");
    insta::assert_snapshot!(effects_text(&effects, crate::table::Format::Table, None).unwrap());
}

#[test]
fn missing_cells_leave_the_matched_ones() {
    let mut records = grid(0.0);
    records.retain(|r| {
        r.trial.pointer("/network/dropout") != Some(&json!(0.5))
            || r.trial.pointer("/optimizer/weight_decay") != Some(&json!(0.01))
    });
    // Each setting has one pair of configs left, which are compared with the baseline.
    assert_eq!(main_effects(&records), Effects { held_out: "test", ..Effects::default() });
    records.extend(config(0.0, 0.1, 0.74, 0.50));
    records.extend(config(0.5, 0.1, 0.54, 0.54));
    let effects = main_effects(&records);
    let dropout = &effects.settings[0];
    assert_eq!((dropout.key.as_str(), dropout.combinations), ("network.dropout", 2));
    assert!((dropout.levels[1].change.unwrap().gap.value + 0.24).abs() < 1e-6);
    assert!(effects.notes[0].contains("1 of 5 configs"), "{:?}", effects.notes);
    // Decay 0, 0.01 and 0.1 occur together only once; 0 and 0.1 do with each dropout.
    let decay = &effects.settings[1];
    assert_eq!((decay.combinations, decay.levels.len()), (2, 2));
    assert_eq!(decay.levels[1].value, "0.1");
}

#[test]
fn settings_that_change_together_are_one() {
    let mut records = Vec::new();
    for (batch_norm, gain) in [(false, 0.0), (true, 0.1)] {
        for (dropout, decay, train, test) in [(0.0, 0.0, 0.84, 0.38), (0.5, 0.01, 0.54, 0.43)] {
            let [a, b] = settings(dropout, decay);
            let changes = [a, b, ("network.batch_norm", json!(batch_norm))];
            records.extend(seeds(&changes, train + gain, test + gain, 0.003));
        }
    }
    let effects = main_effects(&records);
    let tied = effects.settings.iter().find(|setting| setting.key.contains(" + ")).unwrap();
    assert_eq!(tied.key, "network.dropout + optimizer.weight_decay");
    assert_eq!(tied.levels[1].value, "0.5 + 0.01");
    assert!(effects.notes[0].contains("only change together"), "{:?}", effects.notes);
}

#[test]
fn values_that_never_meet_with_the_rest_equal_have_no_effect_of_their_own() {
    let three = [(0.0, 0.1), (0.2, 0.1), (0.5, 0.2), (0.7, 0.3)];
    let records: Vec<_> = three.into_iter().flat_map(|(d, w)| config(d, w, 0.9, 0.5)).collect();
    let effects = main_effects(&records);
    // Dropout 0 and 0.2 meet at one decay: the comparison with the baseline tells what that does.
    assert_eq!(effects.settings, [], "{effects:?}");
    let note = "optimizer.weight_decay: no two of its values occur with everything else equal, so its effect cannot \
                be isolated";
    assert_eq!(effects.notes, [note]);
}

/// 20 drawn points of dropout and decay, of which only dropout has an effect, each with and
/// without batch norm.
fn searched() -> Vec<RunRecord> {
    let mut records = Vec::new();
    for index in 0..20_u32 {
        let (dropout, decay) = (f64::from(index) / 40.0, f64::from((index * 7) % 20) / 100.0);
        for (batch_norm, gain) in [(false, 0.0), (true, 0.1)] {
            let [a, b] = settings(dropout, decay);
            let changes = [a, b, ("network.batch_norm", json!(batch_norm))];
            let test = 0.4 + 0.2 * dropout as f32 + gain;
            records.extend(seeds(&changes, 0.9, test, 0.003));
        }
    }
    records
}

#[test]
fn drawn_settings_have_trends_and_no_table_of_their_values() {
    let effects = main_effects(&searched());
    let keys: Vec<&str> = effects.settings.iter().map(|setting| &*setting.key).collect();
    assert_eq!(keys, ["network.batch_norm"]);
    let batch_norm = &effects.settings[0];
    assert_eq!((batch_norm.combinations, batch_norm.levels.len()), (20, 2));
    let [dropout, decay] = &effects.trends[..] else { panic!("{effects:?}") };
    assert_eq!((dropout.points, dropout.best_points), (20, 4));
    assert!(dropout.held_out_accuracy.is_beyond_chance() && dropout.gap.high < 0.0);
    assert_eq!(dropout.best_values, [0.4, 0.475]);
    assert!(!decay.held_out_accuracy.is_beyond_chance(), "{decay:?}");
    assert!(effects.notes.is_empty() && effects.interactions.is_empty(), "{effects:?}");
    let text = effects_text(&effects, crate::table::Format::Table, Some(100)).unwrap();
    insta::assert_snapshot!(text);
    insta::assert_snapshot!(trend_sentences(&effects).join("\n"));
}

#[test]
fn one_seed_has_effects_without_intervals_and_without_verdicts() {
    let mut records = grid(0.15);
    records.retain(|record| record.trial.seed() == Some(1));
    let effects = main_effects(&records);
    let change = effects.settings[0].levels[1].change.unwrap();
    assert_eq!(change.gap.half_width, None);
    assert!(effects.interactions.is_empty());
    let text = effects_text(&effects, crate::table::Format::Table, None).unwrap();
    assert!(text.contains("one seed each"), "{text}");
    assert!(!text.contains("within the noise") && !text.contains('±'), "{text}");
}

#[test]
fn sealed_runs_are_judged_by_validation() {
    let mut records = Vec::new();
    for decay in [0.0, 0.01] {
        records.extend(seeds_with_val(&settings(0.0, decay), [0.9, 0.5, 0.5], 0.003));
        records.extend(seeds_with_val(&settings(0.5, decay), [0.7, 0.6, 0.6], 0.003));
    }
    for row in records.iter_mut().flat_map(|record| [&mut record.last, &mut record.best]) {
        let row = row.as_mut().unwrap();
        (row.test_loss, row.test_accuracy, row.gap) = (None, None, None);
    }
    let effects = main_effects(&records);
    assert_eq!(effects.held_out, "validation");
    let change = effects.settings[0].levels[1].change.unwrap();
    assert!((change.held_out_accuracy.value - 0.1).abs() < 1e-6, "{change:?}");
}

/// A run of every record on data of another content, with another key of `[dataset]`.
fn on_other_data(records: &[RunRecord]) -> Vec<RunRecord> {
    let mut others = records.to_vec();
    for run in &mut others {
        run.provenance.data_sha256 = "ef".repeat(32);
        crate::runs::samples::set(run, "dataset", "train_examples", json!(500));
        run.id = format!("{}ef", &run.id[..10]);
        run.last.as_mut().unwrap().test_accuracy = Some(0.9);
    }
    others
}

#[test]
fn noisy_labels_are_said_to_count_in_train_accuracy() {
    let says = |records: &[RunRecord]| {
        main_effects(records)
            .notes
            .iter()
            .any(|note| note.starts_with("dataset.label_noise: train"))
    };
    let clean = config(0.0, 0.0, 0.9, 0.5);
    let mut noisy = config(0.0, 0.0, 0.7, 0.4);
    for run in &mut noisy {
        crate::runs::samples::set(run, "dataset", "label_noise", json!(0.2));
        run.id = format!("{}ef", &run.id[..10]);
    }
    assert!(says(&[clean.clone(), noisy].concat()));
    assert!(!says(&clean));
}

#[test]
fn effects_are_told_on_the_same_examples_alone() {
    let records = grid(0.0);
    let both = [records.clone(), on_other_data(&records)].concat();
    let effects = main_effects(&both);
    let keys: Vec<&str> = effects.settings.iter().map(|setting| &*setting.key).collect();
    assert_eq!(keys, ["network.dropout", "optimizer.weight_decay"]);
    assert_eq!(effects.settings[0].combinations, 4, "two on each of the data");
    let note = "dataset.data_sha256 + dataset.train_examples: its values are measured on \
                different examples, so its effect cannot be isolated";
    assert!(effects.notes.iter().any(|line| line == note), "{:?}", effects.notes);
    // Two values of a setting, each on different data.
    let crossed = [config(0.0, 0.0, 0.9, 0.5), on_other_data(&config(0.5, 0.0, 0.9, 0.5))];
    let effects = main_effects(&crossed.concat());
    assert!(effects.settings.is_empty() && effects.interactions.is_empty(), "{effects:?}");
}

#[test]
fn no_trend_is_told_across_different_data() {
    let records = searched();
    let both = [records.clone(), on_other_data(&records)].concat();
    let effects = main_effects(&both);
    assert!(effects.trends.is_empty(), "{:?}", effects.trends);
    let note = "no trend is reported: the configs are measured on different examples";
    assert!(effects.notes.iter().any(|line| line == note), "{:?}", effects.notes);
}

#[test]
fn seeds_that_agree_have_no_intervals_and_no_verdict() {
    let flat = |dropout: f64, decay, test| seeds(&settings(dropout, decay), 0.9, test, 0.0);
    let of_decay = |decay, gain: f32| [flat(0.0, decay, 0.5 + gain), flat(0.5, decay, 0.6 + gain)];
    let effects = main_effects(&[of_decay(0.0, 0.0), of_decay(0.01, 0.01)].concat().concat());
    let change = effects.settings[0].levels[1].change.unwrap();
    assert_eq!(change.held_out_accuracy.half_width, None);
    let text = effects_text(&effects, crate::table::Format::Table, None).unwrap();
    assert!(!text.contains('±') && !text.contains("raises"), "{text}");
    let note = "the seeds of every config happen to agree in train accuracy and test accuracy and gap, which shows no spread: it has no intervals and cannot be told from noise\n";
    assert!(text.ends_with(note), "{text}");
}

#[test]
fn nothing_varied_and_nothing_finished_have_no_effects() {
    assert_eq!(main_effects(&[]), Effects::default());
    let mut records = config(0.0, 0.0, 0.9, 0.5);
    assert!(main_effects(&records).settings.is_empty());
    for record in &mut records {
        record.state = crate::runs::record::RunState::Running;
    }
    assert_eq!(main_effects(&records), Effects::default());
}

#[test]
fn a_dozen_drawn_numbers_have_a_trend_and_no_levels() {
    let of = |count: u32, drawn: &[&str]| {
        let config = |i: u32| {
            seeds(
                &[("network.dropout", json!(0.01 * f64::from(i)))],
                0.9,
                0.5 + 0.01 * i as f32,
                0.003,
            )
        };
        let mut records: Vec<RunRecord> = (0..count).flat_map(config).collect();
        let drawn: Vec<String> = drawn.iter().map(|key| (*key).to_owned()).collect();
        records.iter_mut().for_each(|run| run.role.drawn.clone_from(&drawn));
        main_effects(&records).trends.len()
    };
    assert_eq!((of(10, &["network.dropout"]), of(12, &[]), of(13, &[])), (1, 0, 1));
    assert_eq!((of(9, &["network.dropout"]), of(12, &["optimizer"])), (0, 0));
}
