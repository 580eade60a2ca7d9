//! Whether held-out examples are others than those of another part.

use std::collections::HashSet;
use std::fs;

use crate::data::csv::Reading;
use crate::data::csv::columns::NamedFile;
use crate::data::csv::lines::Lines;
use crate::data::csv::read_so_far::ReadSoFar;
use crate::data::own::DataRefusal;

/// What to do about test examples that are the training examples.
const HELP: &str = "name another file, or remove `test_path` to hold out a share of each class";

/// A part of the data, and which one it is.
#[derive(Debug, Clone, Copy)]
pub(in crate::data) struct PartOfData<'a> {
    what: &'static str, // before "examples"
    lines: &'a Lines,
}

impl<'a> PartOfData<'a> {
    pub(in crate::data) fn new(what: &'static str, lines: &'a Lines) -> PartOfData<'a> {
        PartOfData { what, lines }
    }
}

impl ReadSoFar {
    /// Refuses a file of test examples that is the file of the training examples.
    pub(super) fn check_is_other_file(
        &self,
        path: &str,
        test: NamedFile<'_>,
    ) -> Result<(), DataRefusal> {
        let place = |file: &str| fs::canonicalize(file).ok();
        let is_same =
            place(path).is_some_and(|place_of_path| place(test.path) == Some(place_of_path));
        match is_same && self.reading == Reading::Current {
            true => {
                let label = format!("{} is also the file of `path`", test.path);
                let title = "the test examples are the training examples";
                Err(DataRefusal::new("test_path", title, label).help(HELP))
            }
            false => Ok(()),
        }
    }

    /// Refuses held-out examples that are those of the other part.
    pub(in crate::data) fn check_are_other_examples(
        &mut self,
        other: PartOfData<'_>,
        held_out: PartOfData<'_>,
    ) -> Result<(), DataRefusal> {
        if self.reading == Reading::Current && other.lines.equals(held_out.lines) {
            let label = "they are the same examples in the same order";
            let title = format!("the {} examples are the {} examples", held_out.what, other.what);
            return Err(DataRefusal::new("test_path", title, label).help(HELP));
        }
        self.note_examples_of_both(other, held_out);
        Ok(())
    }

    /// Notes if most of the held-out examples also occur in the other part.
    pub(in crate::data) fn note_examples_of_both(
        &mut self,
        other: PartOfData<'_>,
        held_out: PartOfData<'_>,
    ) {
        if self.reading == Reading::First {
            return;
        }
        let all = held_out.lines.labels.len();
        let others: HashSet<_> = other.lines.examples().collect();
        let known = held_out.lines.examples().filter(|example| others.contains(example)).count();
        if 2 * known >= all {
            self.notes.push(format!(
                "{known} of the {all} {} examples also occur among the {} examples, number for number",
                held_out.what, other.what
            ));
        }
    }
}
