//! Checks that no batch has too few examples for batch norm of vectors.

use super::Checker;
use crate::data::DatasetConfig;
use crate::nn::Module;
use crate::nn::layers::Role;
use crate::train::Batches;

impl Checker<'_> {
    /// Training examples of each part of `dataset.folds`: the first and the last differ by one if any do.
    fn sizes_of_folds(&self) -> Vec<usize> {
        let dataset = &self.trial.dataset;
        let folds = dataset.folds.map_or(vec![dataset.fold], |n| vec![Some(0), Some(n - 1)]);
        let size = |fold| DatasetConfig { fold, ..dataset.clone() }.train_sizes().1;
        folds.into_iter().map(size).collect()
    }

    /// One example has no variance.
    pub(super) fn batch_norm(&self, left: usize) {
        let facts = self.trial.dataset.source.facts();
        let modules = self.trial.network.modules(facts.shape.into(), facts.classes);
        let is_batch_norm = |module: &&Module| {
            let is_over_batch = matches!(module.role(), Role::Norm { is_over_batch: true });
            is_over_batch && module.output.is_vector()
        };
        let modules = modules.unwrap_or_default();
        if modules.iter().flat_map(Module::all).find(is_batch_norm).is_none() {
            return;
        }
        let training = &self.trial.training;
        let size = training.batch_size;
        let steps_per_epoch = training.steps_per_epoch(left);
        let whole_epochs = training.steps.is_none_or(|steps| steps >= steps_per_epoch);
        let has_smaller_last =
            training.batches != Batches::WithReplacement && !training.drop_last && whole_epochs;
        let key = "training.batch_size";
        if size == 1 {
            let help = "use 2 or more, or `batch_norm = false`".to_owned();
            let label = "has no variance to normalise by".to_owned();
            self.report(key, "a batch of one example under `batch_norm`", label, Some(help));
        } else if has_smaller_last && left % size == 1 {
            let label = format!("{left} training examples: the last batch has one");
            let of_folds = self.sizes_of_folds();
            let suits =
                |other: &usize| of_folds.iter().all(|left| other <= left && left % other != 1);
            let other = (size + 1..=left).find(suits);
            let help = match other {
                Some(other) => format!("try `batch_size = {other}`, or `drop_last = true`"),
                None => "leave it out: `drop_last = true`".to_owned(),
            };
            self.report(key, "a last batch of one example under `batch_norm`", label, Some(help));
        }
    }
}
