//! Figures as tables show them: rounded for people with their spread, and for programs.

use serde_json::Value;

use crate::stats::{Spread, Summary};

/// A figure for CSV and JSON: 6 decimals, which distinguish two accuracies over 100,000 examples,
/// without binary rounding noise. Never `-0.0`; NaN is `null`.
pub(super) fn rounded(figure: f64) -> Value {
    Value::from((figure * 1e6).round() / 1e6 + 0.0)
}

/// A fraction times 100 with one decimal: percent or points. Never `-0.0`.
pub(crate) fn hundredfold(fraction: f64) -> String {
    let text = format!("{:.1}", 100.0 * fraction);
    if text == "-0.0" { "0.0".to_owned() } else { text }
}

/// `53.2 ± 0.3`, or `53.2` without a spread.
pub(crate) fn hundredfold_with_spread(summary: &Summary, spread: Spread) -> String {
    match spread.of(summary) {
        Some(spread) if spread.is_finite() => {
            format!("{} ± {}", hundredfold(summary.mean), hundredfold(spread))
        }
        _ => hundredfold(summary.mean),
    }
}

/// `1.234 ± 0.012`, or `1.234` without a spread.
pub(super) fn plain_with_spread(summary: &Summary, decimals: usize, spread: Spread) -> String {
    let text = |value: f64| format!("{value:.decimals$}");
    match spread.of(summary) {
        Some(spread) if spread.is_finite() => format!("{} ± {}", text(summary.mean), text(spread)),
        _ => text(summary.mean),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounding_to_zero_has_no_sign() {
        assert_eq!(hundredfold(-0.0004), "0.0");
        assert_eq!(hundredfold(0.94151), "94.2");
        assert_eq!(hundredfold(f64::NAN), "NaN");
        assert_eq!(rounded(-1e-9).to_string(), "0.0");
    }

    #[test]
    fn raw_figures_have_no_noise_behind_six_decimals() {
        assert_eq!(rounded(0.529 - 0.53), Value::from(-0.001));
        assert_eq!(rounded(2.0 / 3.0), Value::from(0.666667));
        assert_eq!(rounded(f64::NAN), Value::Null);
    }
}
