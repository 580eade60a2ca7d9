//! What a study asks, what it costs, and what is left out or shortened for a budget: in a fixed order, and always said.

use super::{Budget, Change, Sheet, capacity, memory, more_data, splits};
use crate::experiment::Trial;
use crate::remedies::{REMEDIES, cut_to};

/// How much is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Seeds of every config.
    pub seeds: u64,
    /// Shares of the training examples besides all.
    pub shares: usize,
    /// Shares of noisy labels.
    pub noises: usize,
    /// Whether other sizes of the network are trained.
    pub capacity: bool,
    /// Other draws of the validation examples.
    pub splits: u64,
    /// Strengths of each remedy.
    pub strengths: usize,
    /// Remedies that are tried on top of a recipe.
    pub width: usize,
    /// The most remedies that are added to the first.
    pub steps: usize,
    /// Every training is cut to its length divided by this.
    pub divisor: u64,
}

impl Limits {
    /// Without a budget.
    pub const FULL: Limits = Limits {
        seeds: 3,
        shares: 5,
        noises: 2,
        capacity: true,
        splits: 3,
        strengths: usize::MAX,
        width: 4,
        steps: 4,
        divisor: 1,
    };

    /// The seeds of the questions.
    pub fn seeds(&self) -> Vec<u64> {
        (0..self.seeds).collect()
    }
}

/// What is shortened for a budget, in this order, until the questions fit. Cutting the trainings comes in between: it
/// is said with their length.
const SHORTER: [Shorter; 11] = [
    Shorter::Ask("the luck of the split is not asked", |limits| limits.splits = 0),
    Shorter::Ask("each remedy is tried at one strength", |limits| limits.strengths = 1),
    Shorter::Cut(2),
    Shorter::Ask("more data is asked with three shares instead of five", |limits| {
        limits.shares = 3
    }),
    Shorter::Ask("memory is asked with random labels alone", |limits| limits.noises = 1),
    Shorter::Cut(4),
    Shorter::Ask("every config has 2 seeds instead of 3", |limits| limits.seeds = 2),
    Shorter::Cut(8),
    Shorter::Ask("capacity is not asked", |limits| limits.capacity = false),
    Shorter::Ask("memory is not asked", |limits| limits.noises = 0),
    Shorter::Ask("more data is not asked", |limits| limits.shares = 0),
];

/// One way to shorten a study.
#[derive(Debug, Clone, Copy)]
enum Shorter {
    /// Less is asked, in words.
    Ask(&'static str, fn(&mut Limits)),
    /// Every training is cut to its length divided by this.
    Cut(u64),
}

/// Trainings are not cut below this many epochs.
const FEWEST_EPOCHS: u64 = 5;
/// The fewest remedies that are worth a study.
const FEWEST: usize = 3;

/// A line of the bill.
#[derive(Debug, Clone, PartialEq)]
pub struct BillLine {
    /// The question.
    pub question: &'static str,
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
    /// The most that one trial may cost.
    pub most_of_trial: f64,
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

fn is_long_enough(whole: &Trial, divisor: u64) -> bool {
    divisor == 1 || (whole.epochs() / divisor >= FEWEST_EPOCHS && cut(whole, divisor).is_some())
}

/// A trial cut to its length divided by `divisor`, and what cuts it; none if an experiment file cannot say so.
fn cut(whole: &Trial, divisor: u64) -> Option<(Trial, Vec<(&'static str, String)>)> {
    if divisor == 1 {
        return Some((whole.clone(), Vec::new()));
    }
    let settings = cut_to(whole, divisor);
    let trial = whole.changed(settings.iter().map(|(key, value)| (*key, value.as_str()))).ok()?;
    Some((trial, settings))
}

/// A baseline and what its changes cost.
struct Priced<'a> {
    baseline: &'a Trial,
    cut: &'a [(&'static str, String)],
    cost: &'a dyn Fn(&Trial) -> f64,
    most_of_trial: f64,
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

    fn bill(&self, limits: &Limits) -> (Vec<BillLine>, f64) {
        self.bill_of(limits, &self.proposals(limits).0)
    }

    fn bill_of(
        &self,
        limits: &Limits,
        proposals: &[(&'static str, Change)],
    ) -> (Vec<BillLine>, f64) {
        let mut bill = vec![BillLine {
            question: "Where do I stand?",
            trials: Some(limits.seeds as usize),
            flops: limits.seeds as f64 * (self.cost)(self.baseline),
        }];
        let fits = |change: &Change| self.of_change(change) <= self.most_of_trial;
        let sheets = [
            more_data::sheet(self.baseline, limits),
            memory::sheet(self.baseline, limits),
            capacity::sheet(self.baseline, limits, &fits),
            splits::sheet(self.baseline, limits),
        ];
        bill.extend(sheets.into_iter().flatten().map(|sheet| BillLine {
            question: sheet.question,
            trials: Some(sheet.changes.len() * sheet.seeds.len()),
            flops: self.of_sheet(&sheet),
        }));
        let mut costs: Vec<f64> =
            proposals.iter().map(|(_, change)| self.of_change(change)).collect();
        costs.sort_by(|a, b| b.total_cmp(a));
        let half = costs.len().div_ceil(2);
        let again: f64 = costs[..half].iter().sum::<f64>() * (limits.seeds - 1) as f64;
        bill.push(BillLine {
            question: "What closes it?",
            trials: Some(costs.len() + half * (limits.seeds as usize - 1)),
            flops: costs.iter().sum::<f64>() + again,
        });
        let all = bill.iter().map(|line| line.flops).sum();
        (bill, all)
    }

    fn plan(&self, limits: Limits, bill: Vec<BillLine>, words: &[&'static str]) -> Plan {
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
            most_of_trial: self.most_of_trial,
        };
        plan.leaving_out(too_dear, "too dear to be confirmed with fresh seeds")
    }

    /// Leaves the dearest remedies out until the rest fits.
    fn with_fewer(
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
