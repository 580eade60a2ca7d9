//! Global average pooling: an image becomes the mean of each of its channels (Lin et al., 2014,
//! <https://arxiv.org/abs/1312.4400>).

use crate::config::keys::config;
use crate::kernel::{Rows, RowsMut, split_rows, split_rows_with, vectorise};
use crate::nn::build::{Around, Builder};
#[cfg(test)]
use crate::nn::drawn::{Example, Reference};
#[cfg(test)]
use crate::nn::layers::kind::Sample;
use crate::nn::layers::kind::{LayerKind, Role};
use crate::nn::layers::layer::{Backward, Layer, Pass};
use crate::nn::layers::windows::{OnChannels, cover, lanes};
use crate::nn::operator::Operator;
use crate::nn::plan::{LayerMisfit, Module, Planned, Site, TensorShape};
use crate::nn::{Shape, Update};

config! {
    /// Keys of `global_average_pool`.
    pub struct GlobalAveragePoolConfig {}
}

impl LayerKind for GlobalAveragePoolConfig {
    fn plan(&self, site: &Site<'_>) -> Result<Planned, LayerMisfit> {
        Ok(Planned::of(Shape::vector(site.input.channels)))
    }

    fn tensors(&self, _: Shape, _: Shape) -> Vec<TensorShape> {
        Vec::new()
    }

    fn role(&self) -> Role<'_> {
        Role::Pool { is_max: false, is_global: true }
    }

    fn build(&self, module: &Module, _: &Around<'_>, _: &mut Builder) -> Option<Box<dyn Layer>> {
        let Module { input, .. } = module;
        Some(Box::new(GlobalAveragePool::new(input.channels, input.positions())))
    }

    fn details(&self) -> String {
        String::new()
    }

    fn python(&self, _: &Module) -> String {
        "GlobalAveragePool()".to_owned()
    }

    fn operators(&self, _: &Module) -> Vec<Operator> {
        vec![Operator::of_images("GlobalAveragePool")]
    }

    #[cfg(test)]
    fn samples(&self) -> Vec<Sample> {
        vec![Sample::of_images("")]
    }

    #[cfg(test)]
    fn reference(
        &self,
        module: &Module,
        inputs: Vec<Example>,
        _: &Reference,
        _: bool,
    ) -> Vec<Example> {
        let example = |x: &Example| -> Example {
            let channels = x.chunks(module.input.positions());
            channels.map(|c| c.iter().sum::<f64>() / c.len() as f64).collect()
        };
        inputs.iter().map(example).collect()
    }
}

/// PyTorch's `AdaptiveAvgPool2d(1)` on channel-last images. Each channel is summed from zero in the order of
/// the pixels, row by row.
#[derive(Debug)]
pub struct GlobalAveragePool {
    channels: usize,
    positions: usize,
}

impl GlobalAveragePool {
    /// Means of `positions` pixels.
    pub fn new(channels: usize, positions: usize) -> GlobalAveragePool {
        GlobalAveragePool { channels, positions }
    }
}

impl Layer for GlobalAveragePool {
    fn out_features(&self) -> usize {
        self.channels
    }

    fn reads_input(&self) -> bool {
        false
    }

    fn forward(&mut self, input: Rows<'_>, output: &mut [f32], pass: &Pass) {
        let (n, size_in, input) = (self.channels, self.channels * self.positions, input.as_slice());
        let (effort, nothing) = (pass.effort(), RowsMut::nothing());
        let outputs = RowsMut { data: output, row_len: n };
        split_rows_with(effort, input.len(), pass.batch, outputs, nothing, &|rows, output, _| {
            let images = input[rows.start * size_in..].chunks_exact(size_in);
            vectorise(
                #[inline(always)]
                || {
                    for (image, output) in images.zip(output.chunks_exact_mut(n)) {
                        cover(n, &mut ImageMean { image, output });
                    }
                },
            );
        });
    }

    fn backward(&mut self, ports: Backward<'_>, _update: Option<&dyn Update>, pass: &Pass) {
        let Backward { grad_output, grad_input: Some(grad_input), .. } = ports else { return };
        let (n, size_in, count) =
            (self.channels, self.channels * self.positions, self.positions as f32);
        split_rows(pass.effort(), pass.batch, grad_input, size_in, &|rows, grad_input| {
            let grads = grad_output[rows.start * n..].chunks_exact(n);
            vectorise(
                #[inline(always)]
                || {
                    for (grad, image) in grads.zip(grad_input.chunks_exact_mut(size_in)) {
                        let (first, others) = image.split_at_mut(n);
                        first.iter_mut().zip(grad).for_each(|(to, g)| *to = g / count);
                        others.chunks_exact_mut(n).for_each(|pixel| pixel.copy_from_slice(first));
                    }
                },
            );
        });
    }
}

struct ImageMean<'a> {
    image: &'a [f32],
    output: &'a mut [f32],
}

impl OnChannels for ImageMean<'_> {
    #[inline(always)]
    fn run<const L: usize>(&mut self, start: usize) {
        let (mut sum, channels) = ([0.0; L], self.output.len());
        for pixel in self.image.chunks_exact(channels) {
            let x: &[f32; L] = lanes(pixel, start);
            (0..L).for_each(
                #[inline(always)]
                |i| sum[i] += x[i],
            );
        }
        let count = (self.image.len() / channels) as f32;
        let output = &mut self.output[start..start + L];
        output.iter_mut().zip(sum).for_each(|(out, sum)| *out = sum / count);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::testing::{assert_gradients, assert_parity, assert_same_bits, fixtures};

    #[test]
    fn equals_pytorch() {
        assert_parity(&mut GlobalAveragePool::new(3, 20), &fixtures()["global_average_pool"]);
    }

    #[test]
    fn gradients_equal_finite_differences() {
        assert_gradients(&mut GlobalAveragePool::new(3, 6), 18);
    }

    #[test]
    fn threads_change_no_bit_whatever_the_channels() {
        for channels in [1, 5, 9, 30, 70] {
            assert_same_bits(|| Box::new(GlobalAveragePool::new(channels, 6)), 6 * channels);
        }
    }
}
