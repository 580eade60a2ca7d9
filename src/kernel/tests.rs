//! Every product on every path equals its definition to the bit, whatever the shape and the number
//! of threads.

use super::*;
use crate::rng::{Purpose, Stream, stream};

fn random(len: usize, stream: &mut Stream) -> Vec<f32> {
    (0..len).map(|_| stream.normal() as f32).collect()
}

/// Shapes at edges of a tile, a panel or a block, and 60 of sizes 1 to 300, or as many as
/// `KERNEL_SHAPES` says, because valgrind is slow.
fn shapes() -> Vec<(usize, usize, usize)> {
    let mut stream = stream(11, Purpose::WeightInit, 0, 0);
    let mut size = || 1 + stream.below(300) as usize;
    let mut shapes =
        vec![(1, 1, 1), (6, 16, 16), (7, 257, 17), (100, 513, 10), (13, 256, 8), (257, 209, 12)];
    let random = std::env::var("KERNEL_SHAPES").map_or(60, |n| n.parse().expect("a number"));
    shapes.extend((0..random).map(|_| (size(), size(), size())));
    shapes
}

/// The definition, element by element: `at_a(i, k) * at_b(k, j)` is summed by fused multiply-add
/// from zero in blocks of K, and these are added in order.
fn by_definition(
    (rows, k, cols): (usize, usize, usize),
    at_a: impl Fn(usize, usize) -> f32,
    at_b: impl Fn(usize, usize) -> f32,
) -> Vec<f32> {
    let mut c = Vec::new();
    for i in 0..rows {
        for j in 0..cols {
            let mut total = 0.0;
            for start in (0..k).step_by(K_BLOCK) {
                let block = start..k.min(start + K_BLOCK);
                let sum = block.fold(0.0f32, |sum, k| at_a(i, k).mul_add(at_b(k, j), sum));
                total = if start == 0 { sum } else { total + sum };
            }
            c.push(total);
        }
    }
    c
}

fn bits(values: &[f32]) -> Vec<u32> {
    values.iter().map(|x| x.to_bits()).collect()
}

/// Every path of this CPU, each with 1 and 3 threads.
fn efforts() -> Vec<Effort> {
    let of = |path| [1, 3].map(|threads| Effort { threads, path });
    KernelPath::available().flat_map(of).collect()
}

/// Runs `work` in a pool of threads, so that [`Effort::threads`] threads take part.
fn in_pool(work: impl FnOnce() + Send) {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(3).build().expect("threads start");
    pool.install(work);
}

/// `rows` as the first layer reads them.
fn blocked(rows: &[f32], (count, cols): (usize, usize)) -> Vec<f32> {
    let mut data = vec![f32::NAN; blocked_len(count, cols)];
    let mut out = BlockedMut::new(&mut data, count, cols);
    for (i, row) in rows.chunks_exact(cols).enumerate() {
        for (first, piece) in out.row(i) {
            piece.copy_from_slice(&row[first..first + piece.len()]);
        }
    }
    data
}

#[test]
fn a_times_b_equals_its_definition_on_every_path() {
    in_pool(|| {
        let mut stream = stream(1, Purpose::WeightInit, 1, 0);
        for (m, k, n) in shapes() {
            let (a, b) = (random(m * k, &mut stream), random(k * n, &mut stream));
            let expected =
                bits(&by_definition((m, k, n), |i, l| a[i * k + l], |l, j| b[l * n + j]));
            let layout = Panels::new(k, n);
            let mut panels = Buffer::filled(layout.len(), f32::NAN);
            layout.pack(&b, &mut panels);
            let in_blocks = blocked(&a, (m, k));
            for effort in efforts() {
                for rows in [Rows::new(&a, m, k), Rows::blocked(&in_blocks, m, k)] {
                    let mut c = vec![f32::NAN; m * n];
                    product(rows, layout.of(&panels), &mut c, effort);
                    assert!(bits(&c) == expected, "{m} x {k} x {n}, {effort:?}, {rows:?}");
                }
            }
        }
    });
}

#[test]
fn a_times_b_transposed_equals_its_definition_on_every_path() {
    in_pool(|| {
        let mut stream = stream(1, Purpose::WeightInit, 2, 0);
        for (m, k, n) in shapes() {
            // b is [n, k], in panels of k columns.
            let (a, b) = (random(m * k, &mut stream), random(n * k, &mut stream));
            let expected =
                bits(&by_definition((m, k, n), |i, l| a[i * k + l], |l, j| b[j * k + l]));
            let layout = Panels::new(n, k);
            let mut panels = Buffer::filled(layout.len(), f32::NAN);
            layout.pack(&b, &mut panels);
            for effort in efforts() {
                let mut c = vec![f32::NAN; m * n];
                product_bt(Rows::new(&a, m, k), layout.of(&panels), &mut c, effort);
                assert!(bits(&c) == expected, "{m} x {k} x {n}, {effort:?}");
            }
        }
    });
}

#[test]
fn a_transposed_times_b_equals_its_definition_on_every_path() {
    in_pool(|| {
        let mut stream = stream(1, Purpose::WeightInit, 3, 0);
        for (k, m, n) in shapes() {
            // a is [k, m]
            let (a, b) = (random(k * m, &mut stream), random(k * n, &mut stream));
            let expected = by_definition((m, k, n), |i, l| a[l * m + i], |l, j| b[l * n + j]);
            let (layout, of_result) = (Panels::new(k, n), Panels::new(m, n));
            let mut panels = Buffer::filled(layout.len(), f32::NAN);
            layout.pack(&b, &mut panels);
            let mut expected_panels = Buffer::zeros(of_result.len());
            of_result.pack(&expected, &mut expected_panels);
            let in_blocks = blocked(&a, (k, m));
            for effort in efforts() {
                for rows in [Rows::new(&a, k, m), Rows::blocked(&in_blocks, k, m)] {
                    let mut c = Buffer::filled(of_result.len(), f32::NAN);
                    product_at(rows, layout.of(&panels), &mut c, effort);
                    assert!(bits(&c) == bits(&expected_panels), "{k} x {m} x {n}, {effort:?}");
                }
            }
        }
    });
}

/// Half of the gradient, and the sum of all, as an optimizer would.
struct Halve;

impl Rule for Halve {
    const STATE: usize = 1;

    fn update(&self, value: f32, grad: f32, state: [f32; 2], _decay: bool) -> (f32, [f32; 2]) {
        (value - 0.5 * grad, [state[0] + grad, state[1]])
    }
}

#[test]
fn an_update_by_a_product_equals_the_product_and_then_the_update() {
    in_pool(|| {
        let mut stream = stream(1, Purpose::WeightInit, 4, 0);
        for (k, m, n) in shapes() {
            let (a, b) = (random(k * m, &mut stream), random(k * n, &mut stream));
            let (layout, of_result) = (Panels::new(k, n), Panels::new(m, n));
            let mut panels = Buffer::zeros(layout.len());
            layout.pack(&b, &mut panels);
            let (rows, right) = (Rows::new(&a, k, m), layout.of(&panels));
            let mut grad = Buffer::zeros(of_result.len());
            product_at(rows, right, &mut grad, Effort::single());
            let start = random(of_result.len(), &mut stream);
            let (mut value, mut state) = (start.clone(), start.clone());
            let slices = Slices { value: &mut value, state: [&mut state, &mut []] };
            update(&Halve, slices, &grad, true);
            for effort in efforts() {
                let (mut fused, mut fused_state) = (start.clone(), start.clone());
                let slices = Slices { value: &mut fused, state: [&mut fused_state, &mut []] };
                product_at_update(rows, right, &Halve, slices, true, effort);
                assert!(bits(&fused) == bits(&value), "{k} x {m} x {n}, {effort:?}");
                assert!(bits(&fused_state) == bits(&state), "{k} x {m} x {n}, {effort:?}");
            }
        }
    });
}

#[test]
fn rows_are_split_into_parts_that_together_are_all_of_them() {
    in_pool(|| {
        for (rows, row_len) in [(0, 3), (1, 5), (7, 2), (64, 0)] {
            for effort in efforts() {
                let mut output = vec![f32::NAN; rows * row_len];
                split_rows(effort, rows, &mut output, row_len, &|range, part| {
                    assert_eq!(part.len(), range.len() * row_len);
                    for (i, row) in part.chunks_exact_mut(row_len.max(1)).enumerate() {
                        row.fill((range.start + i) as f32);
                    }
                });
                let expected: Vec<f32> =
                    (0..rows * row_len).map(|i| (i / row_len) as f32).collect();
                assert_eq!(output, expected);
            }
        }
    });
}

#[test]
fn products_without_terms_are_zero() {
    let (layout, across) = (Panels::new(0, 3), Panels::new(3, 0));
    let mut c = [f32::NAN; 6];
    product(Rows::new(&[], 2, 0), layout.of(&[]), &mut c, Effort::single());
    assert_eq!(c, [0.0; 6]);
    let mut c = [f32::NAN; 6];
    product_bt(Rows::new(&[], 2, 0), across.of(&[]), &mut c, Effort::single());
    assert_eq!(c, [0.0; 6]);
}

#[test]
fn agrees_with_ndarray() {
    let mut stream = stream(1, Purpose::WeightInit, 5, 0);
    let (m, k, n) = (33, 700, 21);
    let (left, right) = (random(m * k, &mut stream), random(k * n, &mut stream));
    let layout = Panels::new(k, n);
    let mut panels = Buffer::zeros(layout.len());
    layout.pack(&right, &mut panels);
    let mut c = vec![0.0; m * n];
    product(Rows::new(&left, m, k), layout.of(&panels), &mut c, Effort::single());
    let left = ndarray::ArrayView2::from_shape((m, k), &left).unwrap();
    let right = ndarray::ArrayView2::from_shape((k, n), &right).unwrap();
    for (ours, theirs) in c.iter().zip(left.dot(&right).iter()) {
        assert!((ours - theirs).abs() < 1e-3, "{ours} {theirs}");
    }
}

/// A size that had wrapped around once passed as a matrix that fits.
#[test]
#[should_panic(expected = "fits into memory")]
fn sizes_beyond_all_memory_are_refused() {
    let huge = 0xCCCC_CCCC_CCCC_CCCD; // times 10 it wraps to 2
    let _ = Rows::new(&[0.0; 512], 10, huge);
}

#[test]
#[should_panic(expected = "fits into memory")]
fn panels_beyond_all_memory_are_refused() {
    let _ = Panels::new(usize::MAX / 8, 16);
}
