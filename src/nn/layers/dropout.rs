//! Inverted Dropout (Srivastava et al., 2014, <https://jmlr.org/papers/v15/srivastava14a.html>):
//! each unit is dropped with `probability`, and the others are scaled by `1 / (1 - probability)`.

use crate::config::Range;
use crate::config::keys::{WhenAbsent, config, number};
use crate::kernel::{Rows, RowsMut, split_rows, split_rows_with, vectorise};
use crate::memory;
use crate::nn::build::{Around, Builder};
#[cfg(test)]
use crate::nn::drawn::{Example, Reference};
#[cfg(test)]
use crate::nn::layers::kind::Sample;
use crate::nn::layers::kind::{LayerKind, Role};
use crate::nn::layers::layer::{Backward, Layer, Mode, Pass};
use crate::nn::operator::Operator;
use crate::nn::plan::{LayerMisfit, Module, Planned, Site, TensorShape};
use crate::nn::{Shape, Update};
use crate::rng::StreamKey;

config! {
    /// Keys of `dropout` and `spatial_dropout`.
    pub struct DropoutConfig {
        /// Probability of dropping, in [0, 1); with 0 the layer stays but drops nothing.
        pub rate: f64 = number(Range::FRACTION).required("0.5"),
    }
}

impl LayerKind for DropoutConfig {
    fn plan(&self, site: &Site<'_>) -> Result<Planned, LayerMisfit> {
        Ok(Planned::of(site.input))
    }

    fn tensors(&self, _: Shape, _: Shape) -> Vec<TensorShape> {
        Vec::new()
    }

    fn role(&self) -> Role<'_> {
        Role::Drop { rate: self.rate, is_by_channel: false }
    }

    fn build(
        &self,
        module: &Module,
        _: &Around<'_>,
        builder: &mut Builder,
    ) -> Option<Box<dyn Layer>> {
        let key = builder.dropout_key(); // also if the layer drops nothing: no other layer gets its stream
        let rate = self.rate;
        (rate > 0.0).then(|| -> Box<dyn Layer> {
            let features = module.output.features();
            Box::new(Dropout::new(features, rate, builder.max_batch, key))
        })
    }

    fn details(&self) -> String {
        self.rate.to_string()
    }

    fn python(&self, _: &Module) -> String {
        format!("nn.Dropout({:?})", self.rate)
    }

    fn operators(&self, _: &Module) -> Vec<Operator> {
        Vec::new()
    }

    #[cfg(test)]
    fn samples(&self) -> Vec<Sample> {
        vec![Sample::of_vectors("rate = 0.25")]
    }

    #[cfg(test)]
    fn reference(&self, _: &Module, inputs: Vec<Example>, _: &Reference, _: bool) -> Vec<Example> {
        inputs
    }
}

/// Number of random words drawn at once.
const WORDS: usize = 256;

/// What is dropped, and how the rest is scaled.
#[derive(Debug, Clone, Copy)]
pub(super) struct Keep {
    below: u32, // kept where the random word is below this
    scale: f32,
}

impl Keep {
    /// Drops with `probability` in [0, 1).
    pub(super) fn new(probability: f64) -> Keep {
        let keep = 1.0 - probability;
        // The cast saturates: with probability 0 one word in 2^32 would be dropped, but a network
        // has no Dropout layer then.
        Keep { below: (keep * 4_294_967_296.0) as u32, scale: (1.0 / keep) as f32 }
    }

    /// The factor that a random word stands for.
    #[inline(always)]
    pub(super) fn factor(self, word: u32) -> f32 {
        if word < self.below { self.scale } else { 0.0 }
    }
}

/// PyTorch's `Dropout`. The mask is a function of (seed, layer, step).
#[derive(Debug)]
pub struct Dropout {
    features: usize,
    keep: Keep,
    key: StreamKey,
    kept: Vec<u8>, // [max_batch, features], 1 or 0
}

impl Dropout {
    /// Drops with `probability` in [0, 1) in batches of at most `max_batch`.
    pub fn new(features: usize, probability: f64, max_batch: usize, key: StreamKey) -> Dropout {
        Dropout {
            features,
            keep: Keep::new(probability),
            key,
            kept: memory::filled(max_batch * features, 0),
        }
    }

    /// Draws the mask of the step part by part. Calls `work` with each part of `data`, the position
    /// of its first element in the batch, and its mask.
    #[inline(always)]
    fn draw(
        &mut self,
        data: &mut [f32],
        pass: &Pass,
        work: impl Fn(&mut [f32], usize, &[u8]) + Sync,
    ) {
        let Self { features: n, keep, key, kept } = self;
        let (n, below) = (*n, keep.below);
        let (effort, elements) = (pass.effort(), data.len());
        let kept = RowsMut { data: &mut kept[..elements], row_len: n };
        let data = RowsMut { data, row_len: n };
        split_rows_with(effort, elements, pass.batch, data, kept, &|rows, data, kept| {
            let mut stream = key.stream(pass.step);
            stream.skip_words((rows.start * n) as u64);
            let parts = data.chunks_mut(WORDS).zip(kept.chunks_mut(WORDS)).enumerate();
            let mut bytes = [0; WORDS * 4];
            for (i, (data, kept)) in parts {
                let bytes = &mut bytes[..kept.len() * 4];
                stream.fill_bytes(bytes);
                vectorise(
                    #[inline(always)]
                    || {
                        for (is_kept, word) in kept.iter_mut().zip(bytes.as_chunks::<4>().0) {
                            *is_kept = u8::from(u32::from_le_bytes(*word) < below);
                        }
                        work(data, rows.start * n + i * WORDS, kept);
                    },
                );
            }
        });
    }
}

impl Keep {
    /// `output = input · scale` where the input is kept, else `input · 0`
    #[inline(always)]
    fn scale(self, input: &[f32], kept: &[u8], output: &mut [f32]) {
        for ((out, x), is_kept) in output.iter_mut().zip(input).zip(kept) {
            *out = x * if *is_kept != 0 { self.scale } else { 0.0 };
        }
    }

    #[inline(always)]
    fn scale_in_place(self, kept: &[u8], data: &mut [f32]) {
        for (x, is_kept) in data.iter_mut().zip(kept) {
            *x *= if *is_kept != 0 { self.scale } else { 0.0 };
        }
    }
}

impl Layer for Dropout {
    fn out_features(&self) -> usize {
        self.features
    }

    fn reads_input(&self) -> bool {
        false
    }

    fn forward(&mut self, input: Rows<'_>, output: &mut [f32], pass: &Pass) {
        let (input, keep) = (input.as_slice(), self.keep);
        if pass.mode == Mode::Evaluate {
            output.copy_from_slice(input);
            return;
        }
        self.draw(
            output,
            pass,
            #[inline(always)]
            |output, start, kept| keep.scale(&input[start..], kept, output),
        );
    }

    fn backward(&mut self, ports: Backward<'_>, _update: Option<&dyn Update>, pass: &Pass) {
        let Backward { grad_output, grad_input: Some(grad_input), .. } = ports else { return };
        let Self { features: n, keep, kept, .. } = &*self;
        split_rows(pass.effort(), pass.batch, grad_input, *n, &|rows, grad_input| {
            let start = rows.start * n;
            vectorise(
                #[inline(always)]
                || keep.scale(&grad_output[start..], &kept[start..], grad_input),
            );
        });
    }

    fn in_place(&self) -> bool {
        true
    }

    fn forward_in_place(&mut self, data: &mut [f32], pass: &Pass) {
        let keep = self.keep;
        if pass.mode != Mode::Evaluate {
            self.draw(
                data,
                pass,
                #[inline(always)]
                |data, _, kept| keep.scale_in_place(kept, data),
            );
        }
    }

    fn backward_in_place(&mut self, _output: &[f32], grad: &mut [f32], pass: &Pass) {
        let Self { features: n, keep, kept, .. } = &*self;
        split_rows(pass.effort(), pass.batch, grad, *n, &|rows, grad| {
            vectorise(
                #[inline(always)]
                || keep.scale_in_place(&kept[rows.start * n..], grad),
            );
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::testing::{assert_gradients, assert_same_bits, pass};
    use crate::rng::Purpose;

    fn outputs(probability: f64, step: u64, mode: Mode) -> Vec<f32> {
        let key = StreamKey::new(1, Purpose::Dropout, 0);
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

    /// The mask uses the stream word after word.
    #[test]
    fn mask_is_that_of_the_words_of_the_stream() {
        let mut words = vec![0; 80_000];
        StreamKey::new(1, Purpose::Dropout, 0).stream(9).fill_bytes(&mut words);
        let words = words.as_chunks::<4>().0.iter().map(|word| u32::from_le_bytes(*word));
        let expected: Vec<f32> = words.map(|word| 2.0 * Keep::new(0.3).factor(word)).collect();
        assert_eq!(outputs(0.3, 9, Mode::Train), expected);
    }

    #[test]
    fn threads_and_working_in_place_change_no_bit() {
        let key = StreamKey::new(1, Purpose::Dropout, 0);
        assert_same_bits(|| Box::new(Dropout::new(531, 0.4, 5, key.clone())), 531);
    }

    #[test]
    fn gradients_equal_finite_differences() {
        let key = StreamKey::new(1, Purpose::Dropout, 0);
        assert_gradients(&mut Dropout::new(5, 0.4, 4, key), 5);
    }
}
