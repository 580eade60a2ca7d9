//! `[search]`: points drawn from ranges instead of listed, as a function of a seed.
//!
//! A point is a function of only the search's seed, its axes and its number, so adding points keeps
//! the earlier ones and their runs. In a search that learns ([`learning`]) it also depends on how the
//! points of the batches before have ended.

mod draw;
mod goal;
mod learning;
mod range;
mod read;
mod repeats;
mod space;
mod tpe;

use crate::config::{Diagnostic, Node, Origin, Value, WantedType};

use draw::Sampler;
use learning::Learner;
use space::{SpaceAxis, Values};

pub use goal::{Constraint, Goal};
pub use learning::{BestPoint, Learning};
pub use repeats::RepeatedPoints;
pub use tpe::{Ended, Tpe, TpeAxis};

pub(super) use learning::Draws;
pub(super) use read::{SearchTable, read_search};
pub(super) use space::new_values;

/// The points of a search.
#[derive(Debug)]
pub(super) struct Search {
    sampler: Sampler,
    /// What chooses the points after the first ones, if it learns.
    learner: Option<Learner>,
    trials: u64,
    /// Where `trials` is written.
    pub(super) origin: Origin,
    axes: Vec<SpaceAxis>,
}

/// One drawn point: the value of each axis. Without a search it is empty.
#[derive(Debug, Default)]
pub(super) struct DrawnPoint<'a>(Vec<(&'a SpaceAxis, Node)>);

impl Search {
    /// How many points are drawn. If overrides have fixed every axis, all are the same.
    pub(super) fn points(&self) -> u64 {
        if self.axes.is_empty() { 1 } else { self.trials }
    }

    /// The point with this number, from 0.
    pub(super) fn point(&self, number: u64) -> DrawnPoint<'_> {
        let drawn = |axis: &SpaceAxis| axis.at(self.sampler.share(axis, number));
        DrawnPoint(self.axes.iter().map(|axis| (axis, drawn(axis))).collect())
    }

    /// What chooses its points, if it learns and there is something to choose.
    fn learner(&self) -> Option<&Learner> {
        self.learner.as_ref().filter(|_| !self.axes.is_empty())
    }

    /// The point at these shares of the axes.
    fn at(&self, shares: &[f64]) -> DrawnPoint<'_> {
        let drawn = |(axis, share): (_, &f64)| (axis, SpaceAxis::at(axis, *share));
        DrawnPoint(self.axes.iter().zip(shares).map(drawn).collect())
    }

    /// The axes as a model sees them.
    fn tpe_axes(&self) -> Vec<(u32, TpeAxis)> {
        self.axes.iter().map(|axis| (axis.dimension, axis.as_tpe())).collect()
    }

    /// Points at the ends of each axis and with each of its choices, the others at the first point: what is
    /// wrong with them is to be said before anything is trained. None if all points are known anyway.
    pub(super) fn extremes(&self) -> Vec<DrawnPoint<'_>> {
        if self.learner().is_none() {
            return Vec::new();
        }
        let first: Vec<f64> = self.axes.iter().map(|axis| self.sampler.share(axis, 0)).collect();
        let of_axis = |(place, axis): (usize, &SpaceAxis)| {
            let shares = axis.extremes();
            let first = &first;
            shares
                .into_iter()
                .map(move |share| {
                    let mut shares = first.clone();
                    shares[place] = share;
                    self.at(&shares)
                })
                .collect::<Vec<_>>()
        };
        self.axes.iter().enumerate().flat_map(of_axis).collect()
    }

    /// The drawn keys.
    pub(super) fn paths(&self) -> impl Iterator<Item = &[String]> {
        self.axes.iter().map(|axis| axis.path.as_slice())
    }

    /// The drawn keys, and where they are named.
    pub(super) fn keys(&self) -> impl Iterator<Item = (&[String], Origin)> {
        self.axes.iter().map(|axis| (axis.path.as_slice(), axis.key_origin))
    }

    /// Draws a key from other values, by the same shares as before.
    pub(super) fn replace(&mut self, values: &Values, is_meant: impl Fn(&[String]) -> bool) {
        let axes = self.axes.iter_mut().filter(|axis| is_meant(&axis.path));
        axes.for_each(|axis| axis.values = values.clone());
    }

    /// Stops drawing a key. The shares of the others stay the same.
    pub(super) fn remove(&mut self, is_meant: impl Fn(&[String]) -> bool) {
        self.axes.retain(|axis| !is_meant(&axis.path));
    }
}

impl DrawnPoint<'_> {
    /// The keys, where they are written, and their values.
    pub(super) fn values(&self) -> impl Iterator<Item = (&[String], Origin, &Node)> {
        self.0.iter().map(|(axis, node)| (axis.path.as_slice(), axis.key_origin, node))
    }

    /// A problem of this point. If a drawn value is wrong, it underlines the range and names the
    /// value and what the range lacks.
    pub(super) fn explained(&self, mut problem: Diagnostic) -> Diagnostic {
        let is_of_range = |(axis, node): &&(&SpaceAxis, Node)| {
            matches!(axis.values, Values::Range(_)) && node.origin == problem.origin
        };
        let Some((_, node)) = self.0.iter().find(is_of_range) else { return problem };
        let drawn = match &node.value {
            Value::Array(items) if items.len() == 1 => items[0].meaning(), // a seed
            _ => node.meaning(),
        };
        problem.label = format!("{}; {drawn} was drawn", problem.label);
        if problem.wanted == Some(WantedType::WholeNumber) {
            problem.help = Some("whole numbers are drawn with `integer = true`".to_owned());
        }
        problem
    }
}
