//! Grid -> points -> trials.

use std::cell::LazyCell;
use std::collections::{BTreeMap, HashSet};
use std::path::PathBuf;

use crate::config::{Diagnostic, Node, Origin, Problems, TomlTable};
use crate::runs::role::ConfigRole;

use super::axis::{Axis, Grid};
use super::exclude::Exclusions;
use super::overrides::Override;
use super::search::{DrawnPoint, Draws, Learning, RepeatedPoints, Search};
use super::trial::GridPoint;
use super::variants::Variant;
use super::{Trial, check};

/// Everything that decides which trials an experiment has.
pub(super) struct TrialPlan {
    pub(super) base: TomlTable,
    pub(super) variants: Vec<Variant>,
    pub(super) baseline_seeds: Vec<u64>, // of the baseline, beside its other trials
    pub(super) grids: Vec<Grid>,
    pub(super) search: Option<Search>,
    pub(super) late_overrides: Vec<Override>,
    pub(super) exclusions: Exclusions,
    pub(super) max_trials: usize,
    pub(super) is_of_run: bool, // the `trial.toml` of an existing run
    /// The folder of the run folders, from which a search learns.
    pub(super) runs_dir: Option<PathBuf>,
}

/// The trials of a plan.
#[derive(Default)]
pub(super) struct Expanded {
    pub(super) trials: Vec<Trial>,
    /// What the file says of its variants, by the ids of their configs.
    pub(super) variants: BTreeMap<String, ConfigRole>,
    /// Variants whose trials are all there without them.
    pub(super) same: Vec<Diagnostic>,
    /// Where its search stands, if that learns.
    pub(super) learning: Option<Learning>,
    /// How many points of its search are different, if some are not.
    pub(super) repeated: Option<RepeatedPoints>,
}

/// One point of a plan.
#[derive(Clone, Copy)]
struct PlanPoint<'a> {
    variant: Option<&'a Variant>,
    grid: &'a Grid,
    index: u64,
    drawn: &'a DrawnPoint<'a>,
}

/// The trials gathered so far, without duplicates.
#[derive(Default)]
struct Trials {
    list: Vec<Trial>,
    ids: HashSet<String>,
    looked_at: usize,                       // including excluded ones and duplicates
    values: usize,                          // of all trials examined
    variants: BTreeMap<String, ConfigRole>, // by config
    with_new: HashSet<Origin>,              // variants that have trials of their own
    without_new: HashSet<Origin>,           // those that had none so far
    of_point: Option<Vec<String>>,          // ids of the drawn point, if a search wants to know
}

/// How many times the limit on trials may be examined, because excluding nearly everything takes
/// time too.
const LOOKED_AT: usize = 10;
/// The most values in all trials together: 100,000 trials of 500 values each, in a few gigabytes.
const MOST_VALUES: usize = 50_000_000;

impl TrialPlan {
    /// All trials: for each drawn point the baseline before the variants, for each of these the grids one
    /// after the other, the first axis slowest, then the parts of `dataset.folds`, seeds innermost.
    pub(super) fn expand(&self, problems: &Problems) -> Expanded {
        let of_grids =
            self.grids.iter().fold(0, |sum: u64, grid| sum.saturating_add(grid.points()));
        let drawn_points = self.search.as_ref().map_or(1, Search::points);
        let variants = self.variants.len() as u64 + 1;
        let points = of_grids.saturating_mul(drawn_points).saturating_mul(variants);
        if points > self.max_trials as u64 {
            self.report_too_many(&format!("{points} points"), problems);
            return Expanded::default();
        }
        self.check_replaced_values(problems);
        for variant in &self.variants {
            variant.report_varied(self.axes(), problems);
        }
        self.check_extremes(problems);
        let mut trials = Trials::default();
        let mut draws = Draws::new(self.search.as_ref(), self.runs_dir.as_deref());
        loop {
            let batch = draws.next_batch();
            if batch.is_empty() {
                break;
            }
            for (place, drawn) in batch.iter().enumerate() {
                trials.of_point = draws.learns().then(Vec::new);
                if !self.add_drawn(drawn, &mut trials, problems) {
                    return Expanded::default();
                }
                draws.has_runs(place, batch.len(), trials.of_point.take().unwrap_or_default());
            }
        }
        for seed in &self.baseline_seeds {
            let Some(mut baseline) = self.baseline_trial() else { continue };
            for fold in baseline.dataset.open_folds() {
                baseline.dataset.fold = fold;
                trials.add(&baseline, *seed, None);
            }
        }
        let same: HashSet<&Origin> = trials.without_new.difference(&trials.with_new).collect();
        let same = self.variants.iter().filter(|variant| same.contains(&variant.origin));
        let same = same.map(Variant::changes_nothing).collect();
        let repeated = draws.repeated();
        let learning = draws.standing();
        Expanded { trials: trials.list, variants: trials.variants, same, learning, repeated }
    }

    /// Adds the trials of a drawn point. Returns whether there is room for more.
    fn add_drawn(&self, drawn: &DrawnPoint<'_>, trials: &mut Trials, problems: &Problems) -> bool {
        for (variant, grid, index) in self.grid_points() {
            let place = PlanPoint { variant, grid, index, drawn };
            self.add_point(place, trials, problems);
            if trials.is_more_than(self.max_trials) {
                self.report_too_many("more with its seeds", problems);
                return false;
            }
            if trials.values > MOST_VALUES {
                self.report_too_large(problems);
                return false;
            }
            if problems.is_full() {
                return false; // the other points could add nothing that is shown
            }
        }
        true
    }

    /// Later points of a search that learns are not known yet, so what is wrong at the ends of its axes is
    /// said now.
    fn check_extremes(&self, problems: &Problems) {
        let mut unused = Trials::default();
        for drawn in self.search.iter().flat_map(Search::extremes) {
            if !self.add_drawn(&drawn, &mut unused, problems) {
                return;
            }
        }
    }

    /// The points of each drawn one.
    fn grid_points(&self) -> impl Iterator<Item = (Option<&Variant>, &Grid, u64)> {
        let variants = [None].into_iter().chain(self.variants.iter().map(Some));
        variants.flat_map(|variant| {
            self.grids
                .iter()
                .flat_map(move |grid| (0..grid.points()).map(move |index| (variant, grid, index)))
        })
    }

    /// Where the search is written.
    pub(super) fn search_origin(&self) -> Origin {
        self.search.as_ref().map_or(Origin::start_of(0), |search| search.origin)
    }

    /// The keys that vary, and where they are named.
    fn axes(&self) -> impl Iterator<Item = (&[String], Origin)> {
        self.grids.iter().flat_map(Grid::keys).chain(self.search.iter().flat_map(Search::keys))
    }

    /// Whether a grid or a search varies any key.
    pub(super) fn has_axes(&self) -> bool {
        self.axes().next().is_some()
    }

    /// The keys that a search draws, dotted, with the elements of lists by their numbers.
    pub(super) fn drawn_keys(&self) -> Vec<String> {
        let paths = self.search.iter().flat_map(Search::paths);
        paths.map(|path| self.base.numbered(path).join(".")).collect()
    }

    /// The file without variants, grid and search, if that is a trial.
    pub(super) fn baseline_trial(&self) -> Option<Trial> {
        let found = Problems::new();
        let point = GridPoint::read(&self.base, 0, &found);
        check::check(&point, &self.base, self.is_of_run, &found);
        found.is_empty().then(|| normalized(point.trial))
    }

    /// A value that every grid point replaces is still in the file, so its errors count.
    fn check_replaced_values(&self, problems: &Problems) {
        let replaced = self.axes().filter_map(|(path, _)| self.base.at(path));
        let replaced: HashSet<Origin> = replaced.map(|node| node.origin).collect();
        let found = problems.apart();
        GridPoint::read(&self.base, 0, &found);
        let of_replaced = |diagnostic: &Diagnostic| replaced.contains(&diagnostic.origin);
        problems.extend(found.into_sorted().into_iter().filter(of_replaced));
    }

    fn report_too_many(&self, found: &str, problems: &Problems) {
        let of_search = self.search.as_ref().map(|search| (search.origin, "search"));
        let of_grid = self.grids.iter().find_map(|grid| grid.origin).map(|origin| (origin, "grid"));
        let counted = match (of_search, of_grid) {
            (Some(_), Some(_)) => ", including those of the grid",
            _ => "",
        };
        let (origin, label) = match of_search.or(of_grid) {
            Some((origin, what)) => (origin, format!("the {what} has {found}{counted}")),
            None => (Origin::start_of(0), String::new()),
        };
        let title = format!("more than {} trials", self.max_trials);
        let diagnostic = Diagnostic::new(origin, title, label);
        problems.push(diagnostic.help("`--max-trials` sets the limit"));
    }

    fn report_too_large(&self, problems: &Problems) {
        let title = "the trials are too large";
        let label = format!("together they have more than {MOST_VALUES} values");
        let help = "every trial holds a copy of a list as long as this one";
        let largest = self.base.entries.iter().max_by_key(|entry| entry.node.weight());
        let origin = largest.map_or(Origin::start_of(0), |entry| entry.key_origin);
        problems.push(Diagnostic::new(origin, title, label).help(help));
    }

    fn add_point(&self, place: PlanPoint<'_>, trials: &mut Trials, problems: &Problems) {
        let found = problems.apart();
        let tree = self.tree(place, &found);
        let mut point = GridPoint::read(&tree, 0, &found);
        let (mut wanted, mut is_sound) = (false, true);
        for fold in point.trial.dataset.open_folds() {
            point.trial.dataset.fold = fold;
            if is_sound {
                let before = found.len();
                check::check(&point, &tree, self.is_of_run, &found);
                is_sound = found.len() == before; // one of the parts says what is wrong
            }
            wanted |= self.add_seeds(place, &tree, &point.trial, trials, &found);
        }
        if wanted {
            let explained = |found| place.drawn.explained(with_whole_tables(place, found));
            problems.extend(found.into_sorted().into_iter().map(explained));
        }
    }

    /// Adds a trial for each of its seeds, unless something is wrong with it; whether any of them is wanted.
    fn add_seeds(
        &self,
        place: PlanPoint<'_>,
        tree: &TomlTable,
        trial: &Trial,
        trials: &mut Trials,
        found: &Problems,
    ) -> bool {
        let mut trial = normalized(trial.clone());
        // Kept apart: the work for each seed must not grow with their number.
        let seeds = std::mem::take(&mut trial.training.seeds);
        trials.looked_at = trials.looked_at.saturating_add(seeds.len());
        // Each trial has one of the seeds and everything else in the tree.
        let listed = tree.at(&["training".to_owned(), "seeds".to_owned()]).map_or(0, Node::weight);
        let values = tree.weight().saturating_sub(listed).saturating_mul(seeds.len());
        trials.values = trials.values.saturating_add(values);
        if trials.is_more_than(self.max_trials) || trials.values > MOST_VALUES {
            return false;
        }
        let defaults = LazyCell::new(|| trial.to_full_json());
        let matching = self.exclusions.matching(tree, &defaults);
        let mut wanted = false;
        for seed in seeds {
            if matching.drops(seed) {
                continue;
            }
            wanted = true;
            if found.is_empty() && trials.list.len() <= self.max_trials {
                trials.add(&trial, seed, place.variant);
            }
        }
        wanted
    }

    /// The tree of a point: that of the baseline or a variant with one value of each axis in its place.
    fn tree(&self, place: PlanPoint<'_>, problems: &Problems) -> TomlTable {
        let PlanPoint { variant, grid, index, drawn } = place;
        let mut tree = variant.map_or(&self.base, |variant| &variant.tree).clone();
        let mut chosen: Vec<(&[String], Origin, &Node)> = grid.values(index).collect();
        chosen.extend(drawn.values());
        // Whole tables first, because longer keys refine them.
        chosen.sort_by_key(|(path, ..)| path.len());
        for (path, key_origin, value) in chosen {
            let set = tree.set(path, key_origin, value.clone());
            problems.extend(set.err().map(|no| no.diagnostic(key_origin)));
        }
        let is_free = |path: &[String]| variant.is_none_or(|variant| !variant.changes(path));
        for Override { path, entry } in
            self.late_overrides.iter().filter(|late| is_free(&late.path))
        {
            let set = tree.set(path, entry.key_origin, entry.node.clone());
            problems.extend(set.err().map(|no| no.diagnostic(entry.key_origin)));
        }
        tree
    }
}

impl Trials {
    fn is_more_than(&self, most: usize) -> bool {
        self.list.len() > most || self.looked_at > most.saturating_mul(LOOKED_AT)
    }

    fn add(&mut self, point: &Trial, seed: u64, variant: Option<&Variant>) {
        let mut trial = point.clone();
        trial.training.seeds = vec![seed];
        if let Some(ids) = &mut self.of_point {
            ids.push(trial.id());
        }
        let is_new = self.ids.insert(trial.canonical());
        if let Some(Variant { origin, role, .. }) = variant {
            let of_kind = if is_new { &mut self.with_new } else { &mut self.without_new };
            of_kind.insert(*origin);
            if is_new && !role.is_plain() {
                self.variants.entry(trial.config_id()).or_insert_with(|| role.clone());
            }
        }
        if is_new {
            self.list.push(trial);
        }
    }
}

/// Where a key does not fit the kind that an axis gives its table: what to write instead.
fn with_whole_tables(place: PlanPoint<'_>, found: Diagnostic) -> Diagnostic {
    let Some((kind, _)) = found.related else { return found };
    let mut axes = place.grid.zips.iter().flat_map(|zip| &zip.axes);
    let axis = axes.find(|axis| axis.values.iter().any(|value| value.origin == kind));
    match axis.and_then(Axis::as_whole_tables) {
        Some(help) => found.help(help),
        None => found,
    }
}

/// Normalises equal meanings, so that they have one id.
fn normalized(mut trial: Trial) -> Trial {
    let (_, left) = trial.dataset.train_sizes();
    trial.dataset = trial.dataset.normalized();
    trial.augmentation = trial.augmentation.normalized();
    trial.schedule = trial.schedule.normalized();
    trial.optimizer = trial.optimizer.normalized(&trial.network.layer_names());
    // Parts may differ by one example: what is all of one is not all of another.
    let is_divided = trial.dataset.folds.is_some();
    let measured = &mut trial.evaluation.train_examples;
    *measured = measured.filter(|&n| is_divided || n != left);
    trial
}

#[cfg(test)]
mod elements;

#[cfg(test)]
mod tests;
