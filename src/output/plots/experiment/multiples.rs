//! Train accuracy and the other split's for each config in its own panel, with the gap shaded; all
//! panels have the same axes.

use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::HPos;

use crate::error::Result;
use crate::escape::escape_controls;
use crate::output::plots::axis_range::AxisRange;
use crate::output::plots::draw::Drawable;
use crate::output::plots::experiment::seeds::Band;
use crate::output::plots::experiment::{ExperimentPlot, averaged_in_words, seeds_in_words};
use crate::output::plots::legend::LegendMark;
use crate::output::plots::panel::{Panel, Stroke, range_of};
use crate::output::plots::pen::{INK, MARGIN, Pen, SHADE, SHADE_OPACITY};
use crate::output::plots::pixel::Pixel;
use crate::output::plots::{BLUE, GREEN, VERMILION};
use crate::runs::figures::Figure;
use crate::runs::held_out::HeldOutSplit;

/// The most panels that are still large enough to read.
const MOST_PANELS: usize = 9;
/// Points of a curve: about one for two pixels.
const MOST_POINTS: usize = 150;
const WIDTH: i32 = 1200;
const TEXT_SIZE: i32 = 20;
const CAPTION: i32 = 106; // height of the texts above a panel
const LEFT: i32 = 62; // width of the numbers beside a panel
const BELOW: i32 = 66; // height of the numbers under it

/// One panel.
struct Small {
    label: String,
    caption: String,
    train: Band,
    other: Band,
}

/// All panels, best first.
pub(super) struct Multiples {
    title: String,
    subtitle: String,
    split: HeldOutSplit,
    panels: Vec<Small>,
    x_max: f64,
    y: AxisRange,
}

/// The panels of the best configs.
pub(super) fn train_and_test(experiment: &ExperimentPlot) -> Multiples {
    let split = experiment.split;
    let configs = experiment.configs.iter();
    let epochs = configs.flat_map(|config| config.runs.iter().flatten()).map(|row| row.epoch);
    let last_epoch = epochs.max().unwrap_or(0) as f64;
    let stretch = experiment.stretch(MOST_POINTS);
    let small = |config: &crate::output::plots::experiment::seeds::PlottedConfig| {
        let figures = [Figure::TrainAccuracy, Figure::accuracy(split)];
        let [train, other] = figures.map(|figure| config.band(figure).trained());
        let ends = train.last().zip(other.last());
        let gap = ends.map(|(train_end, other_end)| match other_end.0 < last_epoch {
            true => format!("gap {:.1} at epoch {}", train_end.1 - other_end.1, other_end.0),
            false => format!("gap {:.1}", train_end.1 - other_end.1),
        });
        let caption: Vec<String> = gap.into_iter().chain(config.note.clone()).collect();
        let caption = caption.join(", ");
        let [train, other] = [train, other].map(|band| band.averaged(stretch));
        Small { label: config.label.clone(), caption, train, other }
    };
    let panels: Vec<Small> = experiment.configs.iter().take(MOST_PANELS).map(small).collect();
    let bands = || panels.iter().flat_map(|panel| [&panel.train, &panel.other]);
    let xs = bands().flat_map(|band| &band.mean).map(|point| point.0);
    let (shown, all) = (panels.len(), experiment.configs.len());
    let first = if experiment.incomparable.is_some() { "first" } else { "best" };
    let which = match shown < all {
        true => format!("the {first} {shown} of {all} configs; "),
        false => String::new(),
    };
    let band = match experiment.most_seeds() {
        ..2 => "",
        _ => "line: mean; band: lowest to highest seed; ",
    };
    Multiples {
        title: escape_controls(&format!("Train and {}: {}", split.name(), experiment.title)).into(),
        subtitle: format!(
            "{}{}{which}{band}{}{}",
            experiment.remark(),
            experiment.drawn,
            seeds_in_words(experiment),
            averaged_in_words(stretch)
        ),
        split,
        x_max: xs.fold(last_epoch.max(1.0), f64::max),
        y: range_of(bands().flat_map(Band::values), AxisRange::PERCENT, 0.0),
        panels,
    }
}

impl Multiples {
    /// Columns and rows of panels.
    fn grid(&self) -> (i32, i32) {
        let count = self.panels.len().max(1) as i32;
        let columns = match count {
            1 => 1,
            2 | 4 => 2,
            _ => 3,
        };
        (columns, (count + columns - 1) / columns)
    }

    /// Height of a panel with its texts.
    fn cell_height(&self) -> i32 {
        match self.grid() {
            (1, _) => 700,
            (2, 1) => 580,
            (2, _) | (3, 1) => 460,
            _ => 390,
        }
    }

    fn other_color(&self) -> RGBColor {
        if self.split == HeldOutSplit::Validation { GREEN } else { VERMILION }
    }
}

const HEADER: i32 = 128;

impl Drawable for Multiples {
    fn size(&self) -> (u32, u32) {
        let height = HEADER + self.grid().1 * self.cell_height() + MARGIN;
        (WIDTH as u32, height as u32)
    }

    fn paint<DB: DrawingBackend>(&self, area: &DrawingArea<DB, Shift>, pen: &Pen) -> Result<()> {
        let top = pen.heading(area, &self.title, &self.subtitle)?;
        let entries = [
            (LegendMark::Line(BLUE), "train accuracy in %"),
            (LegendMark::Line(self.other_color()), self.split.name()),
            (LegendMark::Shade, "gap, in points of the last epoch over each panel"),
        ];
        pen.legend(area, top, &entries)?;
        let (columns, _) = self.grid();
        let width = (WIDTH - 2 * MARGIN) / columns;
        for (index, small) in self.panels.iter().enumerate() {
            let (column, row) = (index as i32 % columns, index as i32 / columns);
            let (x, y) = (MARGIN + column * width, HEADER + row * self.cell_height());
            let panel = Panel {
                left: pen.px(x + LEFT),
                top: pen.px(y + CAPTION),
                right: pen.px(x + width - 18),
                bottom: pen.px(y + self.cell_height() - BELOW),
                x: AxisRange::new(0.0, self.x_max),
                y: self.y,
            };
            self.panel(area, pen, &panel, small)?;
        }
        Ok(())
    }
}

impl Multiples {
    fn panel<DB: DrawingBackend>(
        &self,
        area: &DrawingArea<DB, Shift>,
        pen: &Pen,
        panel: &Panel,
        small: &Small,
    ) -> Result<()> {
        let room = panel.right - panel.left;
        let top_of = |lines: i32| panel.top - pen.px(16 + lines * (TEXT_SIZE + 8));
        let over = |lines: i32| Pixel::new(panel.left, top_of(lines));
        let lines = pen.two_lines(&small.label, TEXT_SIZE + 2, room)?;
        for (line, text) in (1..).zip(lines.iter().rev()) {
            pen.text(area, text, over(line), TEXT_SIZE + 2, HPos::Left)?;
        }
        let caption = pen.shortened(&small.caption, TEXT_SIZE, room)?;
        pen.colored_text(area, &caption, over(0), TEXT_SIZE, HPos::Left, INK)?;
        let most = if self.grid().0 == 1 { 10 } else { 5 };
        let (xs, ys) = (panel.epoch_ticks(most), panel.y_ticks(6));
        pen.grid(area, panel, &xs, &ys)?;
        pen.x_numbers(area, panel, &xs, TEXT_SIZE)?;
        pen.y_numbers(area, panel, &ys, TEXT_SIZE)?;
        let middle = (panel.left + panel.right) / 2;
        let below = Pixel::new(middle, panel.bottom + pen.px(44));
        pen.text(area, "epoch", below, TEXT_SIZE, HPos::Center)?;
        let (train, other) = (&small.train, &small.other);
        let shade = SHADE.mix(SHADE_OPACITY);
        pen.fill_between(area, panel, &train.mean, &other.mean, shade)?;
        for (band, color) in [(other, self.other_color()), (train, BLUE)] {
            pen.fill_between(area, panel, &band.high, &band.low, color.mix(0.25))?;
            pen.curve(area, panel, &band.mean, Stroke::solid(color))?;
        }
        Ok(())
    }
}
