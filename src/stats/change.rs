//! One change against the baseline: two intervals of its difference, of which the wider counts.

use crate::stats::student_t::{t_of_tails, t_tails};
use crate::stats::{Difference, ROUNDING};

/// One change against the baseline.
#[derive(Debug, Clone, Copy)]
pub struct Change {
    pub(super) value: f64,
    pub(super) bounds: Option<Bounds>,
}

/// The two intervals of a difference.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bounds {
    pub(super) joint: f64, // half width from the spread of all configs
    pub(super) error: f64, // standard error from the spread of the two
    pub(super) freedom: f64,
    pub(super) tails: f64, // of Welch's interval, on both sides together
}

impl Change {
    /// The mean of the change minus that of the baseline, by least squares where seeds are paired; NaN if
    /// one of them has no figure.
    pub fn value(&self) -> f64 {
        self.value
    }

    /// The difference with the wider of both half widths. None where it cannot be had: where one of the
    /// two has fewer than two figures, or where nothing shows a spread.
    pub fn difference(&self) -> Difference {
        let wider = |b: Bounds| b.joint.max(t_of_tails(b.tails, b.freedom) * b.error);
        Difference { value: self.value, half_width: self.bounds.map(wider) }
    }

    /// Lower and upper end of the interval, if there is one.
    pub fn interval(&self) -> Option<[f64; 2]> {
        let Difference { value, half_width } = self.difference();
        half_width.map(|half| [value - half, value + half])
    }

    /// Whether there is an interval.
    pub fn has_interval(&self) -> bool {
        self.bounds.is_some()
    }

    /// Whether the difference is shown not to be zero: like the interval, but without its costly quantile.
    pub fn is_shown(&self) -> bool {
        self.smallest_level().zip(self.bounds).is_some_and(|(smallest, b)| smallest < b.tails)
    }

    /// The smallest level of Welch's interval with which the difference would be shown; none if the other
    /// interval keeps it from being shown. The levels were tabulated by it.
    #[doc(hidden)]
    pub fn smallest_level(&self) -> Option<f64> {
        let bounds = self.bounds?;
        let size = self.value.abs();
        let is_beyond = size > bounds.joint.max(ROUNDING);
        is_beyond.then(|| t_tails(size / bounds.error, bounds.freedom))
    }
}
