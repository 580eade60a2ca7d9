//! Train, the other split and the gap at the last epoch for each value of one setting: a dot for each
//! run, a bar at their mean.

use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::HPos;

use super::super::draw::{INK, LABEL_SIZE, MARGIN, Mark, Pen, Picture, rgb};
use super::super::panel::{Panel, Stroke, range_of};
use super::super::{BLUE, GREEN, VERMILION};
use super::heat_map::{value_words, values};
use super::seeds::mean;
use super::{Experiment, Figure, Split, words};
use crate::error::Result;
use crate::escape::escape_controls;

const SIZE: (i32, i32) = (1200, 760);
const HEADER: i32 = 190;
const BELOW: i32 = 170; // height of the values and the setting's name

/// One figure: its dots for each value of the setting.
struct Series {
    color: RGBColor,
    dots: Vec<Vec<f64>>,
}

/// Two panels: accuracies, and the gap.
pub(super) struct BySetting {
    title: String,
    subtitle: String,
    name: String,
    values: Vec<String>,
    split: Split,
    accuracies: Vec<Series>,
    gap: Series,
}

/// The figures by the values of `key`.
pub(super) fn accuracy_and_gap(experiment: &Experiment, key: &str) -> BySetting {
    let split = experiment.split;
    let values = values(experiment, key);
    let series = |figure: Figure, color: RGBColor| {
        let dots = values.iter().map(|value| {
            let configs = experiment.configs.iter();
            let here = configs.filter(|config| config.settings.get(key) == value.as_ref());
            here.flat_map(|config| config.last(figure)).collect()
        });
        Series { color, dots: dots.collect() }
    };
    let other = rgb(if split == Split::Val { GREEN } else { VERMILION });
    let name = words(key, &experiment.varied);
    let pooled = match experiment.varied.len() {
        1 => "",
        _ => " of any values of the other settings",
    };
    let dot = if experiment.most_seeds() > 1 || !pooled.is_empty() { "dot: a run" } else { "dot: the run" };
    BySetting {
        title: escape_controls(&format!("Gap by {name}: {}", experiment.title)).into_owned(),
        subtitle: format!("last epoch; {dot}{pooled}; bar: their mean"),
        accuracies: vec![series(Figure::Train, rgb(BLUE)), series(Figure::Other(split), other)],
        gap: series(Figure::Gap(split), INK),
        name,
        values: values.iter().map(value_words).collect(),
        split,
    }
}

impl Picture for BySetting {
    fn size(&self) -> (u32, u32) {
        (SIZE.0 as u32, SIZE.1 as u32)
    }

    fn paint<DB: DrawingBackend>(&self, area: &DrawingArea<DB, Shift>, pen: &Pen) -> Result<()> {
        let top = pen.heading(area, &self.title, &self.subtitle)?;
        let entries = [
            (Mark::Line(self.accuracies[0].color), "train"),
            (Mark::Line(self.accuracies[1].color), self.split.word()),
            (Mark::Line(self.gap.color), "gap between them"),
        ];
        pen.legend(area, top, &entries)?;
        let half = SIZE.0 / 2;
        let accuracies: Vec<&Series> = self.accuracies.iter().collect();
        let bounds = (0.0, 100.0);
        self.panel(area, pen, (MARGIN, half - 6), ("accuracy in %", &accuracies, bounds))?;
        let gap = ("gap in points", &*vec![&self.gap], (-100.0, 100.0));
        self.panel(area, pen, (half + 10, SIZE.0 - MARGIN), gap)
    }
}

impl BySetting {
    fn panel<DB: DrawingBackend>(
        &self,
        area: &DrawingArea<DB, Shift>,
        pen: &Pen,
        (left, right): (i32, i32),
        (y_name, series, bounds): (&str, &[&Series], (f64, f64)),
    ) -> Result<()> {
        let dots = series.iter().flat_map(|series| series.dots.iter().flatten());
        let panel = Panel {
            left: pen.px(left + 92),
            top: pen.px(HEADER),
            right: pen.px(right),
            bottom: pen.px(SIZE.1 - BELOW),
            x: (-0.5, self.values.len().max(1) as f64 - 0.5),
            y: range_of(dots.copied(), bounds),
        };
        let ys = panel.y_ticks(8);
        pen.grid(area, &panel, &[], &ys)?;
        pen.y_numbers(area, &panel, &ys, LABEL_SIZE)?;
        let beside = (pen.px(left), (panel.top + panel.bottom) / 2);
        pen.upright(area, y_name, beside, LABEL_SIZE)?;
        let width = (panel.right - panel.left) / self.values.len().max(1) as i32;
        let places = self.values.iter().enumerate();
        let places: Vec<(i32, &str)> =
            places.map(|(at, value)| (panel.at((at as f64, 0.0)).0, &**value)).collect();
        pen.categories(area, &places, (width, panel.bottom), pen.px(BELOW - 58))?;
        let below = ((panel.left + panel.right) / 2, pen.px(SIZE.1 - 26));
        let name = pen.shortened(&self.name, LABEL_SIZE, panel.right - panel.left)?;
        pen.text(area, &name, below, LABEL_SIZE, HPos::Center)?;
        for series in series {
            draw_series(area, pen, &panel, width, series)?;
        }
        Ok(())
    }
}

/// The means joined by a thin line, their bars, and the dots beside each other.
fn draw_series<DB: DrawingBackend>(
    area: &DrawingArea<DB, Shift>,
    pen: &Pen,
    panel: &Panel,
    width: i32,
    series: &Series,
) -> Result<()> {
    let mean_of = |dots: &Vec<f64>| if dots.is_empty() { f64::NAN } else { mean(dots) };
    let means: Vec<(f64, f64)> =
        series.dots.iter().enumerate().map(|(at, dots)| (at as f64, mean_of(dots))).collect();
    let thin = Stroke { color: series.color, width: 1, is_dashed: true };
    pen.curve(area, panel, &means, thin)?;
    let half = (width / 4).clamp(pen.px(4), pen.px(34));
    for (point, dots) in means.iter().zip(&series.dots) {
        let count = dots.len();
        for (index, dot) in dots.iter().enumerate() {
            // Equal values would lie on each other.
            let share = if count > 1 { index as f64 / (count - 1) as f64 - 0.5 } else { 0.0 };
            let (x, y) = panel.at((point.0, *dot));
            let place = (x + (1.2 * share * f64::from(half)) as i32, y);
            pen.dot(area, place, 5, (series.color, 0.55))?;
        }
        if point.1.is_finite() {
            let (x, y) = panel.at(*point);
            let corners = [(x - half, y - pen.px(2)), (x + half, y + pen.px(2))];
            pen.rectangle(area, corners, series.color.filled())?;
        }
    }
    Ok(())
}
