//! Points of a search that are the same as earlier ones, which no trial is trained for: a range gives only as many
//! numbers as four significant digits distinguish.

use std::collections::HashSet;

use super::DrawnPoint;
use super::space::Values;

/// How many points are different, if some are not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RepeatedPoints {
    /// All of them.
    pub points: u64,
    /// Without repetitions.
    pub different: u64,
    /// The keys that gave the same number again, because numbers are rounded.
    pub rounded: Vec<String>,
}

/// The points so far.
#[derive(Default)]
pub(super) struct SeenPoints {
    points: u64,
    different: HashSet<String>,
    of_axes: Vec<SeenNumbers>,
}

/// The values of one key.
struct SeenNumbers {
    key: String,
    are_rounded: bool,
    values: HashSet<String>,
}

impl SeenPoints {
    /// Adds a point.
    pub(super) fn add(&mut self, point: &DrawnPoint<'_>) {
        let values: Vec<String> =
            point.0.iter().map(|(_, node)| format!("{:?}", node.value)).collect();
        if self.of_axes.is_empty() {
            self.of_axes.extend(point.0.iter().map(|(axis, _)| SeenNumbers {
                key: axis.path.join("."),
                are_rounded: matches!(&axis.values, Values::Range(range) if range.rounds()),
                values: HashSet::new(),
            }));
        }
        self.points += 1;
        self.different.insert(values.join("\0"));
        for (seen, value) in self.of_axes.iter_mut().zip(values) {
            seen.values.insert(value);
        }
    }

    /// How many of them are different, if some are not.
    pub(super) fn repeated(&self) -> Option<RepeatedPoints> {
        let different = self.different.len() as u64;
        let repeats =
            |seen: &&SeenNumbers| seen.are_rounded && (seen.values.len() as u64) < self.points;
        let rounded = self.of_axes.iter().filter(repeats).map(|seen| seen.key.clone()).collect();
        (different < self.points).then_some(RepeatedPoints {
            points: self.points,
            different,
            rounded,
        })
    }
}

impl RepeatedPoints {
    /// That in words, with the reason and what to do; `name` is the experiment's.
    pub fn words(&self, name: &str) -> String {
        let RepeatedPoints { points, different, rounded } = self;
        let trials = if *different == 1 { "trial" } else { "trials" };
        let count =
            format!("{name}: the {points} points of its search are {different} different {trials}");
        if rounded.is_empty() {
            return format!(
                "{count}: [search.space] has no more combinations of values, or drew some twice"
            );
        }
        let keys: Vec<String> = rounded.iter().map(|key| format!("`{key}`")).collect();
        format!(
            "{count}, because values of {} are rounded to four significant digits: a list of values in \
             [search.space] may have more digits",
            keys.join(", ")
        )
    }
}
