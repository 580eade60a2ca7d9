//! Every direct convolution equals the product of the explicit matrices to the bit, on every path
//! and for any number of threads. Every convolution is close to a plain loop in 64 bits.

use super::*;
use crate::kernel::{KernelPath, Rows, product, product_at};
use crate::rng::{Purpose, Stream, stream};

fn random(len: usize, stream: &mut Stream) -> Vec<f32> {
    (0..len).map(|_| stream.normal() as f32).collect()
}

pub(super) fn bits(values: &[f32]) -> Vec<u32> {
    values.iter().map(|x| x.to_bits()).collect()
}

/// (height, width), (in, out channels), kernel, stride, padding, batch.
type Case = ((usize, usize), (usize, usize), [usize; 2], usize, usize, usize);

fn cases() -> Vec<(ConvGeometry, usize)> {
    let cases: Vec<Case> = vec![
        ((1, 1), (1, 1), [1, 1], 1, 0, 1),
        ((1, 1), (3, 17), [3, 3], 1, 1, 5),
        ((1, 1), (300, 7), [1, 1], 1, 0, 3),
        ((5, 4), (3, 30), [3, 3], 1, 0, 2),
        ((8, 8), (3, 64), [3, 3], 1, 1, 3),
        ((9, 7), (3, 30), [5, 5], 1, 0, 3),
        ((9, 7), (4, 10), [5, 3], 2, 2, 2),
        ((4, 4), (64, 48), [3, 3], 1, 1, 4),
        ((6, 5), (17, 33), [3, 3], 1, 1, 2),
        ((6, 6), (16, 32), [3, 3], 2, 1, 3),
        ((7, 8), (16, 16), [1, 1], 2, 0, 3),
        ((7, 8), (17, 20), [2, 3], 3, 1, 3),
        ((7, 7), (1, 5), [7, 7], 1, 6, 2),
        ((3, 11), (20, 12), [3, 4], 1, 3, 1),
        ((4, 3), (300, 9), [2, 2], 1, 1, 2),
        ((6, 6), (5, 300), [2, 2], 2, 1, 2),
        ((8, 3), (2, 3), [3, 1], 3, 0, 9),
        ((5, 5), (2, 6), [2, 2], 1, 3, 2),
        ((20, 21), (18, 40), [3, 3], 1, 1, 1),
    ];
    let geometry = |(
        (height, width),
        (in_channels, out_channels),
        kernel_size,
        stride,
        padding,
        batch,
    ): Case| {
        let geometry =
            ConvGeometry { height, width, in_channels, out_channels, kernel_size, stride, padding };
        (geometry, batch)
    };
    cases.into_iter().map(geometry).collect()
}

/// The input pixel of tap (ky, kx) of output pixel (oy, ox), if it is in the image.
fn source(g: &ConvGeometry, (oy, ox): (usize, usize), (ky, kx): (usize, usize)) -> Option<usize> {
    let y = (oy * g.stride + ky).checked_sub(g.padding).filter(|y| *y < g.height)?;
    let x = (ox * g.stride + kx).checked_sub(g.padding).filter(|x| *x < g.width)?;
    Some(y * g.width + x)
}

/// The matrix `[batch * out_pixels, kh * kw * in_channels]`.
fn im2col(g: &ConvGeometry, input: &[f32], batch: usize) -> Vec<f32> {
    let mut rows = Vec::new();
    for image in input.chunks_exact(g.in_features()).take(batch) {
        for pixel in 0..g.out_pixels() {
            let at = (pixel / g.out_width(), pixel % g.out_width());
            for tap in 0..g.kernel_size[0] * g.kernel_size[1] {
                let tap = (tap / g.kernel_size[1], tap % g.kernel_size[1]);
                match source(g, at, tap) {
                    Some(pixel) => {
                        rows.extend_from_slice(&image[pixel * g.in_channels..][..g.in_channels]);
                    }
                    None => rows.extend(std::iter::repeat_n(0.0, g.in_channels)),
                }
            }
        }
    }
    rows
}

/// Every path of this CPU with 1, 2, 3 and 8 threads.
pub(super) fn efforts() -> Vec<Effort> {
    let of = |path| [1, 2, 3, 8].map(|threads| Effort { threads, path });
    KernelPath::available().flat_map(of).collect()
}

pub(super) fn in_pool(work: impl FnOnce() + Send) {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(3).build().expect("threads start");
    pool.install(work);
}

/// A convolution with its weight in panels and as a matrix, and its inputs.
pub(super) struct Setup {
    pub(super) geometry: ConvGeometry,
    pub(super) batch: usize,
    pub(super) conv: Box<dyn Conv>,
    pub(super) input: Vec<f32>,
    pub(super) weight: Vec<f32>, // [fan_in, out_channels]
    pub(super) panels: Vec<f32>,
    pub(super) grad_output: Vec<f32>,
}

impl Setup {
    pub(super) fn new(geometry: ConvGeometry, batch: usize, stream: &mut Stream) -> Setup {
        let conv = convolution(geometry);
        let weight = random(geometry.fan_in() * geometry.out_channels, stream);
        let mut panels = vec![f32::NAN; conv.panels().len()];
        conv.panels().pack(&weight, &mut panels);
        let input = random(batch * geometry.in_features(), stream);
        let grad_output = random(batch * geometry.out_features(), stream);
        Setup { geometry, batch, conv, input, weight, panels, grad_output }
    }

    /// The same setup without transformed tiles.
    pub(super) fn direct(self) -> Setup {
        let method = Direct::new(self.geometry);
        self.by(method)
    }

    /// The same setup, computed by `method`.
    pub(super) fn by(self, method: impl Conv + 'static) -> Setup {
        Setup { conv: Box::new(method), ..self }
    }

    /// The root mean square errors of forward pass, weight gradient and input gradient against
    /// plain sums in 64 bits, relative to the root mean square of the results.
    pub(super) fn relative_errors(&mut self) -> [f64; 3] {
        let (g, batch) = (self.geometry, self.batch);
        let [kh, kw] = g.kernel_size;
        let mut output = vec![0.0_f64; batch * g.out_features()];
        let mut grad_weight = vec![0.0_f64; self.weight.len()];
        let mut grad_input = vec![0.0_f64; self.input.len()];
        for (image, pixel) in (0..batch).flat_map(|b| (0..g.out_pixels()).map(move |p| (b, p))) {
            for tap in 0..kh * kw {
                let at = (pixel / g.out_width(), pixel % g.out_width());
                let Some(from) = source(&g, at, (tap / kw, tap % kw)) else { continue };
                for (i, o) in
                    (0..g.in_channels).flat_map(|i| (0..g.out_channels).map(move |o| (i, o)))
                {
                    let from = image * g.in_features() + from * g.in_channels + i;
                    let to = (image * g.out_pixels() + pixel) * g.out_channels + o;
                    let w = (tap * g.in_channels + i) * g.out_channels + o;
                    let [x, y, grad] =
                        [self.input[from], self.weight[w], self.grad_output[to]].map(f64::from);
                    output[to] += x * y;
                    grad_weight[w] += x * grad;
                    grad_input[from] += y * grad;
                }
            }
        }
        let Setup { conv, input, panels, grad_output, .. } = self;
        let mut ours = vec![0.0; output.len()];
        conv.forward(input, panels, Epilogue::default(), &mut ours, batch, Effort::single());
        let forward = relative_error(&ours, &output);
        let mut in_panels = vec![0.0; conv.panels().len()];
        let grads = ConvGradients { weight: &mut in_panels, bias: None };
        conv.weight_gradient(input, grad_output, grads, batch, Effort::single());
        let mut transpose = vec![0.0; grad_weight.len()];
        conv.panels().unpack_transposed(&in_panels, &mut transpose);
        let (rows, cols) = (g.fan_in(), g.out_channels);
        let ours: Vec<f32> =
            (0..transpose.len()).map(|i| transpose[i % cols * rows + i / cols]).collect();
        let weight = relative_error(&ours, &grad_weight);
        let mut ours = vec![0.0; grad_input.len()];
        conv.input_gradient(grad_output, panels, &mut ours, batch, Effort::single());
        [forward, weight, relative_error(&ours, &grad_input)]
    }
}

fn relative_error(ours: &[f32], exact: &[f64]) -> f64 {
    let errors: f64 = ours.iter().zip(exact).map(|(x, e)| (f64::from(*x) - e).powi(2)).sum();
    (errors / exact.iter().map(|e| e * e).sum::<f64>()).sqrt()
}

fn setups() -> impl Iterator<Item = Setup> {
    let mut stream = stream(1, Purpose::WeightInit, 6, 0);
    let setup = move |(geometry, batch)| Setup::new(geometry, batch, &mut stream).direct();
    cases().into_iter().map(setup)
}

#[test]
fn forward_equals_the_product_with_the_matrix_of_all_taps() {
    in_pool(|| {
        for mut setup in setups() {
            let Setup { geometry, batch, .. } = setup;
            let rows = im2col(&geometry, &setup.input, batch);
            let rows = Rows::new(&rows, batch * geometry.out_pixels(), geometry.fan_in());
            let mut expected = vec![0.0; batch * geometry.out_features()];
            let weight = setup.conv.panels().of(&setup.panels);
            product(rows, weight, &mut expected, Effort::single());
            let bias: Vec<f32> = (0..geometry.out_channels).map(|i| i as f32 / 8.0 - 1.0).collect();
            let with_bias = expected.chunks_exact(bias.len()).flat_map(|pixel| {
                pixel.iter().zip(&bias).map(|(x, b)| x + b).map(|x| if x <= 0.0 { 0.0 } else { x })
            });
            let with_bias: Vec<f32> = with_bias.collect();
            for effort in efforts() {
                let mut output = vec![f32::NAN; expected.len()];
                let plain = (Epilogue::default(), &expected);
                let fused = (Epilogue { bias: Some(&bias), relu: true }, &with_bias);
                for (epilogue, expected) in [plain, fused] {
                    let Setup { conv, input, panels, .. } = &mut setup;
                    conv.forward(input, panels, epilogue, &mut output, batch, effort);
                    assert!(bits(&output) == bits(expected), "{geometry:?}, {batch}, {effort:?}");
                }
            }
        }
    });
}

#[test]
fn the_weight_gradient_equals_the_product_with_the_matrix_of_all_taps() {
    in_pool(|| {
        for mut setup in setups() {
            let Setup { geometry, batch, .. } = setup;
            let rows = im2col(&geometry, &setup.input, batch);
            let pixels = batch * geometry.out_pixels();
            let rows = Rows::new(&rows, pixels, geometry.fan_in());
            let layout = Panels::new(pixels, geometry.out_channels);
            let mut packed = vec![0.0; layout.len()];
            layout.pack(&setup.grad_output, &mut packed);
            let mut expected = vec![f32::NAN; setup.conv.panels().len()];
            product_at(rows, layout.of(&packed), &mut expected, Effort::single());
            let ones = vec![1.0; pixels];
            let of_bias = Panels::new(1, geometry.out_channels);
            let mut bias = vec![0.0; of_bias.len()];
            let right = layout.of(&packed);
            product_at(Rows::new(&ones, pixels, 1), right, &mut bias, Effort::single());
            let of_bias: Vec<f32> =
                (0..geometry.out_channels).map(|col| bias[of_bias.at(0, col)]).collect();
            for effort in efforts() {
                let mut grad = vec![f32::NAN; expected.len()];
                let Setup { conv, input, grad_output, .. } = &mut setup;
                let mut bias = vec![f32::NAN; geometry.out_channels];
                let grads = ConvGradients { weight: &mut grad, bias: Some(&mut bias) };
                conv.weight_gradient(input, grad_output, grads, batch, effort);
                assert!(bits(&bias) == bits(&of_bias), "{geometry:?}, {batch}, {effort:?}");
                assert!(bits(&grad) == bits(&expected), "{geometry:?}, {batch}, {effort:?}");
            }
        }
    });
}

/// The definition of the input gradient's order, element by element.
fn input_gradient(g: &ConvGeometry, weight: &[f32], grad_output: &[f32], batch: usize) -> Vec<f32> {
    let [kh, kw] = g.kernel_size;
    let mut result = Vec::new();
    for (image, i) in (0..batch).flat_map(|b| (0..g.in_features()).map(move |i| (b, i))) {
        let (pixel, channel) = (i / g.in_channels, i % g.in_channels);
        let (y, x) = (pixel / g.width + g.padding, pixel % g.width + g.padding);
        let mut terms = Vec::new();
        for (ky, kx) in (0..kh).flat_map(|ky| (0..kw).map(move |kx| (ky, kx))) {
            if y % g.stride != ky % g.stride || x % g.stride != kx % g.stride {
                continue;
            }
            for output in 0..g.out_channels {
                let row = (ky * kw + kx) * g.in_channels + channel;
                let at = y.checked_sub(ky).zip(x.checked_sub(kx));
                let at = at.map(|(y, x)| (y / g.stride, x / g.stride));
                let at = at.filter(|(y, x)| *y < g.out_height() && *x < g.out_width());
                let grad = at.map_or(0.0, |(y, x)| {
                    let pixel = image * g.out_pixels() + y * g.out_width() + x;
                    grad_output[pixel * g.out_channels + output]
                });
                terms.push((grad, weight[row * g.out_channels + output]));
            }
        }
        let mut total = 0.0;
        for (block, terms) in terms.chunks(256).enumerate() {
            let sum = terms.iter().fold(0.0f32, |sum, (grad, w)| grad.mul_add(*w, sum));
            total = if block == 0 { sum } else { total + sum };
        }
        result.push(total);
    }
    result
}

#[test]
fn the_input_gradient_equals_its_definition() {
    in_pool(|| {
        for mut setup in setups() {
            let Setup { geometry, batch, .. } = setup;
            let expected = input_gradient(&geometry, &setup.weight, &setup.grad_output, batch);
            for effort in efforts() {
                let mut grad = vec![f32::NAN; expected.len()];
                let Setup { conv, panels, grad_output, .. } = &mut setup;
                conv.input_gradient(grad_output, panels, &mut grad, batch, effort);
                assert!(bits(&grad) == bits(&expected), "{geometry:?}, {batch}, {effort:?}");
            }
        }
    });
}

#[test]
fn all_three_agree_with_plain_sums_of_64_bits() {
    for mut setup in setups() {
        let errors = setup.relative_errors();
        assert!(errors.iter().all(|error| *error < 5e-7), "{errors:?} {:?}", setup.geometry);
    }
}
