//! Trains what a question asks, and reads the runs.

use std::path::Path;

use super::base;
use crate::cli::Globals;
use crate::cli::asked::{ExpansionArgs, read_jobs};
use crate::cli::class_notes::check_classes;
use crate::cli::own_file::write_own_file;
use crate::cli::training::{SOME_FAILED, Sweeping, TrainingArgs, train_and_print};
use crate::error::{Error, Result};
use crate::experiment::Trial;
use crate::messages::say;
use crate::runs::folder::run_path;
use crate::runs::read::{FoundRuns, read_record, read_rows};
use crate::runs::record::{RunRecord, RunState};
use crate::study::{Answers, Lab, Outcome, Question, Sheet, SheetTrials};
use crate::sweep::{ReadWeights, StopSignal, cost, unseal};

/// The run folders.
pub(super) struct Runs<'a> {
    /// Of the study.
    pub(super) folder: &'a Path,
    /// The name of the study.
    pub(super) study: &'a str,
    /// How what is missing is trained; none: it is not.
    pub(super) training: Option<&'a TrainingArgs>,
    pub(super) globals: &'a Globals,
    pub(super) stop: &'a StopSignal,
    /// The exit code, if training was stopped.
    pub(super) code: Option<u8>,
    /// The question that has no answer yet.
    pub(super) open: Option<Question>,
    /// The runs that were asked for, by id.
    pub(super) asked: Vec<String>,
}

impl<'a> Runs<'a> {
    /// The run folders as they are: nothing is trained.
    pub(super) fn new(
        folder: &'a Path,
        study: &'a str,
        globals: &'a Globals,
        stop: &'a StopSignal,
    ) -> Runs<'a> {
        let (training, code, open, asked) = (None, None, None, Vec::new());
        Runs { folder, study, training, globals, stop, code, open, asked }
    }
}

impl Lab for Runs<'_> {
    fn answers(&mut self, sheet: &Sheet, trials: &SheetTrials) -> Result<Option<Answers>> {
        self.open = Some(sheet.question);
        self.asked.extend(trials.all().map(Trial::id));
        if let Some(training) = self.training
            && !self.train(sheet, trials, training)?
        {
            return Ok(None);
        }
        let baseline = self.outcomes(sheet, &trials.baseline)?;
        let changes = trials.changes.iter().map(|trials| self.outcomes(sheet, trials));
        let changes = changes.collect::<Result<Option<Vec<_>>>>()?;
        let answers = baseline.zip(changes);
        let answers = answers.map(|(baseline, changes)| Answers { baseline, changes });
        self.open = self.open.filter(|_| answers.is_none());
        Ok(answers)
    }

    fn cost(&self, trial: &Trial) -> f64 {
        cost(trial).flops
    }
}

impl Runs<'_> {
    /// Whether all trials have been trained.
    fn train(
        &mut self,
        sheet: &Sheet,
        trials: &SheetTrials,
        training: &TrainingArgs,
    ) -> Result<bool> {
        let is_first = sheet.changes.is_empty() && !sheet.reads_test;
        let path = self.folder.join(format!("{}.toml", sheet.name));
        if !is_first {
            write_own_file(&path, super::HEADER, &sheet.text(base::FILE, self.study))?;
        }
        let mut asked =
            read_jobs(std::slice::from_ref(&path), &ExpansionArgs::plain(), self.globals)?;
        let is_wanted = |id: &str| trials.all().any(|trial| trial.id() == id);
        let wanted = trials.all().count();
        asked.jobs.retain(|job| is_wanted(&job.id));
        if asked.jobs.len() != wanted {
            return Err(Error::Unexpected(format!(
                "{} has {} of the {wanted} trials of its question",
                path.display(),
                asked.jobs.len()
            )));
        }
        check_classes(&asked.jobs, &self.globals.data_options(), true)?;
        if !self.globals.quiet {
            say(&format!("== {} {}", sheet.name, sheet.description));
        }
        let again = "The same command";
        let stop = Some(self.stop);
        let sweeping = Sweeping { again, stop, ..Sweeping::of(training) };
        let code = train_and_print(&asked, &sweeping, self.globals, || Ok(()))?;
        if code != 0 && code != SOME_FAILED {
            self.code = Some(code);
            return Ok(false);
        }
        Ok(true)
    }

    /// The finished runs of trials, without those that diverged; none if one is missing.
    fn outcomes(&mut self, sheet: &Sheet, trials: &[Trial]) -> Result<Option<Vec<Outcome>>> {
        let mut found = FoundRuns::default();
        for trial in trials {
            let folder = run_path(&self.globals.runs_dir, &trial.id())?;
            let Some(record) = read_record(&folder)? else { return Ok(None) };
            match record.state {
                RunState::Finished => {
                    found.records.push(record);
                    found.folders.push(folder);
                }
                RunState::Diverged => {}
                _ => {
                    self.code = self.code.or(self.training.map(|_| SOME_FAILED));
                    return Ok(None);
                }
            }
        }
        if sheet.reads_test {
            let is_unread = |record: &RunRecord| ReadWeights::Model.reading(record).is_none();
            if self.training.is_none() && found.records.iter().any(is_unread) {
                return Ok(None);
            }
            let (options, threads) = (self.globals.data_options(), self.globals.jobs());
            unseal(&mut found, ReadWeights::Model, &options, threads)?;
        }
        let FoundRuns { records, folders, .. } = &found;
        let read = records.iter().zip(folders).map(|(record, folder)| outcome(record, folder));
        Ok(Some(read.collect::<Result<Vec<Option<Outcome>>>>()?.into_iter().flatten().collect()))
    }
}

/// The figures of a finished run, of the weights that it keeps; none if it has no such epoch.
fn outcome(record: &RunRecord, folder: &Path) -> Result<Option<Outcome>> {
    let rows = read_rows(record, folder)?;
    let row = rows.iter().find(|row| Some(row.epoch) == record.kept_epoch()).copied();
    let figures =
        row.and_then(|row| Some((f64::from(row.train_accuracy), f64::from(row.val_accuracy?))));
    let test = ReadWeights::Model.reading(record).map(|read| f64::from(read.test_accuracy));
    let seed = record.trial.seed().unwrap_or(0);
    Ok(figures.map(|(train, val)| Outcome { seed, train, val, test, rows }))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::runs::metrics::metrics_csv;
    use crate::runs::record::TestRead;
    use crate::runs::samples::{seeds_with_val, write_run};

    /// `compare --unseal` reads the weights of the best epoch, and a run keeps those of the last.
    #[test]
    fn readings_of_other_weights_than_a_run_keeps_do_not_count() {
        let runs = tempfile::tempdir().unwrap();
        let mut record = seeds_with_val(&[], [0.9, 0.5, 0.4], 0.0).remove(0);
        let (best, last) = (record.best.unwrap(), record.last.unwrap());
        let read = |epoch, test_accuracy| TestRead {
            date: String::new(),
            epoch,
            examples: 4,
            test_loss: 1.0,
            test_accuracy,
        };
        record.test_reads = vec![read(best.epoch, 0.25)];
        let folder = write_run(runs.path(), &record);
        fs::write(folder.join("metrics.csv"), metrics_csv(&[best, last])).unwrap();
        let of = |record: &RunRecord| outcome(record, &folder).unwrap().unwrap();
        assert_eq!(of(&record).test, None);
        record.test_reads.push(read(last.epoch, 0.5));
        let both = of(&record);
        assert_eq!((both.test, both.train), (Some(0.5), f64::from(last.train_accuracy)));
        record.model_epoch = Some(best.epoch);
        let restored = of(&record);
        assert_eq!((restored.test, restored.train), (Some(0.25), f64::from(best.train_accuracy)));
    }
}
