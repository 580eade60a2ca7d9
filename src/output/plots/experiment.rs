//! Plots of several runs: the configs of an experiment, with seeds as bands or dots.

mod by_setting;
mod by_train_examples;
mod forest;
mod gap_vs_test;
mod halves;
mod heat_map;
mod key;
mod multiples;
mod overlay;
mod palette;
mod pareto;
mod places;
mod scatter;
mod seeds;
mod size_curves;
mod whiskers;

use crate::analysis::comparability::{Comparability, Incomparable};
use crate::analysis::compare::{CompareOptions, compare, ranked_configs};
use crate::analysis::crossed::{is_crossed, not_crossed};
use crate::analysis::pareto::Pareto;
use crate::analysis::settings;
use crate::analysis::settings::Settings;
use crate::error::Result;
use crate::output::plots::{Plot, draw_both};
use crate::runs::figures::{Figure, Unit};
use crate::runs::held_out::HeldOutSplit;
use crate::runs::metrics::MetricsRow;
use crate::runs::record::RunRecord;
use crate::table::value::value_text;
use seeds::{PlottedConfig, configs};

/// The most settings that get a plot each.
const MOST_SETTINGS: usize = 12;
/// Longest part of a file name made from a setting.
const LONGEST_NAME: usize = 60;

/// The plots of an experiment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExperimentPlots {
    /// Each with the name of its files, without endings.
    pub plots: Vec<(String, Plot)>,
    /// Which are left out and why, a line each.
    pub left_out: Vec<String>,
}

/// The plots of these runs with the names of their files, without endings; `rows[i]` are those of
/// `records[i]`. A config's figures cover its finished runs, or all of them if none is finished.
///
/// # Errors
/// When plotters fails, which no data is known to cause.
pub fn experiment_plots(
    records: &[RunRecord],
    rows: &[Vec<MetricsRow>],
) -> Result<ExperimentPlots> {
    let experiment = ExperimentPlot::new(records, rows);
    let split = experiment.split.short();
    let mut plots = vec![
        (format!("curves_{split}"), draw_both(&overlay::accuracy(&experiment))?),
        ("curves_gap".to_owned(), draw_both(&overlay::gap(&experiment))?),
        (format!("train_{split}"), draw_both(&multiples::train_and_test(&experiment))?),
    ];
    // With two settings of many numbers, nearly every cell would be empty.
    if let [a, b] = experiment.choices().as_slice()
        && ![a, b].into_iter().any(|key| experiment.has_many_numbers(key))
    {
        let accuracy = heat_map::accuracy(&experiment, [a, b]);
        plots.push((format!("heat_map_{split}"), draw_both(&accuracy)?));
        plots.push(("heat_map_gap".to_owned(), draw_both(&heat_map::gap(&experiment, [a, b]))?));
    }
    let mut left_out = Vec::new();
    for key in experiment.varied.iter().take(MOST_SETTINGS) {
        let name = format!("by_{}", file_part(key, &experiment.varied));
        let plot = match experiment.has_many_numbers(key) {
            true => draw_both(&scatter::accuracy_and_gap(&experiment, key))?,
            false if experiment.is_crossed(key) => {
                draw_both(&by_setting::accuracy_and_gap(&experiment, key))?
            }
            false => {
                left_out.push(name);
                continue;
            }
        };
        plots.push((name, plot));
    }
    if let Some(plot) = by_train_examples::by_train_examples(&experiment) {
        plots.push(("accuracy_by_train_examples".to_owned(), draw_both(&plot)?));
    }
    if let Some(changes) = &compare(records, &CompareOptions::default())?.changes {
        plots.push(("forest".to_owned(), draw_both(&forest::forest(&experiment, changes)?)?));
        if let Some(plot) = gap_vs_test::gap_vs_test(&experiment, changes)? {
            plots.push((format!("gap_vs_{split}"), draw_both(&plot)?));
        }
    }
    Ok(ExperimentPlots { plots, left_out: not_crossed(&left_out).into_iter().collect() })
}

/// The changes of these runs' configs against their baseline; none without a baseline. `rows[i]` are those of
/// `records[i]`.
///
/// # Errors
/// When plotters fails, which no data is known to cause.
pub fn forest_plot(records: &[RunRecord], rows: &[Vec<MetricsRow>]) -> Result<Option<Plot>> {
    let Some(changes) = compare(records, &CompareOptions::default())?.changes else {
        return Ok(None);
    };
    draw_both(&forest::forest(&ExperimentPlot::new(records, rows), &changes)?).map(Some)
}

/// The configs of these runs by accuracy, gap and cost, with the front; none with fewer than two configs.
///
/// # Errors
/// When plotters fails, which no data is known to cause.
pub fn pareto_plot(records: &[RunRecord], front: &Pareto) -> Result<Option<Plot>> {
    let picture = pareto::picture(&experiment_names(records).join(", "), front)?;
    picture.map(|picture| draw_both(&picture)).transpose()
}

/// The names of the experiments, each once.
fn experiment_names(records: &[RunRecord]) -> Vec<&str> {
    let mut names: Vec<&str> = Vec::new();
    for name in records.iter().flat_map(|record| &record.experiments) {
        if !names.contains(&name.as_str()) {
            names.push(name);
        }
    }
    names
}

/// What is drawn: configs, best first.
struct ExperimentPlot {
    title: String, // names of the experiments
    configs: Vec<PlottedConfig>,
    varied: Vec<String>,
    drawn: String, // the meaning of the numbers in the configs' names, if the names omit it
    incomparable: Option<Incomparable>, // why none of them is the best, if so
    split: HeldOutSplit,
    ranked_by: HeldOutSplit,
}

impl ExperimentPlot {
    fn new(records: &[RunRecord], rows: &[Vec<MetricsRow>]) -> ExperimentPlot {
        let groups = ranked_configs(records);
        let configs = configs(&groups.configs, records, rows);
        let names = experiment_names(records);
        // Sealed runs have no test figures: with one of them, only validation is available for all.
        let lacks_test = |row: &MetricsRow| row.test_accuracy.is_none();
        let drawn_rows = || configs.iter().flat_map(|config| config.runs.iter().flatten());
        let has_val = drawn_rows().any(|row| row.val_accuracy.is_some());
        let split = if drawn_rows().any(lacks_test) && has_val {
            HeldOutSplit::Validation
        } else {
            HeldOutSplit::Test
        };
        let title = match names.is_empty() {
            true => "runs".to_owned(),
            false => names.join(", "),
        };
        let ranked_by =
            if groups.by_validation { HeldOutSplit::Validation } else { HeldOutSplit::Test };
        let varied = groups.varied;
        // Runs that are not finished are drawn too.
        let comparability = Comparability::of_all(records.iter());
        let problem = |held_out: HeldOutSplit| comparability.problem(held_out);
        let incomparable = problem(ranked_by).or_else(|| problem(split));
        let drawn = String::new();
        let mut experiment =
            ExperimentPlot { title, configs, varied, drawn, incomparable, split, ranked_by };
        experiment.shorten_labels();
        experiment
    }

    /// Names of several settings with many numbers leave no room for the numbers, so they are
    /// stated once for all configs.
    fn shorten_labels(&mut self) {
        let are_drawn: Vec<bool> =
            self.varied.iter().map(|key| self.has_many_numbers(key)).collect();
        let keys: Vec<(&String, bool)> = self.varied.iter().zip(are_drawn).collect();
        let drawn = keys.iter().filter(|key| key.1).map(|key| words(key.0, &self.varied));
        let drawn: Vec<String> = drawn.collect();
        if drawn.len() < 2 {
            return;
        }
        for config in &mut self.configs {
            let part = |(key, is_drawn): &(&String, bool)| match config.settings.get(*key) {
                Some(number) if *is_drawn => Some(value_text(number)),
                _ => settings::label_of(&config.settings, key, &self.varied),
            };
            config.label = keys.iter().filter_map(part).collect::<Vec<_>>().join(", ");
        }
        self.drawn = format!("numbers: {}; ", drawn.join(", "));
    }

    /// The start of a subtitle if figures are measured on different examples.
    fn remark(&self) -> String {
        let remark = |Incomparable { why, .. }| format!("{why}: none is the best; ");
        self.incomparable.map_or(String::new(), remark)
    }

    /// The settings that vary and that training depends on.
    fn choices(&self) -> Vec<String> {
        let choices = self.varied.iter().filter(|key| settings::is_training_choice(key));
        choices.cloned().collect()
    }

    /// Whether a setting's values are points on an axis, as a search draws them.
    fn has_many_numbers(&self, key: &str) -> bool {
        let values = self.configs.iter().filter_map(|config| config.settings.get(key));
        settings::has_many_numbers(values)
    }

    /// Whether the runs of each value of a setting have the same other settings, so that their means can be compared.
    fn is_crossed(&self, key: &str) -> bool {
        let with_figures =
            self.configs.iter().filter(|c| !c.last(Figure::TrainAccuracy).is_empty());
        let settings: Vec<&Settings> = with_figures.map(|config| &config.settings).collect();
        is_crossed(&settings, key, &self.varied)
    }

    /// How many evaluated epochs become one point, so that there are at most `points` of them.
    fn stretch(&self, points: usize) -> usize {
        let rows = self.configs.iter().flat_map(|config| &config.runs).map(Vec::len);
        rows.max().unwrap_or(0).div_ceil(points)
    }

    /// The most seeds that a config has.
    fn most_seeds(&self) -> usize {
        self.configs.iter().map(|config| config.runs.len()).max().unwrap_or(0)
    }
}

/// The figure of a row in percent or points; NaN if missing.
fn hundredfold_in(row: &MetricsRow, figure: Figure) -> f64 {
    let lowest = if figure.kind().unit == Unit::Points { -100.0 } else { 0.0 };
    let value = 100.0 * figure.in_row(row).map_or(f64::NAN, f64::from);
    // Values beyond that come from a damaged file and are not percentages.
    if (lowest..=100.0).contains(&value) { value } else { f64::NAN }
}

/// A setting's name in a file's name: everything except letters, digits and underscores becomes an
/// underscore.
fn file_part(key: &str, varied: &[String]) -> String {
    let name = settings::short_key(key, varied).unwrap_or_else(|| key.to_owned());
    let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '_' };
    name.chars().take(LONGEST_NAME).map(plain).collect()
}

/// A setting's name in a picture.
fn words(key: &str, varied: &[String]) -> String {
    let name = settings::short_key(key, varied).unwrap_or_else(|| key.to_owned());
    crate::escape::escape_controls(&name.replace('_', " ")).into_owned()
}

/// The subtitle of an averaged curve.
fn averaged_in_words(stretch: usize) -> String {
    match stretch {
        ..2 => String::new(),
        _ => format!("; points: means of {stretch} evaluated epochs"),
    }
}

/// `3 seeds each`, or how many the configs have.
fn seeds_in_words(experiment: &ExperimentPlot) -> String {
    let counts = || experiment.configs.iter().map(|c| c.runs.len()).filter(|count| *count > 0);
    match (counts().min(), counts().max()) {
        (Some(1), Some(1)) => "one seed each: no spread is known".to_owned(),
        (Some(low), Some(high)) if low == high => format!("{high} seeds each"),
        (Some(low), Some(high)) => format!("{low} to {high} seeds each"),
        _ => "no rows yet".to_owned(),
    }
}

#[cfg(test)]
mod tests;
