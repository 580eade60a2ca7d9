//! Curves of all configs on top of each other: the best ones in colour with a band over their seeds,
//! the others grey.

use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::HPos;

use crate::error::Result;
use crate::escape::escape_controls;
use crate::output::plots::axis_range::AxisRange;
use crate::output::plots::draw::Drawable;
use crate::output::plots::experiment::palette::{GREY, MOST_COLORED, stroke};
use crate::output::plots::experiment::seeds::Band;
use crate::output::plots::experiment::{ExperimentPlot, averaged_in_words, seeds_in_words};
use crate::output::plots::legend::LegendMark;
use crate::output::plots::panel::{Panel, Stroke, gap_range, range_of};
use crate::output::plots::pen::{LABEL_SIZE, LEGEND_SIZE, MARGIN, Pen, SWATCH};
use crate::output::plots::pixel::Pixel;
use crate::runs::figures::Figure;

/// Points of a curve: about one for four pixels.
const MOST_POINTS: usize = 250;
/// The share of epochs at the start in which accuracy rises so much that it would take most of the
/// axis, leaving little for the configs' differences.
const EARLY: f64 = 0.1;
/// With more configs than this, bands would hide each other.
const MOST_BANDS: usize = 6;
const SIZE: (u32, u32) = (1200, 900);

/// A config that has a colour.
struct Colored {
    label: String,
    note: Option<String>,
    last: Option<f64>, // the figure at the end
    band: Band,
}

/// Curves of one figure.
pub(super) struct Overlay {
    title: String,
    subtitle: String,
    y_name: String,
    unit: &'static str,
    colored: Vec<Colored>,
    grey: Vec<Band>,
    x_max: f64,
    y: AxisRange,
}

/// Accuracy on the split other than train.
pub(super) fn accuracy(experiment: &ExperimentPlot) -> Overlay {
    let split = experiment.split;
    let mut name = format!("{} accuracy", split.name());
    name[..1].make_ascii_uppercase();
    let figure = Figure::accuracy(split);
    Overlay::new(experiment, figure, &name, "accuracy in %", "%", AxisRange::PERCENT)
}

/// Training accuracy minus the other.
pub(super) fn gap(experiment: &ExperimentPlot) -> Overlay {
    let figure = Figure::gap(experiment.split);
    let name = format!("Gap (train - {})", experiment.split.name());
    Overlay::new(experiment, figure, &name, "gap in points", "points", AxisRange::POINTS)
}

impl Overlay {
    fn new(
        experiment: &ExperimentPlot,
        figure: Figure,
        name: &str,
        y_name: &str,
        unit: &'static str,
        bounds: AxisRange,
    ) -> Overlay {
        let stretch = experiment.stretch(MOST_POINTS);
        let configs = experiment.configs.iter();
        let bands: Vec<Band> = configs.map(|config| config.band(figure).trained()).collect();
        let xs = bands.iter().flat_map(|band| &band.mean).map(|point| point.0);
        let x_max = xs.fold(1.0, f64::max);
        let lasts: Vec<Option<f64>> = bands.iter().map(|band| Some(band.last()?.1)).collect();
        let mut bands: Vec<Band> = bands.into_iter().map(|band| band.averaged(stretch)).collect();
        let begin = if is_long(&bands) && bounds.low == 0.0 { EARLY * x_max } else { 0.0 };
        let values = bands.iter().flat_map(|band| band.values_from(begin));
        let y = match bounds.low {
            0.0 => range_of(values, bounds, 0.0),
            _ => gap_range(values, 0.0),
        };
        let cut = bands.iter_mut().filter_map(|band| band.cut_below(y.low).then_some(())).count();
        let cut = if cut > 0 { "; begins below the axis" } else { "" };
        let grey = bands.split_off(bands.len().min(MOST_COLORED));
        let labelled = experiment.configs.iter().zip(bands);
        let colored = labelled.zip(lasts).map(|((config, band), last)| {
            let (label, note) = (config.label.clone(), config.note.clone());
            Colored { label, note, last, band }
        });
        Overlay {
            title: escape_controls(&format!("{name}: {}", experiment.title)).into_owned(),
            subtitle: subtitle(experiment) + &averaged_in_words(stretch) + cut,
            y_name: y_name.to_owned(),
            unit,
            colored: colored.collect(),
            grey,
            x_max,
            y,
        }
    }

    fn bands_are_drawn(&self) -> bool {
        self.colored.len() <= MOST_BANDS
    }

    /// Marks and texts of the legend, each at most half a line long.
    fn entries(&self, pen: &Pen) -> Result<Vec<(LegendMark, String)>> {
        let mut entries = Vec::new();
        for (place, config) in self.colored.iter().enumerate() {
            let Colored { label, note, last, .. } = config;
            let last = match last {
                Some(last) => format!("{last:.1} {}", self.unit),
                None => "no figure".to_owned(),
            };
            let note = note.as_ref().map_or(String::new(), |note| format!(" ({note})"));
            let end = format!("  {last}{note}");
            let in_a_line = if self.colored.len() > 3 { 2 } else { 1 };
            let room = pen.room() / in_a_line - pen.px(SWATCH + 50);
            let label = pen.abridged(label, LEGEND_SIZE, room - pen.width(&end, LEGEND_SIZE)?)?;
            let stroke = stroke(place);
            let mark = match stroke.is_dashed {
                true => LegendMark::Dashes(stroke.color),
                false => LegendMark::Line(stroke.color),
            };
            entries.push((mark, label + &end));
        }
        match self.grey.len() {
            0 => {}
            1 => entries.push((LegendMark::Line(GREY), "1 other".to_owned())),
            n => entries.push((LegendMark::Line(GREY), format!("{n} others"))),
        }
        Ok(entries)
    }
}

/// Whether the first epochs are few among all.
fn is_long(bands: &[Band]) -> bool {
    bands.iter().any(|band| band.mean.len() > 20)
}

fn subtitle(experiment: &ExperimentPlot) -> String {
    let seeds = seeds_in_words(experiment);
    let has_spread = experiment.most_seeds() > 1;
    let drawn = experiment.configs.len().min(MOST_COLORED);
    let lines = match has_spread {
        true if drawn <= MOST_BANDS => "line: mean; band: lowest to highest seed; ",
        true => "line: mean over seeds; ",
        false => "",
    };
    let order = match experiment.configs.len() {
        ..2 => String::new(),
        _ if experiment.incomparable.is_some() => String::new(),
        _ => format!("best {} accuracy first; ", experiment.ranked_by.name()),
    };
    format!("{}{}{order}{lines}{seeds}", experiment.remark(), experiment.drawn)
}

impl Drawable for Overlay {
    fn size(&self) -> (u32, u32) {
        SIZE
    }

    fn paint<DB: DrawingBackend>(&self, area: &DrawingArea<DB, Shift>, pen: &Pen) -> Result<()> {
        let top = pen.heading(area, &self.title, &self.subtitle)?;
        let entries = self.entries(pen)?;
        let entries: Vec<(LegendMark, &str)> =
            entries.iter().map(|(mark, label)| (*mark, label.as_str())).collect();
        let top = pen.legend(area, top, &entries)?;
        let (width, height) = (SIZE.0 as i32, SIZE.1 as i32);
        let panel = Panel {
            left: pen.px(MARGIN + 86),
            top: top + pen.px(14),
            right: pen.px(width - MARGIN - 12),
            bottom: pen.px(height - 76),
            x: AxisRange::new(0.0, self.x_max),
            y: self.y,
        };
        let (xs, ys) = (panel.epoch_ticks(10), panel.y_ticks(8));
        pen.grid(area, &panel, &xs, &ys)?;
        pen.x_numbers(area, &panel, &xs, LABEL_SIZE)?;
        pen.y_numbers(area, &panel, &ys, LABEL_SIZE)?;
        let middle = (panel.left + panel.right) / 2;
        let below = Pixel::new(middle, panel.bottom + pen.px(54));
        pen.text(area, "epoch", below, LABEL_SIZE, HPos::Center)?;
        let beside = Pixel::new(pen.px(22), (panel.top + panel.bottom) / 2);
        pen.upright(area, &self.y_name, beside, LABEL_SIZE)?;
        self.curves(area, pen, &panel)
    }
}

impl Overlay {
    /// The best config last, on top of the others.
    fn curves<DB: DrawingBackend>(
        &self,
        area: &DrawingArea<DB, Shift>,
        pen: &Pen,
        panel: &Panel,
    ) -> Result<()> {
        let thin = Stroke { color: GREY, width: 1, is_dashed: false };
        for band in &self.grey {
            pen.curve(area, panel, &band.mean, thin)?;
        }
        let colored = || self.colored.iter().enumerate().rev();
        if self.bands_are_drawn() {
            for (place, Colored { band, .. }) in colored() {
                let color = stroke(place).color.mix(0.18);
                pen.fill_between(area, panel, &band.high, &band.low, color)?;
            }
        }
        for (place, Colored { band, .. }) in colored() {
            pen.curve(area, panel, &band.mean, stroke(place))?;
        }
        Ok(())
    }
}
