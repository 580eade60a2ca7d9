//! Grid -> points -> trials.

use std::collections::HashSet;

use crate::config::{Diagnostic, Origin, Problems, Table};

use super::Trial;
use super::axis::{Axis, Grid};
use super::check;
use super::exclude::Exclusion;
use super::overrides::Override;
use super::trial::Point;

/// Everything that decides which trials an experiment has.
pub(super) struct Plan {
    pub(super) base: Table,
    pub(super) grids: Vec<Grid>,
    pub(super) late_overrides: Vec<Override>,
    pub(super) exclusions: Vec<Exclusion>,
    pub(super) max_trials: usize,
}

/// The trials gathered so far; what is the same trial is there once.
#[derive(Default)]
struct Trials {
    list: Vec<Trial>,
    ids: HashSet<String>,
}

impl Plan {
    /// All trials: the grids one after the other, the first axis slowest, seeds innermost.
    pub(super) fn expand(&self, problems: &Problems) -> Vec<Trial> {
        let points = self
            .grids
            .iter()
            .fold(0, |sum: u64, grid| sum.saturating_add(grid.points()));
        if points > self.max_trials as u64 {
            self.report_too_many(&format!("{points} points"), problems);
            return Vec::new();
        }
        let mut trials = Trials::default();
        for grid in &self.grids {
            for index in 0..grid.points() {
                self.add_point(grid, index, &mut trials, problems);
                if trials.list.len() > self.max_trials {
                    self.report_too_many("more with its seeds", problems);
                    return Vec::new();
                }
            }
        }
        trials.list
    }

    fn report_too_many(&self, found: &str, problems: &Problems) {
        let origin = self.grids.iter().find_map(|grid| grid.origin);
        let title = format!("more than {} trials", self.max_trials);
        let label = if origin.is_some() {
            format!("the grid has {found}")
        } else {
            String::new()
        };
        let diagnostic = Diagnostic::new(origin.unwrap_or(Origin::start_of(0)), title, label);
        problems.push(diagnostic.help("`--max-trials` sets the limit"));
    }

    fn add_point(&self, grid: &Grid, index: u64, trials: &mut Trials, problems: &Problems) {
        let tree = self.point(grid, index);
        let found = Problems::new();
        let point = Point::read(&tree, 0, &found);
        check::check(&point, &tree, &found);
        let trial = normalized(point.trial);
        let mut wanted = false;
        for &seed in &trial.training.seeds {
            // Each has to be asked, to know which of them drop anything.
            let matches = self
                .exclusions
                .iter()
                .filter(|e| e.matches(&tree, &trial, seed));
            if matches.count() > 0 {
                continue;
            }
            wanted = true;
            if found.is_empty() && trials.list.len() <= self.max_trials {
                trials.add(&trial, seed);
            }
        }
        if wanted {
            problems.extend(found.into_sorted());
        }
    }

    /// The tree of a grid point: the base with one value of each axis in its place.
    fn point(&self, grid: &Grid, index: u64) -> Table {
        let mut tree = self.base.clone();
        let mut rest = index;
        let mut chosen: Vec<(&Axis, usize)> = Vec::with_capacity(grid.axes.len());
        for axis in grid.axes.iter().rev() {
            let values = axis.values.len() as u64;
            chosen.push((axis, (rest % values) as usize));
            rest /= values;
        }
        // Whole tables first, longer keys refine them.
        chosen.sort_by_key(|(axis, _)| axis.path.len());
        for (axis, value) in chosen {
            tree.set(&axis.path, axis.key_origin, axis.values[value].clone());
        }
        for (path, entry) in &self.late_overrides {
            tree.set(path, entry.key_origin, entry.node.clone());
        }
        tree
    }
}

impl Trials {
    fn add(&mut self, point: &Trial, seed: u64) {
        let mut trial = point.clone();
        trial.training.seeds = vec![seed];
        if self.ids.insert(trial.canonical()) {
            self.list.push(trial);
        }
    }
}

/// Writes what means the same in one way, so that it has one id.
fn normalized(mut trial: Trial) -> Trial {
    let (_, left) = trial.dataset.train_sizes();
    trial.dataset = trial.dataset.normalized();
    trial.evaluation.train_examples = trial.evaluation.train_examples.filter(|&n| n != left);
    trial
}
