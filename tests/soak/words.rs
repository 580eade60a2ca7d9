//! What a user reads under the table of `compare`: how often the words claim a difference where there is
//! none.

use runner::analysis::compare::{CompareOptions, compare};
use runner::runs::record::RunRecord;

use super::draws::{Shape, draw};
use super::runs::run;
use super::simulations;

/// Finished runs of configs that differ in their dropout, with these train and test accuracies in
/// hundredths around 0.9 and 0.5.
fn runs(train: &[Vec<f64>], test: &[Vec<f64>]) -> Vec<RunRecord> {
    let accuracy = |middle: f64, value: f64| (middle + 0.01 * value) as f32;
    let of_config = |config: usize| {
        let one = |seed: usize| {
            let (train, test) = (train[config][seed], test[config][seed]);
            let accuracies = [accuracy(0.9, train), accuracy(0.5, test)];
            run(config as f64 / 100.0, seed as u64, accuracies)
        };
        (0..test[config].len()).map(one).collect::<Vec<_>>()
    };
    (0..test.len()).flat_map(of_config).collect()
}

/// Whether the words claim a change of test accuracy against the baseline, and one of the gap.
fn claims(records: &[RunRecord]) -> [bool; 2] {
    let comparison = compare(records, &CompareOptions::default()).expect("no column is asked for");
    assert!(comparison.answer[0].starts_with("Against the baseline "), "{:?}", comparison.answer);
    let any = |is: &dyn Fn(&str) -> bool| comparison.verdicts.iter().any(|line| is(line));
    [
        any(&|line| line.starts_with("raises ") || line.starts_with("lowers ")),
        any(&|line| line.contains("narrows the gap") || line.contains("widens the gap")),
    ]
}

/// The shares of `tables` without any difference in which the words claim one in test accuracy,
/// and in that or in the gap.
pub(crate) fn claimed(shape: Shape, configs: usize, seeds: usize, tables: u64) -> [f64; 2] {
    let mut alarms = [0.0; 2];
    for table in 0..tables {
        let test = draw(shape, configs, seeds, table);
        let train = draw(shape, configs, seeds, table + tables);
        let [in_test, in_gap] = claims(&runs(&train, &test));
        alarms[0] += f64::from(u8::from(in_test));
        alarms[1] += f64::from(u8::from(in_test || in_gap));
    }
    alarms.map(|count| count / tables as f64)
}

#[test]
fn compare_names_no_difference_where_there_is_none() {
    let rates = claimed(Shape::Equal, 6, 3, simulations(100));
    assert!(rates.iter().all(|rate| *rate <= 0.05), "{rates:?}");
    let train = draw(Shape::Equal, 6, 3, 100);
    let mut apart = draw(Shape::Equal, 6, 3, 0);
    apart[5].iter_mut().for_each(|figure| *figure += 30.0);
    assert_eq!(claims(&runs(&train, &apart)), [true, true]);
}
