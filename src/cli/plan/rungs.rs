//! What halving will train, computed before it starts.

use std::collections::HashMap;

use crate::experiment::{Bracket, Halving, HalvingKind};

/// The share of its epochs that each halved trial is trained on average, by run id.
pub(super) fn shares(halvings: &[Halving]) -> HashMap<&str, f64> {
    let mut shares = HashMap::new();
    for halving in halvings {
        let (trained, all) = halving.epochs();
        let share = trained as f64 / all as f64;
        for id in halving.configs.iter().flatten() {
            let of_trial = shares.entry(id.as_str()).or_insert(share);
            *of_trial = share.max(*of_trial);
        }
    }
    shares
}

/// The rungs of each halving, one line for each bracket.
pub(super) fn lines(halvings: &[Halving]) -> Vec<String> {
    halvings.iter().flat_map(lines_of).collect()
}

fn lines_of(halving: &Halving) -> Vec<String> {
    let (trained, all) = halving.epochs();
    let share = 100.0 * trained as f64 / all as f64;
    let name = match halving.config.kind {
        HalvingKind::SuccessiveHalving => "successive halving",
        HalvingKind::Hyperband => "Hyperband",
    };
    let mut lines = vec![format!(
        "{name} of {} configs by {}: {trained} of {all} epochs ({share:.0} %)",
        halving.configs.len(),
        halving.config.monitor.name(),
    )];
    let number = |index: usize| match halving.brackets.len() {
        1 => String::new(),
        _ => format!("bracket {}: ", index + 1),
    };
    let brackets = halving.brackets.iter().enumerate();
    lines.extend(brackets.map(|(index, bracket)| format!("  {}{}", number(index), words(bracket))));
    if let Some(usual) = halving.usual_configs().filter(|usual| *usual != halving.configs.len()) {
        lines.push(format!("  Hyperband's own number of configs for these rungs is {usual}"));
    }
    lines
}

/// `30 configs to epoch 1, 10 to 3, 1 to 9`.
fn words(bracket: &Bracket) -> String {
    let rungs = bracket.rungs.iter().enumerate();
    let rungs = rungs.map(|(i, rung)| match i {
        0 => format!("{} configs to epoch {}", rung.configs, rung.epochs),
        _ => format!("{} to {}", rung.configs, rung.epochs),
    });
    rungs.collect::<Vec<_>>().join(", ")
}
