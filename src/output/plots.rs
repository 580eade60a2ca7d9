//! Plots as PNG and SVG, in memory: learning curves of one run here, those of several in
//! `experiment`. The same rows give the same bytes.

mod axes;
mod axis_range;
mod chart;
mod dashes;
mod draw;
mod experiment;
mod labels;
mod legend;
mod lines;
mod panel;
mod pen;
mod pixel;
mod png;
mod waterfall;

use plotters::style::RGBColor;

use crate::error::Result;
use crate::runs::metrics::{MetricsRow, best_row};

use chart::{Best, Chart, Curve};
use draw::Drawable;
pub use experiment::{ExperimentPlots, experiment_plots, forest_plot, pareto_plot};
pub use lines::{Line, LinePlot, line_plot};
pub use waterfall::{Step, waterfall};

/// Okabe and Ito's colours: distinct for all kinds of colour vision
/// (<https://jfly.uni-koeln.de/color/>).
const BLUE: RGBColor = RGBColor(0, 114, 178);
const GREEN: RGBColor = RGBColor(0, 158, 115);
const VERMILION: RGBColor = RGBColor(213, 94, 0);

/// A plot in both formats.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plot {
    /// Pixels: 1200 x 800 for those of one run.
    pub png: Vec<u8>,
    /// The same picture as vectors.
    pub svg: String,
}

/// Accuracy of each split over epochs in percent, with the gap shaded and the best epoch marked.
///
/// # Errors
/// When plotters fails, which no data is known to cause.
pub fn accuracy_plot(rows: &[MetricsRow], title: &str) -> Result<Plot> {
    let curve = |name: &str, color, figure: &dyn Fn(&MetricsRow) -> Option<f32>| Curve {
        label: last_label(name, "%", rows, figure),
        color,
        points: chart::points(rows, &|row| figure(row).map(|v| 100.0 * f64::from(v))),
    };
    let curves = vec![
        curve("train", BLUE, &|row| Some(row.train_accuracy)),
        curve("val", GREEN, &|row| row.val_accuracy),
        curve("test", VERMILION, &|row| row.test_accuracy),
    ];
    let best = best_and_judge(rows).and_then(|(row, by)| {
        let (split, accuracy) = match (row.test_accuracy, row.val_accuracy) {
            (Some(test), _) => ("test", test),
            (None, val) => ("val", val?),
        };
        let label = format!("best epoch {} ({by}): {split} {:.1} %", row.epoch, 100.0 * accuracy);
        Some(Best { x: row.epoch as f64, y: 100.0 * f64::from(accuracy), label })
    });
    let gap = last_label("gap", "points", rows, &|row| row.gap);
    let chart = Chart::of_percentages(title, "accuracy in %", curves);
    draw_both(&chart.shaded(gap).marked(best).thinned())
}

/// The picture in both formats.
fn draw_both(picture: &impl Drawable) -> Result<Plot> {
    let svg = draw::svg(picture)?;
    // A million pixels take a second under AddressSanitizer, and both formats draw the same.
    let png = if cfg!(feature = "fuzzing") { Vec::new() } else { png::render(picture)? };
    Ok(Plot { png, svg })
}

/// Loss of each split over epochs, with the epoch of the best accuracy marked.
///
/// # Errors
/// When plotters fails, which no data is known to cause.
pub fn loss_plot(rows: &[MetricsRow], title: &str) -> Result<Plot> {
    let curve = |name: &str, color, figure: &dyn Fn(&MetricsRow) -> Option<f32>| {
        let last = rows.last().and_then(figure).filter(|v| v.is_finite());
        Curve {
            label: last.map_or(format!("{name} -"), |v| format!("{name} {}", loss_text(v))),
            color,
            points: chart::points(rows, &|row| figure(row).map(f64::from)),
        }
    };
    let curves = vec![
        curve("train", BLUE, &|row| Some(row.train_loss)),
        curve("val", GREEN, &|row| row.val_loss),
        curve("test", VERMILION, &|row| row.test_loss),
    ];
    let best = best_and_judge(rows).and_then(|(row, by)| {
        let loss = row.test_loss.or(row.val_loss).filter(|loss| loss.is_finite())?;
        let label = format!("best accuracy at epoch {} ({by})", row.epoch);
        Some(Best { x: row.epoch as f64, y: f64::from(loss), label })
    });
    draw_both(&Chart::of_losses(title, "mean cross-entropy", curves).marked(best).thinned())
}

/// `train 93.8 %`: a figure of the last row, `-` if it has none.
fn last_label(
    name: &str,
    unit: &str,
    rows: &[MetricsRow],
    figure: &dyn Fn(&MetricsRow) -> Option<f32>,
) -> String {
    let last = rows.last().and_then(figure).filter(|v| v.is_finite());
    match last {
        Some(value) => format!("{name} {:.1} {unit}", 100.0 * value),
        None => format!("{name} -"),
    }
}

/// The best row, and what chose it.
fn best_and_judge(rows: &[MetricsRow]) -> Option<(&MetricsRow, &'static str)> {
    let best = best_row(rows)?;
    Some((best, if best.val_accuracy.is_some() { "by val" } else { "chosen on test" }))
}

fn loss_text(loss: f32) -> String {
    match loss.abs() {
        0.001..1000.0 => format!("{loss:.3}"),
        0.0 => "0".to_owned(),
        _ => format!("{loss:.1e}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runs::samples::row;

    /// Typical overfitting: train rises, test peaks early and falls.
    fn overfitting(epochs: u64, with_val: bool) -> Vec<MetricsRow> {
        let rows = (0..=epochs).map(|epoch| {
            let t = epoch as f32 / epochs.max(1) as f32;
            let train = 0.1 + 0.84 * (1.0 - (-6.0 * t).exp());
            let jitter = 0.006 * (epoch as f32 * 2.4).sin();
            let test = 0.1 + 0.43 * (1.0 - (-20.0 * t).exp()) - 0.06 * t + jitter;
            let mut row = row(epoch, train, with_val.then_some(test + 0.012), test);
            row.train_loss = 2.3 * (-4.0 * t).exp() + 0.05;
            let test_loss = 1.4 + 0.9 * (-20.0 * t).exp() + 2.0 * t + jitter;
            row.test_loss = Some(test_loss);
            row.val_loss = row.val_loss.map(|_| test_loss - 0.1);
            row
        });
        rows.collect()
    }

    fn both(rows: &[MetricsRow], title: &str) -> [Plot; 2] {
        [accuracy_plot(rows, title).unwrap(), loss_plot(rows, title).unwrap()]
    }

    /// `RUNNER_LOOK_AT_PLOTS=folder cargo test plots` writes them there for inspection.
    fn look(name: &str, plots: &[Plot; 2]) {
        let Some(folder) = std::env::var_os("RUNNER_LOOK_AT_PLOTS") else {
            return;
        };
        for (kind, plot) in ["accuracy", "loss"].iter().zip(plots) {
            let path = std::path::Path::new(&folder).join(format!("{name}_{kind}"));
            std::fs::write(path.with_extension("png"), &plot.png).unwrap();
            std::fs::write(path.with_extension("svg"), &plot.svg).unwrap();
        }
    }

    #[test]
    fn same_rows_give_the_same_bytes() {
        let rows = overfitting(200, true);
        let plots = both(&rows, "cifar10_dropout · dropout 0.2, seed 1");
        look("usual", &plots);
        assert_eq!(plots, both(&rows, "cifar10_dropout · dropout 0.2, seed 1"));
        assert!(plots[0].png.starts_with(b"\x89PNG"));
        assert!(plots[0].svg.contains("best epoch") && plots[0].svg.contains("by val"));
    }

    #[test]
    fn few_and_odd_rows_are_drawn_too() {
        let few = overfitting(3, false);
        look("four_rows", &both(&few, "four rows, no validation"));
        look("no_rows", &both(&[], "no rows"));
        look("one_row", &both(&few[..1], "one row"));
        let constant = [row(0, 0.1, None, 0.1), row(1, 0.1, None, 0.1), row(2, 0.1, None, 0.1)];
        look("constant", &both(&constant, "constant"));
        look("zero", &both(&[row(0, 0.0, None, 0.0), row(1, 0.0, None, 0.0)], "accuracy 0"));
    }

    #[test]
    fn nan_infinite_and_huge_values_leave_a_gap_and_not_a_panic() {
        let mut rows = overfitting(40, true);
        for bad in &mut rows[20..24] {
            *bad = row(bad.epoch, f32::NAN, Some(f32::NAN), f32::NAN);
        }
        rows[30].test_loss = Some(f32::INFINITY);
        rows[31].train_accuracy = f32::NEG_INFINITY;
        look("with_nan", &both(&rows, "NaN from epoch 20 to 23"));
        for (exponent, row) in rows[24..].iter_mut().enumerate() {
            row.test_loss = Some(10_f32.powi(exponent as i32));
        }
        look("huge", &both(&rows, "huge losses"));
        for row in &mut rows {
            (row.test_loss, row.train_loss) = (Some(f32::MAX), f32::MIN_POSITIVE);
        }
        look("extreme", &both(&rows, "extreme losses"));
        for wrong in [-1e9, 1.0001, 1e9, f32::MAX] {
            rows[35] = row(35, wrong, Some(wrong), wrong);
            look("no_percentage", &both(&rows, "accuracies that are none"));
        }
        // A jump from 1 % does not call for a logarithmic axis.
        let jump: Vec<MetricsRow> = (0..9).map(|epoch| row(epoch, 0.01, None, 0.01)).collect();
        let jump = [jump, vec![row(9, 0.93, None, 0.9)]].concat();
        assert!(both(&jump, "jump")[0].svg.contains("\n100\n"), "the axis ends at 100");
        let nothing = [row(0, f32::NAN, None, f32::NAN), row(1, f32::NAN, None, f32::NAN)];
        look("all_nan", &both(&nothing, "nothing but NaN"));
    }

    #[test]
    fn many_rows_are_thinned_and_spikes_stay() {
        let mut rows = overfitting(10_000, false);
        rows[5_003].test_accuracy = Some(0.9);
        let plots = both(&rows, "10,000 rows");
        look("many", &plots);
        assert!(plots[0].svg.len() < 400_000, "{}", plots[0].svg.len());
        assert!(plots[0].svg.contains("best epoch 5003"));
    }

    #[test]
    fn names_are_text_and_long_ones_fit() {
        let rows = overfitting(20, true);
        let title = format!("<script>alert(1)</script> & \x1b[31m {}", "long name ".repeat(30));
        let plots = both(&rows, &title);
        look("long_title", &plots);
        assert!(!plots[0].svg.contains("<script") && !plots[0].svg.contains('\x1b'));
    }
}
