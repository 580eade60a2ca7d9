//! A part of an image with straight sides, which several transforms cut out.

use std::ops::Range;

use crate::data::augment::ImageSize;

/// Rows and columns of an image.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Rectangle {
    pub(super) rows: Range<usize>,
    pub(super) columns: Range<usize>,
}

impl Rectangle {
    /// Pixels of one channel.
    pub(super) fn area(&self) -> usize {
        self.rows.len() * self.columns.len()
    }

    /// Sets it to 0 in every channel of `values`, an image of `shape`.
    pub(super) fn blank(&self, values: &mut [f32], shape: ImageSize) {
        for plane in values.chunks_exact_mut(shape.plane()) {
            let rows = plane.chunks_exact_mut(shape.width);
            for row in rows.take(self.rows.end).skip(self.rows.start) {
                row[self.columns.clone()].fill(0.0);
            }
        }
    }

    /// Copies it in every channel from `other` to `values`, images of `shape`.
    pub(super) fn copy(&self, other: &[f32], values: &mut [f32], shape: ImageSize) {
        let starts = (0..shape.channels).map(|channel| channel * shape.plane());
        for start in starts {
            for row in self.rows.clone() {
                let first = start + row * shape.width;
                let part = first + self.columns.start..first + self.columns.end;
                values[part.clone()].copy_from_slice(&other[part]);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHAPE: ImageSize = ImageSize { channels: 2, height: 3, width: 4 };

    /// An image of 1 to 24, changed.
    fn changed(change: impl Fn(&Rectangle, &mut [f32])) -> Vec<f32> {
        let mut values: Vec<f32> = (1..=24).map(|x| x as f32).collect();
        change(&Rectangle { rows: 1..3, columns: 0..2 }, &mut values);
        values
    }

    fn is_inside(i: usize) -> bool {
        i / 4 % 3 >= 1 && i % 4 < 2
    }

    #[test]
    fn only_the_rectangle_changes_in_every_channel() {
        let blanked = changed(|rectangle, values| rectangle.blank(values, SHAPE));
        let other: Vec<f32> = (1..=24).map(|x| -x as f32).collect();
        let copied = changed(|rectangle, values| rectangle.copy(&other, values, SHAPE));
        for (i, (blanked, copied)) in blanked.into_iter().zip(copied).enumerate() {
            let before = (i + 1) as f32;
            let expected = if is_inside(i) { [0.0, -before] } else { [before; 2] };
            assert_eq!([blanked, copied], expected, "{i}");
        }
    }

    #[test]
    fn an_empty_one_changes_nothing() {
        let none = Rectangle::default();
        let mut values = [1.0; 24];
        none.blank(&mut values, SHAPE);
        none.copy(&[2.0; 24], &mut values, SHAPE);
        assert_eq!((values, none.area()), ([1.0; 24], 0));
    }
}
