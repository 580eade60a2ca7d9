//! The names of numbered points, in two columns under a picture.

use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::HPos;

use crate::error::Result;
use crate::output::plots::pen::{MARGIN, Pen};
use crate::output::plots::pixel::Pixel;

const SIZE: i32 = 19;
const LINE: i32 = SIZE + 6;
const NUMBER: i32 = 44; // width of the number
const MOST_LINES: usize = 3; // of a name

/// The names, each in lines.
#[derive(Debug, Default)]
pub(super) struct Key {
    names: Vec<Vec<String>>,
}

impl Key {
    /// The names of points 1, 2, 3, ...
    ///
    /// # Errors
    /// When a text cannot be measured.
    pub(super) fn of(pen: &Pen, names: &[String]) -> Result<Key> {
        let room = pen.px(pen.picture_width() / 2 - MARGIN - NUMBER - 10);
        let names = names.iter().map(|name| pen.wrapped(name, SIZE, room, MOST_LINES));
        Ok(Key { names: names.collect::<Result<_>>()? })
    }

    /// In the picture's pixels.
    pub(super) fn height(&self) -> i32 {
        let columns = [self.column(0), self.column(1)];
        let height = columns.map(|names| names.iter().map(|name| height_of(name)).sum::<i32>());
        match self.names.is_empty() {
            true => 0,
            false => height[0].max(height[1]) + MARGIN,
        }
    }

    /// The first half of the names, or the second.
    fn column(&self, at: usize) -> &[Vec<String>] {
        let (left, right) = self.names.split_at(self.names.len().div_ceil(2));
        if at == 0 { left } else { right }
    }

    /// Draws it from `top` on, in the picture's pixels.
    pub(super) fn draw<DB: DrawingBackend>(
        &self,
        area: &DrawingArea<DB, Shift>,
        pen: &Pen,
        top: i32,
    ) -> Result<()> {
        let mut number = 0;
        for at in 0..2 {
            let left = MARGIN + at * pen.picture_width() / 2;
            let mut middle = top + LINE / 2;
            for name in self.column(at as usize) {
                number += 1;
                let place = Pixel::new(pen.px(left + NUMBER - 12), pen.px(middle));
                pen.text(area, &number.to_string(), place, SIZE, HPos::Right)?;
                for (down, line) in (0..).zip(name) {
                    let place = Pixel::new(pen.px(left + NUMBER), pen.px(middle + down * LINE));
                    pen.text(area, line, place, SIZE, HPos::Left)?;
                }
                middle += height_of(name);
            }
        }
        Ok(())
    }
}

fn height_of(name: &[String]) -> i32 {
    LINE * name.len().max(1) as i32
}
