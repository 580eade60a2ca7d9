//! Texts that must fit: names of configs, values under an axis.

use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::HPos;

use crate::error::Result;
use crate::output::plots::pen::{LABEL_SIZE, MARGIN, Pen, broken};
use crate::output::plots::pixel::Pixel;

impl Pen {
    /// The text, or its beginning and end if it is wider than `room` pixels of the backend, because
    /// the distinguishing part is often at the end.
    pub(super) fn abridged(&self, text: &str, size: i32, room: i32) -> Result<String> {
        let chars: Vec<char> = text.chars().collect();
        let mut kept = chars.len().min(200);
        let cut = |count: usize| {
            let tail = count * 2 / 5;
            let (head, tail) = (&chars[..count - tail], &chars[chars.len() - tail..]);
            let joined = |part: &[char]| part.iter().collect::<String>();
            format!("{}…{}", joined(head).trim_end(), joined(tail).trim_start())
        };
        let mut shown = if kept < chars.len() { cut(kept) } else { text.to_owned() };
        while self.width(&shown, size)? > room && kept > 0 {
            kept -= 1;
            shown = cut(kept);
        }
        Ok(shown)
    }

    /// One line, or two if the text is wider than `room`: broken after a semicolon or comma, or
    /// else at a space.
    pub(super) fn two_lines(&self, text: &str, size: i32, room: i32) -> Result<Vec<String>> {
        if self.width(text, size)? <= room {
            return Ok(vec![text.to_owned()]);
        }
        for between in ["; ", ", ", " "] {
            let mut first = 0; // bytes of the longest beginning that fits
            for (at, _) in text.match_indices(between) {
                let end = at + between.trim_end().len();
                if self.width(&text[..end], size)? > room {
                    break;
                }
                first = end;
            }
            if first > 0 {
                let rest = self.abridged(text[first..].trim_start(), size, room)?;
                return Ok(vec![text[..first].to_owned(), rest]);
            }
        }
        Ok(vec![self.abridged(text, size, room)?])
    }

    /// The whole text in lines of this room, broken at spaces where there are any; from `most` lines on the last
    /// one is abridged.
    pub(super) fn wrapped(
        &self,
        text: &str,
        size: i32,
        room: i32,
        most: usize,
    ) -> Result<Vec<String>> {
        let mut lines = Vec::new();
        let mut rest = text.trim();
        while !rest.is_empty() && lines.len() + 1 < most {
            let end = self.end_of_line(rest, size, room)?;
            lines.push(rest[..end].trim_end().to_owned());
            rest = rest[end..].trim_start();
        }
        if !rest.is_empty() {
            lines.push(self.abridged(rest, size, room)?);
        }
        Ok(lines)
    }

    /// Where the first line of a text ends, in bytes: at its end, after its last word that fits, or within a word
    /// that is longer than a line.
    fn end_of_line(&self, text: &str, size: i32, room: i32) -> Result<usize> {
        let (mut end, mut after_word) = (0, 0);
        for (at, c) in text.char_indices() {
            let next = at + c.len_utf8();
            if self.width(&text[..next], size)? > room {
                let first = text.chars().next().map_or(0, char::len_utf8);
                return Ok(if after_word > 0 { after_word } else { end.max(first) });
            }
            if c == ' ' {
                after_word = next;
            }
            end = next;
        }
        Ok(end)
    }

    /// Values under an axis, each at its x: side by side if they fit into `width`, else upright in
    /// `height`, and not all of them if even that is too narrow.
    pub(super) fn categories<DB: DrawingBackend>(
        &self,
        area: &DrawingArea<DB, Shift>,
        values: &[(i32, &str)],
        bottom: i32,
        width: i32,
        height: i32,
    ) -> Result<()> {
        let texts: Vec<&str> = values.iter().map(|(_, text)| *text).collect();
        let stands = self.stands(&texts, width)?;
        let line = self.px(LABEL_SIZE + 2);
        let every = if stands { (line / width.max(1) + 1).max(1) as usize } else { 1 };
        for (x, text) in values.iter().step_by(every) {
            if !stands || height < self.px(60) {
                let room = width * every as i32 - self.px(6);
                let text = self.abridged(text, LABEL_SIZE, room)?;
                let place = Pixel::new(*x, bottom + self.px(22));
                self.text(area, &text, place, LABEL_SIZE, HPos::Center)?;
                continue;
            }
            let size = 20;
            let text = self.abridged(text, size, height - self.px(8))?;
            let half = self.width(&text, size)? / 2;
            self.upright(area, &text, Pixel::new(*x, bottom + self.px(8) + half), size)?;
        }
        Ok(())
    }

    /// Whether values do not fit side by side into `width`, and so are upright.
    pub(super) fn stands(&self, values: &[&str], width: i32) -> Result<bool> {
        let widths: Result<Vec<i32>> =
            values.iter().map(|text| self.width(text, LABEL_SIZE)).collect();
        Ok(widths?.into_iter().max().unwrap_or(0) > width - self.px(10))
    }

    /// The width between the margins, in the backend's pixels.
    pub(super) fn room(&self) -> i32 {
        self.px(self.picture_width() - 2 * MARGIN)
    }

    /// A filled dot; `radius` in the picture's pixels.
    pub(super) fn dot<DB: DrawingBackend>(
        &self,
        area: &DrawingArea<DB, Shift>,
        place: Pixel,
        radius: i32,
        color: RGBAColor,
    ) -> Result<()> {
        let dot = Circle::new(place.coord(), self.px(radius), color.filled());
        area.draw(&dot).map_err(broken)
    }
}
