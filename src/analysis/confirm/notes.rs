//! The lines under the table of a confirmation: what the numbers mean, what is missing, what luck
//! alone would do in a search of this size, and how many seeds a lead would need.

use crate::analysis::compare::capped;
use crate::analysis::confirm::finalist::{Final, Finalist};
use crate::analysis::confirm::search::{RankedSearch, states_in_words};
use crate::analysis::replicates::blocks_in_words;
use crate::runs::record::RunState;
use crate::stats::{expected_largest, expected_lead};
use crate::table::hundredfold;

/// Units of the table as people see it.
pub(super) fn legend(last: &Final<'_>) -> String {
    let has_spread = last.finalists.iter().any(|f| f.scores.len() > 1 || f.searched_runs > 1);
    let spread = match has_spread {
        true if last.winner().has_folds() => {
            ", ± 95 % interval of the mean over the folds, which share training examples: corrected (Nadeau & Bengio, 2003)"
        }
        true => ", ± 95 % interval of the mean over the seeds",
        false => "",
    };
    format!("accuracies in %, change (fresh seeds - search) in points{spread}")
}

pub(super) fn lines(search: &RankedSearch<'_>, last: &Final<'_>, seeds: &[u64]) -> Vec<String> {
    let mut lines = vec![ranking(search), seeds_line(seeds, last)];
    lines.extend(capped(last.finalists.iter().filter_map(unfinished).collect()));
    lines.extend(luck_alone(search, last));
    lines.extend(seeds_needed(last));
    lines
}

fn ranking(search: &RankedSearch<'_>) -> String {
    match search.by_validation() {
        true => "ranked by validation accuracy".to_owned(),
        false => {
            "ranked by test accuracy: the choice itself has seen the test set, and fresh seeds do \
                  not change that"
                .to_owned()
        }
    }
}

fn seeds_line(seeds: &[u64], last: &Final<'_>) -> String {
    let named = match seeds {
        [only] => format!("fresh seed {only}"),
        [first, .., end] => format!("fresh seeds {first} to {end}"),
        [] => "no fresh seed".to_owned(),
    };
    let several = last.finalists.len() > 1;
    let blocks = blocks_in_words(last.winner().has_folds());
    let paired = format!(", the same for all: leads are paired by {blocks}");
    named + if several { &paired } else { "" }
}

fn unfinished(finalist: &Finalist<'_>) -> Option<String> {
    let states = states_in_words(finalist.unfinished.iter().copied())?;
    let total = finalist.unfinished.len() + finalist.scores.len();
    let runs = if total == 1 { "fresh run" } else { "fresh runs" };
    let line = format!("of {total} {runs} of {}, {states}: left out", finalist.label);
    // The remaining ones may be the lucky ones.
    let flatters = !finalist.scores.is_empty() && finalist.unfinished.contains(&RunState::Diverged);
    Some(line + if flatters { ", which may flatter its mean" } else { "" })
}

/// How good the best of this many configs would look if all were equally good.
fn luck_alone(search: &RankedSearch<'_>, last: &Final<'_>) -> Option<String> {
    let seeds = search.seeds?;
    let is_of_seeds = search.searched > 1 && !last.winner().has_folds();
    let std = last.seed_std().filter(|_| is_of_seeds)?;
    let error = std / (seeds as f64).sqrt();
    let lead = hundredfold(error * expected_lead(search.searched));
    let above = hundredfold(error * expected_largest(search.searched));
    let points = hundredfold(std);
    let noun = if seeds == 1 { "seed" } else { "seeds" };
    let all = match search.searched {
        2 => "both".to_owned(),
        searched => format!("all {searched}"),
    };
    Some(format!(
        "luck alone: if {all} configs were equally good, the best of them with {seeds} {noun} \
         each would on average lead by {lead} points and score {above} points too high (standard \
         deviation between fresh seeds: {points})"
    ))
}

/// How many seeds would show the lead over the second, if these do not.
fn seeds_needed(last: &Final<'_>) -> Option<String> {
    let second = last.others().first()?;
    let lead = last.lead(second)?;
    let difference = lead.difference();
    if difference.is_shown() || difference.half_width.is_none() {
        return None;
    }
    let points = hundredfold(difference.value.abs());
    if points == "0.0" {
        return None;
    }
    if lead.is_over_folds() {
        return None; // seeds do not make what folds share smaller
    }
    let needed = match lead.seeds_needed() {
        Some(seeds) => format!("about {seeds} fresh seeds"),
        None => "more than 1000 fresh seeds".to_owned(),
    };
    let (first_label, second_label) = (last.winner().label, second.label);
    Some(format!(
        "to show the {points} points between {first_label} and {second_label}, it would take {needed}"
    ))
}
