//! How many examples of each class the parts of a trial have, and which classes a part lacks:
//! figures of such a part say nothing about them.

use serde::{Deserialize, Serialize};

/// Classes that a message names.
const MOST_NAMED: usize = 5;

/// How many examples of each class each part has, in the order of the labels.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ClassCounts {
    /// Of the examples that are trained on.
    pub train: Vec<usize>,
    /// Of those that are evaluated, if `evaluation.train_examples` limits them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evaluated: Vec<usize>,
    /// Of the examples held out for validation; empty if there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub validation: Vec<usize>,
    /// Of the test examples.
    pub test: Vec<usize>,
}

/// A part of a trial's examples; the gravest to lack a class first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// Those that are trained on.
    Train,
    /// Those of them that `evaluation.train_examples` measures.
    Evaluated,
    /// Those held out for validation.
    Validation,
    /// Those for testing.
    Test,
}

/// A part that lacks some of the classes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MissingClasses {
    /// Which part.
    pub part: Part,
    /// How many examples it has.
    pub examples: usize,
    /// The classes, by label.
    pub classes: Vec<usize>,
}

impl ClassCounts {
    /// Whether every part has the same number of each class.
    pub fn are_equal(&self) -> bool {
        let is_equal = |counts: &[usize]| counts.iter().all(|count| *count == counts[0]);
        self.parts().iter().all(|(_, counts)| is_equal(counts))
    }

    /// The parts that have no example of some class.
    pub fn missing(&self) -> Vec<MissingClasses> {
        let parts = self.parts().into_iter().filter(|(_, counts)| !counts.is_empty());
        let missing = parts.map(|(part, counts)| MissingClasses {
            part,
            examples: counts.iter().fold(0, |sum: usize, count| sum.saturating_add(*count)),
            classes: (0..counts.len()).filter(|class| counts[*class] == 0).collect(),
        });
        missing.filter(|missing| !missing.classes.is_empty()).collect()
    }

    fn parts(&self) -> [(Part, &[usize]); 4] {
        [
            (Part::Train, &self.train),
            (Part::Evaluated, &self.evaluated),
            (Part::Validation, &self.validation),
            (Part::Test, &self.test),
        ]
    }
}

impl MissingClasses {
    /// Says in one line which classes are missing where, and what that means. `names` are those of all
    /// classes.
    pub fn text(&self, names: &[String]) -> String {
        let MissingClasses { part, examples, classes } = self;
        let them = if classes.len() == 1 { "it" } else { "them" };
        let (of, so) = match part {
            Part::Train => ("training examples", format!("the network does not learn {them}")),
            Part::Evaluated => (
                "training examples that evaluation.train_examples measures",
                format!("train accuracy, train loss and gap say nothing about {them}"),
            ),
            Part::Validation => (
                "validation examples",
                format!("validation accuracy and loss say nothing about {them}"),
            ),
            Part::Test => {
                ("test examples", format!("test accuracy and loss say nothing about {them}"))
            }
        };
        let which = named_classes(classes, names);
        match examples {
            1 => format!("the only one of the {of} does not belong to {which}: {so}"),
            _ => format!("none of the {examples} {of} belongs to {which}: {so}"),
        }
    }
}

/// `class "a"`, `class "a", "b" or "c"`, if there are very many, the first ones and how many more.
pub fn named_classes(classes: &[usize], names: &[String]) -> String {
    let name = |class: &usize| match names.get(*class) {
        Some(name) => format!("{name:?}"),
        None => class.to_string(),
    };
    let mut named: Vec<String> = classes.iter().take(MOST_NAMED).map(name).collect();
    let more = classes.len() - named.len();
    if more > 0 {
        named.push(format!("{more} more classes"));
    }
    match named.pop() {
        Some(last) if !named.is_empty() => format!("class {} or {last}", named.join(", ")),
        last => format!("class {}", last.unwrap_or_default()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_named_with_its_part() {
        let counts = ClassCounts {
            train: vec![3, 69],
            evaluated: vec![0, 10],
            validation: vec![1, 7],
            test: vec![0, 1],
        };
        let names = ["sick\n".to_owned(), "well".to_owned()];
        let lines: Vec<String> =
            counts.missing().iter().map(|missing| missing.text(&names)).collect();
        assert_eq!(
            lines,
            [
                "none of the 10 training examples that evaluation.train_examples measures belongs to class \"sick\\n\": train accuracy, train loss and gap say nothing about it",
                "the only one of the test examples does not belong to class \"sick\\n\": test accuracy and loss \
                 say nothing about it",
            ]
        );
        assert!(!counts.are_equal());
    }

    #[test]
    fn many_classes_are_named_in_part() {
        let names: Vec<String> = (0..9).map(|class| class.to_string()).collect();
        let named = |classes: &[usize]| named_classes(classes, &names);
        assert_eq!(named(&[1, 2]), "class \"1\" or \"2\"");
        let all: Vec<usize> = (0..9).collect();
        assert_eq!(named(&all), "class \"0\", \"1\", \"2\", \"3\", \"4\" or 4 more classes");
    }

    #[test]
    fn parts_that_are_not_there_lack_nothing() {
        let counts = ClassCounts { train: vec![2, 2], test: vec![1, 1], ..ClassCounts::default() };
        assert_eq!(counts.missing(), []);
        assert!(counts.are_equal());
    }
}
