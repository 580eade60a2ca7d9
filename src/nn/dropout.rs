//! Inverted Dropout (Srivastava et al., 2014, <https://jmlr.org/papers/v15/srivastava14a.html>): a
//! unit is dropped with `probability`, what is kept is scaled by `1 / (1 - probability)`.

use super::Update;
use super::layer::{Backward, Layer, Mode, Pass};
use crate::kernel::{Rows, vectorise};
use crate::rng::Key;

/// PyTorch's `Dropout`. The mask is a function of (seed, layer, step).
#[derive(Debug)]
pub struct Dropout {
    features: usize,
    keep_below: u32, // a unit is kept where its random word is below this
    scale: f32,
    key: Key,
    words: Vec<u8>, // [batch, features] little-endian u32
}

impl Dropout {
    /// Drops with `probability` in [0, 1) in batches of at most `max_batch`.
    pub fn new(features: usize, probability: f64, max_batch: usize, key: Key) -> Dropout {
        let keep = 1.0 - probability;
        // The cast saturates: with probability 0 one word in 2^32 would be dropped, but a network
        // has no Dropout layer then.
        let keep_below = (keep * 4_294_967_296.0) as u32;
        let words = vec![0; max_batch * features * 4];
        Dropout { features, keep_below, scale: (1.0 / keep) as f32, key, words }
    }

    fn mask(&self, len: usize) -> impl Iterator<Item = f32> {
        let (words, _) = self.words[..len * 4].as_chunks::<4>();
        let (keep_below, scale) = (self.keep_below, self.scale);
        words.iter().map(
            #[inline(always)]
            move |word| {
                if u32::from_le_bytes(*word) < keep_below { scale } else { 0.0 }
            },
        )
    }
}

impl Layer for Dropout {
    fn out_features(&self) -> usize {
        self.features
    }

    fn forward(&mut self, input: Rows<'_>, output: &mut [f32], pass: &Pass) {
        let input = input.as_slice();
        if pass.mode == Mode::Evaluate {
            output.copy_from_slice(input);
            return;
        }
        self.key.stream(pass.step).fill_bytes(&mut self.words[..input.len() * 4]);
        let mask = self.mask(input.len());
        vectorise(
            #[inline(always)]
            || {
                for ((out, x), factor) in output.iter_mut().zip(input).zip(mask) {
                    *out = x * factor;
                }
            },
        );
    }

    fn backward(&mut self, ports: Backward<'_>, _update: Option<&dyn Update>, _pass: &Pass) {
        let Backward { grad_output, grad_input: Some(grad_input), .. } = ports else { return };
        let mask = self.mask(grad_output.len());
        vectorise(
            #[inline(always)]
            || {
                for ((out, g), factor) in grad_input.iter_mut().zip(grad_output).zip(mask) {
                    *out = g * factor;
                }
            },
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::testing::{assert_gradients, pass};
    use crate::rng::Purpose;

    fn outputs(probability: f64, step: u64, mode: Mode) -> Vec<f32> {
        let key = Key::new(1, Purpose::Dropout, 0);
        let mut layer = Dropout::new(1000, probability, 20, key);
        let mut output = vec![0.0; 20_000];
        let pass = Pass { step, ..pass(mode, 20) };
        layer.forward(Rows::new(&[2.0; 20_000], 20, 1000), &mut output, &pass);
        output
    }

    #[test]
    fn drops_the_share_it_is_told_and_scales_the_rest() {
        for probability in [0.1, 0.5, 0.8] {
            let output = outputs(probability, 0, Mode::Train);
            let dropped = output.iter().filter(|&&y| y == 0.0).count() as f64 / 2e4;
            // 5 standard deviations of a binomial with n = 20,000.
            let tolerance = 5.0 * (probability * (1.0 - probability) / 2e4).sqrt();
            assert!((dropped - probability).abs() < tolerance, "{dropped} of {probability}");
            let kept = (2.0 * (1.0 / (1.0 - probability))) as f32;
            assert!(output.iter().all(|&y| y == 0.0 || (y - kept).abs() < 1e-5));
        }
    }

    #[test]
    fn mask_is_a_function_of_the_step() {
        assert_eq!(outputs(0.5, 7, Mode::Train), outputs(0.5, 7, Mode::Train));
        assert_ne!(outputs(0.5, 7, Mode::Train), outputs(0.5, 8, Mode::Train));
    }

    #[test]
    fn evaluation_changes_nothing() {
        assert_eq!(outputs(0.5, 0, Mode::Evaluate), [2.0; 20_000]);
    }

    #[test]
    fn gradients_equal_finite_differences() {
        let key = Key::new(1, Purpose::Dropout, 0);
        assert_gradients(&mut Dropout::new(5, 0.4, 4, key), 5);
    }
}
