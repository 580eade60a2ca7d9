//! The ranges of numbers.

/// A range of numbers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Range {
    /// The lower end.
    pub least: Option<Bound>,
    /// The upper end.
    pub most: Option<Bound>,
    words: &'static str,
}

/// An end of a range.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Bound {
    /// This number belongs to it.
    With(f64),
    /// This number does not.
    Without(f64),
}

impl Range {
    /// Any finite number.
    pub const FINITE: Range = Range { least: None, most: None, words: "a number" };
    /// Step sizes and widths.
    pub const POSITIVE: Range =
        Range { least: Some(Bound::Without(0.0)), most: None, words: "above 0" };
    /// Probabilities that may be certain.
    pub const PROBABILITY: Range = Range {
        least: Some(Bound::With(0.0)),
        most: Some(Bound::With(1.0)),
        words: "at least 0 and at most 1",
    };
    /// Shares of a whole, of which something must be left.
    pub const SHARE: Range = Range {
        least: Some(Bound::Without(0.0)),
        most: Some(Bound::With(1.0)),
        words: "above 0 and at most 1",
    };
    /// What logits are divided by: beyond it, 32 bits are too few for the quotients' differences.
    pub const TEMPERATURE: Range = Range {
        least: Some(Bound::Without(0.01)),
        most: Some(Bound::With(1000.0)),
        words: "above 0.01 and at most 1000",
    };
    /// Penalties and small constants.
    pub const NOT_NEGATIVE: Range =
        Range { least: Some(Bound::With(0.0)), most: None, words: "0 or more" };
    /// Angles in either direction.
    pub const DEGREES: Range = Range {
        least: Some(Bound::With(0.0)),
        most: Some(Bound::With(180.0)),
        words: "at least 0 and at most 180",
    };
    /// Probabilities of dropping and shares of keeping, for which 1 would be degenerate.
    pub const FRACTION: Range = Range {
        least: Some(Bound::With(0.0)),
        most: Some(Bound::Without(1.0)),
        words: "at least 0 and below 1",
    };

    fn holds(self, number: f64) -> bool {
        let is_above = |bound| match bound {
            Bound::With(least) => number >= least,
            Bound::Without(below) => number > below,
        };
        let is_below = |bound| match bound {
            Bound::With(most) => number <= most,
            Bound::Without(above) => number < above,
        };
        self.least.is_none_or(is_above) && self.most.is_none_or(is_below)
    }

    /// What is wrong with a number, if it is outside the range, also after rounding to the `f32` of
    /// training.
    pub(super) fn problem(self, number: f64) -> Option<String> {
        let rounded = f64::from(number as f32);
        if !number.is_finite() {
            Some("must be a finite number".to_owned())
        } else if !self.holds(number) {
            Some(format!("must be {}", self.words))
        } else if !self.holds(rounded) || !rounded.is_finite() {
            Some(format!("as a 32-bit number it is {rounded}, must be finite and {}", self.words))
        } else {
            None
        }
    }
}
