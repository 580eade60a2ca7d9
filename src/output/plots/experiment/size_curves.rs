//! Which configs differ only in the number of training images: each group is one curve.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::analysis::settings::Settings;
use crate::analysis::train_sizes::SIZES;
use crate::output::plots::experiment::ExperimentPlot;
use crate::output::plots::experiment::seeds::PlottedConfig;
use crate::runs::figures::Figure;

/// Lengths in steps: with more data, as many passes take more of them.
const LENGTHS: [&str; 2] = ["training.steps", "schedule.warmup_steps"];

/// The configs that differ only in the number of training images.
pub(super) struct SizeCurve {
    pub(super) name: String,
    /// By number of images, in percent, a figure for each seed.
    pub(super) train: BySize,
    pub(super) held_out: BySize,
}

type BySize = Vec<(u64, Vec<f64>)>;

/// A config with its number of training images.
type Sized<'a> = (u64, &'a PlottedConfig);

/// The curves of at least two numbers of images, the longest first.
pub(super) fn size_curves(experiment: &ExperimentPlot) -> Vec<SizeCurve> {
    let sized: Vec<Sized> =
        experiment.configs.iter().filter_map(|c| Some((c.train_examples?, c))).collect();
    // As many steps for all, or as many passes: whichever makes curves.
    let is_curve = |configs: &[Sized]| configs.iter().any(|config| config.0 != configs[0].0);
    let exact = grouped(&sized, &|_, settings| settings.clone());
    let (mut groups, single): (Vec<Vec<Sized>>, Vec<Vec<Sized>>) =
        exact.into_values().partition(|configs| is_curve(configs));
    let passes = grouped(&single.concat(), &in_passes);
    groups.extend(passes.into_values().filter(|configs| is_curve(configs)));
    let mut curves: Vec<SizeCurve> =
        groups.iter().map(|configs| curve(configs, experiment)).collect();
    curves.retain(|curve| curve.held_out.len() > 1);
    curves.sort_by_key(|curve| std::cmp::Reverse(curve.held_out.len()));
    curves
}

/// The configs by what is left of their settings without the number of images.
fn grouped<'a>(
    configs: &[Sized<'a>],
    rest: &dyn Fn(u64, &Settings) -> Settings,
) -> BTreeMap<String, Vec<Sized<'a>>> {
    let mut groups: BTreeMap<String, Vec<Sized>> = BTreeMap::new();
    for (size, config) in configs {
        let mut settings = rest(*size, &config.settings);
        settings.retain(|key, _| !SIZES.contains(&key.as_str()));
        groups.entry(format!("{settings:?}")).or_default().push((*size, *config));
    }
    groups
}

/// The settings with lengths in passes over the examples in place of steps, rounded to a percent.
fn in_passes(size: u64, settings: &Settings) -> Settings {
    let mut settings = settings.clone();
    for key in LENGTHS {
        if let Some(length) = settings.get_mut(key)
            && let Some(steps) = length.as_f64()
        {
            let passes = (100.0 * libm::log(steps / size as f64)).round();
            *length = Value::from(passes);
        }
    }
    settings
}

/// The curve of a group, called as the config that has the least to say: the one with the baseline's images.
fn curve(configs: &[Sized], experiment: &ExperimentPlot) -> SizeCurve {
    let by_size = |figure: Figure| {
        let mut figures: BTreeMap<u64, Vec<f64>> = BTreeMap::new();
        for (size, config) in configs {
            figures.entry(*size).or_default().extend(config.last(figure));
        }
        figures.into_iter().filter(|(_, values)| !values.is_empty()).collect()
    };
    let labels = configs.iter().map(|(_, config)| &config.label);
    SizeCurve {
        name: labels.min_by_key(|label| label.chars().count()).cloned().unwrap_or_default(),
        train: by_size(Figure::TrainAccuracy),
        held_out: by_size(Figure::accuracy(experiment.split)),
    }
}
