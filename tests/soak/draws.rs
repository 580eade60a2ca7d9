//! Draws for the simulations, each a function of its table.

use runner::rng::{Purpose, Stream, stream};

/// How the figures of a config are distributed over its seeds; mean 0 and a spread near 1.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Shape {
    /// The same normal distribution for all.
    Equal,
    /// Normal; the standard deviations rise evenly from 1 to 5.
    OneToFive,
    /// Normal; the standard deviation of the first is 5, of the others 1.
    OneIsFive,
    /// Student's t with 3 degrees of freedom: now and then a seed far off.
    Heavy,
    /// Exponential: most seeds a little below, some far above.
    Skewed,
}

/// All shapes.
pub(crate) const SHAPES: [Shape; 5] =
    [Shape::Equal, Shape::OneToFive, Shape::OneIsFive, Shape::Heavy, Shape::Skewed];

impl Shape {
    fn draw(self, stream: &mut Stream, config: usize, configs: usize) -> f64 {
        match self {
            Shape::Equal => normal(stream),
            Shape::OneToFive => normal(stream) * (1.0 + 4.0 * config as f64 / (configs - 1) as f64),
            Shape::OneIsFive => normal(stream) * if config == 0 { 5.0 } else { 1.0 },
            Shape::Heavy => {
                let mut square = || {
                    let drawn = normal(stream);
                    drawn * drawn
                };
                let squares: f64 = (0..3).map(|_| square()).sum();
                normal(stream) / (squares / 3.0).sqrt()
            }
            Shape::Skewed => -libm::log(uniform(stream)) - 1.0,
        }
    }
}

/// One table: the figures of each config over its seeds.
pub(crate) fn draw(shape: Shape, configs: usize, seeds: usize, table: u64) -> Vec<Vec<f64>> {
    let cell = (configs * 100 + seeds) as u64;
    let mut stream = stream(7, Purpose::Synthetic, cell * 10 + shape as u64, table);
    let mut of_config =
        |config| (0..seeds).map(|_| shape.draw(&mut stream, config, configs)).collect();
    (0..configs).map(&mut of_config).collect()
}

/// Uniform on 0 to 1, never 0.
pub(crate) fn uniform(stream: &mut Stream) -> f64 {
    (f64::from(stream.next_u32()) + 0.5) / 4_294_967_296.0
}

/// Box and Muller (1958).
pub(crate) fn normal(stream: &mut Stream) -> f64 {
    let radius = (-2.0 * libm::log(uniform(stream))).sqrt();
    radius * libm::cos(std::f64::consts::TAU * uniform(stream))
}
