//! The changes against the baseline for the page: accuracies in percent, gaps and changes in points.

use serde::Serialize;

use crate::analysis::compare::{ChangedConfig, Changes, Comparison, Direction, FigureChange};
use crate::output::html::curves::percent;
use crate::output::html::text::safe;
use crate::table::change_in_points;

/// The changes of all configs, by verdict.
#[derive(Debug, Serialize)]
pub(super) struct ChangesData {
    heading: String,     // what they are compared with, as above the table of `compare`
    caption: String,     // what marks mean
    score: &'static str, // test accuracy
    gap: &'static str,
    baseline: BaselineData,
    list: Vec<ChangedData>,
    reach: [[f64; 2]; 2], // the ends of the axes of both figures
}

#[derive(Debug, Serialize)]
struct BaselineData {
    config: usize,
    score: Option<f64>,
    gap: Option<f64>,
}

#[derive(Debug, Serialize)]
struct ChangedData {
    config: usize,
    verdict: String, // in words
    direction: &'static str,
    score: FigureData,
    gap: FigureData,
}

#[derive(Debug, Serialize)]
struct FigureData {
    mean: Option<f64>,
    value: Option<f64>,
    interval: Option<[f64; 2]>,
    seeds: Vec<f64>,
    text: String, // as in the table
}

/// The changes of a comparison, if it has a baseline.
pub(super) fn changes(comparison: &Comparison) -> Option<ChangesData> {
    let changes = comparison.changes.as_ref()?;
    let Changes { score, gap, baseline, list, .. } = changes;
    let reach = |figure| changes.reach(figure).map(|end| percent(end.clamp(-1.0, 1.0)));
    Some(ChangesData {
        heading: safe(&comparison.heading),
        caption: changes.caption(),
        score: score.kind().words,
        gap: gap.kind().words,
        baseline: BaselineData {
            config: baseline.config,
            score: finite(baseline.score),
            gap: finite(baseline.gap),
        },
        list: list.iter().map(changed).collect(),
        reach: [reach(*score), reach(*gap)],
    })
}

fn changed(one: &ChangedConfig) -> ChangedData {
    ChangedData {
        config: one.config,
        verdict: one.words.clone(),
        direction: match one.direction {
            Direction::Better => "better",
            Direction::Worse => "worse",
            Direction::Narrower => "narrower",
            Direction::Wider => "wider",
            Direction::Unclear => "unclear",
        },
        score: figure(&one.score),
        gap: figure(&one.gap),
    }
}

fn figure(change: &FigureChange) -> FigureData {
    FigureData {
        mean: finite(change.mean),
        value: finite(change.value),
        interval: change.interval.map(|ends| ends.map(percent)),
        text: match change.value.is_finite() {
            true => change_in_points(change.value, change.interval),
            false => "-".to_owned(),
        },
        seeds: change.seeds.iter().copied().map(percent).collect(),
    }
}

fn finite(fraction: f64) -> Option<f64> {
    fraction.is_finite().then(|| percent(fraction))
}
