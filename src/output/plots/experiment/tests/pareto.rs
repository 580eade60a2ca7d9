//! The picture of accuracy, gap and cost.

use super::*;
use crate::analysis::pareto::pareto;

/// Configs of which every second is beaten by the one before it.
fn records(count: u32) -> Vec<RunRecord> {
    let one = |n: u32| {
        let (good, dropout) = (n / 2, f64::from(n) / 100.0);
        let val = 0.3 + 0.02 * good as f32 - 0.01 * (n % 2) as f32;
        let rounded = |x: f32| (x * 1000.0).round() / 1000.0;
        let row = row(9, rounded(val + 0.01 * good as f32 + 0.05), Some(rounded(val)), 0.1);
        run(trial(&[(DROPOUT, json!(dropout))], 1), row, row)
    };
    (0..count).map(one).collect()
}

fn cost(run: &RunRecord) -> Option<f64> {
    let dropout = run.trial.pointer("/network/dropout")?.as_f64()?;
    Some(1e9 * libm::pow(10.0, 10.0 * dropout))
}

#[test]
fn the_front_has_numbers_and_names_beside_both_axes() {
    let records = records(24);
    let front = pareto(&records, &cost);
    let plot = pareto_plot(&records, &front).unwrap().expect("a picture");
    if let Some(folder) = std::env::var_os("RUNNER_LOOK_AT_PLOTS") {
        std::fs::write(std::path::Path::new(&folder).join("pareto.png"), &plot.png).unwrap();
    }
    for text in
        ["12 of 24 configs", "gap to validation in points", "cost in billions of operations"]
    {
        assert!(plot.svg.contains(text), "{text}");
    }
    assert!(plot.svg.contains("\ndropout 0.22\n") && !plot.svg.contains("\ndropout 0.21\n"));
}

#[test]
fn equal_configs_are_drawn_and_a_single_one_is_not() {
    let mut all = records(4);
    let rows = all[0].last;
    all.iter_mut().for_each(|run| run.last = rows);
    let front = pareto(&all, &|_| Some(0.0));
    assert_eq!(front.front().count(), 4);
    assert!(pareto_plot(&all, &front).unwrap().is_some());
    let one = pareto(&all[..1], &|_| Some(1.0));
    assert!(pareto_plot(&all[..1], &one).unwrap().is_none());
    let unknown = pareto(&all, &|_| None);
    assert_eq!((unknown.configs.len(), unknown.left_out), (0, 4));
}
