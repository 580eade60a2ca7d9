//! What a budget buys, and the sheets of a study as files.

use std::collections::BTreeMap;

use super::*;
use crate::remedies::REMEDIES;

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

#[test]
fn baselines_on_redrawn_data_are_paid_for() {
    let trials = |share: f64| {
        let mut trial = of("network = { kind = 'mlp', hidden_sizes = [9] }\ntraining.epochs = 20");
        trial.dataset.train_fraction = share;
        let plan = Plan::new(&trial, &Budget::of(None), &|_| 1.0).unwrap();
        let line = plan.bill.into_iter().find(|line| line.question == Question::MoreData).unwrap();
        (line.trials.unwrap(), line.flops)
    };
    assert_eq!(trials(1.0), (15, 15.0));
    // Each seed draws its half, but for seed 0, which the baseline has.
    assert_eq!(trials(0.5), (17, 17.0));
}

#[test]
fn shares_of_the_data_keep_their_part_of_warmup() {
    let trial = of("network = { kind = 'mlp', hidden_sizes = [9] }\ntraining.steps = 400\n\
                    schedule = { kind = 'cosine', warmup_steps = 100 }");
    let plan = Plan::new(&trial, &Budget::of(None), &|_| 1.0).unwrap();
    let sheet = more_data::sheet(&trial, &plan.limits).unwrap();
    let warmups: Vec<Option<u64>> = sheet
        .changes
        .iter()
        .map(|change| change.of(&trial).unwrap().schedule.warmup_steps)
        .collect();
    assert_eq!(warmups, [50, 25, 13, 6, 3].map(Some));
    assert_eq!(plan.impossible, [""; 0]);
    let few = of(
        "network = { kind = 'mlp', hidden_sizes = [9] }\ntraining = { epochs = 20, batch_size = 20_000 }",
    );
    let plan = Plan::new(&few, &Budget::of(None), &|_| 1.0).unwrap();
    assert_eq!(plan.impossible.len(), 4, "{:?}", plan.impossible);
    assert!(
        plan.impossible[0].starts_with("25 % of the training examples"),
        "{:?}",
        plan.impossible
    );
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
        splits::sheet(&base, &limits, 0),
        remedies::first_sheet(&plan, 0),
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
