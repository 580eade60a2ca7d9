//! The Pareto front of validation accuracy, gap and cost: every config as a dot, once by its gap and once by
//! its cost, with numbers on those that no other beats.

use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::HPos;

use crate::analysis::pareto::{Pareto, ParetoConfig};
use crate::error::Result;
use crate::escape::escape_controls;
use crate::output::plots::VERMILION;
use crate::output::plots::axis_range::AxisRange;
use crate::output::plots::draw::Drawable;
use crate::output::plots::experiment::key::Key;
use crate::output::plots::experiment::palette::GREY;
use crate::output::plots::experiment::places::{Labelled, Taken, places};
use crate::output::plots::experiment::scatter::SettingAxis;
use crate::output::plots::panel::{Panel, range_of};
use crate::output::plots::pen::{INK, LABEL_SIZE, MARGIN, Pen, provide_font};
use crate::output::plots::pixel::{Corners, Pixel};
use crate::stats::Unit;

const SIZE: (i32, i32) = (1200, 760); // without the key
const HEADER: i32 = 142;
const HALF: i32 = SIZE.0 / 2;
const LEFT: i32 = 92; // width of the numbers beside a panel
const BELOW: i32 = 96;
const NUMBER_SIZE: i32 = 20;
/// The most configs of the front that have a number and a name.
const MOST_NAMED: usize = 16;

/// A config in percent, points and billions of operations.
struct Dot {
    accuracy: f64,
    gap: f64,
    cost: f64,
    is_on_front: bool,
}

/// Two panels of the same height.
pub(super) struct ParetoPicture {
    title: String,
    subtitle: String,
    dots: Vec<Dot>,
    accuracies: AxisRange,
    gaps: SettingAxis,
    costs: SettingAxis,
    key: Key,
}

/// One of the panels: where it lies, and what it shows.
struct Side {
    left: i32,
    right: i32,
    name: &'static str,
    axis: SettingAxis,
    of: fn(&Dot) -> f64,
}

/// The picture of a front; none with fewer than two configs.
///
/// # Errors
/// When the font cannot be used.
pub(super) fn picture(names: &str, front: &Pareto) -> Result<Option<ParetoPicture>> {
    if front.configs.len() < 2 {
        return Ok(None);
    }
    let dot = |config: &ParetoConfig| Dot {
        accuracy: 100.0 * config.accuracy.mean,
        gap: 100.0 * config.gap.mean,
        cost: config.flops / 1e9,
        is_on_front: config.is_on_front,
    };
    let dots: Vec<Dot> = front.configs.iter().map(dot).collect();
    let name = |config: &ParetoConfig| escape_controls(&config.label).into_owned();
    let labels: Vec<String> = front.front().take(MOST_NAMED).map(name).collect();
    provide_font()?;
    let pen = Pen::new(1, SIZE.0);
    let count = front.front().count();
    let cut = match count > MOST_NAMED {
        true => format!("; the {MOST_NAMED} most accurate have numbers"),
        false => String::new(),
    };
    let over = match front.unit {
        Unit::Run => "seeds",
        Unit::Fold => "folds",
    };
    Ok(Some(ParetoPicture {
        title: escape_controls(&format!("Accuracy, gap and cost: {names}")).into_owned(),
        subtitle: format!(
            "coloured: {count} of {} configs, which no other beats in all three; means over {over}{cut}",
            dots.len()
        ),
        accuracies: range_of(dots.iter().map(|dot| dot.accuracy), AxisRange::PERCENT, 0.15),
        gaps: axis(dots.iter().map(|dot| dot.gap).collect()),
        costs: axis(dots.iter().map(|dot| dot.cost).collect()),
        key: Key::of(&pen, &labels)?,
        dots,
    }))
}

/// An axis for these numbers. Where all are the same, it stands in the middle.
fn axis(mut numbers: Vec<f64>) -> SettingAxis {
    let first = numbers.first().copied().unwrap_or(0.0);
    if numbers.iter().all(|number| *number == first) {
        let reach = if first == 0.0 { 1.0 } else { first.abs() };
        numbers.extend([first - reach, first + reach]);
    }
    SettingAxis::of(numbers.into_iter())
}

impl Drawable for ParetoPicture {
    fn size(&self) -> (u32, u32) {
        (SIZE.0 as u32, (SIZE.1 + self.key.height()) as u32)
    }

    fn paint<DB: DrawingBackend>(&self, area: &DrawingArea<DB, Shift>, pen: &Pen) -> Result<()> {
        pen.heading(area, &self.title, &self.subtitle)?;
        let (name, axis) = ("gap to validation in points", self.gaps);
        let gap = Side { left: MARGIN, right: HALF - 6, name, axis, of: |dot| dot.gap };
        let (name, axis) = ("cost in billions of operations", self.costs);
        let cost = Side { left: HALF + 10, right: SIZE.0 - MARGIN, name, axis, of: |dot| dot.cost };
        self.side(area, pen, &gap)?;
        self.side(area, pen, &cost)?;
        self.key.draw(area, pen, SIZE.1)
    }
}

impl ParetoPicture {
    fn side<DB: DrawingBackend>(
        &self,
        area: &DrawingArea<DB, Shift>,
        pen: &Pen,
        side: &Side,
    ) -> Result<()> {
        let panel = Panel {
            left: pen.px(side.left + LEFT),
            top: pen.px(HEADER),
            right: pen.px(side.right),
            bottom: pen.px(SIZE.1 - BELOW),
            x: side.axis.range,
            y: self.accuracies,
        };
        let (xs, ys) = (side.axis.ticks(), panel.y_ticks(8));
        pen.grid(area, &panel, &xs.iter().map(|tick| tick.0).collect::<Vec<_>>(), &ys)?;
        pen.y_numbers(area, &panel, &ys, LABEL_SIZE)?;
        for (x, text) in &xs {
            let place = Pixel::new(panel.at(*x, panel.y.low).x, panel.bottom + pen.px(22));
            pen.text(area, text, place, LABEL_SIZE, HPos::Center)?;
        }
        let beside = Pixel::new(pen.px(side.left), (panel.top + panel.bottom) / 2);
        pen.upright(area, "validation accuracy in %", beside, LABEL_SIZE)?;
        let below = Pixel::new((panel.left + panel.right) / 2, panel.bottom + pen.px(BELOW - 34));
        pen.text(area, side.name, below, LABEL_SIZE, HPos::Center)?;
        let at = |dot: &Dot| panel.at(side.axis.at((side.of)(dot)), dot.accuracy);
        for dot in self.dots.iter().filter(|dot| !dot.is_on_front) {
            pen.dot(area, at(dot), 6, GREY.mix(0.8))?;
        }
        let front: Vec<&Dot> = self.dots.iter().filter(|dot| dot.is_on_front).collect();
        for dot in &front {
            pen.dot(area, at(dot), 7, VERMILION.mix(0.9))?;
        }
        let numbers: Vec<String> =
            (1..=front.len().min(MOST_NAMED)).map(|number| number.to_string()).collect();
        let mut labels = Vec::new();
        for (number, dot) in numbers.iter().zip(&front) {
            let width = pen.width(number, NUMBER_SIZE)? + pen.px(4);
            labels.push(Labelled { point: at(dot), width, height: pen.px(NUMBER_SIZE + 4) });
        }
        let Panel { left, top, right, bottom, .. } = panel;
        let taken = Taken { boxes: Vec::new(), lines: Vec::new() };
        let found = places(&labels, Corners { left, top, right, bottom }, taken);
        for (number, place) in numbers.iter().zip(found) {
            let Some(place) = place else { continue };
            pen.colored_text(area, number, place.middle(), NUMBER_SIZE, HPos::Center, INK)?;
        }
        Ok(())
    }
}
