//! What a study asks, what it costs, and what is left out or shortened for a budget: in a fixed order, and always said.

use super::limits::{Limits, SHORTER, Shorter, cut, is_long_enough};
use super::priced::Priced;
use super::{Budget, Change, Question};
use crate::experiment::Trial;

/// A line of the bill.
#[derive(Debug, Clone, PartialEq)]
pub struct BillLine {
    /// The question.
    pub question: Question,
    /// Its trials, besides the baseline's own; none where they depend on answers.
    pub trials: Option<usize>,
    /// Their arithmetic; for the last two questions, the most that they may take.
    pub flops: f64,
}

/// What a study asks.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// The baseline, cut where the budget wants it so.
    pub baseline: Trial,
    /// What cuts it: keys with their values.
    pub cut: Vec<(&'static str, String)>,
    /// How much is asked.
    pub limits: Limits,
    /// The remedies that are tried alone, with the name of each.
    pub proposals: Vec<(&'static str, Change)>,
    /// What each question costs.
    pub bill: Vec<BillLine>,
    /// What is shortened or left out, in words.
    pub shortened: Vec<String>,
    /// What other settings of the file do not allow, whatever the budget.
    pub impossible: Vec<String>,
    /// The most that one trial may cost.
    pub most_of_trial: f64,
    /// The first of the seeds of the last comparison.
    pub first_fresh_seed: u64,
}

impl Plan {
    /// The plan for a baseline and a budget. The error is the least budget that is enough, as far as is known.
    pub fn new(whole: &Trial, budget: &Budget, cost: &dyn Fn(&Trial) -> f64) -> Result<Plan, f64> {
        let mut limits = Limits::FULL;
        let mut words: Vec<&'static str> = Vec::new();
        let cuts = [1, 2, 4, 8].into_iter().filter(|divisor| is_long_enough(whole, *divisor));
        // The last comparison comes first: no cut less than this leaves enough for it.
        let confirmed = cuts.clone().find(|divisor| {
            let own = cut(whole, *divisor).map_or(f64::INFINITY, |(trial, _)| cost(&trial));
            budget.most_of_trial(own) >= own
        });
        let Some(least_cut) = confirmed else {
            let own = cuts.filter_map(|divisor| cut(whole, divisor)).map(|(trial, _)| cost(&trial));
            let least = own.fold(f64::INFINITY, f64::min);
            return Err(Budget::least_for_trial(least));
        };
        limits.divisor = least_cut;
        let mut rungs = SHORTER.iter();
        loop {
            let (baseline, cut) = cut(whole, limits.divisor).unwrap_or((whole.clone(), Vec::new()));
            let most_of_trial = budget.most_of_trial(cost(&baseline));
            let priced = Priced { baseline: &baseline, cut: &cut, cost, most_of_trial };
            let (bill, all) = priced.bill(&limits);
            if all <= budget.for_questions() {
                return Ok(priced.plan(limits, bill, &words));
            }
            match rungs.next() {
                Some(Shorter::Ask(said, shorten)) => {
                    shorten(&mut limits);
                    words.push(said);
                }
                Some(Shorter::Cut(divisor)) if is_long_enough(whole, *divisor) => {
                    limits.divisor = limits.divisor.max(*divisor);
                }
                Some(Shorter::Cut(_)) => {}
                None => return priced.with_fewer(limits, &words, budget),
            }
        }
    }

    /// The most that all questions may cost.
    pub fn flops(&self) -> f64 {
        self.bill.iter().map(|line| line.flops).sum()
    }
}
