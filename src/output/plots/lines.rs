//! Lines through points with numbers on both axes: accuracy by number of examples, by size of the network, by epoch.

use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::HPos;

use crate::error::Result;
use crate::escape::escape_controls;
use crate::output::plots::axis_range::AxisRange;
use crate::output::plots::chart::ChartPoint;
use crate::output::plots::draw::Drawable;
use crate::output::plots::legend::LegendMark;
use crate::output::plots::panel::{Panel, Stroke, range_of};
use crate::output::plots::pen::{LABEL_SIZE, MARGIN, Pen};
use crate::output::plots::pixel::Pixel;
use crate::output::plots::{BLUE, GREEN, Plot, VERMILION, draw_both};
use crate::table::value::thousands;

const SIZE: (i32, i32) = (1200, 700);
const AIR: f64 = 0.05;

/// A line.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// What it is called.
    pub name: String,
    /// Where and how much: fractions.
    pub points: Vec<(f64, f64)>,
    /// Whether it is a guess.
    pub is_dashed: bool,
}

/// A picture of lines.
#[derive(Debug, Clone, PartialEq)]
pub struct LinePlot {
    /// What it shows.
    pub title: String,
    /// A line under it.
    pub remark: String,
    /// The x axis.
    pub x_name: &'static str,
    /// Whether the x axis is logarithmic.
    pub is_log: bool,
    /// The y axis.
    pub y_name: &'static str,
    /// The lines: blue, green, vermilion.
    pub lines: Vec<Line>,
}

/// Draws it.
///
/// # Errors
/// When plotters fails, which no data is known to cause.
pub fn line_plot(plot: &LinePlot) -> Result<Plot> {
    draw_both(plot)
}

impl LinePlot {
    fn x(&self, x: f64) -> f64 {
        if self.is_log { libm::log10(x.max(1.0)) } else { x }
    }

    /// The places of all points, in order.
    fn places(&self) -> Vec<f64> {
        let all = self.lines.iter().flat_map(|line| line.points.iter().map(|point| point.0));
        let mut places: Vec<f64> = all.collect();
        places.sort_by(f64::total_cmp);
        places.dedup();
        places
    }
}

impl Drawable for LinePlot {
    fn size(&self) -> (u32, u32) {
        (SIZE.0 as u32, SIZE.1 as u32)
    }

    fn paint<DB: DrawingBackend>(&self, area: &DrawingArea<DB, Shift>, pen: &Pen) -> Result<()> {
        let escaped = |text: &str| escape_controls(text).into_owned();
        let top = pen.heading(area, &escaped(&self.title), &escaped(&self.remark))?;
        let colors = [BLUE, GREEN, VERMILION].into_iter().cycle();
        let strokes: Vec<Stroke> = (self.lines.iter().zip(colors))
            .map(|(line, color)| Stroke { is_dashed: line.is_dashed, ..Stroke::solid(color) })
            .collect();
        let names: Vec<String> = self.lines.iter().map(|line| escaped(&line.name)).collect();
        let entries: Vec<(LegendMark, &str)> = strokes
            .iter()
            .zip(&names)
            .map(|(stroke, name)| (LegendMark::Line(stroke.color), name.as_str()))
            .collect();
        let top = pen.legend(area, top, &entries)?;
        let places = self.places();
        let ends = [places.first(), places.last()].map(|end| self.x(end.copied().unwrap_or(0.0)));
        let air = AIR * (ends[1] - ends[0]).max(0.1);
        let figures = self.lines.iter().flat_map(|line| line.points.iter().map(|p| 100.0 * p.1));
        let panel = Panel {
            left: pen.px(MARGIN + 86),
            top: top + pen.px(14),
            right: pen.px(SIZE.0 - MARGIN - 12),
            bottom: pen.px(SIZE.1 - 80),
            x: AxisRange::new(ends[0] - air, ends[1] + air),
            y: range_of(figures, AxisRange::PERCENT, 0.2),
        };
        let ys = panel.y_ticks(8);
        pen.grid(area, &panel, &[], &ys)?;
        pen.y_numbers(area, &panel, &ys, LABEL_SIZE)?;
        let number = |place: &f64| (self.x(*place), thousands(place.round().max(0.0) as u64));
        pen.x_labels(area, &panel, places.iter().map(number), LABEL_SIZE)?;
        let below = Pixel::new((panel.left + panel.right) / 2, panel.bottom + pen.px(54));
        pen.text(area, self.x_name, below, LABEL_SIZE, HPos::Center)?;
        let beside = Pixel::new(pen.px(22), (panel.top + panel.bottom) / 2);
        pen.upright(area, self.y_name, beside, LABEL_SIZE)?;
        for (line, stroke) in self.lines.iter().zip(strokes) {
            let points: Vec<ChartPoint> =
                line.points.iter().map(|(x, y)| (self.x(*x), 100.0 * y)).collect();
            pen.curve(area, &panel, &points, stroke)?;
            let is_few = points.len() <= 12;
            for (x, y) in points.into_iter().filter(|point| is_few && point.1.is_finite()) {
                pen.dot(area, panel.at(x, y), 5, stroke.color.mix(0.9))?;
            }
        }
        Ok(())
    }
}
