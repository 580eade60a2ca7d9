//! Numbers in sentences.

use crate::stats::{Difference, Summary};
use crate::table::hundredfold;

/// `92.7 ± 5.7 %`
pub(super) fn percent(summary: &Summary) -> String {
    let half =
        summary.half_width().map_or(String::new(), |half| format!(" ± {}", hundredfold(half)));
    format!("{}{half} %", hundredfold(summary.mean))
}

/// `7.3 ± 5.7 points`
pub(super) fn points(summary: &Summary) -> String {
    let half =
        summary.half_width().map_or(String::new(), |half| format!(" ± {}", hundredfold(half)));
    format!("{}{half} points", hundredfold(summary.mean))
}

/// `+1.3`
pub(super) fn signed(value: f64) -> String {
    format!("{:+.1}", 100.0 * value)
}

/// ` [-0.7, +2.1]`; empty if there is none.
pub(super) fn interval(difference: &Difference) -> String {
    difference.half_width.map_or(String::new(), |half| {
        let (low, high) = (difference.value - half, difference.value + half);
        format!(" [{}, {}]", signed(low), signed(high))
    })
}
