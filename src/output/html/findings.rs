//! The diagnosis of each config and the main effects of the settings, for the page.

use serde::Serialize;

use crate::analysis::diagnosis::diagnose;
use crate::analysis::effects::{
    Effects, Estimate, GapFigures, SettingEffect, main_effects, trend_sentences,
};
use crate::analysis::settings;
use crate::output::html::curves::percent;
use crate::output::html::text::safe;
use crate::runs::read::Curves;
use crate::runs::record::RunRecord;

/// One finding of a config.
#[derive(Debug, Serialize)]
pub(super) struct FindingData {
    severity: &'static str,
    text: String,
}

/// The main effects: accuracies in percent, gaps in points.
#[derive(Debug, Serialize)]
pub(super) struct EffectsData {
    held_out: &'static str,
    settings: Vec<FindingSetting>,
    trends: Vec<String>,
    interactions: Vec<String>,
    notes: Vec<String>,
}

#[derive(Debug, Serialize)]
struct FindingSetting {
    name: String,
    combinations: usize,
    levels: Vec<LevelData>,
}

#[derive(Debug, Serialize)]
struct LevelData {
    value: String,
    runs: usize,
    mean: FiguresData,
    #[serde(skip_serializing_if = "Option::is_none")]
    change: Option<FiguresData>, // from the first value
}

/// Each a value and the half width of its 95 % interval.
#[derive(Debug, Serialize)]
struct FiguresData {
    gap: (f64, Option<f64>),
    held_out: (f64, Option<f64>),
    train: (f64, Option<f64>),
}

/// The findings of the runs of one config.
pub(super) fn findings(runs: &[Curves]) -> Vec<FindingData> {
    let found = diagnose(runs).into_iter();
    let data = found.map(|finding| FindingData {
        severity: finding.severity.name(),
        text: safe(&finding.text),
    });
    data.collect()
}

/// The effects of the settings in which the runs differ; none if there are none.
pub(super) fn effects(records: &[RunRecord], varied: &[String]) -> Option<EffectsData> {
    let effects = main_effects(records);
    if effects.settings.is_empty() && effects.trends.is_empty() && effects.notes.is_empty() {
        return None;
    }
    Some(EffectsData {
        held_out: effects.held_out,
        settings: effects.settings.iter().map(|setting| setting_data(setting, varied)).collect(),
        trends: trend_sentences(&effects).iter().map(|sentence| safe(sentence)).collect(),
        interactions: interactions(&effects),
        notes: effects.notes.iter().map(|note| safe(note)).collect(),
    })
}

fn setting_data(setting: &SettingEffect, varied: &[String]) -> FindingSetting {
    let short = settings::short_key(&setting.key, varied).unwrap_or_else(|| setting.key.clone());
    let levels = setting.levels.iter().map(|level| LevelData {
        value: safe(&level.value),
        runs: level.runs,
        mean: figures(&level.mean),
        change: level.change.as_ref().map(figures),
    });
    FindingSetting {
        name: safe(&short).replace('_', " "),
        combinations: setting.combinations,
        levels: levels.collect(),
    }
}

fn figures(figures: &GapFigures) -> FiguresData {
    let estimate = |e: &Estimate| (percent(e.value), e.half_width.map(percent));
    FiguresData {
        gap: estimate(&figures.gap),
        held_out: estimate(&figures.held_out_accuracy),
        train: estimate(&figures.train_accuracy),
    }
}

/// Pairs of settings that do not add up, in words.
fn interactions(effects: &Effects) -> Vec<String> {
    let words = effects.interactions.iter().map(|found| {
        let [a, b] = &found.keys;
        let [x, y] = &found.values;
        let figure = match found.figure {
            "gap" => "gap".to_owned(),
            _ => format!("{} accuracy", effects.held_out),
        };
        let half = found
            .deviation
            .half_width
            .map_or(String::new(), |half| format!(" ± {:.1}", 100.0 * half));
        let points = 100.0 * found.deviation.value;
        safe(&format!(
            "{a} {x} together with {b} {y}: {figure} {points:+.1}{half} points from the sum of both"
        ))
    });
    words.collect()
}
