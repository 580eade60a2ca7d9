//! Whether the intervals of changes cover the true differences, and whether noise is called a difference where
//! the baseline is the best of the same figures.

use runner::stats::{Choice, Replicate, against};

use super::many_to_one::{SEED, SHARED, compare};
use super::tables::{Cell, Spreads};
use super::{asked, chance, simulations};

/// The share of tables in which the interval of a difference misses the true one.
fn missed(cell: &Cell, tables: u64) -> f64 {
    let means: Vec<f64> = (0..=cell.changes).map(|i| 0.7 * i as f64 - 2.0).collect();
    let misses = |index: &u64| {
        let got = compare(cell, &cell.draw(SEED, *index, &means));
        got.changes.iter().zip(&means[1..]).any(|(change, mean)| {
            let truth = 0.01 * (mean - means[0]);
            change.interval().is_none_or(|[low, high]| truth < low || truth > high)
        })
    };
    (0..tables).filter(misses).count() as f64 / tables as f64
}

/// The share of tables without a difference in which one is shown from the config with the best mean.
fn alarms_after_looking(cell: &Cell, tables: u64) -> f64 {
    let mean =
        |runs: &Vec<Replicate>| runs.iter().map(|run| run.value).sum::<f64>() / runs.len() as f64;
    let is_alarm = |index: &u64| {
        let mut table = cell.draw(SEED, *index, &[]);
        table.sort_by(|a, b| mean(b).total_cmp(&mean(a)));
        let got = against(&table[0], &table[1..], 0.0, Choice::AfterLooking);
        got.changes.iter().any(|change| change.is_shown())
    };
    (0..tables).filter(is_alarm).count() as f64 / tables as f64
}

/// Prints a rate where simulations are asked for.
fn tell(what: &str, cell: &Cell, rate: f64) {
    if asked().is_some() {
        let Cell { changes, seeds, of_baseline, spreads, .. } = cell;
        let rate = 100.0 * rate;
        println!(
            "{what}: {rate:.2} % ({changes} changes, {seeds} seeds, {of_baseline}, {spreads:?})"
        );
    }
}

#[test]
fn intervals_of_changes_cover_the_true_differences() {
    let tables = simulations(200);
    let allowed = 0.05 + chance((0.95_f64 * 0.05).sqrt(), tables);
    for (cell, shared) in [
        (Cell::new(3, 3, 3, Spreads::Equal), SHARED),
        (Cell::new(5, 5, 10, Spreads::OneIsFive), 0.0),
        (Cell::new(11, 3, 9, Spreads::FiveToOne), 0.0),
        (Cell::new(11, 5, 5, Spreads::Heavy), SHARED),
    ] {
        let rate = missed(&Cell { shared, ..cell }, tables);
        tell("Intervals that miss a true difference", &cell, rate);
        assert!(rate <= allowed, "{cell:?}: {rate}");
    }
}

#[test]
fn noise_is_hardly_ever_a_change_from_the_best() {
    let tables = simulations(200);
    let allowed = 0.05 + chance((0.95_f64 * 0.05).sqrt(), tables);
    for spreads in [Spreads::Equal, Spreads::OneToFive, Spreads::OneIsFive] {
        for (changes, seeds) in [(1, 3), (5, 3), (11, 5)] {
            let cell = Cell::new(changes, seeds, seeds, spreads);
            let rate = alarms_after_looking(&cell, tables);
            tell("False alarms from the best", &cell, rate);
            assert!(rate <= allowed, "{cell:?}: {rate}");
        }
    }
}
