//! Capacity? The baseline smaller and larger.

use super::{Answers, Change, Figures, Limits, Question, Sheet};
use crate::experiment::Trial;
use crate::remedies::resized;

/// Of the baseline's width, or of its depth.
const FACTORS: [f64; 3] = [0.25, 0.5, 2.0];

/// The baseline in several sizes.
#[derive(Debug, Clone, PartialEq)]
pub struct Capacity {
    /// The name of each size with its number of parameters and its figures, the smallest network first.
    pub sizes: Vec<Size>,
}

/// One size.
#[derive(Debug, Clone, PartialEq)]
pub struct Size {
    /// What it is called; the baseline's is empty.
    pub name: String,
    /// Trained numbers.
    pub parameters: u64,
    /// How it does.
    pub figures: Figures,
}

/// The question, if the network has sizes that fit into the budget.
pub(super) fn sheet(
    baseline: &Trial,
    limits: &Limits,
    fits: &dyn Fn(&Change) -> bool,
) -> Option<Sheet> {
    let changes: Vec<Change> = sizes(baseline).into_iter().filter(|change| fits(change)).collect();
    let is_asked = limits.capacity && !changes.is_empty();
    is_asked.then(|| Sheet::new("4-capacity", Question::Capacity, changes, limits.seeds()))
}

/// The names of sizes that are not asked about because one training of them takes too much.
pub(super) fn too_dear(
    baseline: &Trial,
    limits: &Limits,
    fits: &dyn Fn(&Change) -> bool,
) -> Vec<String> {
    let sizes = if limits.capacity { sizes(baseline) } else { Vec::new() };
    sizes.into_iter().filter(|size| !fits(size)).map(|size| size.name).collect()
}

fn sizes(baseline: &Trial) -> Vec<Change> {
    let sizes = FACTORS.into_iter().filter_map(|factor| resized(baseline, factor));
    let mut changes: Vec<Change> = sizes.map(Change::from).collect();
    changes.dedup(); // of a narrow layer, a quarter and a half may be the same
    changes
}

impl Capacity {
    pub(super) fn of(sheet: &Sheet, answers: &Answers, baseline: &Trial) -> Capacity {
        let own = Figures::of(&answers.baseline).map(|figures| Size {
            name: String::new(),
            parameters: parameters(baseline),
            figures,
        });
        let of_change = |(change, outcomes): (&Change, &Vec<_>)| {
            let parameters = parameters(&change.of(baseline).ok()?);
            Some(Size { name: change.name.clone(), parameters, figures: Figures::of(outcomes)? })
        };
        let others = sheet.changes.iter().zip(&answers.changes).filter_map(of_change);
        let mut sizes: Vec<Size> = own.into_iter().chain(others).collect();
        sizes.sort_by_key(|size| size.parameters); // stable
        Capacity { sizes }
    }
}

fn parameters(trial: &Trial) -> u64 {
    let facts = trial.dataset.source.facts();
    let size = trial.network.size(facts.shape.into(), facts.classes);
    size.params.iter().map(|count| *count as u64).sum()
}
