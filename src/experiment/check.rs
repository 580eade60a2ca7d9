//! Checks beyond single values: whether a trial's tables fit together.

mod batch_norm;
mod classes;
mod groups;
mod other_runs;
mod training;

use crate::config::{Diagnostic, Origin, Problems, TomlTable};
use crate::data::{DatasetConfig, SmallShare};
use crate::nn::{LayerMisfit, NetworkConfig};
use crate::runs::class_counts::named_classes;
use crate::train::TestReads;

use super::Trial;
use super::trial::GridPoint;

/// 4 GB of `f32` weights, and as much again for gradients and for each optimizer state.
const MOST_WEIGHTS: usize = 1_000_000_000;

/// Reports every misfit at the value to change. The trial of an existing run may come from a
/// program that did not check its classes, or that such a training says nothing.
pub(super) fn check(point: &GridPoint, tree: &TomlTable, is_of_run: bool, problems: &Problems) {
    let checker = Checker { trial: &point.trial, tree, problems };
    let has_data = point.dataset_is_valid && checker.data_sizes();
    if has_data && !is_of_run {
        checker.classes();
    }
    if point.dataset_is_valid && point.augmentation_is_valid {
        checker.augmentation();
    }
    if point.dataset_is_valid && point.network_is_valid {
        checker.network_size();
        if point.optimizer_is_valid {
            checker.parameter_groups(is_of_run);
        }
    }
    let (_, left) = point.trial.dataset.train_sizes();
    if has_data && point.training_is_valid {
        checker.batch_size(left);
        checker.evaluation(left);
        checker.sealed_test();
        checker.test_time();
        checker.length(left);
        checker.class_weights();
        checker.early_stopping();
        checker.swa(left);
        if !is_of_run {
            checker.ratios_of_class_weights();
            checker.lookahead(left);
            checker.other_runs();
        }
        if point.schedule_is_valid {
            checker.schedule(left);
        }
        if point.network_is_valid {
            checker.batch_norm(left);
        }
    }
}

struct Checker<'a> {
    trial: &'a Trial,
    tree: &'a TomlTable,
    problems: &'a Problems,
}

impl Checker<'_> {
    /// Where a key's value is, or its table.
    fn place(&self, key: &str) -> Origin {
        let path: Vec<&str> = key.split('.').collect();
        let owned: Vec<String> = path.iter().map(|part| (*part).to_owned()).collect();
        match (self.tree.at(&owned), self.tree.nearest(&path)) {
            (Some(node), _) => node.origin,
            (None, Some(place)) => place,
            (None, None) => Origin::start_of(0),
        }
    }

    fn report(&self, key: &str, title: &str, label: String, help: Option<String>) {
        let diagnostic = Diagnostic::new(self.place(key), title, label);
        self.problems.push(Diagnostic { help, ..diagnostic });
    }

    /// Checks that all splits are possible.
    fn data_sizes(&self) -> bool {
        let errors = self.problems.len();
        let dataset = &self.trial.dataset;
        let facts = dataset.source.facts();
        let available = [
            ("dataset.train_examples", dataset.train_examples, facts.train_examples, "training"),
            ("dataset.test_examples", dataset.test_examples, facts.test_examples, "test"),
        ];
        for (key, wanted, there, split) in available {
            if wanted.is_some_and(|wanted| wanted > there) {
                let label = format!("{} has {there} {split} examples", dataset.source.name());
                let help = "leave the key out to use all of them".to_owned();
                self.report(key, &format!("`{key}` is more than the data has"), label, Some(help));
            }
        }
        self.validation();
        if self.problems.len() == errors {
            self.train_fraction();
        }
        self.problems.len() == errors
    }

    fn validation(&self) {
        let dataset = &self.trial.dataset;
        let (train, _) = dataset.train_sizes();
        if let Some(folds) = dataset.folds.filter(|folds| *folds > train) {
            let label = format!("there are {train} training examples to divide into {folds} parts");
            let title = "`dataset.folds` is more than there are training examples";
            self.report("dataset.folds", title, label, None);
        }
        let key = "dataset.validation_examples";
        if dataset.before_share() == 0 {
            let label = format!("would be held out of {train} training examples");
            self.report(key, &format!("`{key}` leaves nothing to train on"), label, None);
        }
    }

    /// Every class keeps an example in the share that is trained on.
    fn train_fraction(&self) {
        let dataset = &self.trial.dataset;
        let Some(SmallShare { class, smallest }) = dataset.small_share() else { return };
        let (left, share) = (dataset.before_share(), dataset.train_sizes().1);
        let mut label = format!("trains on {share} of {left} examples");
        if let Some(own) = dataset.source.own() {
            let name = named_classes(&[class], &own.dataset.class_names);
            label.push_str(&format!(", none of {name}"));
        }
        let key = "dataset.train_fraction";
        let title = format!("`{key}` leaves a class without a training example");
        self.report(key, &title, label, Some(format!("the smallest share is {smallest}")));
    }

    fn augmentation(&self) {
        let facts = self.trial.dataset.source.facts();
        for misfit in self.trial.augmentation.misfits(facts.shape) {
            let help = misfit.help.map(str::to_owned);
            self.report(misfit.key, misfit.title, misfit.label, help);
        }
    }

    /// Checks that each layer fits the one before it, and that all fit into memory.
    fn network_size(&self) {
        let facts = self.trial.dataset.source.facts();
        let network = &self.trial.network;
        if let Err(misfit) = network.modules(facts.shape.into(), facts.classes) {
            let LayerMisfit { mut key, title, label, mut help } = misfit;
            // The preset has no `filters` to change.
            if matches!(network, NetworkConfig::Airbench94(preset) if preset.whitening)
                && key == "layers.0.filters"
            {
                key = "whitening".to_owned();
                help = Some("set `whitening = false` for images of other channels".to_owned());
            }
            return self.report(&format!("network.{key}"), &title, label, help);
        }
        let size = network.size(facts.shape.into(), facts.classes);
        if size.params.is_empty() {
            let label = "none of its layers has weights".to_owned();
            let help = "add a layer with weights, for example `linear`".to_owned();
            let title = "the network has nothing to train";
            return self.report("network.layers", title, label, Some(help));
        }
        let weights = size.weights;
        if weights > MOST_WEIGHTS {
            let key = match network {
                NetworkConfig::Mlp(_) => "network.hidden_sizes",
                _ => "network",
            };
            let label = format!("{weights} weights; at most {MOST_WEIGHTS} are possible");
            self.report(key, "the network is too large", label, None);
        }
    }

    fn batch_size(&self, left: usize) {
        if self.trial.training.batch_size > left {
            let label = training_examples(left);
            let title = "`training.batch_size` is larger than the training split";
            let largest_power_of_two = left.checked_ilog2().map(|exponent| 1_usize << exponent);
            let help =
                largest_power_of_two.map(|works| format!("for example `batch_size = {works}`"));
            self.report("training.batch_size", title, label, help);
        }
    }

    /// With a sealed test set, something else must choose the best.
    fn sealed_test(&self) {
        let Trial { dataset, evaluation, .. } = self.trial;
        if evaluation.test == TestReads::Sealed && dataset.held_out() == 0 {
            let title = "a sealed test set needs a validation split";
            let label = "otherwise the best epoch cannot be chosen".to_owned();
            self.report("evaluation.test", title, label, Some(how_to_hold_out(dataset)));
        }
    }

    /// Only images can be mirrored.
    fn test_time(&self) {
        let [channels, height, width] = self.trial.dataset.source.facts().shape;
        if self.trial.evaluation.test_time.is_some() && (height, width) == (1, 1) {
            let title = "`evaluation.test_time` is for images";
            let label = format!("the examples are rows of {channels} numbers");
            self.report("evaluation.test_time", title, label, Some("remove the key".to_owned()));
        }
    }

    fn evaluation(&self, left: usize) {
        if self.trial.evaluation.train_examples.is_some_and(|wanted| wanted > left) {
            let key = "evaluation.train_examples";
            let title = format!("`{key}` is more than the training split has");
            self.report(key, &title, training_examples(left), None);
        }
    }

    /// Steps are counted in 64 bits; far fewer would already take forever.
    fn length(&self, left: usize) {
        let steps_per_epoch = self.trial.training.steps_per_epoch(left);
        let epochs = self.trial.training.epochs.unwrap_or(0);
        if epochs.checked_mul(steps_per_epoch).is_none_or(|steps| i64::try_from(steps).is_err()) {
            let label = format!("at {steps_per_epoch} steps an epoch");
            self.report("training.epochs", "`training.epochs` is out of range", label, None);
        }
    }
}

fn training_examples(count: usize) -> String {
    match count {
        1 => "there is 1 training example".to_owned(),
        count => format!("there are {count} training examples"),
    }
}

/// A tenth is a usual share.
pub(super) fn how_to_hold_out(dataset: &DatasetConfig) -> String {
    let tenth = (dataset.train_sizes().1 / 10).max(1);
    format!("hold out examples: `dataset.validation_examples = {tenth}`, for example")
}

#[cfg(test)]
mod tests;
