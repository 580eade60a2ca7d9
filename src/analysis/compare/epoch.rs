//! `--epoch`: the epoch at which runs are compared. The last and the best are in `run.json`; any
//! other needs `metrics.csv`.

use std::str::FromStr;

use crate::error::{Error, Result};
use crate::runs::metrics::MetricsRow;
use crate::runs::read::{FoundRuns, read_rows};
use crate::runs::record::RunRecord;

/// The epoch whose figures are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum EpochChoice {
    /// Each run's last.
    #[default]
    Last,
    /// Each run's best: by validation accuracy, or without a validation split by test accuracy.
    Best,
    /// That of the weights in `model.safetensors`: the last, or the one that `restore_best` chose.
    Model,
    /// This one.
    At(u64),
}

impl FromStr for EpochChoice {
    type Err = String;

    fn from_str(text: &str) -> Result<EpochChoice, String> {
        match text {
            "last" => Ok(EpochChoice::Last),
            "best" => Ok(EpochChoice::Best),
            "model" => Ok(EpochChoice::Model),
            _ => text
                .parse()
                .map(EpochChoice::At)
                .map_err(|_| "expected a number of epochs, `best`, `model` or `last`".to_owned()),
        }
    }
}

/// Records with the row of the chosen epoch as their newest.
#[derive(Debug)]
pub struct AtEpoch {
    /// The records.
    pub records: Vec<RunRecord>,
    /// How many runs have no such row, if any.
    pub left_out: Option<String>,
    /// Runs whose rows cannot be read, a line each.
    pub unread: Vec<String>,
}

/// The runs at the chosen epoch.
///
/// # Errors
/// When no run has this epoch, or the metrics of none can be read.
pub fn at_epoch(mut found: FoundRuns, choice: EpochChoice) -> Result<AtEpoch> {
    let whole = |records| AtEpoch { records, left_out: None, unread: Vec::new() };
    match choice {
        EpochChoice::Last => return Ok(whole(found.records)),
        EpochChoice::Best => {
            for record in &mut found.records {
                if let Some(best) = record.best {
                    compare_at(record, best);
                }
            }
            return Ok(whole(found.records));
        }
        EpochChoice::At(_) | EpochChoice::Model => {}
    }
    let (rows, unread) = found.read_each(|record, folder| {
        let epoch = match choice {
            EpochChoice::At(epoch) => Some(epoch),
            _ => record.model_epoch,
        };
        // Usually it is the last one, which the record has.
        match record.last.filter(|last| epoch.is_none_or(|epoch| last.epoch == epoch)) {
            Some(own) => Ok(Some(own)),
            None => Ok(read_rows(record, folder)?.into_iter().find(|row| Some(row.epoch) == epoch)),
        }
    })?;
    let all = rows.len();
    let runs = found.records.into_iter().zip(rows);
    let chosen = runs.filter_map(|(mut record, row)| {
        compare_at(&mut record, row?);
        Some(record)
    });
    let records: Vec<RunRecord> = chosen.collect();
    let missing = all - records.len();
    let of_epoch = match choice {
        EpochChoice::At(epoch) => format!("figures of epoch {epoch}"),
        _ => "figures of the epoch of its model.safetensors".to_owned(),
    };
    match (records.len(), missing) {
        (0, 1) => Err(Error::NothingMatched(format!("the run has no {of_epoch}"))),
        (0, _) => Err(Error::NothingMatched(format!("none of the {all} runs has {of_epoch}"))),
        (_, missing) => {
            let have = if missing == 1 { "has" } else { "have" };
            let line = format!("{missing} of {all} runs {have} no {of_epoch}: left out");
            Ok(AtEpoch { records, left_out: (missing > 0).then_some(line), unread })
        }
    }
}

/// Makes this row the compared one. Figures from the final evaluation apply only to the last weights.
fn compare_at(record: &mut RunRecord, row: MetricsRow) {
    let is_last = record.last.is_some_and(|last| last.epoch == row.epoch);
    if !is_last && record.model_epoch.is_none() {
        record.evaluated.clear();
    }
    record.last = Some(row);
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::runs::metrics::metrics_csv;
    use crate::runs::samples::{seeds, write_run};

    /// Three runs; of the first two, `metrics.csv` has the epoch of the best row too.
    fn found(folder: &std::path::Path) -> FoundRuns {
        let mut folders = Vec::new();
        for (index, record) in seeds(&[], 0.9, 0.5, 0.01).into_iter().enumerate() {
            let path = write_run(folder, &record);
            if index < 2 {
                let rows = [record.best.unwrap(), record.last.unwrap()];
                fs::write(path.join("metrics.csv"), metrics_csv(&rows)).unwrap();
            }
            folders.push(path);
        }
        FoundRuns::read(folders)
    }

    #[test]
    fn best_and_last_need_the_record_alone() {
        let runs = tempfile::tempdir().unwrap();
        let last = at_epoch(found(runs.path()), EpochChoice::Last).unwrap();
        assert_eq!((last.records[0].last.unwrap().epoch, last.left_out), (200, None));
        let best = at_epoch(found(runs.path()), EpochChoice::Best).unwrap();
        assert_eq!((best.records[0].last, best.left_out), (best.records[0].best, None));
    }

    #[test]
    fn runs_without_the_epoch_are_left_out_and_said() {
        let runs = tempfile::tempdir().unwrap();
        let at = |epoch| at_epoch(found(runs.path()), EpochChoice::At(epoch));
        let AtEpoch { records, left_out: line, .. } = at(30).unwrap();
        assert_eq!((records.len(), records[0].last.unwrap().epoch), (1, 30));
        assert_eq!(line.unwrap(), "2 of 3 runs have no figures of epoch 30: left out");
        assert_eq!(at(200).unwrap().records.len(), 3, "the record's own");
        let error = at(7).unwrap_err();
        assert_eq!(
            (error.exit_code(), &*error.to_string()),
            (4, "none of the 3 runs has figures of epoch 7")
        );
    }

    #[test]
    fn figures_of_the_model_are_those_of_the_epoch_that_restore_best_chose() {
        let runs = tempfile::tempdir().unwrap();
        let mut found = found(runs.path());
        found.records[0].model_epoch = found.records[0].best.map(|best| best.epoch);
        let (best, last) = (found.records[0].best, found.records[1].last);
        let AtEpoch { records, left_out, .. } = at_epoch(found, EpochChoice::Model).unwrap();
        assert_eq!((records[0].last, records[1].last, left_out), (best, last, None));
    }

    #[test]
    fn epochs_are_numbers_or_words() {
        assert_eq!("best".parse(), Ok(EpochChoice::Best));
        assert_eq!("model".parse(), Ok(EpochChoice::Model));
        assert_eq!("0".parse(), Ok(EpochChoice::At(0)));
        for word in ["-1", "first"] {
            let expected = "expected a number of epochs, `best`, `model` or `last`".to_owned();
            assert_eq!(word.parse::<EpochChoice>(), Err(expected), "{word}");
        }
    }
}
