//! What the questions cost.

use std::collections::BTreeSet;

use super::limits::Limits;
use super::plan::{BillLine, Plan};
use super::{Budget, Change, FIRST_FRESH, Question, Sheet, capacity, memory, more_data, splits};
use crate::experiment::Trial;
use crate::remedies::REMEDIES;

/// The fewest remedies that are worth a study.
const FEWEST: usize = 3;

/// A baseline and what its changes cost.
pub(super) struct Priced<'a> {
    pub(super) baseline: &'a Trial,
    pub(super) cut: &'a [(&'static str, String)],
    pub(super) cost: &'a dyn Fn(&Trial) -> f64,
    pub(super) most_of_trial: f64,
}

/// Remedies that are tried, and the names of those that are too dear.
type Proposals = (Vec<(&'static str, Change)>, Vec<String>);

impl Priced<'_> {
    fn of_change(&self, change: &Change) -> f64 {
        change.of(self.baseline).map_or(f64::INFINITY, |trial| (self.cost)(&trial))
    }

    fn of_sheet(&self, sheet: &Sheet) -> f64 {
        let of_seed: f64 = sheet.changes.iter().map(|change| self.of_change(change)).sum();
        of_seed * sheet.seeds.len() as f64
    }

    /// The ids of a sheet's trials of the baseline.
    fn baselines(&self, sheet: &Sheet) -> BTreeSet<String> {
        let trials = sheet.trials(self.baseline).map_or(Vec::new(), |trials| trials.baseline);
        trials.iter().map(Trial::id).collect()
    }

    /// What changes the data is another question; what one trial of costs too much could not be confirmed.
    fn proposals(&self, limits: &Limits) -> Proposals {
        let (mut tried, mut too_dear) = (Vec::new(), Vec::new());
        for remedy in REMEDIES {
            let proposals = (remedy.proposals)(self.baseline).into_iter().map(Change::from);
            let keeps_data = |change: &Change| {
                change.settings.iter().all(|(key, _)| !key.starts_with("dataset."))
            };
            for change in proposals.filter(keeps_data).take(limits.strengths) {
                match self.of_change(&change) <= self.most_of_trial {
                    true => tried.push((remedy.name, change)),
                    false => too_dear.push(change.name),
                }
            }
        }
        (tried, too_dear)
    }

    pub(super) fn bill(&self, limits: &Limits) -> (Vec<BillLine>, f64) {
        self.bill_of(limits, &self.proposals(limits).0)
    }

    fn bill_of(
        &self,
        limits: &Limits,
        proposals: &[(&'static str, Change)],
    ) -> (Vec<BillLine>, f64) {
        let mut bill = vec![BillLine {
            question: Question::Stand,
            trials: Some(limits.seeds as usize),
            flops: limits.seeds as f64 * (self.cost)(self.baseline),
        }];
        let fits = |change: &Change| self.of_change(change) <= self.most_of_trial;
        let sheets = [
            more_data::sheet(self.baseline, limits),
            memory::sheet(self.baseline, limits),
            capacity::sheet(self.baseline, limits, &fits),
            splits::sheet(self.baseline, limits, 0),
        ];
        // Where each seed draws its own data, the baseline is trained again on them.
        let stand = Sheet::new("", Question::Stand, Vec::new(), limits.seeds());
        let mut known = self.baselines(&stand);
        for sheet in sheets.into_iter().flatten() {
            let mut redrawn = self.baselines(&sheet);
            redrawn.retain(|id| !known.contains(id));
            bill.push(BillLine {
                question: sheet.question,
                trials: Some(sheet.changes.len() * sheet.seeds.len() + redrawn.len()),
                flops: self.of_sheet(&sheet) + redrawn.len() as f64 * (self.cost)(self.baseline),
            });
            known.append(&mut redrawn);
        }
        let mut costs: Vec<f64> =
            proposals.iter().map(|(_, change)| self.of_change(change)).collect();
        costs.sort_by(|a, b| b.total_cmp(a));
        let half = costs.len().div_ceil(2);
        let again: f64 = costs[..half].iter().sum::<f64>() * (limits.seeds - 1) as f64;
        bill.push(BillLine {
            question: Question::Remedies,
            trials: Some(costs.len() + half * (limits.seeds as usize - 1)),
            flops: costs.iter().sum::<f64>() + again,
        });
        let all = bill.iter().map(|line| line.flops).sum();
        (bill, all)
    }

    pub(super) fn plan(&self, limits: Limits, bill: Vec<BillLine>, words: &[&'static str]) -> Plan {
        let (proposals, too_dear) = self.proposals(&limits);
        let cut = (limits.divisor > 1).then(|| {
            let epochs = self.baseline.epochs();
            format!("every training is cut to a length of 1/{}, {epochs} epochs", limits.divisor)
        });
        let shortened = cut.into_iter().chain(words.iter().map(|said| (*said).to_owned()));
        let plan = Plan {
            baseline: self.baseline.clone(),
            cut: self.cut.to_vec(),
            limits,
            proposals,
            bill,
            shortened: shortened.collect(),
            impossible: more_data::impossible(self.baseline, &limits),
            most_of_trial: self.most_of_trial,
            first_fresh_seed: FIRST_FRESH,
        };
        let fits = |change: &Change| self.of_change(change) <= self.most_of_trial;
        let sizes = capacity::too_dear(self.baseline, &limits, &fits);
        plan.leaving_out([too_dear, sizes].concat(), "too dear to be confirmed with fresh seeds")
    }

    /// Leaves the dearest remedies out until the rest fits.
    pub(super) fn with_fewer(
        &self,
        limits: Limits,
        words: &[&'static str],
        budget: &Budget,
    ) -> Result<Plan, f64> {
        let (mut proposals, _) = self.proposals(&limits);
        let mut dropped = Vec::new();
        loop {
            let (bill, all) = self.bill_of(&limits, &proposals);
            if all <= budget.for_questions() {
                let plan = Plan { proposals, ..self.plan(limits, bill, words) };
                return Ok(plan.leaving_out(dropped, "the dearest"));
            }
            if proposals.len() <= FEWEST {
                return Err(Budget::least_for_questions(all));
            }
            let costs = proposals.iter().map(|(_, change)| self.of_change(change)).enumerate();
            let dearest = costs.max_by(|a, b| a.1.total_cmp(&b.1)).map(|(place, _)| place);
            dropped.extend(dearest.map(|place| proposals.remove(place).1.name));
        }
    }
}

impl Plan {
    fn leaving_out(mut self, names: Vec<String>, why: &str) -> Plan {
        if !names.is_empty() {
            self.shortened.push(format!("{} not tried: {why}", names.join(", ")));
        }
        self
    }
}
