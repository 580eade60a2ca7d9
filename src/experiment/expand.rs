//! Grid -> points -> trials.

use std::cell::LazyCell;
use std::collections::{BTreeMap, HashSet};

use crate::config::{Diagnostic, Node, Origin, Problems, TomlTable};
use crate::runs::role::ConfigRole;

use super::axis::{Axis, Grid};
use super::exclude::Exclusions;
use super::overrides::Override;
use super::search::{DrawnPoint, Search};
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
}

/// The trials of a plan.
#[derive(Default)]
pub(super) struct Expanded {
    pub(super) trials: Vec<Trial>,
    /// What the file says of its variants, by the ids of their configs.
    pub(super) variants: BTreeMap<String, ConfigRole>,
    /// Variants whose trials are all there without them.
    pub(super) same: Vec<Diagnostic>,
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
}

/// How many times the limit on trials may be examined, because excluding nearly everything takes
/// time too.
const LOOKED_AT: usize = 10;
/// The most values in all trials together: 100,000 trials of 500 values each, in a few gigabytes.
const MOST_VALUES: usize = 50_000_000;

impl TrialPlan {
    /// All trials: for each drawn point the baseline before the variants, for each of these the grids one
    /// after the other, the first axis slowest, seeds innermost.
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
        let mut trials = Trials::default();
        for number in 0..drawn_points {
            let drawn = self.search.as_ref().map(|search| search.point(number)).unwrap_or_default();
            for (variant, grid, index) in self.grid_points() {
                let place = PlanPoint { variant, grid, index, drawn: &drawn };
                self.add_point(place, &mut trials, problems);
                if trials.is_more_than(self.max_trials) {
                    self.report_too_many("more with its seeds", problems);
                    return Expanded::default();
                }
                if trials.values > MOST_VALUES {
                    self.report_too_large(problems);
                    return Expanded::default();
                }
                if problems.is_full() {
                    return Expanded::default(); // the other points could add nothing that is shown
                }
            }
        }
        for seed in &self.baseline_seeds {
            if let Some(baseline) = self.baseline_trial() {
                trials.add(&baseline, *seed, None);
            }
        }
        let same: HashSet<&Origin> = trials.without_new.difference(&trials.with_new).collect();
        let same = self.variants.iter().filter(|variant| same.contains(&variant.origin));
        let same = same.map(Variant::changes_nothing).collect();
        Expanded { trials: trials.list, variants: trials.variants, same }
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

    /// The keys that vary, and where they are named.
    fn axes(&self) -> impl Iterator<Item = (&[String], Origin)> {
        self.grids.iter().flat_map(Grid::keys).chain(self.search.iter().flat_map(Search::keys))
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
        let point = GridPoint::read(&tree, 0, &found);
        check::check(&point, &tree, self.is_of_run, &found);
        let mut trial = normalized(point.trial);
        // Kept apart: the work for each seed must not grow with their number.
        let seeds = std::mem::take(&mut trial.training.seeds);
        trials.looked_at = trials.looked_at.saturating_add(seeds.len());
        // Each trial has one of the seeds and everything else in the tree.
        let listed = tree.at(&["training".to_owned(), "seeds".to_owned()]).map_or(0, Node::weight);
        let values = tree.weight().saturating_sub(listed).saturating_mul(seeds.len());
        trials.values = trials.values.saturating_add(values);
        if trials.is_more_than(self.max_trials) || trials.values > MOST_VALUES {
            return;
        }
        let defaults = LazyCell::new(|| trial.to_full_json());
        let matching = self.exclusions.matching(&tree, &defaults);
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
        if wanted {
            let explained = |found| place.drawn.explained(with_whole_tables(place, found));
            problems.extend(found.into_sorted().into_iter().map(explained));
        }
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
    trial.evaluation.train_examples = trial.evaluation.train_examples.filter(|&n| n != left);
    trial
}

#[cfg(test)]
mod elements;

#[cfg(test)]
mod tests {
    use crate::experiment::{Experiment, MAX_TRIALS};

    const BASE: &str = r#"
        dataset = { kind = "cifar10" }
        network = { kind = "mlp", hidden_sizes = [10], batch_norm = true }
        optimizer = { kind = "adagrad" }
        training = { epochs = 2 }
    "#;

    /// The values of some keys in every trial of `BASE` with a grid and overrides.
    fn expanded(grid: &str, sets: &[&str], keys: &[&str]) -> Vec<String> {
        let text = format!("{BASE}{grid}");
        let sets: Vec<String> = sets.iter().map(|set| (*set).to_owned()).collect();
        let path = std::path::Path::new("test.toml");
        let experiment = Experiment::from_bytes(path, text.as_bytes(), &sets, MAX_TRIALS, false)
            .unwrap_or_else(|error| panic!("{error}"));
        let value = |json: &serde_json::Value, key: &str| {
            json.pointer(&format!("/{}", key.replace('.', "/")))
                .map_or("-".to_owned(), |v| v.to_string())
        };
        let row = |json| keys.iter().map(|key| value(&json, key)).collect::<Vec<_>>().join(" ");
        experiment.trials.iter().map(|trial| row(trial.to_json())).collect()
    }

    const DROPOUT: &str = "network.dropout";
    const DECAY: &str = "optimizer.weight_decay";
    const RATE: &str = "optimizer.learning_rate";
    const SEEDS: &str = "training.seeds";
    const SIZES: &str = "network.hidden_sizes";

    #[test]
    fn a_table_is_a_product_with_the_first_axis_slowest_and_seeds_innermost() {
        let grid = "[grid]\nnetwork.dropout = [0, 0.5]\n\"optimizer.weight_decay\" = [1, 0]";
        assert_eq!(
            expanded(grid, &["training.seeds=2"], &[DROPOUT, DECAY, SEEDS]),
            [
                "0.0 1.0 [0]",
                "0.0 1.0 [1]",
                "0.0 0.0 [0]",
                "0.0 0.0 [1]",
                "0.5 1.0 [0]",
                "0.5 1.0 [1]",
                "0.5 0.0 [0]",
                "0.5 0.0 [1]",
            ]
        );
    }

    #[test]
    fn quoted_dotted_and_nested_axes_mean_the_same() {
        let quoted = expanded("[grid]\n\"network.dropout\" = [0, 0.5]", &[], &[DROPOUT]);
        assert_eq!(quoted, ["0.0", "0.5"]);
        assert_eq!(expanded("[grid]\nnetwork.dropout = [0, 0.5]", &[], &[DROPOUT]), quoted);
        assert_eq!(expanded("[grid.network]\ndropout = [0, 0.5]", &[], &[DROPOUT]), quoted);
        assert_eq!(expanded("[grid]\nnetwork = { dropout = [0, 0.5] }", &[], &[DROPOUT]), quoted);
    }

    #[test]
    fn grid_tables_are_joined_and_the_same_trial_is_there_once() {
        let grid =
            "[[grid]]\nnetwork.dropout = [0, 0.5]\n[[grid]]\noptimizer.weight_decay = [0, 0.1]";
        assert_eq!(expanded(grid, &[], &[DROPOUT, DECAY]), ["0.0 0.0", "0.5 0.0", "0.0 0.1"]);
    }

    #[test]
    fn whole_tables_replace_and_longer_keys_refine_them() {
        let grid = r#"[grid]
            "optimizer.learning_rate" = [0.1, 0.2]
            optimizer = [{ kind = "sgd", weight_decay = 0.5 }, { kind = "adam" }]"#;
        assert_eq!(
            expanded(grid, &[], &["optimizer.kind", RATE, DECAY]),
            ["\"sgd\" 0.1 0.5", "\"adam\" 0.1 0.0", "\"sgd\" 0.2 0.5", "\"adam\" 0.2 0.0"]
        );
    }

    #[test]
    fn exclude_drops_points_that_match_all_its_keys_before_their_errors_count() {
        let grid = r#"[grid]
            optimizer.kind = ["sgd", "momentum"]
            optimizer.momentum = [0.5, 0.9]
            [[exclude]]
            optimizer.kind = "sgd""#;
        let keys = ["optimizer.kind", "optimizer.momentum"];
        assert_eq!(expanded(grid, &[], &keys), ["\"momentum\" 0.5", "\"momentum\" 0.9"]);
    }

    #[test]
    fn exclude_compares_defaults_and_single_seeds() {
        let grid = "[grid]\noptimizer.weight_decay = [0, 0.1]\ntraining.seeds = [3, 4]\n\
            [[exclude]]\nnetwork.dropout = 0\noptimizer.weight_decay = 0.1\ntraining.seeds = 4";
        assert_eq!(expanded(grid, &[], &[DECAY, SEEDS]), ["0.0 [3]", "0.0 [4]", "0.1 [3]"]);
    }

    #[test]
    fn exclude_compares_defaults_that_trials_leave_out() {
        for default in [
            "schedule.kind = 'constant'",
            "evaluation.test = 'every'",
            "training.label_smoothing = 0",
        ] {
            let grid = format!(
                "[grid]\noptimizer.weight_decay = [0, 0.1]\n\
                 [[exclude]]\noptimizer.weight_decay = 0\n{default}"
            );
            assert_eq!(expanded(&grid, &[], &[DECAY]), ["0.1"], "{default}");
        }
    }

    #[test]
    fn an_axis_of_lists_gives_each_list() {
        let grid = "[grid]\nnetwork.hidden_sizes = [[], [5], [5, 6]]";
        assert_eq!(expanded(grid, &[], &[SIZES]), ["[]", "[5]", "[5,6]"]);
    }

    #[test]
    fn overrides_fix_or_relist_an_axis() {
        let grid = "[grid]\nnetwork.dropout = [0, 0.5]\noptimizer.weight_decay = [0, 0.1]";
        let keys = [DROPOUT, DECAY];
        let one = expanded(grid, &["network.dropout=0.3"], &keys);
        assert_eq!(one, ["0.3 0.0", "0.3 0.1"]);
        let list =
            expanded(grid, &["network.dropout=[0.1, 0.2]", "optimizer.weight_decay = 0"], &keys);
        assert_eq!(list, ["0.1 0.0", "0.2 0.0"]);
    }

    #[test]
    fn an_override_of_a_list_key_is_a_value_unless_it_lists_lists() {
        let grid = "[grid]\nnetwork.hidden_sizes = [[5], [6]]";
        assert_eq!(expanded(grid, &["network.hidden_sizes=[7, 8]"], &[SIZES]), ["[7,8]"]);
        assert_eq!(expanded(grid, &["network.hidden_sizes=[[7], [8]]"], &[SIZES]), ["[7]", "[8]"]);
        let seeds = expanded("[grid]\ntraining.seeds = [3, 4]", &["training.seeds=2"], &[SEEDS]);
        assert_eq!(seeds, ["[0]", "[1]"]);
    }

    #[test]
    fn an_override_wins_over_an_axis_of_whole_tables() {
        let grid = r#"[grid]
            optimizer = [{ kind = "sgd", learning_rate = 0.5 }, { kind = "adam" }]"#;
        let sets = ["optimizer.learning_rate=0.1"];
        assert_eq!(
            expanded(grid, &sets, &["optimizer.kind", RATE]),
            ["\"sgd\" 0.1", "\"adam\" 0.1"]
        );
    }

    #[test]
    fn bare_words_in_overrides_are_strings() {
        assert_eq!(
            expanded("", &["optimizer.kind=adam", "name = x"], &["optimizer.kind"]),
            ["\"adam\""]
        );
    }

    #[test]
    fn too_many_trials_are_refused_before_they_are_expanded() {
        let values: Vec<String> = (1..1000).map(|n| n.to_string()).collect();
        let values = values.join(", ");
        let text = format!(
            "{BASE}[grid]\ntraining.epochs = [{values}]\ntraining.batch_size = [{values}]\n\
             dataset.split_seed = [{values}]\nevaluation.every_epochs = [{values}]\n"
        );
        let path = std::path::Path::new("test.toml");
        let read = |text: &str, sets: &[String], most| {
            Experiment::from_bytes(path, text.as_bytes(), sets, most, false)
                .map_err(|e| e.to_string())
        };
        let error = read(&text, &[], MAX_TRIALS).unwrap_err();
        assert!(error.contains("more than 100000 trials"), "{error}");
        let error = read(BASE, &["training.seeds=4".to_owned()], 3).unwrap_err();
        assert!(error.contains("more than 3 trials"), "{error}");
        assert!(read(BASE, &["training.seeds=3".to_owned()], 3).is_ok());
    }

    #[test]
    fn excluding_nearly_every_seed_takes_its_time_once() {
        let read = |seeds: u32, excluded: &str, most| {
            let text = BASE.replace("epochs = 2", &format!("epochs = 2, seeds = {seeds}"));
            let text = format!("{text}[[exclude]]\nnetwork.dropout = 0.0\n{excluded}");
            let path = std::path::Path::new("test.toml");
            let read = Experiment::from_bytes(path, text.as_bytes(), &[], most, false);
            read.map(|experiment| experiment.trials.len()).map_err(|e| e.to_string())
        };
        let all_but_first: Vec<u32> = (1..100).collect();
        let all_but_first = format!("training.seeds = {all_but_first:?}");
        assert_eq!(read(30, &all_but_first, 3), Ok(1));
        assert!(read(31, &all_but_first, 3).unwrap_err().contains("more than 3 trials"));
        // The cost of a seed must not grow with their number: this once took half a minute.
        let started = std::time::Instant::now();
        assert_eq!(read(20_000, "training.seeds = 5", MAX_TRIALS), Ok(19_999));
        assert!(started.elapsed().as_secs() < 10, "{:?}", started.elapsed());
    }
}
