//! An axis of the space as the model sees it: in shares, from 0 to 1.

/// What the shares of an axis mean.
#[derive(Debug, Clone, PartialEq)]
pub enum TpeAxis {
    /// Each is a number of its own.
    Continuous,
    /// Numbers in their order: the limits of their shares, from 0 to 1, one more than there are numbers.
    Ordered(Vec<f64>),
    /// So many values without an order, with equal shares.
    Unordered(u32),
}

impl TpeAxis {
    /// The cell of a share, if there are cells.
    pub(super) fn cell(&self, share: f64) -> usize {
        match self {
            TpeAxis::Continuous => 0,
            TpeAxis::Ordered(edges) => {
                edges.partition_point(|edge| *edge <= share).clamp(1, edges.len() - 1) - 1
            }
            TpeAxis::Unordered(choices) => {
                ((share * f64::from(*choices)) as usize).min(*choices as usize - 1)
            }
        }
    }

    /// The middle of a cell.
    pub(super) fn center(&self, cell: usize) -> f64 {
        match self {
            TpeAxis::Continuous => 0.5,
            TpeAxis::Ordered(edges) => 0.5 * (edges[cell] + edges[cell + 1]),
            TpeAxis::Unordered(choices) => (cell as f64 + 0.5) / f64::from(*choices),
        }
    }

    /// The share of all that a cell has.
    pub(super) fn width(&self, cell: usize) -> f64 {
        match self {
            TpeAxis::Continuous => 1.0,
            TpeAxis::Ordered(edges) => edges[cell + 1] - edges[cell],
            TpeAxis::Unordered(choices) => 1.0 / f64::from(*choices),
        }
    }

    /// The share that stands for all of the same value.
    pub(super) fn settled(&self, share: f64) -> f64 {
        match self {
            TpeAxis::Continuous => share,
            _ => self.center(self.cell(share)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_of_one_value_settle_on_its_middle() {
        let ordered = TpeAxis::Ordered(vec![0.0, 0.5, 0.75, 1.0]);
        let settled = |axis: &TpeAxis| [0.0, 0.49, 0.5, 0.8, 1.0].map(|share| axis.settled(share));
        assert_eq!(settled(&ordered), [0.25, 0.25, 0.625, 0.875, 0.875]);
        assert_eq!(settled(&TpeAxis::Unordered(2)), [0.25, 0.25, 0.75, 0.75, 0.75]);
        assert_eq!(settled(&TpeAxis::Continuous), [0.0, 0.49, 0.5, 0.8, 1.0]);
        assert_eq!([0, 1, 2].map(|cell| ordered.width(cell)), [0.5, 0.25, 0.25]);
    }
}
