//! How many examples of each class `runner data check` finds, in the whole data and in the splits
//! of trials.

use std::borrow::Cow;

use super::are_equal;
use crate::data::{Checked, Dataset};
use crate::error::Result;
use crate::escape::escape_controls;
use crate::experiment::Trial;
use crate::runs::class_counts::ClassCounts;

/// The most classes that are listed.
const MOST_LISTED: usize = 100;
/// The most ways to split one dataset that are shown.
const MOST_DIVISIONS: usize = 20;

/// A line for the training and one for the test examples; none if very many classes have equal sizes.
pub(super) fn lines(checked: &Checked) -> Vec<String> {
    let [train, test] = &checked.class_counts;
    let parts = [("training", train), ("test", test)].into_iter();
    let parts = parts.filter(|(_, counts)| counts.len() <= MOST_LISTED || !are_equal(counts));
    parts.map(|(name, counts)| part(name, counts, &checked.class_names)).collect()
}

/// How `trials`, all on `dataset`, split its examples: the number of each class in each split, and
/// which classes a split lacks.
///
/// # Errors
/// If a class would be left without an example to train on, for which a trial is refused before.
pub(super) fn of_trials(dataset: &Dataset, trials: &[&Trial]) -> Result<Vec<String>> {
    let mut seen = Vec::new();
    let mut lines = Vec::new();
    for trial in trials {
        let (config, evaluated) = (&trial.dataset, trial.evaluation.train_examples);
        if seen.contains(&(config, evaluated)) {
            continue;
        }
        seen.push((config, evaluated));
        if seen.len() > MOST_DIVISIONS {
            continue;
        }
        let counts = ClassCounts::planned(dataset, config, evaluated)?;
        let keys = keys(trial);
        if !keys.is_empty() {
            lines.push(format!("  with {}:", keys.join(", ")));
            let parts = [
                ("training", &counts.train),
                ("evaluated training", &counts.evaluated),
                ("validation", &counts.validation),
                ("test", &counts.test),
            ];
            let parts = parts.into_iter().filter(|(_, of_part)| !of_part.is_empty());
            let names = &dataset.class_names;
            lines.extend(parts.map(|(name, of_part)| format!("  {}", part(name, of_part, names))));
        }
        let missing = counts.missing().into_iter();
        let names = &dataset.class_names;
        lines.extend(missing.map(|missing| format!("  warning: {}", missing.text(names))));
    }
    if seen.len() > MOST_DIVISIONS {
        lines.push(format!("  and {} more ways to divide it", seen.len() - MOST_DIVISIONS));
    }
    Ok(lines)
}

/// `  training examples: sick: 4, well: 76`
fn part(name: &str, counts: &[usize], names: &[String]) -> String {
    let listed = names.iter().zip(counts).take(MOST_LISTED);
    let mut listed: Vec<String> =
        listed.map(|(class, count)| format!("{}: {count}", escape_controls(class))).collect();
    if counts.len() > listed.len() {
        listed.push(format!("and {} more classes", counts.len() - listed.len()));
    }
    format!("  {name} examples of each class: {}", listed.join(", "))
}

/// The names of all classes; if very many, the first.
pub(super) fn names(names: &[String]) -> String {
    let mut listed: Vec<Cow<'_, str>> =
        names.iter().take(MOST_LISTED).map(|name| escape_controls(name)).collect();
    if names.len() > listed.len() {
        listed.push(format!("and {} more", names.len() - listed.len()).into());
    }
    listed.join(", ")
}

/// The keys of a trial that decide which examples it takes.
fn keys(trial: &Trial) -> Vec<String> {
    let dataset = &trial.dataset;
    let held_out = Some(dataset.validation_examples).filter(|count| *count > 0);
    let is_divided = held_out.is_some() || dataset.folds.is_some();
    let split_seed = is_divided.then_some(dataset.split_seed).filter(|seed| *seed > 0);
    let share = Some(dataset.train_fraction).filter(|share| *share < 1.0);
    let subset_seed = share.map(|_| dataset.subset_seed).filter(|seed| *seed > 0);
    let text = |count: Option<usize>| count.map(|count| count.to_string());
    let keys = [
        ("dataset.train_examples", text(dataset.train_examples)),
        ("dataset.train_fraction", share.map(|share| share.to_string())),
        ("dataset.subset_seed", subset_seed.map(|seed| seed.to_string())),
        ("dataset.test_examples", text(dataset.test_examples)),
        ("dataset.validation_examples", text(held_out)),
        ("dataset.folds", text(dataset.folds)),
        ("dataset.fold", text(dataset.fold)),
        ("dataset.split_seed", split_seed.map(|seed| seed.to_string())),
        ("evaluation.train_examples", text(trial.evaluation.train_examples)),
    ];
    keys.into_iter().filter_map(|(key, value)| Some(format!("{key} = {}", value?))).collect()
}
