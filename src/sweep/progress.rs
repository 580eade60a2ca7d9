//! Progress of a sweep on stderr: bars on a terminal, plain lines elsewhere.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};

use super::stages::{SweepStage, Task, trials};
use super::writer::Start;
use super::{Job, JobOutcome, SweepOptions, cost, lock};
use crate::escape::escape_lines;
use crate::messages::say;
use crate::runs::folder::Owner;
use crate::runs::metrics::{MetricsRow, StoppedEarly};

/// Time between plain progress lines.
const LINE_INTERVAL: Duration = Duration::from_secs(30);
/// No time left is shown before this share of the work is done: it would be a guess.
const BELIEVABLE_SHARE: f64 = 0.01;

/// Progress of all trials.
pub(super) struct SweepProgress {
    bars: Option<(MultiProgress, ProgressBar)>,
    quiet: bool,
    verbose: bool,
    inner: Mutex<Inner>,
}

/// Work is counted in floating-point operations, so that a large network counts for more.
struct Inner {
    started: Instant,
    last_line: Instant,
    total: usize,
    ended: usize,
    work: f64,        // of all outstanding trials
    work_done: f64,   // of them, checkpoints included
    work_loaded: f64, // of that, from checkpoints
}

impl SweepProgress {
    /// The progress of a stage of the sweep of `jobs` on so many threads.
    pub(super) fn new(
        jobs: &[Job],
        stage: &SweepStage,
        options: &SweepOptions,
        threads: usize,
    ) -> SweepProgress {
        let work = |task: &Task| work_of(&jobs[task.job], task.until);
        let open = stage.tasks.len();
        let now = Instant::now();
        let inner = Inner {
            started: now,
            last_line: now,
            total: open,
            ended: 0,
            work: stage.tasks.iter().map(work).sum(),
            work_done: 0.0,
            work_loaded: 0.0,
        };
        let progress = SweepProgress {
            bars: None,
            quiet: options.quiet,
            verbose: options.verbose,
            inner: Mutex::new(inner),
        };
        stage.decisions.iter().for_each(|decision| progress.line(decision));
        stage.failures.iter().for_each(|failure| progress.error(failure));
        let at_a_time = options.jobs.min(threads).min(open);
        match (&stage.title, jobs.len() - open) {
            (Some(_), _) if open == 0 => {}
            (Some(title), _) => progress.line(&format!("{title}, {at_a_time} at a time")),
            (None, cached) if open == 0 => {
                progress.line(&format!("{}: all cached", trials(cached)))
            }
            (None, 0) => progress.line(&format!("{}, {at_a_time} at a time", trials(open))),
            (None, cached) => progress
                .line(&format!("{} ({cached} more cached), {at_a_time} at a time", trials(open))),
        }
        let bars = (options.progress && !options.quiet && open > 0).then(overall_bar);
        SweepProgress { bars, ..progress }
    }

    /// The progress of one trial.
    pub(super) fn trial<'a>(&'a self, job: &'a Job, until: Option<u64>) -> TrialProgress<'a> {
        TrialProgress {
            sweep: self,
            job,
            work: work_of(job, until),
            inner: Mutex::new(TrialInner {
                bar: None,
                total_steps: 1,
                step: 0,
                last: None,
                stopped_early: None,
            }),
        }
    }

    /// Removes the bars.
    pub(super) fn finish(&self) {
        if let Some((bars, overall)) = &self.bars {
            overall.finish_and_clear();
            // Only drawing can fail here, and nothing is left to draw.
            let _ = bars.clear();
        }
    }

    fn count_ended(&self) -> (usize, usize) {
        let mut inner = lock(&self.inner);
        inner.ended += 1;
        (inner.ended, inner.total)
    }

    fn line(&self, line: &str) {
        match &self.bars {
            _ if self.quiet => {}
            Some((bars, _)) => {
                let _ = bars.println(&*escape_lines(line));
            }
            None => say(line),
        }
    }

    /// A line that is shown even when only errors are.
    fn error(&self, line: &str) {
        match self.quiet {
            true => say(line),
            false => self.line(line),
        }
    }

    fn add(&self, work: f64, is_loaded: bool) {
        let mut inner = lock(&self.inner);
        inner.work_done += work;
        inner.work_loaded += if is_loaded { work } else { 0.0 };
        let share = inner.work_done / inner.work;
        let time_left = inner.time_left();
        let left =
            time_left.map_or("estimating".to_owned(), |left| format!("{} left", duration(left)));
        if let Some((_, overall)) = &self.bars {
            overall.set_position((share * 1000.0) as u64);
            overall.set_message(format!("{}/{} trials, {left}", inner.ended, inner.total));
        } else if inner.last_line.elapsed() >= LINE_INTERVAL {
            inner.last_line = Instant::now();
            let (ended, total) = (inner.ended, inner.total);
            drop(inner);
            self.line(&format!("{:.0} % done, {ended}/{total} trials, {left}", share * 100.0));
        }
    }
}

/// Floating-point operations of a job, up to the end of this epoch or of the trial.
fn work_of(job: &Job, until: Option<u64>) -> f64 {
    let share = until.map_or(1.0, |epochs| epochs as f64 / job.trial.epochs().max(1) as f64);
    cost(&job.trial).flops * share
}

impl Inner {
    /// From the mean speed of this sweep so far.
    fn time_left(&self) -> Option<Duration> {
        let done = self.work_done - self.work_loaded;
        let share = done / (self.work - self.work_loaded);
        if share < BELIEVABLE_SHARE {
            return None;
        }
        let seconds = self.started.elapsed().as_secs_f64() * (1.0 - share) / share;
        Duration::try_from_secs_f64(seconds.max(0.0)).ok()
    }
}

/// Progress of one trial.
pub(super) struct TrialProgress<'a> {
    sweep: &'a SweepProgress,
    job: &'a Job,
    work: f64,
    inner: Mutex<TrialInner>,
}

struct TrialInner {
    bar: Option<ProgressBar>,
    total_steps: u64,
    step: u64,
    last: Option<(MetricsRow, Instant)>,
    stopped_early: Option<String>,
}

impl TrialProgress<'_> {
    /// An earlier run continues, or a run starts from the state of a shorter one: `start` says
    /// where, `failure` why it had failed.
    pub(super) fn taken_up(&self, attempt: u64, start: &Start, failure: Option<&str>) {
        let Job { id, label, .. } = self.job;
        let Start { text, is_of_shorter } = start;
        let again = failure.map(|reason| format!("; it failed before: {reason}"));
        if attempt > 1 || *is_of_shorter || again.is_some() {
            self.sweep.line(&format!("{id} {label}: {text}{}", again.unwrap_or_default()));
        }
    }

    /// The trial's owner gives no sign of life.
    pub(super) fn waits_for(&self, owner: &Owner) {
        let Job { id, label, .. } = self.job;
        let text = format!("{id} {label}: waits for a sign of life from {owner}, which claimed it");
        self.sweep.line(&text);
    }

    /// The trial waits for its owner.
    pub(super) fn waits_for_end(&self, owner: &Owner) {
        let Job { id, label, .. } = self.job;
        self.sweep.line(&format!("{id} {label}: waits for {owner}, which trains it"));
    }

    /// Training begins at `step`.
    pub(super) fn started(&self, step: u64, total_steps: u64) {
        let mut inner = lock(&self.inner);
        (inner.step, inner.total_steps) = (step, total_steps.max(1));
        inner.bar = self.sweep.bars.as_ref().map(|(bars, overall)| {
            let bar = bars.insert_before(overall, ProgressBar::new(total_steps));
            bar.set_style(trial_style());
            bar.set_prefix(self.job.label.clone());
            bar.set_position(step);
            bar
        });
        let share = step as f64 / inner.total_steps as f64;
        drop(inner);
        self.sweep.add(self.work * share, true);
    }

    /// A step was made.
    pub(super) fn stepped(&self, step: u64) {
        let mut inner = lock(&self.inner);
        // Twenty updates a second for each trial are enough for the eye.
        let is_due = step == inner.total_steps
            || inner.last.as_ref().is_none_or(|(_, at)| at.elapsed() > Duration::from_millis(50));
        if !is_due {
            return;
        }
        let share = (step - inner.step) as f64 / inner.total_steps as f64;
        inner.step = step;
        if let Some((_, at)) = &mut inner.last {
            *at = Instant::now();
        }
        if let Some(bar) = &inner.bar {
            bar.set_position(step);
        }
        drop(inner);
        self.sweep.add(self.work * share, false);
    }

    /// An epoch was evaluated.
    pub(super) fn evaluated(&self, row: &MetricsRow) {
        let mut inner = lock(&self.inner);
        inner.last = Some((*row, Instant::now()));
        if self.sweep.verbose {
            let Job { id, label, .. } = self.job;
            let line = format!("{id} {label}: epoch {}, {}", row.epoch, accuracies(row));
            self.sweep.line(&line);
        }
        if let Some(bar) = &inner.bar {
            bar.set_message(accuracies(row));
        }
    }

    /// Early stopping has skipped the rest.
    pub(super) fn stopped_early(&self, stopped: StoppedEarly, total_epochs: u64) {
        let text = format!(", stopped early after epoch {} of {total_epochs}", stopped.epoch);
        lock(&self.inner).stopped_early = Some(text);
    }

    /// Says how the trial ended.
    pub(super) fn ended(&self, outcome: &JobOutcome) {
        let what = match outcome {
            JobOutcome::NotStarted | JobOutcome::Silent(_) => return,
            JobOutcome::Finished => {
                let inner = lock(&self.inner);
                let last = inner.last.as_ref();
                let figures = last.map_or("finished".to_owned(), |(row, _)| accuracies(row));
                format!("{figures}{}", inner.stopped_early.as_deref().unwrap_or_default())
            }
            JobOutcome::Paused(epoch) => {
                let inner = lock(&self.inner);
                let figures = inner
                    .last
                    .as_ref()
                    .map_or(String::new(), |(row, _)| format!("{}, ", accuracies(row)));
                format!("{figures}paused at epoch {epoch}")
            }
            JobOutcome::Cached => "finished by another process".to_owned(),
            JobOutcome::Diverged(reason) => format!("diverged: {reason}"),
            JobOutcome::Failed(reason) => format!("failed: {reason}"),
            JobOutcome::Interrupted => "interrupted".to_owned(),
            JobOutcome::Elsewhere(owner) => format!("is trained by {owner}"),
            JobOutcome::TakenOver => {
                "was taken over by another process, which saw no sign of life from this one"
                    .to_owned()
            }
        };
        self.leave_out_the_rest();
        let (number, total) = self.sweep.count_ended();
        let Job { id, label, .. } = self.job;
        let line = format!("[{number}/{total}] {id} {label}: {what}");
        match outcome {
            JobOutcome::Failed(_) => self.sweep.error(&line),
            _ => self.sweep.line(&line),
        }
    }
}

impl TrialProgress<'_> {
    /// Skipped steps count neither as work left nor as speed.
    fn leave_out_the_rest(&self) {
        let inner = lock(&self.inner);
        let share = 1.0 - inner.step as f64 / inner.total_steps as f64;
        drop(inner);
        self.sweep.add(self.work * share, true);
    }
}

impl Drop for TrialProgress<'_> {
    fn drop(&mut self) {
        if let Some(bar) = &lock(&self.inner).bar {
            bar.finish_and_clear();
        }
    }
}

fn accuracies(row: &MetricsRow) -> String {
    let percent = |accuracy: f32| format!("{:.1} %", accuracy * 100.0);
    let train = percent(row.train_accuracy);
    let val = row.val_accuracy.map_or("-".to_owned(), percent);
    match row.test_accuracy.zip(row.gap) {
        Some((test, gap)) => {
            format!("train {train}, test {}, gap {:.1} points", percent(test), gap * 100.0)
        }
        None => format!("train {train}, val {val}, test sealed"),
    }
}

fn overall_bar() -> (MultiProgress, ProgressBar) {
    let bars = MultiProgress::new();
    let overall = bars.add(ProgressBar::new(1000));
    let style = ProgressStyle::with_template("{bar:40} {percent:>3} %  {msg}");
    overall.set_style(style.expect("the template is valid"));
    (bars, overall)
}

fn trial_style() -> ProgressStyle {
    let style = ProgressStyle::with_template("{bar:20} step {pos}/{len}  {prefix}  {msg}");
    style.expect("the template is valid")
}

/// A duration in a suitable unit: `45 s`, `12 min`, `3.5 h`.
pub fn duration(duration: Duration) -> String {
    let seconds = duration.as_secs_f64();
    match seconds {
        ..99.5 => format!("{seconds:.0} s"),
        ..5970.0 => format!("{:.0} min", seconds / 60.0),
        _ => format!("{:.1} h", seconds / 3600.0),
    }
}
