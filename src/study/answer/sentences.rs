//! What each question found, in plain words.

use super::Answer;
use crate::stats::{Difference, Summary};
use crate::study::{
    Capacity, Confirmed, MOST_FRESH, Memory, MoreData, Recipe, Size, SplitLuck, Stand, Tried,
    smallest_found,
};
use crate::table::hundredfold;

/// A network that gets this share of random labels right could learn its examples by heart.
const BY_HEART: f64 = 0.9;
/// Less than this is little.
const LITTLE: f64 = 0.005;
/// The most remedies that are named.
const MOST_NAMED: usize = 5;

/// Each question that was answered, with what it found.
pub(super) fn sections(answer: &Answer<'_>) -> Vec<(&'static str, Vec<String>)> {
    let findings = answer.findings;
    let Some(own) = &findings.stand else {
        return vec![("Where do I stand?", vec!["The baseline is not trained yet.".to_owned()])];
    };
    let mut sections = vec![("Where do I stand?", stand(own))];
    if let Some(found) = &findings.more_data {
        sections.push(("More data?", more_data(found)));
    }
    if let Some(found) = &findings.memory {
        sections.push(("Memory?", memory(found, &own.figures.val)));
    }
    if let Some(found) = &findings.capacity {
        sections.push(("Capacity?", capacity(found)));
    }
    sections.push(("Time?", time(own)));
    if let Some(found) = &findings.splits {
        sections.push(("Luck of the split?", vec![splits(found)]));
    }
    if let Some(found) = &findings.remedies {
        sections.push(("What closes it?", vec![remedies(found)]));
    }
    if let Some(recipe) = &findings.together {
        sections.push(("What do they do together?", together(recipe, own)));
        sections.push(("Is it true?", confirmed(findings.confirmed.as_ref(), recipe)));
        sections.push(("What next?", vec![next(answer, recipe)]));
    }
    sections
}

fn percent(summary: &Summary) -> String {
    let half =
        summary.half_width().map_or(String::new(), |half| format!(" ± {}", hundredfold(half)));
    format!("{}{half} %", hundredfold(summary.mean))
}

fn points(summary: &Summary) -> String {
    let half =
        summary.half_width().map_or(String::new(), |half| format!(" ± {}", hundredfold(half)));
    format!("{}{half} points", hundredfold(summary.mean))
}

fn signed(value: f64) -> String {
    format!("{:+.1}", 100.0 * value)
}

fn interval(difference: &Difference) -> String {
    difference.half_width.map_or(String::new(), |half| {
        let (low, high) = (difference.value - half, difference.value + half);
        format!(" [{}, {}]", signed(low), signed(high))
    })
}

fn stand(found: &Stand) -> Vec<String> {
    let figures = &found.figures;
    let mut sentences = vec![format!(
        "Of the training examples the network gets {} right, of validation examples {}: a gap of {} (n={}; ± and brackets: 95 %).",
        percent(&figures.train),
        percent(&figures.val),
        points(&figures.gap),
        figures.val.n
    )];
    if let Some((std, times)) = figures.val.shown_std().zip(smallest_found(MOST_FRESH)) {
        sentences.push(format!(
            "Seeds differ by {} points (standard deviation): at the end, {MOST_FRESH} fresh seeds each find a true difference of \
             about {} points in 80 % of all studies.",
            hundredfold(std),
            hundredfold(times * std)
        ));
    }
    sentences
}

fn time(found: &Stand) -> Vec<String> {
    let (best, last) = (found.best_epoch.round() as u64, found.last_epoch);
    vec![match found.fall {
        fall if fall < 0.001 => format!(
            "Validation accuracy was best at the end, epoch {last}: stopping early would keep nothing."
        ),
        fall => format!(
            "Validation accuracy was best at about epoch {best} of {last} and {} points higher than at the end: stopping \
             early keeps most of that (the best of many epochs is partly luck).",
            hundredfold(fall)
        ),
    }]
}

fn more_data(found: &MoreData) -> Vec<String> {
    let mut sentences = Vec::new();
    if let Some(gain) = found.last_doubling() {
        sentences.push(format!(
            "The last doubling of the training examples added {} points of validation accuracy.",
            hundredfold(gain)
        ));
    }
    sentences.push(match &found.law {
        Some(law) if law.error_at(1.0) - law.error_at(2.0) < LITTLE => format!(
            "More data of this kind would add little: the error hardly depends on the number of examples (examples^-{:.3}).",
            law.exponent
        ),
        Some(law) => {
            let [low, high] = law.interval_at_twice().map(|error| hundredfold(1.0 - error));
            format!(
                "The error falls as examples^-{:.2}: with twice as many, about {} % of validation examples would be right \
                 [{high}, {low}]; with four times as many {} %, if the curve keeps its shape.",
                law.exponent,
                hundredfold(1.0 - law.error_at(2.0)),
                hundredfold(1.0 - law.error_at(4.0))
            )
        }
        None => "What more data would bring cannot be said: the smaller shares do not predict the full set."
            .to_owned(),
    });
    sentences
}

fn memory(found: &Memory, val: &Summary) -> Vec<String> {
    let mut sentences = Vec::new();
    if let Some(random) = &found.of_random {
        let train = percent(&random.train);
        sentences.push(match random.train.mean >= BY_HEART {
            true => format!(
                "It could learn its training examples by heart: of labels drawn at random it gets {train} right. That it \
                 could does not say how much it does."
            ),
            false => format!(
                "It cannot learn its training examples by heart in this time: of labels drawn at random it gets only \
                 {train} right."
            ),
        });
    }
    if let Some(noisy) = &found.of_noisy {
        let when = noisy
            .half_by
            .map_or(String::new(), |epoch| format!(", half of them from epoch {epoch} on"));
        sentences.push(format!(
            "With {} % of the labels drawn anew, it learns {} % of the wrong ones by heart{when}; validation accuracy \
             is then {} % instead of {} %.",
            hundredfold(noisy.share),
            hundredfold(noisy.learnt),
            hundredfold(noisy.val),
            hundredfold(val.mean)
        ));
    }
    sentences
}

fn capacity(found: &Capacity) -> Vec<String> {
    let of_size = |size: &Size| {
        let name = if size.name.is_empty() { "the baseline" } else { &size.name };
        format!(
            "{name}: validation {} %, gap {} points",
            hundredfold(size.figures.val.mean),
            hundredfold(size.figures.gap.mean)
        )
    };
    vec![format!(
        "From small to large: {}.",
        found.sizes.iter().map(of_size).collect::<Vec<_>>().join("; ")
    )]
}

fn splits(found: &SplitLuck) -> String {
    let std = |summary: &Summary| hundredfold(summary.std.unwrap_or(0.0));
    format!(
        "Other draws of the validation examples change validation accuracy by {} points, other seeds by {} (standard \
         deviations).",
        std(&found.over_draws),
        std(&found.over_seeds)
    )
}

fn remedies(tried: &[Tried]) -> String {
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
        true => format!("None of the {} changes adds to validation accuracy.", tried.len()),
        false => format!(
            "Of {} changes alone, these add most points to validation accuracy: {}. The best of many is partly luck.",
            tried.len(),
            better.join(", ")
        ),
    }
}

fn together(recipe: &Recipe, stand: &Stand) -> Vec<String> {
    let Some(last) = recipe.steps.last() else {
        return vec!["No change adds more than the seeds differ: nothing is kept.".to_owned()];
    };
    let names: Vec<&str> = recipe.steps.iter().map(|kept| kept.name.as_str()).collect();
    let mut sentences = vec![format!(
        "Kept: {}. Validation accuracy goes from {} to {} %, the gap from {} to {} points: estimates of the search, which \
         chose them.",
        names.join(", then "),
        hundredfold(stand.figures.val.mean),
        hundredfold(last.figures.val.mean),
        hundredfold(stand.figures.gap.mean),
        hundredfold(last.figures.gap.mean)
    )];
    if !recipe.taken_away.is_empty() {
        sentences.push(format!("No longer needed: {}.", recipe.taken_away.join(", ")));
    }
    if recipe.is_cut {
        sentences.push("The budget ended before nothing added any more.".to_owned());
    }
    sentences
}

fn confirmed(confirmed: Option<&Confirmed>, recipe: &Recipe) -> Vec<String> {
    let Some(found) = confirmed else {
        return vec![match recipe.steps.is_empty() {
            true => "There is nothing to confirm: the test set stays unread.".to_owned(),
            false => {
                "Not asked yet: fresh seeds and the test set have not judged the recipe.".to_owned()
            }
        }];
    };
    let seeds = found.recipe.n;
    let figures = format!(
        "With {seeds} fresh seeds each, on the test set, read once: {} instead of {}, {}{} points; the gap is {} instead of \
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
        false => {
            "Nothing confirmed: the fresh seeds do not show that the recipe raises test accuracy."
        }
    };
    let luck = found.searched - found.val_gain;
    let mut sentences = vec![format!("{verdict} {figures}")];
    if luck > 0.0005 {
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
fn next(answer: &Answer<'_>, recipe: &Recipe) -> String {
    let findings = answer.findings;
    let best_alone =
        findings.remedies.iter().flatten().map(|tried| tried.gain.mean()).fold(0.0, f64::max);
    let doubling = findings.more_data.as_ref().and_then(MoreData::last_doubling).unwrap_or(0.0);
    let is_shown = findings.confirmed.is_none_or(|confirmed| confirmed.is_shown());
    match () {
        () if recipe.is_cut => "A larger budget: this one ended while remedies still added. Move the folder of the \
            study away and give it more; its runs stay."
            .to_owned(),
        () if !is_shown => "More seeds for the last comparison, if the effect matters to you: what these do not show may \
            be there and small."
            .to_owned(),
        () if doubling > best_alone => format!(
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
