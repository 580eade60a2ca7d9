//! The cells of the design: figures of each config and, for each setting, the combinations of the
//! other settings that occur with all its values.

use std::collections::{BTreeMap, BTreeSet};

use crate::analysis::comparability::numbered;
use crate::analysis::compare::ConfigRuns;
use crate::analysis::effects::factors::Factor;
use crate::analysis::replicates::replicate;
use crate::runs::figures::Figure;
use crate::runs::held_out::HeldOutSplit;
use crate::runs::record::{RunRecord, RunState};
use crate::stats::{Replicate, Summary, Unit};

/// The figures that effects are about: the first is the difference of the other two.
pub(super) fn figures(split: HeldOutSplit) -> [Figure; 3] {
    [Figure::gap(split), Figure::accuracy(split), Figure::TrainAccuracy]
}

/// The finished runs of one config.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct ConfigCell {
    pub(super) runs: usize,
    /// The same number for all cells whose held-out figures are measured on the same examples.
    pub(super) examples: usize,
    summaries: [(Figure, Summary); 3], // of `figures`
}

impl ConfigCell {
    pub(super) fn summary(&self, figure: Figure) -> &Summary {
        let known = self.summaries.iter().find(|(known, _)| *known == figure);
        &known.expect("all cells are of one split").1
    }
}

/// The figures of a config's finished runs at their last epoch; `Some(None)` if none is finished,
/// `None` if one of them has not read the split.
pub(super) fn measure(
    config: &ConfigRuns,
    split: HeldOutSplit,
    unit: Unit,
) -> Option<Option<ConfigCell>> {
    let finished = config.runs.iter().filter(|run| run.state == RunState::Finished);
    let finished: Vec<&RunRecord> = finished.copied().filter(|run| run.last.is_some()).collect();
    let values_of = |figure: Figure| {
        let runs = finished.iter().enumerate();
        runs.map(|(place, run)| Some(replicate(run, place, figure.of(run)?))).collect()
    };
    let read: [Option<Vec<Replicate>>; 3] = figures(split).map(values_of);
    let [Some(gaps), Some(held_outs), Some(trains)] = read else { return None };
    let summarised = [gaps, held_outs, trains].map(|values| Summary::over(&values, unit));
    let [Some(gap), Some(held_out), Some(train)] = summarised else { return Some(None) };
    let [of_gap, of_held_out, of_train] = figures(split);
    let summaries = [(of_gap, gap), (of_held_out, held_out), (of_train, train)];
    let cell = ConfigCell { runs: finished.len(), examples: 0, summaries };
    Some(gap.mean.is_finite().then_some(cell))
}

/// Numbers the cells of these configs by the examples that their held-out figures are measured on.
pub(super) fn number_examples(
    configs: &[ConfigRuns],
    cells: &mut [ConfigCell],
    split: HeldOutSplit,
) {
    let numbers = numbered(configs.iter().map(|config| config.runs.as_slice()), split);
    cells.iter_mut().zip(numbers).for_each(|(cell, number)| cell.examples = number);
}

/// The combinations over which a setting's values are compared.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Matched {
    /// The compared values, as indices into those of the factor, in order.
    pub(super) levels: Vec<usize>,
    /// For each combination of the other settings, the cell of each of `levels`.
    pub(super) contexts: Vec<Vec<usize>>,
    /// Configs that have a value of the setting.
    with_value: usize,
}

/// A single combination is no average: its difference is that of two configs, which the comparison with the
/// baseline tells already, with an interval of its own.
const LEAST_COMBINATIONS: usize = 2;

impl Matched {
    /// Whether there is an effect to report: two values or more, averaged over other settings.
    pub(super) fn is_averaged(&self) -> bool {
        self.levels.len() > 1 && self.contexts.len() >= LEAST_COMBINATIONS
    }

    /// Without combinations in which the values are measured on different examples, because then
    /// not only the setting differs.
    pub(super) fn on_the_same_examples(mut self, cells: &[ConfigCell]) -> Matched {
        let examples = |cell: &usize| cells[*cell].examples;
        self.contexts.retain(|of| of.iter().all(|cell| examples(cell) == examples(&of[0])));
        self
    }

    /// The cells of one of `levels` and their shares of its mean.
    pub(super) fn weights_of(&self, level: usize) -> Vec<(usize, f64)> {
        let share = 1.0 / self.contexts.len() as f64;
        self.contexts.iter().map(|cells| (cells[level], share)).collect()
    }
}

/// The balanced part for one of the factors: combinations that occur with all its values or, if
/// there are none, with the values that keep most configs.
pub(super) fn matched(factors: &[Factor], which: usize) -> Matched {
    let mut by_context: BTreeMap<Vec<Option<usize>>, BTreeMap<usize, usize>> = BTreeMap::new();
    let mut with_value = 0;
    for (cell, level) in factors[which].level_of.iter().enumerate() {
        let Some(level) = level else { continue };
        let others = factors.iter().enumerate().filter(|(index, _)| *index != which);
        let context = others.map(|(_, factor)| factor.level_of[cell]).collect();
        by_context.entry(context).or_default().insert(*level, cell);
        with_value += 1;
    }
    let levels = best_levels(&by_context);
    let has_all = |cells: &&BTreeMap<usize, usize>| levels.iter().all(|l| cells.contains_key(l));
    let contexts: Vec<Vec<usize>> = match levels.is_empty() {
        true => Vec::new(),
        false => by_context
            .values()
            .filter(has_all)
            .map(|cells| levels.iter().map(|level| cells[level]).collect())
            .collect(),
    };
    Matched { levels, contexts, with_value }
}

/// The values to compare: of the sets of values that occur together, the largest of those with enough
/// combinations to average over, and among equally large ones that with most combinations.
fn best_levels(by_context: &BTreeMap<Vec<Option<usize>>, BTreeMap<usize, usize>>) -> Vec<usize> {
    let sets: BTreeMap<BTreeSet<usize>, usize> =
        by_context.values().fold(BTreeMap::new(), |mut sets, cells| {
            *sets.entry(cells.keys().copied().collect()).or_default() += 1;
            sets
        });
    let combinations = |set: &BTreeSet<usize>| -> usize {
        sets.iter().filter(|(other, _)| set.is_subset(other)).map(|(_, count)| count).sum()
    };
    let several = sets.keys().filter(|set| set.len() > 1);
    let largest = several.max_by_key(|set| {
        let combinations = combinations(set);
        (combinations >= LEAST_COMBINATIONS, set.len(), combinations)
    });
    largest.map_or_else(Vec::new, |set| set.iter().copied().collect())
}

/// Reports which part of a setting could not be compared; nothing where only the comparison with the baseline tells
/// its effect.
pub(super) fn note(factor: &Factor, matched: &Matched) -> Option<String> {
    let key = factor.keys.join(" + ");
    if !matched.levels.is_empty() && matched.contexts.is_empty() {
        return Some(format!(
            "{key}: its values are measured on different examples, so its effect cannot be isolated"
        ));
    }
    if matched.levels.is_empty() {
        return Some(format!(
            "{key}: no two of its values occur with everything else equal, so its effect cannot be \
             isolated"
        ));
    }
    if !matched.is_averaged() {
        return None;
    }
    let used = matched.levels.len() * matched.contexts.len();
    let left_out = matched.with_value - used;
    (left_out > 0).then(|| {
        let all = matched.with_value;
        format!(
            "{key}: left out {left_out} of {all} configs, which lack a counterpart for some value"
        )
    })
}
