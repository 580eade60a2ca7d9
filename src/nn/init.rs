//! Initial weights.

use super::WeightInit;
use crate::rng::Stream;

/// Fills `weights` with independent draws from the distribution's normal.
pub(super) fn fill(
    weights: &mut [f32],
    weight_init: WeightInit,
    fan_in: usize,
    fan_out: usize,
    stream: &mut Stream,
) {
    let std = std_of(weight_init, fan_in, fan_out);
    for weight in weights {
        *weight = (std * stream.normal()) as f32;
    }
}

fn std_of(weight_init: WeightInit, fan_in: usize, fan_out: usize) -> f64 {
    match weight_init {
        WeightInit::He => (2.0 / fan_in as f64).sqrt(),
        WeightInit::Xavier => (2.0 / (fan_in + fan_out) as f64).sqrt(),
        WeightInit::Lecun => (1.0 / fan_in as f64).sqrt(),
        WeightInit::Normal { std } => std,
    }
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
            fill(&mut weights, weight_init, 50, 150, &mut stream);
            weights.iter().map(|&w| f64::from(w) * f64::from(w)).sum::<f64>() / 1e5
        };
        let cases = [
            (WeightInit::He, 2.0 / 50.0),
            (WeightInit::Xavier, 2.0 / 200.0),
            (WeightInit::Lecun, 1.0 / 50.0),
            (WeightInit::Normal { std: 0.01 }, 0.0001),
        ];
        for (weight_init, expected) in cases {
            let ratio = variance_of(weight_init) / expected;
            // 5 standard deviations of the variance of 100,000 normal draws.
            assert!((ratio - 1.0).abs() < 0.023, "{weight_init:?}: {ratio}");
        }
    }
}
