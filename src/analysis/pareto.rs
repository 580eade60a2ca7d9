//! The Pareto front of validation accuracy, gap and cost: the configs of which no other is as good in all
//! three and better in one.

use crate::analysis::compare::configs_by_settings;
use crate::analysis::replicates::replicate;
use crate::runs::figures::Figure;
use crate::runs::record::{RunRecord, RunState};
use crate::stats::{Replicate, Spread, Summary, Unit, without_rounding};
use crate::table::{Cell, Column, ColumnKind, Table};

/// A config with what it reaches and costs.
#[derive(Debug, Clone, PartialEq)]
pub struct ParetoConfig {
    /// The varied settings in words.
    pub label: String,
    /// Its finished runs.
    pub runs: usize,
    /// Validation accuracy at the last epoch, over its finished runs, or their folds.
    pub accuracy: Summary,
    /// Train minus validation accuracy there.
    pub gap: Summary,
    /// Mean number of floating-point operations of a run.
    pub flops: f64,
    /// Whether no other config beats it.
    pub is_on_front: bool,
}

/// The configs, the most accurate first.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Pareto {
    /// Those with finished runs and all three figures.
    pub configs: Vec<ParetoConfig>,
    /// How many configs lack a figure: none of their runs is finished, they hold nothing out, or their cost is
    /// unknown.
    pub left_out: usize,
    /// What the figures are averaged over.
    pub unit: Unit,
}

/// The front of the configs of these runs. `flops` is the cost of a run, if it is known.
pub fn pareto(records: &[RunRecord], flops: &dyn Fn(&RunRecord) -> Option<f64>) -> Pareto {
    let (all, _) = configs_by_settings(records);
    let count = all.len();
    let unit = all.first().map_or(Unit::Run, |config| config.unit);
    let mut configs: Vec<ParetoConfig> = all
        .into_iter()
        .filter_map(|config| {
            let is_finished = |run: &&RunRecord| run.state == RunState::Finished;
            let runs: Vec<&RunRecord> = config.runs.into_iter().filter(is_finished).collect();
            let values = |of: &dyn Fn(&RunRecord) -> Option<f64>| {
                let value = |(place, run): (usize, &&RunRecord)| {
                    Some(replicate(run, place, of(run).filter(|x| x.is_finite())?))
                };
                runs.iter().enumerate().map(value).collect::<Option<Vec<Replicate>>>()
            };
            let summary = |figure: Figure| Summary::over(&values(&|run| figure.of(run))?, unit);
            Some(ParetoConfig {
                runs: runs.len(),
                label: config.label,
                accuracy: summary(Figure::ValAccuracy)?,
                gap: summary(Figure::ValGap)?,
                flops: Summary::over(&values(flops)?, unit)?.mean,
                is_on_front: false,
            })
        })
        .collect();
    configs.sort_by(|a, b| b.accuracy.mean.total_cmp(&a.accuracy.mean)); // stable
    let is_beaten = |one: &ParetoConfig| configs.iter().any(|other| other.beats(one));
    let on_front: Vec<bool> = configs.iter().map(|config| !is_beaten(config)).collect();
    for (config, is_on_front) in configs.iter_mut().zip(on_front) {
        config.is_on_front = is_on_front;
    }
    let left_out = count - configs.len();
    Pareto { configs, left_out, unit }
}

impl ParetoConfig {
    /// Whether it is at least as good in everything, and better in something.
    fn beats(&self, other: &ParetoConfig) -> bool {
        let figures = |one: &ParetoConfig| {
            [-without_rounding(one.accuracy.mean), without_rounding(one.gap.mean), one.flops]
        };
        let (mine, others) = (figures(self), figures(other));
        let pairs = || mine.iter().zip(&others);
        pairs().all(|(a, b)| a <= b) && pairs().any(|(a, b)| a < b)
    }
}

impl Pareto {
    /// The configs on the front.
    pub fn front(&self) -> impl Iterator<Item = &ParetoConfig> {
        self.configs.iter().filter(|config| config.is_on_front)
    }

    /// The front as a table; `spread` is what the ± after a mean shows.
    pub fn table(&self, spread: Spread) -> Table {
        let figure = |figure: Figure| {
            let column = Column::new(figure.kind().header, ColumnKind::Spread);
            column.named(figure.name()).with_spread(spread)
        };
        let columns = vec![
            Column::new("config", ColumnKind::Text),
            Column::new("n", ColumnKind::Number),
            figure(Figure::ValAccuracy),
            figure(Figure::ValGap),
            Column::new("gigaflops", ColumnKind::Number),
        ];
        // Three digits of the cheapest.
        let least = self.front().map(|config| config.flops / 1e9).fold(f64::INFINITY, f64::min);
        let decimals = match least.is_finite() && least > 0.0 {
            true => (2.0 - least.log10().floor()).clamp(0.0, 9.0) as usize,
            false => 2,
        };
        let row = |config: &ParetoConfig| {
            let cost = Summary { mean: config.flops / 1e9, std: None, n: 1, shared: 0.0 };
            vec![
                Cell::Text(config.label.clone()),
                Cell::Count(config.runs as u64),
                Cell::Percent(config.accuracy),
                Cell::Points(config.gap),
                Cell::Plain(cost, decimals),
            ]
        };
        Table { columns, rows: self.front().map(row).collect() }
    }

    /// What the table shows, in words.
    pub fn lines(&self, spread: Spread) -> Vec<String> {
        let (over, noise) = match self.unit {
            Unit::Run => ("n seeds", "seeds"),
            Unit::Fold => ("the folds of n runs", "folds"),
        };
        let shown = match spread {
            Spread::Interval => "± 95 % interval of the mean",
            Spread::Std => "± standard deviation",
        };
        let has_spread = |config: &ParetoConfig| {
            [config.accuracy, config.gap].iter().any(|figure| spread.of(figure).is_some())
        };
        let shown = match self.front().any(has_spread) {
            true => format!(", {shown}"),
            false => String::new(),
        };
        let (front, all) = (self.front().count(), self.configs.len());
        let mut lines = vec![
            format!(
                "{front} of {all} configs: no other is as good in validation accuracy, gap and cost, and better in one \
                 of them"
            ),
            format!(
                "means over {over}{shown}: a config whose lead is within the noise of the {noise} is here \
                 too; gigaflops: operations of training and evaluation, the same on every machine"
            ),
        ];
        if self.left_out > 0 {
            let left_out = self.left_out;
            let configs = if left_out == 1 { "config" } else { "configs" };
            lines.push(format!("{left_out} {configs} without all three figures left out"));
        }
        lines
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::runs::samples::{row, run, trial};

    fn config(dropout: f64, train: f32, val: f32) -> RunRecord {
        let row = row(9, train, Some(val), 0.1);
        run(trial(&[("network.dropout", json!(dropout))], 1), row, row)
    }

    fn dropout(run: &RunRecord) -> f64 {
        run.trial.pointer("/network/dropout").and_then(|value| value.as_f64()).unwrap_or(0.0)
    }

    #[test]
    fn what_another_beats_is_not_on_the_front_and_equals_are() {
        let mut diverged = config(0.5, 0.9, 0.9);
        diverged.state = RunState::Diverged;
        let records = [
            config(0.0, 0.90, 0.50), // the most accurate
            config(0.2, 0.50, 0.45), // the smallest gap
            config(0.3, 0.90, 0.45), // worse than the first in everything but nothing better
            config(0.4, 0.50, 0.45), // as the second, but dearer
            diverged,
        ];
        let found = pareto(&records, &|run| Some(1e9 * (1.0 + dropout(run))));
        let front: Vec<&str> = found.front().map(|config| config.label.as_str()).collect();
        assert_eq!(front, ["baseline", "dropout 0.2"]);
        assert_eq!((found.configs.len(), found.left_out), (4, 1));
        insta::assert_snapshot!(format!(
            "{}\n{}",
            found.table(Spread::Interval).draw(&crate::table::Look::default(), &[]),
            found.lines(Spread::Interval).join("\n")
        ));
        let equal = pareto(&records, &|_| Some(1.0));
        let front: Vec<&str> = equal.front().map(|config| config.label.as_str()).collect();
        assert_eq!(front, ["baseline", "dropout 0.2", "dropout 0.4"]);
    }

    /// Folds share training examples: the interval is that of `compare`, wider than that of independent runs.
    #[test]
    fn folds_are_averaged_as_in_a_comparison() {
        let of_fold = |fold: u64, seed: u64| {
            let val = 0.5 + 0.02 * fold as f32;
            let row = row(9, 0.9, Some(val), 0.1);
            let folds = [("dataset.folds", json!(3)), ("dataset.fold", json!(fold))];
            run(trial(&folds, seed), row, row)
        };
        let records: Vec<RunRecord> =
            (0..3).flat_map(|fold| [1, 2].map(|seed| of_fold(fold, seed))).collect();
        let found = pareto(&records, &|_| Some(1e9));
        let [config] = &found.configs[..] else { panic!("one config") };
        assert_eq!((config.runs, config.accuracy.n), (6, 3));
        assert_eq!(config.accuracy.shared, 0.5);
        let lines = found.lines(Spread::Interval);
        let text = "means over the folds of n runs, ± 95 % interval of the mean: ";
        assert!(lines[1].starts_with(text), "{lines:?}");
        assert!(lines[1].contains("the noise of the folds"), "{lines:?}");
    }

    #[test]
    fn the_spread_is_what_was_asked_for() {
        let runs = [(1, 0.50), (2, 0.52), (3, 0.54)].map(|(seed, val)| {
            let row = row(9, 0.9, Some(val), 0.1);
            run(trial(&[], seed), row, row)
        });
        let found = pareto(&runs, &|_| Some(1e9));
        let shown = |spread| found.table(spread).draw(&crate::table::Look::default(), &[]);
        assert!(shown(Spread::Std).contains("52.0 ± 2.0"), "{}", shown(Spread::Std));
        assert!(shown(Spread::Interval).contains("52.0 ± 5.0"), "{}", shown(Spread::Interval));
        assert!(found.lines(Spread::Std)[1].contains("± standard deviation"));
    }
}
