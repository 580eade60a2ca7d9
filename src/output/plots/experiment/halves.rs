//! Two panels beside each other, accuracies and the gap: what the pictures along one setting have in common.

use plotters::coord::Shift;
use plotters::prelude::*;

use crate::error::Result;
use crate::output::plots::axis_range::AxisRange;
use crate::output::plots::legend::LegendMark;
use crate::output::plots::panel::{gap_range, range_of};
use crate::output::plots::pen::{MARGIN, Pen};
use crate::runs::held_out::HeldOutSplit;

pub(super) const SIZE: (i32, i32) = (1200, 760);
pub(super) const HEADER: i32 = 190;
const HALF: i32 = SIZE.0 / 2;
pub(super) const LEFT: i32 = 92; // width of the numbers beside a panel
pub(super) const BELOW: i32 = 96; // height of the values and the name of the setting under it

/// One of the panels: where it lies, in the picture's pixels, and what it shows.
pub(super) struct Half<'a, Series> {
    pub(super) left: i32,
    pub(super) right: i32,
    pub(super) y_name: &'static str,
    pub(super) series: &'a [Series],
    is_gap: bool,
}

impl<'a, Series> Half<'a, Series> {
    /// The left one.
    pub(super) fn of_accuracies(series: &'a [Series]) -> Half<'a, Series> {
        let (left, right, y_name) = (MARGIN, HALF - 6, "accuracy in %");
        Half { left, right, y_name, series, is_gap: false }
    }

    /// The right one.
    pub(super) fn of_gap(series: &'a Series) -> Half<'a, Series> {
        let (left, right, y_name) = (HALF + 10, SIZE.0 - MARGIN, "gap in points");
        let series = std::slice::from_ref(series);
        Half { left, right, y_name, series, is_gap: true }
    }

    /// An axis for these values.
    pub(super) fn range(&self, values: impl Iterator<Item = f64>) -> AxisRange {
        const AIR: f64 = 0.2;
        match self.is_gap {
            true => gap_range(values, AIR),
            false => range_of(values, AxisRange::PERCENT, AIR),
        }
    }
}

/// What stands above both: the heading, and what the three colours mean.
pub(super) fn above_panels<DB: DrawingBackend>(
    area: &DrawingArea<DB, Shift>,
    pen: &Pen,
    title: &str,
    subtitle: &str,
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
