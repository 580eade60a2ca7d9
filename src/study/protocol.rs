//! The questions in their order.

use super::answers::Lab;
use super::together::Combining;
use super::{
    Answers, Budget, Capacity, Confirmed, Diverged, Findings, Memory, MoreData, Plan, Question,
    Sheet, SheetTrials, SplitLuck, Stand, Tried, capacity, confirmed, memory, more_data, remedies,
    splits,
};
use crate::error::Result;
use crate::experiment::Trial;

/// Asks the questions up to `until`. What is missing in the findings was not asked, or not answered before the lab was
/// stopped.
///
/// # Errors
/// Those of the lab.
pub fn study(
    plan: &Plan,
    budget: &mut Budget,
    until: Question,
    lab: &mut dyn Lab,
) -> Result<Findings> {
    let mut findings = Findings::default();
    let mut noting = Noting { lab, diverged: Vec::new() };
    let mut asking = Asking { baseline: &plan.baseline, plan, budget, until, lab: &mut noting };
    asking.all(&mut findings)?;
    findings.diverged = noting.diverged;
    Ok(findings)
}

/// A lab, with a note of each run that diverged.
struct Noting<'a> {
    lab: &'a mut dyn Lab,
    diverged: Vec<Diverged>,
}

impl Lab for Noting<'_> {
    fn answers(&mut self, sheet: &Sheet, trials: &SheetTrials) -> Result<Option<Answers>> {
        let Some(answers) = self.lab.answers(sheet, trials)? else { return Ok(None) };
        let names = sheet.changes.iter().map(|change| Some(change.name.clone()));
        let asked = trials.changes.iter().map(Vec::len);
        let answered = answers.changes.iter().map(Vec::len);
        let of_changes = names.zip(asked.zip(answered));
        let baseline = (None, (trials.baseline.len(), answers.baseline.len()));
        for (change, (of, answered)) in [baseline].into_iter().chain(of_changes) {
            if answered < of {
                let sheet = sheet.name.clone();
                self.diverged.push(Diverged { sheet, change, runs: of - answered, of });
            }
        }
        Ok(Some(answers))
    }

    fn cost(&self, trial: &Trial) -> f64 {
        self.lab.cost(trial)
    }
}

struct Asking<'a> {
    baseline: &'a Trial,
    plan: &'a Plan,
    budget: &'a mut Budget,
    until: Question,
    lab: &'a mut dyn Lab,
}

impl Asking<'_> {
    /// None if the lab was stopped; the answers so far are in the findings.
    fn all(&mut self, findings: &mut Findings) -> Result<Option<()>> {
        let limits = self.plan.limits;
        let own = Sheet::new("1-baseline", Question::Stand, Vec::new(), limits.seeds());
        let Some(answers) = self.ask(&own)? else { return Ok(None) };
        findings.stand = Stand::of(&answers.baseline);
        let Some(stand) = findings.stand.clone() else { return Ok(None) };
        let cost = |change: &super::Change| change.of(self.baseline).map(|t| self.lab.cost(&t));
        let fits =
            |change: &super::Change| cost(change).is_ok_and(|c| c <= self.plan.most_of_trial);
        let of_capacity = capacity::sheet(self.baseline, &limits, &fits);
        if self.asks(Question::MoreData)
            && let Some(sheet) = more_data::sheet(self.baseline, &limits)
        {
            let Some(answers) = self.ask(&sheet)? else { return Ok(None) };
            findings.more_data = MoreData::of(&sheet, &answers, self.baseline);
        }
        if self.asks(Question::Memory)
            && let Some(sheet) = memory::sheet(self.baseline, &limits)
        {
            let Some(answers) = self.ask(&sheet)? else { return Ok(None) };
            findings.memory = Some(Memory::of(&answers));
        }
        if self.asks(Question::Capacity)
            && let Some(sheet) = of_capacity
        {
            let Some(answers) = self.ask(&sheet)? else { return Ok(None) };
            findings.capacity = Some(Capacity::of(&sheet, &answers, self.baseline));
        }
        // A seed of which the baseline has figures: without them nothing can be compared with it.
        let seed = answers.baseline.first().map_or(0, |outcome| outcome.seed);
        if self.asks(Question::Split)
            && let Some(sheet) = splits::sheet(self.baseline, &limits, seed)
        {
            let Some(answers) = self.ask(&sheet)? else { return Ok(None) };
            findings.splits = SplitLuck::of(&answers, stand.figures.val);
        }
        if !self.asks(Question::Remedies) {
            return Ok(Some(()));
        }
        let Some(tried) = self.remedies(seed)? else { return Ok(None) };
        findings.remedies = Some(tried.clone());
        if !self.asks(Question::Together) {
            return Ok(Some(()));
        }
        let noise = stand.figures.val.std;
        let Asking { baseline, plan, budget, lab, .. } = self;
        let mut combining = Combining { baseline, plan, budget, lab: *lab, noise };
        let Some(recipe) = combining.recipe(&tried)? else { return Ok(None) };
        findings.together = Some(recipe.clone());
        let Some(last) = recipe.steps.last().filter(|_| self.asks(Question::Confirm)) else {
            return Ok(Some(()));
        };
        let (own, price) = (self.lab.cost(self.baseline), last.so_far.of(self.baseline)?);
        let seeds = self.budget.fresh_seeds(own, self.lab.cost(&price));
        let sheet = confirmed::sheet(self.plan.first_fresh_seed, seeds, last.so_far.clone());
        let Some(answers) = self.ask(&sheet)? else { return Ok(None) };
        let asked = sheet.seeds.len();
        findings.confirmed = Confirmed::of(self.baseline, &answers, asked, last.gain.mean());
        Ok(Some(()))
    }

    fn asks(&self, question: Question) -> bool {
        question <= self.until
    }

    /// Each remedy alone: all with this seed, the better half with more.
    fn remedies(&mut self, seed: u64) -> Result<Option<Vec<Tried>>> {
        let Some(first) = remedies::first_sheet(self.plan, seed) else {
            return Ok(Some(Vec::new()));
        };
        let Some(answers) = self.ask(&first)? else { return Ok(None) };
        let tried = remedies::tried(self.plan, &first, &answers);
        let Some(second) = remedies::second_sheet(self.plan, &tried) else {
            return Ok(Some(tried));
        };
        let Some(answers) = self.ask(&second)? else { return Ok(None) };
        let again = remedies::tried(self.plan, &second, &answers);
        Ok(Some(remedies::merged(tried, again)))
    }

    fn ask(&mut self, sheet: &Sheet) -> Result<Option<Answers>> {
        let trials = sheet.trials(self.baseline)?;
        self.budget.pay(trials.all(), |trial| self.lab.cost(trial));
        self.lab.answers(sheet, &trials)
    }
}
