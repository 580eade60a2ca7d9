//! A figure for each combination of two settings: its number and a colour; empty without a run.

use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::HPos;
use serde_json::Value;

use crate::analysis::settings;
use crate::error::Result;
use crate::escape::escape_controls;
use crate::output::plots::axis_range::AxisRange;
use crate::output::plots::draw::Drawable;
use crate::output::plots::experiment::palette::{GREY, Ramp};
use crate::output::plots::experiment::seeds::mean;
use crate::output::plots::experiment::{ExperimentPlot, seeds_in_words, words};
use crate::output::plots::pen::{INK, LABEL_SIZE, MARGIN, Pen};
use crate::output::plots::pixel::{Corners, Pixel};
use crate::runs::figures::Figure;
use crate::table::value::value_text;

const SIZE: (i32, i32) = (1200, 860);
const HEADER: i32 = 110;
const BAR: i32 = 150; // width of the colour scale with its numbers

/// One combination.
enum HeatCell {
    /// No run.
    Missing,
    /// Runs without figures, and why.
    Without(String),
    /// Mean over the seeds and their spread.
    Value(f64, Option<f64>),
}

/// A figure over two settings.
pub(super) struct HeatMap {
    title: String,
    subtitle: String,
    names: [String; 2], // of x and y
    xs: Vec<String>,
    ys: Vec<String>,
    cells: Vec<Vec<HeatCell>>, // [y][x]
    range: AxisRange,
    ramp: Ramp,
}

/// Accuracy on the split other than train.
pub(super) fn accuracy(experiment: &ExperimentPlot, keys: [&String; 2]) -> HeatMap {
    let mut title = format!("{} accuracy in %", experiment.split.name());
    title[..1].make_ascii_uppercase();
    HeatMap::new(experiment, keys, Figure::accuracy(experiment.split), &title, Ramp::Accuracy)
}

/// Training accuracy minus the other.
pub(super) fn gap(experiment: &ExperimentPlot, keys: [&String; 2]) -> HeatMap {
    let title = format!("Gap (train - {}) in points", experiment.split.name());
    HeatMap::new(experiment, keys, Figure::gap(experiment.split), &title, Ramp::Gap)
}

impl HeatMap {
    fn new(
        experiment: &ExperimentPlot,
        [a, b]: [&String; 2],
        figure: Figure,
        title: &str,
        ramp: Ramp,
    ) -> HeatMap {
        // The setting with more values has the longer side.
        let (of_a, of_b) = (values(experiment, a), values(experiment, b));
        let ((x_key, xs), (y_key, ys)) =
            if of_a.len() > of_b.len() { ((a, of_a), (b, of_b)) } else { ((b, of_b), (a, of_a)) };
        let cell_of =
            |x: &Option<Value>, y: &Option<Value>| cell(experiment, figure, [x_key, y_key], [x, y]);
        let cells: Vec<Vec<HeatCell>> =
            ys.iter().map(|y| xs.iter().map(|x| cell_of(x, y)).collect()).collect();
        let numbers = cells.iter().flatten().filter_map(|cell| match cell {
            HeatCell::Value(mean, _) => Some(*mean),
            _ => None,
        });
        let nothing = AxisRange::new(f64::INFINITY, f64::NEG_INFINITY);
        let range = numbers.fold(nothing, |AxisRange { low, high }, value| {
            AxisRange::new(low.min(value), high.max(value))
        });
        HeatMap {
            title: escape_controls(&format!("{title}: {}", experiment.title)).into_owned(),
            subtitle: format!(
                "{}last epoch, mean ± standard deviation; {}",
                experiment.remark(),
                seeds_in_words(experiment)
            ),
            names: [x_key, y_key].map(|key| words(key, &experiment.varied)),
            xs: xs.iter().map(value_words).collect(),
            ys: ys.iter().map(value_words).collect(),
            cells,
            range,
            ramp,
        }
    }

    /// A value's position between the lowest and the highest; the middle if all are equal.
    fn share(&self, value: f64) -> f64 {
        if self.range.high > self.range.low { self.range.share(value) } else { 0.5 }
    }
}

/// The values of a setting in the runs, in order; none for a config that does not have it.
pub(super) fn values(experiment: &ExperimentPlot, key: &str) -> Vec<Option<Value>> {
    let mut values: Vec<Option<Value>> = Vec::new();
    for config in &experiment.configs {
        let value = config.settings.get(key).cloned();
        if !values.contains(&value) {
            values.push(value);
        }
    }
    values.sort_by(|a, b| settings::order_of_values(a.as_ref(), b.as_ref()));
    values
}

/// A value as an axis shows it.
pub(super) fn value_words(value: &Option<Value>) -> String {
    let text = value.as_ref().map_or("none".to_owned(), value_text);
    escape_controls(&text).into_owned()
}

/// The figures of the runs with these two values, over all of their seeds.
fn cell(
    experiment: &ExperimentPlot,
    figure: Figure,
    keys: [&String; 2],
    values: [&Option<Value>; 2],
) -> HeatCell {
    let is_here = |config: &&crate::output::plots::experiment::seeds::PlottedConfig| {
        keys.iter().zip(values).all(|(key, value)| config.settings.get(*key) == value.as_ref())
    };
    let here = || experiment.configs.iter().filter(is_here);
    let numbers: Vec<f64> = here().flat_map(|config| config.last(figure)).collect();
    match (numbers.is_empty(), here().next()) {
        (true, None) => HeatCell::Missing,
        (true, Some(config)) => {
            HeatCell::Without(config.note.clone().unwrap_or("no figure".into()))
        }
        (false, _) => HeatCell::Value(mean(&numbers), spread(&numbers)),
    }
}

/// Sample standard deviation; none of one value.
fn spread(values: &[f64]) -> Option<f64> {
    crate::stats::Summary::of(values)?.std
}

impl Drawable for HeatMap {
    fn size(&self) -> (u32, u32) {
        (SIZE.0 as u32, SIZE.1 as u32)
    }

    fn paint<DB: DrawingBackend>(&self, area: &DrawingArea<DB, Shift>, pen: &Pen) -> Result<()> {
        pen.heading(area, &self.title, &self.subtitle)?;
        let longest = self.ys.iter().map(|y| pen.width(y, LABEL_SIZE));
        let longest = longest.collect::<Result<Vec<i32>>>()?.into_iter().max().unwrap_or(0);
        let label_room = longest.min(pen.px(260));
        let (left, right) = (pen.px(MARGIN + 54) + label_room, pen.px(SIZE.0 - MARGIN - BAR));
        let (top, bottom) = (pen.px(HEADER), pen.px(SIZE.1 - 100));
        let width = f64::from(right - left) / self.xs.len().max(1) as f64;
        let height = f64::from(bottom - top) / self.ys.len().max(1) as f64;
        let x_of = |column: usize| left + (width * column as f64).round() as i32;
        // The lowest value is at the bottom, as on any axis.
        let y_of = |row: usize| bottom - (height * row as f64).round() as i32;
        for (row, cells) in self.cells.iter().enumerate() {
            for (column, cell) in cells.iter().enumerate() {
                let corners = Corners {
                    left: x_of(column),
                    top: y_of(row + 1),
                    right: x_of(column + 1),
                    bottom: y_of(row),
                };
                self.cell(area, pen, corners, cell)?;
            }
            let place = Pixel::new(left - pen.px(12), (y_of(row) + y_of(row + 1)) / 2);
            let text = pen.abridged(&self.ys[row], LABEL_SIZE, label_room)?;
            pen.text(area, &text, place, LABEL_SIZE, HPos::Right)?;
        }
        let columns: Vec<(i32, &str)> = (0..self.xs.len())
            .map(|column| ((x_of(column) + x_of(column + 1)) / 2, &*self.xs[column]))
            .collect();
        pen.categories(area, &columns, bottom, width as i32, pen.px(46))?;
        let below = Pixel::new((left + right) / 2, pen.px(SIZE.1 - 24));
        pen.text(area, &self.names[0], below, LABEL_SIZE, HPos::Center)?;
        let beside = Pixel::new(pen.px(22), (top + bottom) / 2);
        pen.upright(area, &self.names[1], beside, LABEL_SIZE)?;
        let scale_left = right + pen.px(28);
        self.scale(
            area,
            pen,
            Corners { left: scale_left, top, right: scale_left + pen.px(24), bottom },
        )
    }
}

impl HeatMap {
    fn cell<DB: DrawingBackend>(
        &self,
        area: &DrawingArea<DB, Shift>,
        pen: &Pen,
        corners: Corners,
        cell: &HeatCell,
    ) -> Result<()> {
        let inner = corners.without(pen.px(2));
        let outline = GREY.stroke_width(pen.px(1) as u32);
        match cell {
            HeatCell::Missing => pen.rectangle(area, inner, outline),
            HeatCell::Without(note) => {
                pen.rectangle(area, inner, outline)?;
                let size = 18;
                let note = pen.shortened(note, size, text_room(pen, corners))?;
                pen.text(area, &note, corners.middle(), size, HPos::Center)
            }
            HeatCell::Value(mean, std) => {
                let share = self.share(*mean);
                pen.rectangle(area, inner, self.ramp.color(share).filled())?;
                numbers(area, pen, corners, *mean, *std, self.ramp.ink(share))
            }
        }
    }

    /// The colour scale.
    fn scale<DB: DrawingBackend>(
        &self,
        area: &DrawingArea<DB, Shift>,
        pen: &Pen,
        bar: Corners,
    ) -> Result<()> {
        let AxisRange { low, high } = self.range;
        if !low.is_finite() {
            return Ok(());
        }
        const STEPS: i32 = 64;
        let Corners { top, right, bottom, .. } = bar;
        let at = |step: i32| bottom - (bottom - top) * step / STEPS;
        for step in 0..STEPS {
            let color = self.ramp.color(f64::from(step) / f64::from(STEPS - 1));
            let part = Corners { top: at(step + 1), bottom: at(step), ..bar };
            pen.rectangle(area, part, color.filled())?;
        }
        let frame = INK.stroke_width(pen.px(1) as u32);
        pen.rectangle(area, bar, frame)?;
        let numbers = if high > low { vec![low, 0.5 * (low + high), high] } else { vec![low] };
        for value in numbers {
            let y = bottom - (self.share(value) * f64::from(bottom - top)) as i32;
            let place = Pixel::new(right + pen.px(10), y);
            pen.text(area, &format!("{value:.1}"), place, LABEL_SIZE, HPos::Left)?;
        }
        Ok(())
    }
}

/// The width for text in a cell.
fn text_room(pen: &Pen, cell: Corners) -> i32 {
    cell.right - cell.left - pen.px(8)
}

/// The mean as large as the cell allows, under it the spread where there is room for it.
fn numbers<DB: DrawingBackend>(
    area: &DrawingArea<DB, Shift>,
    pen: &Pen,
    cell: Corners,
    mean: f64,
    std: Option<f64>,
    ink: RGBColor,
) -> Result<()> {
    let (middle, width, height) = (cell.middle(), text_room(pen, cell), cell.bottom - cell.top);
    let number = format!("{mean:.1}");
    for size in [30, 24, 18, 13] {
        if pen.width(&number, size)? > width {
            continue;
        }
        let small = (size * 2 / 3).max(13);
        let shown_std = std.filter(|std| *std > 1e-6); // rounding errors of equal figures do not count
        let spread = shown_std.map(|std| format!("± {std:.1}")).unwrap_or_default();
        let has_room = height > pen.px(2 * size + 10) && pen.width(&spread, small)? <= width;
        if spread.is_empty() || !has_room {
            return pen.colored_text(area, &number, middle, size, HPos::Center, ink);
        }
        let above = Pixel::new(middle.x, middle.y - pen.px(small / 2 + 2));
        let below = Pixel::new(middle.x, middle.y + pen.px(size / 2 + 4));
        pen.colored_text(area, &number, above, size, HPos::Center, ink)?;
        return pen.colored_text(area, &spread, below, small, HPos::Center, ink);
    }
    Ok(())
}
