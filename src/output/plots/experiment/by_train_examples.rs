//! Train and test accuracy against the number of training images: a curve for each config that is otherwise the
//! same. What more data would bring is where it leads to.

use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::HPos;

use crate::analysis::train_sizes::SIZES;
use crate::error::Result;
use crate::escape::escape_controls;
use crate::output::plots::axis_range::AxisRange;
use crate::output::plots::chart::ChartPoint;
use crate::output::plots::draw::Drawable;
use crate::output::plots::experiment::ExperimentPlot;
use crate::output::plots::experiment::palette::stroke;
use crate::output::plots::experiment::seeds::mean;
use crate::output::plots::experiment::size_curves::{SizeCurve, size_curves};
use crate::output::plots::legend::LegendMark;
use crate::output::plots::panel::{Panel, Stroke, range_of};
use crate::output::plots::pen::{LABEL_SIZE, LEGEND_SIZE, MARGIN, Pen, SWATCH};
use crate::output::plots::pixel::Pixel;
use crate::output::plots::{BLUE, GREEN, VERMILION};
use crate::runs::held_out::HeldOutSplit;
use crate::table::value::thousands;

/// As many as there are colours, because dashes tell train from test.
const MOST_CURVES: usize = 7;
const SIZE: (i32, i32) = (1200, 860);
/// Margin at each end of the axis, as a share of its length.
const AIR: f64 = 0.05;
/// Accuracy by number of training images.
pub(super) struct ByTrainExamples {
    title: String,
    subtitle: String,
    split: HeldOutSplit,
    curves: Vec<SizeCurve>,
    sizes: Vec<u64>, // in order
    range: AxisRange,
}

/// The curves of the configs. None where the number of training images does not vary with everything else equal.
pub(super) fn by_train_examples(experiment: &ExperimentPlot) -> Option<ByTrainExamples> {
    if !experiment.varied.iter().any(|key| SIZES.contains(&key.as_str())) {
        return None;
    }
    let mut curves = size_curves(experiment);
    let more = curves.len().saturating_sub(MOST_CURVES);
    curves.truncate(MOST_CURVES);
    let points = || curves.iter().flat_map(|curve| curve.train.iter().chain(&curve.held_out));
    let mut sizes: Vec<u64> = points().map(|(size, _)| *size).collect();
    sizes.sort_unstable();
    sizes.dedup();
    if sizes.len() < 2 {
        return None;
    }
    let range =
        range_of(points().flat_map(|point| point.1.iter().copied()), AxisRange::PERCENT, 0.2);
    let split = experiment.split;
    let left_out = match more {
        0 => String::new(),
        1 => "; 1 other curve is not drawn".to_owned(),
        more => format!("; {more} other curves are not drawn"),
    };
    let lines = if curves.len() > 1 {
        "; solid: ".to_owned() + split.name() + ", dashed: train"
    } else {
        String::new()
    };
    let title = format!("Accuracy by number of training images: {}", experiment.title);
    Some(ByTrainExamples {
        title: escape_controls(&title).into_owned(),
        subtitle: format!(
            "{}last epoch; dot: a seed; line: means{lines}{left_out}",
            experiment.remark()
        ),
        split,
        curves,
        sizes,
        range,
    })
}

impl ByTrainExamples {
    /// The lines of a curve: train, then the other split.
    fn strokes(&self, place: usize) -> [Stroke; 2] {
        let other = if self.split == HeldOutSplit::Validation { GREEN } else { VERMILION };
        match self.curves.len() {
            1 => [BLUE, other].map(Stroke::solid),
            _ => {
                let solid = stroke(place);
                [Stroke { is_dashed: true, width: 2, ..solid }, solid]
            }
        }
    }

    fn legend<DB: DrawingBackend>(
        &self,
        area: &DrawingArea<DB, Shift>,
        pen: &Pen,
        top: i32,
    ) -> Result<i32> {
        let mut entries: Vec<(LegendMark, String)> = Vec::new();
        for (place, curve) in self.curves.iter().enumerate() {
            let [train, other] = self.strokes(place).map(|stroke| LegendMark::Line(stroke.color));
            if self.curves.len() == 1 {
                entries.push((train, "train".to_owned()));
                entries.push((other, self.split.name().to_owned()));
            } else {
                let room = pen.room() / 2 - pen.px(SWATCH + 50);
                entries.push((other, pen.abridged(&curve.name, LEGEND_SIZE, room)?));
            }
        }
        let entries: Vec<(LegendMark, &str)> =
            entries.iter().map(|(mark, name)| (*mark, name.as_str())).collect();
        pen.legend(area, top, &entries)
    }
}

impl Drawable for ByTrainExamples {
    fn size(&self) -> (u32, u32) {
        (SIZE.0 as u32, SIZE.1 as u32)
    }

    fn paint<DB: DrawingBackend>(&self, area: &DrawingArea<DB, Shift>, pen: &Pen) -> Result<()> {
        let top = pen.heading(area, &self.title, &self.subtitle)?;
        let top = self.legend(area, pen, top)?;
        let xs: Vec<f64> = self.sizes.iter().map(|size| logarithm(*size)).collect();
        let (low, high) = (xs[0], xs[xs.len() - 1]);
        let air = AIR * (high - low);
        let panel = Panel {
            left: pen.px(MARGIN + 86),
            top: top + pen.px(14),
            right: pen.px(SIZE.0 - MARGIN - 12),
            bottom: pen.px(SIZE.1 - 80),
            x: AxisRange::new(low - air, high + air),
            y: self.range,
        };
        let ys = panel.y_ticks(8);
        pen.grid(area, &panel, &xs, &ys)?;
        pen.y_numbers(area, &panel, &ys, LABEL_SIZE)?;
        let numbers = self.sizes.iter().map(|size| (logarithm(*size), thousands(*size)));
        pen.x_labels(area, &panel, numbers, LABEL_SIZE)?;
        let below = Pixel::new((panel.left + panel.right) / 2, panel.bottom + pen.px(54));
        let name = "training images (logarithmic)";
        pen.text(area, name, below, LABEL_SIZE, HPos::Center)?;
        let beside = Pixel::new(pen.px(22), (panel.top + panel.bottom) / 2);
        pen.upright(area, "accuracy in %", beside, LABEL_SIZE)?;
        for (place, curve) in self.curves.iter().enumerate() {
            for (points, stroke) in
                [&curve.train, &curve.held_out].into_iter().zip(self.strokes(place))
            {
                let means: Vec<ChartPoint> =
                    points.iter().map(|(size, values)| (logarithm(*size), mean(values))).collect();
                pen.curve(area, &panel, &means, stroke)?;
                for (size, values) in points {
                    for value in values {
                        pen.dot(
                            area,
                            panel.at(logarithm(*size), *value),
                            6,
                            stroke.color.mix(0.55),
                        )?;
                    }
                }
            }
        }
        Ok(())
    }
}

fn logarithm(size: u64) -> f64 {
    libm::log10(size.max(1) as f64)
}
