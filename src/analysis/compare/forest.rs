//! The changes against the baseline as a small forest for a terminal: a line for each, with the interval of its
//! score and that of its gap around a line at 0.

use crate::analysis::compare::changes::{ChangedConfig, Changes, FigureChange};
use crate::runs::figures::Figure;
use crate::table::{Look, hundredfold, signed_points};

/// More changes would push the answer off the screen.
const MOST_ROWS: usize = 20;
/// Characters of a panel.
const NARROWEST: usize = 14;
const WIDEST: usize = 44;
/// Characters of a name, as far as it has room.
const LONGEST_NAME: usize = 40;
/// Characters between columns.
const SPACE: usize = 2;

/// The characters that a line is drawn with.
#[derive(Debug, Clone, Copy)]
struct Strokes {
    line: char,
    left: char,
    right: char,
    zero: char,
    crossing: char, // of the line at 0 and an interval
    cut: &'static str,
}

const ASCII: Strokes =
    Strokes { line: '-', left: '|', right: '|', zero: ':', crossing: '+', cut: "..." };
const UNICODE: Strokes =
    Strokes { line: '─', left: '├', right: '┤', zero: '┊', crossing: '┼', cut: "…" };

/// One of the two figures, and where its axis ends.
struct ForestPanel {
    cells: usize,
    low: f64,
    high: f64,
}

/// The forest in this many columns. None where the width is not known, as in a pipe, or too narrow.
pub(super) fn draw(changes: &Changes, look: &Look) -> Option<String> {
    let width = usize::from(look.width?);
    let strokes = if look.ascii { ASCII } else { UNICODE };
    let rows = changes.largest(MOST_ROWS);
    let longest = rows.iter().map(|one| one.label.chars().count()).max()?;
    let most_of_name = width.saturating_sub(2 * (NARROWEST + SPACE)).min(LONGEST_NAME);
    let most_of_name = most_of_name.min((width / 3).max(16));
    let of_name = longest.min(most_of_name);
    let cells = (width.saturating_sub(of_name) / 2).saturating_sub(SPACE).min(WIDEST);
    if cells < NARROWEST {
        return None;
    }
    let panels = [changes.score, changes.gap].map(|figure| ForestPanel::of(changes, figure, cells));
    let line = |name: &str, parts: [String; 2]| {
        let [score, gap] = parts;
        let name = abridged(name, of_name, strokes.cut);
        let space = " ".repeat(SPACE);
        format!("{name:of_name$}{space}{score:cells$}{space}{gap}").trim_end().to_owned() + "\n"
    };
    let headers = [changes.score, changes.gap].map(|figure| header(figure, cells));
    let mut text = line("", headers);
    for one in &rows {
        let ChangedConfig { label, score, gap, .. } = one;
        let [of_score, of_gap] = &panels;
        text.push_str(&line(label, [of_score.row(score, strokes), of_gap.row(gap, strokes)]));
    }
    text.push_str(&line("", panels.map(|panel| panel.numbers())));
    let more = changes.list.len() - rows.len();
    if more > 0 {
        text.push_str(&format!("{more} smaller changes are not drawn\n"));
    }
    Some(text)
}

/// `test change, points`, or as much of it as has room.
fn header(figure: Figure, cells: usize) -> String {
    let whole = format!("{} change, points", figure.kind().header);
    whole.chars().take(cells).collect()
}

impl ForestPanel {
    fn of(changes: &Changes, figure: Figure, cells: usize) -> ForestPanel {
        let [low, high] = changes.reach(figure).map(|end| end.clamp(-1.0, 1.0));
        // Changes of nothing need a line at 0 all the same.
        let least = if high - low > 0.0 { 0.0 } else { 0.01 };
        ForestPanel { cells, low: low - least, high: high + least }
    }

    /// The cell of a value, if it lies on the axis.
    fn cell(&self, value: f64) -> Option<usize> {
        let share = (value - self.low) / (self.high - self.low);
        let last = self.cells - 1;
        let is_on_it = (-1e-9..=1.0 + 1e-9).contains(&share);
        is_on_it.then(|| ((share * last as f64).round() as usize).min(last))
    }

    fn row(&self, change: &FigureChange, strokes: Strokes) -> String {
        let mut row = vec![' '; self.cells];
        let zero = self.cell(0.0).unwrap_or(0);
        row[zero] = strokes.zero;
        if let Some([low, high]) = change.interval {
            let from = self.cell(low).unwrap_or(0);
            let to = self.cell(high).unwrap_or(self.cells - 1);
            for (at, cell) in row.iter_mut().enumerate().take(to + 1).skip(from) {
                *cell = if at == zero { strokes.crossing } else { strokes.line };
            }
            row[from] = if low < self.low { '<' } else { strokes.left };
            row[to] = if high > self.high { '>' } else { strokes.right };
        }
        if let Some(at) = self.cell(change.value) {
            row[at] = 'o';
        }
        row.into_iter().collect()
    }

    /// The ends of the axis and 0, as far as there is room for them.
    fn numbers(&self) -> String {
        let mut row = vec![' '; self.cells];
        let zero = self.cell(0.0).unwrap_or(0);
        let (low, high) = (hundredfold(self.low), signed_points(self.high));
        let lasts = self.cells.saturating_sub(high.len());
        let places = [("0".to_owned(), zero), (low, 0), (high, lasts)];
        for (text, from) in places {
            let has_room = (from.saturating_sub(1)..=from + text.len())
                .all(|at| row.get(at).is_none_or(|cell| *cell == ' '));
            if has_room {
                row.iter_mut().skip(from).zip(text.chars()).for_each(|(cell, c)| *cell = c);
            }
        }
        row.into_iter().collect()
    }
}

/// The name, or its beginning and its end.
fn abridged(name: &str, room: usize, cut: &str) -> String {
    let chars: Vec<char> = name.chars().collect();
    if chars.len() <= room {
        return name.to_owned();
    }
    let kept = room.saturating_sub(cut.chars().count());
    let tail = kept * 2 / 5;
    let text = |part: &[char]| part.iter().collect::<String>();
    format!("{}{cut}{}", text(&chars[..kept - tail]), text(&chars[chars.len() - tail..]))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::analysis::compare::{CompareOptions, compare};
    use crate::runs::record::RunRecord;
    use crate::runs::samples::seeds;

    fn variants() -> Vec<RunRecord> {
        // Seeds do not do quite the same to each.
        let one = |key: &'static str, value: f64, train, test| {
            seeds(&[(key, json!(value))], train, test, 0.004 + 0.03 * train * test)
        };
        [
            seeds(&[], 0.902, 0.383, 0.004),
            one("network.dropout", 0.2, 0.72, 0.431),
            one("network.dropout", 0.5, 0.45, 0.384),
            one("optimizer.weight_decay", 0.01, 0.50, 0.30),
            one("optimizer.learning_rate", 0.03, 0.903, 0.385),
        ]
        .concat()
    }

    fn drawn(records: &[RunRecord], width: Option<u16>, ascii: bool) -> Option<String> {
        let comparison = compare(records, &CompareOptions::default()).unwrap();
        comparison.forest(&Look { width, ascii, color: false })
    }

    #[test]
    fn a_line_for_each_change_fits_every_width() {
        let mut shown = String::new();
        for width in [60, 80, 120, 200] {
            let text = drawn(&variants(), Some(width), false).unwrap();
            let fits = |line: &str| line.chars().count() <= usize::from(width);
            assert!(text.lines().all(fits), "{width}:\n{text}");
            shown.push_str(&format!("{width}\n{text}\n"));
        }
        let ascii = drawn(&variants(), Some(80), true).unwrap();
        assert!(ascii.is_ascii(), "{ascii}");
        insta::assert_snapshot!(shown + "ASCII\n" + &ascii);
    }

    #[test]
    fn a_pipe_a_narrow_terminal_and_no_baseline_have_none() {
        assert_eq!(drawn(&variants(), None, false), None);
        assert_eq!(drawn(&variants(), Some(30), false), None);
        assert_eq!(drawn(&variants()[..3], Some(80), false), None);
    }

    #[test]
    fn one_seed_nan_and_long_names_are_drawn() {
        let one: Vec<RunRecord> = variants().into_iter().step_by(3).collect();
        let text = drawn(&one, Some(80), true).unwrap();
        assert!(text.contains('o') && !text.contains('-') || text.contains(" -"), "{text}");
        let mut odd = variants();
        for record in &mut odd[3..6] {
            record.last.as_mut().unwrap().test_accuracy = Some(f32::NAN);
            record.role.variant = Some("a name that goes on and on ".repeat(9));
        }
        let text = drawn(&odd, Some(80), false).unwrap();
        assert!(
            text.contains('…') && text.lines().all(|line| line.chars().count() <= 80),
            "{text}"
        );
        let same: Vec<RunRecord> =
            [seeds(&[], 0.9, 0.5, 0.0), seeds(&[("network.dropout", json!(0.1))], 0.9, 0.5, 0.0)]
                .concat();
        assert!(drawn(&same, Some(80), true).is_some());
    }

    #[test]
    fn many_changes_are_counted() {
        let many = (0..12).flat_map(|i| {
            let decay = json!(f64::from(i) / 100.0);
            [json!(0.0), json!(0.1)].into_iter().flat_map(move |dropout| {
                let changes =
                    [("optimizer.weight_decay", decay.clone()), ("network.dropout", dropout)];
                seeds(&changes, 0.9, 0.5 + 0.001 * i as f32, 0.003)
            })
        });
        let text = drawn(&many.collect::<Vec<_>>(), Some(100), false).unwrap();
        assert!(text.ends_with("3 smaller changes are not drawn\n"), "{text}");
    }
}
