//! Divides a product among free threads. Pieces are panels of the result, never parts of a sum, so
//! no bit depends on their number.

use std::ops::Range;

use super::path::Effort;
use crate::threads;

/// A piece with fewer operations costs more to start than it saves; these are about 50
/// microseconds. Tests split everything that can be split.
const PIECE_FLOPS: usize = if cfg!(test) { 1 } else { 2_000_000 };

/// The same limit for passes that write row by row, in elements of the result: memory limits these
/// passes.
const PIECE_ELEMENTS: usize = if cfg!(test) { 1 } else { 1 << 16 };

/// Threads that pay off for this many operations; at most `threads`.
pub(super) fn pieces(threads: usize, flops: usize) -> usize {
    threads.min(flops / PIECE_FLOPS).max(1)
}

/// The elements of a parameter and of the optimizer's state for it.
#[derive(Debug)]
pub struct Slices<'a> {
    /// The parameter.
    pub value: &'a mut [f32],
    /// The optimizer's state, each as long as `value`, or empty if it keeps nothing.
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

/// Work on a range of rows and their part of two results.
type TwoParts<'a, T> = dyn Fn(Range<usize>, &mut [f32], &mut [T]) + Sync + 'a;

/// A result that is written row by row, each of `row_len` elements.
#[derive(Debug)]
pub struct RowsMut<'a, T = f32> {
    /// The elements of all rows.
    pub data: &'a mut [T],
    /// Elements of a row.
    pub row_len: usize,
}

impl RowsMut<'_, ()> {
    /// No rows: for [`split_rows_with`] without a second result.
    pub fn nothing() -> Self {
        RowsMut { data: &mut [], row_len: 0 }
    }
}

impl<'a, T> RowsMut<'a, T> {
    /// Whether it has `rows` rows.
    fn has(&self, rows: usize) -> bool {
        rows.checked_mul(self.row_len) == Some(self.data.len())
    }

    /// The first `rows` rows and the others.
    fn split_at(self, rows: usize) -> (RowsMut<'a, T>, RowsMut<'a, T>) {
        let row_len = self.row_len;
        let (first, others) = self.data.split_at_mut(rows * row_len);
        (RowsMut { data: first, row_len }, RowsMut { data: others, row_len })
    }
}

/// Divides `items` into `pieces` ranges, or fewer if there are fewer items, and calls `work` with
/// each.
pub(super) fn split(items: Range<usize>, pieces: usize, work: &(dyn Fn(Range<usize>) + Sync)) {
    let pieces = pieces.min(items.len());
    let middle = middle(&items, pieces);
    if middle == items.start {
        return work(items);
    }
    let (first, second) = (items.start..middle, middle..items.end);
    threads::join(|| split(first, pieces / 2, work), || split(second, pieces - pieces / 2, work));
}

/// Calls `work` with ranges of `items` and the part of `slices` that begins with the first of them;
/// `start_of` says where an item begins.
pub(super) fn split_items(
    items: Range<usize>,
    pieces: usize,
    slices: Slices<'_>,
    start_of: &(dyn Fn(usize) -> usize + Sync),
    work: &(dyn Fn(Range<usize>, Slices<'_>) + Sync),
) {
    let pieces = pieces.min(items.len());
    let middle = middle(&items, pieces);
    if middle == items.start {
        return work(items, slices);
    }
    let (left, right) = slices.split_at(start_of(middle) - start_of(items.start));
    let (first, second) = (items.start..middle, middle..items.end);
    threads::join(
        || split_items(first, pieces / 2, left, start_of, work),
        || split_items(second, pieces - pieces / 2, right, start_of, work),
    );
}

/// Calls `work` on the threads of `effort` with ranges of rows that together are all `rows`, and
/// these rows of `output`, `[rows, row_len]`. If there is little work, it stays on this thread.
///
/// # Panics
/// If `output` has another size.
pub fn split_rows(
    effort: Effort,
    rows: usize,
    output: &mut [f32],
    row_len: usize,
    work: &(dyn Fn(Range<usize>, &mut [f32]) + Sync),
) {
    let (elements, output) = (output.len(), RowsMut { data: output, row_len });
    split_rows_with(effort, elements, rows, output, RowsMut::nothing(), &|range, part, _| {
        work(range, part);
    });
}

/// Like [`split_rows`], with a second result. `elements` says how much work there is, which may
/// differ from the size of the results.
///
/// # Panics
/// If a result has another size.
pub fn split_rows_with<T: Send>(
    effort: Effort,
    elements: usize,
    rows: usize,
    first: RowsMut<'_>,
    second: RowsMut<'_, T>,
    work: &TwoParts<'_, T>,
) {
    assert!(first.has(rows), "size of a row-wise result: {rows} rows of {}", first.row_len);
    assert!(second.has(rows), "size of the second result: {rows} rows of {}", second.row_len);
    let pieces = effort.threads.min(elements / PIECE_ELEMENTS).max(1);
    split_parts(0..rows, pieces, first, second, work);
}

fn split_parts<T: Send>(
    rows: Range<usize>,
    pieces: usize,
    first: RowsMut<'_>,
    second: RowsMut<'_, T>,
    work: &TwoParts<'_, T>,
) {
    let pieces = pieces.min(rows.len());
    let middle = middle(&rows, pieces);
    if middle == rows.start {
        return work(rows, first.data, second.data);
    }
    let before = middle - rows.start;
    let (left, right) = first.split_at(before);
    let (second_left, second_right) = second.split_at(before);
    let halves = (rows.start..middle, middle..rows.end);
    let half = pieces / 2;
    threads::join(
        || split_parts(halves.0, half, left, second_left, work),
        || split_parts(halves.1, pieces - half, right, second_right, work),
    );
}

/// The end of the first half of the pieces; the start if there is nothing to divide.
fn middle(items: &Range<usize>, pieces: usize) -> usize {
    items.start + items.len() * (pieces / 2) / pieces.max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_given_to_one_piece_with_its_part_of_both_results() {
        for (threads, rows) in [(1, 5), (2, 5), (3, 5), (8, 5), (8, 1), (4, 0)] {
            let (mut first, mut second) = (vec![0.0; rows * 3], vec![0_u8; rows * 2]);
            let effort = Effort { threads, ..Effort::single() };
            let threes = RowsMut { data: &mut first, row_len: 3 };
            let twos = RowsMut { data: &mut second, row_len: 2 };
            split_rows_with(effort, rows * 3, rows, threes, twos, &|range, first, second| {
                for (i, row) in range.enumerate() {
                    first[i * 3..][..3].iter_mut().for_each(|x| *x += row as f32 + 1.0);
                    second[i * 2..][..2].iter_mut().for_each(|x| *x += row as u8 + 1);
                }
            });
            let row_of = |i: usize, len: usize| (i / len + 1) as f32;
            assert!(first.iter().enumerate().all(|(i, x)| *x == row_of(i, 3)), "{first:?}");
            assert!(second.iter().enumerate().all(|(i, x)| f32::from(*x) == row_of(i, 2)));
        }
    }
}
