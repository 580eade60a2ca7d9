//! Main effects: what each varied setting does to the gap and to the accuracies, averaged over the
//! other settings, and interactions. Uses only `run.json`.

mod cells;
mod factors;
mod interactions;
mod noise;
mod text;
mod trends;

use serde::Serialize;

use crate::analysis::comparability::Comparability;
use crate::analysis::compare::{ConfigRuns, configs_by_settings};
use crate::analysis::replicates::replicate;
use crate::analysis::settings::is_training_choice;
use crate::runs::figures::Figure;
use crate::runs::held_out::HeldOutSplit;
use crate::runs::record::RunRecord;
use crate::stats::{Replicate, Unit};
use cells::{ConfigCell, Matched, matched, measure};
use factors::{Factor, factors};
use noise::Noise;
pub use text::effects_text;
pub(crate) use text::trend_sentences;
pub use trends::{Correlation, Trend};

/// The effects of the varied settings.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Effects {
    /// `test`, or `validation` where the test set is sealed: whose accuracy and gap these are.
    pub held_out: &'static str,
    /// One for each setting whose values occur with everything else equal, in several combinations of the others.
    pub settings: Vec<SettingEffect>,
    /// One for each setting of many numbers, as a search draws them.
    pub trends: Vec<Trend>,
    /// Interactions beyond the noise of the seeds.
    pub interactions: Vec<Interaction>,
    /// How many possible interactions were examined.
    pub interactions_looked_at: usize,
    /// What was left out and why, a line each.
    pub notes: Vec<String>,
}

/// One setting and its values.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SettingEffect {
    /// The key; several that only ever change together are joined by ` + `.
    pub key: String,
    /// Combinations of the other settings that every value is averaged over: two or more.
    pub combinations: usize,
    /// Its values in order; the first is what the others are compared with.
    pub levels: Vec<LevelEffect>,
}

/// One value of a setting.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LevelEffect {
    /// The value as tables show it.
    pub value: String,
    /// Finished runs behind the figures.
    pub runs: usize,
    /// Means over the combinations, each with its own 95 % interval.
    pub mean: GapFigures,
    /// Differences from the first value; their 95 % intervals hold together for all differences of
    /// one figure (Bonferroni).
    pub change: Option<GapFigures>,
}

/// The three figures that belong together: the gap is the difference of the other two.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct GapFigures {
    /// Train minus held-out accuracy at the last epoch, a fraction.
    pub gap: Estimate,
    /// Held-out accuracy at the last epoch, a fraction.
    pub held_out_accuracy: Estimate,
    /// Train accuracy at the last epoch, a fraction.
    pub train_accuracy: Estimate,
}

/// A value and the half width of its 95 % interval, from the spread of the seeds within the configs.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Estimate {
    /// The value.
    pub value: f64,
    /// Absent if no config has two seeds, or if the seeds happen to agree and show no spread.
    pub half_width: Option<f64>,
}

/// Two settings whose joint effect differs from the sum of their single effects.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Interaction {
    /// The keys.
    pub keys: [String; 2],
    /// The values that deviate most.
    pub values: [String; 2],
    /// The first values, from which the effects are counted.
    pub references: [String; 2],
    /// `gap` or `held_out_accuracy`.
    pub figure: &'static str,
    /// The joint effect minus the sum of the single effects.
    pub deviation: Estimate,
}

/// The key of the share of noisy labels.
const LABEL_NOISE: &str = "dataset.label_noise";

/// Accuracies are 32-bit numbers: equal ones may differ by rounding, far less than one example in a
/// hundred thousand.
const ROUNDING: f64 = 1e-6;

impl Estimate {
    /// Whether the seeds show that it is not zero; never without an interval.
    pub fn is_beyond_noise(&self) -> bool {
        self.half_width.is_some_and(|half| self.value.abs() > half + ROUNDING)
    }
}

impl GapFigures {
    fn each(split: HeldOutSplit, estimate: impl Fn(Figure) -> Estimate) -> GapFigures {
        let [gap, held_out_accuracy, train_accuracy] = cells::figures(split).map(estimate);
        GapFigures { gap, held_out_accuracy, train_accuracy }
    }
}

/// The effects of the settings in which the finished runs of `records` differ.
pub fn main_effects(records: &[RunRecord]) -> Effects {
    let (configs, varied) = configs_by_settings(records);
    let Some((split, configs, cells)) = measured(configs) else {
        return Effects::default();
    };
    let factors = factors(&configs, &varied);
    let mut notes = ties(&factors);
    let noise = Noise::pooled(&cells, split);
    let all: Vec<Matched> = (0..factors.len())
        .map(|which| matched(&factors, which).on_the_same_examples(&cells))
        .collect();
    let levels = factors.iter().zip(&all);
    let levels =
        levels.filter(|(factor, matched)| !factor.has_many_values && matched.is_averaged());
    let looked_at = levels.map(|(_, matched)| matched.levels.len() - 1).sum();
    let reported =
        |factor: &Factor| !factor.has_many_values && factor.keys.iter().all(|key| is_effect(key));
    let mut settings = Vec::new();
    for (factor, matched) in factors.iter().zip(&all).filter(|(factor, _)| reported(factor)) {
        notes.extend(cells::note(factor, matched));
        if matched.is_averaged() {
            settings.push(setting_effect(factor, matched, &cells, &noise, split, looked_at));
        }
    }
    notes.extend(noisy_labels(&varied));
    if noise.is_unknown() && !settings.is_empty() {
        notes.push(
            "one seed each: no intervals, and no effect here can be told from noise".to_owned(),
        );
    }
    if !settings.is_empty() {
        notes.extend(agreeing(&noise, split));
    }
    let drawn: Vec<&String> = varied
        .iter()
        .filter(|key| is_effect(key) && factors::has_many_values(&configs, key))
        .collect();
    let is_alike = are_measured_alike(&configs, &cells);
    let trends = match is_alike {
        true => trends::trends(&configs, &cells, split, &drawn),
        false => Vec::new(),
    };
    if !is_alike && !drawn.is_empty() {
        notes.push(
            "no trend is reported: the configs are measured on different examples".to_owned(),
        );
    }
    let found = interactions::find(&factors, &all, &cells, &noise, split, &reported);
    let (interactions, interactions_looked_at) = found;
    let held_out = split.name();
    Effects { held_out, settings, trends, interactions, interactions_looked_at, notes }
}

/// Says which figures another share of noisy labels changes by itself.
fn noisy_labels(varied: &[String]) -> Option<String> {
    let is_varied = varied.iter().any(|key| key == LABEL_NOISE);
    is_varied.then(|| {
        format!(
            "{LABEL_NOISE}: train accuracy counts the noisy labels, so its effects on train accuracy and on the gap \
             are partly theirs"
        )
    })
}

/// Reports in which figures all seeds agree, and the consequence.
fn agreeing(noise: &Noise, split: HeldOutSplit) -> Option<String> {
    let figures = [Figure::TrainAccuracy, Figure::accuracy(split), Figure::gap(split)];
    let names = |figure: &Figure| figure.kind().words;
    let agreeing = figures.iter().filter(|figure| noise.all_agree(**figure));
    let names: Vec<&str> = agreeing.map(names).collect();
    (!names.is_empty()).then(|| {
        format!(
            "the seeds of every config happen to agree in {}, which shows no spread: it has no \
             intervals and cannot be told from noise",
            names.join(" and ")
        )
    })
}

/// Seeds, evaluation settings and keys that are not choices have no reported effect.
fn is_effect(key: &str) -> bool {
    is_training_choice(key) && key != "numerics"
}

/// Whether the figures of all configs are of the same examples, train figures included.
fn are_measured_alike(configs: &[ConfigRuns<'_>], cells: &[ConfigCell]) -> bool {
    let runs = configs.iter().flat_map(|config| config.runs.iter().copied());
    Comparability::of(runs).train && cells.iter().all(|cell| cell.examples == 0)
}

/// What the figures of these configs are averaged over.
fn unit_of(configs: &[ConfigRuns<'_>]) -> Unit {
    let names = |config: &ConfigRuns<'_>| -> Vec<Replicate> {
        config.runs.iter().map(|run| replicate(run, 0, f64::NAN)).collect()
    };
    let all: Vec<Vec<Replicate>> = configs.iter().map(names).collect();
    Unit::of(all.iter().map(Vec::as_slice))
}

/// The configs with finished runs and their figures, on the test split if all runs have read it.
fn measured(
    configs: Vec<ConfigRuns<'_>>,
) -> Option<(HeldOutSplit, Vec<ConfigRuns<'_>>, Vec<ConfigCell>)> {
    let unit = unit_of(&configs);
    for held_out in [HeldOutSplit::Test, HeldOutSplit::Validation] {
        let all: Option<Vec<Option<ConfigCell>>> =
            configs.iter().map(|config| measure(config, held_out, unit)).collect();
        let Some(all) = all else { continue };
        let pairs = configs.into_iter().zip(all);
        let (configs, mut cells): (Vec<_>, Vec<_>) =
            pairs.filter_map(|(config, cell)| Some((config, cell?))).unzip();
        cells::number_examples(&configs, &mut cells, held_out);
        return (!cells.is_empty()).then_some((held_out, configs, cells));
    }
    None
}

/// Reports settings that count as one because they always change together.
fn ties(factors: &[Factor]) -> Vec<String> {
    let tied = factors.iter().filter(|factor| factor.keys.len() > 1);
    let note = |factor: &Factor| {
        format!(
            "{} only change together: their effects cannot be told apart",
            factor.keys.join(", ")
        )
    };
    tied.map(note).collect()
}

fn setting_effect(
    factor: &Factor,
    matched: &Matched,
    cells: &[ConfigCell],
    noise: &Noise,
    split: HeldOutSplit,
    looked_at: usize,
) -> SettingEffect {
    let first = matched.weights_of(0);
    let levels = matched.levels.iter().enumerate().map(|(index, level)| {
        let weights = matched.weights_of(index);
        let mut difference = weights.clone();
        difference.extend(first.iter().map(|(cell, weight)| (*cell, -weight)));
        LevelEffect {
            value: factor.values[*level].clone(),
            runs: weights.iter().map(|(cell, _)| cells[*cell].runs).sum(),
            mean: GapFigures::each(split, |figure| noise.mean(&weights, cells, figure)),
            change: (index > 0).then(|| {
                GapFigures::each(split, |figure| {
                    noise.difference(&difference, cells, figure, looked_at)
                })
            }),
        }
    });
    SettingEffect {
        key: factor.keys.join(" + "),
        combinations: matched.contexts.len(),
        levels: levels.collect(),
    }
}

#[cfg(test)]
mod tests;
