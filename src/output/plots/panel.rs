//! A rectangle of a picture with two axes: several of them are side by side, which plotters' own
//! coordinate systems do not support.

use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::HPos;

use crate::error::Result;
use crate::output::plots::axes::{GRID, nice_step, plain_tick_text, ticks};
use crate::output::plots::axis_range::AxisRange;
use crate::output::plots::chart::{ChartPoint, common_stretches, segments};
use crate::output::plots::dashes::dashes;
use crate::output::plots::pen::{INK, Pen, broken};
use crate::output::plots::pixel::{Corners, Pixel};

/// A panel's position in the backend's pixels, and the values at its ends.
#[derive(Debug, Clone, Copy)]
pub(super) struct Panel {
    pub(super) left: i32,
    pub(super) top: i32,
    pub(super) right: i32,
    pub(super) bottom: i32,
    pub(super) x: AxisRange,
    pub(super) y: AxisRange,
}

/// How a curve is drawn.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stroke {
    pub(super) color: RGBColor,
    pub(super) width: i32, // in the picture's pixels
    pub(super) is_dashed: bool,
}

impl Stroke {
    /// A line of a curve that matters.
    pub(super) fn solid(color: RGBColor) -> Stroke {
        Stroke { color, width: 3, is_dashed: false }
    }
}

impl Panel {
    /// The pixel of a place on its axes.
    pub(super) fn at(&self, x: f64, y: f64) -> Pixel {
        let along = |share: f64, from: i32, to: i32| {
            f64::from(from) + share.clamp(-1.0, 2.0) * f64::from(to - from)
        };
        let x = along(self.x.share(x), self.left, self.right).round() as i32;
        Pixel::new(x, along(self.y.share(y), self.bottom, self.top).round() as i32)
    }

    /// The pixels of points.
    fn pixels<'a>(&self, points: impl Iterator<Item = &'a ChartPoint>) -> Vec<Pixel> {
        points.map(|(x, y)| self.at(*x, *y)).collect()
    }

    /// Whole epochs.
    pub(super) fn epoch_ticks(&self, most: u32) -> Vec<f64> {
        ticks(self.x.low, self.x.high, nice_step(self.x.high - self.x.low, most).max(1.0))
    }

    pub(super) fn x_ticks(&self, most: u32) -> Vec<f64> {
        ticks(self.x.low, self.x.high, nice_step(self.x.high - self.x.low, most))
    }

    pub(super) fn y_ticks(&self, most: u32) -> Vec<f64> {
        ticks(self.y.low, self.y.high, nice_step(self.y.high - self.y.low, most))
    }
}

/// A range around values that ends at ticks, no wider than `within`; `air` of a tick's distance is left
/// free at both ends.
pub(super) fn range_of(
    values: impl Iterator<Item = f64>,
    within: AxisRange,
    air: f64,
) -> AxisRange {
    let finite = values.filter(|value| value.is_finite());
    let range = finite.fold(None, |range: Option<AxisRange>, value| match range {
        None => Some(AxisRange::new(value, value)),
        Some(AxisRange { low, high }) => Some(AxisRange::new(low.min(value), high.max(value))),
    });
    let Some(AxisRange { low, high }) = range else {
        return AxisRange::new(within.low.max(0.0), within.high);
    };
    let step = nice_step((high - low).max(1.0), 8);
    let (below, above) = ((low / step - air).floor() * step, (high / step + air).ceil() * step);
    let (below, above) = (below.max(within.low), above.min(within.high));
    AxisRange::new(below, if above > below { above } else { below + step })
}

/// Like [`range_of`] for gaps: from 0 on, so that a gap that is half as long is half as large; further down only if
/// a gap is negative.
pub(super) fn gap_range(values: impl Iterator<Item = f64>, air: f64) -> AxisRange {
    let finite: Vec<f64> = values.filter(|value| value.is_finite()).collect();
    if finite.is_empty() {
        return AxisRange::new(0.0, 100.0);
    }
    let is_negative = finite.iter().any(|value| *value < 0.0);
    let range = range_of(finite.into_iter().chain([0.0]), AxisRange::POINTS, air);
    if is_negative { range } else { AxisRange { low: 0.0, ..range } }
}

impl Pen {
    /// Grid and frame.
    pub(super) fn grid<DB: DrawingBackend>(
        &self,
        area: &DrawingArea<DB, Shift>,
        panel: &Panel,
        xs: &[f64],
        ys: &[f64],
    ) -> Result<()> {
        let line = |from, to, color: RGBColor| {
            let stroke = color.stroke_width(self.px(1) as u32);
            area.draw(&PathElement::new(vec![from, to], stroke)).map_err(broken)
        };
        for x in xs {
            let Pixel { x, .. } = panel.at(*x, panel.y.low);
            line((x, panel.top), (x, panel.bottom), GRID)?;
        }
        for y in ys {
            let Pixel { y, .. } = panel.at(panel.x.low, *y);
            line((panel.left, y), (panel.right, y), GRID)?;
        }
        line((panel.left, panel.top), (panel.left, panel.bottom), INK)?;
        line((panel.left, panel.bottom), (panel.right, panel.bottom), INK)
    }

    /// Numbers under the x axis.
    pub(super) fn x_numbers<DB: DrawingBackend>(
        &self,
        area: &DrawingArea<DB, Shift>,
        panel: &Panel,
        xs: &[f64],
        size: i32,
    ) -> Result<()> {
        for x in xs {
            let Pixel { x: middle, .. } = panel.at(*x, panel.y.low);
            let place = Pixel::new(middle, panel.bottom + self.px(size * 5 / 6));
            self.text(area, &format!("{x:.0}"), place, size, HPos::Center)?;
        }
        Ok(())
    }

    /// Texts at places of the x axis, as far as they do not cover each other.
    pub(super) fn x_labels<DB: DrawingBackend>(
        &self,
        area: &DrawingArea<DB, Shift>,
        panel: &Panel,
        labels: impl IntoIterator<Item = (f64, String)>,
        size: i32,
    ) -> Result<()> {
        let mut free_from = i32::MIN;
        for (x, text) in labels {
            let Pixel { x: middle, .. } = panel.at(x, panel.y.low);
            let half = self.width(&text, size)? / 2;
            if middle - half >= free_from {
                let place = Pixel::new(middle, panel.bottom + self.px(22));
                self.text(area, &text, place, size, HPos::Center)?;
                free_from = middle + half + self.px(14);
            }
        }
        Ok(())
    }

    /// Numbers beside the y axis.
    pub(super) fn y_numbers<DB: DrawingBackend>(
        &self,
        area: &DrawingArea<DB, Shift>,
        panel: &Panel,
        ys: &[f64],
        size: i32,
    ) -> Result<()> {
        for y in ys {
            let Pixel { y: middle, .. } = panel.at(panel.x.low, *y);
            let place = Pixel::new(panel.left - self.px(12), middle);
            self.text(area, &plain_tick_text(*y, ys), place, size, HPos::Right)?;
        }
        Ok(())
    }

    /// A curve, broken where it has no value.
    pub(super) fn curve<DB: DrawingBackend>(
        &self,
        area: &DrawingArea<DB, Shift>,
        panel: &Panel,
        points: &[ChartPoint],
        stroke: Stroke,
    ) -> Result<()> {
        for segment in segments(points) {
            let pixels = panel.pixels(segment.iter());
            match stroke.is_dashed {
                true => {
                    for dash in dashes(&pixels, f64::from(self.px(14)), f64::from(self.px(8))) {
                        self.path(area, &dash, stroke)?;
                    }
                }
                false => self.path(area, &pixels, stroke)?,
            }
        }
        Ok(())
    }

    /// A line through pixels. On pixel backends, every stretch is a separate line with a round end,
    /// because backends draw wide lines with a spike at each sharp corner.
    fn path<DB: DrawingBackend>(
        &self,
        area: &DrawingArea<DB, Shift>,
        pixels: &[Pixel],
        stroke: Stroke,
    ) -> Result<()> {
        let width = self.px(stroke.width);
        let style = stroke.color.stroke_width(width as u32);
        let pixels: Vec<(i32, i32)> = pixels.iter().map(|pixel| pixel.coord()).collect();
        if !self.draws_pixels() && pixels.len() > 1 {
            return area.draw(&PathElement::new(pixels, style)).map_err(broken);
        }
        for pair in pixels.windows(2) {
            area.draw(&PathElement::new(pair.to_vec(), style)).map_err(broken)?;
        }
        let radius = if pixels.len() == 1 { self.px(4) } else { width / 2 };
        for pixel in pixels.iter().filter(|_| pixels.len() == 1 || width > 2) {
            area.draw(&Circle::new(*pixel, radius, stroke.color.filled())).map_err(broken)?;
        }
        Ok(())
    }

    /// Fills the area between two curves, where both have values.
    pub(super) fn fill_between<DB: DrawingBackend>(
        &self,
        area: &DrawingArea<DB, Shift>,
        panel: &Panel,
        upper: &[ChartPoint],
        lower: &[ChartPoint],
        color: RGBAColor,
    ) -> Result<()> {
        for (upper, lower) in common_stretches(upper, lower) {
            let outline = panel.pixels(upper.iter().chain(lower.iter().rev()));
            let outline: Vec<(i32, i32)> = outline.into_iter().map(Pixel::coord).collect();
            let polygon = Polygon::new(outline, color.filled());
            area.draw(&polygon).map_err(broken)?;
        }
        Ok(())
    }

    /// A straight line between two pixels; `width` in the picture's.
    pub(super) fn line_between<DB: DrawingBackend>(
        &self,
        area: &DrawingArea<DB, Shift>,
        ends: [(i32, i32); 2],
        width: i32,
        color: RGBColor,
    ) -> Result<()> {
        let stroke = color.stroke_width(self.px(width) as u32);
        area.draw(&PathElement::new(ends.to_vec(), stroke)).map_err(broken)
    }

    /// A filled rectangle in the backend's pixels.
    pub(super) fn rectangle<DB: DrawingBackend>(
        &self,
        area: &DrawingArea<DB, Shift>,
        corners: Corners,
        style: ShapeStyle,
    ) -> Result<()> {
        area.draw(&Rectangle::new(corners.coords(), style)).map_err(broken)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn axes_of_gaps_begin_at_zero() {
        let range = |values: &[f64]| gap_range(values.iter().copied(), 0.2);
        assert_eq!(range(&[51.9, 48.3]), AxisRange::new(0.0, 60.0));
        assert_eq!(range(&[-3.0, 40.0]), AxisRange::new(-10.0, 50.0));
        assert_eq!(range(&[0.0, f64::NAN]).low, 0.0);
        assert_eq!(range(&[]), AxisRange::new(0.0, 100.0));
    }

    #[test]
    fn ranges_end_at_ticks_within_their_bounds() {
        let range = |values: &[f64]| range_of(values.iter().copied(), AxisRange::PERCENT, 0.0);
        assert_eq!(range(&[48.3, 53.1]), AxisRange::new(48.0, 54.0));
        assert_eq!(range(&[99.0, 100.0]), AxisRange::new(99.0, 100.0));
        assert_eq!(range(&[100.0, 100.0]).low, 100.0);
        assert_eq!(range(&[f64::NAN]), AxisRange::PERCENT);
        let range = |air| range_of([-3.0, 40.0].into_iter(), AxisRange::POINTS, air);
        assert_eq!(range(0.0), AxisRange::new(-10.0, 40.0));
        assert_eq!(range(0.3), AxisRange::new(-10.0, 50.0));
    }
}
