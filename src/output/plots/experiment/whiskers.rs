//! One change in a panel of the forest: its interval as a line with ends, its mean as a square, a dot for each
//! seed under them, and the numbers beside the panel.

use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::HPos;

use crate::analysis::compare::FigureChange;
use crate::error::Result;
use crate::output::plots::panel::Panel;
use crate::output::plots::pen::Pen;
use crate::output::plots::pixel::{Corners, Pixel};
use crate::table::change_in_points;

/// Room for the numbers beside a panel.
pub(super) const NUMBERS: i32 = 212;
const NUMBER_SIZE: i32 = 18;
/// How far the interval lies above the middle of its row, and the seeds below it.
const ASIDE: i32 = 7;
const SQUARE: i32 = 5; // half a side
const END: i32 = 6; // half the height of a whisker's end

/// Where and how a change is drawn.
pub(super) struct Whiskers<'a> {
    pub(super) panel: &'a Panel,
    pub(super) middle: i32, // of its row, in the picture's pixels
    pub(super) color: RGBColor,
}

impl Whiskers<'_> {
    pub(super) fn draw<DB: DrawingBackend>(
        &self,
        area: &DrawingArea<DB, Shift>,
        pen: &Pen,
        change: &FigureChange,
    ) -> Result<()> {
        let numbers = match change.value.is_finite() {
            true => change_in_points(change.value, change.interval),
            false => "no figure".to_owned(),
        };
        let place = Pixel::new(self.panel.right + pen.px(14), pen.px(self.middle));
        let numbers = pen.shortened(&numbers, NUMBER_SIZE, pen.px(NUMBERS - 18))?;
        pen.text(area, &numbers, place, NUMBER_SIZE, HPos::Left)?;
        let y = pen.px(self.middle - ASIDE);
        if let Some([low, high]) = change.interval {
            let ends = [self.end(area, pen, y, low)?, self.end(area, pen, y, high)?];
            pen.line_between(area, ends.map(|x| (x, y)), 2, self.color)?;
        }
        for seed in change.seeds.iter().filter(|seed| self.is_within(**seed)) {
            let place = Pixel::new(self.x(*seed), pen.px(self.middle + ASIDE));
            pen.dot(area, place, 4, self.color.mix(0.6))?;
        }
        if self.is_within(change.value) {
            let (x, half) = (self.x(change.value), pen.px(SQUARE));
            let square =
                Corners { left: x - half, top: y - half, right: x + half, bottom: y + half };
            pen.rectangle(area, square, self.color.filled())?;
        }
        Ok(())
    }

    /// Draws the end of a whisker: a short line, or an arrow where it goes on beyond the axis. Returns its x.
    fn end<DB: DrawingBackend>(
        &self,
        area: &DrawingArea<DB, Shift>,
        pen: &Pen,
        y: i32,
        end: f64,
    ) -> Result<i32> {
        let half = pen.px(END);
        if self.is_within(end) {
            let x = self.x(end);
            pen.line_between(area, [(x, y - half), (x, y + half)], 2, self.color)?;
            return Ok(x);
        }
        let (x, back) = match 100.0 * end < self.panel.x.low {
            true => (self.panel.left, half),
            false => (self.panel.right, -half),
        };
        for side in [-half, half] {
            pen.line_between(area, [(x, y), (x + back, y + side)], 2, self.color)?;
        }
        Ok(x)
    }

    fn is_within(&self, fraction: f64) -> bool {
        (self.panel.x.low..=self.panel.x.high).contains(&(100.0 * fraction))
    }

    fn x(&self, fraction: f64) -> i32 {
        self.panel.at(100.0 * fraction, 0.0).x
    }
}
