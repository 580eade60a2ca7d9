//! Average pooling: the mean of each window, channel by channel.

use crate::config::keys::wraps;
use crate::kernel::{Rows, RowsMut, split_rows, split_rows_with, vectorise};
use crate::nn::build::{Around, Builder};
#[cfg(test)]
use crate::nn::drawn::{Example, Reference};
#[cfg(test)]
use crate::nn::layers::kind::Sample;
use crate::nn::layers::kind::{LayerKind, Role};
use crate::nn::layers::layer::{Backward, Layer, Pass};
use crate::nn::layers::pool::PoolConfig;
use crate::nn::layers::windows::{OnChannels, PoolGeometry, Windows, cover, lanes};
use crate::nn::operator::{Attribute, Operator};
use crate::nn::plan::{LayerMisfit, Module, Planned, Site, TensorShape};
use crate::nn::{Shape, Update};

wraps! {
    /// Keys of `average_pool`.
    pub struct AveragePoolConfig(PoolConfig);
}

impl LayerKind for AveragePoolConfig {
    fn plan(&self, site: &Site<'_>) -> Result<Planned, LayerMisfit> {
        self.0.plan(site)
    }

    fn tensors(&self, _: Shape, _: Shape) -> Vec<TensorShape> {
        Vec::new()
    }

    fn role(&self) -> Role<'_> {
        Role::Pool { is_max: false, is_global: false }
    }

    fn build(&self, module: &Module, _: &Around<'_>, _: &mut Builder) -> Option<Box<dyn Layer>> {
        Some(Box::new(AveragePool::new(self.0.geometry(module.input))))
    }

    fn details(&self) -> String {
        self.0.details()
    }

    fn python(&self, _: &Module) -> String {
        let PoolConfig { kernel_size, stride, padding } = self.0;
        format!("nn.AvgPool2d({kernel_size}, {stride}, {padding})")
    }

    fn operators(&self, _: &Module) -> Vec<Operator> {
        let PoolConfig { kernel_size, stride, padding } = self.0;
        // The padding counts, as in PyTorch.
        let pool = Operator::of_images("AveragePool").with_windows(kernel_size, stride, padding);
        vec![pool.set("count_include_pad", Attribute::Whole(1))]
    }

    #[cfg(test)]
    fn samples(&self) -> Vec<Sample> {
        PoolConfig::samples()
    }

    #[cfg(test)]
    fn reference(
        &self,
        module: &Module,
        inputs: Vec<Example>,
        _: &Reference,
        _: bool,
    ) -> Vec<Example> {
        let size = (self.0.kernel_size * self.0.kernel_size) as f64;
        self.0.reference(module, &inputs, |window| window.sum::<f64>() / size)
    }
}

/// PyTorch's `AvgPool2d` on channel-last images; the border counts as zeros. A window is summed row
/// by row.
#[derive(Debug)]
pub struct AveragePool {
    windows: Windows,
}

impl AveragePool {
    /// Windows as `geometry` says.
    ///
    /// # Panics
    /// If they do not fit into the image.
    pub fn new(geometry: PoolGeometry) -> AveragePool {
        AveragePool { windows: Windows::new(geometry) }
    }
}

impl Layer for AveragePool {
    fn out_features(&self) -> usize {
        self.windows.out_features()
    }

    fn reads_input(&self) -> bool {
        false
    }

    fn forward(&mut self, input: Rows<'_>, output: &mut [f32], pass: &Pass) {
        let (windows, input) = (&self.windows, input.as_slice());
        let (size_in, size_out) = (windows.in_features(), windows.out_features());
        let (effort, nothing) = (pass.effort(), RowsMut::nothing());
        let outputs = RowsMut { data: output, row_len: size_out };
        split_rows_with(effort, input.len(), pass.batch, outputs, nothing, &|rows, output, _| {
            let images = input[rows.start * size_in..].chunks_exact(size_in);
            vectorise(
                #[inline(always)]
                || {
                    for (input, output) in images.zip(output.chunks_exact_mut(size_out)) {
                        forward_image(windows, input, output);
                    }
                },
            );
        });
    }

    fn backward(&mut self, ports: Backward<'_>, _update: Option<&dyn Update>, pass: &Pass) {
        let Backward { grad_output, grad_input: Some(grad_input), .. } = ports else { return };
        let windows = &self.windows;
        let (size_in, size_out) = (windows.in_features(), windows.out_features());
        split_rows(pass.effort(), pass.batch, grad_input, size_in, &|rows, grad_input| {
            let grads = grad_output[rows.start * size_out..].chunks_exact(size_out);
            vectorise(
                #[inline(always)]
                || {
                    for (grad_output, grad_input) in grads.zip(grad_input.chunks_exact_mut(size_in))
                    {
                        backward_image(windows, grad_output, grad_input);
                    }
                },
            );
        });
    }
}

#[inline(always)]
fn forward_image(windows: &Windows, input: &[f32], output: &mut [f32]) {
    let PoolGeometry { width, channels, size, .. } = windows.geometry;
    let parts = (width * channels, channels, (size * size) as f32);
    for ((rows, cols, _), output) in windows.each().zip(output.chunks_exact_mut(channels)) {
        let from = &input[(rows.start * width + cols.start) * channels..];
        cover(channels, &mut WindowMean { from, shape: (rows.len(), cols.len()), parts, output });
    }
}

#[inline(always)]
fn backward_image(windows: &Windows, grad_output: &[f32], grad_input: &mut [f32]) {
    let PoolGeometry { channels, size, .. } = windows.geometry;
    let parts = (windows.out_width() * channels, channels, (size * size) as f32);
    for ((rows, cols, _), output) in windows.each_pixel().zip(grad_input.chunks_exact_mut(channels))
    {
        let shape = (rows.len(), cols.len());
        if shape.0 * shape.1 == 0 {
            output.fill(0.0);
            continue;
        }
        let from = &grad_output[(rows.start * windows.out_width() + cols.start) * channels..];
        cover(channels, &mut MeanShares { from, shape, parts, output });
    }
}

/// The mean of the pixels of a window.
struct WindowMean<'a> {
    from: &'a [f32],            // from the first pixel
    shape: (usize, usize),      // rows and columns within the image
    parts: (usize, usize, f32), // numbers of a row of the image and of a pixel, pixels of a whole window
    output: &'a mut [f32],
}

impl OnChannels for WindowMean<'_> {
    #[inline(always)]
    fn run<const L: usize>(&mut self, start: usize) {
        let ((rows, cols), (row_stride, channels, count)) = (self.shape, self.parts);
        let mut sum = [0.0; L];
        for row in 0..rows {
            for col in 0..cols {
                let x: &[f32; L] = lanes(self.from, row * row_stride + col * channels + start);
                (0..L).for_each(
                    #[inline(always)]
                    |i| sum[i] += x[i],
                );
            }
        }
        let output = &mut self.output[start..start + L];
        output.iter_mut().zip(sum).for_each(|(out, sum)| *out = sum / count);
    }
}

/// Adds the shares of a pixel in the gradients of the windows that contain it, in the order of the
/// windows.
struct MeanShares<'a> {
    from: &'a [f32],            // from the first window
    shape: (usize, usize),      // rows and columns of windows
    parts: (usize, usize, f32), // numbers of a row of windows and of one, pixels of a whole window
    output: &'a mut [f32],
}

impl OnChannels for MeanShares<'_> {
    #[inline(always)]
    fn run<const L: usize>(&mut self, start: usize) {
        let ((rows, cols), (row_stride, channels, count)) = (self.shape, self.parts);
        let mut sum = [0.0; L];
        for row in 0..rows {
            for col in 0..cols {
                let g: &[f32; L] = lanes(self.from, row * row_stride + col * channels + start);
                (0..L).for_each(
                    #[inline(always)]
                    |i| sum[i] += g[i] / count,
                );
            }
        }
        self.output[start..start + L].copy_from_slice(&sum);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::testing::{assert_gradients, assert_parity, assert_same_bits, fixtures};

    fn geometry(channels: usize, size: usize, stride: usize, padding: usize) -> PoolGeometry {
        PoolGeometry { height: 5, width: 4, channels, size, stride, padding }
    }

    #[test]
    fn equals_pytorch() {
        for (name, size, stride, padding) in
            [("2_2_0", 2, 2, 0), ("3_2_1", 3, 2, 1), ("3_1_1", 3, 1, 1), ("2_3_0", 2, 3, 0)]
        {
            let mut layer = AveragePool::new(geometry(3, size, stride, padding));
            assert_parity(&mut layer, &fixtures()[format!("average_pool_{name}")]);
        }
    }

    #[test]
    fn gradients_equal_finite_differences() {
        assert_gradients(&mut AveragePool::new(geometry(2, 3, 2, 1)), 40);
    }

    #[test]
    fn threads_change_no_bit_whatever_the_channels() {
        for channels in [1, 5, 9, 30, 70] {
            let geometry = geometry(channels, 3, 2, 1);
            assert_same_bits(|| Box::new(AveragePool::new(geometry)), 20 * channels);
        }
    }
}
