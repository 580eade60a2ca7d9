use serde_json::{Value, json};

use super::*;
use crate::runs::record::{RunRecord, RunState};
use crate::runs::samples::{row, run, trial};
use crate::table::Format;

/// A search of two seeds for each of six values of Dropout, and what a fresh seed scores.
struct Case {
    by_validation: bool,
    searched: Vec<Vec<f32>>, // by config, then seed
    fresh: Vec<Vec<f32>>,    // by finalist, then seed
}

const DROPOUTS: [f64; 6] = [0.0, 0.1, 0.2, 0.3, 0.4, 0.5];

fn record(dropout: f64, seed: u64, score: f32, by_validation: bool) -> RunRecord {
    let held_out = if by_validation { 5000 } else { 0 };
    let changes: [(&str, Value); 2] =
        [("network.dropout", json!(dropout)), ("dataset.validation_examples", json!(held_out))];
    let val = by_validation.then_some(score);
    let test = if by_validation { score - 0.01 } else { score };
    let last = row(20, 0.9, val, test);
    run(trial(&changes, seed), last, last)
}

impl Case {
    fn search(&self) -> Vec<RunRecord> {
        let configs = DROPOUTS.iter().zip(&self.searched);
        let runs = configs.flat_map(|(dropout, scores)| {
            let seeds = (0..).zip(scores);
            seeds.map(|(seed, score)| record(*dropout, seed, *score, self.by_validation))
        });
        runs.collect()
    }

    fn fresh(&self, search: &RankedSearch<'_>) -> Vec<Vec<RunRecord>> {
        let configs = search.finalists.iter().zip(&self.fresh);
        let runs = configs.map(|(config, scores)| {
            let dropout = config.runs[0].trial.pointer("/network/dropout").unwrap();
            let dropout = dropout.as_f64().unwrap();
            let seeds = (10..).zip(scores);
            seeds.map(|(seed, score)| record(dropout, seed, *score, self.by_validation)).collect()
        });
        runs.collect()
    }

    fn seeds(&self) -> Vec<u64> {
        (10..).take(self.fresh[0].len()).collect()
    }

    fn confirmed_with(&self, change: impl Fn(&mut Vec<Vec<RunRecord>>)) -> Result<Confirmation> {
        let (records, _) = settled(self.search()).unwrap();
        let search = RankedSearch::rank(&records, self.fresh.len()).unwrap();
        let mut fresh = self.fresh(&search);
        change(&mut fresh);
        confirm(&search, &fresh, &self.seeds())
    }

    fn text(&self) -> String {
        shown(&self.confirmed_with(|_| ()).unwrap())
    }
}

fn shown(confirmation: &Confirmation) -> String {
    let Confirmation { table, legend, notes, answer, .. } = confirmation;
    let table = table.render(Format::Table, None).unwrap();
    format!("{table}\n{legend}\n{}\n\n{}\n", notes.join("\n"), answer.join(" "))
}

/// The scores of six equal configs with one seed; those of the fresh seeds are as much noise.
fn all_noise() -> Case {
    Case {
        by_validation: true,
        searched: [0.511, 0.498, 0.537, 0.505, 0.516, 0.493].map(|score| vec![score]).to_vec(),
        fresh: vec![
            vec![0.507, 0.491, 0.512, 0.503, 0.520],
            vec![0.513, 0.499, 0.505, 0.518, 0.509],
            vec![0.502, 0.511, 0.497, 0.508, 0.493],
        ],
    }
}

/// A winner that is truly better, ranked on the test set, with three seeds in the search.
fn real_lead() -> Case {
    Case {
        by_validation: false,
        searched: vec![
            vec![0.481, 0.476, 0.484],
            vec![0.503, 0.509, 0.500],
            vec![0.541, 0.536, 0.548],
        ],
        fresh: vec![vec![0.537, 0.541, 0.530, 0.539], vec![0.505, 0.512, 0.503, 0.507]],
    }
}

#[test]
fn lead_that_was_all_noise_is_called_luck() {
    insta::assert_snapshot!(all_noise().text());
}

#[test]
fn lead_that_is_real_is_shown() {
    insta::assert_snapshot!(real_lead().text());
}

#[test]
fn winner_that_is_worse_is_named_so() {
    let mut case = all_noise();
    case.fresh[0] = vec![0.471, 0.465, 0.468, 0.480, 0.473];
    let confirmation = case.confirmed_with(|_| ()).unwrap();
    insta::assert_snapshot!(confirmation.answer.join("\n"));
}

#[test]
fn one_fresh_seed_says_that_it_shows_no_spread() {
    let mut case = all_noise();
    case.fresh.iter_mut().for_each(|scores| scores.truncate(1));
    insta::assert_snapshot!(case.text());
}

#[test]
fn winner_alone_has_its_own_luck() {
    let mut case = all_noise();
    case.fresh.truncate(1);
    insta::assert_snapshot!(case.text());
    // A search of one config involves no choice.
    case.searched.truncate(1);
    let answer = case.confirmed_with(|_| ()).unwrap().answer.join(" ");
    assert!(answer.starts_with("In the search, the only config: "), "{answer}");
    assert!(!answer.contains("luck"), "{answer}");
}

#[test]
fn fresh_runs_that_did_not_finish_are_counted_and_left_out() {
    let confirmation = all_noise().confirmed_with(|fresh| {
        fresh[0][4].state = RunState::Diverged;
        fresh[1][0].state = RunState::Running;
    });
    let text = shown(&confirmation.unwrap());
    for said in [
        "of 5 fresh runs of dropout 0.2, 1 diverged: left out, which may flatter its mean",
        "of 5 fresh runs of dropout 0.4, 1 running: left out\n",
        "With 3 fresh seeds its lead is",
    ] {
        assert!(text.contains(said), "{said} is not in\n{text}");
    }
    let none = all_noise().confirmed_with(|fresh| {
        fresh[0].iter_mut().for_each(|run| run.state = RunState::Diverged);
    });
    let answer = none.unwrap().answer.join(" ");
    assert!(answer.ends_with("It has no finished run with a fresh seed yet."), "{answer}");
}

#[test]
fn sealed_test_sets_stay_out_of_the_table() {
    let seal = |run: &mut RunRecord| {
        crate::runs::samples::set(run, "evaluation", "test", json!("sealed"));
        let last = run.last.as_mut().unwrap();
        (last.test_accuracy, last.test_loss, last.gap) = (None, None, None);
    };
    let case = all_noise();
    let mut records = case.search();
    records.iter_mut().for_each(seal);
    let (records, _) = settled(records).unwrap();
    let search = RankedSearch::rank(&records, 3).unwrap();
    let mut fresh = case.fresh(&search);
    fresh.iter_mut().flatten().for_each(seal);
    let confirmation = confirm(&search, &fresh, &case.seeds()).unwrap();
    let text = shown(&confirmation);
    assert!(!text.contains("test") && text.contains("val, fresh seeds"), "{text}");
}

#[test]
fn configs_that_are_not_finished_are_no_finalists() {
    let mut records = all_noise().search();
    records[2].state = RunState::Diverged; // the highest score
    records[4].experiments = vec![confirmation_name("cifar10_dropout")];
    let (kept, lines) = settled(records).unwrap();
    assert_eq!(
        lines,
        [
            "1 run of a confirmation is not part of the search",
            "dropout 0.2 is left out: of 1 run, 1 diverged"
        ]
    );
    let search = RankedSearch::rank(&kept, 9).unwrap();
    assert_eq!((search.searched, search.finalists.len()), (4, 4));
    assert_eq!(search.finalists[0].label, "baseline");
    let mut none = all_noise().search();
    none.iter_mut().for_each(|run| run.state = RunState::Failed);
    let error = settled(none).unwrap_err();
    assert_eq!(error.exit_code(), 4);
}

#[test]
fn configs_that_are_tested_on_different_data_have_no_winner() {
    let mut records = real_lead().search();
    crate::runs::samples::set(&mut records[0], "dataset", "kind", json!("mnist"));
    let (records, _) = settled(records).unwrap();
    let error = RankedSearch::rank(&records, 3).unwrap_err();
    assert_eq!(error.exit_code(), 2);
    assert!(error.to_string().contains("(dataset.kind)"), "{error}");
}

#[test]
fn fresh_runs_on_other_data_are_refused() {
    let other = real_lead().confirmed_with(|fresh| {
        let mut provenance = (*fresh[1][2].provenance).clone();
        provenance.data_sha256 = "ef".repeat(32);
        fresh[1][2].provenance = provenance.into();
    });
    assert!(matches!(other, Err(Error::Refused(text)) if text.contains("not seeds of one config")));
}

#[test]
fn programs_get_raw_figures_and_papers_the_runs() {
    let confirmation = all_noise().confirmed_with(|_| ()).unwrap();
    insta::assert_snapshot!(confirmation.table.render(Format::Csv, None).unwrap());
    let evidence = &confirmation.evidence;
    assert!(evidence[0].starts_with("search: evidence: 3 runs"), "{evidence:?}");
    assert!(evidence[4].starts_with("fresh seeds: evidence: 15 runs"), "{evidence:?}");
}
