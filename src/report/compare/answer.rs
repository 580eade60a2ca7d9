//! The answer in two sentences: which config is best and by how much over what, and which has the
//! smallest gap. It names an effect only between configs that differ in one setting, and says
//! where the seeds cannot show a difference.

use super::super::settings;
use super::super::statistics::{Difference, Summary};
use super::super::table::{hundredfold, hundredfold_with_spread};
use super::columns::Figure;
use super::configs::{Config, Configs};

const ONE_SEED: &str = "n=1: one seed shows no spread";
const NOISE: &str = "within the noise of the seeds";

/// The answer; the configs are sorted by `ranked_by`, the best first.
pub(super) fn sentences(configs: &Configs, ranked_by: Figure) -> Vec<String> {
    let is_ranked = |c: &&Config| ranked_by.summary(c).is_some_and(|s| s.mean.is_finite());
    let ranked: Vec<&Config> = configs.list.iter().filter(is_ranked).collect();
    match ranked.as_slice() {
        [] => vec!["No finished run to compare yet.".to_owned()],
        [only] => only_one(only, configs.list.len() > 1),
        _ if !has_one_test_set(configs) => {
            vec!["No best is named: the configs are tested on different data.".to_owned()]
        }
        [best, others @ ..] => {
            let by_validation = ranked_by == Figure::Val;
            let first = best_sentence(best, others, &configs.varied, by_validation);
            [first].into_iter().chain(gap_sentence(best, &ranked)).collect()
        }
    }
}

/// Whether all configs are tested on the same examples, so that one can be better than another.
pub(super) fn has_one_test_set(configs: &Configs) -> bool {
    const TRAINING_SIDE: [&str; 4] = [
        "dataset.train_examples",
        "dataset.validation_examples",
        "dataset.split_seed",
        "dataset.scaling",
    ];
    let mut dataset_keys = configs.varied.iter().filter(|key| key.starts_with("dataset."));
    dataset_keys.all(|key| TRAINING_SIDE.contains(&key.as_str()))
}

fn best_sentence(
    best: &Config,
    others: &[&Config],
    varied: &[String],
    by_validation: bool,
) -> String {
    let chosen = if by_validation { " (by validation)" } else { "" };
    let test = test_with_n(best);
    format!("Best: {}{chosen}, {test}{}.", best.label, effects(best, others, varied))
}

/// `test 53.2 ± 0.3 % (n=3)`
fn test_with_n(config: &Config) -> String {
    let test = percent(config.test);
    match config.finished {
        1 => format!("test {test} ({ONE_SEED})"),
        n => format!("test {test} (n={n})"),
    }
}

/// What the best config gains over those that differ from it in one setting: over each that has
/// the setting switched off, else over the next best.
fn effects(best: &Config, others: &[&Config], varied: &[String]) -> String {
    let differing = |c: &Config| settings::keys_that_differ(&best.settings, &c.settings, varied);
    let singles: Vec<(&Config, &str)> = others
        .iter()
        .filter_map(|other| match differing(other).as_slice() {
            [key] if settings::is_training_choice(key) => Some((*other, *key)),
            _ => None,
        })
        .collect();
    let is_off = |(c, key): &&(&Config, &str)| settings::is_off(key, c.settings.get(*key));
    let mut references: Vec<_> = singles.iter().filter(is_off).collect();
    if references.is_empty() {
        references.extend(singles.first());
    }
    let trains_alike = |c: &&Config| !differing(c).into_iter().any(settings::is_training_choice);
    if references.is_empty() && others.iter().any(trains_alike) {
        return "; none differs from it in one setting of training alone, so no effect is named"
            .to_owned();
    }
    if references.is_empty() {
        let who = if others.len() == 1 { "the other" } else { "the others" };
        return format!(
            "; it differs from {who} in more than one setting, so no single effect is named"
        );
    }
    let parts = references.iter().filter_map(|(c, key)| effect(best, c, key, varied));
    let parts: Vec<String> = parts.collect();
    if parts.is_empty() { String::new() } else { format!(", {}", parts.join(" and ")) }
}

/// `+5.0 over no dropout`, with what the seeds say of it.
fn effect(best: &Config, other: &Config, key: &str, varied: &[String]) -> Option<String> {
    let difference = best.test?.minus(&other.test?);
    let points = hundredfold(difference.value);
    let label = settings::label_of(&other.settings, key, varied);
    let label = label.unwrap_or_else(|| other.label.clone());
    let gain = match points.as_str() {
        _ if !difference.value.is_finite() => return None,
        "0.0" => format!("level with {label}"),
        _ if difference.value < 0.0 => format!("{points} against {label}"),
        _ => format!("+{points} over {label}"),
    };
    Some(gain + &doubt(&difference, best, other))
}

/// What the seeds cannot show, in parentheses; the best config's own n is said before.
fn doubt(difference: &Difference, best: &Config, other: &Config) -> String {
    if difference.is_within_noise() {
        format!(" ({NOISE})")
    } else if other.finished == 1 && best.finished > 1 {
        format!(" ({ONE_SEED})")
    } else {
        String::new()
    }
}

fn gap_sentence(best: &Config, ranked: &[&Config]) -> Option<String> {
    let gaps = ranked.iter().filter_map(|c| Some((*c, c.gap?)));
    let mut gaps: Vec<_> = gaps.filter(|(_, gap)| gap.mean.is_finite()).collect();
    // The first with no gap is the better one: the configs are ranked.
    if let Some((config, gap)) = gaps.iter().find(|(_, gap)| has_no_gap(gap)) {
        return no_gap_sentence(best, config, gap);
    }
    gaps.sort_by(|a, b| a.1.mean.total_cmp(&b.1.mean)); // stable: of equals the better one first
    let (smallest, gap) = *gaps.first()?;
    let points = hundredfold(gap.mean);
    if std::ptr::eq(smallest, best) {
        let next = gaps.get(1).filter(|(_, next)| next.minus(&gap).is_within_noise());
        let noise = next.map_or(String::new(), |(config, next)| {
            format!(", {NOISE} of the {} of {}", hundredfold(next.mean), config.label)
        });
        return Some(format!("It also has the smallest gap: {points} points{noise}."));
    }
    let best_gap = best.gap?;
    let noise = match best_gap.minus(&gap).is_within_noise() {
        true => format!(", {NOISE} of the best's {}", hundredfold(best_gap.mean)),
        false => String::new(),
    };
    let but_test = but_test(best, smallest)?;
    Some(format!("Smallest gap: {} ({points} points{noise}), {but_test}.", smallest.label))
}

/// Whether train is not above test, as far as one decimal shows.
fn has_no_gap(gap: &Summary) -> bool {
    gap.mean < 0.0 || hundredfold(gap.mean) == "0.0"
}

/// A gap of 0 or less is no achievement in itself: untrained networks have it too.
fn no_gap_sentence(best: &Config, config: &Config, gap: &Summary) -> Option<String> {
    let what = match hundredfold(gap.mean).as_str() {
        "0.0" => "train is level with test".to_owned(),
        points => format!("train is below test, {points} points"),
    };
    if std::ptr::eq(config, best) {
        return Some(format!("It has no gap: {what}."));
    }
    Some(format!("No gap: {} ({what}), {}.", config.label, but_test(best, config)?))
}

/// `but test 49.2 %` where that is less than the best config's, else `with test ...`.
fn but_test(best: &Config, config: &Config) -> Option<String> {
    let lost = best.test?.minus(&config.test?);
    let but = if lost.value > 0.0 && !lost.is_within_noise() { "but" } else { "with" };
    Some(format!("{but} test {} %", hundredfold(config.test?.mean)))
}

/// Where there is nothing to compare: train, test, gap, and what was lost after the best epoch.
fn only_one(config: &Config, among_several: bool) -> Vec<String> {
    let who = match among_several {
        true => format!("Only {} has finished runs", config.label),
        false => config.label.clone(),
    };
    let gap = config.gap.map_or("-".to_owned(), |gap| hundredfold(gap.mean));
    let train = percent(config.train);
    let first = format!("{who}: train {train}, {}, a gap of {gap} points.", test_with_n(config));
    [first].into_iter().chain(best_epoch_sentence(config)).collect()
}

fn best_epoch_sentence(config: &Config) -> Option<String> {
    let (low, high) = config.best_epoch?;
    let epoch = match low == high {
        true => format!("epoch {low}"),
        false => format!("epochs {low}-{high}"),
    };
    let chosen = match config.has_validation {
        true => "by validation",
        false => "chosen on test",
    };
    let fall = config.fall?.mean;
    let last = match hundredfold(fall.abs()).as_str() {
        "0.0" => "the last epoch is level with it".to_owned(),
        points if fall > 0.0 => format!("the last epoch is {points} points below"),
        points => format!("the last epoch is {points} points above"),
    };
    let best = percent(config.best_test);
    Some(format!("Best test {best} at {epoch} ({chosen}); {last}."))
}

/// `53.2 ± 0.3 %`
fn percent(summary: Option<Summary>) -> String {
    summary.map_or("-".to_owned(), |s| format!("{} %", hundredfold_with_spread(&s)))
}
