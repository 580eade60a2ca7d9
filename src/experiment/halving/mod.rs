//! `[halving]`: trains all configs a little and continues only the better ones (Jamieson &
//! Talwalkar, 2016, arXiv:1502.07943; Li et al., 2018, arXiv:1603.06560).
//!
//! It decides which trials are trained to which epoch, not what a trial computes: a config that
//! reaches the end has the same ids and bytes as without `[halving]`. Rungs are synchronous: which
//! configs go on is a function of the figures of all configs of the rung, never of which was ready
//! first.

mod brackets;
mod check;

pub use brackets::{Bracket, Rung};

use crate::config::keys::{ConfigTable, WhenAbsent, config, whole, word, words};
use crate::config::{Entry, Problems, TableReader, TomlTable};
use crate::optim::Monitor;

config! {
    /// The `[halving]` table.
    pub struct HalvingConfig {
        /// One bracket, or one for each rung to start from.
        pub kind: HalvingKind = word().or(HalvingKind::SuccessiveHalving),
        /// Epochs of the first rung; each next rung has `eta` times as many, the last has all.
        pub min_epochs: u64 = whole(1).or(1),
        /// One in `eta` of a rung's configs goes on.
        pub eta: u64 = whole(2).or(3),
        /// The validation figure at the rung's epoch that ranks the configs.
        pub monitor: Monitor = word().or(Monitor::ValAccuracy),
    }
}

words! {
    /// How configs are distributed over brackets.
    pub enum HalvingKind {
        /// All configs start at the first rung.
        SuccessiveHalving = "successive_halving",
        /// Some start at later rungs: safer when the first epochs say little about the last ones.
        Hyperband = "hyperband",
    }
}

impl HalvingConfig {
    /// Reads the value of the key `halving`.
    pub(super) fn from_entry(entry: Entry, problems: &Problems) -> HalvingConfig {
        let source = entry.key_origin.source;
        let root = TomlTable { entries: vec![entry] };
        let mut root = TableReader::root(&root, source, problems);
        let config = root.table("halving", |_, _| "eta = 3".to_owned(), HalvingConfig::read);
        root.finish();
        config
    }
}

/// The halving of an experiment's configs.
#[derive(Debug, Clone, PartialEq)]
pub struct Halving {
    /// What the file says.
    pub config: HalvingConfig,
    /// Epochs of every trial.
    pub total_epochs: u64,
    /// The run ids of each config's replicates, in the order of the file.
    pub configs: Vec<Vec<String>>,
    /// Every config is in one of them.
    pub brackets: Vec<Bracket>,
}

impl Halving {
    /// The number of configs for these rungs in the Hyperband paper; none for another kind.
    pub fn usual_configs(&self) -> Option<usize> {
        let rungs = brackets::rung_epochs(&self.config, self.total_epochs).len();
        let sizes = brackets::hyperband_sizes(rungs, self.config.eta);
        (self.config.kind == HalvingKind::Hyperband).then(|| sizes.iter().sum::<f64>() as usize)
    }

    /// The most epochs that are trained, and the epochs for training every config to its end, with
    /// one replicate of each.
    pub fn epochs(&self) -> (u64, u64) {
        let brackets = self.brackets.iter().map(Bracket::epochs);
        let trained = brackets.fold(0, |sum: u64, epochs| sum.saturating_add(epochs));
        (trained, self.total_epochs.saturating_mul(self.configs.len() as u64))
    }
}
