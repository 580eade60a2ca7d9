//! How much of the winner's lead was luck, in a few sentences. The seeds of the search chose the
//! winner, so its lead there is too large on average; fresh seeds did not choose it.

use crate::analysis::confirm::finalist::{Final, Finalist, split_of};
use crate::analysis::confirm::search::RankedSearch;
use crate::stats::{Difference, Lead, Spread, Summary};
use crate::table::{hundredfold, hundredfold_with_spread};

const NOISE: &str = ", within the noise of the seeds";
const AS_FAR: &str = "as far as these seeds show";
const OPEN: &str = "it stays open how much of its lead in the search was luck";

/// The answer.
pub(super) fn sentences(search: &RankedSearch<'_>, last: &Final<'_>) -> Vec<String> {
    let winner = last.winner();
    let split = split_of(search.score);
    let Some(fresh) = winner.fresh() else {
        let ahead = searched_sentence(last, split);
        return vec![ahead, "It has no finished run with a fresh seed yet.".to_owned()];
    };
    let mut sentences = vec![searched_sentence(last, split)];
    let Some(second) = last.others().first() else {
        let score = hundredfold_with_spread(&fresh, Spread::Interval);
        let seeds = fresh_seeds(winner.fresh_seeds());
        let luck = own_luck(winner.searched.mean, &fresh, last.searched > 1);
        sentences.push(format!("With {seeds} it scores {score} %{luck}."));
        return sentences;
    };
    sentences.push(match last.lead(second) {
        Some(lead) => lead_sentence(winner.searched.mean - second.searched.mean, &lead),
        None => format!("It and {} have no finished run with the same fresh seed.", second.label),
    });
    sentences.extend(told_apart(last));
    sentences.extend(order_sentence(last));
    sentences.extend(test_sentence(search, last, second));
    sentences
}

/// `Best of 24 configs in the search: dropout 0.2, val 53.2 % (n=1), 2.3 points ahead of no dropout.`
fn searched_sentence(last: &Final<'_>, split: &str) -> String {
    let winner = last.winner();
    let score = hundredfold_with_spread(&winner.searched, Spread::Interval);
    let who = match last.searched {
        1 => "In the search, the only config".to_owned(),
        searched => format!("Best of {searched} configs in the search"),
    };
    let ahead = last.others().first().map_or(String::new(), |second| {
        let points = hundredfold(winner.searched.mean - second.searched.mean);
        format!(", {points} points ahead of {}", second.label)
    });
    format!("{who}: {}, {split} {score} % (n={}){ahead}.", winner.label, winner.searched_runs)
}

/// `With 5 fresh seeds its lead is 0.8 [-0.5, 2.1] points: 1.5 [0.2, 2.8] of the 2.3 were luck.`
fn lead_sentence(searched: f64, lead: &Lead) -> String {
    let fresh = lead.difference();
    let seeds = fresh_seeds(lead.seeds());
    let points = hundredfold(fresh.value);
    let luck = match fresh.half_width {
        Some(_) => luck(searched, &fresh),
        None if lead.seeds() == 1 && !lead.is_over_folds() => {
            format!("; one seed shows no spread, so {OPEN}")
        }
        None => format!(", the same with each, which shows no spread, so {OPEN}"),
    };
    format!("With {seeds} its lead is {points}{} points{luck}.", interval(&fresh))
}

/// The part of the lead in the search that the fresh seeds do not confirm. The search's lead is a
/// fixed number, so the luck is known as precisely as the fresh lead.
fn luck(searched: f64, fresh: &Difference) -> String {
    let luck = Difference { value: searched - fresh.value, half_width: fresh.half_width };
    let all = hundredfold(searched);
    let points = hundredfold(luck.value);
    if all == "0.0" {
        return String::new();
    }
    let noise = if luck.is_within_noise() { NOISE } else { "" };
    if luck.value < 0.0 || points == "0.0" {
        return format!(": none of it was luck, {AS_FAR}{noise}");
    }
    match hundredfold(fresh.value.max(0.0)).as_str() {
        "0.0" => format!(": all of the {all} were luck, {AS_FAR}{noise}"),
        _ => format!(": {points}{} of the {all} were luck{noise}", interval(&luck)),
    }
}

/// The same for the winner's own score if it is the only finalist; a search of one config involves
/// no choice.
fn own_luck(searched: f64, fresh: &Summary, is_chosen: bool) -> String {
    let value = searched - fresh.mean;
    let lost = Difference { value, half_width: fresh.half_width() };
    let noise = if lost.is_within_noise() { NOISE } else { "" };
    let (points, interval) = (hundredfold(value.abs()), interval(&lost));
    let change = match points.as_str() {
        "0.0" => "as in the search".to_owned(),
        _ if value < 0.0 => format!("{points} points more than in the search"),
        _ if is_chosen && lost.half_width.is_some() => {
            format!("{points}{interval} points of its score in the search were luck")
        }
        _ => format!("{points}{interval} points less than in the search"),
    };
    let doubt = match fresh.n {
        1 => " (one seed shows no spread)",
        _ if fresh.agrees() => " (these seeds happen to agree, which shows no spread)",
        _ => "",
    };
    format!(": {change}{noise}{doubt}")
}

/// Which of the others the fresh seeds can tell apart from the winner.
fn told_apart(last: &Final<'_>) -> Option<String> {
    let (mut worse, mut better, mut open) = (Vec::new(), Vec::new(), Vec::new());
    for other in last.others() {
        let Some(lead) = last.lead(other) else { continue };
        let difference = lead.difference();
        match difference.is_shown() {
            true if difference.value > 0.0 => worse.push(other.label),
            true => better.push(other.label),
            false if difference.half_width.is_some() => open.push(other.label),
            false => (),
        }
    }
    let parts = [
        (worse, "show it to be better than"),
        (better, "show it to be worse than"),
        (open, "cannot tell it apart from"),
    ];
    let parts = parts.into_iter().filter(|(labels, _)| !labels.is_empty());
    let parts: Vec<String> =
        parts.map(|(labels, says)| format!("{says}: {}", labels.join("; "))).collect();
    (!parts.is_empty()).then(|| format!("These seeds {}.", parts.join(", and ")))
}

fn order_sentence(last: &Final<'_>) -> Option<String> {
    let first = last.first_with_fresh_seeds()?;
    (first != last.winner())
        .then(|| format!("The order changed: {} comes first with fresh seeds.", first.label))
}

/// The lead on the test set, if another split chose the winner.
fn test_sentence(
    search: &RankedSearch<'_>,
    last: &Final<'_>,
    second: &Finalist<'_>,
) -> Option<String> {
    if !search.by_validation() {
        return None;
    }
    let of_seeds = last.test_lead(second)?;
    let lead = of_seeds.difference();
    let noise = match lead.half_width {
        Some(_) if lead.is_within_noise() => NOISE,
        None if of_seeds.seeds() > 1 => ", the same with each seed, which shows no spread",
        _ => "",
    };
    let (points, interval) = (hundredfold(lead.value), interval(&lead));
    Some(format!(
        "On the test set, which did not choose it, its lead over {} is {points}{interval} \
         points{noise}.",
        second.label
    ))
}

fn fresh_seeds(count: usize) -> String {
    if count == 1 { "1 fresh seed".to_owned() } else { format!("{count} fresh seeds") }
}

/// ` [3.1, 6.9]`: the 95 % interval in points; empty if there is none.
fn interval(difference: &Difference) -> String {
    difference.half_width.map_or(String::new(), |half| {
        let (low, high) = (difference.value - half, difference.value + half);
        format!(" [{}, {}]", hundredfold(low), hundredfold(high))
    })
}
