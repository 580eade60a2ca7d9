//! What a study says of figures that are made up.

use super::*;
use crate::stats::Summary;

/// A lab whose answers are altered, those of the baseline too: by the name of the sheet.
struct Altered<F>(Made, F);

impl<F: Fn(&str, &mut Answers)> Lab for Altered<F> {
    fn answers(&mut self, sheet: &Sheet, trials: &SheetTrials) -> Result<Option<Answers>> {
        let answers = self.0.answers(sheet, trials)?;
        Ok(answers.map(|mut answers| {
            (self.1)(&sheet.name, &mut answers);
            answers
        }))
    }

    fn cost(&self, _: &Trial) -> f64 {
        1.0
    }
}

fn found(alter: impl Fn(&str, &mut Answers)) -> Findings {
    let (plan, mut budget) = plan_of(&baseline(), None);
    let mut lab = Altered(Made::of(&[FLIP, SMOOTHING]), alter);
    study(&plan, &mut budget, Question::Confirm, &mut lab).unwrap()
}

fn said(findings: &Findings) -> String {
    let (plan, _) = plan_of(&baseline(), None);
    Answer { name: "a", plan: &plan, findings, baseline_seconds: 1.0 }.text()
}

#[test]
fn nothing_is_kept_if_one_run_of_the_baseline_is_left() {
    let findings = found(|_, answers| answers.baseline.retain(|outcome| outcome.seed == 1));
    assert!(findings.together.as_ref().unwrap().steps.is_empty(), "{:?}", findings.together);
    let said = said(&findings);
    for part in [
        "Only one run of the baseline has figures, so that luck cannot be told from what a change adds",
        "A lower learning rate: of the baseline, only one run has not diverged.",
    ] {
        assert!(said.contains(part), "{said}");
    }
}

#[test]
fn a_change_of_which_one_seed_is_left_is_not_kept() {
    let findings = found(|sheet, answers| {
        if sheet == "7-remedies" {
            answers.changes.iter_mut().for_each(|outcomes| outcomes.truncate(1));
        }
    });
    assert!(findings.together.unwrap().steps.is_empty());
}

/// Once the baseline diverges with seed 2, which is its best one, and once every change does.
#[test]
fn figures_are_over_the_seeds_of_the_gain() {
    let findings = found(|sheet, answers| {
        if !sheet.starts_with("10") {
            answers.baseline.retain(|outcome| outcome.seed != 2);
        }
    });
    let recipe = findings.together.as_ref().unwrap();
    for kept in &recipe.steps {
        assert_eq!((kept.figures.val.n, kept.gain.seeds().count()), (2, 2), "{kept:?}");
    }
    let last = recipe.steps.last().unwrap();
    let stand = findings.stand.as_ref().unwrap();
    let gain = last.figures.val.mean - stand.figures.val.mean;
    assert!((gain - last.gain.mean()).abs() < 1e-9);

    let findings = found(|sheet, answers| {
        if sheet != "10-confirm" {
            answers.changes.iter_mut().for_each(|outcomes| outcomes.retain(|one| one.seed != 2));
        }
    });
    let (stand, recipe) = (findings.stand.as_ref().unwrap(), findings.together.as_ref().unwrap());
    let last = recipe.steps.last().unwrap();
    let start = stand.over(&last.gain);
    assert_eq!((stand.figures.val.n, start.val.n), (3, 2));
    assert!((last.figures.val.mean - start.val.mean - last.gain.mean()).abs() < 1e-9);
    let said = said(&findings);
    assert!(said.contains("These are over the 2 seeds with which both have figures."), "{said}");
    assert!(said.contains("Validation accuracy goes from 40.1 to 43.1 %"), "{said}");
}

#[test]
fn other_draws_of_the_validation_examples_have_a_seed_that_finished() {
    let sheet = splits::sheet(&baseline(), &Limits::FULL, 2).unwrap();
    assert_eq!(sheet.seeds, [2]);
}

#[test]
fn what_next_has_its_true_reason() {
    let findings = found(|_, _| ());
    let best = findings.remedies.as_ref().unwrap()[0].gain.mean();
    let with_doubling = |gain: f64| {
        let mut findings = findings.clone();
        let found = findings.more_data.as_mut().unwrap();
        let all = found.points.last().unwrap().1.val.mean;
        let half = found.points.len() - 2;
        found.points[half].1.val = Summary::single(all - gain);
        said(&findings)
    };
    assert!(with_doubling(best + 0.01).contains("more than any change alone"));
    assert!(!with_doubling(best + 0.0001).contains("more than any change alone"));

    let all_right = found_all_right();
    assert!(all_right.contains("Other validation examples, more or harder ones: "), "{all_right}");
    assert!(all_right.contains("Every validation example is right: "), "{all_right}");
    assert!(!all_right.contains("Another kind of network"), "{all_right}");
}

fn found_all_right() -> String {
    said(&found(|_, answers| {
        let all = answers.changes.iter_mut().chain([&mut answers.baseline]).flatten();
        all.for_each(|outcome| outcome.val = 1.0);
    }))
}
