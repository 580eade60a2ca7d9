//! Figures as tables show them: rounded for people with their spread, and for programs.

use serde_json::Value;

use crate::stats::{Spread, Summary};

/// Digits of a figure that is not a fraction: as many as 32 bits hold.
const DIGITS: usize = 7;

/// A fraction for CSV and JSON: 6 decimals, which distinguish two accuracies over 100,000 examples,
/// without binary rounding noise. Never `-0.0`; NaN is `null`.
pub(super) fn rounded(figure: f64) -> Value {
    Value::from((figure * 1e6).round() / 1e6 + 0.0)
}

/// A loss, a rate or a cost for CSV and JSON, or its spread: 6 decimals, and more where `size`, the larger of mean and
/// spread, has fewer than seven digits in them. NaN is `null`.
pub(super) fn seven_digits(figure: f64, size: f64) -> Value {
    if size == 0.0 || !size.is_finite() || size.abs() >= 0.1 {
        return rounded(figure);
    }
    let size = format!("{size:e}");
    let zeros = size.split_once("e-").and_then(|(_, zeros)| zeros.parse::<usize>().ok());
    let decimals = DIGITS - 1 + zeros.unwrap_or(0);
    let text = format!("{figure:.decimals$}");
    text.parse().map_or(Value::Null, |figure: f64| Value::from(figure + 0.0))
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

    #[test]
    fn raw_losses_keep_seven_digits_however_small() {
        let raw = |figure: f64| seven_digits(figure, figure).to_string();
        assert_eq!(raw(1.987_654_321e-8), "1.987654e-8");
        assert_eq!(raw(-0.000_123_456_789), "-0.0001234568");
        assert_eq!(raw(5e-324), "5e-324");
        assert_eq!([0.0, 2.0 / 3.0, 1_234.567_890_1].map(raw), ["0.0", "0.666667", "1234.56789"]);
        assert_eq!([f64::NAN, f64::INFINITY].map(raw), ["null", "null"]);
        // The noise of a spread lies below the last digit of its mean.
        assert_eq!(seven_digits(0.006_000_04, 0.96).to_string(), "0.006");
        assert_eq!(seven_digits(1.234_567e-10, 1.987_654_321e-8).to_string(), "1.2346e-10");
    }
}
