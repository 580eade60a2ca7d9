//! The examples of one file as they are read: numbers in 64 bits, with what tells those apart that 64 bits do not, or pixels.

use super::number::ParsedNumber;

/// The examples of one file, in its order.
#[derive(Debug, Default)]
pub(in crate::data) struct Lines {
    pub(in crate::data) labels: Vec<usize>, // positions in the classes, by first appearance
    values: Vec<f64>,                       // [lines, features]
    /// Values for which rounding to 64 bits and then to 32 differs from rounding to 32.
    twice_rounded: Vec<(usize, f32)>,
    /// Values whose digits 64 bits may not hold, and hashes of them, see [`ParsedNumber::cut`].
    cut: Vec<(usize, u64)>,
    pixels: Vec<u8>, // [lines, features] instead of all of those, if the features are pixels
}

impl Lines {
    /// Adds an example.
    pub(in crate::data) fn push(&mut self, class: usize, features: &[ParsedNumber]) {
        self.labels.push(class);
        for ParsedNumber { narrow, wide, cut, .. } in features {
            if let Some(cut) = cut {
                self.cut.push((self.values.len(), *cut));
            }
            if (*wide as f32).to_bits() != narrow.to_bits() {
                self.twice_rounded.push((self.values.len(), *narrow));
            }
            self.values.push(*wide);
        }
    }

    /// Adds an example whose features are pixels.
    pub(super) fn push_pixels(&mut self, class: usize, features: &[ParsedNumber]) {
        self.labels.push(class);
        self.pixels.extend(features.iter().map(|number| number.pixel().unwrap_or_default()));
    }

    /// Adds an example of these pixels.
    pub(in crate::data) fn push_image(&mut self, class: usize, pixels: &[u8]) {
        self.labels.push(class);
        self.pixels.extend_from_slice(pixels);
    }

    /// Of pixels that are 0 and 1, makes 1 the brightest.
    pub(in crate::data) fn make_one_brightest(&mut self) {
        self.pixels.iter_mut().filter(|pixel| **pixel == 1).for_each(|pixel| *pixel = u8::MAX);
    }

    /// Adds the lines of `other` after its own.
    pub(in crate::data) fn append(&mut self, other: Lines) {
        let offset = self.values.len();
        let moved = |(position, narrow)| (position + offset, narrow);
        self.twice_rounded.extend(other.twice_rounded.into_iter().map(moved));
        let moved = |(position, digits)| (position + offset, digits);
        self.cut.extend(other.cut.into_iter().map(moved));
        self.labels.extend(other.labels);
        self.values.extend(other.values);
        self.pixels.extend(other.pixels);
    }

    /// The pixels of the examples.
    pub(super) fn into_pixels(self) -> Vec<u8> {
        self.pixels
    }

    /// Splits the lines, keeping their order: those with `is_test` are the second part.
    pub(in crate::data) fn divided(self, is_test: &[bool]) -> [Lines; 2] {
        let features = self.values.len() / self.labels.len().max(1);
        let pixels = self.pixels.len() / self.labels.len().max(1);
        let mut parts = [Lines::default(), Lines::default()];
        let mut twice = self.twice_rounded.iter().peekable();
        let mut cut = self.cut.iter().peekable();
        for (i, (&label, &is_second)) in self.labels.iter().zip(is_test).enumerate() {
            let part = &mut parts[usize::from(is_second)];
            let (from, to) = (i * features, part.values.len());
            while let Some((position, narrow)) = twice.next_if(|(p, _)| *p < from + features) {
                part.twice_rounded.push((to + position - from, *narrow));
            }
            while let Some((position, digits)) = cut.next_if(|(p, _)| *p < from + features) {
                part.cut.push((to + position - from, *digits));
            }
            part.labels.push(label);
            part.values.extend_from_slice(&self.values[from..][..features]);
            part.pixels.extend_from_slice(&self.pixels[i * pixels..][..pixels]);
        }
        parts
    }

    /// Whether both hold the same examples in the same order.
    pub(super) fn equals(&self, other: &Lines) -> bool {
        self.labels == other.labels && self.values == other.values && self.pixels == other.pixels
    }

    /// The examples, to be compared: the class, the bits of the numbers and the pixels.
    pub(super) fn examples(&self) -> impl Iterator<Item = (usize, Vec<u64>, &[u8])> {
        let of_each = |count: usize| count / self.labels.len().max(1);
        let (numbers, pixels) = (of_each(self.values.len()), of_each(self.pixels.len()));
        self.labels.iter().enumerate().map(move |(i, label)| {
            let bits = self.values[i * numbers..][..numbers].iter().map(|value| value.to_bits());
            (*label, bits.collect(), &self.pixels[i * pixels..][..pixels])
        })
    }

    /// The values of a column.
    pub(super) fn column(
        &self,
        features: usize,
        column: usize,
    ) -> impl Iterator<Item = f64> + Clone {
        self.values.iter().skip(column).step_by(features).copied()
    }

    /// For each column, the examples with more digits than 64 bits may hold, and hashes of these.
    pub(super) fn cut_of_columns(&self, features: usize) -> Vec<Vec<(usize, u64)>> {
        let mut of_columns = vec![Vec::new(); features];
        for (position, digits) in &self.cut {
            of_columns[position % features].push((position / features, *digits));
        }
        of_columns
    }

    /// All numbers in 32 bits, each rounded once.
    pub(super) fn narrow(self) -> Vec<f32> {
        let mut narrow: Vec<f32> = self.values.iter().map(|value| *value as f32).collect();
        self.twice_rounded.into_iter().for_each(|(position, value)| narrow[position] = value);
        narrow
    }
}
