//! Tabulates the levels of Welch's interval in `src/stats/welch_levels.rs`.

use runner::stats::{Choice, against};

use super::parallel;
use super::tables::{Cell, PROMISED, Seeds};

/// Of the random numbers; the proof in `many_to_one.rs` has others.
const SEED: u64 = 1201;

/// Less than 5 %, because a level comes out a little too large or too small by chance.
const TARGET: f64 = 0.044;

const CHANGES: [usize; 9] = [1, 2, 3, 5, 8, 11, 16, 23, 47];
const SEEDS: [usize; 7] = [2, 3, 4, 5, 7, 10, 20];

/// Whether the difference of one change from few seeds depends on ties of coarse figures.
fn has_ties(cell: &Cell) -> bool {
    cell.changes == 1 && cell.seeds <= 3
}

/// The largest level with which at most the target share of tables shows a difference.
fn largest_level(cell: Cell, tables: u64) -> f64 {
    let smallest = |index: u64| {
        let table = cell.draw(SEED, index, &[]);
        let got = against(&table[0], &table[1..], cell.resolution(), Choice::Beforehand);
        got.changes.iter().filter_map(|change| change.smallest_level()).fold(1.0, f64::min)
    };
    let mut levels: Vec<f64> = (0..tables).map(smallest).collect();
    levels.sort_by(f64::total_cmp);
    levels[(TARGET * tables as f64) as usize]
}

/// The cells of one column, before their spreads.
fn column(changes: usize, seeds: usize, column: usize) -> Option<Cell> {
    let of_baseline = match column {
        0 => (seeds / 3).max(2),
        1 | 6 => seeds,
        _ => seeds * [2, 3, 5, 10][column - 2],
    };
    let kind = if column == 6 { Seeds::Same } else { Seeds::Apart };
    let cell = Cell { kind, ..Cell::new(changes, seeds, of_baseline, PROMISED[0]) };
    (column < 6 || changes >= 3).then_some(cell)
}

#[test]
fn tabulate() {
    // Minutes of work: RUNNER_LEVELS=10000 cargo test --test soak tabulate -- --nocapture
    let Some(tables) = std::env::var("RUNNER_LEVELS").ok().and_then(|count| count.parse().ok())
    else {
        return;
    };
    for changes in CHANGES {
        let columns = |seeds| (0..7).map(move |index| column(changes, seeds, index));
        let cells: Vec<Option<Cell>> = SEEDS.into_iter().flat_map(columns).collect();
        let levels = parallel(&cells, |cell| {
            let of = |cell: Cell| {
                let examples = if has_ties(&cell) { &[0, 100][..] } else { &[0] };
                let of = |examples: &u32| {
                    PROMISED.map(|spreads| {
                        largest_level(Cell { spreads, examples: *examples, ..cell }, tables)
                    })
                };
                examples.iter().flat_map(of).collect::<Vec<f64>>()
            };
            cell.map(|cell| of(cell).into_iter().fold(1.0, f64::min))
        });
        println!("    [ // {changes}");
        for row in levels.chunks(7) {
            let row: Vec<String> =
                row.iter().map(|level| format!("{:.2e}", level.unwrap_or(0.0))).collect();
            println!("        [{}],", row.join(", "));
        }
        println!("    ],");
    }
}
