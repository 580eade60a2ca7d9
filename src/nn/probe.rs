//! Figures of each linear layer and convolution after a probe: norms, and the share of units that
//! are dead or of values that are saturated.

use super::Network;
use crate::kernel::vectorise;
use crate::nn::layers::{ActivationOutput, Idle};

/// A value is saturated within this distance from a limit of its function, relative to the
/// function's range.
const SATURATED: f32 = 0.01;

/// Figures of one linear layer or convolution, and of the activation that follows it.
#[derive(Debug, Clone, PartialEq)]
pub struct LayerFigures {
    /// The module, as in the names of `model.safetensors`: `4`, or `4.layers.0` within a residual
    /// block.
    pub layer: String,
    /// Units of a linear layer, or output channels of a convolution.
    pub units: usize,
    /// L2 norm of the weight, without the bias.
    pub weight_norm: f32,
    /// L2 norm of the gradient of the mean loss with respect to the weight.
    pub gradient_norm: f32,
    /// Share of units whose ReLU is zero for every example; none without a ReLU.
    pub dead_share: Option<f32>,
    /// Share of values of sigmoid or tanh near one of its limits; none without such a function.
    pub saturated_share: Option<f32>,
}

impl Network {
    /// Computes the figures after a [`Network::backward`] over `batch` examples that stored the
    /// gradients.
    pub fn layer_figures(&mut self, batch: usize) -> Vec<LayerFigures> {
        let mut figures = Vec::new();
        self.visit_weights(batch, &mut |layer, weight, activation| {
            let units = weight.shape[0];
            figures.push(LayerFigures {
                layer: layer.to_owned(),
                units,
                weight_norm: l2_norm(weight.elements()),
                gradient_norm: l2_norm(weight.grad_elements()),
                dead_share: activation.and_then(|a| dead_share(a, units)),
                saturated_share: activation.and_then(saturated_share),
            });
        });
        figures
    }
}

/// The L2 norm. The padding of the last panel is zero and does not count.
fn l2_norm(values: &[f32]) -> f32 {
    sum_of_squares(values).sqrt() as f32
}

/// The sum of squares in 16 interleaved sums of 64 bits, which are then added in order. In 64 bits,
/// the square of an `f32` is exact.
pub fn sum_of_squares(values: &[f32]) -> f64 {
    let mut sums = [0.0_f64; 16];
    vectorise(
        #[inline(always)]
        || {
            let (chunks, rest) = values.as_chunks::<16>();
            let mut add = |chunk: &[f32]| {
                for (sum, x) in sums.iter_mut().zip(chunk) {
                    *sum += f64::from(*x) * f64::from(*x);
                }
            };
            chunks.iter().for_each(|chunk| add(chunk));
            add(rest);
        },
    );
    sums.iter().fold(0.0, |total, sum| total + sum)
}

/// The share of units that are zero for every example. A unit with a NaN is not dead.
fn dead_share(activation: ActivationOutput<'_>, units: usize) -> Option<f32> {
    let ActivationOutput { idle: Idle::Zero, values } = activation else { return None };
    let mut is_alive = vec![false; units];
    for row in values.chunks_exact(units) {
        is_alive.iter_mut().zip(row).for_each(|(alive, y)| *alive |= *y != 0.0);
    }
    Some(share(is_alive.iter().filter(|alive| !**alive).count(), units))
}

fn saturated_share(activation: ActivationOutput<'_>) -> Option<f32> {
    let ActivationOutput { idle, values } = activation;
    let Idle::NearLimits { low, high } = idle else { return None };
    let margin = SATURATED * (high - low);
    let (low, high) = (low + margin, high - margin);
    let saturated = values.iter().filter(|y| **y <= low || **y >= high).count();
    Some(share(saturated, values.len()))
}

fn share(part: usize, whole: usize) -> f32 {
    (part as f64 / whole as f64) as f32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::layers::{
        GeluConfig, LayerConfig, LeakyReluConfig, Mode, Pass, ReluConfig, SigmoidConfig, TanhConfig,
    };
    use crate::nn::{MlpConfig, NetworkConfig, Shape, Targets, WeightInit, cross_entropy_backward};

    /// A network of two inputs, three units and two classes, on a batch of 4. The first unit's bias
    /// is far below what its inputs give, the second's far above.
    fn figures(activation: LayerConfig) -> Vec<LayerFigures> {
        let config = NetworkConfig::Mlp(MlpConfig {
            hidden_sizes: vec![3],
            activation,
            weight_init: WeightInit::He,
            ..MlpConfig::default()
        });
        let mut network = Network::build(&config, Shape::vector(2), 2, 1, 8).unwrap();
        let params: [&[f32]; 4] = [
            &[3.0, 0.0, 0.0, 4.0, 0.0, 0.0], // norm 5; the third unit sees nothing
            &[-100.0, 100.0, 0.5],
            &[0.0; 6],
            &[0.0; 2],
        ];
        network.visit_params(&mut |position, param| param.set_value(params[position]));
        let inputs = [[1.0, 0.0], [0.0, 1.0], [0.5, 0.5], [0.0, 0.0]];
        let mut input = network.input_mut(4);
        for (row, values) in inputs.iter().enumerate() {
            input.row(row).for_each(|(_, piece)| piece.copy_from_slice(values));
        }
        let pass = Pass { mode: Mode::Probe, batch: 4, step: 0, threads: 1 };
        network.forward(&pass);
        let targets = Targets::plain(&[0, 0, 0, 1]);
        network.loss(&pass, |logits, grad| cross_entropy_backward(logits, &targets, 2, grad));
        network.backward(&pass, None);
        network.layer_figures(4)
    }

    #[test]
    fn dead_units_are_those_that_no_example_wakes() {
        let [hidden, last] = &figures(ReluConfig {}.into())[..] else { panic!("two layers") };
        assert_eq!((&*hidden.layer, hidden.units, hidden.weight_norm), ("0", 3, 5.0));
        assert_eq!((hidden.dead_share, hidden.saturated_share), (Some(1.0 / 3.0), None));
        assert_eq!((&*last.layer, last.units, last.weight_norm), ("2", 2, 0.0));
        assert_eq!((last.dead_share, last.saturated_share), (None, None));
        // The weights behind the hidden layer are zero: no gradient comes through.
        assert_eq!(hidden.gradient_norm, 0.0);
        // Both classes have probability 1/2. Per class, the mean of the gradient by the logit times
        // the unit's value: ±(3 - 1) / 8 · 0.5 for the third; for the second, whose values are 100,
        // 104, 102 and 100, ±(306 - 100) / 8; each twice.
        let expected = (2.0 * (25.75_f64 * 25.75 + 0.125 * 0.125)).sqrt() as f32;
        assert!((last.gradient_norm - expected).abs() < 1e-5, "{}", last.gradient_norm);
    }

    #[test]
    fn saturated_values_are_those_near_a_limit() {
        for activation in [SigmoidConfig {}.into(), TanhConfig {}.into()] {
            let hidden = &figures(LayerConfig::clone(&activation))[0];
            assert_eq!(hidden.dead_share, None);
            assert_eq!(hidden.saturated_share, Some(2.0 / 3.0), "{activation:?}");
        }
        let share = |low: f32, values: &[f32]| {
            let idle = Idle::NearLimits { low, high: 1.0 };
            saturated_share(ActivationOutput { idle, values })
        };
        assert_eq!(share(0.0, &[0.009, 0.011, 0.989, 0.991]), Some(0.5));
        assert_eq!(share(-1.0, &[-0.981, -0.979, 0.979, 0.981]), Some(0.5));
        assert_eq!(share(-1.0, &[f32::NAN, 0.0]), Some(0.0));
    }

    #[test]
    fn gelu_and_leaky_relu_neither_die_nor_saturate() {
        for activation in [GeluConfig {}.into(), LeakyReluConfig::default().into()] {
            let hidden = &figures(LayerConfig::clone(&activation))[0];
            assert_eq!((hidden.dead_share, hidden.saturated_share), (None, None), "{activation:?}");
        }
    }

    #[test]
    fn norms_are_exact_and_do_not_overflow() {
        let values: Vec<f32> = (0..35).map(|i| i as f32).collect();
        assert_eq!(l2_norm(&values), (13_685.0_f64).sqrt() as f32);
        assert_eq!(l2_norm(&[3e30, 4e30]), 5e30);
        assert!(l2_norm(&[f32::NAN]).is_nan());
        assert_eq!(l2_norm(&[]), 0.0);
    }
}
