//! The features of a table in memory: 32 bits, and 64 for those columns that 32 bits cannot tell apart.

use sha2::{Digest, Sha256};

/// The features of the training examples and of the test examples.
#[derive(Debug, Clone, PartialEq)]
pub struct Numbers {
    /// `[examples, features]`, all columns in 32 bits.
    pub narrow: [Vec<f32>; 2],
    /// The columns that are also held in 64 bits, in order.
    pub wide: Vec<WideColumn>,
    /// Columns in which different values are equal even in 64 bits, in order.
    pub beyond: Vec<Beyond>,
    /// Columns of a table in which `true` and `false` stand for 1 and 0, in order.
    pub words: Vec<usize>,
}

/// How values that are equal in 64 bits are told apart.
#[derive(Debug, Clone, PartialEq)]
pub struct Beyond {
    /// Its index among the features.
    pub column: usize,
    /// Examples with more digits than 64 bits may hold, and hashes of these digits.
    pub digits: [Vec<(usize, u64)>; 2],
}

/// A column that is standardised in 64 bits before it is rounded to 32.
#[derive(Debug, Clone, PartialEq)]
pub struct WideColumn {
    /// Its index among the features.
    pub column: usize,
    /// `[examples]`
    pub values: [Vec<f64>; 2],
    /// What 32 bits would lose.
    pub loss: Loss,
}

/// What rounding to 32 bits costs a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Loss {
    /// Some different values become equal; each is still close enough to its original.
    Distinctions,
    /// The column is distorted: the error is more than 1e-3 of its deviation, or the deviation
    /// itself does not fit.
    Shape,
}

impl From<[Vec<f32>; 2]> for Numbers {
    fn from(narrow: [Vec<f32>; 2]) -> Numbers {
        Numbers { narrow, wide: Vec::new(), beyond: Vec::new(), words: Vec::new() }
    }
}

impl Numbers {
    /// Memory that they take.
    pub(super) fn memory_bytes(&self) -> usize {
        let narrow = self.narrow.iter().map(|values| size_of::<f32>() * values.len());
        let wide = self.wide.iter().flat_map(|column| &column.values);
        narrow.chain(wide.map(|values| size_of::<f64>() * values.len())).sum()
    }

    /// Adds the 64-bit columns to the hash of a dataset's content; does nothing if there are none.
    pub(super) fn hash_wide(&self, hash: &mut Sha256) {
        for WideColumn { column, values, .. } in &self.wide {
            hash.update(b"64-bit column");
            hash.update((*column as u64).to_le_bytes());
            values.iter().flatten().for_each(|value| hash.update(value.to_le_bytes()));
        }
        for Beyond { column, digits: parts } in &self.beyond {
            hash.update(b"digits beyond 64 bits");
            hash.update((*column as u64).to_le_bytes());
            for part in parts {
                hash.update((part.len() as u64).to_le_bytes());
                for (example, digits) in part {
                    hash.update((*example as u64).to_le_bytes());
                    hash.update(digits.to_le_bytes());
                }
            }
        }
    }
}

impl WideColumn {
    /// Mean and standard deviation over the training split, in the order of the split. Differences
    /// from its first value are summed: they stay small for large values, so no precision is lost.
    pub(super) fn moments(&self, train: &[u32]) -> (f64, f64) {
        let [values, _] = &self.values;
        moments(train.iter().map(|position| values[*position as usize]))
    }
}

/// Mean and standard deviation; 1 for the deviation where it is 0.
pub(super) fn moments(values: impl Iterator<Item = f64> + Clone) -> (f64, f64) {
    let (first, n) = (values.clone().next().unwrap_or(0.0), values.clone().count() as f64);
    let shift = values.clone().map(|x| x - first).sum::<f64>() / n;
    let mean = first + shift;
    let difference = |x: f64| x - first - shift;
    let squares = values.clone().map(|x| difference(x) * difference(x)).sum::<f64>();
    let std = (squares / n).sqrt();
    // Squares of tiny differences underflow and those of huge ones overflow, so differences are
    // first scaled to at most 1.
    let std = if squares.is_normal() { std } else { scaled_std(values.map(difference)) };
    (mean, if std > 0.0 { std } else { 1.0 })
}

fn scaled_std(differences: impl Iterator<Item = f64> + Clone) -> f64 {
    let most = differences.clone().fold(0.0, |most: f64, x| most.max(x.abs()));
    let n = differences.clone().count() as f64;
    if most == 0.0 {
        return 0.0;
    }
    most * (differences.map(|x| (x / most) * (x / most)).sum::<f64>() / n).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_of_a_large_offset_are_exact() {
        let values =
            |offset: f64| [0.0, 2.0, 4.0, 6.0].repeat(1000).into_iter().map(move |x| x + offset);
        for offset in [0.0, 1.7e9, 1.7e12, 4e15] {
            assert_eq!(moments(values(offset)), (offset + 3.0, 5_f64.sqrt()));
        }
        assert_eq!(moments([7.5; 3].into_iter()), (7.5, 1.0));
        assert_eq!(moments([0.1; 3].into_iter()), (0.1, 1.0));
        let (mean, std) = moments([1e-310, 3e-310].into_iter());
        assert!((mean / 2e-310 - 1.0).abs() < 1e-9 && (std / 1e-310 - 1.0).abs() < 1e-9);
    }
}
