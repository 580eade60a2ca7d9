//! What becomes of a study where runs diverge, seeds differ much, a network is tiny or a trial is asked for twice.

use super::*;

/// A lab whose outcomes are altered: by the name of the sheet and the trials of each change.
struct Altered<F>(Made, F);

impl<F: Fn(&str, &Trial, &mut Vec<Outcome>)> Lab for Altered<F> {
    fn answers(&mut self, sheet: &Sheet, trials: &SheetTrials) -> Result<Option<Answers>> {
        let answers = self.0.answers(sheet, trials)?;
        Ok(answers.map(|mut answers| {
            let changes = answers.changes.iter_mut().zip(&trials.changes);
            changes.for_each(|(outcomes, trials)| (self.1)(&sheet.name, &trials[0], outcomes));
            answers
        }))
    }

    fn cost(&self, _: &Trial) -> f64 {
        1.0
    }
}

fn found(alter: impl Fn(&str, &Trial, &mut Vec<Outcome>)) -> Findings {
    let (plan, mut budget) = plan_of(&baseline(), None);
    let mut lab = Altered(Made::of(&[FLIP, SMOOTHING]), alter);
    study(&plan, &mut budget, Question::Confirm, &mut lab).unwrap()
}

#[test]
fn remedies_are_tried_with_a_seed_of_which_the_baseline_has_figures() {
    let mut made = Made { diverges: "\"seeds\":[0]", ..Made::of(&[FLIP, SMOOTHING]) };
    let findings = ask(&mut made, None, Question::Together);
    assert_eq!(names(findings.together.unwrap().kept()), ["flip", "label smoothing 0.1"]);
}

#[test]
fn a_recipe_that_diverges_with_fresh_seeds_is_not_confirmed() {
    let lost = found(|sheet, _, outcomes| {
        if sheet == "10-confirm" {
            outcomes.clear();
        }
    });
    assert!(lost.is_confirmation_lost() && lost.is_judged() && lost.confirmed.is_none());
    let partly = found(|sheet, _, outcomes| {
        if sheet == "10-confirm" {
            outcomes.pop();
        }
    });
    let confirmed = partly.confirmed.unwrap();
    assert_eq!((confirmed.recipe.n, confirmed.asked), (4, 5));
    assert!(confirmed.gain.is_shown() && !confirmed.is_shown(), "{confirmed:?}");
}

#[test]
fn the_best_change_that_adds_more_than_its_seeds_differ_is_kept() {
    let found = found(|_, trial, outcomes| {
        if trial.to_json().to_string().contains(FLIP.0) {
            let swings = [0.05, -0.04, -0.01];
            outcomes.iter_mut().for_each(|one| one.val += swings[(one.seed % 3) as usize]);
        }
    });
    let kept = found.together.unwrap();
    assert_eq!(kept.steps[0].name, "label smoothing 0.1", "{kept:?}");
}

#[test]
fn a_trial_that_is_asked_for_twice_is_paid_once() {
    let mut budget = Budget::of(Some(10.0));
    let (one, two) =
        (baseline(), of("network = { kind = 'mlp', hidden_sizes = [7] }\ntraining.epochs = 20"));
    budget.pay([&one, &one], |_| 1.0);
    assert_eq!(budget.price([&one, &two], |_| 1.0), 1.0);
    budget.pay([&one, &two], |_| 1.0);
    assert_eq!(budget.spent, 2.0);
}

#[test]
fn sizes_of_a_tiny_network_are_asked_for_once() {
    let tiny = of("network = { kind = 'mlp', hidden_sizes = [3] }\ntraining.epochs = 20");
    let sheet = capacity::sheet(&tiny, &Limits::FULL, &|_| true).unwrap();
    let sizes: Vec<&str> = sheet.changes.iter().map(|change| change.name.as_str()).collect();
    assert_eq!(sizes, ["hidden sizes 1", "hidden sizes 6"]);
}
