//! The table of `runner plan`: each trial's cost and state, and one summary line.

use std::collections::HashMap;
use std::time::Duration;

use super::Speed;
use crate::memory;
use crate::sweep::{
    Cost, Job, PlannedStart, TrialStatus, cost, duration, flops_after, memory_alone, threads,
};
use crate::table::{Cell, Column, ColumnKind, Table};

/// Seconds of one core that a run takes besides its training, mostly for its plots: without them,
/// the estimate for thousands of tiny trials would be far too short.
const FOLDER_SECONDS: f64 = 0.1;

/// The most trials too large for the machine that are named.
const MOST_TOO_LARGE: usize = 5;

/// Operations per step from which threads within a trial pay off.
const DIVIDED_FLOPS: f64 = 1e9;

/// A trial with what is known about it.
pub(super) struct PlannedTrial<'a> {
    job: &'a Job,
    status: &'a TrialStatus,
    cost: Cost,
    start: Option<PlannedStart>, // of a shorter run; none: the first step, or its own checkpoint
    seconds: f64,                // on one core, without the work that an existing run has done
    saved_seconds: f64,          // that the shorter run takes
}

impl<'a> PlannedTrial<'a> {
    /// Estimates the seconds of one core, with those that the run folder takes.
    pub(super) fn new(
        job: &'a Job,
        status: &'a TrialStatus,
        start: Option<PlannedStart>,
        speed: Speed,
    ) -> PlannedTrial<'a> {
        let (cost, flops_per_second) = (cost(&job.trial), speed.of(&job.trial));
        let left = start.as_ref().map_or(cost.flops, |start| flops_after(&job.trial, start.step));
        let saved_seconds = (cost.flops - left) / flops_per_second;
        let mut trial = PlannedTrial { job, status, cost, start, seconds: 0.0, saved_seconds };
        let left = if trial.continues() { left } else { cost.flops };
        trial.seconds = FOLDER_SECONDS + left / flops_per_second;
        trial
    }

    fn share_of_time(&self, threads: usize, jobs: usize) -> f64 {
        share_of_time(self.seconds, self.cost.flops / self.cost.steps.max(1) as f64, threads, jobs)
    }

    /// Whether it continues an existing run.
    fn continues(&self) -> bool {
        self.start.as_ref().is_some_and(|start| start.is_there)
    }

    fn is_open(&self) -> bool {
        !matches!(self.status, TrialStatus::Done(_))
    }

    fn status_word(&self) -> String {
        match self.status {
            TrialStatus::New if self.continues() => "continues".to_owned(),
            TrialStatus::New => "new".to_owned(),
            TrialStatus::Done(_) => "cached".to_owned(),
            TrialStatus::Begun(record) => record.state.to_string(),
            TrialStatus::Damaged(_) => "damaged".to_owned(),
        }
    }

    /// Where it continues, in words.
    fn from(&self) -> Cell {
        let Some(PlannedStart { id, step, epoch, is_there }) = &self.start else {
            return Cell::Absent;
        };
        let once = if *is_there { "" } else { " once finished" };
        Cell::Text(match epoch {
            Some(epoch) => format!("epoch {epoch} of run {id}{once}"),
            None => format!("step {step} of run {id}{once}"),
        })
    }

    fn cells(&self, with_from: bool) -> Vec<Cell> {
        let PlannedTrial { job, cost, .. } = self;
        let unless_cached = |amount: u64| Cell::Count(if self.is_open() { amount } else { 0 });
        let megabytes = |bytes: u64| unless_cached(bytes.div_ceil(1_000_000));
        let mut cells = vec![
            Cell::Text(job.id.clone()),
            Cell::Text(job.label.clone()),
            Cell::Text(self.status_word()),
        ];
        cells.extend(with_from.then(|| self.from()));
        cells.extend([
            Cell::Count(job.trial.epochs()),
            Cell::Count(cost.steps),
            Cell::Count(cost.params),
            unless_cached(self.seconds.ceil() as u64),
            megabytes(cost.memory_bytes),
            megabytes(cost.disk_bytes),
        ]);
        cells
    }
}

/// The trials; if any continues a shorter run, with a column that says from where.
pub(super) fn table(rows: &[PlannedTrial<'_>]) -> Table {
    let with_from = rows.iter().any(|row| row.start.is_some());
    let text = |header| Column::new(header, ColumnKind::Text);
    let number = |header| Column::new(header, ColumnKind::Number);
    let mut columns = vec![text("id"), text("trial"), text("status")];
    columns.extend(with_from.then(|| text("from")));
    columns.extend([
        number("epochs"),
        number("steps"),
        number("parameters"),
        number("seconds"),
        number("memory MB").named("memory_mb"),
        number("disk MB").named("disk_mb"),
    ]);
    Table { columns, rows: rows.iter().map(|row| row.cells(with_from)).collect() }
}

/// One line about all trials together, and one about those that continue shorter runs. For halved
/// trials, `shares` has the average share of their epochs that is trained.
pub(super) fn summary(
    rows: &[PlannedTrial<'_>],
    shares: &HashMap<&str, f64>,
    jobs: usize,
) -> String {
    let open: Vec<&PlannedTrial<'_>> = rows.iter().filter(|row| row.is_open()).collect();
    let trials = match rows.len() {
        1 => "1 trial".to_owned(),
        n => format!("{n} trials"),
    };
    if open.is_empty() {
        let all = if rows.len() == 1 { "" } else { "all " };
        return format!("{trials}, {all}cached\n");
    }
    let threads = threads(jobs, open.len());
    let at_once = threads.min(open.len());
    let share = |job: &Job| match shares.get(job.id.as_str()) {
        Some(share) if !job.to_the_end => *share,
        _ => 1.0,
    };
    let seconds: f64 =
        open.iter().map(|row| row.share_of_time(threads, at_once) * share(row.job)).sum();
    let largest = open.iter().map(|row| row.cost.memory_bytes).max().unwrap_or(0);
    let helping = open.iter().map(|row| row.cost.memory_bytes_per_thread).max().unwrap_or(0);
    let disk: u64 = open.iter().map(|row| row.cost.disk_bytes).sum();
    let may_stop_early = open.iter().any(|row| row.job.trial.training.early_stopping.is_some());
    let about = if may_stop_early { "at most about" } else { "about" };
    let mut text = format!(
        "{trials}, {} cached; the rest takes {about} {} with {at_once} at a time on this machine, \
         {} MB of memory besides the dataset, {} MB of disk\n",
        rows.len() - open.len(),
        time(seconds),
        (largest * at_once as u64 + helping * (threads - at_once) as u64).div_ceil(1_000_000),
        disk.div_ceil(1_000_000),
    );
    text.extend(saving(rows));
    text
}

/// The trials that do not fit into the memory of this machine, a line each, and how many more there are.
pub(super) fn too_large(rows: &[PlannedTrial<'_>]) -> Vec<String> {
    let is_open = |row: &&PlannedTrial<'_>| row.is_open();
    let room = memory::room();
    let line = |row: &PlannedTrial<'_>| {
        let shortage = memory::check_in(room, memory_alone(&row.job.trial)).err()?;
        let PlannedTrial { job: Job { id, label, .. }, .. } = row;
        Some(format!("{id} {label} does not fit on this machine: it {shortage}"))
    };
    let mut lines: Vec<String> = rows.iter().filter(is_open).filter_map(line).collect();
    let more = lines.len().saturating_sub(MOST_TOO_LARGE);
    lines.truncate(MOST_TOO_LARGE);
    lines.extend((more > 0).then(|| format!("and {more} more do not fit on this machine")));
    lines
}

/// How many continue shorter runs, and the single-core time that this saves.
fn saving(rows: &[PlannedTrial<'_>]) -> Option<String> {
    let line = |is_there: bool| {
        let is_meant = |start: &PlannedStart| start.is_there == is_there;
        let meant = rows.iter().filter(|row| row.start.as_ref().is_some_and(is_meant));
        let seconds: Vec<f64> = meant.map(|row| row.saved_seconds).collect();
        let saved = time(seconds.iter().sum());
        let (trials, go, runs) = match seconds.len() {
            0 => return None,
            1 => ("1 trial".to_owned(), "goes", "a shorter run"),
            n => (format!("{n} trials"), "go", "shorter runs"),
        };
        Some(match is_there {
            true => {
                format!("{trials} {go} on from {runs}, which saves about {saved} of one core\n")
            }
            false => format!(
                "{trials} can go on from {runs} of this plan if those are finished by then, which \
                 would save \
                 about {saved} of one core\n"
            ),
        })
    };
    let lines: Vec<String> = [true, false].into_iter().filter_map(line).collect();
    (!lines.is_empty()).then(|| lines.concat())
}

/// What a trial of `seconds` on one core adds to the total time, with `jobs` at once. Extra threads
/// help with steps that are long enough to be divided, but not with the folder.
fn share_of_time(seconds: f64, flops_per_step: f64, threads: usize, jobs: usize) -> f64 {
    let training = if flops_per_step < DIVIDED_FLOPS { jobs } else { threads };
    FOLDER_SECONDS / jobs as f64 + (seconds - FOLDER_SECONDS) / training as f64
}

fn time(seconds: f64) -> String {
    duration(Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn threads_that_help_shorten_long_steps_alone() {
        let of = |flops_per_step, threads, jobs| share_of_time(8.1, flops_per_step, threads, jobs);
        assert!((of(1e6, 4, 1) - 8.1).abs() < 1e-9, "short steps are not divided");
        assert!((of(1e10, 4, 1) - 2.1).abs() < 1e-9, "the folder is made by one");
        assert!((of(1e10, 4, 4) - 8.1 / 4.0).abs() < 1e-9, "no thread is left to help");
    }
}
