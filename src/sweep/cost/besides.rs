//! Arithmetic besides that of training steps and ordinary evaluations: the optimizer's own products, statistics of
//! averaged weights, and views of test images.

use super::ExampleCounts;
use crate::experiment::Trial;
use crate::nn::layers::Role;
use crate::nn::{NetworkSize, hidden_weights};
use crate::train::view_count;

/// What it costs, in floating-point operations.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct BesidesCost {
    of_step: f64,
    restated: u64, // evaluations before which the statistics of averages are computed anew
    of_restating: f64,
    of_views: f64,
}

impl BesidesCost {
    /// `size` is that of the trial's network.
    pub(super) fn new(trial: &Trial, size: &NetworkSize) -> BesidesCost {
        let facts = trial.dataset.source.facts();
        let modules = trial.network.modules(facts.shape.into(), facts.classes).unwrap_or_default();
        let of_example = size.flops as f64;
        let (_, train) = trial.dataset.train_sizes();
        let has_statistics = modules
            .iter()
            .flat_map(|module| module.all())
            .any(|module| matches!(module.role(), Role::Norm { is_over_batch: true }));
        let swa = trial.training.swa.filter(|_| has_statistics);
        let restated = swa.map_or(0, |swa| {
            let steps_per_epoch = trial.training.steps_per_epoch(train).max(1);
            let by_steps = trial.training.steps.map(|steps| steps.div_ceil(steps_per_epoch));
            let epochs = by_steps.or(trial.training.epochs).unwrap_or(0);
            epochs.saturating_sub(swa.start_epoch).div_ceil(trial.evaluation.every_epochs.max(1))
        });
        let views = trial.evaluation.test_time.map_or(0, view_count);
        let test = trial.dataset.test_examples.unwrap_or(facts.test_examples);
        BesidesCost {
            of_step: trial.optimizer.flops(&hidden_weights(&modules)),
            restated,
            of_restating: train as f64 * of_example,
            of_views: (views * test) as f64 * of_example,
        }
    }

    /// Of the steps and evaluations of `counts`, the last ones of the trial.
    pub(super) fn flops(&self, counts: &ExampleCounts) -> f64 {
        let restated = self.restated.min(counts.evaluations) as f64 * self.of_restating;
        let views = if counts.steps > 0 { self.of_views } else { 0.0 };
        counts.steps as f64 * self.of_step + restated + views
    }
}

#[cfg(test)]
mod tests {
    use super::super::{cost, flops_after};
    use crate::experiment::{Experiment, MAX_TRIALS, Trial};

    fn trial(changes: &str) -> Trial {
        let text = format!(
            r#"
            dataset = {{ kind = "synthetic", train_examples = 1000, test_examples = 500 }}
            network = {{ kind = "mlp", hidden_sizes = [300, 200], batch_norm = true }}
            training.epochs = 10
            training.batch_size = 100
            optimizer = {{ kind = "nesterov" }}
            {changes}
            "#
        );
        let text = match changes.contains("muon") {
            true => text.replace("optimizer = { kind = \"nesterov\" }\n", ""),
            false => text,
        };
        let path = std::path::Path::new("test.toml");
        let experiment = Experiment::from_bytes(path, text.as_bytes(), &[], MAX_TRIALS, false);
        experiment.unwrap_or_else(|error| panic!("{error}")).trials.remove(0)
    }

    fn added(changes: &str) -> f64 {
        cost(&trial(changes)).flops - cost(&trial("")).flops
    }

    #[test]
    fn newton_schulz_iterations_are_counted() {
        let pixels = trial("").dataset.source.facts().shape.iter().product::<usize>() as f64;
        let of_weight = |a: f64, b: f64| 4.0 * a.min(b).powi(2) * a.max(b) + 2.0 * a.min(b).powi(3);
        let of_step = 5.0 * (of_weight(pixels, 300.0) + of_weight(300.0, 200.0));
        let muon = "optimizer = { kind = 'muon' }";
        let found = added(muon);
        assert!((found - 100.0 * of_step).abs() < 1e-6 * found, "{found} {of_step}");
        assert_eq!(flops_after(&trial(muon), 100), 0.0);
    }

    #[test]
    fn averages_are_passed_through_the_training_split_before_evaluations() {
        let forward = |examples: f64| examples * cost(&trial("")).params as f64 * 2.0;
        let swa = added("training.swa = { start_epoch = 4 }");
        assert!((swa / forward(6.0 * 1000.0) - 1.0).abs() < 0.02, "{swa}");
        let views = added("evaluation.test_time = 'mirror'");
        assert!((views / forward(2.0 * 500.0) - 1.0).abs() < 0.02, "{views}");
    }
}
