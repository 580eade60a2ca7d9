//! Initial weights of a first convolution that whiten the patches of the training images (Jordan, 2024,
//! <https://arxiv.org/abs/2404.00498>, section 3.2): with λ and v the eigenvalues and eigenvectors of
//! the patches' second moments PᵀP / n, the kernels are v / sqrt(λ + 5e-4), by falling λ, and then their
//! negatives. Outputs have equal variance and are uncorrelated.

use crate::data::Splits;
use crate::error::{Error, Result};
use crate::kernel::{BlockedMut, Buffer, blocked_len};
use crate::memory;
use crate::nn::layers::Role;
use crate::nn::{Module, Network, WeightInit};

/// As many of the first training images decide the weights.
const MOST_IMAGES: usize = 5000;
/// Added to every eigenvalue, so that directions without variance get no huge weights.
const EPS: f64 = 5e-4;

/// Sets the weight of the first convolution of `network`, if it asks for it.
///
/// # Errors
/// If the images have numbers so large that their squares are not finite.
pub(super) fn whiten(network: &mut Network, modules: &[Module], splits: &Splits) -> Result<()> {
    let Some(module) = modules.first() else { return Ok(()) };
    let Role::Product { convolution: Some(conv), .. } = module.role() else { return Ok(()) };
    if conv.weight_init != Some(WeightInit::Whitening) {
        return Ok(());
    }
    let moments = finite(second_moments(splits, conv.kernel_size))?;
    let size = conv.kernel_size * conv.kernel_size * splits.dataset().shape[0];
    let mut weight = kernels(moments, size);
    network.visit_params(&mut |position, param| {
        if position == 0 {
            weight.truncate(param.len());
            param.set_value(&weight);
        }
    });
    Ok(())
}

/// The moments, which no eigenvalue could be found for otherwise.
fn finite(moments: Vec<f64>) -> Result<Vec<f64>> {
    match moments.iter().all(|x| x.is_finite()) {
        true => Ok(moments),
        false => Err(Error::Experiment(
            "error: `weight_init = \"whitening\"` of the first layer: the scaled images have numbers whose squares \
             are NaN or infinite; choose another `weight_init`, or another `dataset.scaling`"
                .to_owned(),
        )),
    }
}

/// The kernels, `[2 * size, size]`, of these second moments `[size, size]`.
fn kernels(moments: Vec<f64>, size: usize) -> Vec<f32> {
    let pairs = eigen(moments, size);
    let positive = pairs.iter().flat_map(|Eigen { value, vector }| {
        let length = above_zero(value + EPS).sqrt();
        vector.iter().map(move |x| (x / length) as f32)
    });
    let positive: Vec<f32> = positive.collect();
    let negative: Vec<f32> = positive.iter().map(|x| -x).collect();
    [positive, negative].concat()
}

/// Of an eigenvalue with [`EPS`]. Rounding may leave an eigenvalue of 0 below it where others are very large.
fn above_zero(sum: f64) -> f64 {
    if sum > EPS / 2.0 { sum } else { EPS }
}

/// PᵀP / n of the patches of the first scaled training images, `[size, size]`, in PyTorch's order of a
/// kernel: channel, row, column.
fn second_moments(splits: &Splits, kernel_size: usize) -> Vec<f64> {
    let [channels, height, width] = splits.dataset().shape;
    let (features, size) = (channels * height * width, channels * kernel_size * kernel_size);
    let (rows, columns) = (height + 1 - kernel_size, width + 1 - kernel_size);
    let images = splits.train.len().min(MOST_IMAGES);
    let mut sums = memory::filled(size * size, 0.0_f64);
    let mut patch = memory::filled(size, 0.0_f64);
    let mut image = memory::filled(features, 0.0_f32);
    let mut blocks = Buffer::zeros(blocked_len(1, features));
    for pick in 0..images {
        let mut input = BlockedMut::new(&mut blocks, 1, features);
        splits.gather(&splits.train, [pick].into_iter(), &mut input, &mut [0]);
        for (first, piece) in input.row(0) {
            image[first..first + piece.len()].copy_from_slice(piece);
        }
        for place in 0..rows * columns {
            let (y, x) = (place / columns, place % columns);
            for (i, value) in patch.iter_mut().enumerate() {
                let (channel, within) = (i / kernel_size.pow(2), i % kernel_size.pow(2));
                let (down, right) = (y + within / kernel_size, x + within % kernel_size);
                *value = f64::from(image[(channel * height + down) * width + right]);
            }
            for (i, a) in patch.iter().enumerate() {
                let row = &mut sums[i * size..i * size + i + 1]; // the lower triangle
                row.iter_mut().zip(&patch).for_each(|(sum, b)| *sum += a * b);
            }
        }
    }
    let n = (images * rows * columns) as f64;
    for i in 0..size {
        for j in 0..=i {
            sums[i * size + j] /= n;
            sums[j * size + i] = sums[i * size + j];
        }
    }
    sums
}

/// An eigenvalue with its eigenvector of length 1.
#[derive(Debug, Clone, PartialEq)]
struct Eigen {
    value: f64,
    vector: Vec<f64>,
}

/// The eigenvalues of a symmetric matrix `[size, size]`, the largest first, by Jacobi's rotations in a
/// fixed order (Golub & Van Loan, 2013, "Matrix Computations", section 8.5). The largest element of each
/// eigenvector is positive, the first of equals.
fn eigen(mut matrix: Vec<f64>, size: usize) -> Vec<Eigen> {
    let mut vectors = memory::filled(size * size, 0.0); // columns
    (0..size).for_each(|i| vectors[i * size + i] = 1.0);
    for _sweep in 0..60 {
        let off: f64 = (0..size * size)
            .filter(|at| at / size != at % size)
            .map(|at| matrix[at] * matrix[at])
            .sum();
        let whole: f64 = matrix.iter().map(|x| x * x).sum();
        if off <= 1e-30 * whole {
            break;
        }
        for p in 0..size {
            for q in p + 1..size {
                rotate(&mut matrix, &mut vectors, size, (p, q));
            }
        }
    }
    let column = |i: usize| -> Vec<f64> { (0..size).map(|row| vectors[row * size + i]).collect() };
    let mut pairs: Vec<Eigen> = (0..size)
        .map(|i| Eigen { value: matrix[i * size + i], vector: with_sign(column(i)) })
        .collect();
    pairs.sort_by(|a, b| b.value.total_cmp(&a.value)); // stable
    pairs
}

/// The vector or its negative, so that its largest element is positive.
fn with_sign(vector: Vec<f64>) -> Vec<f64> {
    let mut largest = 0.0_f64;
    for x in &vector {
        if x.abs() > largest.abs() {
            largest = *x;
        }
    }
    match largest < 0.0 {
        true => vector.iter().map(|x| -x).collect(),
        false => vector,
    }
}

/// Makes element (p, q) zero by a rotation, which `vectors` follows.
fn rotate(matrix: &mut [f64], vectors: &mut [f64], size: usize, (p, q): (usize, usize)) {
    let off = matrix[p * size + q];
    if off == 0.0 {
        return;
    }
    let theta = (matrix[q * size + q] - matrix[p * size + p]) / (2.0 * off);
    let sign = if theta < 0.0 { -1.0 } else { 1.0 };
    let tangent = sign / (theta.abs() + (theta * theta + 1.0).sqrt());
    let cosine = 1.0 / (tangent * tangent + 1.0).sqrt();
    let sine = tangent * cosine;
    let turn = |a: &mut f64, b: &mut f64| {
        let (x, y) = (*a, *b);
        *a = cosine * x - sine * y;
        *b = sine * x + cosine * y;
    };
    for k in 0..size {
        let (mut a, mut b) = (matrix[k * size + p], matrix[k * size + q]);
        turn(&mut a, &mut b);
        (matrix[k * size + p], matrix[k * size + q]) = (a, b);
    }
    for k in 0..size {
        let (mut a, mut b) = (matrix[p * size + k], matrix[q * size + k]);
        turn(&mut a, &mut b);
        (matrix[p * size + k], matrix[q * size + k]) = (a, b);
    }
    for k in 0..size {
        let (mut a, mut b) = (vectors[k * size + p], vectors[k * size + q]);
        turn(&mut a, &mut b);
        (vectors[k * size + p], vectors[k * size + q]) = (a, b);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::data::{Dataset, DatasetConfig, Examples, Scaling};
    use crate::nn::testing::floats;

    #[test]
    fn eigenvectors_of_a_known_matrix() {
        let pairs = eigen(vec![2.0, 1.0, 0.0, 1.0, 2.0, 0.0, 0.0, 0.0, 5.0], 3);
        let values: Vec<f64> = pairs.iter().map(|pair| pair.value).collect();
        assert!(values.iter().zip([5.0, 3.0, 1.0]).all(|(a, b)| (a - b).abs() < 1e-14));
        let half = 0.5_f64.sqrt();
        for (pair, expected) in
            pairs.iter().zip([[0.0, 0.0, 1.0], [half, half, 0.0], [half, -half, 0.0]])
        {
            let near = pair.vector.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-14);
            assert!(near, "{pair:?}");
        }
    }

    #[test]
    fn kernels_equal_those_of_the_authors_code() {
        let text = include_str!("../../tests/parity/whitening.json");
        let fixture: serde_json::Value = serde_json::from_str(text).unwrap();
        let theirs = floats(&fixture["weight"]);
        // As in `make_whitening.py`.
        let examples = || Examples {
            pixels: (0..12 * 108).map(|i: u64| ((i * i * 7 + i * 13) % 251) as u8).collect(),
            labels: (0..12).map(|i| (i % 2) as u16).collect(),
        };
        let names = vec!["a".to_owned(), "b".to_owned()];
        let dataset = Dataset::new([3, 6, 6], names, examples(), examples());
        let config = DatasetConfig {
            source: crate::data::Cifar10Config {}.into(),
            scaling: Scaling::Unit,
            ..DatasetConfig::default()
        };
        let splits = Splits::new(Arc::new(dataset), &config).unwrap();
        let ours = kernels(second_moments(&splits, 2), 12);
        assert_eq!(ours.len(), theirs.len());
        for (i, (a, b)) in ours.iter().zip(&theirs).enumerate() {
            assert!((a - b).abs() < 1e-4 * b.abs().max(1.0), "{i}: {a}, theirs {b}");
        }
    }

    #[test]
    fn rounding_below_zero_gives_no_nan_and_infinite_numbers_are_an_error() {
        // A direction without variance beside one of 1e14: its eigenvalue rounds to about -0.01.
        let (a, b) = (1e7 + 0.3, 1e7 / 3.0 + 0.1);
        let moments = vec![a * a, a * b, a * b, b * b * (1.0 - 1e-14)];
        let kernels = kernels(finite(moments).unwrap(), 2);
        assert!(eigen(vec![a * a, a * b, a * b, b * b * (1.0 - 1e-14)], 2)[1].value < -EPS);
        assert!(kernels.iter().all(|x| x.is_finite()), "{kernels:?}");
        for moment in [f64::NAN, f64::INFINITY] {
            let error = finite(vec![1.0, moment]).unwrap_err().to_string();
            assert!(error.contains("weight_init"), "{error}");
        }
    }

    /// Whitened patches: the kernels turn the second moments into the identity, up to EPS.
    #[test]
    fn outputs_have_variance_1_and_are_uncorrelated() {
        let size = 6;
        let factor: Vec<f64> =
            (0..size * size).map(|i| ((i * i * 7 + i) % 11) as f64 - 5.0).collect();
        let mut moments = vec![0.0; size * size];
        for (i, j) in (0..size).flat_map(|i| (0..size).map(move |j| (i, j))) {
            moments[i * size + j] =
                (0..size).map(|k| factor[i * size + k] * factor[j * size + k]).sum();
        }
        let kernels = kernels(moments.clone(), size);
        assert_eq!(kernels.len(), 2 * size * size);
        let of = |i: usize, j: usize| -> f64 {
            let mut sum = 0.0;
            for (k, l) in (0..size).flat_map(|k| (0..size).map(move |l| (k, l))) {
                let (a, b) = (kernels[i * size + k], kernels[j * size + l]);
                sum += f64::from(a) * moments[k * size + l] * f64::from(b);
            }
            sum
        };
        for (i, j) in (0..size).flat_map(|i| (0..size).map(move |j| (i, j))) {
            let expected = if i == j { 1.0 } else { 0.0 };
            assert!((of(i, j) - expected).abs() < 0.01, "{i}, {j}: {}", of(i, j));
            assert!((of(i, size + j) + expected).abs() < 0.01);
        }
    }
}
