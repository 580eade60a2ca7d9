//! What the remedies do, in plain words.

use super::Answer;
use super::numbers::{interval, percent, points, signed};
use crate::stats::ROUNDING;
use crate::study::{Findings, MoreData, Recipe, Stand, Tried};
use crate::table::hundredfold;

/// Half of the last digit of a number of points: smaller differences are not seen.
const SEEN: f64 = 0.0005;
/// The most remedies that are named.
const MOST_NAMED: usize = 5;

/// What each adds alone, the best first.
pub(super) fn remedies(tried: &[Tried]) -> String {
    let better: Vec<String> = tried
        .iter()
        .filter(|tried| tried.gain.mean() > 0.0)
        .take(MOST_NAMED)
        .map(|tried| {
            let seeds = if tried.figures.val.n == 1 { " (1 seed)" } else { "" };
            format!("{} {}{seeds}", tried.change.name, signed(tried.gain.mean()))
        })
        .collect();
    match better.is_empty() {
        true if tried.is_empty() => {
            "No change has figures to be compared with the baseline's.".to_owned()
        }
        true => format!("None of the {} changes adds to validation accuracy.", tried.len()),
        false => format!(
            "Of {} changes alone, these add most points to validation accuracy: {}. The best of many is partly luck.",
            tried.len(),
            better.join(", ")
        ),
    }
}

/// What is kept, and what the search expects of it.
pub(super) fn together(recipe: &Recipe, stand: &Stand) -> Vec<String> {
    let Some(last) = recipe.steps.last() else {
        let sentence = match stand.figures.val.n {
            1 => {
                "Only one run of the baseline has figures, so that luck cannot be told from what a change adds: nothing \
                 is kept."
            }
            _ => "No change adds more than the seeds differ: nothing is kept.",
        };
        return vec![sentence.to_owned()];
    };
    let start = stand.over(&last.gain);
    let names: Vec<&str> = recipe.kept().into_iter().map(|kept| kept.name.as_str()).collect();
    let mut sentences = vec![format!(
        "Kept: {}. Validation accuracy goes from {} to {} %, the gap from {} to {} points: estimates of the search, which \
         chose them.",
        names.join(", "),
        hundredfold(start.val.mean),
        hundredfold(last.figures.val.mean),
        hundredfold(start.gap.mean),
        hundredfold(last.figures.gap.mean)
    )];
    if start.val.n < stand.figures.val.n {
        let (seeds, noun) = (start.val.n, if start.val.n == 1 { "seed" } else { "seeds" });
        sentences.push(format!("These are over the {seeds} {noun} with which both have figures."));
    }
    for gone in recipe.taken_away() {
        sentences.push(format!("No longer needed: {}.", gone.name));
    }
    if recipe.is_cut {
        sentences.push("The budget ended while more was left to try.".to_owned());
    }
    if recipe.is_unpruned {
        let sentence = "The budget did not pay for taking each of them away once.";
        sentences.push(sentence.to_owned());
    }
    sentences
}

/// What fresh seeds and the test set say of it.
pub(super) fn confirmed(findings: &Findings, recipe: &Recipe) -> Vec<String> {
    let Some(found) = &findings.confirmed else {
        let sentence = match () {
            () if recipe.steps.is_empty() => {
                "There is nothing to confirm: the test set stays unread."
            }
            () if findings.is_confirmation_lost() => {
                "Nothing confirmed: every run of the recipe, or of the baseline, with fresh seeds diverged."
            }
            () => "Not asked yet: fresh seeds and the test set have not judged the recipe.",
        };
        return vec![sentence.to_owned()];
    };
    let seeds = match (found.recipe.n, found.baseline.n) {
        (recipe, baseline) if recipe == baseline => format!("{recipe} fresh seeds each"),
        (recipe, baseline) => {
            format!("{recipe} fresh seeds of the recipe and {baseline} of the baseline")
        }
    };
    let figures = format!(
        "With {seeds}, on the test set, read once: {} instead of {}, {}{} points; the gap is {} instead of \
         {}, {}{} points.",
        percent(&found.recipe),
        percent(&found.baseline),
        signed(found.gain.value),
        interval(&found.gain),
        points(&found.gaps[1]),
        points(&found.gaps[0]),
        signed(found.gap_change.value),
        interval(&found.gap_change)
    );
    let verdict = match found.is_shown() {
        true => "Confirmed: the recipe raises test accuracy.",
        false if found.recipe.n < found.asked => {
            "Nothing confirmed: the recipe diverged with some of the fresh seeds."
        }
        false => {
            "Nothing confirmed: the fresh seeds do not show that the recipe raises test accuracy."
        }
    };
    let luck = found.searched - found.val_gain;
    let mut sentences = vec![format!("{verdict} {figures}")];
    if luck > SEEN {
        sentences.push(format!(
            "The search had promised {} points of validation accuracy; with fresh seeds it is {}: {} were luck.",
            signed(found.searched),
            signed(found.val_gain),
            hundredfold(luck)
        ));
    }
    sentences
}

/// What the next hour would best be spent on.
pub(super) fn next(answer: &Answer<'_>, recipe: &Recipe) -> String {
    let findings = answer.findings;
    let best_alone =
        findings.remedies.iter().flatten().map(|tried| tried.gain.mean()).fold(0.0, f64::max);
    let doubling = findings.more_data.as_ref().and_then(MoreData::last_doubling).unwrap_or(0.0);
    let own = findings.stand.as_ref().map(|stand| stand.figures);
    let is_shown = findings.confirmed.is_none_or(|confirmed| confirmed.is_shown());
    match () {
        () if findings.remedies.iter().flatten().next().is_none() && !answer.plan.proposals.is_empty() => {
            "A lower learning rate: no change could be compared with the baseline.".to_owned()
        }
        () if findings.is_confirmation_lost() => {
            "A lower learning rate for the winner: its runs with fresh seeds, or the baseline's, diverged.".to_owned()
        }
        () if recipe.steps.is_empty() && own.is_some_and(|own| own.val.n == 1) => {
            "A lower learning rate: of the baseline, only one run has not diverged.".to_owned()
        }
        () if recipe.is_cut || recipe.is_unpruned => "A larger budget: this one ended while more was left to try. Move the \
            folder of the study away and give it more; its runs stay."
            .to_owned(),
        () if !is_shown => "More seeds for the last comparison, if the effect matters to you: what these do not show may \
            be there and small."
            .to_owned(),
        () if recipe.steps.is_empty() && own.is_some_and(|own| own.val.mean > 1.0 - ROUNDING) => {
            "Other validation examples, more or harder ones: the baseline gets all of these right, so that no change can \
             show that it does better."
                .to_owned()
        }
        () if doubling > best_alone + SEEN => format!(
            "More training examples: the last doubling added {} points, more than any change alone.",
            hundredfold(doubling)
        ),
        () if recipe.steps.is_empty() => "Another kind of network: no change of this one adds more than its seeds differ."
            .to_owned(),
        () => format!(
            "A study of the winner goes on from here: copy best.toml out of the folder of the study and run `runner study` \
             on it. {}",
            match answer.plan.shortened.is_empty() {
                true => "Whatever fits was tried.",
                false => "A larger budget would try what this one left out.",
            }
        ),
    }
}
