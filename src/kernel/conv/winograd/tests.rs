//! Each pass equals its definition to the bit, on every path and for any number of threads.

mod errors;
mod transforms;

use super::transforms::Square;
use super::*;
use crate::kernel::conv::tests::{Setup, bits, efforts, in_pool};
use crate::rng::{Purpose, stream};
use transforms::{One, grad, source, target, weight, weight_grad};

/// (height, width), (in, out channels), padding, batch.
type Case = ((usize, usize), (usize, usize), usize, usize);

const CASES: [Case; 11] = [
    ((2, 2), (16, 16), 2, 1),
    ((4, 4), (16, 16), 1, 0),
    ((4, 4), (16, 16), 1, 3),
    ((6, 5), (17, 33), 1, 2),
    ((20, 21), (18, 40), 1, 1),
    ((7, 8), (16, 20), 0, 3),
    ((5, 4), (30, 16), 2, 2),
    ((8, 8), (300, 16), 1, 1),
    ((5, 6), (16, 300), 1, 2),
    ((32, 32), (16, 16), 1, 2),
    ((4, 9), (64, 64), 1, 40),
];

/// Small tiles and large ones are computed for images of any size.
fn setups<const M: usize, const SIDE: usize>() -> impl Iterator<Item = Setup>
where
    Tiling<M, SIDE>: Lines<M, SIDE>,
{
    let mut stream = stream(1, Purpose::WeightInit, 7, 0);
    CASES.into_iter().map(move |((height, width), (in_channels, out_channels), padding, batch)| {
        let geometry = ConvGeometry {
            height,
            width,
            in_channels,
            out_channels,
            kernel_size: [3, 3],
            stride: 1,
            padding,
        };
        Setup::new(geometry, batch, &mut stream).by(Winograd::<M, SIDE>::new(geometry))
    })
}

/// Images `[height, width, channels]` one after the other, with zeros around.
#[derive(Clone, Copy)]
struct Images<'a> {
    data: &'a [f32],
    size: (usize, usize, usize),
}

impl Images<'_> {
    fn at(&self, image: usize, (y, x): (isize, isize), channel: usize) -> f32 {
        let (height, width, channels) = self.size;
        let inside = (0..height as isize).contains(&y) && (0..width as isize).contains(&x);
        let pixel = (image * height + y.max(0) as usize) * width + x.max(0) as usize;
        if inside { self.data[pixel * channels + channel] } else { 0.0 }
    }

    /// The transformed tile (row, col) of one channel.
    fn tile<const M: usize, const SIDE: usize>(
        &self,
        image: usize,
        (row, col): (usize, usize),
        channel: usize,
        padding: usize,
    ) -> Vec<f32>
    where
        Tiling<M, SIDE>: Lines<M, SIDE>,
    {
        let d: Square<SIDE, One> = std::array::from_fn(|i| {
            std::array::from_fn(|j| {
                let at = (M * row + i, M * col + j);
                let at = (at.0 as isize - padding as isize, at.1 as isize - padding as isize);
                [self.at(image, at, channel)]
            })
        });
        places(&source::<M, SIDE>(&d))
    }
}

/// The numbers of a transformed square, place by place.
fn places<const N: usize>(square: &Square<N, One>) -> Vec<f32> {
    square.as_flattened().iter().map(|[x]| *x).collect()
}

/// Blocks of 256 products, each summed from zero, added in order.
fn blocks(terms: &[(f32, f32)]) -> f32 {
    let sums = terms.chunks(256).map(|terms| terms.iter().fold(0.0, |s, (a, b)| a.mul_add(*b, s)));
    sums.reduce(|total, sum| total + sum).unwrap_or(0.0)
}

/// The definition of the forward pass; `kernel(tap, from, to)` is an element of the weight.
fn forward<const M: usize, const SIDE: usize>(
    images: Images<'_>,
    batch: usize,
    padding: usize,
    channels: usize,
    kernel: &dyn Fn(usize, usize, usize) -> f32,
) -> Vec<f32>
where
    Tiling<M, SIDE>: Lines<M, SIDE>,
{
    let (height, width) = (images.size.0 + 2 * padding - 2, images.size.1 + 2 * padding - 2);
    let mut result = vec![0.0; batch * height * width * channels];
    let weights: Vec<Vec<f32>> = (0..images.size.2 * channels)
        .map(|i| {
            let element = |tap| kernel(tap, i / channels, i % channels);
            let taps = [0, 1, 2].map(|y| [0, 1, 2].map(|x| [element(3 * y + x)]));
            places(&weight::<M, SIDE>(taps))
        })
        .collect();
    for image in 0..batch {
        for (row, col) in
            (0..height.div_ceil(M)).flat_map(|y| (0..width.div_ceil(M)).map(move |x| (y, x)))
        {
            let tiles: Vec<Vec<f32>> = (0..images.size.2)
                .map(|channel| images.tile::<M, SIDE>(image, (row, col), channel, padding))
                .collect();
            for to in 0..channels {
                let sum = |place: usize| {
                    let terms: Vec<_> = (0..tiles.len())
                        .map(|from| (tiles[from][place], weights[from * channels + to][place]))
                        .collect();
                    [blocks(&terms)]
                };
                let sums = std::array::from_fn(|i| std::array::from_fn(|j| sum(SIDE * i + j)));
                for (i, pixels) in target::<M, SIDE>(sums).iter().enumerate() {
                    for (j, [pixel]) in pixels.iter().enumerate() {
                        let (y, x) = (M * row + i, M * col + j);
                        if y < height && x < width {
                            result[((image * height + y) * width + x) * channels + to] = *pixel;
                        }
                    }
                }
            }
        }
    }
    result
}

fn assert_forward_equals_its_definition<const M: usize, const SIDE: usize>()
where
    Tiling<M, SIDE>: Lines<M, SIDE>,
{
    in_pool(|| {
        for mut setup in setups::<M, SIDE>() {
            let (g, batch) = (setup.geometry, setup.batch);
            let images = Images { data: &setup.input, size: (g.height, g.width, g.in_channels) };
            let kernel = |tap: usize, from: usize, to: usize| {
                setup.weight[(tap * g.in_channels + from) * g.out_channels + to]
            };
            let expected = forward::<M, SIDE>(images, batch, g.padding, g.out_channels, &kernel);
            let bias: Vec<f32> = (0..g.out_channels).map(|i| i as f32 / 8.0 - 1.0).collect();
            let with_bias = expected.chunks_exact(bias.len()).flat_map(|pixel| {
                pixel.iter().zip(&bias).map(|(x, b)| x + b).map(|x| if x <= 0.0 { 0.0 } else { x })
            });
            let with_bias: Vec<f32> = with_bias.collect();
            for effort in efforts() {
                let plain = (Epilogue::default(), &expected);
                let fused = (Epilogue { bias: Some(&bias), relu: true }, &with_bias);
                for (epilogue, expected) in [plain, fused] {
                    let mut output = vec![f32::NAN; expected.len()];
                    let Setup { conv, input, panels, .. } = &mut setup;
                    conv.forward(input, panels, epilogue, &mut output, batch, effort);
                    assert!(bits(&output) == bits(expected), "{g:?}, {batch}, {effort:?}");
                }
            }
        }
    });
}

#[test]
fn forward_equals_its_definition() {
    assert_forward_equals_its_definition::<2, 4>();
    assert_forward_equals_its_definition::<4, 6>();
}

fn assert_the_input_gradient_equals_the_definition_with_the_kernel_turned<
    const M: usize,
    const SIDE: usize,
>()
where
    Tiling<M, SIDE>: Lines<M, SIDE>,
{
    in_pool(|| {
        for mut setup in setups::<M, SIDE>() {
            let (g, batch) = (setup.geometry, setup.batch);
            let size = (g.out_height(), g.out_width(), g.out_channels);
            let images = Images { data: &setup.grad_output, size };
            let kernel = |tap: usize, from: usize, to: usize| {
                setup.weight[((8 - tap) * g.in_channels + to) * g.out_channels + from]
            };
            let expected = forward::<M, SIDE>(images, batch, 2 - g.padding, g.in_channels, &kernel);
            for effort in efforts() {
                let mut grad = vec![f32::NAN; expected.len()];
                let Setup { conv, panels, grad_output, .. } = &mut setup;
                conv.input_gradient(grad_output, panels, &mut grad, batch, effort);
                assert!(bits(&grad) == bits(&expected), "{g:?}, {batch}, {effort:?}");
            }
        }
    });
}

#[test]
fn the_input_gradient_equals_the_definition_with_the_kernel_turned() {
    assert_the_input_gradient_equals_the_definition_with_the_kernel_turned::<2, 4>();
    assert_the_input_gradient_equals_the_definition_with_the_kernel_turned::<4, 6>();
}

/// The definition of the weight gradient, `[9 * in_channels, out_channels]`, and of that by the bias.
fn weight_gradient<const M: usize, const SIDE: usize>(setup: &Setup) -> (Vec<f32>, Vec<f32>)
where
    Tiling<M, SIDE>: Lines<M, SIDE>,
{
    let g = setup.geometry;
    let input = Images { data: &setup.input, size: (g.height, g.width, g.in_channels) };
    let size = (g.out_height(), g.out_width(), g.out_channels);
    let grads = Images { data: &setup.grad_output, size };
    let (rows, cols) = (g.out_height().div_ceil(M), g.out_width().div_ceil(M));
    let tiles: Vec<(usize, (usize, usize))> = (0..setup.batch)
        .flat_map(|image| (0..rows * cols).map(move |tile| (image, (tile / cols, tile % cols))))
        .collect();
    let sources: Vec<Vec<Vec<f32>>> = (0..g.in_channels)
        .map(|c| {
            tiles.iter().map(|(i, tile)| input.tile::<M, SIDE>(*i, *tile, c, g.padding)).collect()
        })
        .collect();
    let pixels = |&(image, (row, col)): &(usize, (usize, usize)), channel| -> Square<M, One> {
        std::array::from_fn(|i| {
            std::array::from_fn(|j| {
                let at = ((M * row + i) as isize, (M * col + j) as isize);
                [grads.at(image, at, channel)]
            })
        })
    };
    let mut result = vec![0.0; g.fan_in() * g.out_channels];
    let mut bias = Vec::new();
    for to in 0..g.out_channels {
        let squares: Vec<_> = tiles.iter().map(|tile| pixels(tile, to)).collect();
        let sum = |square: &Square<M, One>| places(square).iter().fold(-0.0, |sum, x| sum + x);
        let ones: Vec<(f32, f32)> = squares.iter().map(|square| (1.0, sum(square))).collect();
        let grads: Vec<_> = squares.iter().map(|y| places(&grad::<M, SIDE>(*y))).collect();
        bias.push(blocks(&ones));
        for (from, sources) in sources.iter().enumerate() {
            let sum = |place: usize| {
                let terms = sources.iter().zip(&grads).map(|(x, y)| (x[place], y[place]));
                [blocks(&terms.collect::<Vec<_>>())]
            };
            let sums = std::array::from_fn(|i| std::array::from_fn(|j| sum(SIDE * i + j)));
            for (tap, [element]) in weight_grad::<M, SIDE>(sums).as_flattened().iter().enumerate() {
                result[(tap * g.in_channels + from) * g.out_channels + to] = *element;
            }
        }
    }
    (result, bias)
}

fn assert_the_weight_gradient_equals_its_definition<const M: usize, const SIDE: usize>()
where
    Tiling<M, SIDE>: Lines<M, SIDE>,
{
    in_pool(|| {
        for mut setup in setups::<M, SIDE>() {
            let (matrix, expected_bias) = weight_gradient::<M, SIDE>(&setup);
            let mut expected = vec![0.0; setup.panels.len()];
            setup.geometry.panels().pack(&matrix, &mut expected);
            for effort in efforts() {
                let mut grad = vec![f32::NAN; expected.len()];
                let mut bias = vec![f32::NAN; expected_bias.len()];
                let Setup { geometry, batch, conv, input, grad_output, .. } = &mut setup;
                let grads = ConvGradients { weight: &mut grad, bias: Some(&mut bias) };
                conv.weight_gradient(input, grad_output, grads, *batch, effort);
                assert!(bits(&bias) == bits(&expected_bias), "{geometry:?}, {effort:?}");
                assert!(bits(&grad) == bits(&expected), "{geometry:?}, {batch}, {effort:?}");
            }
        }
    });
}

#[test]
fn the_weight_gradient_equals_its_definition() {
    assert_the_weight_gradient_equals_its_definition::<2, 4>();
    assert_the_weight_gradient_equals_its_definition::<4, 6>();
}
