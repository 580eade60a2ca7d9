//! The line above the table: with what the configs are compared, and what the signs mean.

use crate::analysis::compare::against::Judged;
use crate::analysis::compare::configs::Configs;
use crate::analysis::compare::epoch::EpochChoice;
use crate::analysis::naming::{BASELINE, BaselineChoice, in_words};
use crate::analysis::replicates::blocks_in_words;
use crate::stats::Design;

/// The baseline of an experiment file.
const OF_FILE: &str = "the file without its changes";
/// The most settings by which a file's baseline is named.
const MOST_SETTINGS: usize = 4;

/// The line for these configs.
pub(super) fn heading(configs: &Configs, judged: &Judged, epoch: EpochChoice) -> String {
    let Some(baseline) = configs.baseline() else { return String::new() };
    let settings = in_words(&baseline.settings, &configs.varied);
    let how = match judged.choice {
        BaselineChoice::File => OF_FILE,
        BaselineChoice::MostShared => "the config that shares the most settings with the others",
        BaselineChoice::AfterLooking => {
            "chosen when its figures were there, so the brackets allow for all pairs"
        }
    };
    let split = judged.measure.split();
    let when = match epoch {
        EpochChoice::Last => "at the last epoch".to_owned(),
        EpochChoice::Best => "at each run's best epoch".to_owned(),
        EpochChoice::Model => "of the weights in model.safetensors".to_owned(),
        EpochChoice::At(epoch) => format!("at epoch {epoch}"),
    };
    let brackets = match judged.family {
        0 => String::new(),
        1 => "; [brackets]: where the true change plausibly lies (95 %)".to_owned(),
        family => {
            format!(
                "; [brackets]: where the true change plausibly lies (95 %, all {family} at once)"
            )
        }
    };
    let has_folds = configs.list.iter().any(|config| config.folds().is_some());
    let pairs = match judged.design {
        Design::PairedBySeed => format!(", paired by {}", blocks_in_words(has_folds)),
        Design::Unpaired => String::new(),
    };
    let n = if has_folds { "runs, a seed and a fold each" } else { "seeds" };
    // What it lacks of many remedies says nothing.
    let is_plain = judged.choice == BaselineChoice::File && configs.varied.len() > MOST_SETTINGS;
    let is_named = baseline.label != BASELINE;
    let baseline = match is_plain {
        _ if is_named => format!("{} ({how})", baseline.label),
        true => how.to_owned(),
        false => format!("{settings} ({how})"),
    };
    format!(
        "Baseline: {baseline}. gap = train - {split} accuracy {when}; changes against the baseline in \
         points{pairs}{brackets}; n: {n}."
    )
}
