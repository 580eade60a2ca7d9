//! Where the pixels of a convolution find their inputs: the indirection of Dukhan, "The Indirect
//! Convolution Algorithm" (2019, <https://arxiv.org/abs/1907.02129>). Offsets are relative to an
//! image, so that one table serves all images.

use crate::kernel::conv::geometry::ConvGeometry;
use crate::kernel::tile::K_BLOCK;

/// In [`SumTable::offsets`]: a run of zeros.
pub(super) const ZEROS: i32 = -1;

/// Which runs of a source image are summed for which pixels of a target image. K goes over one run
/// after the other.
#[derive(Debug)]
pub(super) struct SumTable {
    /// `[runs, positions]`: where a run begins in the source image, or [`ZEROS`].
    pub(super) offsets: Vec<i32>,
    /// `[positions]`: the pixel of the target image.
    pub(super) targets: Vec<u32>,
    pub(super) runs: usize,
    /// Elements of a run, which are contiguous.
    pub(super) run_len: usize,
    /// For each block of K, the parts of runs in it.
    pub(super) blocks: Vec<Vec<Segment>>,
    /// Elements of the source image, within which all runs lie.
    pub(super) source_len: usize,
    /// The taps that K goes over, in order. A forward table has all of them.
    pub(super) taps: Vec<usize>,
}

/// A part of a run that lies in one block of K.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Segment {
    /// Where the run's offsets begin in [`SumTable::offsets`].
    pub(super) row: usize,
    /// The first element within the run.
    pub(super) start: usize,
    pub(super) len: usize,
}

/// Sizes of the images and runs of a [`SumTable`].
#[derive(Debug, Clone, Copy)]
struct SourceSizes {
    height: usize,
    width: usize,
    channels: usize,
    run_len: usize,
}

impl SumTable {
    /// The table of the forward pass. Its runs are the taps of an unpadded image, as `geometry`
    /// describes it. With `whole_rows` they are rows of the kernel in a padded image, where such a
    /// row is contiguous.
    pub(super) fn forward(geometry: &ConvGeometry, whole_rows: bool) -> SumTable {
        let ConvGeometry { height, width, in_channels: channels, stride, padding, .. } = *geometry;
        let [kh, kw] = geometry.kernel_size;
        let around = if whole_rows { 2 * padding } else { 0 };
        let (runs_per_row, run_len) = if whole_rows { (1, kw * channels) } else { (kw, channels) };
        let source =
            SourceSizes { height: height + around, width: width + around, channels, run_len };
        let before = padding - around / 2; // pixels of padding that the source does not have
        let (oh, ow) = (geometry.out_height(), geometry.out_width());
        let at = |run: usize, position: usize| {
            let row = (position / ow * stride + run / runs_per_row).checked_sub(before)?;
            let col = (position % ow * stride + run % runs_per_row).checked_sub(before)?;
            Some((row, col))
        };
        let targets = (0..(oh * ow) as u32).collect();
        SumTable::new(source, targets, (0..kh * kw).collect(), kh * runs_per_row, at)
    }

    /// The tables of the input gradient: for each input pixel, the output pixels that it is part
    /// of, in the order of the taps. There is one table for each phase of the stride, because all
    /// pixels of a phase meet the same taps.
    pub(super) fn backward(geometry: &ConvGeometry) -> Vec<SumTable> {
        let stride = geometry.stride;
        let phases = (0..stride * stride).map(|phase| (phase / stride, phase % stride));
        let phases = phases.filter(|(y, x)| *y < geometry.height && *x < geometry.width);
        phases.map(|(row, col)| SumTable::phase(geometry, row, col)).collect()
    }

    /// The phase whose first pixel is at (`first_row`, `first_col`).
    fn phase(geometry: &ConvGeometry, first_row: usize, first_col: usize) -> SumTable {
        let ConvGeometry { height, width, out_channels, stride, padding, .. } = *geometry;
        let [kh, kw] = geometry.kernel_size;
        let meets = |first: usize, tap: usize| (first + padding) % stride == tap % stride;
        let taps =
            (0..kh * kw).filter(|tap| meets(first_row, tap / kw) && meets(first_col, tap % kw));
        let taps: Vec<usize> = taps.collect();
        let rows = (first_row..height).step_by(stride);
        let targets: Vec<u32> = rows
            .flat_map(|y| (first_col..width).step_by(stride).map(move |x| (y * width + x) as u32))
            .collect();
        let at = |run: usize, position: usize| {
            let (tap, pixel) = (taps[run], targets[position] as usize);
            let row = (pixel / width + padding).checked_sub(tap / kw)? / stride;
            let col = (pixel % width + padding).checked_sub(tap % kw)? / stride;
            Some((row, col))
        };
        let source = SourceSizes {
            height: geometry.out_height(),
            width: geometry.out_width(),
            channels: out_channels,
            run_len: out_channels,
        };
        SumTable::new(source, targets.clone(), taps.clone(), taps.len(), at)
    }

    /// `at` says in which source pixel a run begins for a position; none outside the image, where
    /// the run is zeros.
    fn new(
        source: SourceSizes,
        targets: Vec<u32>,
        taps: Vec<usize>,
        runs: usize,
        at: impl Fn(usize, usize) -> Option<(usize, usize)>,
    ) -> SumTable {
        let SourceSizes { height, width, channels, run_len } = source;
        let source_len = height * width * channels;
        assert!(i32::try_from(source_len).is_ok(), "an image has less than 2^31 numbers");
        let mut offsets = Vec::with_capacity(runs * targets.len());
        for run in 0..runs {
            offsets.extend((0..targets.len()).map(|position| match at(run, position) {
                Some((row, col)) if row < height && col < width => {
                    let offset = (row * width + col) * channels;
                    // The kernels rely on this.
                    assert!(offset + run_len <= source_len, "a run lies within the image");
                    offset as i32
                }
                _ => ZEROS,
            }));
        }
        let blocks = blocks(runs, run_len, targets.len());
        SumTable { offsets, targets, runs, run_len, blocks, source_len, taps }
    }

    pub(super) fn positions(&self) -> usize {
        self.targets.len()
    }
}

/// For each block of K, the parts of runs in it.
fn blocks(runs: usize, run_len: usize, positions: usize) -> Vec<Vec<Segment>> {
    let k = runs * run_len;
    let of_block = |first: usize| {
        let end = k.min(first + K_BLOCK);
        let (mut segments, mut next) = (Vec::new(), first);
        while next < end {
            let (run, start) = (next / run_len, next % run_len);
            let len = (run_len - start).min(end - next);
            segments.push(Segment { row: run * positions, start, len });
            next += len;
        }
        segments
    };
    (0..k).step_by(K_BLOCK).map(of_block).collect()
}
