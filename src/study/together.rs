//! What do they do together? Forward steps: the best remedy is kept, the next is tried on top, until nothing adds; then
//! each kept one is taken away once. These choices only nominate a recipe: fresh seeds judge it.

use super::combination::{Answered, Candidate, best_of, laid_over, proposed};
use super::remedies::Gain;
use super::{Answers, Budget, Change, Figures, Lab, Plan, Question, Sheet, Tried};
use crate::error::Result;
use crate::experiment::Trial;

/// A step to the recipe: a remedy that is added, or one that is taken away again.
#[derive(Debug, Clone, PartialEq)]
pub struct Kept {
    /// The remedy: `dropout`.
    pub remedy: &'static str,
    /// What it is called: `dropout 0.2`.
    pub name: String,
    /// Whether it is added; else the recipe does as well without it.
    pub is_added: bool,
    /// The recipe up to here: the settings of the baseline that change.
    pub so_far: Change,
    /// How the recipe up to here does: estimates of the search.
    pub figures: Figures,
    /// What the recipe up to here adds to the baseline's validation accuracy.
    pub gain: Gain,
    /// The arithmetic of a training, as a multiple of the baseline's.
    pub cost: f64,
}

/// What is kept, in the order in which it was found.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Recipe {
    /// The steps from the baseline on.
    pub steps: Vec<Kept>,
    /// Whether the budget ended while more was left to try.
    pub is_cut: bool,
    /// Whether the budget did not pay for taking each kept one away once.
    pub is_unpruned: bool,
}

impl Kept {
    /// `+ dropout 0.2`, or `- dropout 0.2` for what is taken away.
    pub fn label(&self) -> String {
        format!("{} {}", if self.is_added { "+" } else { "-" }, self.name)
    }
}

impl Recipe {
    /// The steps that the recipe consists of: what was added and not taken away again.
    pub fn kept(&self) -> Vec<&Kept> {
        let is_gone = |kept: &&Kept| self.taken_away().any(|gone| gone.remedy == kept.remedy);
        self.steps.iter().filter(|kept| kept.is_added && !is_gone(kept)).collect()
    }

    /// What was taken away again.
    pub fn taken_away(&self) -> impl Iterator<Item = &Kept> {
        self.steps.iter().filter(|kept| !kept.is_added)
    }
}

/// What tries combinations.
pub(super) struct Combining<'a> {
    pub(super) baseline: &'a Trial,
    pub(super) plan: &'a Plan,
    pub(super) budget: &'a mut Budget,
    pub(super) lab: &'a mut dyn Lab,
    /// The baseline's validation accuracy varies so much between seeds; none if only one of its runs has figures.
    pub(super) noise: Option<f64>,
}

impl Combining<'_> {
    /// The recipe; none if the lab was stopped.
    pub(super) fn recipe(&mut self, alone: &[Tried]) -> Result<Option<Recipe>> {
        let mut recipe = Recipe::default();
        let none = Gain::none(&self.plan.limits.seeds());
        let Some(first) = alone.iter().find(|tried| self.adds(&tried.gain, &none)) else {
            return Ok(Some(recipe));
        };
        let cost = self.lab.cost(&first.change.of(self.baseline)?) / self.lab.cost(self.baseline);
        recipe.steps.push(Kept {
            remedy: first.remedy,
            name: first.change.name.clone(),
            is_added: true,
            so_far: first.change.clone(),
            figures: first.figures,
            gain: first.gain.clone(),
            cost,
        });
        while recipe.steps.len() <= self.plan.limits.steps {
            let number = recipe.steps.len();
            let (candidates, too_dear) = self.on_top(&recipe, alone)?;
            let wanted = candidates.len() + too_dear;
            let affordable = self.affordable(candidates)?;
            recipe.is_cut |= affordable.len() < wanted;
            if affordable.is_empty() {
                break;
            }
            let name = format!("8-together-{number}");
            let description = Question::Together.heading();
            let answered = self.ask(&name, description, affordable)?;
            let Some(mut answered) = answered else { return Ok(None) };
            let before = recipe.steps.last().map_or(&none, |kept| &kept.gain);
            answered.retain(|one| self.adds(&one.gain, before));
            let Some(best) = best_of(answered) else { break };
            recipe.steps.extend(self.step(best, true)?);
        }
        if recipe.steps.len() > 1 {
            return self.without_each(recipe);
        }
        Ok(Some(recipe))
    }

    fn adds(&self, gain: &Gain, before: &Gain) -> bool {
        gain.exceeds(before, self.noise)
    }

    /// The best remedies that are not kept, on top of what is; and how many of them could not be confirmed there, because
    /// one training takes too much.
    fn on_top(&self, recipe: &Recipe, alone: &[Tried]) -> Result<(Vec<Candidate>, usize)> {
        let Some(last) = recipe.steps.last() else { return Ok((Vec::new(), 0)) };
        let current = last.so_far.of(self.baseline)?;
        let mut seen: Vec<&str> = recipe.steps.iter().map(|kept| kept.remedy).collect();
        let (mut candidates, mut too_dear) = (Vec::new(), 0);
        for tried in alone.iter().filter(|tried| tried.gain.mean() > 0.0) {
            if candidates.len() == self.plan.limits.width || seen.contains(&tried.remedy) {
                continue;
            }
            seen.push(tried.remedy);
            let strength = &tried.change.name;
            match self.candidate(&last.so_far, &current, tried.remedy, strength) {
                Some((candidate, cost)) if cost <= self.plan.most_of_trial => {
                    candidates.push(candidate);
                }
                Some(_) => too_dear += 1,
                None => {}
            }
        }
        Ok((candidates, too_dear))
    }

    /// A remedy at a strength on top of a recipe, and what a training of it takes; none if it does not fit there.
    fn candidate(
        &self,
        so_far: &Change,
        current: &Trial,
        remedy: &'static str,
        strength: &str,
    ) -> Option<(Candidate, f64)> {
        let (proposal, wanted) = proposed(current, remedy, strength)?;
        let settings = laid_over(so_far, strength, &proposal.changes);
        let trial = settings.of(self.baseline).ok()?;
        let cost = self.lab.cost(&trial);
        let fits = trial.config_id() == wanted.config_id();
        fits.then(|| (Candidate { remedy, name: strength.to_owned(), settings }, cost))
    }

    /// The candidates that the rest of the budget pays for, the first ones first.
    fn affordable(&self, candidates: Vec<Candidate>) -> Result<Vec<Candidate>> {
        let mut rest = self.budget.for_together();
        let mut affordable = Vec::new();
        for candidate in candidates {
            let trials = self.sheet("", vec![candidate.settings.clone()]).trials(self.baseline)?;
            let price = self.budget.price(trials.all(), |trial| self.lab.cost(trial));
            if price <= rest {
                rest -= price;
                affordable.push(candidate);
            }
        }
        Ok(affordable)
    }

    fn sheet(&self, name: &str, changes: Vec<Change>) -> Sheet {
        Sheet::new(name, Question::Together, changes, self.plan.limits.seeds())
    }

    fn ask(
        &mut self,
        name: &str,
        description: &'static str,
        candidates: Vec<Candidate>,
    ) -> Result<Option<Vec<Answered>>> {
        let changes = candidates.iter().map(|candidate| candidate.settings.clone()).collect();
        let sheet = Sheet { description, ..self.sheet(name, changes) };
        let trials = sheet.trials(self.baseline)?;
        self.budget.pay(trials.all(), |trial| self.lab.cost(trial));
        let Some(answers) = self.lab.answers(&sheet, &trials)? else { return Ok(None) };
        let Answers { changes, .. } = &answers;
        let answered = candidates.into_iter().zip(changes).filter_map(|(candidate, outcomes)| {
            let Candidate { remedy, name, settings, .. } = candidate;
            let gain = Gain::of(&answers, outcomes, sheet.seeds.len())?;
            Some(Answered { remedy, name, settings, outcomes: outcomes.clone(), gain })
        });
        Ok(Some(answered.collect()))
    }

    fn step(&self, best: Answered, is_added: bool) -> Result<Option<Kept>> {
        let Answered { remedy, name, settings, outcomes, gain } = best;
        let cost = self.lab.cost(&settings.of(self.baseline)?) / self.lab.cost(self.baseline);
        let figures = Figures::over(&outcomes, &gain);
        let kept = |figures| Kept { remedy, name, is_added, so_far: settings, figures, gain, cost };
        Ok(figures.map(kept))
    }

    /// The recipe without each of its remedies but the last, once: what it does as well without goes.
    fn without_each(&mut self, recipe: Recipe) -> Result<Option<Recipe>> {
        let steps = &recipe.steps;
        let mut shorter: Vec<Candidate> = Vec::new();
        for left_out in &steps[..steps.len() - 1] {
            let rest = steps.iter().filter(|kept| kept.remedy != left_out.remedy);
            let without = self.made_of(&rest.collect::<Vec<&Kept>>())?;
            // It is called after what it lacks, so that an answer that is missing cannot be taken for another's.
            let (remedy, name) = (left_out.remedy, left_out.name.clone());
            shorter.extend(without.map(|rest| Candidate { remedy, name, ..rest }));
        }
        let wanted = shorter.len();
        let affordable = self.affordable(shorter)?;
        let mut recipe = Recipe { is_unpruned: affordable.len() < wanted, ..recipe };
        if affordable.is_empty() || recipe.is_unpruned {
            return Ok(Some(recipe));
        }
        let description = "What is still needed?";
        let answered = self.ask("9-without", description, affordable)?;
        let Some(mut answered) = answered else { return Ok(None) };
        if let Some(full) = recipe.steps.last().map(|kept| &kept.gain) {
            answered.retain(|without| without.gain.is_as_much_as(full));
        }
        if let Some(best) = best_of(answered) {
            recipe.steps.extend(self.step(best, false)?);
        }
        Ok(Some(recipe))
    }

    /// The recipe of these remedies, in their order.
    fn made_of(&self, parts: &[&Kept]) -> Result<Option<Candidate>> {
        let mut so_far = Change::new("", []);
        let mut last = None;
        for part in parts {
            let current = match so_far.settings.is_empty() {
                true => self.baseline.clone(),
                false => so_far.of(self.baseline)?,
            };
            let candidate = self.candidate(&so_far, &current, part.remedy, &part.name);
            let most = self.plan.most_of_trial;
            let Some((candidate, _)) = candidate.filter(|(_, cost)| *cost <= most) else {
                return Ok(None);
            };
            so_far = candidate.settings.clone();
            last = Some(candidate);
        }
        Ok(last)
    }
}
