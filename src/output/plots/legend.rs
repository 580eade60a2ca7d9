//! The texts above the axes of a picture: the line under the title, and the meaning of each colour.

use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::HPos;

use crate::error::Result;
use crate::output::plots::pen::{
    LEGEND_SIZE, MARGIN, Pen, SHADE, SHADE_OPACITY, SWATCH, TITLE_SIZE, broken,
};
use crate::output::plots::pixel::Pixel;

const SUBTITLE_SIZE: i32 = 22;
const SUBTITLE_INK: RGBColor = RGBColor(95, 95, 95);

/// The mark before a label of the legend.
#[derive(Debug, Clone, Copy)]
pub(super) enum LegendMark {
    Line(RGBColor),
    Dashes(RGBColor),
    Shade,
    Point(RGBColor),
}

impl Pen {
    /// Title and a smaller line under it; returns where they end, in the picture's pixels.
    pub(super) fn heading<DB: DrawingBackend>(
        &self,
        area: &DrawingArea<DB, Shift>,
        title: &str,
        subtitle: &str,
    ) -> Result<i32> {
        self.title(area, title)?;
        let mut middle = MARGIN + TITLE_SIZE + 8 + SUBTITLE_SIZE / 2;
        for (index, line) in (0..).zip(self.two_lines(subtitle, SUBTITLE_SIZE, self.room())?) {
            middle += if index > 0 { SUBTITLE_SIZE + 6 } else { 0 };
            let place = Pixel::new(self.px(MARGIN), self.px(middle));
            self.colored_text(area, &line, place, SUBTITLE_SIZE, HPos::Left, SUBTITLE_INK)?;
        }
        Ok(middle + SUBTITLE_SIZE / 2 + 14)
    }

    /// Draws the names of the curves, in as many rows as needed, from `top`; returns where they end
    /// in the backend's pixels.
    pub(super) fn legend<DB: DrawingBackend>(
        &self,
        area: &DrawingArea<DB, Shift>,
        top: i32,
        entries: &[(LegendMark, &str)],
    ) -> Result<i32> {
        let (mut x, mut y) = (self.px(MARGIN), self.px(top));
        for (mark, label) in entries {
            let width = self.px(SWATCH + 10) + self.width(label, LEGEND_SIZE)?;
            if x + width > self.px(self.picture_width() - MARGIN) && x > self.px(MARGIN) {
                (x, y) = (self.px(MARGIN), y + self.px(LEGEND_SIZE + 10));
            }
            let middle = y + self.px(LEGEND_SIZE) / 2;
            self.swatch(area, *mark, Pixel::new(x, middle))?;
            let place = Pixel::new(x + self.px(SWATCH + 10), middle);
            self.text(area, label, place, LEGEND_SIZE, HPos::Left)?;
            x += width + self.px(30);
        }
        Ok(y + self.px(LEGEND_SIZE + 8))
    }

    fn swatch<DB: DrawingBackend>(
        &self,
        area: &DrawingArea<DB, Shift>,
        mark: LegendMark,
        Pixel { x, y }: Pixel,
    ) -> Result<()> {
        let right = x + self.px(SWATCH);
        match mark {
            LegendMark::Line(color) => {
                let half = self.px(2);
                let bar = [(x, y - half), (right, y + half)];
                area.draw(&Rectangle::new(bar, color.filled()))
            }
            LegendMark::Dashes(color) => {
                let (half, quarter) = (self.px(2), self.px(SWATCH) / 4);
                let left_dash = [(x, y - half), (x + quarter + quarter / 2, y + half)];
                area.draw(&Rectangle::new(left_dash, color.filled())).map_err(broken)?;
                let right_dash = [(right - quarter - quarter / 2, y - half), (right, y + half)];
                area.draw(&Rectangle::new(right_dash, color.filled()))
            }
            LegendMark::Shade => {
                let half = self.px(9);
                let bar = [(x, y - half), (right, y + half)];
                area.draw(&Rectangle::new(bar, SHADE.mix(SHADE_OPACITY).filled()))
            }
            LegendMark::Point(color) => {
                let center = (x + self.px(SWATCH) / 2, y);
                area.draw(&Circle::new(center, self.px(9), color.filled())).map_err(broken)?;
                area.draw(&Circle::new(center, self.px(5), WHITE.filled()))
            }
        }
        .map_err(broken)
    }
}
