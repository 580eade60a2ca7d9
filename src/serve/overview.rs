//! The line of an experiment in the overview: states, progress, time left, and the best config so far.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use serde::Serialize;

use crate::analysis::compare::ranked_configs;
use crate::analysis::progress::{Progress, RunProgress};
use crate::runs::figures::Figure;
use crate::runs::record::{RunRecord, RunState};
use crate::serve::served::Served;

/// The best config is looked for again when this many times as long has passed as that took.
const REST: u32 = 20;
/// And never sooner than this.
const LEAST_REST: Duration = Duration::from_secs(2);

/// An experiment in the overview.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct ExperimentEntry {
    name: String,
    states: BTreeMap<&'static str, usize>, // of its trials, or of the runs that there are
    trials: Option<usize>,                 // of its file, if that is known
    others: usize, // runs of its name that its file does not ask for any more
    progress: f64, // 0 to 1: of its trials, or of the runs that there are
    seconds_left: Option<f64>,
    best: Option<Best>,
    pub(super) updated: String,
    pub(super) live: bool,
}

/// The config that leads: means of its finished runs in percent, the gap in points.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Best {
    label: String,
    test: Option<f64>,
    val: Option<f64>,
    gap: Option<f64>,
}

/// The best configs of all experiments as they were found last: finding them takes time where there are thousands
/// of runs.
#[derive(Debug, Default)]
pub(super) struct Bests(BTreeMap<String, FoundBest>);

#[derive(Debug)]
struct FoundBest {
    best: Option<Best>,
    of: (usize, String), // how many runs were finished, and when the last one was
    at: Instant,
    took: Duration,
}

/// Where runs stand, without their best config.
struct Standing {
    states: BTreeMap<&'static str, usize>,
    runs: Vec<RunProgress>,
    others: usize, // that the experiment's file does not ask for
    live: bool,
    updated: String,
    finished: (usize, String),
}

impl Bests {
    /// The line of an experiment as it is now; whether its best config will have to be looked for again.
    pub(super) fn entry(&mut self, served: &Served, name: &str) -> Option<(ExperimentEntry, bool)> {
        let mut standing = Standing::of(served, name);
        let trials = served.file_of(name).map(|experiment| experiment.trials.len());
        if standing.runs.is_empty() && trials.is_none() {
            self.0.remove(name);
            return None;
        }
        let waiting = trials.unwrap_or(0).saturating_sub(standing.runs.len());
        standing.runs.extend(std::iter::repeat_n(RunProgress::WAITING, waiting));
        let (best, is_old) = self.best(served, name, standing.finished);
        let Progress { share, seconds_left } = Progress::of(&standing.runs);
        let entry = ExperimentEntry {
            name: name.to_owned(),
            states: standing.states,
            trials,
            others: standing.others,
            progress: (share * 1e3).floor() / 1e3,
            seconds_left: seconds_left.map(f64::round),
            best,
            updated: standing.updated,
            live: standing.live,
        };
        Some((entry, is_old))
    }

    fn best(&mut self, served: &Served, name: &str, of: (usize, String)) -> (Option<Best>, bool) {
        if let Some(found) = self.0.get(name) {
            let rests = found.at.elapsed() < LEAST_REST.max(found.took * REST);
            if found.of == of || rests {
                return (found.best.clone(), found.of != of);
            }
        }
        let started = Instant::now();
        let best = if of.0 == 0 { None } else { best_of(&finished_runs(served, name)) };
        let found =
            FoundBest { best: best.clone(), of, at: Instant::now(), took: started.elapsed() };
        self.0.insert(name.to_owned(), found);
        (best, false)
    }
}

impl Standing {
    fn of(served: &Served, name: &str) -> Standing {
        let known = served.known();
        let runs = known.runs.values().map(|run| &run.record);
        let mut standing = Standing {
            states: BTreeMap::new(),
            runs: Vec::new(),
            others: 0,
            live: false,
            updated: String::new(),
            finished: (0, String::new()),
        };
        let file = served.file_of(name);
        let is_asked =
            |record: &RunRecord| file.is_none_or(|file| file.trials.contains_key(&record.id));
        for record in runs.filter(|record| served.belongs(record, name)) {
            standing.live |= record.state == RunState::Running;
            if is_asked(record) {
                *standing.states.entry(record.state.name()).or_default() += 1;
                standing.runs.push(RunProgress::of(record));
            } else {
                standing.others += 1; // of another version of the file
            }
            if record.updated > standing.updated {
                standing.updated.clone_from(&record.updated);
            }
            if record.state == RunState::Finished {
                standing.finished.0 += 1;
                if record.updated > standing.finished.1 {
                    standing.finished.1.clone_from(&record.updated);
                }
            }
        }
        standing
    }
}

fn finished_runs(served: &Served, name: &str) -> Vec<RunRecord> {
    let known = served.known();
    let records = known.runs.values().map(|run| &*run.record);
    let records = records.filter(|record| record.state == RunState::Finished);
    records.filter(|record| served.belongs(record, name)).cloned().collect()
}

/// The config that ranks first; none if the runs cannot be ranked.
fn best_of(records: &[RunRecord]) -> Option<Best> {
    let ranked = ranked_configs(records);
    let first = ranked.configs.first().filter(|_| ranked.problem.is_none())?;
    let mean = |figure: Figure| {
        let values: Vec<f64> = first.runs.iter().filter_map(|run| figure.of(run)).collect();
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        mean.is_finite().then_some((mean * 1e4).round() / 1e2)
    };
    Some(Best {
        label: crate::escape::escape_controls(&first.label).into_owned(),
        test: mean(Figure::TestAccuracy),
        val: mean(Figure::ValAccuracy),
        gap: mean(Figure::Gap).or_else(|| mean(Figure::ValGap)),
    })
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;
    use std::path::PathBuf;

    use super::*;
    use crate::runs::role::ConfigRole;
    use crate::runs::samples::seeds;
    use crate::serve::served::KnownRun;
    use crate::serve::source::{ServeSource, ServedExperiment};

    #[test]
    fn runs_of_another_version_of_the_file_are_no_progress() {
        let records = seeds(&[], 0.9, 0.5, 0.003);
        let name = records[0].experiments[0].clone();
        // The file asks for the first of them, and for three trials without a run.
        let ids = [&*records[0].id, "0123456789ab", "0123456789ac", "0123456789ad"];
        let trials: HashMap<String, ConfigRole> =
            ids.iter().map(|id| ((*id).to_owned(), ConfigRole::default())).collect();
        let file = ServedExperiment { name: name.clone(), trials, halving: None };
        let served = Served::new(ServeSource { experiments: vec![file], ..ServeSource::default() });
        let count = records.len();
        for record in records {
            let run = KnownRun { record: Box::new(record.clone()), folder: PathBuf::new() };
            served.known_mut().runs.insert(record.id, run);
        }
        let (entry, _) = Bests::default().entry(&served, &name).unwrap();
        assert_eq!((entry.progress, entry.others, entry.trials), (0.25, count - 1, Some(4)));
        assert_eq!(entry.states.values().sum::<usize>(), 1);
    }
}
