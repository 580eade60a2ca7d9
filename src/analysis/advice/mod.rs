//! Advice for a config: the remedies that fit what its curves show, ranked by what they are expected to add to
//! held-out accuracy; and, once they have run, what came of it.

mod advisor;
mod file;
mod outcome;
mod situation;
#[cfg(test)]
mod tests;
mod text;

use serde::Serialize;

use crate::analysis::compare::FigureChange;
use crate::analysis::diagnosis::Finding;
use crate::experiment::Trial;
use crate::remedies::{Advised, REMEDIES};
use crate::runs::read::Curves;
use crate::table::hundredfold;
pub use advisor::Advisor;
pub use file::advice_file;
pub use outcome::{Outcome, OutcomeVerdict, outcomes};
use situation::situation;
pub(crate) use text::{advice_lines, outcome_lines};

/// Less is not worth a try: it is hard to tell from the luck of seeds and test examples.
const LEAST: f64 = 0.01;
/// As many pieces of advice as a config gets.
const MOST: usize = 5;

/// One change to try.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Advice {
    /// The remedy, such as `dropout`; `runner explain` knows it.
    pub remedy: &'static str,
    /// The change in words, such as `dropout 0.2`.
    pub name: String,
    /// Dotted keys with their values as TOML.
    pub changes: Vec<(String, String)>,
    /// The least and the most that it is expected to add to held-out accuracy, as fractions.
    pub expected: [f64; 2],
    /// What it did, if it has run beside its baseline.
    pub ran: Option<Ran>,
}

/// What a config that has run did to held-out accuracy.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Ran {
    /// What tables call it.
    pub label: String,
    /// The change against the baseline, a fraction.
    pub change: f64,
    /// Where the true change plausibly lies, if seeds can tell.
    pub interval: Option<[f64; 2]>,
}

/// Another config of the same comparison.
#[derive(Debug, Clone)]
pub struct Sibling<'a> {
    /// Identifies the config.
    pub config_id: String,
    /// What tables call it.
    pub label: &'a str,
    /// Its change of held-out accuracy, if the diagnosed config is the baseline.
    pub change: Option<&'a FigureChange>,
}

/// Why there is no advice for a config.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoAdvice {
    /// None of its runs is finished.
    Unfinished,
    /// Its curves are too short.
    TooShort,
    /// Its runs do not all have the accuracies of one held-out split.
    NotEvaluated,
    /// What fits it is expected to add too little, or has been tried and nobody knows with what success; with what did most
    /// of the changes that have run.
    NothingHelps(Option<String>),
}

impl NoAdvice {
    /// In words, for the config that tables call `label`.
    pub fn words(&self, label: &str) -> String {
        match self {
            NoAdvice::Unfinished => format!("no run of {label} is finished"),
            NoAdvice::TooShort => {
                format!("{label} was evaluated too few times to tell where its accuracy is going")
            }
            NoAdvice::NotEvaluated => {
                format!("not every run of {label} was evaluated on held-out examples")
            }
            NoAdvice::NothingHelps(has_run) => {
                let has_run = has_run.as_ref().map_or(String::new(), |text| format!("; {text}"));
                let least = hundredfold(LEAST);
                format!(
                    "nothing left to try with {label} is expected to add {least} points or more{has_run}"
                )
            }
        }
    }
}

/// What to try with a config of these runs, the most promising first. Siblings that have run count with what they
/// did; those of which that is not known are left out.
///
/// # Errors
/// Why there is nothing to try.
pub fn advise(
    trial: &Trial,
    runs: &[&Curves],
    findings: &[Finding],
    siblings: &[Sibling],
) -> Result<Vec<Advice>, NoAdvice> {
    let situation = situation(runs, findings)?;
    let mut found = Vec::new();
    for remedy in REMEDIES {
        let advised = (remedy.advise)(trial, &situation).into_iter();
        let mut of_remedy: Vec<Advice> = advised
            .filter(|advised| advised.expected.low >= LEAST)
            .filter_map(|advised| advice(remedy.name, advised, trial, siblings))
            .collect();
        of_remedy.sort_by(|a, b| b.worth().total_cmp(&a.worth())); // stable
        found.extend(of_remedy.into_iter().next());
    }
    found.sort_by(|a: &Advice, b| b.worth().total_cmp(&a.worth()));
    found.truncate(MOST);
    if found.is_empty() { Err(NoAdvice::NothingHelps(best_of(siblings))) } else { Ok(found) }
}

/// What did most of the changes that have run, in words.
fn best_of(siblings: &[Sibling]) -> Option<String> {
    let gains = siblings.iter().filter_map(|sibling| Some((sibling.label, sibling.change?.value)));
    let best = gains.filter(|(_, gain)| *gain >= LEAST).max_by(|a, b| a.1.total_cmp(&b.1));
    best.map(|(label, gain)| format!("{label} has run and added {} points", hundredfold(gain)))
}

/// A piece of advice; none where a sibling has tried it and nobody knows with what success.
fn advice(
    remedy: &'static str,
    Advised { proposal, expected }: Advised,
    trial: &Trial,
    siblings: &[Sibling],
) -> Option<Advice> {
    let texts = proposal.changes.iter().map(|(key, value)| (&**key, &**value));
    let id = trial.changed(texts).ok()?.config_id();
    let sibling = siblings.iter().find(|sibling| sibling.config_id == id);
    let ran = match sibling {
        None => None,
        Some(sibling) => {
            let change = sibling.change.filter(|change| change.value.is_finite())?;
            let label = sibling.label.to_owned();
            Some(Ran { label, change: change.value, interval: change.interval })
        }
    };
    let expected = [expected.low, expected.high];
    Some(Advice { remedy, name: proposal.name, changes: proposal.changes, expected, ran })
}

impl Advice {
    /// What it adds or is expected to add.
    fn worth(&self) -> f64 {
        match &self.ran {
            Some(ran) => ran.change,
            None => 0.5 * (self.expected[0] + self.expected[1]),
        }
    }
}
