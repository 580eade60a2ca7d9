//! Interactions: pairs of settings whose joint effect differs from the sum of their single effects.

use std::collections::BTreeMap;

use crate::analysis::effects::cells::{ConfigCell, Matched};
use crate::analysis::effects::factors::Factor;
use crate::analysis::effects::noise::Noise;
use crate::analysis::effects::{Estimate, Interaction};
use crate::runs::figures::Figure;
use crate::runs::held_out::HeldOutSplit;

/// A deviation: the pair of factors, the pair of values, and the weights of the cells.
struct Deviation {
    factors: [usize; 2],
    levels: [usize; 2],
    references: [usize; 2],
    weights: Vec<(usize, f64)>,
}

/// The cell of a pair of values.
type CellOfPair = BTreeMap<(usize, usize), usize>;

/// The largest deviation beyond the noise for each pair of settings and figure, and how many were
/// examined: the intervals hold for all of these at once.
pub(super) fn find(
    factors: &[Factor],
    matched: &[Matched],
    cells: &[ConfigCell],
    noise: &Noise,
    split: HeldOutSplit,
    is_reported: &dyn Fn(&Factor) -> bool,
) -> (Vec<Interaction>, usize) {
    let mut pairs = Vec::new();
    for first in 0..factors.len() {
        for second in first + 1..factors.len() {
            if is_reported(&factors[first]) && is_reported(&factors[second]) {
                pairs.push(deviations(factors, matched, cells, [first, second]));
            }
        }
    }
    let figures = [(Figure::gap(split), "gap"), (Figure::accuracy(split), "held_out_accuracy")];
    let looked_at = figures.len() * pairs.iter().map(Vec::len).sum::<usize>();
    let mut found = Vec::new();
    for pair in &pairs {
        for (figure, name) in figures {
            let estimates = pair.iter().map(|deviation| {
                (deviation, noise.difference(&deviation.weights, cells, figure, looked_at))
            });
            let beyond = estimates.filter(|(_, estimate)| estimate.is_beyond_noise());
            let largest = beyond.max_by(|a, b| a.1.value.abs().total_cmp(&b.1.value.abs()));
            let interaction = |(deviation, estimate)| told(deviation, estimate, name, factors);
            found.extend(largest.map(interaction));
        }
    }
    (found, looked_at)
}

fn told(
    deviation: &Deviation,
    estimate: Estimate,
    figure: &'static str,
    factors: &[Factor],
) -> Interaction {
    let of = |which: usize| &factors[deviation.factors[which]];
    let value = |which: usize, level: usize| of(which).values[level].clone();
    let Deviation { levels, references, .. } = deviation;
    Interaction {
        keys: [of(0).keys.join(" + "), of(1).keys.join(" + ")],
        values: [value(0, levels[0]), value(1, levels[1])],
        references: [value(0, references[0]), value(1, references[1])],
        figure,
        deviation: estimate,
    }
}

/// For each pair of values other than the first ones: both together minus each alone plus neither,
/// averaged over the combinations of the other settings that have all four, measured on the same
/// examples.
fn deviations(
    factors: &[Factor],
    matched: &[Matched],
    cells: &[ConfigCell],
    pair: [usize; 2],
) -> Vec<Deviation> {
    let [a, b] = pair;
    let contexts = contexts(factors, pair);
    let (Some(&a_first), Some(&b_first)) = (matched[a].levels.first(), matched[b].levels.first())
    else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for &a_level in &matched[a].levels[1..] {
        for &b_level in &matched[b].levels[1..] {
            let corners = [
                ((a_level, b_level), 1.0),
                ((a_level, b_first), -1.0),
                ((a_first, b_level), -1.0),
                ((a_first, b_first), 1.0),
            ];
            let of_context = |of_pair: &CellOfPair| {
                let existing = |(levels, sign)| Some((*of_pair.get(&levels)?, sign));
                let corners: Option<Vec<(usize, f64)>> =
                    corners.into_iter().map(existing).collect();
                let examples = |corner: &(usize, f64)| cells[corner.0].examples;
                corners.filter(|all| all.iter().all(|one| examples(one) == examples(&all[0])))
            };
            let full: Vec<Vec<(usize, f64)>> = contexts.iter().filter_map(of_context).collect();
            let share = 1.0 / full.len() as f64;
            let weights: Vec<(usize, f64)> =
                full.into_iter().flatten().map(|(cell, sign)| (cell, sign * share)).collect();
            if !weights.is_empty() {
                let (levels, references) = ([a_level, b_level], [a_first, b_first]);
                found.push(Deviation { factors: pair, levels, references, weights });
            }
        }
    }
    found
}

/// For each combination of the other settings, the cell of each pair of values.
fn contexts(factors: &[Factor], [a, b]: [usize; 2]) -> Vec<CellOfPair> {
    let mut by_context: BTreeMap<Vec<Option<usize>>, CellOfPair> = BTreeMap::new();
    let levels_of_cells = factors[a].level_of.iter().zip(&factors[b].level_of);
    for (cell, levels) in levels_of_cells.enumerate() {
        let (Some(of_a), Some(of_b)) = levels else { continue };
        let others = factors.iter().enumerate().filter(|(index, _)| *index != a && *index != b);
        let context = others.map(|(_, factor)| factor.level_of[cell]).collect();
        by_context.entry(context).or_default().insert((*of_a, *of_b), cell);
    }
    by_context.into_values().collect()
}
