//! What do they do together? Forward steps: the best remedy is kept, the next is tried on top, until nothing adds; then
//! each kept one is taken away once. These choices only nominate a recipe: fresh seeds judge it.

use super::combination::{Answered, Candidate, best_of, laid_over};
use super::remedies::Gain;
use super::{Answers, Budget, Change, Figures, Lab, Plan, Sheet, Tried};
use crate::error::Result;
use crate::experiment::Trial;
use crate::remedies::REMEDIES;

/// A kept remedy.
#[derive(Debug, Clone, PartialEq)]
pub struct Kept {
    /// The remedy: `dropout`.
    pub remedy: &'static str,
    /// What it is called: `dropout 0.2`.
    pub name: String,
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
    /// What was taken away again, because the recipe does as well without it.
    pub taken_away: Vec<String>,
    /// Whether the budget ended before nothing added any more.
    pub is_cut: bool,
}

/// What tries combinations.
pub(super) struct Combining<'a> {
    pub(super) baseline: &'a Trial,
    pub(super) plan: &'a Plan,
    pub(super) budget: &'a mut Budget,
    pub(super) lab: &'a mut dyn Lab,
    /// The baseline's validation accuracy varies so much between seeds.
    pub(super) noise: f64,
}

impl Combining<'_> {
    /// The recipe; none if the lab was stopped.
    pub(super) fn recipe(&mut self, alone: &[Tried]) -> Result<Option<Recipe>> {
        let mut recipe = Recipe::default();
        let none = Gain::none(&self.plan.limits.seeds());
        let Some(first) = alone.first().filter(|first| self.adds(&first.gain, &none)) else {
            return Ok(Some(recipe));
        };
        let cost = self.lab.cost(&first.change.of(self.baseline)?) / self.lab.cost(self.baseline);
        recipe.steps.push(Kept {
            remedy: first.remedy,
            name: first.change.name.clone(),
            so_far: first.change.clone(),
            figures: first.figures,
            gain: first.gain.clone(),
            cost,
        });
        while recipe.steps.len() <= self.plan.limits.steps {
            let number = recipe.steps.len();
            let candidates = self.on_top(&recipe, alone)?;
            let is_empty = candidates.is_empty();
            let affordable = self.affordable(candidates);
            if affordable.is_empty() {
                recipe.is_cut = !is_empty;
                break;
            }
            let name = format!("8-together-{number}");
            let question = "What do they do together?";
            let Some(answered) = self.ask(&name, question, affordable)? else { return Ok(None) };
            let before = recipe.steps.last().map_or(&none, |kept| &kept.gain);
            let best = best_of(answered.into_iter());
            let Some(best) = best.filter(|best| self.adds(&best.gain, before)) else { break };
            recipe.steps.extend(self.kept(best)?);
        }
        if recipe.steps.len() > 1 {
            return self.without_each(recipe);
        }
        Ok(Some(recipe))
    }

    fn adds(&self, gain: &Gain, before: &Gain) -> bool {
        gain.exceeds(before, self.noise)
    }

    /// The best remedies that are not kept, on top of what is.
    fn on_top(&self, recipe: &Recipe, alone: &[Tried]) -> Result<Vec<Candidate>> {
        let Some(last) = recipe.steps.last() else { return Ok(Vec::new()) };
        let current = last.so_far.of(self.baseline)?;
        let mut seen: Vec<&str> = recipe.steps.iter().map(|kept| kept.remedy).collect();
        let mut candidates = Vec::new();
        for tried in alone.iter().filter(|tried| tried.gain.mean() > 0.0) {
            if candidates.len() == self.plan.limits.width || seen.contains(&tried.remedy) {
                continue;
            }
            seen.push(tried.remedy);
            candidates.extend(self.candidate(
                &last.so_far,
                &current,
                tried.remedy,
                &tried.change.name,
            ));
        }
        Ok(candidates)
    }

    /// A remedy at a strength on top of a recipe; none if it does not fit there, or costs too much.
    fn candidate(
        &self,
        so_far: &Change,
        current: &Trial,
        remedy: &'static str,
        strength: &str,
    ) -> Option<Candidate> {
        let kind = REMEDIES.iter().find(|known| known.name == remedy)?;
        let proposals = (kind.proposals)(current);
        let proposal = proposals.into_iter().find(|proposal| proposal.name == strength)?;
        let texts = proposal.changes.iter().map(|(key, value)| (&**key, &**value));
        let wanted = current.changed(texts).ok()?;
        let settings = laid_over(so_far, strength, &proposal.changes);
        let trial = settings.of(self.baseline).ok()?;
        let cost = self.lab.cost(&trial);
        let fits = trial.config_id() == wanted.config_id() && cost <= self.plan.most_of_trial;
        fits.then(|| Candidate { remedy, name: strength.to_owned(), settings, cost })
    }

    /// The candidates that the rest of the budget pays for, the first ones first.
    fn affordable(&self, candidates: Vec<Candidate>) -> Vec<Candidate> {
        let mut rest = self.budget.for_together();
        let seeds = self.plan.limits.seeds as f64;
        let fits = |candidate: &Candidate| {
            let price = seeds * candidate.cost;
            let is_paid = price <= rest;
            rest -= if is_paid { price } else { 0.0 };
            is_paid
        };
        candidates.into_iter().filter(fits).collect()
    }

    fn ask(
        &mut self,
        name: &str,
        question: &'static str,
        candidates: Vec<Candidate>,
    ) -> Result<Option<Vec<Answered>>> {
        let changes = candidates.iter().map(|candidate| candidate.settings.clone()).collect();
        let sheet = Sheet::new(name, question, changes, self.plan.limits.seeds());
        let trials = sheet.trials(self.baseline)?;
        let costs: f64 = candidates.iter().map(|candidate| candidate.cost).sum();
        self.budget.spent += costs * self.plan.limits.seeds as f64;
        let Some(answers) = self.lab.answers(&sheet, &trials)? else { return Ok(None) };
        let Answers { changes, .. } = &answers;
        let answered = candidates.into_iter().zip(changes).filter_map(|(candidate, outcomes)| {
            let Candidate { remedy, name, settings, .. } = candidate;
            let gain = Gain::of(&answers, outcomes)?;
            Some(Answered { remedy, name, settings, outcomes: outcomes.clone(), gain })
        });
        Ok(Some(answered.collect()))
    }

    fn kept(&self, best: Answered) -> Result<Option<Kept>> {
        let Answered { remedy, name, settings, outcomes, gain } = best;
        let cost = self.lab.cost(&settings.of(self.baseline)?) / self.lab.cost(self.baseline);
        let figures = Figures::of(&outcomes);
        Ok(figures.map(|figures| Kept { remedy, name, so_far: settings, figures, gain, cost }))
    }

    /// The recipe without each of its remedies but the last, once: what it does as well without goes.
    fn without_each(&mut self, recipe: Recipe) -> Result<Option<Recipe>> {
        let count = recipe.steps.len();
        let mut shorter: Vec<(usize, Candidate)> = Vec::new();
        for left_out in 0..count - 1 {
            let rest = recipe.steps.iter().enumerate().filter(|(i, _)| *i != left_out);
            let parts: Vec<&Kept> = rest.map(|(_, kept)| kept).collect();
            shorter.extend(self.made_of(&parts)?.map(|candidate| (left_out, candidate)));
        }
        let (places, candidates): (Vec<usize>, Vec<Candidate>) = shorter.into_iter().unzip();
        let wanted = candidates.len();
        let affordable = self.affordable(candidates);
        let mut recipe = Recipe { is_cut: recipe.is_cut || affordable.len() < wanted, ..recipe };
        if affordable.is_empty() || affordable.len() < wanted {
            return Ok(Some(recipe));
        }
        let question = "What is still needed?";
        let Some(answered) = self.ask("9-without", question, affordable)? else { return Ok(None) };
        let full = recipe.steps.last().map_or(0.0, |kept| kept.gain.mean());
        let better =
            places.into_iter().zip(answered).filter(|(_, without)| without.gain.mean() >= full);
        let best = better.max_by(|a, b| a.1.gain.mean().total_cmp(&b.1.gain.mean()));
        if let Some((place, best)) = best {
            recipe.taken_away.push(recipe.steps[place].name.clone());
            recipe.steps.remove(place);
            let last = recipe.steps.len() - 1;
            let (remedy, name) = (recipe.steps[last].remedy, recipe.steps[last].name.clone());
            if let Some(kept) = self.kept(best)? {
                recipe.steps[last] = Kept { remedy, name, ..kept };
            }
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
            let Some(candidate) = self.candidate(&so_far, &current, part.remedy, &part.name) else {
                return Ok(None);
            };
            so_far = candidate.settings.clone();
            last = Some(candidate);
        }
        Ok(last)
    }
}
