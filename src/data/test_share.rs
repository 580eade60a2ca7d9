//! Which of the user's own examples are for testing if no file or folder says so: the same share of
//! each class, drawn with its own seed.

use std::hash::{Hash, Hasher};

use super::draw::{class_counts, draw};
use crate::config::keys::Real;
use crate::rng::Purpose;

/// Default share of the examples that is held out for testing.
pub(super) const TEST_FRACTION: Fraction = Fraction(0.2);

/// A share, from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fraction(f64);

impl Fraction {
    /// That share of `count`, rounded; at least one and not all of them if there are two or more.
    fn of(self, count: usize) -> usize {
        let share = (self.0 * count as f64).round() as usize;
        if count < 2 || self.0 == 0.0 { 0 } else { share.clamp(1, count - 1) }
    }
}

impl Real for Fraction {
    fn from_number(number: f64) -> Fraction {
        Fraction(number)
    }

    fn number(self) -> f64 {
        self.0
    }
}

impl Eq for Fraction {}

impl Hash for Fraction {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.to_bits().hash(state);
    }
}

/// Which examples are for testing: the same share of each class, drawn with `seed`.
pub(super) fn draw_test(labels: &[u16], classes: usize, share: Fraction, seed: u64) -> Vec<bool> {
    let counts = class_counts(labels.iter().copied(), classes);
    let wanted: Vec<usize> = counts.into_iter().map(|count| share.of(count)).collect();
    draw(labels, &wanted, seed, Purpose::TestSplit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_class_gives_its_share_and_keeps_something() {
        let labels: Vec<u16> = [0; 10].into_iter().chain([1; 3]).chain([2; 1]).collect();
        let counts = |share: f64| {
            let is_test = draw_test(&labels, 3, Fraction(share), 7);
            let of =
                |class: u16| labels.iter().zip(&is_test).filter(move |(l, t)| **l == class && **t);
            [0, 1, 2].map(|class| of(class).count())
        };
        assert_eq!(counts(0.2), [2, 1, 0]);
        assert_eq!(counts(0.01), [1, 1, 0]);
        assert_eq!(counts(0.999), [9, 2, 0]);
        assert_eq!(counts(0.0), [0; 3]);
    }

    #[test]
    fn the_draw_is_a_function_of_its_seed() {
        let labels = vec![0; 50];
        let drawn = |seed| draw_test(&labels, 1, Fraction(0.5), seed);
        assert_eq!(drawn(1), drawn(1));
        assert_ne!(drawn(1), drawn(2));
        let positions: Vec<usize> =
            drawn(0).iter().enumerate().filter(|(_, t)| **t).map(|(i, _)| i).take(8).collect();
        insta::assert_debug_snapshot!(positions);
    }
}
