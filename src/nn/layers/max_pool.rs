//! Max pooling: the largest value of each window, channel by channel.

use crate::config::keys::wraps;
use crate::kernel::{Rows, RowsMut, split_rows, split_rows_with, vectorise};
use crate::memory;
use crate::nn::build::{Around, Builder};
#[cfg(test)]
use crate::nn::drawn::{Example, Reference};
#[cfg(test)]
use crate::nn::layers::kind::Sample;
use crate::nn::layers::kind::{LayerKind, Role};
use crate::nn::layers::layer::{Backward, Layer, Pass};
use crate::nn::layers::pool::PoolConfig;
use crate::nn::layers::windows::{OnChannels, PoolGeometry, Windows, cover, lanes};
use crate::nn::plan::{LayerMisfit, Module, Planned, Site, TensorShape};
use crate::nn::{Shape, Update};

wraps! {
    /// Keys of `max_pool`.
    pub struct MaxPoolConfig(PoolConfig);
}

impl LayerKind for MaxPoolConfig {
    fn plan(&self, site: &Site<'_>) -> Result<Planned, LayerMisfit> {
        self.0.plan(site)
    }

    fn tensors(&self, _: Shape, _: Shape) -> Vec<TensorShape> {
        Vec::new()
    }

    fn role(&self) -> Role<'_> {
        Role::Pool { is_max: true, is_global: false }
    }

    fn build(
        &self,
        module: &Module,
        around: &Around<'_>,
        builder: &mut Builder,
    ) -> Option<Box<dyn Layer>> {
        let geometry = self.0.geometry(module.input);
        let pool = MaxPool::new(geometry, builder.max_batch);
        Some(Box::new(if around.is_behind_taken_relu() { pool.behind_relu() } else { pool }))
    }

    fn details(&self) -> String {
        self.0.details()
    }

    fn python(&self, _: &Module) -> String {
        let PoolConfig { kernel_size, stride, padding } = self.0;
        format!("nn.MaxPool2d({kernel_size}, {stride}, {padding})")
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
        self.0.reference(module, &inputs, |window| window.fold(f64::NEG_INFINITY, f64::max))
    }
}

/// PyTorch's `MaxPool2d` on channel-last images. Of equal values, the first in row-major order
/// wins; NaN wins over all others.
#[derive(Debug)]
pub struct MaxPool {
    windows: Windows,
    behind_relu: bool, // this layer applies the slope of the preceding ReLU
    winners: Winners,
}

/// For each output, the number within its window of the pixel that won: `[max_batch, features
/// out]`, set by forward. Backward needs nothing else. The type is the smallest that the window
/// size allows.
#[derive(Debug)]
enum Winners {
    Small(Vec<u8>),
    Large(Vec<u32>),
}

impl MaxPool {
    /// Pools over windows as `geometry` says, in batches of at most `max_batch`.
    ///
    /// # Panics
    /// If they do not fit into the image.
    pub fn new(geometry: PoolGeometry, max_batch: usize) -> MaxPool {
        let windows = Windows::new(geometry);
        let len = max_batch * windows.out_features();
        let winners = match geometry.size {
            ..=15 => Winners::Small(memory::filled(len, 0)),
            _ => Winners::Large(memory::filled(len, 0)),
        };
        MaxPool { windows, behind_relu: false, winners }
    }

    /// The layer that also applies the slope of the preceding ReLU: it drops the gradient of a
    /// window whose largest value is not above zero. This saves another pass.
    pub fn behind_relu(self) -> MaxPool {
        MaxPool { behind_relu: true, ..self }
    }
}

impl Layer for MaxPool {
    fn out_features(&self) -> usize {
        self.windows.out_features()
    }

    fn forward(&mut self, input: Rows<'_>, output: &mut [f32], pass: &Pass) {
        let MaxPool { windows, behind_relu, winners } = self;
        let (input, behind_relu) = (input.as_slice(), *behind_relu);
        match winners {
            Winners::Small(winners) => forward(windows, behind_relu, input, output, winners, pass),
            Winners::Large(winners) => forward(windows, behind_relu, input, output, winners, pass),
        }
    }

    fn backward(&mut self, ports: Backward<'_>, _update: Option<&dyn Update>, pass: &Pass) {
        let Backward { grad_output, grad_input: Some(grad_input), .. } = ports else { return };
        let windows = &self.windows;
        match &self.winners {
            Winners::Small(winners) => backward(windows, winners, grad_output, grad_input, pass),
            Winners::Large(winners) => backward(windows, winners, grad_output, grad_input, pass),
        }
    }
}

/// The number that stands for no pixel. As `u8` it is 255; a window with such numbers has at most
/// 225 pixels.
const NOBODY: u32 = u32::MAX;

/// The number of a pixel within a window.
trait WindowPlace: Copy + Send + Sync {
    fn of(number: u32) -> Self;

    /// The number with as many bits as a gradient.
    fn wide(self) -> u32;
}

impl WindowPlace for u8 {
    #[inline(always)]
    fn of(number: u32) -> u8 {
        number as u8
    }

    #[inline(always)]
    fn wide(self) -> u32 {
        u32::from(self)
    }
}

impl WindowPlace for u32 {
    #[inline(always)]
    fn of(number: u32) -> u32 {
        number
    }

    #[inline(always)]
    fn wide(self) -> u32 {
        self
    }
}

fn forward<N: WindowPlace>(
    windows: &Windows,
    behind_relu: bool,
    input: &[f32],
    output: &mut [f32],
    winners: &mut [N],
    pass: &Pass,
) {
    let (size_in, size_out) = (windows.in_features(), windows.out_features());
    let winners = RowsMut { data: &mut winners[..pass.batch * size_out], row_len: size_out };
    let output = RowsMut { data: output, row_len: size_out };
    let effort = pass.effort();
    split_rows_with(effort, input.len(), pass.batch, output, winners, &|rows, output, winners| {
        let images = input[rows.start * size_in..].chunks_exact(size_in);
        let results = output.chunks_exact_mut(size_out).zip(winners.chunks_exact_mut(size_out));
        vectorise(
            #[inline(always)]
            || {
                for (input, (output, winners)) in images.zip(results) {
                    forward_image(windows, behind_relu, input, output, winners);
                }
            },
        );
    });
}

#[inline(always)]
fn forward_image<N: WindowPlace>(
    windows: &Windows,
    behind_relu: bool,
    input: &[f32],
    output: &mut [f32],
    winners: &mut [N],
) {
    let PoolGeometry { width, channels, size, .. } = windows.geometry;
    let pixels = output.chunks_exact_mut(channels).zip(winners.chunks_exact_mut(channels));
    for ((rows, cols, first), (output, winners)) in windows.each().zip(pixels) {
        let (height, row_len) = (rows.len(), cols.len());
        let input = &input[(rows.start * width + cols.start) * channels..];
        let shape = (height, row_len, width * channels, size as u32);
        cover(
            channels,
            &mut Largest {
                input,
                shape,
                channels,
                behind_relu,
                first: first as u32,
                output,
                winners,
            },
        );
    }
}

/// Finds the largest value of one window in each channel.
struct Largest<'a, N> {
    input: &'a [f32], // from the first pixel of the window
    /// Rows and columns in the image; from row to row, elements in memory and numbers of pixels.
    shape: (usize, usize, usize, u32),
    channels: usize,
    behind_relu: bool,
    first: u32, // the first pixel's number
    output: &'a mut [f32],
    winners: &'a mut [N],
}

impl<N: WindowPlace> OnChannels for Largest<'_, N> {
    #[inline(always)]
    fn run<const L: usize>(&mut self, start: usize) {
        let (rows, cols, row_stride, size) = self.shape;
        let (mut best, mut winner) = ([f32::NEG_INFINITY; L], [self.first; L]);
        for row in 0..rows {
            for col in 0..cols {
                let x: &[f32; L] =
                    lanes(self.input, row * row_stride + col * self.channels + start);
                let number = self.first + row as u32 * size + col as u32;
                for i in 0..L {
                    let wins = (x[i] > best[i]) | x[i].is_nan();
                    best[i] = if wins { x[i] } else { best[i] };
                    winner[i] = if wins { number } else { winner[i] };
                }
            }
        }
        if self.behind_relu {
            for i in 0..L {
                winner[i] = if best[i] > 0.0 { winner[i] } else { NOBODY };
            }
        }
        self.output[start..start + L].copy_from_slice(&best);
        for (to, number) in self.winners[start..start + L].iter_mut().zip(winner) {
            *to = N::of(number);
        }
    }
}

/// Each pixel gets the gradients of the windows that it won, added in the order of the windows. No
/// two threads, and no two windows, write to the same place.
fn backward<N: WindowPlace>(
    windows: &Windows,
    winners: &[N],
    grad_output: &[f32],
    grad_input: &mut [f32],
    pass: &Pass,
) {
    let (size_in, size_out) = (windows.in_features(), windows.out_features());
    split_rows(pass.effort(), pass.batch, grad_input, size_in, &|rows, grad_input| {
        let grads = grad_output[rows.start * size_out..].chunks_exact(size_out);
        let grads = grads.zip(winners[rows.start * size_out..].chunks_exact(size_out));
        vectorise(
            #[inline(always)]
            || {
                for (grad_input, (grad, winners)) in grad_input.chunks_exact_mut(size_in).zip(grads)
                {
                    match windows.geometry {
                        PoolGeometry { size, stride, .. } if stride >= size => {
                            scatter_image(windows, winners, grad, grad_input);
                        }
                        _ => gather_image(windows, winners, grad, grad_input),
                    }
                }
            },
        );
    });
}

/// For windows that do not overlap: each window writes its own pixels, in one pass over the memory.
#[inline(always)]
fn scatter_image<N: WindowPlace>(
    windows: &Windows,
    winners: &[N],
    grad_output: &[f32],
    grad_input: &mut [f32],
) {
    let PoolGeometry { height, width, channels, size, stride, padding } = windows.geometry;
    let covers = stride == size && height % size == 0 && width % size == 0 && padding == 0;
    if !covers {
        grad_input.fill(0.0);
    }
    let outputs = grad_output.chunks_exact(channels).zip(winners.chunks_exact(channels));
    for ((rows, cols, first), (grad, winners)) in windows.each().zip(outputs) {
        for (i, row) in rows.enumerate() {
            for (j, col) in cols.clone().enumerate() {
                let number = (first + i * size + j) as u32;
                let pixel = &mut grad_input[(row * width + col) * channels..][..channels];
                for ((to, g), winner) in pixel.iter_mut().zip(grad).zip(winners) {
                    // All bits or none, which avoids a branch.
                    let mask = u32::from(winner.wide() == number).wrapping_neg();
                    *to = f32::from_bits(g.to_bits() & mask);
                }
            }
        }
    }
}

/// For windows that overlap: each pixel collects from the windows that contain it.
#[inline(always)]
fn gather_image<N: WindowPlace>(
    windows: &Windows,
    winners: &[N],
    grad_output: &[f32],
    grad_input: &mut [f32],
) {
    let PoolGeometry { channels, size, stride, .. } = windows.geometry;
    let pixels = grad_input.chunks_exact_mut(channels);
    for ((rows, cols, first), grad_input) in windows.each_pixel().zip(pixels) {
        let shape = (rows.len(), cols.len(), windows.out_width() * channels);
        if shape.0 * shape.1 == 0 {
            grad_input.fill(0.0);
            continue;
        }
        let at = (rows.start * windows.out_width() + cols.start) * channels;
        let (grad_output, winners) = (&grad_output[at..], &winners[at..]);
        let numbers = (first, stride * size, stride);
        cover(channels, &mut Won { grad_output, winners, shape, channels, numbers, grad_input });
    }
}

/// Collects the gradient of one pixel.
struct Won<'a, N> {
    grad_output: &'a [f32], // from the first window that the pixel lies in
    winners: &'a [N],
    shape: (usize, usize, usize), // rows and columns of windows, numbers between rows
    channels: usize,
    /// The pixel's number in the first window; how much it falls by row, and by column.
    numbers: (usize, usize, usize),
    grad_input: &'a mut [f32],
}

impl<N: WindowPlace> OnChannels for Won<'_, N> {
    #[inline(always)]
    fn run<const L: usize>(&mut self, start: usize) {
        let ((rows, cols, row_stride), (first, by_row, by_col)) = (self.shape, self.numbers);
        let mut sum = [0.0; L];
        for row in 0..rows {
            for col in 0..cols {
                let at = row * row_stride + col * self.channels + start;
                let grad: &[f32; L] = lanes(self.grad_output, at);
                let winners: &[N; L] = lanes(self.winners, at);
                let number = (first - row * by_row - col * by_col) as u32;
                for i in 0..L {
                    // All bits or none, as in `scatter_image`.
                    let mask = u32::from(winners[i].wide() == number).wrapping_neg();
                    sum[i] += f32::from_bits(grad[i].to_bits() & mask);
                }
            }
        }
        self.grad_input[start..start + L].copy_from_slice(&sum);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::layers::layer::Mode;
    use crate::nn::testing::{assert_gradients, assert_parity, assert_same_bits, fixtures, pass};

    fn geometry(channels: usize, size: usize, stride: usize, padding: usize) -> PoolGeometry {
        PoolGeometry { height: 5, width: 4, channels, size, stride, padding }
    }

    #[test]
    fn equals_pytorch() {
        for (name, size, stride, padding) in
            [("2_2_0", 2, 2, 0), ("3_2_1", 3, 2, 1), ("3_1_1", 3, 1, 1), ("2_3_0", 2, 3, 0)]
        {
            let mut layer = MaxPool::new(geometry(3, size, stride, padding), 2);
            assert_parity(&mut layer, &fixtures()[format!("max_pool_{name}")]);
        }
    }

    /// Distinct values further apart than the finite differences are wide.
    #[test]
    fn gradients_equal_finite_differences() {
        let geometry = PoolGeometry { height: 3, width: 5, ..geometry(1, 2, 1, 0) };
        assert_gradients(&mut MaxPool::new(geometry, 4), 15);
    }

    #[test]
    fn threads_change_no_bit_whatever_the_channels() {
        for channels in [1, 5, 9, 30, 70] {
            for (size, stride, padding) in [(2, 2, 0), (3, 2, 1), (3, 1, 1)] {
                let geometry = geometry(channels, size, stride, padding);
                assert_same_bits(|| Box::new(MaxPool::new(geometry, 5)), 20 * channels);
            }
        }
    }

    /// Output and input gradient of one image of one channel, with a window over all of it.
    fn pool(input: &[f32], size: usize) -> (f32, Vec<f32>) {
        let geometry =
            PoolGeometry { height: size, width: size, channels: 1, size, stride: size, padding: 0 };
        let mut layer = MaxPool::new(geometry, 1);
        let (mut output, mut grad_input) = ([0.0], vec![f32::NAN; input.len()]);
        let (rows, pass) = (Rows::new(input, 1, input.len()), pass(Mode::Train, 1));
        layer.forward(rows, &mut output, &pass);
        let grad_input_of = Some(&mut grad_input[..]);
        let ports = Backward {
            input: rows,
            output: &output,
            grad_output: &[2.0],
            grad_input: grad_input_of,
        };
        layer.backward(ports, None, &pass);
        (output[0], grad_input)
    }

    #[test]
    fn first_of_equal_values_wins_and_nan_over_all() {
        assert_eq!(pool(&[1.0, 3.0, 3.0, 3.0], 2), (3.0, vec![0.0, 2.0, 0.0, 0.0]));
        let least = f32::NEG_INFINITY;
        assert_eq!(pool(&[least; 4], 2), (least, vec![2.0, 0.0, 0.0, 0.0]));
        let (output, grad_input) = pool(&[1.0, f32::NAN, f32::INFINITY, 3.0], 2);
        assert!(output.is_nan());
        assert_eq!(grad_input, [0.0, 2.0, 0.0, 0.0]);
    }

    #[test]
    fn windows_may_have_more_pixels_than_a_byte_counts() {
        let mut input = vec![0.0; 400];
        input[390] = 1.0;
        let (output, grad_input) = pool(&input, 20);
        assert_eq!((output, grad_input[390], grad_input.iter().sum()), (1.0, 2.0, 2.0));
    }
}
