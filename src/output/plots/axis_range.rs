//! The ends of an axis.

/// What the ends of an axis mean.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct AxisRange {
    pub(super) low: f64,
    pub(super) high: f64,
}

impl AxisRange {
    /// All accuracies.
    pub(super) const PERCENT: AxisRange = AxisRange::new(0.0, 100.0);
    /// All gaps.
    pub(super) const POINTS: AxisRange = AxisRange::new(-100.0, 100.0);

    pub(super) const fn new(low: f64, high: f64) -> AxisRange {
        AxisRange { low, high }
    }

    /// How far along the axis a value lies.
    pub(super) fn share(self, value: f64) -> f64 {
        (value - self.low) / (self.high - self.low)
    }
}
