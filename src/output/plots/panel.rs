//! A rectangle of a picture with two axes: several of them are side by side, which plotters' own
//! coordinate systems do not support.

use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::HPos;

use crate::error::Result;
use crate::output::plots::axes::{GRID, nice_step, plain_tick_text, ticks};
use crate::output::plots::chart::{ChartPoint, common_stretches, segments};
use crate::output::plots::dashes::dashes;
use crate::output::plots::pen::{INK, Pen, broken};

/// A panel's position in the backend's pixels, and the values at its ends.
#[derive(Debug, Clone, Copy)]
pub(super) struct Panel {
    pub(super) left: i32,
    pub(super) top: i32,
    pub(super) right: i32,
    pub(super) bottom: i32,
    pub(super) x: (f64, f64),
    pub(super) y: (f64, f64),
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
    /// The pixel of a point.
    pub(super) fn at(&self, (x, y): ChartPoint) -> (i32, i32) {
        let share = |value: f64, (low, high): (f64, f64)| (value - low) / (high - low);
        let along = |share: f64, from: i32, to: i32| {
            f64::from(from) + share.clamp(-1.0, 2.0) * f64::from(to - from)
        };
        let x = along(share(x, self.x), self.left, self.right).round() as i32;
        (x, along(share(y, self.y), self.bottom, self.top).round() as i32)
    }

    /// Whole epochs.
    pub(super) fn epoch_ticks(&self, most: u32) -> Vec<f64> {
        ticks(self.x.0, self.x.1, nice_step(self.x.1 - self.x.0, most).max(1.0))
    }

    pub(super) fn y_ticks(&self, most: u32) -> Vec<f64> {
        ticks(self.y.0, self.y.1, nice_step(self.y.1 - self.y.0, most))
    }
}

/// A range around values that ends at ticks, no wider than `within`; `air` of a tick's distance is left
/// free at both ends.
pub(super) fn range_of(
    values: impl Iterator<Item = f64>,
    within: (f64, f64),
    air: f64,
) -> (f64, f64) {
    let finite = values.filter(|value| value.is_finite());
    let range = finite.fold(None, |range: Option<(f64, f64)>, value| match range {
        None => Some((value, value)),
        Some((low, high)) => Some((low.min(value), high.max(value))),
    });
    let Some((low, high)) = range else {
        return (within.0.max(0.0), within.1);
    };
    let step = nice_step((high - low).max(1.0), 8);
    let (below, above) = ((low / step - air).floor() * step, (high / step + air).ceil() * step);
    let (below, above) = (below.max(within.0), above.min(within.1));
    (below, if above > below { above } else { below + step })
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
            let (x, _) = panel.at((*x, panel.y.0));
            line((x, panel.top), (x, panel.bottom), GRID)?;
        }
        for y in ys {
            let (_, y) = panel.at((panel.x.0, *y));
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
            let place = (panel.at((*x, panel.y.0)).0, panel.bottom + self.px(size * 5 / 6));
            self.text(area, &format!("{x:.0}"), place, size, HPos::Center)?;
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
            let place = (panel.left - self.px(12), panel.at((panel.x.0, *y)).1);
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
            let pixels: Vec<(i32, i32)> = segment.iter().map(|point| panel.at(*point)).collect();
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
        pixels: &[(i32, i32)],
        stroke: Stroke,
    ) -> Result<()> {
        let width = self.px(stroke.width);
        let style = stroke.color.stroke_width(width as u32);
        if !self.draws_pixels() && pixels.len() > 1 {
            return area.draw(&PathElement::new(pixels.to_vec(), style)).map_err(broken);
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
        (upper, lower): (&[ChartPoint], &[ChartPoint]),
        (color, opacity): (RGBColor, f64),
    ) -> Result<()> {
        for (upper, lower) in common_stretches(upper, lower) {
            let outline = upper.iter().chain(lower.iter().rev());
            let outline: Vec<(i32, i32)> = outline.map(|point| panel.at(*point)).collect();
            let polygon = Polygon::new(outline, color.mix(opacity).filled());
            area.draw(&polygon).map_err(broken)?;
        }
        Ok(())
    }

    /// A filled rectangle in the backend's pixels.
    pub(super) fn rectangle<DB: DrawingBackend>(
        &self,
        area: &DrawingArea<DB, Shift>,
        corners: [(i32, i32); 2],
        style: ShapeStyle,
    ) -> Result<()> {
        area.draw(&Rectangle::new(corners, style)).map_err(broken)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_end_at_ticks_within_their_bounds() {
        let range = |values: &[f64]| range_of(values.iter().copied(), (0.0, 100.0), 0.0);
        assert_eq!(range(&[48.3, 53.1]), (48.0, 54.0));
        assert_eq!(range(&[99.0, 100.0]), (99.0, 100.0));
        assert_eq!(range(&[100.0, 100.0]).0, 100.0);
        assert_eq!(range(&[f64::NAN]), (0.0, 100.0));
        let range = |air| range_of([-3.0, 40.0].into_iter(), (-100.0, 100.0), air);
        assert_eq!((range(0.0), range(0.3)), ((-10.0, 40.0), (-10.0, 50.0)));
    }
}
