//! The transforms are those of the paper, and what they make of a product is a correlation.

use crate::kernel::conv::winograd::tiling::Tiling;
use crate::kernel::conv::winograd::transforms::{self, Lines, Square, of_row};

/// The transforms of one channel.
pub(super) type One = [f32; 1];

/// Source tiles row by row, as the weight gradient transforms them.
pub(super) fn source<const M: usize, const SIDE: usize>(d: &Square<SIDE, One>) -> Square<SIDE, One>
where
    Tiling<M, SIDE>: Lines<M, SIDE>,
{
    // SAFETY: an array needs no CPU feature.
    std::array::from_fn(|i| unsafe {
        of_row!(i, |ROW| transforms::source_row::<Tiling<M, SIDE>, One, M, SIDE, ROW>(*d))
    })
}

pub(super) fn grad<const M: usize, const SIDE: usize>(y: Square<M, One>) -> Square<SIDE, One>
where
    Tiling<M, SIDE>: Lines<M, SIDE>,
{
    // SAFETY: as above.
    std::array::from_fn(|i| unsafe {
        of_row!(i, |ROW| transforms::grad_row::<Tiling<M, SIDE>, One, M, SIDE, ROW>(y))
    })
}

pub(super) fn target<const M: usize, const SIDE: usize>(m: Square<SIDE, One>) -> Square<M, One>
where
    Tiling<M, SIDE>: Lines<M, SIDE>,
{
    // SAFETY: as above.
    unsafe { transforms::target::<Tiling<M, SIDE>, One, M, SIDE>(m) }
}

pub(super) fn weight<const M: usize, const SIDE: usize>(g: Square<3, One>) -> Square<SIDE, One>
where
    Tiling<M, SIDE>: Lines<M, SIDE>,
{
    // SAFETY: as above.
    unsafe { transforms::weight::<Tiling<M, SIDE>, One, M, SIDE>(g) }
}

pub(super) fn weight_grad<const M: usize, const SIDE: usize>(u: Square<SIDE, One>) -> Square<3, One>
where
    Tiling<M, SIDE>: Lines<M, SIDE>,
{
    // SAFETY: as above.
    unsafe { transforms::weight_grad::<Tiling<M, SIDE>, One, M, SIDE>(u) }
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

fn one<const N: usize>(x: [[f32; N]; N]) -> [[[f32; 1]; N]; N] {
    x.map(|row| row.map(|x| [x]))
}

/// Numbers whose sums are all different.
fn numbers<const N: usize>() -> [[f32; N]; N] {
    std::array::from_fn(|i| std::array::from_fn(|j| ((i * N + j) * (i * N + j) * 4 + 4) as f32))
}

/// `Bᵀ`, `G` and `Aᵀ` of Lavin & Gray, equation 7.
#[test]
fn transforms_of_small_tiles_are_those_of_the_paper() {
    let b_t =
        [[1.0, 0.0, -1.0, 0.0], [0.0, 1.0, 1.0, 0.0], [0.0, -1.0, 1.0, 0.0], [0.0, 1.0, 0.0, -1.0]];
    let g = [[1.0, 0.0, 0.0], [0.5, 0.5, 0.5], [0.5, -0.5, 0.5], [0.0, 0.0, 1.0]];
    let a_t = [[1.0, 1.0, 1.0, 0.0], [0.0, 1.0, -1.0, -1.0]];
    let d = numbers::<4>();
    assert_eq!(source::<2, 4>(&one(d)), one(both_sides(b_t, d)));
    assert_eq!(weight::<2, 4>(one(numbers())), one(both_sides(g, numbers())));
    assert_eq!(target::<2, 4>(one(d)), one(both_sides(a_t, d)));
    assert_eq!(grad::<2, 4>(one(numbers())), one(both_sides(transpose(a_t), numbers())));
    assert_eq!(weight_grad::<2, 4>(one(d)), one(both_sides(transpose(g), d)));
}

/// The matrix of an `f` that is linear; column `j` is what it makes of the square whose only number
/// is at place `j`.
fn columns<const N: usize, const M: usize>(
    f: impl Fn(Square<N, One>) -> Square<M, One>,
) -> Vec<Vec<f64>> {
    let column = |place: usize| {
        let unit = std::array::from_fn(|i| {
            std::array::from_fn(|j| [if i * N + j == place { 1.0 } else { 0.0 }])
        });
        f(unit).as_flattened().iter().map(|[x]| f64::from(*x)).collect()
    };
    (0..N * N).map(column).collect()
}

/// What defines the transforms: for every kernel tap and source pixel, the transformed product is
/// the correlation. The gradients' maps are their transposes.
fn assert_transforms_correlate<const M: usize, const SIDE: usize>()
where
    Tiling<M, SIDE>: Lines<M, SIDE>,
{
    let (sources, weights) = (columns(|d| source::<M, SIDE>(&d)), columns(weight::<M, SIDE>));
    let (targets, grads) = (columns(target::<M, SIDE>), columns(grad::<M, SIDE>));
    for (tap, kernel) in weights.iter().enumerate() {
        for (pixel, tile) in sources.iter().enumerate() {
            for (target, results) in grads.iter().enumerate() {
                let sum: f64 = (0..SIDE * SIDE).map(|p| results[p] * tile[p] * kernel[p]).sum();
                let meets = (target / M + tap / 3, target % M + tap % 3);
                let expected = if meets == (pixel / SIDE, pixel % SIDE) { 1.0 } else { 0.0 };
                let message = format!("tap {tap}, pixel {pixel}, target {target}: {sum}");
                assert!((sum - expected).abs() < 1e-5, "{message}");
            }
        }
    }
    let weight_grads = columns(weight_grad::<M, SIDE>);
    for place in 0..SIDE * SIDE {
        (0..M * M).for_each(|y| assert_eq!(grads[y][place], targets[place][y], "{place}, {y}"));
        for tap in 0..9 {
            let difference = weight_grads[place][tap] - weights[tap][place];
            assert!(difference.abs() < 1e-6, "{place}, {tap}: {difference}");
        }
    }
}

#[test]
fn the_transforms_of_a_product_are_a_correlation() {
    assert_transforms_correlate::<2, 4>();
    assert_transforms_correlate::<4, 6>();
}
