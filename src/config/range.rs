//! The ranges that numbers may lie in.

/// A condition on a number, with its words.
#[derive(Clone, Copy)]
pub struct Range {
    pub(super) holds: fn(f64) -> bool,
    pub(super) words: &'static str,
}

impl Range {
    /// Any number but those that are none.
    pub const FINITE: Range = Range { holds: |_| true, words: "a number" };
    /// Step sizes and widths.
    pub const POSITIVE: Range = Range { holds: |x| x > 0.0, words: "above 0" };
    /// Probabilities that may be certain.
    pub const PROBABILITY: Range =
        Range { holds: |x| (0.0..=1.0).contains(&x), words: "at least 0 and at most 1" };
    /// Penalties and small constants.
    pub const NOT_NEGATIVE: Range = Range { holds: |x| x >= 0.0, words: "0 or more" };
    /// Probabilities of dropping and shares of keeping: 1 would leave nothing.
    pub const FRACTION: Range =
        Range { holds: |x| (0.0..1.0).contains(&x), words: "at least 0 and below 1" };

    /// What is wrong with a number, if it is not in the range, also after the rounding to `f32`
    /// that training does.
    pub(super) fn problem(self, number: f64) -> Option<String> {
        let rounded = f64::from(number as f32);
        if !number.is_finite() {
            Some("must be a finite number".to_owned())
        } else if !(self.holds)(number) {
            Some(format!("must be {}", self.words))
        } else if !(self.holds)(rounded) || !rounded.is_finite() {
            Some(format!("as a 32-bit number it is {rounded}, must be finite and {}", self.words))
        } else {
            None
        }
    }
}
