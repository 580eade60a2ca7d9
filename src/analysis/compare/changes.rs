//! What every config changes against the baseline, as numbers and words: the one source of the forest, of the
//! arrows and of the report, so that none of them says anything else than the table.

use std::collections::BTreeMap;

use crate::analysis::compare::against::Judged;
use crate::analysis::compare::configs::{Config, Configs, is_finished};
use crate::analysis::compare::verdict::Verdict;
use crate::analysis::replicates::blocks_in_words;
use crate::runs::figures::Figure;
use crate::runs::trial_tables::ReplicateName;
use crate::stats::{Change, Design};

/// A whisker that goes on this many usual half widths beyond all means and seeds is cut, so that the others stay
/// readable.
const USUAL_HALVES: f64 = 2.0;

/// The changes of all configs that have one, by verdict in its order, the largest gain of the score first.
#[derive(Debug, Clone, PartialEq)]
pub struct Changes {
    /// What is to rise: test accuracy, or validation accuracy where the test set is sealed.
    pub score: Figure,
    /// The gap to it.
    pub gap: Figure,
    /// What the others are compared with.
    pub baseline: BaselineFigures,
    /// How many changes have an interval; all of them hold at once with 95 %.
    pub family: usize,
    /// Whether each seed is compared with the baseline's run of the same seed.
    pub is_paired: bool,
    /// Whether configs have runs of several folds.
    pub has_folds: bool,
    /// One for each config with a change.
    pub list: Vec<ChangedConfig>,
}

/// The config that the others are compared with.
#[derive(Debug, Clone, PartialEq)]
pub struct BaselineFigures {
    /// What it is called.
    pub label: String,
    /// Its place among the configs of the comparison, which may have fewer where rows are cut.
    pub config: usize,
    /// Its mean score, a fraction.
    pub score: f64,
    /// Its mean gap, a fraction.
    pub gap: f64,
    /// Its finished runs.
    pub seeds: usize,
}

/// What one config changes.
#[derive(Debug, Clone, PartialEq)]
pub struct ChangedConfig {
    /// What it is called.
    pub label: String,
    /// Its place among the configs of the comparison, which may have fewer where rows are cut.
    pub config: usize,
    /// The verdict as CSV and JSON have it.
    pub verdict: &'static str,
    /// The verdict in words, as under the table.
    pub words: String,
    /// Which way the score is shown to go.
    pub direction: Direction,
    /// The change of the score.
    pub score: FigureChange,
    /// The change of the gap.
    pub gap: FigureChange,
}

/// What is shown of a config at a glance, for its colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// The score falls.
    Worse,
    /// The score rises.
    Better,
    /// Only the gap is shown to shrink.
    Narrower,
    /// Only the gap is shown to grow.
    Wider,
    /// Nothing is shown.
    Unclear,
}

/// The change of one figure, in fractions.
#[derive(Debug, Clone, PartialEq)]
pub struct FigureChange {
    /// The mean of the config itself; NaN if it has none.
    pub mean: f64,
    /// Its difference from the baseline; NaN if there is none.
    pub value: f64,
    /// Where the true difference plausibly lies. None where seeds cannot tell.
    pub interval: Option<[f64; 2]>,
    /// The difference of each finished run: see [`Changes::is_paired`].
    pub seeds: Vec<f64>,
}

impl FigureChange {
    /// Of a figure that is not comparable.
    const NONE: FigureChange =
        FigureChange { mean: f64::NAN, value: f64::NAN, interval: None, seeds: Vec::new() };
}

/// The changes of these configs. None without a baseline.
pub(super) fn changes(configs: &Configs, judged: &Judged) -> Option<Changes> {
    let config = configs.list.iter().position(|config| config.is_baseline)?;
    let baseline = &configs.list[config];
    let measure = judged.measure;
    let is_paired = judged.design == Design::PairedBySeed;
    let mean = |config: &Config, figure| config.over(figure).map_or(f64::NAN, |s| s.mean);
    let of_figure = |config: &Config, figure: Figure, change: Change| FigureChange {
        mean: mean(config, figure),
        value: change.value(),
        interval: change.interval(),
        seeds: seeds(config, baseline, figure, is_paired),
    };
    let of_config = |(place, config): (usize, &Config)| {
        let change = config.change?;
        let changed = ChangedConfig {
            label: config.label.clone(),
            config: place,
            verdict: change.verdict.name(),
            words: change.verdict.words(measure.words()),
            direction: Direction::of(change.verdict),
            score: of_figure(config, measure.score, change.score),
            gap: match change.has_gap {
                true => of_figure(config, measure.gap, change.gap),
                false => FigureChange::NONE,
            },
        };
        Some((change.verdict, changed))
    };
    let mut list: Vec<_> = configs.list.iter().enumerate().filter_map(of_config).collect();
    list.sort_by(|(a, x), (b, y)| a.cmp(b).then(descending(x.score.value, y.score.value)));
    Some(Changes {
        score: measure.score,
        gap: measure.gap,
        baseline: BaselineFigures {
            label: baseline.label.clone(),
            config,
            score: mean(baseline, measure.score),
            gap: mean(baseline, measure.gap),
            seeds: baseline.finished,
        },
        family: judged.family,
        is_paired,
        has_folds: configs.list.iter().any(|config| config.folds().is_some()),
        list: list.into_iter().map(|(_, changed)| changed).collect(),
    })
}

/// The largest first, NaN last.
fn descending(a: f64, b: f64) -> std::cmp::Ordering {
    a.is_nan().cmp(&b.is_nan()).then(b.total_cmp(&a))
}

/// The figure of each finished run by its seed and fold; of several with the same ones, the first counts.
fn by_seed(config: &Config, figure: Figure) -> BTreeMap<ReplicateName, f64> {
    let mut values = BTreeMap::new();
    for (index, run) in config.runs.iter().enumerate().filter(|(_, run)| is_finished(run)) {
        let value = figure.of(run).filter(|value| value.is_finite());
        if let Some(value) = value {
            let place = ReplicateName { seed: index as u64, fold: None };
            values.entry(run.trial.replicate().unwrap_or(place)).or_insert(value);
        }
    }
    values
}

/// The difference of each run from the baseline's run of the same seed and fold, or from the baseline's mean.
fn seeds(config: &Config, baseline: &Config, figure: Figure, is_paired: bool) -> Vec<f64> {
    let (ours, theirs) = (by_seed(config, figure), by_seed(baseline, figure));
    let mean = theirs.values().sum::<f64>() / theirs.len() as f64;
    let difference = |(seed, value): (&ReplicateName, &f64)| {
        let from = if is_paired { theirs.get(seed).copied() } else { Some(mean) };
        Some(value - from?)
    };
    ours.iter().filter_map(difference).filter(|difference| difference.is_finite()).collect()
}

impl Direction {
    fn of(verdict: Verdict) -> Direction {
        match verdict {
            Verdict::Lowers => Direction::Worse,
            Verdict::RaisesAndNarrows | Verdict::Raises | Verdict::RaisesAndWidens => {
                Direction::Better
            }
            Verdict::NarrowsByLearningLess | Verdict::Narrows => Direction::Narrower,
            Verdict::Widens => Direction::Wider,
            Verdict::Nothing => Direction::Unclear,
        }
    }
}

impl Changes {
    /// What the marks of a picture mean, without a full stop.
    pub fn caption(&self) -> String {
        let whiskers = match self.family {
            0 => "no whiskers: the seeds show no spread to judge a change by".to_owned(),
            1 => "whiskers: where the true change plausibly lies (95 %)".to_owned(),
            family => {
                format!(
                    "whiskers: where the true change plausibly lies (95 %, all {family} at once)"
                )
            }
        };
        let dot = if self.has_folds { "run" } else { "seed" };
        format!("{whiskers}; dot: a {dot}, minus {}", self.compared_with())
    }

    /// What the difference of a single run is from.
    fn compared_with(&self) -> String {
        match self.is_paired {
            true => format!("the baseline's run of the same {}", blocks_in_words(self.has_folds)),
            false => "the baseline's mean".to_owned(),
        }
    }

    /// The changes of one of the two figures.
    pub fn of(&self, figure: Figure) -> impl Iterator<Item = &FigureChange> {
        let is_gap = figure == self.gap;
        self.list.iter().map(move |one| if is_gap { &one.gap } else { &one.score })
    }

    /// At most this many changes, in their order: those that are shown first, then the largest.
    pub fn largest(&self, most: usize) -> Vec<&ChangedConfig> {
        let list = &self.list;
        let mut order: Vec<usize> = (0..list.len()).collect();
        let is_unclear = |at: usize| list[at].direction == Direction::Unclear;
        let size = |at: usize| list[at].score.value.abs();
        order.sort_by(|&a, &b| {
            let sizes = descending(size(a), size(b));
            is_unclear(a).cmp(&is_unclear(b)).then(sizes)
        });
        order.truncate(most);
        order.sort_unstable();
        order.into_iter().map(|at| &list[at]).collect()
    }

    /// The lowest and the highest value that an axis of the figure's changes shows, with 0 between them: all means
    /// and seeds, and whiskers as far as they are not much longer than the others.
    pub fn reach(&self, figure: Figure) -> [f64; 2] {
        let values = self.of(figure).flat_map(|change| change.seeds.iter().chain([&change.value]));
        let finite = values.copied().filter(|value| value.is_finite());
        let [low, high] = finite.fold([0.0_f64, 0.0], |[low, high], v| [low.min(v), high.max(v)]);
        let intervals: Vec<[f64; 2]> = self.of(figure).filter_map(|c| c.interval).collect();
        let mut halves: Vec<f64> = intervals.iter().map(|[a, b]| 0.5 * (b - a)).collect();
        halves.sort_by(f64::total_cmp);
        let usual = halves.get(halves.len() / 2).map_or(0.0, |half| USUAL_HALVES * half);
        let within = |end: &f64| (low - usual..=high + usual).contains(end);
        let ends = intervals.iter().flatten().copied().filter(within);
        ends.fold([low, high], |[low, high], end| [low.min(end), high.max(end)])
    }
}

#[cfg(test)]
mod tests;
