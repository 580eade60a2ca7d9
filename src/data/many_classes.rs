//! Detects classes that look like ids: a column of line numbers or users, used as the label.

use super::Dataset;
use super::draw::class_counts;

/// More classes than a network on a single CPU can distinguish: ImageNet has a thousand.
const VERY_MANY: usize = 1000;
/// With this many classes or more, most of them with few examples, they are probably not classes.
/// Few-shot datasets have more of each: Omniglot has 20.
const MANY: usize = 50;
/// The most training examples of a class that count as few.
const FEW: usize = 4;

/// Classes that the user should confirm as intended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ManyClasses {
    /// How many there are.
    pub classes: usize,
    /// Training examples of all of them.
    pub examples: usize,
    /// Classes with at most `few` training examples.
    pub rare: usize,
    /// The most examples that count as few.
    pub few: usize,
}

/// The classes of `dataset`, if they look like ids: very many, or many that mostly have few examples.
pub fn many_classes(dataset: &Dataset) -> Option<ManyClasses> {
    let counts = class_counts(dataset.train.labels.iter().copied(), dataset.class_names.len());
    let (classes, examples) = (counts.len(), dataset.train.len());
    let rare = counts.iter().filter(|count| **count <= FEW).count();
    let are_odd = classes > VERY_MANY || (classes >= MANY && 2 * rare > classes);
    are_odd.then_some(ManyClasses { classes, examples, rare, few: FEW })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Examples;

    fn dataset(classes: usize, each: usize) -> Dataset {
        let labels = (0..classes * each).map(|i| (i % classes) as u16).collect();
        let names = (0..classes).map(|class| class.to_string()).collect();
        let train = Examples { pixels: Vec::new(), labels };
        Dataset::new([1, 1, 1], names, train, Examples::default())
    }

    #[test]
    fn ids_are_asked_about_and_classes_are_not() {
        let of = |classes, each| many_classes(&dataset(classes, each));
        let asked = ManyClasses { classes: 300, examples: 900, rare: 300, few: 4 };
        assert_eq!(of(300, 3), Some(asked));
        assert!(of(50, 4).is_some());
        assert!(of(1001, 100).is_some());
        for (classes, each) in [(10, 1), (49, 4), (100, 5), (100, 500), (1000, 20)] {
            assert_eq!(of(classes, each), None, "{classes} classes of {each}");
        }
    }
}
