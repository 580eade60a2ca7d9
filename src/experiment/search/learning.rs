//! A search that learns: its points in batches, each chosen by how the points before have ended. What
//! has ended is read from the run folders alone, so that every process comes to the same points.

use std::path::Path;

use super::goal::Goal;
use super::repeats::{RepeatedPoints, SeenPoints};
use super::tpe::{Ended, Tpe};
use super::{DrawnPoint, Search};
use crate::runs::figures::Better;
use crate::runs::folder::{Patience, run_path};
use crate::runs::read::read_record;
use crate::stats::without_rounding;

/// What chooses the points of a search that learns.
#[derive(Debug, Clone)]
pub(super) struct Learner {
    pub(super) seed: u64,
    pub(super) goal: Goal,
    pub(super) batch: u64,
}

/// Where a search that learns stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Learning {
    /// What it looks for.
    pub goal: Goal,
    /// All points that it may draw.
    pub points: u64,
    /// Points that are chosen: the first of them need no figures.
    pub chosen: u64,
    /// Points whose runs have all ended, of the batches before the last.
    pub ended: u64,
    /// Points that a batch has.
    pub batch: u64,
    /// Points that fulfil the constraint, of those that have ended.
    pub feasible: u64,
    /// The best point that fulfils it.
    pub best: Option<BestPoint>,
}

/// The best point of a search so far.
#[derive(Debug, Clone, PartialEq)]
pub struct BestPoint {
    /// From 1.
    pub number: u64,
    /// The ids of its runs.
    pub runs: Vec<String>,
    /// The goal's figure.
    pub figure: f64,
}

impl Learning {
    /// Whether all points have ended.
    pub fn is_over(&self) -> bool {
        self.ended == self.points
    }

    /// Whether no point that has ended fulfils the constraint.
    pub fn is_unfulfilled(&self) -> bool {
        self.goal.constraint.is_some() && self.ended > 0 && self.feasible == 0
    }
}

/// The points of a search, a batch after the other. Without a search there is one, without axes.
pub(in crate::experiment) struct Draws<'a> {
    search: Option<&'a Search>,
    runs_dir: Option<&'a Path>,
    next: u64,
    points: u64,
    /// Only of a search that learns.
    known: Vec<KnownPoint>,
    /// Whether a point of the last batch has not ended.
    is_open: bool,
    seen: SeenPoints,
}

/// A point that was chosen.
struct KnownPoint {
    shares: Vec<f64>,
    runs: Vec<String>,
    ended: Option<Ended>,
}

impl<'a> Draws<'a> {
    /// Without `runs_dir`, nothing is known to have ended.
    pub(in crate::experiment) fn new(
        search: Option<&'a Search>,
        runs_dir: Option<&'a Path>,
    ) -> Draws<'a> {
        let points = search.map_or(1, Search::points);
        Draws {
            search,
            runs_dir,
            next: 0,
            points,
            known: Vec::new(),
            is_open: false,
            seen: SeenPoints::default(),
        }
    }

    /// Whether the search wants to know the runs of each point.
    pub(in crate::experiment) fn learns(&self) -> bool {
        self.search.is_some_and(|search| search.learner().is_some())
    }

    /// The next points; none if nothing is left to draw, or the runs of the batch before have not all
    /// ended.
    pub(in crate::experiment) fn next_batch(&mut self) -> Vec<DrawnPoint<'a>> {
        let batch = self.drawn_batch();
        batch.iter().for_each(|point| self.seen.add(point));
        batch
    }

    /// How many of the points so far are different, if some are not.
    pub(in crate::experiment) fn repeated(&self) -> Option<RepeatedPoints> {
        self.seen.repeated()
    }

    fn drawn_batch(&mut self) -> Vec<DrawnPoint<'a>> {
        if self.next >= self.points || self.is_open {
            return Vec::new();
        }
        let Some(search) = self.search else {
            self.next = 1;
            return vec![DrawnPoint::default()];
        };
        let Some(learner) = search.learner() else {
            self.next += 1;
            return vec![search.point(self.next - 1)];
        };
        let tpe = Tpe::new(learner.seed, search.tpe_axes());
        let size = match self.next {
            0 => Tpe::STARTUP.max(learner.batch),
            _ => learner.batch,
        };
        let ended: Vec<(&[f64], Ended)> = self
            .known
            .iter()
            .map(|point| (point.shares.as_slice(), point.ended.unwrap_or(Ended::Worst)))
            .collect();
        let last = self.points.min(self.next + size);
        let shares = tpe.batch(self.next..last, &ended);
        self.next = last;
        let points = shares.iter().map(|shares| search.at(shares)).collect();
        let known = |shares| KnownPoint { shares, runs: Vec::new(), ended: None };
        self.known.extend(shares.into_iter().map(known));
        points
    }

    /// What the runs of a point are: the points of a batch are told in their order.
    pub(in crate::experiment) fn has_runs(
        &mut self,
        place: usize,
        batch: usize,
        runs: Vec<String>,
    ) {
        let Some(learner) = self.search.and_then(Search::learner) else { return };
        let first = self.known.len() - batch;
        let ended = self.runs_dir.and_then(|runs_dir| ended(&runs, runs_dir, &learner.goal));
        self.is_open |= ended.is_none();
        let point = &mut self.known[first + place];
        (point.runs, point.ended) = (runs, ended);
    }

    /// Where the search stands, if it learns.
    pub(in crate::experiment) fn standing(self) -> Option<Learning> {
        let learner = self.search?.learner()?;
        let with_number = (1..).zip(&self.known);
        let feasible = with_number
            .filter(|(_, point)| point.ended.is_some_and(Ended::is_feasible))
            .filter_map(|(number, point)| match point.ended {
                Some(Ended::Measured { objective, .. }) => Some((number, point, objective)),
                _ => None,
            });
        // The first of equals: means of the same figures differ by the rounding of their sums.
        let rounded = |(.., objective): &(u64, &KnownPoint, f64)| without_rounding(*objective);
        let best = feasible.clone().min_by(|a, b| rounded(a).total_cmp(&rounded(b)));
        let sign =
            if learner.goal.figure.kind().better == Some(Better::Higher) { -1.0 } else { 1.0 };
        let best = best.map(|(number, point, objective)| BestPoint {
            number,
            runs: point.runs.clone(),
            figure: sign * objective,
        });
        Some(Learning {
            points: self.points,
            chosen: self.next,
            ended: self.known.iter().filter(|point| point.ended.is_some()).count() as u64,
            batch: learner.batch,
            feasible: feasible.count() as u64,
            best,
            goal: learner.goal.clone(),
        })
    }
}

/// How the runs of a point have ended. A run that cannot be read has not: who trains it says so.
fn ended(runs: &[String], runs_dir: &Path, goal: &Goal) -> Option<Ended> {
    let read =
        |id: &String| Patience::BRIEF.read(|| read_record(&run_path(runs_dir, id)?)).ok().flatten();
    let records = runs.iter().map(read).collect::<Option<Vec<_>>>()?;
    goal.of_runs(&records)
}
