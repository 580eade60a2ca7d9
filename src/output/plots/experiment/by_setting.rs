//! Train, the other split and the gap at the last epoch for each value of one setting: a dot for each
//! run, a bar at their mean.

use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::HPos;

use crate::error::Result;
use crate::escape::escape_controls;
use crate::output::plots::axis_range::AxisRange;
use crate::output::plots::chart::ChartPoint;
use crate::output::plots::draw::Drawable;
use crate::output::plots::experiment::halves::{BELOW, HEADER, Half, LEFT, SIZE, above_panels};
use crate::output::plots::experiment::heat_map::{value_words, values};
use crate::output::plots::experiment::seeds::mean;
use crate::output::plots::experiment::{ExperimentPlot, words};
use crate::output::plots::panel::{Panel, Stroke};
use crate::output::plots::pen::{INK, LABEL_SIZE, Pen};
use crate::output::plots::pixel::{Corners, Pixel};
use crate::output::plots::{BLUE, GREEN, VERMILION};
use crate::runs::figures::Figure;
use crate::runs::held_out::HeldOutSplit;

const STANDING: i32 = 170; // the same where values stand upright

const NUMBER_SIZE: i32 = 18;

/// One figure: its dots for each value of the setting.
struct DotsByValue {
    color: RGBColor,
    dots: Vec<Vec<f64>>,
}

/// Two panels: accuracies, and the gap.
pub(super) struct BySetting {
    title: String,
    subtitle: String,
    name: String,
    values: Vec<String>,
    notes: Vec<Option<String>>, // why a value has no dots
    split: HeldOutSplit,
    accuracies: Vec<DotsByValue>,
    gap: DotsByValue,
}

/// The figures by the values of `key`.
pub(super) fn accuracy_and_gap(experiment: &ExperimentPlot, key: &str) -> BySetting {
    let split = experiment.split;
    let values = values(experiment, key);
    let series = |figure: Figure, color: RGBColor| {
        let dots = values.iter().map(|value| {
            let configs = experiment.configs.iter();
            let here = configs.filter(|config| config.settings.get(key) == value.as_ref());
            here.flat_map(|config| config.last(figure)).collect()
        });
        DotsByValue { color, dots: dots.collect() }
    };
    let other = if split == HeldOutSplit::Validation { GREEN } else { VERMILION };
    let name = words(key, &experiment.varied);
    let pooled = match experiment.varied.len() {
        1 => "",
        _ => " of any values of the other settings",
    };
    let notes = values.iter().map(|value| {
        let configs = experiment.configs.iter();
        let mut here = configs.filter(|config| config.settings.get(key) == value.as_ref());
        match here.clone().any(|config| !config.last(Figure::TrainAccuracy).is_empty()) {
            true => None,
            false => here.find_map(|config| config.note.clone()),
        }
    });
    let dot = if experiment.most_seeds() > 1 || !pooled.is_empty() {
        "dot: a run"
    } else {
        "dot: the run"
    };
    BySetting {
        title: escape_controls(&format!("Gap by {name}: {}", experiment.title)).into_owned(),
        subtitle: experiment.remark()
            + &match dot {
                "dot: the run" => format!("last epoch; {dot}"),
                _ => format!("last epoch; {dot}{pooled}; bar: their mean"),
            },
        accuracies: vec![
            series(Figure::TrainAccuracy, BLUE),
            series(Figure::accuracy(split), other),
        ],
        gap: series(Figure::gap(split), INK),
        name,
        notes: notes.collect(),
        values: values.iter().map(value_words).collect(),
        split,
    }
}

impl Drawable for BySetting {
    fn size(&self) -> (u32, u32) {
        (SIZE.0 as u32, SIZE.1 as u32)
    }

    fn paint<DB: DrawingBackend>(&self, area: &DrawingArea<DB, Shift>, pen: &Pen) -> Result<()> {
        let colors = [self.accuracies[0].color, self.accuracies[1].color, self.gap.color];
        above_panels(area, pen, &self.title, &self.subtitle, colors, self.split)?;
        self.panel(area, pen, Half::of_accuracies(&self.accuracies))?;
        self.panel(area, pen, Half::of_gap(&self.gap))
    }
}

impl BySetting {
    fn panel<DB: DrawingBackend>(
        &self,
        area: &DrawingArea<DB, Shift>,
        pen: &Pen,
        half: Half<'_, DotsByValue>,
    ) -> Result<()> {
        let Half { left, right, y_name, series, .. } = half;
        let count = self.values.len().max(1) as i32;
        let width = pen.px(right - left - LEFT) / count;
        let names: Vec<&str> = self.values.iter().map(String::as_str).collect();
        let stands = pen.stands(&names, width)?;
        let below = if stands { STANDING } else { BELOW };
        let dots = series.iter().flat_map(|series| series.dots.iter().flatten());
        let panel = Panel {
            left: pen.px(left + LEFT),
            top: pen.px(HEADER),
            right: pen.px(right),
            bottom: pen.px(SIZE.1 - below),
            x: AxisRange::new(-0.5, self.values.len().max(1) as f64 - 0.5),
            y: half.range(dots.copied()),
        };
        let ys = panel.y_ticks(8);
        pen.grid(area, &panel, &[], &ys)?;
        pen.y_numbers(area, &panel, &ys, LABEL_SIZE)?;
        let beside = Pixel::new(pen.px(left), (panel.top + panel.bottom) / 2);
        pen.upright(area, y_name, beside, LABEL_SIZE)?;
        let x_of = |at: usize| panel.at(at as f64, panel.y.low).x;
        let places: Vec<(i32, &str)> =
            names.iter().enumerate().map(|(at, name)| (x_of(at), *name)).collect();
        pen.categories(area, &places, panel.bottom, width, pen.px(STANDING - 58))?;
        for (at, note) in self.notes.iter().enumerate() {
            let note = pen.shortened(note.as_deref().unwrap_or(""), 18, width)?;
            let place = Pixel::new(x_of(at), panel.bottom - pen.px(20));
            pen.text(area, &note, place, 18, HPos::Center)?;
        }
        let middle = (panel.left + panel.right) / 2;
        let below = Pixel::new(middle, panel.bottom + pen.px(below - 26));
        let name = pen.shortened(&self.name, LABEL_SIZE, panel.right - panel.left)?;
        pen.text(area, &name, below, LABEL_SIZE, HPos::Center)?;
        for drawn in series {
            draw_series(area, pen, &panel, width, drawn)?;
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
    series: &DotsByValue,
) -> Result<()> {
    let mean_of = |dots: &Vec<f64>| if dots.is_empty() { f64::NAN } else { mean(dots) };
    let means: Vec<ChartPoint> =
        series.dots.iter().enumerate().map(|(at, dots)| (at as f64, mean_of(dots))).collect();
    let thin = Stroke { color: series.color, width: 1, is_dashed: true };
    pen.curve(area, panel, &means, thin)?;
    let half = (width / 5).clamp(pen.px(4), pen.px(34));
    let large = if width > pen.px(24) { 7 } else { 4 };
    let is_single = series.dots.iter().all(|dots| dots.len() < 2);
    for (point, dots) in means.iter().zip(&series.dots) {
        let count = dots.len();
        for (index, dot) in dots.iter().enumerate() {
            // Equal values would overlap.
            let share = if count > 1 { index as f64 / (count - 1) as f64 - 0.5 } else { 0.0 };
            let Pixel { x, y } = panel.at(point.0, *dot);
            let place = Pixel::new(x + (1.4 * share * f64::from(half)) as i32, y);
            let (radius, opacity) = if is_single { (large, 1.0) } else { (5, 0.55) };
            pen.dot(area, place, radius, series.color.mix(opacity))?;
        }
        if point.1.is_finite() {
            let Pixel { x, y } = panel.at(point.0, point.1);
            let (top, bottom) = (y - pen.px(2), y + pen.px(2));
            let bar = Corners { left: x - half, top, right: x + half, bottom };
            if !is_single {
                pen.rectangle(area, bar, series.color.filled())?;
            }
            let (number, left) = (format!("{:.1}", point.1), x + half + pen.px(6));
            let number_width = pen.width(&number, NUMBER_SIZE)?;
            if half + pen.px(6) + number_width <= width / 2 {
                let height = pen.px(NUMBER_SIZE / 2);
                let (right, above, below) = (left + number_width, y - height, y + height);
                let behind = Corners { left, top: above, right, bottom: below };
                pen.rectangle(area, behind, WHITE.mix(0.8).filled())?; // not on the line of the means
                pen.text(area, &number, Pixel::new(left, y), NUMBER_SIZE, HPos::Left)?;
            }
        }
    }
    Ok(())
}
