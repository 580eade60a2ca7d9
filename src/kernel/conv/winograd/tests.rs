//! The transforms are those of the paper. Each pass equals its definition to the bit, on every path
//! and for any number of threads.

use super::transforms;
use super::transforms::{Square, needs};
use super::*;
use crate::kernel::conv::tests::{Setup, bits, efforts, in_pool};
use crate::rng::{Purpose, stream};

/// The transforms of one channel.
type One = [f32; 1];

fn source(d: &Square<4, One>) -> Square<4, One> {
    // SAFETY: an array needs no CPU feature.
    std::array::from_fn(|i| unsafe { transforms::source(needs(i).map(|row| d[row]), i) })
}

fn grad(y: Square<2, One>) -> Square<4, One> {
    // SAFETY: as above.
    std::array::from_fn(|i| unsafe { transforms::grad(y, i) })
}

fn target(m: Square<4, One>) -> Square<2, One> {
    // SAFETY: as above.
    unsafe { transforms::target(m) }
}

fn weight(g: Square<3, One>) -> Square<4, One> {
    // SAFETY: as above.
    unsafe { transforms::weight(g) }
}

fn weight_grad(u: Square<4, One>) -> Square<3, One> {
    // SAFETY: as above.
    unsafe { transforms::weight_grad(u) }
}

/// `left * x * leftᵀ` of small whole numbers, which is exact.
fn both_sides<const N: usize, const M: usize>(
    left: [[f32; N]; M],
    x: [[f32; N]; N],
) -> [[f32; M]; M] {
    let sum = |i: usize, j: usize| {
        (0..N).flat_map(|k| (0..N).map(move |l| left[i][k] * x[k][l] * left[j][l])).sum()
    };
    std::array::from_fn(|i| std::array::from_fn(|j| sum(i, j)))
}

fn transpose<const N: usize, const M: usize>(matrix: [[f32; N]; M]) -> [[f32; M]; N] {
    std::array::from_fn(|i| std::array::from_fn(|j| matrix[j][i]))
}

/// `Bᵀ`, `G` and `Aᵀ` of Lavin & Gray, equation 7.
const B_T: [[f32; 4]; 4] =
    [[1.0, 0.0, -1.0, 0.0], [0.0, 1.0, 1.0, 0.0], [0.0, -1.0, 1.0, 0.0], [0.0, 1.0, 0.0, -1.0]];
const G: [[f32; 3]; 4] = [[1.0, 0.0, 0.0], [0.5, 0.5, 0.5], [0.5, -0.5, 0.5], [0.0, 0.0, 1.0]];
const A_T: [[f32; 4]; 2] = [[1.0, 1.0, 1.0, 0.0], [0.0, 1.0, -1.0, -1.0]];

fn one<const N: usize>(x: [[f32; N]; N]) -> [[[f32; 1]; N]; N] {
    x.map(|row| row.map(|x| [x]))
}

/// Numbers whose sums are all different.
fn numbers<const N: usize>() -> [[f32; N]; N] {
    std::array::from_fn(|i| std::array::from_fn(|j| ((i * N + j) * (i * N + j) * 4 + 4) as f32))
}

#[test]
fn transforms_are_those_of_the_paper() {
    let d = numbers::<4>();
    assert_eq!(source(&one(d)), one(both_sides(B_T, d)));
    assert_eq!(weight(one(numbers())), one(both_sides(G, numbers())));
    assert_eq!(target(one(d)), one(both_sides(A_T, d)));
    assert_eq!(grad(one(numbers())), one(both_sides(transpose(A_T), numbers())));
    assert_eq!(weight_grad(one(d)), one(both_sides(transpose(G), d)));
}

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

fn setups() -> impl Iterator<Item = Setup> {
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
        assert!(geometry.is_winograd(), "{geometry:?}");
        Setup::new(geometry, batch, &mut stream)
    })
}

/// The rounding promise of docs/networks.md.
#[test]
fn errors_are_below_three_times_those_of_plain_sums() {
    for mut setup in setups().filter(|setup| setup.batch > 0) {
        let errors = setup.relative_errors();
        let geometry = setup.geometry;
        let direct = setup.direct().relative_errors();
        let ratios = [0, 1, 2].map(|pass| errors[pass] / direct[pass]);
        assert!(ratios.iter().all(|ratio| *ratio < 3.0), "{ratios:?} {geometry:?}");
    }
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
    fn tile(
        &self,
        image: usize,
        (row, col): (usize, usize),
        channel: usize,
        padding: usize,
    ) -> [f32; PLACES] {
        let d: Square<4, One> = std::array::from_fn(|i| {
            std::array::from_fn(|j| {
                let at = (2 * row + i, 2 * col + j);
                let at = (at.0 as isize - padding as isize, at.1 as isize - padding as isize);
                [self.at(image, at, channel)]
            })
        });
        let rows = source(&d);
        std::array::from_fn(|place| rows[place / 4][place % 4][0])
    }
}

/// Blocks of 256 products, each summed from zero, added in order.
fn blocks(terms: &[(f32, f32)]) -> f32 {
    let sums = terms.chunks(256).map(|terms| terms.iter().fold(0.0, |s, (a, b)| a.mul_add(*b, s)));
    sums.reduce(|total, sum| total + sum).unwrap_or(0.0)
}

/// The definition of the forward pass; `kernel(tap, from, to)` is an element of the weight.
fn forward(
    images: Images<'_>,
    batch: usize,
    padding: usize,
    channels: usize,
    kernel: &dyn Fn(usize, usize, usize) -> f32,
) -> Vec<f32> {
    let (height, width) = (images.size.0 + 2 * padding - 2, images.size.1 + 2 * padding - 2);
    let mut result = vec![0.0; batch * height * width * channels];
    let places: Vec<[f32; PLACES]> = (0..images.size.2 * channels)
        .map(|i| {
            let element = |tap| kernel(tap, i / channels, i % channels);
            let taps = [0, 1, 2].map(|y| [0, 1, 2].map(|x| [element(3 * y + x)]));
            let places = weight(taps);
            std::array::from_fn(|place| places[place / 4][place % 4][0])
        })
        .collect();
    for image in 0..batch {
        for (row, col) in
            (0..height.div_ceil(2)).flat_map(|y| (0..width.div_ceil(2)).map(move |x| (y, x)))
        {
            let tiles: Vec<[f32; PLACES]> = (0..images.size.2)
                .map(|channel| images.tile(image, (row, col), channel, padding))
                .collect();
            for to in 0..channels {
                let sum = |place: usize| {
                    let terms: Vec<_> = (0..tiles.len())
                        .map(|from| (tiles[from][place], places[from * channels + to][place]))
                        .collect();
                    [blocks(&terms)]
                };
                let sums = [0, 1, 2, 3].map(|i| [0, 1, 2, 3].map(|j| sum(4 * i + j)));
                for (i, pixels) in target(sums).iter().enumerate() {
                    for (j, [pixel]) in pixels.iter().enumerate() {
                        let (y, x) = (2 * row + i, 2 * col + j);
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

#[test]
fn forward_equals_its_definition() {
    in_pool(|| {
        for mut setup in setups() {
            let (g, batch) = (setup.geometry, setup.batch);
            let images = Images { data: &setup.input, size: (g.height, g.width, g.in_channels) };
            let kernel = |tap: usize, from: usize, to: usize| {
                setup.weight[(tap * g.in_channels + from) * g.out_channels + to]
            };
            let expected = forward(images, batch, g.padding, g.out_channels, &kernel);
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
fn the_input_gradient_equals_the_definition_with_the_kernel_turned() {
    in_pool(|| {
        for mut setup in setups() {
            let (g, batch) = (setup.geometry, setup.batch);
            let size = (g.out_height(), g.out_width(), g.out_channels);
            let images = Images { data: &setup.grad_output, size };
            let kernel = |tap: usize, from: usize, to: usize| {
                setup.weight[((8 - tap) * g.in_channels + to) * g.out_channels + from]
            };
            let expected = forward(images, batch, 2 - g.padding, g.in_channels, &kernel);
            for effort in efforts() {
                let mut grad = vec![f32::NAN; expected.len()];
                let Setup { conv, panels, grad_output, .. } = &mut setup;
                conv.input_gradient(grad_output, panels, &mut grad, batch, effort);
                assert!(bits(&grad) == bits(&expected), "{g:?}, {batch}, {effort:?}");
            }
        }
    });
}

/// The definition of the weight gradient, `[9 * in_channels, out_channels]`, and of that by the bias.
fn weight_gradient(setup: &Setup) -> (Vec<f32>, Vec<f32>) {
    let g = setup.geometry;
    let input = Images { data: &setup.input, size: (g.height, g.width, g.in_channels) };
    let size = (g.out_height(), g.out_width(), g.out_channels);
    let grads = Images { data: &setup.grad_output, size };
    let (rows, cols) = (g.out_height().div_ceil(2), g.out_width().div_ceil(2));
    let tiles: Vec<(usize, (usize, usize))> = (0..setup.batch)
        .flat_map(|image| (0..rows * cols).map(move |tile| (image, (tile / cols, tile % cols))))
        .collect();
    let sources: Vec<Vec<[f32; PLACES]>> = (0..g.in_channels)
        .map(|c| tiles.iter().map(|(i, tile)| input.tile(*i, *tile, c, g.padding)).collect())
        .collect();
    let transformed = |&(image, (row, col)): &(usize, (usize, usize)), channel| {
        let y = [0, 1].map(|i| {
            [0, 1].map(|j| {
                let at = ((2 * row + i) as isize, (2 * col + j) as isize);
                [grads.at(image, at, channel)]
            })
        });
        let places = grad(y);
        std::array::from_fn::<f32, PLACES, _>(|place| places[place / 4][place % 4][0])
    };
    let mut result = vec![0.0; g.fan_in() * g.out_channels];
    let mut bias = Vec::new();
    for to in 0..g.out_channels {
        let grads: Vec<_> = tiles.iter().map(|tile| transformed(tile, to)).collect();
        let ones: Vec<(f32, f32)> = grads.iter().map(|places| (1.0, places[5])).collect();
        bias.push(blocks(&ones));
        for (from, sources) in sources.iter().enumerate() {
            let sum = |place: usize| {
                let terms = sources.iter().zip(&grads).map(|(x, y)| (x[place], y[place]));
                [blocks(&terms.collect::<Vec<_>>())]
            };
            let sums = [0, 1, 2, 3].map(|i| [0, 1, 2, 3].map(|j| sum(4 * i + j)));
            for (tap, [element]) in weight_grad(sums).as_flattened().iter().enumerate() {
                result[(tap * g.in_channels + from) * g.out_channels + to] = *element;
            }
        }
    }
    (result, bias)
}

#[test]
fn the_weight_gradient_equals_its_definition() {
    in_pool(|| {
        for mut setup in setups() {
            let (matrix, expected_bias) = weight_gradient(&setup);
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
