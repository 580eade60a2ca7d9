//! What pictures of changes are drawn from.

use serde_json::{Value, json};

use crate::analysis::compare::{Changes, CompareOptions, Direction, compare};
use crate::runs::figures::Figure;
use crate::runs::record::{RunRecord, RunState};
use crate::runs::samples::seeds;

const DROPOUT: &str = "network.dropout";
const DECAY: &str = "optimizer.weight_decay";

fn changes(records: &[RunRecord]) -> Option<Changes> {
    compare(records, &CompareOptions::default()).unwrap().changes
}

/// The baseline, and configs that each change one thing.
fn variants() -> Vec<RunRecord> {
    let one = |key: &'static str, value: Value, train, test, spread| {
        seeds(&[(key, value)], train, test, spread)
    };
    [
        seeds(&[], 0.902, 0.383, 0.004),
        one(DROPOUT, json!(0.2), 0.72, 0.431, 0.006),
        one(DROPOUT, json!(0.5), 0.45, 0.38, 0.003),
        one(DECAY, json!(0.01), 0.50, 0.30, 0.005),
    ]
    .concat()
}

#[test]
fn changes_are_those_of_the_table_by_verdict() {
    let records = variants();
    let changes = changes(&records).unwrap();
    let list: Vec<(&str, &str)> =
        changes.list.iter().map(|one| (one.label.as_str(), one.words.as_str())).collect();
    assert_eq!(
        list,
        [
            ("weight decay 0.01", "lowers test accuracy"),
            ("dropout 0.2", "raises test accuracy and narrows the gap"),
            ("dropout 0.5", "narrows the gap by learning less, test accuracy unclear"),
        ]
    );
    let dropout = &changes.list[1];
    assert_eq!(
        (dropout.direction, dropout.verdict),
        (Direction::Better, "raises_accuracy_narrows_gap")
    );
    assert!(
        (dropout.score.value - 0.048).abs() < 1e-6 && (dropout.score.mean - 0.431).abs() < 1e-6
    );
    assert!((dropout.gap.value + 0.230).abs() < 1e-6);
    let [low, high] = dropout.score.interval.unwrap();
    assert!(low > 0.0 && low < 0.048 && high > 0.048);
    assert_eq!((changes.baseline.label.as_str(), changes.baseline.seeds), ("baseline", 3));
    assert!((changes.baseline.gap - 0.519).abs() < 1e-6);
    let comparison = compare(&records, &CompareOptions::default()).unwrap();
    let labels = |changed: usize| comparison.configs[changed].label.as_str();
    assert!(changes.list.iter().all(|one| labels(one.config) == one.label));
    assert_eq!(labels(changes.baseline.config), "baseline");
    assert!(
        comparison
            .verdicts
            .iter()
            .zip(["lowers", "raises", "narrows"])
            .all(|(l, w)| l.starts_with(w))
    );
    let caption = changes.caption();
    let shared = "where the true change plausibly lies (95 %, all 3 at once)";
    assert!(comparison.heading.contains(shared) && caption.contains(shared), "{caption}");
}

#[test]
fn a_seed_is_compared_with_the_same_seed_where_seeds_are_paired() {
    let paired = changes(&variants()).unwrap();
    assert!(paired.is_paired && paired.caption().ends_with("the baseline's run of the same seed"));
    let in_thousandths = |changes: &Changes, at: usize| -> Vec<f64> {
        changes.list[at].score.seeds.iter().map(|seed| (seed * 1e3).round()).collect()
    };
    assert_eq!(in_thousandths(&paired, 1), [46.0, 48.0, 50.0]);
    let two = changes(&variants()[..6]).unwrap();
    assert!(!two.is_paired && two.caption().ends_with("minus the baseline's mean"));
    assert_eq!(in_thousandths(&two, 0), [42.0, 48.0, 54.0]);
}

#[test]
fn no_baseline_has_no_changes_and_odd_runs_no_panic() {
    assert_eq!(changes(&[]), None);
    assert_eq!(changes(&seeds(&[], 0.9, 0.5, 0.0)), None);
    let mut records = variants();
    for record in &mut records[3..6] {
        record.last.as_mut().unwrap().test_accuracy = Some(f32::NAN);
        record.last.as_mut().unwrap().gap = Some(f32::NAN);
    }
    records[11].state = RunState::Failed;
    let odd = changes(&records).unwrap();
    let dropout = odd.list.iter().find(|one| one.label == "dropout 0.2").unwrap();
    assert!(dropout.score.value.is_nan() && dropout.score.seeds.is_empty());
    assert_eq!(odd.list.last().map(|one| one.label.as_str()), Some("dropout 0.2"), "NaN is last");
    let decay = odd.list.iter().find(|one| one.label == "weight decay 0.01").unwrap();
    assert_eq!(decay.score.seeds.len(), 2);
    for figure in [Figure::TestAccuracy, Figure::Gap] {
        let [low, high] = odd.reach(figure);
        assert!(low <= 0.0 && high >= 0.0 && low.is_finite() && high.is_finite());
    }
    let one: Vec<RunRecord> = variants().into_iter().step_by(3).collect();
    let one = changes(&one).unwrap();
    assert!(one.family == 0 && one.caption().starts_with("no whiskers"));
    assert!(one.list.iter().all(|one| one.score.interval.is_none() && one.score.seeds.len() == 1));
}

#[test]
fn one_long_whisker_does_not_press_the_others_together() {
    let mut changes = changes(&variants()).unwrap();
    changes.list[0].score.interval = Some([-3.0, 3.0]);
    let [low, high] = changes.reach(changes.score);
    assert!(low > -0.2 && high < 0.2, "{low} {high}");
}
