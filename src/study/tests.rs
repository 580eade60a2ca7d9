//! The protocol with figures that are made up: what is asked, kept, taken away, confirmed, and what a budget leaves.

use std::collections::BTreeMap;
use std::path::Path;

use super::*;
use crate::error::Result;
use crate::experiment::{Experiment, Trial};
use crate::remedies::REMEDIES;

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
    for (question, word) in QUESTIONS {
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
        assert_eq!(last, expected, "{word}");
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

/// What is spent never exceeds what the budget gives, and what is reserved stays.
#[test]
fn a_budget_holds_and_says_what_it_leaves_out() {
    let mut said = BTreeMap::new();
    for trainings in [30.0, 60.0, 100.0, 150.0, 300.0, 1000.0] {
        let (plan, mut budget) = plan_of(&baseline(), Some(trainings));
        let mut made = Made::of(&[FLIP, SMOOTHING, ("\"dropout\":0.2", 0.7)]);
        let findings = study(&plan, &mut budget, Question::Confirm, &mut made).unwrap();
        assert!(plan.flops() <= trainings / 2.0, "{trainings}: {}", plan.flops());
        let confirming = findings.confirmed.map_or(0, |confirmed| 2 * confirmed.recipe.n);
        assert!(budget.spent <= trainings, "{trainings}: {}", budget.spent);
        assert!(confirming >= 6 && budget.spent >= confirming as f64 / 2.0);
        said.insert(trainings as u64, plan.shortened.join("; "));
    }
    insta::assert_debug_snapshot!(said);
    let too_small = Plan::new(&baseline(), &Budget::of(Some(10.0)), &|_| 1.0).unwrap_err();
    assert!(too_small > 10.0 && too_small < 40.0, "{too_small}");
    assert!(Plan::new(&baseline(), &Budget::of(Some(1.01 * too_small)), &|_| 1.0).is_ok());
}

#[test]
fn trainings_are_cut_for_a_budget_but_not_below_five_epochs() {
    let price = |trial: &Trial| trial.epochs() as f64;
    let plan = |trial: &Trial, budget: f64| Plan::new(trial, &Budget::of(Some(budget)), &price);
    let long = of("network = { kind = 'mlp', hidden_sizes = [9] }\ntraining.steps = 90_000"); // 200 epochs
    let found = plan(&long, 4000.0).unwrap();
    assert_eq!(found.baseline.training.steps, Some(11_250));
    assert_eq!(found.cut, [("training.steps", "11250".to_owned())]);
    assert!(found.shortened[0].starts_with("every training is cut to a length of 1/8, 25 epochs"));
    let short = plan(&baseline(), 700.0).unwrap();
    assert_eq!(short.baseline.training.epochs, Some(5), "{:?}", short.shortened);
    let other = of("network = { kind = 'mlp', hidden_sizes = [9] }\ntraining.epochs = 9");
    assert_eq!(plan(&other, 700.0).unwrap().baseline.training.epochs, Some(9));
}

/// Every remedy that the study proposes can be said in its file, with its own config.
#[test]
fn every_sheet_can_be_read_and_has_the_trials_that_are_asked_for() {
    let base = baseline();
    let (plan, _) = plan_of(&base, None);
    let limits = plan.limits;
    let every = |_: &Change| true;
    let sheets = [
        more_data::sheet(&base, &limits),
        memory::sheet(&base, &limits),
        capacity::sheet(&base, &limits, &every),
        splits::sheet(&base, &limits),
        remedies::first_sheet(&plan),
    ];
    let folder = tempfile::tempdir().unwrap();
    let mut first = base.clone();
    first.training.seeds = vec![0, 1, 2];
    std::fs::write(folder.path().join("1-baseline.toml"), first.to_toml()).unwrap();
    for sheet in sheets.into_iter().flatten() {
        let path = folder.path().join(format!("{}.toml", sheet.name));
        std::fs::write(&path, sheet.text("1-baseline.toml", "a")).unwrap();
        let read = Experiment::read(&path, &[], 1000, false).unwrap();
        let ids: Vec<String> = read.trials.iter().map(Trial::id).collect();
        let wanted = sheet.trials(&base).unwrap();
        let all = wanted.baseline.iter().chain(wanted.changes.iter().flatten());
        let mut count = 0;
        for trial in all {
            assert!(ids.contains(&trial.id()), "{}: {}", sheet.name, trial.to_toml());
            count += 1;
        }
        assert_eq!(ids.len(), count, "{}", sheet.name);
    }
    assert!(plan.proposals.len() > 20 && REMEDIES.len() > 20);
}
