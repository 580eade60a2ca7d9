//! The runs of one config, and a figure over its seeds: mean, lowest and highest of each epoch.

use std::collections::{BTreeMap, HashMap};

use crate::analysis::compare::ConfigRuns;
use crate::analysis::settings::Settings;
use crate::analysis::train_sizes::train_examples;
use crate::output::plots::chart::ChartPoint;
use crate::output::plots::experiment::hundredfold_in;
use crate::runs::figures::Figure;

use crate::runs::metrics::MetricsRow;
use crate::runs::record::{RunRecord, RunState};

/// The runs of one config that count.
#[derive(Debug, Clone)]
pub(super) struct PlottedConfig {
    pub(super) label: String,
    pub(super) settings: Settings,
    pub(super) runs: Vec<Vec<MetricsRow>>, // of each seed; of the finished ones, or of all if none is finished
    pub(super) note: Option<String>,       // why these are not all, or not finished
    pub(super) has_diverged: bool,         // no seed has figures, and one diverged
    pub(super) train_examples: Option<u64>, // as far as the records tell
}

/// A figure over epochs and seeds. It ends where a seed ends, because a mean of fewer seeds would
/// jump.
#[derive(Debug, Clone)]
pub(super) struct Band {
    pub(super) mean: Vec<ChartPoint>,
    pub(super) low: Vec<ChartPoint>,
    pub(super) high: Vec<ChartPoint>,
}

/// The configs with their rows, in the order of the groups.
pub(super) fn configs(
    groups: &[ConfigRuns],
    records: &[RunRecord],
    rows: &[Vec<MetricsRow>],
) -> Vec<PlottedConfig> {
    let ids = records.iter().map(|record| record.id.as_str());
    let rows_of: HashMap<&str, &Vec<MetricsRow>> = ids.zip(rows).collect();
    groups.iter().map(|group| config(group, &rows_of)).collect()
}

fn config(group: &ConfigRuns, rows_of: &HashMap<&str, &Vec<MetricsRow>>) -> PlottedConfig {
    let runs = group.runs.iter();
    let runs: Vec<(&RunRecord, &Vec<MetricsRow>)> =
        runs.filter_map(|run| Some((*run, *rows_of.get(run.id.as_str())?))).collect();
    let in_state = |state| runs.iter().filter(|run| run.0.state == state).count();
    let (finished, diverged) = (in_state(RunState::Finished), in_state(RunState::Diverged));
    let counts = |run: &&(&RunRecord, &Vec<MetricsRow>)| match finished {
        0 => !run.1.is_empty(),
        _ => run.0.state == RunState::Finished,
    };
    let note = match (finished, diverged) {
        (finished, _) if finished == runs.len() => None,
        (0, 0) => Some("not finished".to_owned()),
        (_, 0) => Some(format!("{finished} of {} finished", runs.len())),
        (_, diverged) if diverged == runs.len() => Some("diverged".to_owned()),
        (_, diverged) => Some(format!("{diverged} of {} diverged", runs.len())),
    };
    PlottedConfig {
        label: group.label.clone(),
        settings: group.settings.clone(),
        runs: runs.iter().filter(counts).map(|run| run.1.clone()).collect(),
        note,
        has_diverged: finished == 0 && diverged > 0,
        train_examples: runs.first().and_then(|run| train_examples(run.0)),
    }
}

impl PlottedConfig {
    /// The figure of each run's last row, if it is a number; none for a config that diverged
    /// without a finished run.
    pub(super) fn last(&self, figure: Figure) -> Vec<f64> {
        if self.has_diverged {
            return Vec::new();
        }
        let last = self.runs.iter().filter_map(|rows| rows.last());
        last.map(|row| hundredfold_in(row, figure)).filter(|value| value.is_finite()).collect()
    }

    /// The figure over the epochs that all its runs have.
    pub(super) fn band(&self, figure: Figure) -> Band {
        let mut by_epoch: BTreeMap<u64, Vec<f64>> = BTreeMap::new();
        for row in self.runs.iter().flatten() {
            by_epoch.entry(row.epoch).or_default().push(hundredfold_in(row, figure));
        }
        let over_seeds = |of: &dyn Fn(&[f64]) -> f64| -> Vec<ChartPoint> {
            let points = by_epoch.iter().map(|(epoch, values)| {
                let is_whole = values.len() == self.runs.len();
                let is_whole = is_whole && values.iter().all(|value| value.is_finite());
                (*epoch as f64, if is_whole { of(values) } else { f64::NAN })
            });
            points.collect()
        };
        Band {
            mean: over_seeds(&|values| mean(values)),
            low: over_seeds(&|values| values.iter().copied().fold(f64::INFINITY, f64::min)),
            high: over_seeds(&|values| values.iter().copied().fold(f64::NEG_INFINITY, f64::max)),
        }
    }
}

impl Band {
    /// Without the untrained network, whose figures would take most of the axis.
    pub(super) fn trained(mut self) -> Band {
        if self.mean.len() > 3 {
            for points in [&mut self.mean, &mut self.low, &mut self.high] {
                points.retain(|point| point.0 > 0.0);
            }
        }
        self
    }

    /// The mean over `stretch` evaluated epochs at each point, because the noise of many epochs
    /// would hide the other curves. A stretch with a missing value has none.
    pub(super) fn averaged(mut self, stretch: usize) -> Band {
        if stretch < 2 {
            return self;
        }
        for points in [&mut self.mean, &mut self.low, &mut self.high] {
            let stretches = points.chunks(stretch).map(|chunk| {
                let mean =
                    |of: fn(&ChartPoint) -> f64| mean(&chunk.iter().map(of).collect::<Vec<f64>>());
                (mean(|point| point.0), mean(|point| point.1))
            });
            *points = stretches.collect();
        }
        self
    }

    /// The last epoch with a value.
    pub(super) fn last(&self) -> Option<ChartPoint> {
        self.mean.iter().rev().find(|point| point.1.is_finite()).copied()
    }

    /// Every value, for the range of an axis.
    pub(super) fn values(&self) -> impl Iterator<Item = f64> + '_ {
        self.values_from(0.0)
    }

    /// Every value from an epoch on.
    pub(super) fn values_from(&self, epoch: f64) -> impl Iterator<Item = f64> + '_ {
        let points = self.low.iter().chain(&self.high);
        points.filter(move |point| point.0 >= epoch).map(|point| point.1)
    }

    /// Leaves out the epochs at which a seed lies below `bottom`; returns whether there are any.
    pub(super) fn cut_below(&mut self, bottom: f64) -> bool {
        let mut is_cut = false;
        for at in 0..self.mean.len() {
            if self.low[at].1 < bottom {
                is_cut = true;
                for points in [&mut self.mean, &mut self.low, &mut self.high] {
                    points[at].1 = f64::NAN;
                }
            }
        }
        is_cut
    }
}

/// The arithmetic mean; NaN of nothing.
pub(super) fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::analysis::compare::ranked_configs;
    use crate::runs::samples::{row, seeds};

    const TEST: Figure = Figure::TestAccuracy;

    fn rows(tests: &[f32]) -> Vec<MetricsRow> {
        let rows = tests.iter().enumerate();
        rows.map(|(epoch, test)| row(epoch as u64, 0.9, None, *test)).collect()
    }

    fn one(states: [RunState; 3], rows: &[Vec<MetricsRow>]) -> PlottedConfig {
        let mut records = seeds(&[("network.dropout", json!(0.2))], 0.6, 0.5, 0.01);
        for (record, state) in records.iter_mut().zip(states) {
            record.state = state;
        }
        configs(&ranked_configs(&records).configs, &records, rows).remove(0)
    }

    #[test]
    fn band_is_mean_lowest_and_highest_and_ends_with_the_shortest_seed() {
        let rows = [rows(&[0.1, 0.5, 0.6]), rows(&[0.1, 0.25]), rows(&[0.1, 0.75, f32::NAN])];
        let config = one([RunState::Finished; 3], &rows);
        let band = config.band(TEST);
        assert_eq!(band.mean[1], (1.0, 50.0));
        assert_eq!((band.low[1], band.high[1]), ((1.0, 25.0), (1.0, 75.0)));
        assert!(band.mean[2].1.is_nan());
        assert_eq!(band.last(), Some((1.0, 50.0)));
        assert_eq!(config.note, None);
    }

    #[test]
    fn many_epochs_are_averaged_and_gaps_stay() {
        let points =
            |ys: &[f64]| (1..).zip(ys).map(|(x, y)| (f64::from(x), *y)).collect::<Vec<_>>();
        let mean = points(&[10.0, 20.0, 30.0, 40.0, f64::NAN, 60.0, 70.0]);
        let band = Band { low: mean.clone(), high: mean.clone(), mean };
        let averaged = band.clone().averaged(2);
        assert_eq!(averaged.mean[..2], [(1.5, 15.0), (3.5, 35.0)]);
        assert!(averaged.mean[2].1.is_nan());
        assert_eq!(averaged.mean[3], (7.0, 70.0));
        assert_eq!(band.clone().averaged(1).low[..4], band.low[..4]);
    }

    #[test]
    fn finished_runs_count_and_the_others_are_noted() {
        let three = [rows(&[0.1, 0.5]), rows(&[0.1, 0.2]), rows(&[0.1, 0.7])];
        let some = one([RunState::Finished, RunState::Diverged, RunState::Finished], &three);
        assert_eq!((some.runs.len(), some.note.as_deref()), (2, Some("1 of 3 diverged")));
        let none = one([RunState::Running; 3], &three);
        assert_eq!((none.runs.len(), none.note.as_deref()), (3, Some("not finished")));
        let all = one([RunState::Diverged; 3], &three);
        assert_eq!((all.last(TEST).len(), all.note.as_deref()), (0, Some("diverged")));
        assert_eq!(all.band(TEST).mean.len(), 2);
    }
}
