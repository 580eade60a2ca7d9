//! Initial weights, drawn.

use crate::nn::init::WeightInit;
use crate::rng::Stream;

/// The shape of a weight: how many outputs share how many inputs.
#[derive(Debug, Clone, Copy)]
pub(in crate::nn) struct Fans {
    /// Units or kernels.
    pub(in crate::nn) outputs: usize,
    /// Inputs of a unit, or channels of an input pixel.
    pub(in crate::nn) channels: usize,
    /// Positions of a kernel; 1 for a linear layer.
    pub(in crate::nn) positions: usize,
}

impl Fans {
    fn fan_in(self) -> usize {
        self.channels * self.positions
    }

    fn fan_out(self) -> usize {
        self.outputs * self.positions
    }
}

/// Fills `weights` `[outputs, channels, positions]` with draws of `weight_init`, and `bias` with zeros
/// or as [`WeightInit::PytorchDefault`] says.
pub(in crate::nn) fn fill(
    weights: &mut [f32],
    bias: Option<&mut [f32]>,
    weight_init: WeightInit,
    fans: Fans,
    stream: &mut Stream,
) {
    match weight_init {
        WeightInit::Zeros => weights.fill(0.0),
        WeightInit::He => normal(weights, (2.0 / fans.fan_in() as f64).sqrt(), stream),
        WeightInit::Xavier => {
            normal(weights, (2.0 / (fans.fan_in() + fans.fan_out()) as f64).sqrt(), stream);
        }
        WeightInit::Lecun => normal(weights, (1.0 / fans.fan_in() as f64).sqrt(), stream),
        WeightInit::Normal { std } => normal(weights, std, stream),
        WeightInit::Orthogonal => orthogonal(weights, fans.outputs, stream),
        WeightInit::PytorchDefault => {
            uniform(weights, fans, stream);
            if let Some(bias) = bias {
                uniform(bias, fans, stream);
            }
        }
        // The weights of whitening come later, from the data; until then they are these.
        WeightInit::Dirac | WeightInit::Whitening => {
            uniform(weights, fans, stream);
            pass_channels_on(weights, fans);
        }
    }
}

fn normal(weights: &mut [f32], std: f64, stream: &mut Stream) {
    weights.iter_mut().for_each(|weight| *weight = (std * stream.normal()) as f32);
}

fn uniform(weights: &mut [f32], fans: Fans, stream: &mut Stream) {
    let bound = 1.0 / (fans.fan_in() as f64).sqrt();
    weights.iter_mut().for_each(|w| *w = (bound * (2.0 * stream.uniform() - 1.0)) as f32);
}

/// Makes each of the first kernels the unit impulse of one channel, as PyTorch's `dirac_`.
fn pass_channels_on(weights: &mut [f32], fans: Fans) {
    let side = (1..=fans.positions).find(|side| side * side >= fans.positions).unwrap_or(1);
    let centre = side / 2 * side + side / 2;
    let kernels = weights.chunks_exact_mut(fans.fan_in()).take(fans.channels);
    for (channel, kernel) in kernels.enumerate() {
        kernel.fill(0.0);
        kernel[channel * fans.positions + centre] = 1.0;
    }
}

/// Fills the matrix `[outputs, inputs]` with orthonormal rows, or columns if there are fewer of them, from a
/// normal matrix by Gram-Schmidt, as PyTorch's `orthogonal_` does by QR with a positive diagonal.
fn orthogonal(weights: &mut [f32], outputs: usize, stream: &mut Stream) {
    let inputs = weights.len() / outputs.max(1);
    let is_wide = inputs >= outputs;
    let (count, len) = if is_wide { (outputs, inputs) } else { (inputs, outputs) };
    let mut vectors = vec![vec![0.0_f64; len]; count];
    for row in 0..outputs {
        for column in 0..inputs {
            let (vector, at) = if is_wide { (row, column) } else { (column, row) };
            vectors[vector][at] = stream.normal();
        }
    }
    for i in 0..count {
        let (before, from_here) = vectors.split_at_mut(i);
        let vector = &mut from_here[0];
        for _ in 0..2 {
            // Once leaves what rounding does to vectors that are nearly parallel.
            for other in &*before {
                let along = dot(vector, other);
                vector.iter_mut().zip(other).for_each(|(x, y)| *x -= along * y);
            }
        }
        let length = dot(vector, vector).sqrt();
        vector.iter_mut().for_each(|x| *x /= length);
    }
    for (row, weights) in weights.chunks_exact_mut(inputs).enumerate() {
        for (column, weight) in weights.iter_mut().enumerate() {
            let (vector, at) = if is_wide { (row, column) } else { (column, row) };
            *weight = vectors[vector][at] as f32;
        }
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::{Purpose, stream};

    #[test]
    fn weights_have_the_variance_that_the_name_says() {
        let variance_of = |weight_init| {
            let mut weights = vec![0.0f32; 100_000];
            let mut stream = stream(3, Purpose::WeightInit, 0, 0);
            let fans = Fans { outputs: 2000, channels: 50, positions: 1 };
            fill(&mut weights, None, weight_init, fans, &mut stream);
            weights.iter().map(|&w| f64::from(w) * f64::from(w)).sum::<f64>() / 1e5
        };
        let cases = [
            (WeightInit::He, 2.0 / 50.0),
            (WeightInit::Xavier, 2.0 / 2050.0),
            (WeightInit::Lecun, 1.0 / 50.0),
            (WeightInit::Normal { std: 0.01 }, 0.0001),
            (WeightInit::PytorchDefault, 1.0 / 150.0),
        ];
        for (weight_init, expected) in cases {
            let ratio = variance_of(weight_init) / expected;
            // 5 standard deviations of the variance of 100,000 normal draws.
            assert!((ratio - 1.0).abs() < 0.023, "{weight_init:?}: {ratio}");
        }
    }

    #[test]
    fn orthogonal_vectors_have_length_1_and_right_angles() {
        for (outputs, inputs) in [(4, 9), (9, 4), (5, 5), (1, 3)] {
            let mut weights = vec![0.0; outputs * inputs];
            let mut stream = stream(3, Purpose::WeightInit, 0, 0);
            let fans = Fans { outputs, channels: inputs, positions: 1 };
            fill(&mut weights, None, WeightInit::Orthogonal, fans, &mut stream);
            let vector = |i: usize| -> Vec<f64> {
                let all = weights.iter().map(|w| f64::from(*w));
                match inputs >= outputs {
                    true => all.skip(i * inputs).take(inputs).collect(),
                    false => all.skip(i).step_by(inputs).collect(),
                }
            };
            for (i, j) in (0..outputs.min(inputs)).flat_map(|i| (0..=i).map(move |j| (i, j))) {
                let expected = if i == j { 1.0 } else { 0.0 };
                let found = dot(&vector(i), &vector(j));
                assert!((found - expected).abs() < 1e-6, "{outputs} x {inputs}: {found}");
            }
        }
    }

    #[test]
    fn dirac_kernels_pass_their_channel_on() {
        let mut weights = vec![0.0; 3 * 2 * 9];
        let mut stream = stream(3, Purpose::WeightInit, 0, 0);
        let fans = Fans { outputs: 3, channels: 2, positions: 9 };
        fill(&mut weights, None, WeightInit::Dirac, fans, &mut stream);
        let ones: Vec<usize> = (0..36).filter(|i| weights[*i] != 0.0).collect();
        assert_eq!(ones, [4, 18 + 9 + 4]);
        assert_eq!((weights[4], weights[31]), (1.0, 1.0));
        let bound = 1.0 / 18.0_f32.sqrt();
        assert!(weights[36..].iter().all(|w| *w != 0.0 && w.abs() <= bound));
    }
}
