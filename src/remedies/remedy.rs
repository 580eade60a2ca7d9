//! What a remedy is, and how it proposes changes of a baseline. The reader of experiment files decides
//! what fits: a proposal that it refuses, or that changes nothing, is not made.

use serde_json::Value;

use crate::data::DatasetSource;
use crate::experiment::Trial;
use crate::remedies::cost::relative_cost;
use crate::remedies::situation::{Advised, Situation};

/// One change of settings that may raise test accuracy or narrow the gap.
#[derive(Debug, Clone, Copy)]
pub struct Remedy {
    /// What it is called, for example `dropout`.
    pub name: &'static str,
    /// Why it works, when it does not, and who found it: one paragraph.
    pub why: &'static str,
    /// The strengths of it that fit a baseline; none if it does not fit at all.
    pub proposals: fn(&Trial) -> Vec<Proposal>,
    /// The strengths to try in a situation, with what each is expected to add; none where nothing is.
    pub advise: fn(&Trial, &Situation) -> Vec<Advised>,
}

/// A remedy at one strength, for one baseline.
#[derive(Debug, Clone, PartialEq)]
pub struct Proposal {
    /// What it is called, for example `dropout 0.2`. No two proposals for a baseline share a name.
    pub name: String,
    /// Dotted keys with their values as TOML: a `[[variant]]` of the baseline's file.
    pub changes: Vec<(String, String)>,
    /// Training time as a multiple of the baseline's, estimated; for early stopping, if it never stops.
    pub cost: f64,
}

impl Proposal {
    /// The baseline with these values (TOML) of dotted keys; none if an experiment file could not say
    /// so, or if they are the baseline's.
    pub(super) fn of<'a>(
        baseline: &Trial,
        name: impl Into<String>,
        changes: impl IntoIterator<Item = (&'a str, String)>,
    ) -> Option<Proposal> {
        let changes: Vec<(String, String)> =
            changes.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
        let texts = changes.iter().map(|(key, value)| (&**key, &**value));
        let changed = baseline.changed(texts).ok()?;
        Some(Proposal { name: name.into(), changes, cost: relative_cost(&changed, baseline) })
    }

    /// One key at several strengths, named after `words` and the value.
    pub(super) fn strengths(
        baseline: &Trial,
        words: &str,
        key: &str,
        values: impl IntoIterator<Item = f64>,
    ) -> Vec<Proposal> {
        let proposal = |value: f64| {
            Proposal::of(baseline, format!("{words} {value}"), [(key, value.to_string())])
        };
        values.into_iter().filter_map(proposal).collect()
    }
}

/// The value of a dotted key, if the trial has one.
pub(super) fn setting(trial: &Trial, key: &str) -> Option<Value> {
    trial.to_json().pointer(&format!("/{}", key.replace('.', "/"))).cloned()
}

/// The number of a dotted key; 0 if the trial has none, as for all that is off by default.
pub(super) fn amount(trial: &Trial, key: &str) -> f64 {
    setting(trial, key).and_then(|value| value.as_f64()).unwrap_or(0.0)
}

/// The kind `simple_convnet`, with the batch norm and the dropout that the baseline has.
pub(super) fn simple_convnet(baseline: &Trial) -> Option<Proposal> {
    let has = |value: &Value| value.as_bool().unwrap_or(value.as_f64().is_some_and(|x| x > 0.0));
    let kept = ["network.batch_norm", "network.dropout"].into_iter();
    let kept = kept.filter_map(|key| Some((key, setting(baseline, key).filter(has)?.to_string())));
    let kind = ("network.kind", "\"simple_convnet\"".to_owned());
    Proposal::of(baseline, "simple_convnet", [kind].into_iter().chain(kept))
}

/// The shorter side of the images; none if the examples are rows of numbers.
pub(super) fn image_side(trial: &Trial) -> Option<usize> {
    let [_, height, width] = trial.dataset.source.facts().shape;
    (height > 1 && width > 1).then_some(height.min(width))
}

/// Whether the examples are photographs, or made like them: shifted or mirrored they show the same thing.
pub(super) fn has_photographs(trial: &Trial) -> bool {
    use DatasetSource::{Cifar10, Cifar100, Images, Synthetic};
    matches!(trial.dataset.source, Cifar10(_) | Cifar100(_) | Images(_) | Synthetic(_))
}

/// The number with two significant digits.
pub(super) fn rounded(number: f64) -> f64 {
    format!("{number:.1e}").parse().unwrap_or(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_rounded_as_people_write_them() {
        let texts = [0.01 / 3.0, 0.03, 1e-7, 12345.0, 0.1 * 3.0].map(|x| rounded(x).to_string());
        assert_eq!(texts, ["0.0033", "0.03", "0.0000001", "12000", "0.3"]);
    }
}
