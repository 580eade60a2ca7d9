//! The fourth stage of a comparison: the legend and the notes beside the answer.

use crate::analysis::compare::against::Judged;
use crate::analysis::compare::configs::{Config, Configs};
use crate::analysis::compare::epoch::EpochChoice;
use crate::analysis::compare::rank::Ranked;
use crate::analysis::compare::reasons::reasons;
use crate::analysis::compare::{CompareOptions, notes, power};
use crate::runs::record::RunRecord;
use crate::stats::Spread;

/// The text under the table.
pub(super) struct Remarks {
    pub(super) legend: String,
    pub(super) notes: Vec<String>,
}

/// States what the numbers mean and what is missing. The rows are in the order of the table;
/// `sorted_by` names the column that was chosen to sort by.
pub(super) fn say(
    ranked: &Ranked,
    records: &[RunRecord],
    sorted_by: Option<&str>,
    judged: Option<&Judged>,
    options: &CompareOptions,
) -> Remarks {
    let rows = &ranked.rows;
    let legend = notes::legend(&rows.configs, ranked.spread(options));
    let legend = match &rows.grouped {
        Some(grouped) => grouped.legend(legend),
        None => legend,
    };
    let mut notes = options.selection.clone();
    notes.extend(epoch_note(&rows.configs, options.epoch));
    notes.extend(rows.paused.clone());
    notes.extend(of_rows(ranked, sorted_by, judged));
    notes.extend(reasons(records));
    Remarks { legend, notes }
}

impl Ranked<'_> {
    /// What people see behind the ± of a mean: the configs mixed in a grouped row are not a sample,
    /// so they have a spread but no interval.
    pub(super) fn spread(&self, options: &CompareOptions) -> Spread {
        if self.rows.grouped.is_some() { Spread::Std } else { options.spread }
    }
}

fn of_rows(ranked: &Ranked, sorted_by: Option<&str>, judged: Option<&Judged>) -> Vec<String> {
    let configs = &ranked.rows.configs;
    match &ranked.rows.grouped {
        Some(grouped) => {
            let mut lines = grouped.notes(configs, ranked.by, sorted_by);
            lines.extend(notes::weights(&configs.list));
            lines.extend(notes::test_reads(&configs.list));
            lines
        }
        None => {
            let mut lines = notes::lines(configs, ranked.by, sorted_by);
            match judged {
                Some(judged) => {
                    lines.extend(other_labels(&configs.list));
                    lines.extend(caveats(judged));
                }
                None => lines.extend(power::lines(configs, ranked.by)),
            }
            lines
        }
    }
}

/// Why some changes have no gap.
fn other_labels(configs: &[Config]) -> Option<String> {
    let has_none = |config: &Config| config.change.is_some_and(|change| !change.has_gap);
    configs.iter().any(has_none).then(|| {
        "no gap change where dataset.label_noise is not the baseline's: train accuracy counts the noisy labels too; \
         `--columns train_clean` shows that of the clean ones"
            .to_owned()
    })
}

/// What the changes against the baseline hold for.
fn caveats(judged: &Judged) -> Vec<String> {
    if judged.family == 0 {
        return Vec::new();
    }
    let split = judged.measure.split();
    vec![format!(
        "changes hold on these {split} examples; each figure is wrong about some change in at most 5 % of \
         tables, either of score and gap in at most 10 %"
    )]
}

/// Names the epoch of the figures, unless it is the last.
fn epoch_note(configs: &Configs, epoch: EpochChoice) -> Option<String> {
    let by_val = configs.list.iter().all(|c| c.has_validation || c.finished == 0);
    match epoch {
        EpochChoice::Last => None,
        EpochChoice::At(epoch) => Some(format!("figures are those of epoch {epoch}")),
        EpochChoice::Model => Some(
            "figures are those of the weights in model.safetensors: of the epoch that restore_best \
             chose, else of the last"
                .to_owned(),
        ),
        EpochChoice::Best if by_val => Some(
            "figures are those of each run's best epoch, chosen by validation accuracy".to_owned(),
        ),
        EpochChoice::Best => {
            let chosen = "chosen on test where nothing is held out";
            Some(format!("figures are those of each run's best epoch, {chosen}"))
        }
    }
}

/// Keeps the first rows and says how many others there are.
pub(super) fn cut(configs: &mut Vec<Config>, top: Option<usize>) -> Option<String> {
    let more = configs.len().checked_sub(top?).filter(|more| *more > 0)?;
    let all = configs.len();
    configs.truncate(all - more);
    Some(format!("{more} of {all} rows are not shown; the answer and the notes cover all of them"))
}
