//! How a point has ended, and which of two points is the better one.

use std::cmp::Ordering;

/// How the runs of a point have ended.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Ended {
    /// They have figures.
    Measured {
        /// What is minimised: the mean over the runs, with its sign turned if it is maximised.
        objective: f64,
        /// By how much the constraints are missed; 0 if they hold.
        violation: f64,
    },
    /// It has none, or one of its runs has diverged or failed: worse than every other.
    Worst,
}

impl Ended {
    /// Figures; what is not a number is the worst.
    pub fn measured(objective: f64, violation: f64) -> Ended {
        match objective.is_nan() || violation.is_nan() {
            true => Ended::Worst,
            false => Ended::Measured { objective, violation },
        }
    }

    /// Whether it has figures that fulfil the constraints.
    pub fn is_feasible(self) -> bool {
        matches!(self, Ended::Measured { violation, .. } if violation <= 0.0)
    }

    /// The rules of Deb (2000, <https://doi.org/10.1016/S0045-7825(99)00389-8>), as in Optuna: what
    /// fulfils the constraints before what does not; the former by its objective, the latter by its
    /// violation.
    fn order(self, other: Ended) -> Ordering {
        let Ended::Measured { objective, violation } = self else {
            return if other == Ended::Worst { Ordering::Equal } else { Ordering::Greater };
        };
        let Ended::Measured { objective: of_other, violation: violation_of_other } = other else {
            return Ordering::Less;
        };
        let missed = |violation: f64| if violation > 0.0 { violation } else { 0.0 };
        let by_violation = missed(violation).total_cmp(&missed(violation_of_other));
        by_violation.then(objective.total_cmp(&of_other))
    }
}

/// The positions of the points, the best first; of equals, the first.
pub(super) fn ranking(ended: &[Ended]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..ended.len()).collect();
    order.sort_by(|a, b| ended[*a].order(ended[*b])); // stable
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_feasible_come_first_and_the_diverged_last_and_ties_stay() {
        let of = Ended::measured;
        let ended = [
            Ended::Worst,
            of(0.1, 0.3),
            of(0.5, 0.0),
            of(f64::NAN, 0.0),
            of(0.9, 0.2),
            of(0.4, -0.1),
            of(0.5, 0.0),
            of(0.1, 0.2),
        ];
        assert_eq!(ranking(&ended), [5, 2, 6, 7, 4, 1, 0, 3]);
    }

    #[test]
    fn a_negative_zero_is_a_zero() {
        let ended = [Ended::measured(0.0, 0.0), Ended::measured(-1.0, -0.0)];
        assert_eq!(ranking(&ended), [1, 0]);
    }
}
