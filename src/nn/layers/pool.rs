//! What the pooling layers with windows have in common: their keys, and what the keys mean.

use crate::config::keys::{WhenAbsent, config, whole};
use crate::nn::Shape;
#[cfg(test)]
use crate::nn::drawn::{Example, number_at, pixels};
#[cfg(test)]
use crate::nn::layers::kind::Sample;
use crate::nn::layers::windows::{MOST_PIXELS, PoolGeometry, fit, words_of};
#[cfg(test)]
use crate::nn::plan::Module;
use crate::nn::plan::{LayerMisfit, Planned, Site};

config! {
    /// Keys of `max_pool` and `average_pool`.
    pub struct PoolConfig {
        /// Rows and columns of the window.
        pub kernel_size: usize = whole(1).to(MOST_PIXELS).required("2"),
        /// Distance between the windows; absent: `kernel_size`.
        pub stride: usize = whole(1)
            .to(MOST_PIXELS)
            .same_as("kernel_size", |pool: &PoolConfig| pool.kernel_size),
        /// Border around the image, at most half of `kernel_size`.
        pub padding: usize = whole(0).to(MOST_PIXELS).or(0),
    }
}

impl PoolConfig {
    /// Windows of `kernel_size` side by side.
    pub(in crate::nn) fn new(kernel_size: usize) -> PoolConfig {
        PoolConfig { kernel_size, stride: kernel_size, padding: 0 }
    }

    /// The output shape.
    pub(super) fn plan(&self, site: &Site<'_>) -> Result<Planned, LayerMisfit> {
        let PoolConfig { kernel_size, stride, padding } = *self;
        if padding > kernel_size / 2 {
            let label =
                format!("it is more than half of the window of {kernel_size} x {kernel_size}");
            return Err(site.misfit("padding", "the border of a pool is too wide", label));
        }
        let [height, width] = fit(site, kernel_size, stride, padding)?;
        Ok(Planned::of(Shape { height, width, ..site.input }))
    }

    /// Its sizes for this input.
    pub(super) fn geometry(&self, input: Shape) -> PoolGeometry {
        let Shape { channels, height, width } = input;
        let PoolConfig { kernel_size, stride, padding } = *self;
        PoolGeometry { height, width, channels, size: kernel_size, stride, padding }
    }

    /// The windows in words, for a table of layers.
    pub(super) fn details(&self) -> String {
        words_of(self.kernel_size, self.stride, self.kernel_size, self.padding)
    }

    /// Windows side by side, and windows that overlap.
    #[cfg(test)]
    pub(super) fn samples() -> Vec<Sample> {
        vec![
            Sample::of_images("kernel_size = 2"),
            Sample::of_images("kernel_size = 3\nstride = 2\npadding = 1"),
        ]
    }

    /// The output for each example, where `of_window` turns the numbers of a window into one.
    #[cfg(test)]
    pub(super) fn reference(
        &self,
        module: &Module,
        inputs: &[Example],
        of_window: impl Fn(&mut dyn Iterator<Item = f64>) -> f64,
    ) -> Vec<Example> {
        let example = |x: &Example| {
            pixels(module.output, |channel, row, col| {
                of_window(&mut self.numbers(module.input, x, [channel, row, col]))
            })
        };
        inputs.iter().map(example).collect()
    }

    /// The numbers of the image in a window: channel, row and column.
    #[cfg(test)]
    fn numbers<'a>(
        &self,
        shape: Shape,
        x: &'a [f64],
        [channel, row, col]: [usize; 3],
    ) -> impl Iterator<Item = f64> + use<'a> {
        let PoolConfig { kernel_size: k, stride, padding } = *self;
        (0..k * k).filter_map(move |i| {
            let place = [row * stride + i / k, col * stride + i % k];
            number_at(shape, x, channel, place, padding)
        })
    }
}
