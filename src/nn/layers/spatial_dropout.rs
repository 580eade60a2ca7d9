//! Spatial dropout (Tompson et al., 2015, <https://arxiv.org/abs/1411.4280>): whole channels of an
//! example are dropped, because the pixels of a channel are strongly correlated.

use crate::config::keys::wraps;
use crate::kernel::{Rows, split_rows, vectorise};
use crate::memory;
use crate::nn::build::{Around, Builder};
#[cfg(test)]
use crate::nn::drawn::{Example, Reference};
use crate::nn::layers::dropout::{DropoutConfig, Keep};
#[cfg(test)]
use crate::nn::layers::kind::Sample;
use crate::nn::layers::kind::{LayerKind, Role};
use crate::nn::layers::layer::{Backward, Layer, Mode, Pass};
use crate::nn::operator::Operator;
use crate::nn::plan::{LayerMisfit, Module, Planned, Site, TensorShape};
use crate::nn::{Shape, Update};
use crate::rng::StreamKey;

wraps! {
    /// Keys of `spatial_dropout`.
    pub struct SpatialDropoutConfig(DropoutConfig);
}

impl LayerKind for SpatialDropoutConfig {
    fn plan(&self, site: &Site<'_>) -> Result<Planned, LayerMisfit> {
        Ok(Planned::of(site.input))
    }

    fn tensors(&self, _: Shape, _: Shape) -> Vec<TensorShape> {
        Vec::new()
    }

    fn role(&self) -> Role<'_> {
        Role::Drop { rate: self.0.rate, is_by_channel: true }
    }

    fn build(
        &self,
        module: &Module,
        _: &Around<'_>,
        builder: &mut Builder,
    ) -> Option<Box<dyn Layer>> {
        let key = builder.dropout_key(); // also if the layer drops nothing: no other layer gets its stream
        let rate = self.0.rate;
        (rate > 0.0).then(|| -> Box<dyn Layer> {
            let (channels, positions) = (module.output.channels, module.output.positions());
            Box::new(SpatialDropout::new(channels, positions, rate, builder.max_batch, key))
        })
    }

    fn details(&self) -> String {
        self.0.rate.to_string()
    }

    fn python(&self, _: &Module) -> String {
        format!("nn.Dropout2d({:?})", self.0.rate)
    }

    fn operators(&self, _: &Module) -> Vec<Operator> {
        Vec::new()
    }

    #[cfg(test)]
    fn samples(&self) -> Vec<Sample> {
        vec![Sample::of_images("rate = 0.25")]
    }

    #[cfg(test)]
    fn reference(&self, _: &Module, inputs: Vec<Example>, _: &Reference, _: bool) -> Vec<Example> {
        inputs
    }
}

/// The factors of an example's channels are repeated until there are about this many: otherwise,
/// few channels would leave registers half empty.
const PATTERN: usize = 64;

/// PyTorch's `Dropout2d`. The mask is a function of (seed, layer, step).
#[derive(Debug)]
pub struct SpatialDropout {
    channels: usize,
    features: usize, // channels times pixels
    keep: Keep,
    key: StreamKey,
    factors: Vec<f32>, // [max_batch, pattern]: those of the channels, again and again
    pattern: usize,
}

impl SpatialDropout {
    /// Drops channels of `positions` pixels with `probability` in [0, 1) in batches of at most `max_batch`.
    pub fn new(
        channels: usize,
        positions: usize,
        probability: f64,
        max_batch: usize,
        key: StreamKey,
    ) -> SpatialDropout {
        let pattern = channels * (PATTERN / channels.max(1)).max(1);
        SpatialDropout {
            channels,
            features: channels * positions,
            keep: Keep::new(probability),
            key,
            factors: memory::filled(max_batch * pattern, 0.0),
            pattern,
        }
    }

    /// Draws one word for each channel of each example, in their order.
    fn draw(&mut self, pass: &Pass) {
        let mut stream = self.key.stream(pass.step);
        for factors in self.factors.chunks_exact_mut(self.pattern).take(pass.batch) {
            let (first, others) = factors.split_at_mut(self.channels);
            first.iter_mut().for_each(|factor| *factor = self.keep.factor(stream.next_u32()));
            others.chunks_exact_mut(first.len()).for_each(|again| again.copy_from_slice(first));
        }
    }

    /// Calls `work` with each part of each example, the position of the part in the batch, and its
    /// factors.
    #[inline(always)]
    fn each_part(
        &self,
        data: &mut [f32],
        pass: &Pass,
        work: impl Fn(&mut [f32], usize, &[f32]) + Sync,
    ) {
        let Self { features, pattern, factors, .. } = self;
        split_rows(pass.effort(), pass.batch, data, *features, &|rows, data| {
            vectorise(
                #[inline(always)]
                || {
                    let examples = rows.clone().zip(data.chunks_exact_mut(*features));
                    for (row, example) in examples {
                        let factors = &factors[row * pattern..][..*pattern];
                        for (i, part) in example.chunks_mut(*pattern).enumerate() {
                            work(part, row * features + i * pattern, factors);
                        }
                    }
                },
            );
        });
    }

    /// `output = input · factor`
    fn scale(&self, input: &[f32], output: &mut [f32], pass: &Pass) {
        self.each_part(
            output,
            pass,
            #[inline(always)]
            |output, start, factors| {
                for ((out, x), factor) in output.iter_mut().zip(&input[start..]).zip(factors) {
                    *out = x * factor;
                }
            },
        );
    }

    /// `data = data · factor`
    fn scale_in_place(&self, data: &mut [f32], pass: &Pass) {
        self.each_part(
            data,
            pass,
            #[inline(always)]
            |data, _, factors| {
                for (x, factor) in data.iter_mut().zip(factors) {
                    *x *= factor;
                }
            },
        );
    }
}

impl Layer for SpatialDropout {
    fn out_features(&self) -> usize {
        self.features
    }

    fn reads_input(&self) -> bool {
        false
    }

    fn forward(&mut self, input: Rows<'_>, output: &mut [f32], pass: &Pass) {
        let input = input.as_slice();
        if pass.mode == Mode::Evaluate {
            output.copy_from_slice(input);
            return;
        }
        self.draw(pass);
        self.scale(input, output, pass);
    }

    fn backward(&mut self, ports: Backward<'_>, _update: Option<&dyn Update>, pass: &Pass) {
        if let Some(grad_input) = ports.grad_input {
            self.scale(ports.grad_output, grad_input, pass);
        }
    }

    fn in_place(&self) -> bool {
        true
    }

    fn forward_in_place(&mut self, data: &mut [f32], pass: &Pass) {
        if pass.mode != Mode::Evaluate {
            self.draw(pass);
            self.scale_in_place(data, pass);
        }
    }

    fn backward_in_place(&mut self, _output: &[f32], grad: &mut [f32], pass: &Pass) {
        self.scale_in_place(grad, pass);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::testing::{assert_gradients, assert_same_bits, pass};
    use crate::rng::Purpose;

    fn layer(channels: usize, positions: usize, probability: f64, batch: usize) -> SpatialDropout {
        let key = StreamKey::new(1, Purpose::Dropout, 0);
        SpatialDropout::new(channels, positions, probability, batch, key)
    }

    fn outputs(step: u64, mode: Mode) -> Vec<f32> {
        let (input, mut output) = (vec![2.0; 100 * 30 * 7], vec![0.0; 100 * 30 * 7]);
        let pass = Pass { step, ..pass(mode, 100) };
        layer(30, 7, 0.3, 100).forward(Rows::new(&input, 100, 210), &mut output, &pass);
        output
    }

    #[test]
    fn whole_channels_are_dropped_and_the_rest_is_scaled() {
        let output = outputs(0, Mode::Train);
        let examples: Vec<&[f32]> = output.chunks(210).collect();
        let same = |image: &&[f32]| image.chunks(30).all(|pixel| *pixel == image[..30]);
        assert!(examples.iter().all(same));
        assert!(examples.windows(2).all(|pair| pair[0] != pair[1]));
        let dropped = output.iter().filter(|y| **y == 0.0).count() as f64 / 21_000.0;
        // 5 standard deviations of a binomial with n = 3,000.
        assert!((dropped - 0.3).abs() < 5.0 * (0.3 * 0.7 / 3e3_f64).sqrt(), "{dropped}");
        let kept = 2.0 * (1.0 / 0.7_f64) as f32;
        assert!(output.iter().all(|&y| y == 0.0 || y == kept));
    }

    #[test]
    fn mask_is_a_function_of_the_step_and_evaluation_has_none() {
        assert_eq!(outputs(7, Mode::Train), outputs(7, Mode::Probe));
        assert_ne!(outputs(7, Mode::Train), outputs(8, Mode::Train));
        assert_eq!(outputs(7, Mode::Evaluate), [2.0; 21_000]);
    }

    #[test]
    fn gradients_equal_finite_differences() {
        assert_gradients(&mut layer(3, 2, 0.4, 4), 6);
    }

    #[test]
    fn threads_and_working_in_place_change_no_bit() {
        for channels in [1, 30, 70] {
            assert_same_bits(|| Box::new(layer(channels, 7, 0.4, 5)), 7 * channels);
        }
    }
}
