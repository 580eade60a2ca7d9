//! The picture of each question.

use super::Answer;
use crate::error::Result;
use crate::output::plots::{Line, LinePlot, Plot, Step, line_plot, waterfall};
use crate::runs::metrics::MetricsRow;
use crate::study::{Figures, Question};

/// How the gap shrinks, step by step.
pub(super) fn waterfall_plot(answer: &Answer<'_>) -> Result<Option<Plot>> {
    let Some((start, recipe)) = answer.start() else { return Ok(None) };
    let first = Step { name: "baseline".to_owned(), after: start.gap.mean };
    let steps =
        recipe.steps.iter().map(|kept| Step { name: kept.label(), after: kept.figures.gap.mean });
    let steps: Vec<Step> = [first].into_iter().chain(steps).collect();
    let title = format!("What closes the gap: {}", answer.name);
    let remark =
        "train minus validation accuracy; estimates of the search, which depend on the order";
    waterfall(&title, remark, "gap in points", &steps).map(Some)
}

/// Accuracy by number of training examples, with what twice and four times as many would bring.
pub(super) fn by_examples(answer: &Answer<'_>) -> Result<Option<Plot>> {
    let Some(found) = &answer.findings.more_data else { return Ok(None) };
    let of = |figure: fn(&Figures) -> f64| {
        found.points.iter().map(|(n, figures)| (*n, figure(figures))).collect::<Vec<_>>()
    };
    let mut lines = vec![
        line("train", of(|figures| figures.train.mean)),
        line("validation", of(|figures| figures.val.mean)),
    ];
    if let Ok(law) = &found.law {
        let guess = [1.0, 2.0, 4.0].map(|times| (times * law.examples, 1.0 - law.error_at(times)));
        let name = "if the curve keeps its shape".to_owned();
        lines.push(Line { name, points: guess.to_vec(), is_dashed: true });
    }
    let remark = "means over seeds; each seed draws its own share".to_owned();
    let title = Question::MoreData.heading().to_owned();
    plot(title, remark, "training examples (logarithmic)", true, lines)
}

/// Accuracy by number of parameters.
pub(super) fn by_size(answer: &Answer<'_>) -> Result<Option<Plot>> {
    let Some(found) = &answer.findings.capacity else { return Ok(None) };
    let of = |figure: fn(&Figures) -> f64| {
        found.sizes.iter().map(|size| (size.parameters as f64, figure(&size.figures))).collect()
    };
    let lines = vec![
        line("train", of(|figures| figures.train.mean)),
        line("validation", of(|figures| figures.val.mean)),
    ];
    plot(
        Question::Capacity.heading().to_owned(),
        "means over seeds".to_owned(),
        "parameters (logarithmic)",
        true,
        lines,
    )
}

/// What becomes of noisy labels, epoch by epoch.
pub(super) fn of_noisy_labels(answer: &Answer<'_>) -> Result<Option<Plot>> {
    let found = answer.findings.memory.as_ref().and_then(|memory| memory.of_noisy.as_ref());
    let Some(found) = found else { return Ok(None) };
    let lines = vec![
        line("clean labels, right", mean_curve(&found.curves, |row| row.train_clean_accuracy)),
        line("validation, right", mean_curve(&found.curves, |row| row.val_accuracy)),
        line(
            "noisy labels, learnt by heart",
            mean_curve(&found.curves, |row| row.train_noisy_accuracy),
        ),
    ];
    let title = format!("Memory? {} % of the labels drawn anew", (100.0 * found.share).round());
    plot(title, "means over seeds".to_owned(), "epoch", false, lines)
}

/// The baseline's curves.
pub(super) fn of_baseline(answer: &Answer<'_>) -> Result<Option<Plot>> {
    let Some(found) = &answer.findings.stand else { return Ok(None) };
    let curves: Vec<Vec<MetricsRow>> = found.runs.iter().map(|run| run.rows.clone()).collect();
    let lines = vec![
        line("train", mean_curve(&curves, |row| Some(row.train_accuracy))),
        line("validation", mean_curve(&curves, |row| row.val_accuracy)),
    ];
    plot("The baseline".to_owned(), "means over seeds".to_owned(), "epoch", false, lines)
}

fn line(name: &str, points: Vec<(f64, f64)>) -> Line {
    Line { name: name.to_owned(), points, is_dashed: false }
}

fn plot(
    title: String,
    remark: String,
    x_name: &'static str,
    is_log: bool,
    lines: Vec<Line>,
) -> Result<Option<Plot>> {
    let y_name = "accuracy in %";
    line_plot(&LinePlot { title, remark, x_name, is_log, y_name, lines }).map(Some)
}

/// The mean over the seeds at each epoch that all have evaluated.
fn mean_curve(
    curves: &[Vec<MetricsRow>],
    figure: fn(&MetricsRow) -> Option<f32>,
) -> Vec<(f64, f64)> {
    let Some(first) = curves.first() else { return Vec::new() };
    let at = |epoch: u64| {
        let of_seed = |rows: &Vec<MetricsRow>| {
            rows.iter().find(|row| row.epoch == epoch).and_then(figure).map(f64::from)
        };
        let values = curves.iter().map(of_seed).collect::<Option<Vec<f64>>>()?;
        Some((epoch as f64, values.iter().sum::<f64>() / values.len() as f64))
    };
    first.iter().filter_map(|row| at(row.epoch)).collect()
}
