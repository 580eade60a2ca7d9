//! Max pooling: the largest value of each window, channel by channel.

mod backward;
mod forward;
mod window_place;

use crate::config::keys::wraps;
use crate::kernel::Rows;
use crate::memory;
use crate::nn::build::{Around, Builder};
#[cfg(test)]
use crate::nn::drawn::{Example, Reference};
#[cfg(test)]
use crate::nn::layers::kind::Sample;
use crate::nn::layers::kind::{LayerKind, Role};
use crate::nn::layers::layer::{Backward, Layer, Pass};
use crate::nn::layers::pool::PoolConfig;
use crate::nn::layers::windows::{PoolGeometry, Windows};
use crate::nn::operator::Operator;
use crate::nn::plan::{LayerMisfit, Module, Planned, Site, TensorShape};
use crate::nn::{Shape, Update};
use backward::backward;
use forward::forward;

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

    fn operators(&self, _: &Module) -> Vec<Operator> {
        let PoolConfig { kernel_size, stride, padding } = self.0;
        vec![Operator::of_images("MaxPool").with_windows(kernel_size, stride, padding)]
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

/// For each output, the number within its window of the pixel that won, `[max_batch, features out]`.
/// Forward sets it, and backward needs nothing else. The type is the smallest that the window size
/// allows.
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

    fn reads_input(&self) -> bool {
        false
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
