//! The answer without a baseline, in two sentences: which config is best, by how much and over which, and which has the
//! smallest gap. It names an effect only between configs that differ in one setting, and says where
//! the seeds cannot show a difference.

use crate::analysis::comparability::Incomparable;
use crate::analysis::compare::configs::{Config, Configs};
use crate::analysis::compare::figure::pairwise;
use crate::analysis::compare::measure::Measure;
use crate::analysis::settings;
use crate::runs::figures::Figure;
use crate::stats::{Difference, Pairwise, Spread, Summary};
use crate::table::{hundredfold, hundredfold_with_spread};

const ONE_SEED: &str = "n=1: one seed shows no spread";
const OTHER_LABELS: &str = "No smallest gap is named: train accuracy counts noisy labels, and not all configs have \
                            as many (dataset.label_noise).";
const OTHER_TRAIN_EXAMPLES: &str = "No smallest gap is named: train accuracy is measured on different \
                                    numbers of examples (evaluation.train_examples).";
/// Why these seeds cannot show a difference.
pub(super) const AGREE: &str = "these seeds happen to agree, which shows no spread";
const NOISE: &str = "within the noise of the seeds";

/// Configs with a finite ranking figure, the best first, and what their seeds can show.
struct Contenders<'a> {
    list: Vec<&'a Config<'a>>,
    varied: &'a [String],
    measure: Measure,
    score: Pairwise,
    gap: Pairwise,
    spread: Spread,
}

/// The answer; the configs are sorted by `ranked_by`, the best first.
pub(super) fn sentences(configs: &Configs, ranked_by: Figure, spread: Spread) -> Vec<String> {
    let is_ranked = |c: &&Config| c.over(ranked_by).is_some_and(|s| s.mean.is_finite());
    let list: Vec<&Config> = configs.list.iter().filter(is_ranked).collect();
    let finished = configs.list.iter().filter(|config| config.finished > 0).count();
    match list.as_slice() {
        [] => vec!["No finished run to compare yet.".to_owned()],
        _ if finished > 1
            && let Some(Incomparable { why, .. }) = configs.problem(ranked_by) =>
        {
            vec![format!("No best is named: {why}.")]
        }
        [only] if finished > 1 => {
            let what = ranked_by.kind().words;
            only_one(only, Some(&format!("has a {what}")), spread)
        }
        [only] => {
            let among_several = configs.list.len() > 1;
            only_one(only, among_several.then_some("has finished runs"), spread)
        }
        _ => {
            let measure = Measure::of(list.iter().copied());
            let (score, gap) = (pairwise(measure.score, &list), pairwise(measure.gap, &list));
            let ranked = Contenders { list, varied: &configs.varied, measure, score, gap, spread };
            let first = best_sentence(&ranked, ranked_by == Figure::ValAccuracy);
            let unsealed = unsealed_sentence("Its", ranked.list[0], spread);
            let of_gap = match (configs.comparability.train, configs.comparability.labels) {
                (false, _) => Some(OTHER_TRAIN_EXAMPLES.to_owned()),
                (true, false) => Some(OTHER_LABELS.to_owned()),
                (true, true) => gap_sentence(&ranked),
            };
            [first].into_iter().chain(of_gap).chain(unsealed).collect()
        }
    }
}

fn best_sentence(ranked: &Contenders, by_validation: bool) -> String {
    let best = ranked.list[0];
    let chosen = if by_validation { " (by validation)" } else { "" };
    let score = score_with_n(best, ranked.measure, ranked.spread);
    format!("Best: {}{chosen}, {score}{}.", best.label, effects(ranked))
}

/// `test 53.2 ± 0.7 % (n=3)`
fn score_with_n(config: &Config, measure: Measure, spread: Spread) -> String {
    let (split, shown) = (measure.split(), percent(config.over(measure.score), spread));
    match config.finished {
        1 => format!("{split} {shown} ({ONE_SEED})"),
        n => format!("{split} {shown} (n={n})"),
    }
}

/// The figure of a sealed test set once it was read.
fn unsealed_sentence(whose: &str, config: &Config, spread: Spread) -> Option<String> {
    let test = config.best_test().filter(|_| config.is_sealed())?;
    let shown = percent(Some(test), spread);
    Some(format!("{whose} test accuracy, with the weights of the best validation epoch: {shown}."))
}

/// The best config's gain over those that differ from it in one setting: over each that has the
/// setting switched off, else over the next best.
fn effects(ranked: &Contenders) -> String {
    let (best, others) = (ranked.list[0], &ranked.list[1..]);
    let differing =
        |c: &Config| settings::keys_that_differ(&best.settings, &c.settings, ranked.varied);
    let singles: Vec<(usize, &str)> = (1..ranked.list.len())
        .filter_map(|index| match differing(ranked.list[index]).as_slice() {
            [key] if settings::is_training_choice(key) => Some((index, *key)),
            _ => None,
        })
        .collect();
    let is_off = |(index, key): &&(usize, &str)| {
        settings::is_off(key, ranked.list[*index].settings.get(*key))
    };
    let mut references: Vec<_> = singles.iter().filter(is_off).collect();
    if references.is_empty() {
        references.extend(singles.first());
    }
    let trains_alike = |c: &&Config| !differing(c).into_iter().any(settings::is_training_choice);
    if references.is_empty() && others.iter().any(trains_alike) {
        return "; no other config differs from it in a single training setting, so no effect is named"
            .to_owned();
    }
    if references.is_empty() {
        let who = if others.len() == 1 { "the other" } else { "the others" };
        return format!(
            "; it differs from {who} in more than one setting, so no single effect is named"
        );
    }
    let parts = references.iter().filter_map(|(index, key)| effect(ranked, *index, key));
    let parts: Vec<String> = parts.collect();
    if parts.is_empty() { String::new() } else { format!(", {}", parts.join(" and ")) }
}

/// `+5.0 [3.1, 6.9] over no dropout`, with the seeds' verdict.
fn effect(ranked: &Contenders, index: usize, key: &str) -> Option<String> {
    let other = ranked.list[index];
    let difference = ranked.score.difference(0, index);
    let points = hundredfold(difference.value);
    let interval = interval(&difference);
    let label = settings::label_of(&other.settings, key, ranked.varied);
    let label = label.unwrap_or_else(|| other.label.clone());
    let gain = match () {
        () if !difference.value.is_finite() => return None,
        // Not "level with no dropout", which reads like its opposite.
        () if points == "0.0" || difference.value < 0.0 => {
            format!("{points}{interval} against {label}")
        }
        () => format!("+{points}{interval} over {label}"),
    };
    Some(gain + &doubt(&difference, ranked.list[0], other))
}

/// ` [3.1, 6.9]`: the simultaneous 95 % interval in points; empty if there is none.
fn interval(difference: &Difference) -> String {
    difference.half_width.map_or(String::new(), |half| {
        let (low, high) = (difference.value - half, difference.value + half);
        format!(" [{}, {}]", hundredfold(low), hundredfold(high))
    })
}

/// What the seeds cannot show, in parentheses; the best config's own n is already stated.
fn doubt(difference: &Difference, best: &Config, other: &Config) -> String {
    if difference.is_within_noise() {
        format!(" ({NOISE})")
    } else if other.finished == 1 && best.finished > 1 {
        format!(" ({ONE_SEED})")
    } else if difference.half_width.is_none() && other.finished > 1 && best.finished > 1 {
        format!(" ({AGREE})")
    } else {
        String::new()
    }
}

fn gap_sentence(ranked: &Contenders) -> Option<String> {
    let gaps = ranked
        .list
        .iter()
        .enumerate()
        .filter_map(|(index, c)| Some((index, c.over(ranked.measure.gap)?)));
    let mut gaps: Vec<_> = gaps.filter(|(_, gap)| gap.mean.is_finite()).collect();
    // The first without a gap is the better one, because the configs are ranked.
    if let Some((index, gap)) = gaps.iter().find(|(_, gap)| has_no_gap(gap)) {
        return no_gap_sentence(ranked, *index, gap);
    }
    gaps.sort_by(|a, b| a.1.mean.total_cmp(&b.1.mean)); // stable sort: of equals the better one comes first
    let (smallest, gap) = *gaps.first()?;
    let points = hundredfold(gap.mean);
    if smallest == 0 {
        let than_next = gaps.get(1).map_or(String::new(), |(next, _)| {
            let label = &ranked.list[*next].label;
            format!(", {}", below(ranked, *next, 0, &format!("that of {label}")))
        });
        return Some(format!("It also has the smallest gap: {points} points{than_next}."));
    }
    let label = &ranked.list[smallest].label;
    let than_best = below(ranked, 0, smallest, "the best's");
    let but_test = but_test(ranked, smallest)?;
    Some(format!("Smallest gap: {label} ({points} points, {than_best}), {but_test}."))
}

/// `9.3 [8.1, 10.5] below that of no dropout`: how much wider the gap of config `wide` is than that
/// of `narrow`, in points, with the seeds' verdict.
fn below(ranked: &Contenders, wide: usize, narrow: usize, whose: &str) -> String {
    let difference = ranked.gap.difference(wide, narrow);
    let noise = match () {
        () if difference.is_within_noise() => format!(", {NOISE}"),
        () if ranked.gap.agree(wide, narrow) => format!(", {AGREE}"),
        () => String::new(),
    };
    let points = hundredfold(difference.value);
    format!("{points}{} below {whose}{noise}", interval(&difference))
}

/// Whether train is not above test, as far as one decimal shows.
fn has_no_gap(gap: &Summary) -> bool {
    gap.mean < 0.0 || hundredfold(gap.mean) == "0.0"
}

/// A gap of 0 or less is not an achievement in itself: untrained networks have it too.
fn no_gap_sentence(ranked: &Contenders, index: usize, gap: &Summary) -> Option<String> {
    let split = ranked.measure.split();
    let what = match hundredfold(gap.mean).as_str() {
        "0.0" => format!("train is level with {split}"),
        points => format!("train is below {split}, {points} points"),
    };
    if index == 0 {
        return Some(format!("It has no gap: {what}."));
    }
    let label = &ranked.list[index].label;
    Some(format!("No gap: {label} ({what}), {}.", but_test(ranked, index)?))
}

/// `but test 49.2 %` if that is less than the best config's, else `with test ...`.
fn but_test(ranked: &Contenders, index: usize) -> Option<String> {
    let (split, score) = (ranked.measure.split(), ranked.measure.score);
    let mean = ranked.list[index].over(score)?.mean;
    let lost = ranked.score.difference(0, index);
    let is_doubtful = lost.is_within_noise() || ranked.score.agree(0, index);
    let but = if lost.value > 0.0 && !is_doubtful { "but" } else { "with" };
    Some(format!("{but} {split} {} %", hundredfold(mean)))
}

/// If there is nothing to compare: train, test, gap, and what was lost after the best epoch. `alone_in` says what the
/// other configs lack, if there are others.
fn only_one(config: &Config, alone_in: Option<&str>, spread: Spread) -> Vec<String> {
    let who = match alone_in {
        Some(alone_in) => format!("Only {} {alone_in}", config.label),
        None => config.label.clone(),
    };
    let measure = Measure::of([config]);
    let gap = config.over(measure.gap).map_or("-".to_owned(), |gap| hundredfold(gap.mean));
    let (train, score) = (
        percent(config.over(Figure::TrainAccuracy), spread),
        score_with_n(config, measure, spread),
    );
    let first = format!("{who}: train {train}, {score}, a gap of {gap} points.");
    let unsealed = unsealed_sentence("The", config, spread);
    [first].into_iter().chain(best_epoch_sentence(config, spread)).chain(unsealed).collect()
}

fn best_epoch_sentence(config: &Config, spread: Spread) -> Option<String> {
    let (low, high) = config.range(Figure::BestEpoch)?;
    let epoch = match low == high {
        true => format!("epoch {low}"),
        false => format!("epochs {low}-{high}"),
    };
    let chosen = match config.has_validation {
        true => "by validation",
        false => "chosen on test",
    };
    let fall = config.over(Figure::Fall)?.mean;
    let last = match hundredfold(fall.abs()).as_str() {
        "0.0" => "the last epoch is level with it".to_owned(),
        points if fall > 0.0 => format!("the last epoch is {points} points below"),
        points => format!("the last epoch is {points} points above"),
    };
    let best = percent(config.best_test(), spread);
    Some(format!("Best test {best} at {epoch} ({chosen}); {last}."))
}

/// `53.2 ± 0.7 %`
fn percent(summary: Option<Summary>, spread: Spread) -> String {
    summary.map_or("-".to_owned(), |s| format!("{} %", hundredfold_with_spread(&s, spread)))
}
