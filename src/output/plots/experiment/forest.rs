//! The forest: what each config changes against the baseline in accuracy and in the gap, with its interval and a
//! dot for each seed, in the groups of the verdict.

use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::HPos;

use crate::analysis::compare::{Changes, FigureChange};
use crate::error::Result;
use crate::escape::escape_controls;
use crate::output::plots::axes::{nice_step, plain_tick_text, ticks};
use crate::output::plots::axis_range::AxisRange;
use crate::output::plots::draw::Drawable;
use crate::output::plots::experiment::ExperimentPlot;
use crate::output::plots::experiment::palette::color_of;
use crate::output::plots::experiment::whiskers::{NUMBERS, Whiskers};
use crate::output::plots::panel::Panel;
use crate::output::plots::pen::{INK, MARGIN, Pen, provide_font};
use crate::output::plots::pixel::{Corners, Pixel};
use crate::runs::figures::Figure;
use crate::table::hundredfold;

const WIDTH: i32 = 1400;
/// The most changes that a picture can hold in a height that is still looked at.
pub(super) const MOST_ROWS: usize = 60;
const HEADER: i32 = 196;
const FOOTER: i32 = 66;
const NAMES: i32 = 400; // width of the names
const NAME_SIZE: i32 = 20;
const LINE: i32 = NAME_SIZE + 5; // of a name
const MOST_LINES: usize = 4; // of a name
const ROW: i32 = 38; // the least height of one
const GROUP: i32 = 44; // height of a verdict
const SMALL: i32 = 19;
const NOTE: RGBColor = RGBColor(95, 95, 95);

/// What stands below each other.
enum Item {
    /// A verdict in words.
    Group(String, RGBColor),
    /// One change.
    Row { name: Vec<String>, color: RGBColor, score: FigureChange, gap: FigureChange },
}

/// Two panels of changes, of the score and of the gap.
pub(super) struct Forest {
    title: String,
    subtitle: String,
    names: [String; 2], // of the panels
    ranges: [AxisRange; 2],
    items: Vec<Item>,
    note: Option<String>, // at the foot
}

/// The changes of the experiment's configs.
///
/// # Errors
/// When the font cannot be used.
pub(super) fn forest(experiment: &ExperimentPlot, changes: &Changes) -> Result<Forest> {
    let shown = changes.largest(MOST_ROWS);
    let mut items = Vec::new();
    let mut group = "";
    provide_font()?;
    let pen = Pen::new(1, WIDTH);
    for one in &shown {
        let color = color_of(one.direction);
        if one.words != group {
            group = &one.words;
            items.push(Item::Group(group.to_owned(), color));
        }
        let label = escape_controls(&one.label);
        let name = pen.wrapped(&label, NAME_SIZE, NAMES - MARGIN, MOST_LINES)?;
        let (score, gap) = (one.score.clone(), one.gap.clone());
        items.push(Item::Row { name, color, score, gap });
    }
    let count = changes.list.len();
    let ranges = [changes.score, changes.gap].map(|figure| range(changes, figure));
    let cut = (shown.len() < count).then(|| {
        let rest = "those that are shown first, then the largest";
        format!("{} of {count} changes: {rest}", shown.len())
    });
    let arrow = shown
        .iter()
        .any(|one| goes_on(&one.score, ranges[0]) || goes_on(&one.gap, ranges[1]))
        .then(|| "a whisker that ends in an arrow goes on beyond the axis".to_owned());
    let notes: Vec<String> = cut.into_iter().chain(arrow).collect();
    let [of_score, of_gap] = [changes.score, changes.gap].map(|figure| figure.kind().words);
    Ok(Forest {
        title: escape_controls(&format!("Changes against the baseline: {}", experiment.title))
            .into_owned(),
        subtitle: format!("{}; {}", baseline_words(changes), changes.caption()),
        names: [
            format!("{of_score}, points (right: better)"),
            format!("{of_gap}, points (left: narrower)"),
        ],
        ranges,
        items,
        note: (!notes.is_empty()).then(|| notes.join("; ")),
    })
}

/// `baseline: test accuracy 38.3 %, gap 51.9 points, n=9`
pub(super) fn baseline_words(changes: &Changes) -> String {
    let Changes { score, gap, baseline, .. } = changes;
    let (test, gap_of, n) =
        (hundredfold(baseline.score), hundredfold(baseline.gap), baseline.seeds);
    let [score, gap] = [score, gap].map(|figure| figure.kind().words);
    format!("baseline: {score} {test} %, {gap} {gap_of} points, n={n}")
}

/// The axis of a figure's changes in points, which ends at ticks.
fn range(changes: &Changes, figure: Figure) -> AxisRange {
    let [low, high] = changes.reach(figure).map(|end| (100.0 * end).clamp(-100.0, 100.0));
    let step = nice_step((high - low).max(1.0), 5);
    let (low, high) = ((low / step - 0.1).floor() * step, (high / step + 0.1).ceil() * step);
    AxisRange::new(low, high)
}

/// Whether an interval is longer than the axis.
fn goes_on(change: &FigureChange, range: AxisRange) -> bool {
    let is_beyond = |end: &f64| !(range.low..=range.high).contains(&(100.0 * end));
    change.interval.is_some_and(|ends| ends.iter().any(is_beyond))
}

impl Item {
    fn height(&self) -> i32 {
        match self {
            Item::Group(..) => GROUP,
            Item::Row { name, .. } => ROW.max(LINE * name.len() as i32 + 12),
        }
    }
}

impl Drawable for Forest {
    fn size(&self) -> (u32, u32) {
        let rows: i32 = self.items.iter().map(Item::height).sum();
        (WIDTH as u32, (HEADER + rows + FOOTER).max(0) as u32)
    }

    fn paint<DB: DrawingBackend>(&self, area: &DrawingArea<DB, Shift>, pen: &Pen) -> Result<()> {
        pen.heading(area, &self.title, &self.subtitle)?;
        let bottom = self.size().1 as i32 - FOOTER;
        let half = (WIDTH - MARGIN - NAMES) / 2;
        let panels = [0, 1].map(|at| Panel {
            left: pen.px(NAMES + MARGIN + at * half),
            top: pen.px(HEADER),
            right: pen.px(NAMES + MARGIN + (at + 1) * half - NUMBERS),
            bottom: pen.px(bottom),
            x: self.ranges[at as usize],
            y: AxisRange::new(0.0, 1.0),
        });
        for (panel, name) in panels.iter().zip(&self.names) {
            axes(area, pen, panel, name)?;
        }
        let mut top = HEADER;
        for item in &self.items {
            let middle = top + item.height() / 2;
            match item {
                Item::Group(words, color) => {
                    let place = Pixel::new(pen.px(MARGIN), pen.px(middle + 6));
                    let size = NAME_SIZE + 2;
                    // Long verdicts reach into the panels, whose lines would cross them.
                    let behind = Corners {
                        left: place.x,
                        top: place.y - pen.px(size / 2),
                        right: place.x + pen.width(words, size)?,
                        bottom: place.y + pen.px(size / 2),
                    };
                    pen.rectangle(area, behind, WHITE.filled())?;
                    pen.colored_text(area, words, place, size, HPos::Left, *color)?;
                }
                Item::Row { name, color, score, gap } => {
                    let first = middle - LINE * (name.len() as i32 - 1) / 2;
                    for (at, line) in (0..).zip(name) {
                        let place = Pixel::new(pen.px(MARGIN + 16), pen.px(first + at * LINE));
                        pen.text(area, line, place, NAME_SIZE, HPos::Left)?;
                    }
                    for (panel, change) in panels.iter().zip([score, gap]) {
                        Whiskers { panel, middle, color: *color }.draw(area, pen, change)?;
                    }
                }
            }
            top += item.height();
        }
        if let Some(note) = &self.note {
            let place = Pixel::new(pen.px(MARGIN), pen.px(bottom + FOOTER - 20));
            pen.colored_text(area, note, place, SMALL, HPos::Left, NOTE)?;
        }
        Ok(())
    }
}

/// The grid of a panel with a strong line at 0, its name above and its numbers above and below.
fn axes<DB: DrawingBackend>(
    area: &DrawingArea<DB, Shift>,
    pen: &Pen,
    panel: &Panel,
    name: &str,
) -> Result<()> {
    let xs = ticks(panel.x.low, panel.x.high, nice_step(panel.x.high - panel.x.low, 5));
    pen.grid(area, panel, &xs, &[])?;
    let zero = [panel.at(0.0, 0.0), panel.at(0.0, 1.0)].map(Pixel::coord);
    pen.line_between(area, zero, 2, INK)?;
    for x in &xs {
        let at = panel.at(*x, 0.0).x;
        for y in [panel.top - pen.px(16), panel.bottom + pen.px(18)] {
            let text = plain_tick_text(*x, &xs);
            pen.text(area, &text, Pixel::new(at, y), SMALL, HPos::Center)?;
        }
    }
    let place = Pixel::new(panel.left, panel.top - pen.px(48));
    let room = panel.right - panel.left + pen.px(NUMBERS - 10);
    pen.text(area, &pen.shortened(name, NAME_SIZE, room)?, place, NAME_SIZE, HPos::Left)
}
