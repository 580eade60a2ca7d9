//! The waterfall of the gap in a terminal.

use super::Answer;
use crate::study::Kept;
use crate::table::hundredfold;

/// Characters of the longest bar.
const WIDTH: f64 = 44.0;

/// The gap of the baseline, what each step takes away from it, and what is left.
pub(super) fn waterfall(answer: &Answer<'_>) -> Option<String> {
    let (start, recipe) = answer.start()?;
    let start = start.gap.mean;
    let gaps: Vec<f64> = recipe.steps.iter().map(|kept| kept.figures.gap.mean).collect();
    let largest = gaps.iter().copied().fold(start, f64::max).max(1e-9);
    let at = |gap: f64| (WIDTH * gap.max(0.0) / largest).round() as usize;
    let names = recipe.steps.iter().map(Kept::label);
    let wide = names.clone().map(|name| name.chars().count()).chain([8]).max().unwrap_or(8);
    let line = |name: &str, number: String, bar: String| {
        format!("  {name:<wide$}  {number:>6}  {}\n", bar.trim_end())
    };
    let mut text = "The gap between training and validation accuracy in points, step by step (estimates of the \
                    search; they depend on the order):\n"
        .to_owned();
    text.push_str(&line("baseline", hundredfold(start), "█".repeat(at(start))));
    let mut before = start;
    for (name, now) in names.zip(gaps.iter().copied()) {
        let (low, high) = (at(before.min(now)), at(before.max(now)));
        let mark = if now <= before { "░" } else { "▓" };
        let bar = " ".repeat(low) + &mark.repeat((high - low).max(1));
        text.push_str(&line(&name, format!("{:+.1}", 100.0 * (now - before)), bar));
        before = now;
    }
    text.push_str(&line("left", hundredfold(before), "█".repeat(at(before))));
    Some(text)
}
