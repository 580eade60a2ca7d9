//! How long a changed baseline trains, as a multiple of the baseline: an estimate from the arithmetic of
//! both, good enough to order proposals and to say what a list of them takes.

use crate::experiment::Trial;

/// Operations of an optimizer or an average for each parameter at each step.
const PER_PARAMETER: f64 = 20.0;
/// What layers read and write for each number of their outputs, there and back, as operations of products that take
/// as long: 200 to 400 where it was measured.
const PER_OUTPUT: f64 = 300.0;
/// Operations of augmentation for each number of an example.
const PER_AUGMENTED: f64 = 20.0;

/// The training time of `changed` divided by that of `baseline`.
pub(super) fn relative_cost(changed: &Trial, baseline: &Trial) -> f64 {
    operations(changed) / operations(baseline)
}

/// Floating-point operations of all training steps; evaluations grow along with them.
fn operations(trial: &Trial) -> f64 {
    let Trial { dataset, augmentation, network, training, .. } = trial;
    let facts = dataset.source.facts();
    let size = network.size(facts.shape.into(), facts.classes);
    let features: usize = facts.shape.iter().product();
    let (_, examples) = dataset.train_sizes();
    let steps = training.length(examples).total_steps as f64;
    let per_step = training.batch_size.min(examples) as f64;
    let products = 3.0 * size.flops as f64 - size.first_flops as f64;
    let augmented = if augmentation.is_off() { 0.0 } else { PER_AUGMENTED * features as f64 };
    let example = products + PER_OUTPUT * size.outputs as f64 + augmented;
    let parameters = size.params.iter().sum::<usize>() as f64;
    let updates = if training.ema_decay.is_some() { 2.0 } else { 1.0 };
    steps * (training.passes() * per_step * example + updates * PER_PARAMETER * parameters)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::remedies::tests::baseline;

    fn cost(key: &str, value: &str) -> f64 {
        let trial = baseline("dataset.kind = 'cifar10'", "kind = 'mlp', hidden_sizes = [100]", "");
        relative_cost(&trial.changed([(key, value)]).unwrap(), &trial)
    }

    #[test]
    fn cost_follows_the_arithmetic() {
        assert!((cost("training.epochs", "40") - 2.0).abs() < 1e-9);
        assert!((0.4..0.6).contains(&cost("network.hidden_sizes", "[50]")));
        assert!((1.0..1.2).contains(&cost("training.batch_size", "50")));
        assert!((0.9..1.0).contains(&cost("training.batch_size", "200")));
        assert!((1.0..1.2).contains(&cost("augmentation.horizontal_flip", "0.5")));
        assert!(cost("network.kind", "'deep_convnet'") > 50.0);
        assert!((1.02..1.1).contains(&cost("network.dropout", "0.5")), "5 % where it was measured");
    }
}
