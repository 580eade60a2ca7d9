//! What the classes of a trial cost: their names in every record, their figures, and the cells of
//! the confusion matrix. It matters only with thousands of classes.

use crate::data::DatasetSource;
use crate::experiment::Trial;
use crate::runs::evaluation::MOST_IN_SQUARE;
use crate::train::TestReads;

/// A class in `evaluation.json` and `run.json`, without its name.
const FIGURES_BYTES: usize = 200;
/// A class in memory while its figures are computed and written, without its name.
const FIGURES_MEMORY_BYTES: usize = 600;
/// A judged example in memory, with its cell of the confusion matrix.
const JUDGED_MEMORY_BYTES: usize = 100;
/// A cell of `confusion.csv`: in a square, and in a list without both names.
const CELL_BYTES: usize = 2;
const LISTED_CELL_BYTES: usize = 8;
/// The length of a class name if it is unknown.
const NAME_BYTES: usize = 10;

/// What the classes of a trial take.
pub(super) struct ClassCost {
    pub(super) memory_bytes: u64,
    pub(super) disk_bytes: u64,
}

impl ClassCost {
    pub(super) fn of(trial: &Trial) -> ClassCost {
        let dataset = &trial.dataset;
        let facts = dataset.source.facts();
        let judged = match trial.evaluation.test {
            TestReads::Every => dataset.tested(),
            TestReads::Sealed => dataset.held_out(),
        };
        let (classes, names) = (facts.classes, name_bytes(&dataset.source, facts.classes));
        let confusion = match classes <= MOST_IN_SQUARE {
            true => CELL_BYTES * classes * classes + 2 * names,
            // At most one cell for each judged example, with two names of the usual length.
            false => judged.saturating_mul(LISTED_CELL_BYTES + 2 * names / classes),
        };
        let memory = FIGURES_MEMORY_BYTES * classes + 4 * names;
        ClassCost {
            memory_bytes: memory.saturating_add(judged.saturating_mul(JUDGED_MEMORY_BYTES)) as u64,
            disk_bytes: (FIGURES_BYTES * classes + 2 * names).saturating_add(confusion) as u64,
        }
    }
}

/// The total length of all names.
fn name_bytes(source: &DatasetSource, classes: usize) -> usize {
    match source.own() {
        Some(own) => own.dataset.class_names.iter().map(String::len).sum(),
        None => NAME_BYTES * classes,
    }
}
