//! A combination of remedies: the settings of several, and how they do.

use super::remedies::Gain;
use super::{Change, Outcome};
use crate::experiment::Trial;
use crate::remedies::{Proposal, REMEDIES};

/// A combination that could be tried.
pub(super) struct Candidate {
    pub(super) remedy: &'static str,
    pub(super) name: String,
    pub(super) settings: Change,
}

/// A combination that was tried.
pub(super) struct Answered {
    pub(super) remedy: &'static str,
    pub(super) name: String,
    pub(super) settings: Change,
    pub(super) outcomes: Vec<Outcome>,
    pub(super) gain: Gain,
}

/// The one that adds most; of equals, the first.
pub(super) fn best_of(answered: Vec<Answered>) -> Option<Answered> {
    let adds_more = |a: &Answered, b: &Answered| a.gain.mean() > b.gain.mean();
    answered.into_iter().reduce(|best, next| if adds_more(&next, &best) { next } else { best })
}

/// Settings laid over others: the same keys are replaced, and where a table's kind changes, its other keys go.
pub(super) fn laid_over(so_far: &Change, strength: &str, changes: &[(String, String)]) -> Change {
    let new_tables: Vec<&str> =
        changes.iter().filter_map(|(key, _)| key.strip_suffix("kind")).collect();
    let stays = |(key, _): &&(String, String)| {
        changes.iter().all(|(other, _)| other != key)
            && !new_tables.iter().any(|table| key.starts_with(table))
    };
    let kept = so_far.settings.iter().filter(stays).cloned();
    let settings: Vec<(String, String)> = kept.chain(changes.iter().cloned()).collect();
    let both = format!("{} + {strength}", so_far.name);
    let name = if so_far.settings.is_empty() { strength.to_owned() } else { both };
    Change { name, settings }
}

/// A remedy at a strength as it is proposed for a trial, with the trial that it makes; none if it does not fit there.
pub(super) fn proposed(trial: &Trial, remedy: &str, strength: &str) -> Option<(Proposal, Trial)> {
    let kind = REMEDIES.iter().find(|known| known.name == remedy)?;
    let proposals = (kind.proposals)(trial);
    let proposal = proposals.into_iter().find(|proposal| proposal.name == strength)?;
    let texts = proposal.changes.iter().map(|(key, value)| (&**key, &**value));
    let changed = trial.changed(texts).ok()?;
    Some((proposal, changed))
}

/// Remedies on top of a baseline, each as what is proposed under its name there: on a longer one, a schedule or a number
/// of steps is not that of a shorter one. None if one of them is not proposed.
pub fn on_top_of(baseline: &Trial, kept: &[(&str, &str)]) -> Option<Trial> {
    kept.iter().try_fold(baseline.clone(), |current, (remedy, strength)| {
        proposed(&current, remedy, strength).map(|(_, changed)| changed)
    })
}
