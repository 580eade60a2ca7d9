//! Tables that are not as planned: lost runs, and other numbers of seeds for each change.

use runner::rng::{Purpose, stream};
use runner::stats::{Choice, Design, Replicate, against};

use super::draws::uniform;
use super::tables::{Cell, Spreads};
use super::{asked, chance, parallel, simulations};

const SEED: u64 = 1302;

/// What is uneven.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Uneven {
    /// One run in ten has no figure.
    Lost,
    /// The changes have 2, 3, 4 and 5 seeds in turn, or as many as the cell has.
    Mixed,
}

/// The share of tables without a difference in which one is shown.
fn alarms(cell: &Cell, uneven: Uneven, tables: u64) -> f64 {
    let is_alarm = |index: &u64| {
        let mut stream = stream(SEED, Purpose::Synthetic, uneven as u64, *index);
        let mut table = cell.draw(SEED, *index, &[]);
        match uneven {
            Uneven::Lost => {
                let lost = table.iter_mut().flatten().filter(|_| uniform(&mut stream) < 0.1);
                lost.for_each(|run| run.value = f64::NAN);
            }
            Uneven::Mixed => {
                let changes = table[1..].iter_mut().enumerate();
                changes.for_each(|(index, runs)| runs.truncate(2 + index % 4));
            }
        }
        let got = against(&table[0], &table[1..], 0.0, Choice::Beforehand);
        got.changes.iter().any(|change| change.is_shown())
    };
    (0..tables).filter(is_alarm).count() as f64 / tables as f64
}

fn cells() -> Vec<(Cell, Uneven)> {
    let spreads = [
        Spreads::Equal,
        Spreads::OneToFive,
        Spreads::FiveToOne,
        Spreads::OneIsFive,
        Spreads::BaselineIsFive,
    ];
    let mut cells = Vec::new();
    for (changes, seeds, of_baseline) in
        [(3, 3, 3), (11, 3, 3), (11, 5, 5), (5, 3, 9), (11, 5, 15), (23, 3, 9)]
    {
        for spreads in spreads {
            for uneven in [Uneven::Lost, Uneven::Mixed] {
                let shared = if seeds == of_baseline { 2.0 } else { 0.0 };
                let cell = Cell::new(changes, seeds, of_baseline, spreads);
                cells.push((Cell { shared, ..cell }, uneven));
            }
        }
    }
    cells
}

#[test]
fn uneven_tables_raise_no_more_alarms() {
    let tables = simulations(100);
    let allowed = 0.05 + chance((0.95_f64 * 0.05).sqrt(), tables);
    let cells = cells();
    let rates = parallel(&cells, |(cell, uneven)| alarms(cell, *uneven, tables));
    let worst =
        cells.iter().zip(&rates).max_by(|a, b| a.1.total_cmp(b.1)).expect("there are cells");
    if asked().is_some() {
        for kind in [Uneven::Lost, Uneven::Mixed] {
            let of_kind = cells.iter().zip(&rates).filter(|(cell, _)| cell.1 == kind);
            println!("{:?}", of_kind.max_by(|a, b| a.1.total_cmp(b.1)));
        }
        println!("Uneven tables, worst of {}: {worst:?}", cells.len());
    }
    assert!(*worst.1 <= allowed, "{worst:?}");
}

#[test]
fn lost_runs_do_not_change_the_design() {
    let cell = Cell::new(5, 3, 3, Spreads::Equal);
    let mut table: Vec<Vec<Replicate>> = cell.draw(SEED, 0, &[]);
    table[2][1].value = f64::NAN;
    let got = against(&table[0], &table[1..], 0.0, Choice::Beforehand);
    assert_eq!((got.design, got.family), (Design::PairedBySeed, 5));
}
