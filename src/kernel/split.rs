//! Divides a product among the threads that are free. Pieces are panels of the result,
//! never parts of a sum, so that no bit depends on their number.

use std::ops::Range;

use super::product::Effort;

/// Arithmetic below which a piece costs more to hand over than it saves: about 50 microseconds.
/// Tests split everything that can be split.
const PIECE_FLOPS: usize = if cfg!(test) { 1 } else { 2_000_000 };

/// Threads that are worth their start for this many operations; at most `threads`.
pub(super) fn pieces(threads: usize, flops: usize) -> usize {
    threads.min(flops / PIECE_FLOPS).max(1)
}

/// The elements of a parameter and of the optimizer's state for it.
#[derive(Debug)]
pub struct Slices<'a> {
    /// The parameter.
    pub value: &'a mut [f32],
    /// What the optimizer keeps, each as long as `value`, or empty where it keeps nothing.
    pub state: [&'a mut [f32]; 2],
}

impl<'a> Slices<'a> {
    /// The first `mid` elements and the others.
    fn split_at(self, mid: usize) -> (Slices<'a>, Slices<'a>) {
        let (value, value_rest) = self.value.split_at_mut(mid);
        let [(first, first_rest), (second, second_rest)] =
            self.state.map(|state| state.split_at_mut(mid.min(state.len())));
        let rest = Slices { value: value_rest, state: [first_rest, second_rest] };
        (Slices { value, state: [first, second] }, rest)
    }

    /// The elements of `range`.
    pub(super) fn part(&mut self, range: Range<usize>) -> Slices<'_> {
        let state = self.state.each_mut().map(|state| match state.is_empty() {
            true => &mut [][..],
            false => &mut state[range.clone()],
        });
        Slices { value: &mut self.value[range], state }
    }
}

/// Calls `work` with `pieces` ranges, or as many as there are items, that together are `items`.
pub(super) fn split(items: Range<usize>, pieces: usize, work: &(impl Fn(Range<usize>) + Sync)) {
    let pieces = pieces.min(items.len());
    let middle = middle(&items, pieces);
    if middle == items.start {
        return work(items);
    }
    let (first, second) = (items.start..middle, middle..items.end);
    rayon::join(|| split(first, pieces / 2, work), || split(second, pieces - pieces / 2, work));
}

/// Calls `work` with ranges of `items` and the part of `slices` that begins with the first of them;
/// `start_of` says where an item begins.
pub(super) fn split_items(
    items: Range<usize>,
    pieces: usize,
    slices: Slices<'_>,
    start_of: &(impl Fn(usize) -> usize + Sync),
    work: &(impl Fn(Range<usize>, Slices<'_>) + Sync),
) {
    let pieces = pieces.min(items.len());
    let middle = middle(&items, pieces);
    if middle == items.start {
        return work(items, slices);
    }
    let (left, right) = slices.split_at(start_of(middle) - start_of(items.start));
    let (first, second) = (items.start..middle, middle..items.end);
    rayon::join(
        || split_items(first, pieces / 2, left, start_of, work),
        || split_items(second, pieces - pieces / 2, right, start_of, work),
    );
}

/// Elements of an elementwise pass that take about as long as this many operations of a product.
const ELEMENT_FLOPS: usize = 32;

/// Calls `work` with ranges of the `rows` rows of `output`, each with its part of `output`, which holds
/// `row_len` elements a row; on several threads where it is worth their start. What `work` writes into
/// a row must not depend on the range.
///
/// # Panics
/// If `output` is not `rows` times `row_len` elements.
pub fn split_rows(
    effort: Effort,
    rows: usize,
    output: &mut [f32],
    row_len: usize,
    work: &(impl Fn(Range<usize>, &mut [f32]) + Sync),
) {
    assert_eq!(Some(output.len()), rows.checked_mul(row_len), "rows of {row_len} elements");
    let pieces = pieces(effort.threads, output.len().saturating_mul(ELEMENT_FLOPS));
    let slices = Slices { value: output, state: [&mut [], &mut []] };
    let start_of = |row: usize| row * row_len;
    split_items(0..rows, pieces, slices, &start_of, &|range, slices| work(range, slices.value));
}

/// Where the first half of the pieces ends; at the start if there is nothing to divide.
fn middle(items: &Range<usize>, pieces: usize) -> usize {
    items.start + items.len() * (pieces / 2) / pieces.max(1)
}
