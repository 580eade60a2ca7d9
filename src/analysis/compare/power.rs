//! What the seeds can show: which configs cannot be told apart from the best, the smallest
//! difference that could be shown, and how many seeds the observed one would need.

use crate::analysis::compare::answer::AGREE;
use crate::analysis::compare::configs::{Config, Configs};
use crate::analysis::compare::figure::pairwise;
use crate::analysis::settings;
use crate::few::{Between, FEW_LINES, first_few};
use crate::runs::figures::Figure;
use crate::stats::Pairwise;
use crate::table::hundredfold;

/// The compared configs, and the positions of the best and of the next best.
struct Compared<'a> {
    list: Vec<&'a Config<'a>>,
    pairs: Pairwise,
    best: usize,
    next: usize,
}

/// Notes on the ranking by `ranked_by`, in whatever order the configs are.
pub(super) fn lines(configs: &Configs, ranked_by: Figure) -> Vec<String> {
    if configs.problem(ranked_by).is_some() {
        return Vec::new();
    }
    let Some(compared) = compared(configs, ranked_by) else {
        return Vec::new();
    };
    let lines = [
        not_told_apart(&compared),
        smallest_shown(&compared),
        agreeing(&compared),
        without_spread(&compared),
        two_things_at_once(&compared, &configs.varied),
    ];
    lines.into_iter().flatten().collect()
}

fn compared<'a>(configs: &'a Configs<'a>, ranked_by: Figure) -> Option<Compared<'a>> {
    let mean = |c: &Config| c.over(ranked_by).map_or(f64::NAN, |summary| summary.mean);
    let list: Vec<&Config> = configs.list.iter().filter(|c| mean(c).is_finite()).collect();
    let by_mean = |a: &usize, b: &usize| mean(list[*a]).total_cmp(&mean(list[*b]));
    // Of equals the first wins, as in the answer.
    let best = (0..list.len()).rev().max_by(by_mean)?;
    let next = (0..list.len()).rev().filter(|index| *index != best).max_by(by_mean)?;
    let pairs = pairwise(ranked_by, &list);
    Some(Compared { list, pairs, best, next })
}

/// Configs that differ from the best one by no more than noise.
fn not_told_apart(compared: &Compared) -> Option<String> {
    let Compared { list, pairs, best, .. } = compared;
    let close = (0..list.len()).filter(|other| {
        other != best && pairs.has_interval(*best, *other) && !pairs.is_shown(*best, *other)
    });
    let labels = labels(close.map(|index| list[index]))?;
    Some(format!("with these seeds, the best cannot be told apart from: {labels}"))
}

/// How large a difference from the best must be, and how many seeds the next best one's would need.
fn smallest_shown(compared: &Compared) -> Option<String> {
    let Compared { list, pairs, best, next } = compared;
    let least = pairs.smallest_shown(*best)?;
    let line = match least <= 1.0 {
        true => format!(
            "differences of less than {} points from the best are within the noise of these seeds",
            hundredfold(least)
        ),
        // Accuracies differ by at most 100 points.
        false => "these seeds cannot show any difference from the best, however large".to_owned(),
    };
    if pairs.is_shown(*best, *next) {
        return Some(line);
    }
    if pairs.shares_data(*best, *next) {
        return Some(format!("{line}; more seeds of the same folds make that little smaller"));
    }
    let seen = hundredfold(pairs.difference(*best, *next).value);
    if seen == "0.0" {
        return Some(line);
    }
    let needed = match pairs.seeds_needed(*best, *next) {
        Some(seeds) => format!("about {seeds} seeds"),
        None => "more than 1000 seeds".to_owned(),
    };
    Some(format!(
        "{line}; to show the {seen} points to {}, each config would need {needed}",
        list[*next].label
    ))
}

/// Configs whose seeds happen to agree, like those of the best.
fn agreeing(compared: &Compared) -> Option<String> {
    let Compared { list, pairs, best, .. } = compared;
    let close = (0..list.len()).filter(|other| other != best && pairs.agree(*best, *other));
    let labels = labels(close.map(|index| list[index]))?;
    Some(format!("{AGREE}, so no difference is shown from: {labels}"))
}

/// Configs with one seed, for which no difference can be shown.
fn without_spread(compared: &Compared) -> Option<String> {
    let single = || compared.list.iter().copied().filter(|config| config.finished == 1);
    match compared.pairs.has_seeds() {
        true => Some(format!(
            "n=1 shows no spread, so a difference cannot be shown from: {}",
            labels(single())?
        )),
        false => single().next().map(|_| {
            "n=1 shows no spread: no difference can be shown until two configs have two seeds"
                .to_owned()
        }),
    }
}

/// The next best config, if an effect is named over another config and a reader might take the
/// distance between the first two for an effect too.
fn two_things_at_once(compared: &Compared, varied: &[String]) -> Option<String> {
    let Compared { list, best, next, .. } = compared;
    let differing =
        |c: &Config| settings::keys_that_differ(&list[*best].settings, &c.settings, varied).len();
    let count = differing(list[*next]);
    let names_an_effect = || list.iter().any(|config| differing(config) == 1);
    (count > 1 && names_an_effect()).then(|| {
        let label = &list[*next].label;
        format!(
            "{label} differs from the best in {count} settings, so that difference is not the \
             effect of one setting"
        )
    })
}

/// The first labels, and how many more there are; `None` for none.
fn labels<'a>(configs: impl Iterator<Item = &'a Config<'a>>) -> Option<String> {
    let labels: Vec<&str> = configs.map(|config| &*config.label).collect();
    first_few(&labels, FEW_LINES, Between::Semicolons)
}
