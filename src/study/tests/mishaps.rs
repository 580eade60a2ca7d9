//! What becomes of a study where runs diverge, seeds differ much, a network is tiny or a trial is asked for twice.

use super::*;
use crate::runs::metrics::MetricsRow;
use crate::runs::samples::row;

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
fn an_untrained_network_has_learnt_nothing_by_heart() {
    let row = |epoch, noisy| MetricsRow {
        train_noisy_accuracy: Some(noisy),
        train_clean_accuracy: Some(0.9),
        ..row(epoch, 0.9, Some(0.5), 0.1)
    };
    let rows = vec![row(0, 0.6), row(1, 0.6), row(2, 0.7)];
    let outcome = Outcome { seed: 0, train: 0.5, val: 0.5, test: None, rows };
    let changes = vec![vec![outcome.clone()], vec![outcome.clone()]];
    let memory = Memory::of(&Answers { baseline: vec![outcome], changes });
    assert_eq!(memory.of_noisy.unwrap().half_by, Some(1));
    // Early stopping keeps the weights of an earlier epoch; what the network could learn is in the curve.
    assert!((memory.of_random.unwrap().mean - 0.9).abs() < 1e-6);
}

#[test]
fn a_budget_that_pays_for_some_candidates_is_said_to_have_ended() {
    let ends = |share: f64| {
        let (plan, _) = plan_of(&baseline(), None);
        let mut budget = Budget::of(None);
        let mut made = Made::of(&[FLIP, SMOOTHING, ("\"cutout\":", 0.5)]);
        study(&plan, &mut budget, Question::Remedies, &mut made).unwrap();
        let mut budget = Budget::of(Some((budget.spent + share) / 0.75));
        let mut made = Made::of(&[FLIP, SMOOTHING, ("\"cutout\":", 0.5)]);
        let recipe = study(&plan, &mut budget, Question::Together, &mut made).unwrap().together;
        let recipe = recipe.unwrap();
        (names(recipe.kept()).len(), recipe.is_cut)
    };
    assert_eq!(ends(0.0), (1, true));
    assert_eq!(ends(3.5), (2, true), "one candidate of three seeds is paid");
    assert_eq!(ends(1000.0), (3, false));
}

#[test]
fn sizes_of_a_tiny_network_are_asked_for_once() {
    let tiny = of("network = { kind = 'mlp', hidden_sizes = [3] }\ntraining.epochs = 20");
    let sheet = capacity::sheet(&tiny, &Limits::FULL, &|_| true).unwrap();
    let sizes: Vec<&str> = sheet.changes.iter().map(|change| change.name.as_str()).collect();
    assert_eq!(sizes, ["hidden sizes 1", "hidden sizes 6"]);
}
