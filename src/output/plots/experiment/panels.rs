//! Two panels beside each other, of the accuracies and of the gap: what pictures of one setting share.

use plotters::coord::Shift;
use plotters::prelude::*;

use crate::error::Result;
use crate::output::plots::legend::LegendMark;
use crate::output::plots::pen::{MARGIN, Pen};
use crate::runs::held_out::HeldOutSplit;

/// The picture.
pub(super) const SIZE: (i32, i32) = (1200, 760);
/// Height of what stands above the panels.
pub(super) const HEADER: i32 = 190;
const HALF: i32 = SIZE.0 / 2;
/// Width of the numbers beside a panel.
pub(super) const LEFT: i32 = 92;
/// Height of the values and the setting's name under a panel.
pub(super) const BELOW: i32 = 96;

/// What stands above panels of accuracies and gap: the heading, and what the three colours mean.
pub(super) fn above_panels<DB: DrawingBackend>(
    area: &DrawingArea<DB, Shift>,
    pen: &Pen,
    (title, subtitle): (&str, &str),
    [train, other, gap]: [RGBColor; 3],
    split: HeldOutSplit,
) -> Result<()> {
    let top = pen.heading(area, title, subtitle)?;
    let entries = [
        (LegendMark::Line(train), "train"),
        (LegendMark::Line(other), split.name()),
        (LegendMark::Line(gap), "gap between them"),
    ];
    pen.legend(area, top, &entries)?;
    Ok(())
}

/// What a panel shows: the name of its vertical axis, the series, and the bounds of their values.
pub(super) type InPanel<'a, S> = (&'a str, &'a [S], (f64, f64));

/// Paints the panel of the accuracies, and beside it that of the gap: each between its left and its right
/// edge.
pub(super) fn beside_each_other<S>(
    (accuracies, gap): (&[S], &S),
    panel: impl Fn((i32, i32), InPanel<'_, S>) -> Result<()>,
) -> Result<()> {
    panel((MARGIN, HALF - 6), ("accuracy in %", accuracies, (0.0, 100.0)))?;
    let gap = std::slice::from_ref(gap);
    panel((HALF + 10, SIZE.0 - MARGIN), ("gap in points", gap, (-100.0, 100.0)))
}
