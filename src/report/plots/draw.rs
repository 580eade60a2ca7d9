//! Draws a chart with plotters on any of its backends; the legend stands above the axes, where it
//! covers no curve.

use std::sync::OnceLock;

use plotters::chart::ChartContext;
use plotters::coord::Shift;
use plotters::coord::types::RangedCoordf64;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{FontStyle, register_font};

use super::chart::{Chart, segments};
use super::legend::Mark;
use crate::error::{Error, Result};

pub(super) const WIDTH: u32 = 1200;
pub(super) const HEIGHT: u32 = 800;

const FONT: &str = "sans-serif"; // the name that SVG viewers know for a font of their own
pub(super) const TITLE_SIZE: i32 = 32;
pub(super) const LEGEND_SIZE: i32 = 25;
pub(super) const LABEL_SIZE: i32 = 24;
pub(super) const MARGIN: i32 = 24;
pub(super) const SWATCH: i32 = 40;

pub(super) const INK: RGBColor = RGBColor(40, 40, 40);
pub(super) const SHADE: RGBColor = RGBColor(214, 197, 160);
pub(super) const SHADE_OPACITY: f64 = 0.4; // the grid stays visible

pub(super) type Axes<'a, DB> = ChartContext<'a, DB, Cartesian2d<RangedCoordf64, RangedCoordf64>>;

/// What can be drawn on any backend.
pub(super) trait Picture {
    /// Width and height in the picture's pixels.
    fn size(&self) -> (u32, u32);

    /// Draws everything on white.
    fn paint<DB: DrawingBackend>(&self, area: &DrawingArea<DB, Shift>, pen: &Pen) -> Result<()>;
}

/// The picture as SVG text.
pub(super) fn svg(picture: &impl Picture) -> Result<String> {
    let mut text = String::new();
    let area = SVGBackend::with_string(&mut text, picture.size()).into_drawing_area();
    draw(&area, picture, 1)?;
    drop(area); // closes the document
    Ok(text)
}

/// Draws on a backend whose pixels are `1 / scale` of the picture's.
pub(super) fn draw<DB: DrawingBackend>(
    area: &DrawingArea<DB, Shift>,
    picture: &impl Picture,
    scale: i32,
) -> Result<()> {
    provide_font()?;
    area.fill(&WHITE).map_err(broken)?;
    picture.paint(area, &Pen { scale, width: picture.size().0 as i32 })?;
    area.present().map_err(broken)
}

impl Picture for Chart {
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
                pen.line(&mut axes, segment, rgb(curve.color))?;
            }
        }
        pen.mark_point(&mut axes, self)
    }
}

/// Lengths in the picture's pixels, drawn in the backend's.
pub(super) struct Pen {
    scale: i32,
    width: i32, // of the picture
}

impl Pen {
    pub(super) fn px(&self, length: i32) -> i32 {
        length * self.scale
    }

    /// Text whose middle is at the height of `place`.
    pub(super) fn text<DB: DrawingBackend>(
        &self,
        area: &DrawingArea<DB, Shift>,
        text: &str,
        (x, y): (i32, i32),
        size: i32,
        side: HPos,
    ) -> Result<()> {
        self.colored_text(area, text, (x, y), size, (side, INK))
    }

    /// As [`Pen::text`] in another colour.
    pub(super) fn colored_text<DB: DrawingBackend>(
        &self,
        area: &DrawingArea<DB, Shift>,
        text: &str,
        (x, y): (i32, i32),
        size: i32,
        (side, color): (HPos, RGBColor),
    ) -> Result<()> {
        let style = TextStyle::from((FONT, self.px(size)).into_font()).color(&color);
        let style = style.pos(Pos::new(side, VPos::Center));
        let place = (x, y + self.lowering(size));
        area.draw(&Text::new(text.to_owned(), place, style)).map_err(broken)
    }

    /// Text that reads upwards, its middle at `place`.
    pub(super) fn upright<DB: DrawingBackend>(
        &self,
        area: &DrawingArea<DB, Shift>,
        text: &str,
        (x, y): (i32, i32),
        size: i32,
    ) -> Result<()> {
        let font = (FONT, self.px(size)).into_font().transform(FontTransform::Rotate270);
        let style = TextStyle::from(font).color(&INK).pos(Pos::new(HPos::Center, VPos::Center));
        let place = (x + self.lowering(size), y);
        area.draw(&Text::new(text.to_owned(), place, style)).map_err(broken)
    }

    /// Width of the picture, in its own pixels.
    pub(super) fn picture_width(&self) -> i32 {
        self.width
    }

    /// What plotters 0.3 draws letters of an embedded font too high on pixels: their middle lies
    /// at 0.19 of the font's height, where its layout expects half of 1 / 1.24.
    fn lowering(&self, size: i32) -> i32 {
        match self.draws_pixels() {
            true => self.px(size) * 21 / 100,
            false => 0,
        }
    }

    /// Pixels are drawn larger and then averaged; vectors are not.
    pub(super) fn draws_pixels(&self) -> bool {
        self.scale > 1
    }

    /// The width of a text in the backend's pixels.
    pub(super) fn width(&self, text: &str, size: i32) -> Result<i32> {
        let font = (FONT, self.px(size)).into_font();
        let (width, _) = font.box_size(text).map_err(broken)?;
        Ok(width as i32)
    }

    /// The text, or as much of its beginning as `room` pixels of the backend hold.
    pub(super) fn shortened(&self, text: &str, size: i32, room: i32) -> Result<String> {
        let mut shown = text.to_owned();
        let mut kept: Vec<char> = text.chars().take(200).collect();
        while self.width(&shown, size)? > room && !kept.is_empty() {
            kept.pop();
            shown = kept.iter().collect::<String>().trim_end().to_owned() + "…";
        }
        Ok(shown)
    }

    pub(super) fn title<DB: DrawingBackend>(
        &self,
        area: &DrawingArea<DB, Shift>,
        title: &str,
    ) -> Result<()> {
        let room = self.px(self.width - 2 * MARGIN);
        let shown = self.shortened(title, TITLE_SIZE, room)?;
        let place = (self.px(MARGIN), self.px(MARGIN + TITLE_SIZE / 2));
        self.text(area, &shown, place, TITLE_SIZE, HPos::Left)
    }

    /// One curve. Backends draw wide lines with a spike at each sharp corner: where pixels are
    /// drawn, every stretch is a line of its own with a round end.
    fn line<DB: DrawingBackend>(
        &self,
        axes: &mut Axes<DB>,
        points: &[(f64, f64)],
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
        let (low, high) = chart.y_range;
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
        let rings = [ring(self.px(9), rgb(test.color)), ring(self.px(5), WHITE)];
        axes.draw_series(rings).map(drop).map_err(broken)
    }
}

fn entries(chart: &Chart) -> Vec<(Mark, &str)> {
    let curves = chart.curves.iter();
    let mut entries: Vec<(Mark, &str)> =
        curves.map(|curve| (Mark::Line(rgb(curve.color)), &*curve.label)).collect();
    entries.extend(chart.shade.iter().map(|label| (Mark::Shade, &**label)));
    if let (Some(best), Some(test)) = (&chart.best, chart.curves.last()) {
        entries.push((Mark::Point(rgb(test.color)), &*best.label));
    }
    entries
}

/// Fills what lies between the first and the last curve, where both have values.
fn shade<DB: DrawingBackend>(axes: &mut Axes<DB>, chart: &Chart) -> Result<()> {
    let (Some(upper), Some(lower)) = (chart.curves.first(), chart.curves.last()) else {
        return Ok(());
    };
    for (upper, lower) in super::chart::common_stretches(&upper.points, &lower.points) {
        let outline: Vec<_> = upper.into_iter().chain(lower.into_iter().rev()).collect();
        let polygon = Polygon::new(outline, SHADE.mix(SHADE_OPACITY).filled());
        axes.draw_series([polygon]).map_err(broken)?;
    }
    Ok(())
}

pub(super) fn rgb((red, green, blue): (u8, u8, u8)) -> RGBColor {
    RGBColor(red, green, blue)
}

fn provide_font() -> Result<()> {
    static REGISTERED: OnceLock<bool> = OnceLock::new();
    let bytes = include_bytes!("../fonts/DejaVuSans-subset.ttf");
    let is_there = REGISTERED.get_or_init(|| register_font(FONT, FontStyle::Normal, bytes).is_ok());
    match is_there {
        true => Ok(()),
        false => Err(Error::Unexpected("the font of the plots is damaged".to_owned())),
    }
}

pub(super) fn broken(e: impl std::fmt::Display) -> Error {
    Error::Unexpected(format!("cannot draw a plot: {e}"))
}
