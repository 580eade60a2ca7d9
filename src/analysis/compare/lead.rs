//! The answer against the baseline: the configs in groups by what is shown of them, and two or three sentences
//! that lead with the score. A small gap is not the goal: a network that learns nothing has none.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use crate::analysis::compare::against::Judged;
use crate::analysis::compare::configs::{Config, Configs};
use crate::analysis::compare::verdict::{ConfigChange, Verdict};
use crate::few::{Between, first_few};
use crate::stats::Change;
use crate::table::{change_in_points, hundredfold};

/// As many configs as a sentence names.
const MOST_NAMED: usize = 3;
/// As many configs as the line of a verdict lists.
const MOST_LISTED: usize = 12;
/// An interval that includes zero and is wider than this, as a fraction, says nothing.
const SAYS_NOTHING: f64 = 0.2;

/// A config with what it changes.
struct Changed<'a> {
    config: &'a Config<'a>,
    change: ConfigChange,
}

/// What the changes show, in words.
pub(super) struct Lead {
    /// The configs of each verdict, a line each.
    pub(super) groups: Vec<String>,
    /// Two or three sentences.
    pub(super) answer: Vec<String>,
}

/// What the changes show. None without a baseline.
pub(super) fn lead(configs: &Configs, judged: &Judged) -> Option<Lead> {
    let baseline = configs.baseline()?;
    let with_change = |config| Some(Changed { config, change: config.change? });
    let mut changed: Vec<Changed> = configs.list.iter().filter_map(with_change).collect();
    changed.sort_by(|a, b| highest_first(a.change.score.value(), b.change.score.value()));
    let answer = Answer { changed, judged };
    let against = of_baseline(baseline, judged);
    let first = answer
        .raises()
        .or_else(|| answer.without_seeds(baseline))
        .or_else(|| answer.agreeing())
        .or_else(|| answer.lowers().filter(|_| answer.is_all_lower()));
    let rest = match &first {
        Some(_) if answer.is_all_lower() => [None, None],
        _ => [answer.narrows(), answer.lowers()],
    };
    let first = first.unwrap_or_else(|| answer.nothing_raises());
    let rest = rest.into_iter().flatten().map(capitalised);
    let sentences = [format!("{against}{first}")].into_iter().chain(rest).collect();
    Some(Lead { groups: answer.groups(), answer: sentences })
}

/// What is not a number comes last: it is no gain.
fn highest_first(a: f64, b: f64) -> Ordering {
    a.is_nan().cmp(&b.is_nan()).then(b.total_cmp(&a))
}

/// `Against the baseline (test 47.1 %, gap 32.2 points, n=3), `
fn of_baseline(baseline: &Config, judged: &Judged) -> String {
    let figure = |figure| baseline.over(figure).map_or("-".to_owned(), |s| hundredfold(s.mean));
    let (split, n) = (judged.measure.split(), baseline.finished);
    let (score, gap) = (figure(judged.measure.score), figure(judged.measure.gap));
    format!("Against the baseline ({split} {score} %, gap {gap} points, n={n}), ")
}

struct Answer<'a> {
    changed: Vec<Changed<'a>>, // the largest gain in the score first
    judged: &'a Judged,
}

impl<'a> Answer<'a> {
    fn with(&self, is: impl Fn(Verdict) -> bool) -> Vec<&Changed<'a>> {
        self.changed.iter().filter(|one| is(one.change.verdict)).collect()
    }

    /// The change with the highest score, if any has one.
    fn highest(&self) -> Option<&Changed<'a>> {
        self.changed.first().filter(|one| one.change.score.value().is_finite())
    }

    /// What raises the score, the most first.
    fn raises(&self) -> Option<String> {
        use Verdict::{Raises, RaisesAndNarrows, RaisesAndWidens};
        let all = self.with(|v| matches!(v, RaisesAndNarrows | Raises | RaisesAndWidens));
        let (best, others) = all.split_first()?;
        let words = self.judged.measure.words();
        let gain = hundredfold(best.change.score.value());
        let interval = brackets(best.change.score);
        let gap = self.gap_after(best);
        let gap_change = hundredfold(best.change.gap.value().abs());
        let of_gap = match best.change.verdict {
            RaisesAndNarrows if let Some(below) = self.below(best) => {
                format!("and leaves no gap: {below}")
            }
            RaisesAndNarrows => format!("and narrows the gap by {gap_change} to {gap}"),
            RaisesAndWidens => format!("and widens the gap by {gap_change} to {gap}"),
            _ if !best.change.has_gap => "its gap is not compared".to_owned(),
            _ if let Some(below) = self.below(best) => below,
            _ => format!("its gap of {gap} is not shown to shrink"),
        };
        let join = if best.change.verdict == Raises { "; " } else { " " };
        let label = &best.config.label;
        let mut text = format!("{label} adds {gain} points of {words}{interval}{join}{of_gap}.");
        let named = |one: &&Changed| format!("{} ({})", one.config.label, points(one.change.score));
        let others: Vec<String> = others.iter().map(named).collect();
        if let Some(few) = first_few(&others, MOST_NAMED, Between::Semicolons) {
            text.push_str(&format!(" Also shown to raise it: {few}."));
        }
        Some(text)
    }

    /// Where a single seed keeps anything from being shown.
    fn without_seeds(&self, baseline: &Config) -> Option<String> {
        let few = baseline.finished < 2 || self.changed.iter().all(|one| one.config.finished < 2);
        let best = self.highest().filter(|_| few)?;
        Some(format!(
            "{}, but one seed cannot say whether that is \
             more than luck: train with several, such as `--set training.seeds=3`.",
            self.comes_out(best)
        ))
    }

    /// Where seeds agree, in their figures or in what each change does to them, so that nothing shows how much
    /// luck there is.
    fn agreeing(&self) -> Option<String> {
        let best = self.highest()?;
        let has_interval = |one: &Changed| one.change.score.has_interval();
        (!self.changed.iter().any(has_interval)).then(|| {
            format!(
                "{}, but the seeds show no spread to judge it by: no change is shown.",
                self.comes_out(best)
            )
        })
    }

    /// `dropout 0.2 comes out highest in test accuracy (+10.0)`
    fn comes_out(&self, best: &Changed) -> String {
        let change = points(best.change.score);
        let place = match change.as_str() {
            "0.0" => "level",
            _ if best.change.score.value() < 0.0 => "lower",
            _ => "highest",
        };
        let (label, words) = (&best.config.label, self.judged.measure.words());
        format!("{label} comes out {place} in {words} ({change})")
    }

    fn is_all_lower(&self) -> bool {
        self.changed.iter().all(|one| one.change.verdict == Verdict::Lowers)
    }

    fn nothing_raises(&self) -> String {
        let words = self.judged.measure.words();
        let none = match self.changed.len() {
            1 => format!("{} is not shown to raise {words}", self.changed[0].config.label),
            count => format!("none of {count} changes is shown to raise {words}"),
        };
        let reach = self.changed.iter().filter_map(|one| {
            let [low, high] = one.change.score.interval()?;
            (high > 0.0).then_some((one, low, high))
        });
        let best = reach.max_by(|a, b| a.1.total_cmp(&b.1));
        match best {
            None => format!("{none}."),
            Some((one, low, high)) if high - low > SAYS_NOTHING => {
                let (low, high) = (hundredfold(low), hundredfold(high));
                let runs = one.config.finished;
                let noun = if one.config.folds().is_some() { "runs" } else { "seeds" };
                format!("{none}: {runs} {noun} cannot say ({low} to +{high} points).")
            }
            // What narrows the gap has a sentence of its own.
            Some((one, ..))
                if matches!(
                    one.change.verdict,
                    Verdict::Narrows | Verdict::NarrowsByLearningLess
                ) =>
            {
                format!("{none}.")
            }
            Some((one, low, high)) => {
                let label = match self.changed.len() {
                    1 => "it could still be".to_owned(),
                    _ => format!("{} could still be", one.config.label),
                };
                format!("{none}: {label} {}.", anything(low, high))
            }
        }
    }

    /// What narrows the gap without being shown to raise the score: the most first.
    fn narrows(&self) -> Option<String> {
        use Verdict::{Narrows, NarrowsByLearningLess};
        let mut all = self.with(|v| matches!(v, Narrows | NarrowsByLearningLess));
        all.sort_by(|a, b| a.change.gap.value().total_cmp(&b.change.gap.value()));
        let best = all.first()?;
        let (label, gap) = (&best.config.label, self.gap_after(best));
        let how = match best.change.verdict {
            NarrowsByLearningLess => " by learning less",
            _ => "",
        };
        let words = self.judged.measure.words();
        let but = best.change.score.interval().map_or(String::new(), |[low, high]| {
            format!(", but its {words} could be {}", anything(low, high))
        });
        let what = match self.below(best) {
            Some(below) => format!("leaves no gap{how}: {below}"),
            None => format!("narrows the gap to {gap} points{how}"),
        };
        Some(format!("{label} {what}{but}."))
    }

    /// What costs the score, the most first.
    fn lowers(&self) -> Option<String> {
        let mut all = self.with(|verdict| verdict == Verdict::Lowers);
        all.reverse();
        let worst = all.first()?;
        let (label, words) = (&worst.config.label, self.judged.measure.words());
        let loss = hundredfold(-worst.change.score.value());
        let others = match all.len() - 1 {
            0 => String::new(),
            1 => ", and another change lowers it too".to_owned(),
            more => format!(", and {more} other changes lower it too"),
        };
        let interval = brackets(worst.change.score);
        Some(format!("{label} lowers {words} by {loss} points{interval}{others}."))
    }

    /// `raises test accuracy and narrows the gap: dropout 0.2; flip + crop`
    fn groups(&self) -> Vec<String> {
        let mut groups: BTreeMap<Verdict, Vec<&str>> = BTreeMap::new();
        for one in &self.changed {
            groups.entry(one.change.verdict).or_default().push(&one.config.label);
        }
        let words = self.judged.measure.words();
        let line = |(verdict, labels): (Verdict, Vec<&str>)| {
            let labels = first_few(&labels, MOST_LISTED, Between::Semicolons).unwrap_or_default();
            format!("{}: {labels}", verdict.words(words))
        };
        groups.into_iter().map(line).collect()
    }

    /// That train is below held-out accuracy, if it is.
    fn below(&self, one: &Changed) -> Option<String> {
        let measure = self.judged.measure;
        let gap = one.config.over(measure.gap)?.mean;
        let points = hundredfold(gap.abs());
        (gap < 0.0 && points != "0.0")
            .then(|| format!("train is {points} points below {}", measure.split()))
    }

    /// The mean gap of a config, in points.
    fn gap_after(&self, one: &Changed) -> String {
        let gap = one.config.over(self.judged.measure.gap);
        gap.map_or("-".to_owned(), |gap| hundredfold(gap.mean))
    }
}

/// The sentence with a capital letter at its beginning.
fn capitalised(sentence: String) -> String {
    let mut letters = sentence.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters).collect()
}

/// ` [2.5, 8.9]`, empty without an interval.
fn brackets(change: Change) -> String {
    change.interval().map_or(String::new(), |[low, high]| {
        format!(" [{}, {}]", hundredfold(low), hundredfold(high))
    })
}

/// `+5.7 [2.5, 8.9]`
fn points(change: Change) -> String {
    change_in_points(change.value(), change.interval())
}

/// `anything from 2.7 points lower to 5.3 higher`
fn anything(low: f64, high: f64) -> String {
    let side = |value: f64| {
        let points = hundredfold(value.abs());
        match (points.as_str(), value < 0.0) {
            ("0.0", _) => "level".to_owned(),
            (_, true) => format!("{points} points lower"),
            (_, false) => format!("{points} points higher"),
        }
    };
    format!("anything from {} to {}", side(low), side(high))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_a_number_is_not_the_highest() {
        let mut gains = [0.1, f64::NAN, -0.2, 0.3, -f64::NAN];
        gains.sort_by(|a, b| highest_first(*a, *b));
        assert_eq!(gains[..3], [0.3, 0.1, -0.2]);
        assert!(gains[3].is_nan() && gains[4].is_nan());
    }
}
