//! A waterfall: a figure, what each step takes away from it or adds to it, and what is left.

use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::HPos;

use crate::error::Result;
use crate::escape::escape_controls;
use crate::output::plots::axis_range::AxisRange;
use crate::output::plots::draw::Drawable;
use crate::output::plots::panel::{Panel, gap_range};
use crate::output::plots::pen::{INK, LABEL_SIZE, MARGIN, Pen};
use crate::output::plots::pixel::{Corners, Pixel};
use crate::output::plots::{GREEN, Plot, VERMILION, draw_both};
use crate::table::hundredfold;

const SIZE: (i32, i32) = (1200, 700);
const REST: RGBColor = RGBColor(120, 120, 120);
/// Room under the axis for names of two lines.
const NAMES: i32 = 96;
/// Of a bar's place, the share that it fills.
const FILLED: f64 = 0.62;

/// A bar.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// What it is called.
    pub name: String,
    /// The figure after it, a fraction.
    pub after: f64,
}

/// A picture of `before` and the steps from there, in points.
///
/// # Errors
/// When plotters fails, which no data is known to cause.
pub fn waterfall(title: &str, remark: &str, axis: &str, steps: &[Step]) -> Result<Plot> {
    let escaped = |text: &str| escape_controls(text).into_owned();
    let figures = steps.iter().map(|step| 100.0 * step.after);
    draw_both(&Waterfall {
        title: escaped(title),
        remark: escaped(remark),
        axis: escaped(axis),
        range: gap_range(figures, 0.4),
        steps: steps.to_vec(),
    })
}

struct Waterfall {
    title: String,
    remark: String,
    axis: String,
    range: AxisRange,
    steps: Vec<Step>, // the first is where it starts
}

impl Drawable for Waterfall {
    fn size(&self) -> (u32, u32) {
        (SIZE.0 as u32, SIZE.1 as u32)
    }

    fn paint<DB: DrawingBackend>(&self, area: &DrawingArea<DB, Shift>, pen: &Pen) -> Result<()> {
        let top = pen.heading(area, &self.title, &self.remark)?;
        let panel = Panel {
            left: pen.px(MARGIN + 76),
            top: pen.px(top + 24),
            right: pen.px(SIZE.0 - MARGIN),
            bottom: pen.px(SIZE.1 - NAMES),
            x: AxisRange::new(0.0, self.steps.len() as f64 + 1.0),
            y: self.range,
        };
        let ys = panel.y_ticks(7);
        pen.grid(area, &panel, &[], &ys)?;
        pen.y_numbers(area, &panel, &ys, LABEL_SIZE)?;
        let beside = Pixel::new(pen.px(22), (panel.top + panel.bottom) / 2);
        pen.upright(area, &self.axis, beside, LABEL_SIZE)?;
        let mut before = 0.0;
        for (place, step) in self.steps.iter().enumerate() {
            let now = 100.0 * step.after;
            let color = match place {
                0 => REST,
                _ if now <= before => GREEN,
                _ => VERMILION,
            };
            let text = match place {
                0 => hundredfold(step.after),
                _ => format!("{:+.1}", now - before),
            };
            let from = if place == 0 { 0.0 } else { before };
            self.bar(
                area,
                pen,
                &panel,
                &Bar { place, from, to: now, color, text, name: &step.name },
            )?;
            before = now;
        }
        let left = Bar {
            place: self.steps.len(),
            from: 0.0,
            to: before,
            color: REST,
            text: hundredfold(before / 100.0),
            name: "left",
        };
        self.bar(area, pen, &panel, &left)
    }
}

/// One bar in points.
struct Bar<'a> {
    place: usize,
    from: f64,
    to: f64,
    color: RGBColor,
    text: String,
    name: &'a str,
}

impl Waterfall {
    fn bar<DB: DrawingBackend>(
        &self,
        area: &DrawingArea<DB, Shift>,
        pen: &Pen,
        panel: &Panel,
        bar: &Bar<'_>,
    ) -> Result<()> {
        let middle = bar.place as f64 + 0.5;
        let (left, right) = (middle - FILLED / 2.0, middle + FILLED / 2.0);
        let (high, low) = (bar.from.max(bar.to), bar.from.min(bar.to));
        let (above, below) = (panel.at(left, high), panel.at(right, low));
        let corners = Corners {
            left: above.x,
            top: above.y,
            right: below.x,
            bottom: below.y.max(above.y + pen.px(1)),
        };
        pen.rectangle(area, corners, bar.color.filled())?;
        let center = (above.x + below.x) / 2;
        let number = Pixel::new(center, above.y - pen.px(16));
        pen.colored_text(area, &bar.text, number, LABEL_SIZE, HPos::Center, INK)?;
        let room = (panel.right - panel.left) / (self.steps.len() as i32 + 1) - pen.px(10);
        let lines = pen.wrapped(&escape_controls(bar.name), LABEL_SIZE, room, 3)?;
        for (line, text) in (0..).zip(lines) {
            let y = panel.bottom + pen.px(20 + line * (LABEL_SIZE + 4));
            pen.text(area, &text, Pixel::new(center, y), LABEL_SIZE, HPos::Center)?;
        }
        Ok(())
    }
}
