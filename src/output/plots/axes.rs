//! Grid, ticks and labels. Used instead of plotters' own mesh, which places text of an embedded
//! font some pixels too high and has ticks between whole epochs.

use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::HPos;

use crate::error::Result;
use crate::output::plots::axis_range::AxisRange;
use crate::output::plots::chart::Chart;
use crate::output::plots::pen::{Axes, INK, LABEL_SIZE, MARGIN, Pen, broken};
use crate::output::plots::pixel::Pixel;

pub(super) const GRID: RGBColor = RGBColor(222, 222, 222);
const X_LABELS: i32 = 76; // height of what stands under the x axis
const Y_LABELS: i32 = 104; // width of what stands beside the y axis

impl Pen {
    /// The coordinate system below `top`, with its grid.
    pub(super) fn axes<'a, DB: DrawingBackend>(
        &self,
        area: &DrawingArea<DB, Shift>,
        top: i32,
        chart: &Chart,
    ) -> Result<Axes<'a, DB>> {
        let AxisRange { low, high } = chart.y_range;
        let mut axes = ChartBuilder::on(area)
            .margin_top(top + self.px(12))
            .margin_left(self.px(Y_LABELS))
            .margin_right(self.px(MARGIN + 8))
            .margin_bottom(self.px(X_LABELS))
            .build_cartesian_2d(0.0..chart.x_max, low..high)
            .map_err(broken)?;
        let grid = GRID.stroke_width(self.px(1) as u32);
        let axis = INK.stroke_width(self.px(1) as u32);
        let vertical = x_ticks(chart).into_iter().map(|x| vec![(x, low), (x, high)]);
        let horizontal = y_ticks(chart).into_iter().map(|y| vec![(0.0, y), (chart.x_max, y)]);
        let lines = vertical.chain(horizontal).map(|ends| PathElement::new(ends, grid));
        axes.draw_series(lines).map_err(broken)?;
        let corner = [(0.0, high), (0.0, low), (chart.x_max, low)];
        let frame = corner.windows(2).map(|ends| PathElement::new(ends.to_vec(), axis));
        axes.draw_series(frame).map_err(broken)?;
        Ok(axes)
    }

    /// Numbers at the ticks and the axes' names.
    pub(super) fn labels<DB: DrawingBackend>(
        &self,
        area: &DrawingArea<DB, Shift>,
        axes: &Axes<DB>,
        chart: &Chart,
    ) -> Result<()> {
        let AxisRange { low, high } = chart.y_range;
        for x in x_ticks(chart) {
            let (x_pixel, y_pixel) = axes.backend_coord(&(x, low));
            let place = Pixel::new(x_pixel, y_pixel + self.px(20));
            self.text(area, &format!("{x:.0}"), place, LABEL_SIZE, HPos::Center)?;
        }
        let ticks = y_ticks(chart);
        for y in &ticks {
            let (x_pixel, y_pixel) = axes.backend_coord(&(0.0, *y));
            let place = Pixel::new(x_pixel - self.px(14), y_pixel);
            self.text(area, &tick_text(*y, &ticks, chart), place, LABEL_SIZE, HPos::Right)?;
        }
        let (x_middle, bottom) = axes.backend_coord(&(chart.x_max / 2.0, low));
        let below = Pixel::new(x_middle, bottom + self.px(54));
        self.text(area, "epoch", below, LABEL_SIZE, HPos::Center)?;
        let (_, y_middle) = axes.backend_coord(&(0.0, 0.5 * (low + high)));
        self.upright(area, &chart.y_name, Pixel::new(self.px(20), y_middle), LABEL_SIZE)
    }
}

/// Whole epochs.
fn x_ticks(chart: &Chart) -> Vec<f64> {
    ticks(0.0, chart.x_max, nice_step(chart.x_max, 10).max(1.0))
}

/// On a logarithmic axis the powers of ten, or every n-th one if there are too many.
fn y_ticks(chart: &Chart) -> Vec<f64> {
    let AxisRange { low, high } = chart.y_range;
    let step = nice_step(high - low, 8);
    ticks(low, high, if chart.is_log { step.max(1.0) } else { step })
}

/// Multiples of `step` in the range.
pub(super) fn ticks(low: f64, high: f64, step: f64) -> Vec<f64> {
    let (first, last) = (low / step, high / step);
    // Rounding must not lose a tick at an end of the axis.
    let (first, last) = ((first - 1e-6).ceil() as i64, (last + 1e-6).floor() as i64);
    (first..=last).map(|tick| tick as f64 * step).collect()
}

/// 1, 2 or 5 times a power of ten, so that there are at most `most` steps.
pub(super) fn nice_step(range: f64, most: u32) -> f64 {
    let raw = (range / f64::from(most)).max(f64::MIN_POSITIVE);
    let power = libm::exp10(libm::floor(libm::log10(raw)));
    let factors = [1.0, 2.0, 5.0].into_iter();
    let fitting = factors.map(|factor| factor * power).find(|step| *step >= raw * 0.999);
    fitting.unwrap_or(10.0 * power)
}

/// As many digits as distinguish the ticks.
fn tick_text(y: f64, ticks: &[f64], chart: &Chart) -> String {
    if chart.is_log {
        return match y.round() as i64 {
            exponent @ -3..=4 => format!("{}", libm::exp10(exponent as f64) as f32),
            exponent => format!("1e{exponent}"),
        };
    }
    plain_tick_text(y, ticks)
}

/// As many digits as distinguish the ticks of a linear axis.
pub(super) fn plain_tick_text(y: f64, ticks: &[f64]) -> String {
    let step = ticks.get(1).map_or(1.0, |second| second - ticks[0]);
    match step {
        1e4.. => format!("{y:.0e}"),
        _ => {
            let digits = (-libm::floor(libm::log10(step) + 1e-9)).clamp(0.0, 9.0) as usize;
            format!("{y:.digits$}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_numbers_within_the_axis() {
        assert_eq!(nice_step(200.0, 10), 20.0);
        assert_eq!(nice_step(3.6, 8), 0.5);
        assert_eq!(ticks(10.0, 100.0, 20.0), [20.0, 40.0, 60.0, 80.0, 100.0]);
        assert_eq!(ticks(0.0, 1.0, 1.0), [0.0, 1.0]);
    }
}
