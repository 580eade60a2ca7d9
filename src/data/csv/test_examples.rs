//! Whether the test examples are others than the training examples.

use std::collections::HashSet;
use std::fs;

use crate::data::csv::Reading;
use crate::data::csv::columns::NamedFile;
use crate::data::csv::lines::Lines;
use crate::data::csv::read_so_far::ReadSoFar;
use crate::data::own::DataRefusal;

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
            true => Err(same_examples(format!("{} is also the file of `path`", test.path))),
            false => Ok(()),
        }
    }

    /// Refuses test examples that are the training examples.
    pub(in crate::data) fn check_are_other_examples(
        &mut self,
        parts: &[Lines; 2],
    ) -> Result<(), DataRefusal> {
        if self.reading == Reading::Current && parts[0].equals(&parts[1]) {
            return Err(same_examples(
                "the files hold the same examples in the same order".to_owned(),
            ));
        }
        self.note_examples_of_both(parts);
        Ok(())
    }

    /// Notes if most of the test examples also occur among the training examples.
    pub(in crate::data) fn note_examples_of_both(&mut self, [train, test]: &[Lines; 2]) {
        if self.reading == Reading::First {
            return;
        }
        let train: HashSet<_> = train.examples().collect();
        let (known, all) =
            (test.examples().filter(|example| train.contains(example)), test.labels.len());
        let known = known.count();
        if 2 * known >= all {
            self.notes.push(format!(
                "{known} of the {all} test examples also occur among the training examples, number \
                 for number"
            ));
        }
    }
}

fn same_examples(label: String) -> DataRefusal {
    let title = "the test examples are the training examples";
    let help = "name another file, or remove `test_path` to hold out a share of each class";
    DataRefusal::new("test_path", title, label).help(help)
}
