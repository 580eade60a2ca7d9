//! The curves of the chosen trial.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::{Color, Style};
use ratatui::symbols::Marker;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Axis, Block, Borders, Chart, Dataset, GraphType};

use super::app::App;
use crate::runs::metrics::MetricsRow;

/// A loss this many times the median is cut off, because it would flatten all others.
const MOST_TIMES_MEDIAN: f64 = 5.0;

/// One split.
struct SplitCurve {
    name: &'static str,
    color: Color,
    points: Vec<(f64, f64)>, // finite
}

/// Draws the curves into `area`, with their names and last values above them.
pub(super) fn draw(app: &App, frame: &mut Frame, area: Rect) {
    let Some(chosen) = app.chosen() else {
        return;
    };
    let curves = curves(&app.rows, app.shows_loss);
    let epochs = chosen.epochs().map_or(1, |(_, all)| all) as f64;
    let (low, high) = if app.shows_loss { loss_range(&curves) } else { accuracy_range(&curves) };
    let datasets = curves.iter().map(|curve| {
        let dataset = Dataset::default().marker(Marker::Braille).graph_type(GraphType::Line);
        dataset.style(style(curve, app.colors)).data(&curve.points)
    });
    let number = |y: f64| match app.shows_loss {
        true => format!("{y:.2}"),
        false => format!("{y:.0}"),
    };
    let title = title(app, &chosen.label, &curves, high);
    let chart = Chart::new(datasets.collect())
        .block(Block::new().borders(Borders::TOP).title(Line::from(title)))
        .legend_position(None)
        .x_axis(
            Axis::default()
                .bounds([0.0, epochs])
                .labels(["0".to_owned(), format!("epoch {epochs}")]),
        )
        .y_axis(Axis::default().bounds([low, high]).labels([
            number(low),
            number(0.5 * (low + high)),
            number(high),
        ]));
    frame.render_widget(chart, area);
}

/// Whose curves these are, and where each ends.
fn title(app: &App, label: &str, curves: &[SplitCurve], high: f64) -> Vec<Span<'static>> {
    let last_of = |curve: &SplitCurve| match (curve.points.last(), app.shows_loss) {
        (None, _) => "-".to_owned(),
        (Some((_, y)), true) if *y < 1000.0 => format!("{y:.3}"),
        (Some((_, y)), true) => format!("{y:.0e}"),
        (Some((_, y)), false) => format!("{y:.1}"),
    };
    let is_cut = values(curves).any(|y| y > high);
    let mut title = vec![Span::raw(format!(" {label} "))];
    title.extend(curves.iter().map(|curve| {
        let text = format!(" {} {} ", curve.name, last_of(curve));
        Span::styled(text, style(curve, app.colors))
    }));
    title.push(Span::raw(match app.shows_loss {
        true if is_cut => format!(" loss, cut off at {high:.2} "),
        true => " loss ".to_owned(),
        false => " accuracy in % ".to_owned(),
    }));
    title
}

fn style(curve: &SplitCurve, colors: bool) -> Style {
    match colors {
        true => Style::new().fg(curve.color),
        false => Style::new(),
    }
}

/// Train, validation and test, as far as the rows have them.
fn curves(rows: &[MetricsRow], shows_loss: bool) -> Vec<SplitCurve> {
    let percent = |fraction: f32| 100.0 * f64::from(fraction);
    let train = |row: &MetricsRow| match shows_loss {
        true => Some(f64::from(row.train_loss)),
        false => Some(percent(row.train_accuracy)),
    };
    let val = |row: &MetricsRow| match shows_loss {
        true => row.val_loss.map(f64::from),
        false => row.val_accuracy.map(percent),
    };
    let test = |row: &MetricsRow| match shows_loss {
        true => row.test_loss.map(f64::from),
        false => row.test_accuracy.map(percent),
    };
    let curve_of = |name, color, figure: &dyn Fn(&MetricsRow) -> Option<f64>| {
        let points = rows.iter().filter_map(|row| Some((row.epoch as f64, figure(row)?)));
        let points = points.filter(|(_, y)| y.is_finite()).collect();
        SplitCurve { name, color, points }
    };
    let mut curves = vec![
        curve_of("train", Color::LightBlue, &train),
        curve_of("val", Color::LightGreen, &val),
        curve_of("test", Color::LightYellow, &test),
    ];
    curves.retain(|curve| curve.name == "train" || !curve.points.is_empty());
    curves
}

fn values(curves: &[SplitCurve]) -> impl Iterator<Item = f64> + '_ {
    curves.iter().flat_map(|curve| &curve.points).map(|point| point.1)
}

/// Whole tens, within 0 to 100.
fn accuracy_range(curves: &[SplitCurve]) -> (f64, f64) {
    let low = values(curves).fold(100.0, f64::min);
    let high = values(curves).fold(0.0, f64::max);
    if low > high {
        return (0.0, 100.0);
    }
    let low = (10.0 * (low / 10.0).floor()).clamp(0.0, 90.0);
    (low, (10.0 * (high / 10.0).ceil()).clamp(low + 10.0, 100.0))
}

/// From zero to the highest value that is not an outlier.
fn loss_range(curves: &[SplitCurve]) -> (f64, f64) {
    let mut all: Vec<f64> = values(curves).collect();
    all.sort_by(f64::total_cmp);
    let Some(median) = all.get(all.len() / 2) else {
        return (0.0, 1.0);
    };
    let highest = all.last().copied().unwrap_or(1.0).min(MOST_TIMES_MEDIAN * median);
    (0.0, highest.max(1e-3))
}
