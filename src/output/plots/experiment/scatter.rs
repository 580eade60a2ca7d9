//! Train, the other split and the gap at the last epoch along a setting of many numbers, as a search draws
//! them: a dot for each run on an axis of numbers.

use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::HPos;
use serde_json::Value;

use crate::error::Result;
use crate::escape::escape_controls;
use crate::output::plots::axes::{nice_step, plain_tick_text, ticks};
use crate::output::plots::axis_range::AxisRange;
use crate::output::plots::draw::Drawable;
use crate::output::plots::experiment::halves::{BELOW, HEADER, Half, LEFT, SIZE, above_panels};
use crate::output::plots::experiment::{ExperimentPlot, words};
use crate::output::plots::panel::Panel;
use crate::output::plots::pen::{INK, LABEL_SIZE, Pen};
use crate::output::plots::pixel::Pixel;
use crate::output::plots::{BLUE, GREEN, VERMILION};
use crate::runs::figures::Figure;
use crate::runs::held_out::HeldOutSplit;

/// Only numbers of which the largest is so many times the smallest stand on a logarithmic axis.
const LOG_FROM: f64 = 10.0;
/// Margin at each end of the axis, as a share of its length.
const AIR: f64 = 0.03;

/// Dots of one figure: the setting's number, or its logarithm, and the figure.
struct DotSeries {
    color: RGBColor,
    dots: Vec<(f64, f64)>,
}

/// The axis of a setting.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct SettingAxis {
    is_log: bool,                // then in powers of ten
    pub(super) range: AxisRange, // low below high
}

/// Two panels: accuracies, and the gap.
pub(super) struct Scatter {
    title: String,
    subtitle: String,
    name: String,
    split: HeldOutSplit,
    axis: SettingAxis,
    accuracies: Vec<DotSeries>,
    gap: DotSeries,
}

/// The figures along `key`, where its values are numbers.
pub(super) fn accuracy_and_gap(experiment: &ExperimentPlot, key: &str) -> Scatter {
    let split = experiment.split;
    let number = |config: &crate::output::plots::experiment::seeds::PlottedConfig| {
        config.settings.get(key).and_then(Value::as_f64)
    };
    let axis = SettingAxis::of(experiment.configs.iter().filter_map(number));
    let series = |figure: Figure, color: RGBColor| {
        let with_number = experiment.configs.iter().filter_map(|c| Some((axis.at(number(c)?), c)));
        let dots = with_number
            .flat_map(|(x, config)| config.last(figure).into_iter().map(move |y| (x, y)));
        DotSeries { color, dots: dots.filter(|dot| dot.1.is_finite()).collect() }
    };
    let other = if split == HeldOutSplit::Validation { GREEN } else { VERMILION };
    let name = words(key, &experiment.varied);
    let pooled = match experiment.varied.len() {
        1 => "",
        _ => ", whatever the other settings",
    };
    Scatter {
        title: escape_controls(&format!("Gap by {name}: {}", experiment.title)).into_owned(),
        subtitle: format!("{}last epoch; dot: a run{pooled}", experiment.remark()),
        accuracies: vec![
            series(Figure::TrainAccuracy, BLUE),
            series(Figure::accuracy(split), other),
        ],
        gap: series(Figure::gap(split), INK),
        name,
        split,
        axis,
    }
}

impl SettingAxis {
    /// Logarithmic if that spreads the numbers more evenly: if their median is closer to the middle.
    pub(super) fn of(numbers: impl Iterator<Item = f64>) -> SettingAxis {
        let mut numbers: Vec<f64> = numbers.collect();
        numbers.sort_by(f64::total_cmp);
        numbers.dedup();
        let (Some(&low), Some(&high)) = (numbers.first(), numbers.last()) else {
            return SettingAxis { is_log: false, range: AxisRange::new(0.0, 1.0) };
        };
        let middle = numbers[numbers.len() / 2];
        let off = |start: f64, inner: f64, end: f64| ((inner - start) / (end - start) - 0.5).abs();
        let [log_low, log_middle, log_high] = [low, middle, high].map(libm::log10);
        let is_wide = low > 0.0 && high / low > LOG_FROM;
        let is_log = is_wide && off(log_low, log_middle, log_high) < off(low, middle, high);
        let (from, to) = if is_log { (log_low, log_high) } else { (low, high) };
        let air = AIR * (to - from);
        let range = match to > from && air.is_finite() {
            true => AxisRange::new(from - air, to + air),
            false => AxisRange::new(0.0, 1.0),
        };
        SettingAxis { is_log, range }
    }

    /// Where a number stands on it.
    pub(super) fn at(self, number: f64) -> f64 {
        if self.is_log { libm::log10(number) } else { number }
    }

    /// The positions and labels of ticks: on a logarithmic axis powers of ten and, if those are
    /// few, numbers between them.
    pub(super) fn ticks(self) -> Vec<(f64, String)> {
        let AxisRange { low, high } = self.range;
        if !self.is_log {
            let xs = ticks(low, high, nice_step(high - low, 6));
            return xs.iter().map(|x| (*x, plain_tick_text(*x, &xs))).collect();
        }
        let factors: &[f64] = match high - low {
            ..2.0 => &[1.0, 2.0, 5.0],
            2.0..3.5 => &[1.0, 3.0],
            _ => &[1.0],
        };
        let powers =
            (low.floor() as i32..=high.floor() as i32).map(|power| libm::exp10(power.into()));
        let every = ((high - low) / 8.0).ceil().max(1.0) as usize;
        let numbers =
            powers.step_by(every).flat_map(|power| factors.iter().map(move |f| f * power));
        let text = |number: f64| match number {
            1e-5..1e6 => format!("{}", number as f32),
            _ => format!("{number:.0e}"),
        };
        let placed = numbers.map(|number| (libm::log10(number), text(number)));
        placed.filter(|(x, _)| (low..=high).contains(x)).collect()
    }
}

impl Drawable for Scatter {
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

impl Scatter {
    fn panel<DB: DrawingBackend>(
        &self,
        area: &DrawingArea<DB, Shift>,
        pen: &Pen,
        half: Half<'_, DotSeries>,
    ) -> Result<()> {
        let Half { left, right, y_name, series, .. } = half;
        let dots = series.iter().flat_map(|series| series.dots.iter().map(|dot| dot.1));
        let panel = Panel {
            left: pen.px(left + LEFT),
            top: pen.px(HEADER),
            right: pen.px(right),
            bottom: pen.px(SIZE.1 - BELOW),
            x: self.axis.range,
            y: half.range(dots),
        };
        let (xs, ys) = (self.axis.ticks(), panel.y_ticks(8));
        let x_ticks: Vec<f64> = xs.iter().map(|tick| tick.0).collect();
        pen.grid(area, &panel, &x_ticks, &ys)?;
        pen.y_numbers(area, &panel, &ys, LABEL_SIZE)?;
        for (x, text) in &xs {
            let middle = panel.at(*x, panel.y.low).x;
            let place = Pixel::new(middle, panel.bottom + pen.px(22));
            pen.text(area, text, place, LABEL_SIZE, HPos::Center)?;
        }
        let beside = Pixel::new(pen.px(left), (panel.top + panel.bottom) / 2);
        pen.upright(area, y_name, beside, LABEL_SIZE)?;
        let middle = (panel.left + panel.right) / 2;
        let below = Pixel::new(middle, panel.bottom + pen.px(BELOW - 26));
        let name = pen.shortened(&self.name, LABEL_SIZE, panel.right - panel.left)?;
        pen.text(area, &name, below, LABEL_SIZE, HPos::Center)?;
        for drawn in series {
            for (x, y) in &drawn.dots {
                pen.dot(area, panel.at(*x, *y), 6, drawn.color.mix(0.7))?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(numbers: &[f64]) -> Vec<String> {
        SettingAxis::of(numbers.iter().copied()).ticks().into_iter().map(|tick| tick.1).collect()
    }

    #[test]
    fn ticks_are_round_numbers_of_the_axis() {
        assert_eq!(texts(&[0.0, 0.3, 0.6]), ["0.0", "0.2", "0.4", "0.6"]);
        assert_eq!(texts(&[1e-5, 1e-3, 0.1]), ["0.00001", "0.0001", "0.001", "0.01", "0.1"]);
        assert_eq!(texts(&[1e-4, 0.003, 0.1])[..3], ["0.0001", "0.0003", "0.001"]);
        assert_eq!(texts(&[16.0, 100.0, 800.0]), ["20", "50", "100", "200", "500"]);
    }

    #[test]
    fn numbers_that_were_drawn_evenly_stand_on_a_linear_axis() {
        assert!(!SettingAxis::of([0.005, 0.1, 0.3, 0.45, 0.6].into_iter()).is_log);
        assert!(SettingAxis::of([0.005, 0.01, 0.05, 0.2, 0.6].into_iter()).is_log);
        assert!(!SettingAxis::of([0.0, 0.01, 0.05, 0.2, 0.6].into_iter()).is_log);
    }

    #[test]
    fn axes_of_odd_numbers_are_axes() {
        for numbers in [&[][..], &[3.0], &[-1e308, 1e308], &[0.0, 1e300], &[1e-300, 1.0, 1e300]] {
            let axis = SettingAxis::of(numbers.iter().copied());
            assert!(axis.range.low < axis.range.high, "{axis:?}");
            assert!(axis.ticks().len() < 100, "{axis:?}");
        }
    }
}
