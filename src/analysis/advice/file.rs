//! Advice as an experiment: the diagnosed config, and a variant for each change with what is expected of it.

use crate::analysis::advice::Advice;
use crate::experiment::{Trial, variant_text};

/// The text of the experiment. None where there is nothing left to try.
pub fn advice_file(trial: &Trial, seeds: &[u64], advice: &[Advice]) -> Option<String> {
    let mut whole = trial.clone();
    whole.training.seeds = seeds.to_vec();
    let tables = whole.to_toml();
    let (_, tables) = tables.split_once('\n')?; // its header is of a single trial
    let mut text = tables.to_owned();
    let left: Vec<&Advice> = advice.iter().filter(|advice| advice.ran.is_none()).collect();
    for Advice { name, changes, expected, .. } in &left {
        let expected = expected.map(|fraction| (1e3 * fraction).round() / 10.0);
        text.push_str(&variant_text(name, Some(expected), changes));
    }
    (!left.is_empty()).then_some(text)
}
