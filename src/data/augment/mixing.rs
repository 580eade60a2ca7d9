//! A batch whose examples are mixed in pairs: the partners, the shares and the mixture.

use crate::data::augment::ImageSize;
use crate::data::augment::rectangle::Rectangle;
use crate::rng::Stream;

/// Partners, their classes and the shares of a batch.
#[derive(Debug, Clone)]
pub(super) struct Mixing {
    pub(super) partners: Vec<u32>,    // [max_batch], rows of the batch
    pub(super) others: Vec<u16>,      // [max_batch]
    pub(super) shares: Vec<f32>,      // [max_batch]
    pub(super) boxes: Vec<Rectangle>, // [max_batch], where parts of partners are pasted
    pasted: Option<Pasted>,           // where parts are pasted
}

/// A row in which a part of the partner is pasted.
#[derive(Debug, Clone)]
struct Pasted {
    shape: ImageSize,
    row: Vec<f32>, // [features]
}

impl Mixing {
    /// For batches of at most `max_batch` examples: of whole examples, or with parts of images of `shape`.
    pub(super) fn new(max_batch: usize, shape: Option<ImageSize>) -> Mixing {
        let boxes = if shape.is_some() { max_batch } else { 0 };
        Mixing {
            partners: vec![0; max_batch],
            others: vec![0; max_batch],
            shares: vec![0.0; max_batch],
            boxes: vec![Rectangle::default(); boxes],
            pasted: shape.map(|shape| Pasted { shape, row: vec![0.0; shape.features()] }),
        }
    }

    /// Pairs the examples of a batch with the batch in random order.
    pub(super) fn pair(&mut self, stream: &mut Stream, classes: &[u16]) {
        let partners = &mut self.partners[..classes.len()];
        partners.iter_mut().zip(0..).for_each(|(partner, row)| *partner = row);
        stream.shuffle(partners);
        for (other, partner) in self.others.iter_mut().zip(partners) {
            *other = classes[*partner as usize];
        }
    }

    /// The example of row `row` shall have its partner's pixels in `part`, and the share that is left.
    pub(super) fn paste(&mut self, row: usize, part: Rectangle, shape: ImageSize) {
        self.shares[row] = (1.0 - part.area() as f64 / shape.plane() as f64) as f32;
        self.boxes[row] = part;
    }

    /// The example of row `row`, which is `own` before, with the part of its partner that is pasted; none
    /// if whole examples are mixed.
    pub(super) fn pasted(&mut self, row: usize, own: &[f32], other: &[f32]) -> Option<&[f32]> {
        let Pasted { shape, row: values } = self.pasted.as_mut()?;
        values.copy_from_slice(own);
        self.boxes[row].copy(other, values, *shape);
        Some(values)
    }
}

/// `share` of `own` and the rest of `other`.
#[inline(always)]
pub(super) fn mix(own: &[f32], other: &[f32], share: f32, mixed: &mut [f32]) {
    for ((result, x), y) in mixed.iter_mut().zip(own).zip(other) {
        *result = share.mul_add(*x, (1.0 - share) * y);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hand_worked_mixture() {
        let mut mixed = [0.0; 2];
        mix(&[1.0, 0.5], &[0.0, 1.0], 0.75, &mut mixed);
        assert_eq!(mixed, [0.75, 0.625]);
        mix(&[1.0, 0.5], &[0.0, 1.0], 1.0, &mut mixed);
        assert_eq!(mixed, [1.0, 0.5]);
    }

    #[test]
    fn hand_worked_paste() {
        let shape = ImageSize { channels: 1, height: 2, width: 2 };
        let mut mixing = Mixing::new(3, Some(shape));
        mixing.paste(2, Rectangle { rows: 0..2, columns: 1..2 }, shape);
        let pasted = mixing.pasted(2, &[1.0, 2.0, 3.0, 4.0], &[5.0, 6.0, 7.0, 8.0]);
        assert_eq!(pasted, Some(&[1.0, 6.0, 3.0, 8.0][..]));
        assert_eq!(mixing.shares, [0.0, 0.0, 0.5]);
    }
}
