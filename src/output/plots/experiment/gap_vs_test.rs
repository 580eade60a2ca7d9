//! The gap against accuracy, with an arrow from the baseline to each config: up and to the left is better, down and
//! to the left is a network that only learned less.

use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::HPos;

use crate::analysis::compare::{ChangedConfig, Changes};
use crate::error::Result;
use crate::escape::escape_controls;
use crate::output::plots::axes::plain_tick_text;
use crate::output::plots::axis_range::AxisRange;
use crate::output::plots::draw::Drawable;
use crate::output::plots::experiment::ExperimentPlot;
use crate::output::plots::experiment::forest::{MOST_ROWS, baseline_words};
use crate::output::plots::experiment::key::Key;
use crate::output::plots::experiment::palette::{GREY, color_of};
use crate::output::plots::experiment::places::{Labelled, Taken, places};
use crate::output::plots::panel::{Panel, gap_range, range_of};
use crate::output::plots::pen::{INK, LABEL_SIZE, MARGIN, Pen, broken, provide_font};
use crate::output::plots::pixel::{Corners, Pixel};

const WIDTH: i32 = 1200;
const HEIGHT: i32 = 880; // without the key
const HEADER: i32 = 142;
const BELOW: i32 = 84;
const NAME_SIZE: i32 = 20;
/// With more configs, or with a longer name, points have numbers and the names stand in a key.
const MOST_NAMED: usize = 8;
const LONGEST_NAME: i32 = 330;
const FAINT: RGBColor = RGBColor(165, 165, 165);

/// A config as a point, in points and percent.
struct Point {
    x: f64,
    y: f64,
    color: RGBColor,
}

/// Points and arrows on two axes.
pub(super) struct GapVsTest {
    title: String,
    subtitle: String,
    axes: [String; 2],
    baseline: Point,
    points: Vec<Point>,
    labels: Vec<String>, // one a point; numbers if there is a key
    key: Key,
    x: AxisRange,
    y: AxisRange,
}

/// The configs of the changes. None where the baseline or all others have no figure.
///
/// # Errors
/// When the font cannot be used.
pub(super) fn gap_vs_test(
    experiment: &ExperimentPlot,
    changes: &Changes,
) -> Result<Option<GapVsTest>> {
    let point = |score: f64, gap: f64, color| {
        let point = Point { x: 100.0 * gap, y: 100.0 * score, color };
        let is_there = (0.0..=1.0).contains(&score) && (-1.0..=1.0).contains(&gap);
        is_there.then_some(point)
    };
    let Some(baseline) = point(changes.baseline.score, changes.baseline.gap, INK) else {
        return Ok(None);
    };
    let of_config = |one: &ChangedConfig| {
        Some((point(one.score.mean, one.gap.mean, color_of(one.direction))?, one.label.clone()))
    };
    let list: Vec<(Point, String)> =
        changes.largest(MOST_ROWS).into_iter().filter_map(of_config).collect();
    if list.is_empty() {
        return Ok(None);
    }
    let count = changes.list.len();
    let (points, names): (Vec<Point>, Vec<String>) = list.into_iter().unzip();
    let names: Vec<String> = names.iter().map(|name| escape_controls(name).into_owned()).collect();
    provide_font()?;
    let pen = Pen::new(1, WIDTH);
    let mut is_short = names.len() <= MOST_NAMED;
    for name in &names {
        is_short &= pen.width(name, NAME_SIZE)? <= LONGEST_NAME;
    }
    let (labels, key) = match is_short {
        true => (names, Key::default()),
        false => ((1..=names.len()).map(|n| n.to_string()).collect(), Key::of(&pen, &names)?),
    };
    let all = || points.iter().chain([&baseline]);
    let x = gap_range(all().map(|point| point.x), 0.3);
    let y = range_of(all().map(|point| point.y), AxisRange::PERCENT, 0.4);
    let [score, gap] = [changes.score, changes.gap].map(|figure| figure.kind().words);
    let cut = match points.len() < count {
        true => format!("; {} of {count} changes, the largest", points.len()),
        false => String::new(),
    };
    let below = if x.low < 0.0 { "; a gap is negative: the axis begins below 0" } else { "" };
    let arrows = "arrow: from the baseline to a config, means over seeds";
    Ok(Some(GapVsTest {
        title: escape_controls(&format!("Gap and {score}: {}", experiment.title)).into_owned(),
        subtitle: format!("{}; {arrows}{cut}{below}", baseline_words(changes)),
        axes: [format!("{gap} in points"), format!("{score} in %")],
        baseline,
        points,
        labels,
        key,
        x,
        y,
    }))
}

impl Drawable for GapVsTest {
    fn size(&self) -> (u32, u32) {
        (WIDTH as u32, (HEIGHT + self.key.height()) as u32)
    }

    fn paint<DB: DrawingBackend>(&self, area: &DrawingArea<DB, Shift>, pen: &Pen) -> Result<()> {
        pen.heading(area, &self.title, &self.subtitle)?;
        let panel = Panel {
            left: pen.px(MARGIN + 86),
            top: pen.px(HEADER),
            right: pen.px(WIDTH - MARGIN - 12),
            bottom: pen.px(HEIGHT - BELOW),
            x: self.x,
            y: self.y,
        };
        let (xs, ys) = (panel.x_ticks(10), panel.y_ticks(8));
        pen.grid(area, &panel, &xs, &ys)?;
        for x in &xs {
            let place = Pixel::new(panel.at(*x, panel.y.low).x, panel.bottom + pen.px(20));
            pen.text(area, &plain_tick_text(*x, &xs), place, LABEL_SIZE, HPos::Center)?;
        }
        pen.y_numbers(area, &panel, &ys, LABEL_SIZE)?;
        let below = Pixel::new((panel.left + panel.right) / 2, panel.bottom + pen.px(54));
        pen.text(area, &self.axes[0], below, LABEL_SIZE, HPos::Center)?;
        let beside = Pixel::new(pen.px(22), (panel.top + panel.bottom) / 2);
        pen.upright(area, &self.axes[1], beside, LABEL_SIZE)?;
        let mut taken = Taken { boxes: self.corners(area, pen, &panel)?, lines: Vec::new() };
        let from = panel.at(self.baseline.x, self.baseline.y);
        for point in &self.points {
            let to = panel.at(point.x, point.y);
            taken.lines.push([from, to]);
            arrow(area, pen, [from, to], point.color)?;
        }
        pen.dot(area, from, 8, INK.mix(1.0))?;
        self.names(area, pen, &panel, taken)?;
        self.key.draw(area, pen, HEIGHT)
    }
}

impl GapVsTest {
    /// Lines through the baseline, and what lies to either side of it. Returns where the words stand.
    fn corners<DB: DrawingBackend>(
        &self,
        area: &DrawingArea<DB, Shift>,
        pen: &Pen,
        panel: &Panel,
    ) -> Result<Vec<Corners>> {
        let Pixel { x, y } = panel.at(self.baseline.x, self.baseline.y);
        pen.line_between(area, [(panel.left, y), (panel.right, y)], 1, GREY)?;
        pen.line_between(area, [(x, panel.top), (x, panel.bottom)], 1, GREY)?;
        let half = pen.px(LABEL_SIZE / 2 + 4);
        let words = [
            ("better", panel.top + pen.px(22), y - panel.top),
            ("learned less", panel.bottom - pen.px(22), panel.bottom - y),
        ];
        let mut boxes = Vec::new();
        for (word, middle, height) in words {
            let (left, width) = (panel.left + pen.px(14), pen.width(word, LABEL_SIZE)?);
            if height > 3 * half && left + width < x {
                let place = Pixel::new(left, middle);
                pen.colored_text(area, word, place, LABEL_SIZE, HPos::Left, FAINT)?;
                let (top, bottom) = (middle - half, middle + half);
                boxes.push(Corners { left, top, right: left + width, bottom });
            }
        }
        Ok(boxes)
    }

    /// The names or numbers beside their points.
    fn names<DB: DrawingBackend>(
        &self,
        area: &DrawingArea<DB, Shift>,
        pen: &Pen,
        panel: &Panel,
        taken: Taken,
    ) -> Result<()> {
        let texts = ["baseline"].into_iter().chain(self.labels.iter().map(String::as_str));
        let colors = [&self.baseline].into_iter().chain(&self.points);
        let mut labels = Vec::new();
        for (text, point) in texts.clone().zip(colors.clone()) {
            let width = pen.width(text, NAME_SIZE)? + pen.px(4);
            let point = panel.at(point.x, point.y);
            labels.push(Labelled { point, width, height: pen.px(NAME_SIZE + 4) });
        }
        let Panel { left, top, right, bottom, .. } = *panel;
        let found = places(&labels, Corners { left, top, right, bottom }, taken);
        for ((text, point), place) in texts.zip(colors).zip(found) {
            let Some(place) = place else { continue };
            let middle = place.middle();
            let from = panel.at(point.x, point.y);
            // A label that had to go far is joined to its point.
            if (middle.y - from.y).abs() > pen.px(2 * NAME_SIZE) {
                pen.line_between(area, [from.coord(), middle.coord()], 1, FAINT)?;
            }
            pen.rectangle(area, place, WHITE.mix(0.75).filled())?;
            pen.colored_text(area, text, middle, NAME_SIZE, HPos::Center, point.color)?;
        }
        Ok(())
    }
}

/// A line with a head at its end, and a dot there.
fn arrow<DB: DrawingBackend>(
    area: &DrawingArea<DB, Shift>,
    pen: &Pen,
    [from, to]: [Pixel; 2],
    color: RGBColor,
) -> Result<()> {
    pen.line_between(area, [from.coord(), to.coord()], 2, color)?;
    let [along, down] = [f64::from(to.x - from.x), f64::from(to.y - from.y)];
    let length = (along * along + down * down).sqrt();
    let head = f64::from(pen.px(17));
    if length > 1.5 * head {
        let [along, down] = [along / length, down / length];
        let corner = |side: f64| {
            let x = f64::from(to.x) - head * along + side * head * down;
            let y = f64::from(to.y) - head * down - side * head * along;
            (x.round() as i32, y.round() as i32)
        };
        let triangle = Polygon::new(vec![to.coord(), corner(0.42), corner(-0.42)], color.filled());
        return area.draw(&triangle).map_err(broken);
    }
    pen.dot(area, to, 5, color.mix(1.0))
}
