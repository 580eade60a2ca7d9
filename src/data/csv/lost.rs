//! Lines with a class that are left out for other reasons: with them, the class itself may vanish.

use std::collections::BTreeMap;

use crate::data::csv::missing::is_missing;
use crate::data::csv::number::quoted;
use crate::data::csv::read_so_far::ReadSoFar;
use crate::data::csv::{BadLabel, BadRow, Reading};
use crate::data::own::{DataRefusal, MOST_CLASSES};
use crate::escape::escape_controls;

/// The lines that are left out, by class.
#[derive(Default)]
pub(super) struct LostClasses {
    of_label: BTreeMap<String, LostLines>,
    of_unknown: LostLines,
}

/// Such lines of one class, or of unknown ones.
#[derive(Default)]
struct LostLines {
    count: u64,
    first: String, // and why
}

impl LostLines {
    /// Counts a line; `what` says which one and why.
    fn push(&mut self, what: impl Fn() -> String) {
        if self.count == 0 {
            self.first = escape_controls(&what()).into_owned();
        }
        self.count += 1;
    }
}

impl LostClasses {
    /// That a class may have vanished with lines of a file whose class is unknown, if there are any.
    pub(super) fn note(&mut self, path: &str) -> Option<String> {
        let LostLines { count, first } = std::mem::take(&mut self.of_unknown);
        let (lines, first) = match count {
            0 => return None,
            1 => ("1 line".to_owned(), format!(": {first}")),
            count => (format!("{count} lines"), format!(", the first: {first}")),
        };
        Some(format!(
            "left out with an unknown class: {lines} of {path}{first}; a class with no other lines is missing"
        ))
    }
}

impl ReadSoFar {
    /// Records a line that is left out.
    pub(super) fn lose(&mut self, BadRow { line, reason, label, .. }: &BadRow) {
        let what = || format!("line {line} {reason}");
        match label {
            BadLabel::Known(label) => self.lose_one_of(label, what),
            BadLabel::Unknown if self.reading == Reading::Current => {
                self.lost.of_unknown.push(what)
            }
            BadLabel::Unknown | BadLabel::Missing => {}
        }
    }

    /// Records a left-out example of a class; `what` says which one and why.
    pub(in crate::data) fn lose_one_of(&mut self, label: &str, what: impl Fn() -> String) {
        let has_room = self.lost.of_label.len() <= MOST_CLASSES;
        if let Some(lost) = self.lost.of_label.get_mut(label) {
            lost.push(what);
        } else if has_room && self.reading == Reading::Current && !is_missing(label) {
            self.lost.of_label.entry(label.to_owned()).or_default().push(what);
        }
    }

    /// Refuses a table with a class none of whose lines can be used.
    pub(in crate::data) fn check_no_class_is_lost(&self) -> Result<(), DataRefusal> {
        let mut lost = self.lost.of_label.iter().filter(|(label, _)| !self.classes.has(label));
        let Some((name, LostLines { count, first })) = lost.next() else { return Ok(()) };
        let name = quoted(&escape_controls(name));
        let title = format!("class \"{name}\" would be lost: none of its lines can be used");
        let label = match count {
            1 => first.clone(),
            _ => format!("all {count} are left out, the first: {first}"),
        };
        let help = "fill in the fields, leave that column out of `features`, or delete the lines";
        Err(DataRefusal::new("features", title, label).help(help))
    }
}
