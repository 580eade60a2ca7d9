//! Shared drawing tools of all pictures: sizes and colours, the font, and fitted text.

use std::sync::OnceLock;

use plotters::chart::ChartContext;
use plotters::coord::Shift;
use plotters::coord::types::RangedCoordf64;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{FontStyle, register_font};

use crate::error::{Error, Result};
use crate::output::plots::pixel::Pixel;

const FONT: &str = "sans-serif"; // a name that SVG viewers map to one of their own fonts
pub(super) const TITLE_SIZE: i32 = 32;
pub(super) const LEGEND_SIZE: i32 = 25;
pub(super) const LABEL_SIZE: i32 = 24;
pub(super) const MARGIN: i32 = 24;
pub(super) const SWATCH: i32 = 40;

pub(super) const INK: RGBColor = RGBColor(40, 40, 40);
pub(super) const SHADE: RGBColor = RGBColor(214, 197, 160);
pub(super) const SHADE_OPACITY: f64 = 0.4; // the grid stays visible

pub(super) type Axes<'a, DB> = ChartContext<'a, DB, Cartesian2d<RangedCoordf64, RangedCoordf64>>;

/// Lengths in the picture's pixels, drawn in the backend's.
pub(super) struct Pen {
    scale: i32,
    width: i32, // of the picture
}

impl Pen {
    /// A pen for a picture of this width on a backend whose pixels are `1 / scale` of its.
    pub(super) fn new(scale: i32, width: i32) -> Pen {
        Pen { scale, width }
    }

    pub(super) fn px(&self, length: i32) -> i32 {
        length * self.scale
    }

    /// Text whose middle is at the height of `place`.
    pub(super) fn text<DB: DrawingBackend>(
        &self,
        area: &DrawingArea<DB, Shift>,
        text: &str,
        place: Pixel,
        size: i32,
        side: HPos,
    ) -> Result<()> {
        self.colored_text(area, text, place, size, side, INK)
    }

    /// Like [`Pen::text`], in another colour.
    pub(super) fn colored_text<DB: DrawingBackend>(
        &self,
        area: &DrawingArea<DB, Shift>,
        text: &str,
        place: Pixel,
        size: i32,
        side: HPos,
        color: RGBColor,
    ) -> Result<()> {
        let style = TextStyle::from((FONT, self.px(size)).into_font()).color(&color);
        let style = style.pos(Pos::new(side, VPos::Center));
        let place = (place.x, place.y + self.lowering(size));
        area.draw(&Text::new(text.to_owned(), place, style)).map_err(broken)
    }

    /// Text that reads upwards, its middle at `place`.
    pub(super) fn upright<DB: DrawingBackend>(
        &self,
        area: &DrawingArea<DB, Shift>,
        text: &str,
        place: Pixel,
        size: i32,
    ) -> Result<()> {
        let font = (FONT, self.px(size)).into_font().transform(FontTransform::Rotate270);
        let style = TextStyle::from(font).color(&INK).pos(Pos::new(HPos::Center, VPos::Center));
        let place = (place.x + self.lowering(size), place.y);
        area.draw(&Text::new(text.to_owned(), place, style)).map_err(broken)
    }

    /// Width of the picture, in its own pixels.
    pub(super) fn picture_width(&self) -> i32 {
        self.width
    }

    /// How much plotters 0.3 draws letters of an embedded font too high on pixel backends: their
    /// middle lies at 0.19 of the font's height, where its layout expects half of 1 / 1.24.
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
        let place = Pixel::new(self.px(MARGIN), self.px(MARGIN + TITLE_SIZE / 2));
        self.text(area, &shown, place, TITLE_SIZE, HPos::Left)
    }
}

pub(super) fn provide_font() -> Result<()> {
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
