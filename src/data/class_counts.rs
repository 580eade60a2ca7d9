//! How many examples of each class the parts of a trial have, and which classes a part lacks: what is
//! measured on such a part says nothing of them.

use serde::{Deserialize, Serialize};

use super::division::Division;
use super::draw::class_counts;
use super::{Dataset, DatasetConfig, DatasetSource, Splits};
use crate::error::Result;

/// The first examples of published files have all classes if they are this many times as many: the files
/// are shuffled.
const SHUFFLED: usize = 100;
/// Classes that a message names.
const MOST_NAMED: usize = 5;

/// How many examples of each class each part has, in the order of the labels.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ClassCounts {
    /// Of the examples that are trained on.
    pub train: Vec<usize>,
    /// Of those of them that are evaluated, where `evaluation.train_examples` makes them fewer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evaluated: Vec<usize>,
    /// Of the examples held out for validation; empty if there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub validation: Vec<usize>,
    /// Of the test examples.
    pub test: Vec<usize>,
}

/// A part of a trial's examples.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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

/// A part that has no example of some classes of the whole.
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
    /// Counts the examples of `splits`; of the training examples, `evaluated` are measured.
    pub fn of(splits: &Splits, evaluated: Option<usize>) -> ClassCounts {
        let labels = [&splits.train, &splits.validation, &splits.test]
            .map(|split| splits.labels(split).collect::<Vec<u16>>());
        count(labels.each_ref().map(|labels| &labels[..]), splits.dataset(), evaluated)
    }

    /// Counts what [`Splits::new`] would make of `dataset`, from the labels alone.
    ///
    /// # Errors
    /// If a class would be left without an example to train on.
    pub fn planned(
        dataset: &Dataset,
        config: &DatasetConfig,
        evaluated: Option<usize>,
    ) -> Result<ClassCounts> {
        let Division { train, validation, test_examples } = Division::new(dataset, config)?;
        let [train, validation] = [train, validation].map(|positions| {
            let of = |position: &u32| dataset.train.labels[*position as usize];
            positions.iter().map(of).collect::<Vec<u16>>()
        });
        let test = &dataset.test.labels[..test_examples];
        Ok(count([&train, &validation, test], dataset, evaluated))
    }

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

fn count(labels: [&[u16]; 3], dataset: &Dataset, evaluated: Option<usize>) -> ClassCounts {
    let count = |labels: &[u16]| match labels {
        [] => Vec::new(),
        _ => class_counts(labels.iter().copied(), dataset.class_names.len()),
    };
    let [train, validation, test] = labels;
    let evaluated = evaluated.filter(|wanted| *wanted < train.len());
    ClassCounts {
        train: count(train),
        evaluated: evaluated.map_or(Vec::new(), |wanted| count(&train[..wanted])),
        validation: count(validation),
        test: count(test),
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
            1 => format!("the one of the {of} is not of {which}: {so}"),
            _ => format!("none of the {examples} {of} is of {which}: {so}"),
        }
    }
}

/// Whether some part of the examples may lack a class, as far as the config tells: of a dataset that need
/// not be looked at, none does.
pub fn may_lack_classes(config: &DatasetConfig, evaluated: Option<usize>) -> bool {
    let classes = config.source.facts().classes;
    let least = match config.source {
        DatasetSource::Images(_) | DatasetSource::Csv(_) => return true,
        // The classes take turns until some examples are held out.
        DatasetSource::Synthetic { .. } if config.validation_examples == 0 => classes,
        _ => SHUFFLED * classes,
    };
    let parts = [config.train_examples, config.test_examples, evaluated];
    let is_small = parts.into_iter().flatten().any(|examples| examples < least);
    is_small || (1..classes).contains(&config.validation_examples)
}

/// `class "a"`, `class "a", "b" or "c"`, of very many the first and how many there are beside them.
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
                "none of the 10 training examples that evaluation.train_examples measures is of \
                 class \"sick\\n\": train accuracy, train loss and gap say nothing about it",
                "the one of the test examples is not of class \"sick\\n\": test accuracy and loss \
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
