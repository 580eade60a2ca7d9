//! The text of the experiment that `runner whatif` writes: the baseline, and a variant for each change.

use std::path::Path;

use super::Bill;
use crate::config::line_of_override;
use crate::experiment::{Experiment, MAX_TRIALS, Trial, variant_text};
use crate::remedies::Proposal;

/// What the changes are changes of.
pub(super) struct Base<'a> {
    /// The file.
    pub(super) file: &'a Path,
    /// The texts of `--set`.
    pub(super) sets: &'a [String],
    /// What both say.
    pub(super) trial: &'a Trial,
}

/// The text of the experiment at `path`, beside the baseline's file. It extends that file where it can say the baseline
/// so, and states all of it where it cannot: there are axes in the file, or a table is set that loses keys.
pub(super) fn text(base: &Base<'_>, path: &Path, seeds: u64, bill: &Bill) -> String {
    let extending = base.extending(seeds, bill);
    let read = Experiment::from_bytes(path, extending.as_bytes(), &[], MAX_TRIALS, false);
    let is_same = |read: Experiment| {
        read.baseline == Some(base.trial.config_id()) && read.variants.len() <= bill.proposals.len()
    };
    match read.is_ok_and(is_same) {
        true => extending,
        false => base.whole(seeds, bill),
    }
}

impl Base<'_> {
    fn extending(&self, seeds: u64, bill: &Bill) -> String {
        let file = self.file.file_name().unwrap_or_default().to_string_lossy();
        let file = toml::Value::from(&*file);
        let sets: String = self.sets.iter().map(|set| line_of_override(set) + "\n").collect();
        let baseline_seeds = bill.baseline_seeds;
        let head = format!("extends = {file}\n{sets}baseline_seeds = {baseline_seeds}\n");
        format!("\n{head}training.seeds = {seeds}\n{}", variants(&bill.proposals))
    }

    fn whole(&self, seeds: u64, bill: &Bill) -> String {
        let text = self.trial.to_toml();
        let (_, tables) = text.split_once('\n').unwrap_or_default(); // its header is of a single trial
        let one = format!("\nseeds = [{}]\n", self.trial.seed());
        let tables = tables.replacen(&one, &format!("\nseeds = {seeds}\n"), 1);
        format!("\nbaseline_seeds = {}\n{tables}{}", bill.baseline_seeds, variants(&bill.proposals))
    }
}

fn variants(proposals: &[Proposal]) -> String {
    let text = |proposal: &Proposal| variant_text(&proposal.name, None, &proposal.changes);
    proposals.iter().map(text).collect()
}
