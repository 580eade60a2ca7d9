//! Draws a chart with plotters on any of its backends; the legend is above the axes, where it
//! covers no curve.

use plotters::coord::Shift;
use plotters::prelude::*;

use crate::error::Result;
use crate::output::plots::axis_range::AxisRange;
use crate::output::plots::chart::{Chart, ChartPoint, segments};
use crate::output::plots::legend::LegendMark;
use crate::output::plots::pen::{
    Axes, INK, MARGIN, Pen, SHADE, SHADE_OPACITY, TITLE_SIZE, broken, provide_font,
};

pub(super) const WIDTH: u32 = 1200;
pub(super) const HEIGHT: u32 = 800;

/// A picture that can be drawn on any backend.
pub(super) trait Drawable {
    /// Width and height in the picture's pixels.
    fn size(&self) -> (u32, u32);

    /// Draws everything on white.
    fn paint<DB: DrawingBackend>(&self, area: &DrawingArea<DB, Shift>, pen: &Pen) -> Result<()>;
}

/// The picture as SVG text.
pub(super) fn svg(picture: &impl Drawable) -> Result<String> {
    let mut text = String::new();
    let area = SVGBackend::with_string(&mut text, picture.size()).into_drawing_area();
    draw(&area, picture, 1)?;
    drop(area); // closes the document
    Ok(text)
}

/// Draws on a backend whose pixels are `1 / scale` of the picture's.
pub(super) fn draw<DB: DrawingBackend>(
    area: &DrawingArea<DB, Shift>,
    picture: &impl Drawable,
    scale: i32,
) -> Result<()> {
    provide_font()?;
    area.fill(&WHITE).map_err(broken)?;
    picture.paint(area, &Pen::new(scale, picture.size().0 as i32))?;
    area.present().map_err(broken)
}

impl Drawable for Chart {
    fn size(&self) -> (u32, u32) {
        (WIDTH, HEIGHT)
    }

    fn paint<DB: DrawingBackend>(&self, area: &DrawingArea<DB, Shift>, pen: &Pen) -> Result<()> {
        pen.title(area, &self.title)?;
        let top = pen.legend(area, MARGIN + TITLE_SIZE + 16, &entries(self))?;
        let mut axes = pen.axes(area, top, self)?;
        pen.labels(area, &axes, self)?;
        if self.shade.is_some() {
            shade(&mut axes, self)?;
        }
        pen.mark_epoch(&mut axes, self)?;
        for curve in &self.curves {
            for segment in segments(&curve.points) {
                pen.line(&mut axes, segment, curve.color)?;
            }
        }
        pen.mark_point(&mut axes, self)
    }
}

impl Pen {
    /// One curve. Backends draw wide lines with a spike at each sharp corner: on pixel backends,
    /// every stretch is a separate line with a round end.
    fn line<DB: DrawingBackend>(
        &self,
        axes: &mut Axes<DB>,
        points: &[ChartPoint],
        color: RGBColor,
    ) -> Result<()> {
        let stroke = color.stroke_width(self.px(3) as u32);
        if !self.draws_pixels() && points.len() > 1 {
            let path = PathElement::new(points.to_vec(), stroke);
            return axes.draw_series([path]).map(drop).map_err(broken);
        }
        let radius = if points.len() == 1 { self.px(5) } else { self.px(3) / 2 };
        let pairs = points.windows(2).map(|pair| PathElement::new(pair.to_vec(), stroke));
        axes.draw_series(pairs).map_err(broken)?;
        let joints = points.iter().map(|point| Circle::new(*point, radius, color.filled()));
        axes.draw_series(joints).map(drop).map_err(broken)
    }

    /// A dashed line through the plot at the best epoch.
    fn mark_epoch<DB: DrawingBackend>(&self, axes: &mut Axes<DB>, chart: &Chart) -> Result<()> {
        let Some(best) = &chart.best else {
            return Ok(());
        };
        const DASHES: usize = 40;
        let AxisRange { low, high } = chart.y_range;
        let at = |share: usize| low + (high - low) * share as f64 / (2 * DASHES) as f64;
        let dashes = (0..DASHES).map(|dash| {
            let ends = vec![(best.x, at(2 * dash)), (best.x, at(2 * dash + 1))];
            PathElement::new(ends, INK.mix(0.6).stroke_width(self.px(2) as u32))
        });
        axes.draw_series(dashes).map(drop).map_err(broken)
    }

    fn mark_point<DB: DrawingBackend>(&self, axes: &mut Axes<DB>, chart: &Chart) -> Result<()> {
        let (Some(best), Some(test)) = (&chart.best, chart.curves.last()) else {
            return Ok(());
        };
        let ring = |radius, color: RGBColor| Circle::new((best.x, best.y), radius, color.filled());
        let rings = [ring(self.px(9), test.color), ring(self.px(5), WHITE)];
        axes.draw_series(rings).map(drop).map_err(broken)
    }
}

fn entries(chart: &Chart) -> Vec<(LegendMark, &str)> {
    let curves = chart.curves.iter();
    let mut entries: Vec<(LegendMark, &str)> =
        curves.map(|curve| (LegendMark::Line(curve.color), &*curve.label)).collect();
    entries.extend(chart.shade.iter().map(|label| (LegendMark::Shade, &**label)));
    if let (Some(best), Some(test)) = (&chart.best, chart.curves.last()) {
        entries.push((LegendMark::Point(test.color), &*best.label));
    }
    entries
}

/// Fills the area between the first and the last curve, where both have values.
fn shade<DB: DrawingBackend>(axes: &mut Axes<DB>, chart: &Chart) -> Result<()> {
    let (Some(upper), Some(lower)) = (chart.curves.first(), chart.curves.last()) else {
        return Ok(());
    };
    for (above, below) in
        crate::output::plots::chart::common_stretches(&upper.points, &lower.points)
    {
        let outline: Vec<_> = above.into_iter().chain(below.into_iter().rev()).collect();
        let polygon = Polygon::new(outline, SHADE.mix(SHADE_OPACITY).filled());
        axes.draw_series([polygon]).map_err(broken)?;
    }
    Ok(())
}
