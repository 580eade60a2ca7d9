//! Sums the rows of panels, for the bias gradient.

use crate::kernel::panels::PanelGroup;
use crate::kernel::tile::{MOST_PANELS, WIDTHS};
use crate::kernel::vectorise;

/// Sums the rows of the panels of `group` in `packed`, in order and from zero. If `add`, the result
/// is added to `sums`; otherwise it replaces them.
pub(super) fn sum_rows(packed: &[f32], group: PanelGroup, add: bool, sums: &mut [f32]) {
    let (width, stride) = (group.first.width, group.stride());
    let mut total = [[0.0; WIDTHS[0]]; MOST_PANELS];
    vectorise(
        #[inline(always)]
        || match (width, group.count) {
            (16, 2) => {
                let (first, _) = packed[..stride].as_chunks::<16>();
                let (second, _) = packed[stride..2 * stride].as_chunks::<16>();
                let (mut a, mut b) = ([0.0; 16], [0.0; 16]); // two chains hide the latency better
                for (x, y) in first.iter().zip(second) {
                    for i in 0..16 {
                        a[i] += x[i];
                        b[i] += y[i];
                    }
                }
                total = [a, b];
            }
            _ => {
                for (columns, panel) in total.iter_mut().zip(packed.chunks_exact(stride)) {
                    for row in panel.chunks_exact(width) {
                        columns.iter_mut().zip(row).for_each(|(sum, x)| *sum += x);
                    }
                }
            }
        },
    );
    for (sum, new) in sums.iter_mut().zip(total.as_flattened()) {
        *sum = if add { *sum + new } else { *new };
    }
}
