//! The protocol with figures that are made up: what is asked, kept, taken away, confirmed, and what a budget leaves.

mod budgets;
mod mishaps;
mod words;

use std::path::Path;

use super::*;
use crate::error::Result;
use crate::experiment::{Experiment, Trial};

/// A baseline of 20 epochs.
pub(super) fn baseline() -> Trial {
    of(
        "network = { kind = 'mlp', hidden_sizes = [100, 50], batch_norm = true }\ntraining.epochs = 20",
    )
}

fn of(more: &str) -> Trial {
    let text = format!(
        "dataset = {{ kind = 'cifar10', validation_examples = 5000 }}\noptimizer.kind = 'adagrad'\n\
         evaluation.test = 'sealed'\n{more}"
    );
    let read = Experiment::from_bytes(Path::new("a.toml"), text.as_bytes(), &[], 1, false);
    read.unwrap().trials.remove(0)
}

/// Points that settings add: alike for all seeds, but for a little that differs.
struct Made {
    effects: Vec<(&'static str, f64)>,
    asked: Vec<String>,
    stops_at: Option<&'static str>,
    diverges: &'static str,
}

impl Made {
    fn of(effects: &[(&'static str, f64)]) -> Made {
        let (asked, stops_at, diverges) = (Vec::new(), None, "nothing");
        Made { effects: effects.to_vec(), asked, stops_at, diverges }
    }

    fn outcome(&self, trial: &Trial) -> Option<Outcome> {
        let json = trial.to_json().to_string();
        if json.contains(self.diverges) {
            return None;
        }
        let seed = trial.training.seeds[0];
        let points: f64 =
            self.effects.iter().filter(|(part, _)| json.contains(part)).map(|(_, x)| x).sum();
        let val = 0.4 + points / 100.0 + 0.001 * (seed % 3) as f64;
        Some(Outcome { seed, train: 0.9, val, test: Some(val - 0.01), rows: Vec::new() })
    }
}

impl Lab for Made {
    fn answers(&mut self, sheet: &Sheet, trials: &SheetTrials) -> Result<Option<Answers>> {
        if self.stops_at == Some(&sheet.name) {
            return Ok(None);
        }
        self.asked.push(format!("{}: {}", sheet.name, sheet.changes.len() * sheet.seeds.len()));
        let of = |trials: &Vec<Trial>| {
            trials.iter().filter_map(|trial| self.outcome(trial)).collect::<Vec<_>>()
        };
        let changes = trials.changes.iter().map(of).collect();
        Ok(Some(Answers { baseline: of(&trials.baseline), changes }))
    }

    fn cost(&self, _: &Trial) -> f64 {
        1.0
    }
}

fn plan_of(trial: &Trial, budget: Option<f64>) -> (Plan, Budget) {
    let budget = Budget::of(budget);
    (Plan::new(trial, &budget, &|_| 1.0).unwrap(), budget)
}

fn ask(made: &mut Made, budget: Option<f64>, until: Question) -> Findings {
    let (plan, mut budget) = plan_of(&baseline(), budget);
    study(&plan, &mut budget, until, made).unwrap()
}

const FLIP: (&str, f64) = ("\"horizontal_flip\":0.5", 2.0);
const SMOOTHING: (&str, f64) = ("\"label_smoothing\":0.1", 1.0);

fn names(kept: Vec<&Kept>) -> Vec<&str> {
    kept.into_iter().map(|kept| kept.name.as_str()).collect()
}

#[test]
fn all_questions_are_asked_in_their_order() {
    let mut made = Made::of(&[FLIP, SMOOTHING]);
    let findings = ask(&mut made, None, Question::Confirm);
    insta::assert_snapshot!(made.asked.join("\n"));
    let recipe = findings.together.unwrap();
    assert_eq!(names(recipe.kept()), ["flip", "label smoothing 0.1"]);
    assert_eq!(recipe.steps.len(), 2);
    assert!(!recipe.is_cut);
    assert_eq!(findings.diverged, []);
    let confirmed = findings.confirmed.unwrap();
    assert!(confirmed.is_shown() && (confirmed.gain.value - 0.03).abs() < 1e-9, "{confirmed:?}");
    assert_eq!((confirmed.recipe.n, confirmed.baseline.n), (5, 5));
}

#[test]
fn questions_after_the_last_wanted_one_are_not_asked() {
    for question in Question::ALL {
        let mut made = Made::of(&[FLIP, SMOOTHING]);
        ask(&mut made, None, question);
        let last = made.asked.last().unwrap();
        let expected = match question {
            Question::Stand => "1-baseline: 0",
            Question::MoreData => "2-more-data: 15",
            Question::Memory => "3-memory: 6",
            Question::Capacity => "4-capacity: 9",
            Question::Split => "5-split: 3",
            Question::Remedies => "7-remedies: 51",
            Question::Together => "9-without: 3",
            Question::Confirm => "10-confirm: 5",
        };
        assert_eq!(last, expected, "{question:?}");
    }
}

#[test]
fn noise_keeps_nothing_and_the_test_set_stays_unread() {
    let mut made = Made::of(&[]);
    let findings = ask(&mut made, None, Question::Confirm);
    assert!(findings.together.unwrap().steps.is_empty() && findings.confirmed.is_none());
    assert!(!made.asked.iter().any(|asked| asked.contains("confirm")), "{:?}", made.asked);
}

#[test]
fn what_is_no_longer_needed_is_taken_away() {
    // Flips help alone; with smoothing, which helps more, they cost what they gave.
    let both = Made::of(&[FLIP, SMOOTHING, ("\"cutout\":", 0.5)]);
    struct Redundant(Made);
    impl Lab for Redundant {
        fn answers(&mut self, sheet: &Sheet, trials: &SheetTrials) -> Result<Option<Answers>> {
            let answers = self.0.answers(sheet, trials)?;
            Ok(answers.map(|mut answers| {
                for (outcomes, trials) in answers.changes.iter_mut().zip(&trials.changes) {
                    let json = trials[0].to_json().to_string();
                    let has_both = json.contains(FLIP.0) && json.contains("\"cutout\":");
                    let loss = if has_both { 0.021 } else { 0.0 };
                    let gain = if json.contains("\"cutout\":") && json.contains(SMOOTHING.0) {
                        0.03
                    } else {
                        0.0
                    };
                    outcomes.iter_mut().for_each(|outcome| outcome.val += gain - loss);
                }
                answers
            }))
        }

        fn cost(&self, _: &Trial) -> f64 {
            1.0
        }
    }
    let (plan, mut budget) = plan_of(&baseline(), None);
    let mut lab = Redundant(both);
    let recipe = study(&plan, &mut budget, Question::Together, &mut lab).unwrap().together.unwrap();
    assert_eq!(names(recipe.taken_away().collect()), ["flip"], "{recipe:?}");
    assert!(recipe.kept().iter().all(|kept| kept.name != "flip"), "{recipe:?}");
    let last = recipe.steps.last().unwrap();
    assert_eq!(last.label(), "- flip");
    assert!(last.so_far.settings.iter().all(|(key, _)| !key.contains("flip")), "{last:?}");
}

/// Three remedies are kept; of the recipes without one of them the first diverges, and the other does better: what is
/// taken away is what that one lacks.
#[test]
fn what_is_taken_away_is_what_the_better_recipe_lacks() {
    const CUTOUT: &str = "\"cutout\":";
    struct Shifting(Made);
    impl Lab for Shifting {
        fn answers(&mut self, sheet: &Sheet, trials: &SheetTrials) -> Result<Option<Answers>> {
            let answers = self.0.answers(sheet, trials)?;
            Ok(answers.map(|mut answers| {
                let is_last = sheet.name == "9-without";
                for (outcomes, trials) in answers.changes.iter_mut().zip(&trials.changes) {
                    let json = trials[0].to_json().to_string();
                    match (is_last, json.contains(FLIP.0), json.contains(SMOOTHING.0)) {
                        (true, false, _) => outcomes.clear(), // the first kept remedy is left out
                        (true, true, false) => outcomes.iter_mut().for_each(|o| o.val += 0.05),
                        _ => {}
                    }
                }
                answers
            }))
        }

        fn cost(&self, _: &Trial) -> f64 {
            1.0
        }
    }
    let (plan, mut budget) = plan_of(&baseline(), None);
    let mut lab = Shifting(Made::of(&[FLIP, SMOOTHING, (CUTOUT, 0.5)]));
    let found = study(&plan, &mut budget, Question::Together, &mut lab).unwrap();
    let recipe = found.together.unwrap();
    let last = recipe.steps.last().unwrap();
    assert_eq!(last.label(), "- label smoothing 0.1", "{recipe:?}");
    let says = |key: &str| last.so_far.settings.iter().any(|(other, _)| other.contains(key));
    assert!(says("horizontal_flip") && !says("label_smoothing"), "{last:?}");
    assert_eq!(names(recipe.kept()).len(), 2);
    let lost = found.diverged.iter().find(|found| found.sheet == "9-without").unwrap();
    assert_eq!(lost.change.as_deref(), Some("label smoothing 0.1 + cutout 8"));
}

#[test]
fn a_lab_that_stops_leaves_what_was_found() {
    for (stop, has_remedies) in [("3-memory", false), ("8-together-1", true)] {
        let mut made = Made { stops_at: Some(stop), ..Made::of(&[FLIP, SMOOTHING]) };
        let findings = ask(&mut made, None, Question::Confirm);
        assert!(findings.stand.is_some() && findings.more_data.is_some());
        assert_eq!((findings.remedies.is_some(), findings.together), (has_remedies, None));
    }
}

#[test]
fn what_diverges_is_not_kept() {
    let mut made = Made { diverges: "\"horizontal_flip\":0.5", ..Made::of(&[FLIP, SMOOTHING]) };
    let findings = ask(&mut made, None, Question::Confirm);
    let tried = findings.remedies.unwrap();
    assert!(tried.iter().all(|tried| tried.change.name != "flip"));
    assert_eq!(findings.together.unwrap().steps.len(), 1);
    assert!(findings.diverged.iter().any(|found| found.change.as_deref() == Some("flip")));
    let mut all = Made { diverges: "cifar10", ..Made::of(&[]) };
    let lost = ask(&mut all, None, Question::Confirm);
    assert!(lost.is_baseline_lost());
    assert_eq!(Findings { diverged: Vec::new(), ..lost }, Findings::default());
}
