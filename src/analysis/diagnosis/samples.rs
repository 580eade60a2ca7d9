//! Made-up curves for the rules' tests: a function of the epoch, with noise that is the same on
//! every machine.

use crate::runs::class_counts::ClassCounts;
use crate::runs::metrics::MetricsRow;
use crate::runs::read::Curves;
use crate::runs::samples::{row, run, set, trial};
use serde_json::json;

/// Between -1 and 1, without a pattern that a few epochs would show.
pub(crate) fn wobble(epoch: u64) -> f64 {
    let hash = epoch.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let hash = (hash ^ (hash >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9) >> 40;
    hash as f64 / f64::from(1 << 23) - 1.0
}

/// A finished run of ten classes without validation: accuracies 50 %, losses 1, changed by `change`
/// at each epoch from 0 to `epochs`.
pub(crate) fn run_of(
    seed: u64,
    epochs: u64,
    mut change: impl FnMut(u64, &mut MetricsRow),
) -> Curves {
    let row_of = |epoch| {
        let mut made = row(epoch, 0.5, None, 0.5);
        (made.train_loss, made.test_loss) = (1.0, Some(1.0));
        (made.batch_loss, made.gap) = ((epoch > 0).then_some(1.0), Some(0.0));
        change(epoch, &mut made);
        made
    };
    let rows: Vec<MetricsRow> = (0..=epochs).map(row_of).collect();
    let best = *crate::runs::metrics::best_row(&rows).expect("there is a row");
    let mut record = run(trial(&[], seed), rows[rows.len() - 1], best);
    record.class_names = (0..10).map(|class| class.to_string()).collect::<Vec<_>>().into();
    record.total_epochs = epochs;
    Curves { record, rows, layers: Vec::new() }
}

/// The run with classes of unequal size: this many of each to train on and to test on.
pub(crate) fn imbalanced(counts: &[usize], mut run: Curves) -> Curves {
    let names = (0..counts.len()).map(|class| class.to_string()).collect::<Vec<_>>();
    let counts =
        ClassCounts { train: counts.to_vec(), test: counts.to_vec(), ..ClassCounts::default() };
    (run.record.class_names, run.record.class_counts) = (names.into(), Some(counts.into()));
    run
}

/// The run, validated on this one of five folds.
pub(crate) fn of_fold(fold: u64, mut run: Curves) -> Curves {
    set(&mut run.record, "dataset", "folds", json!(5));
    set(&mut run.record, "dataset", "fold", json!(fold));
    run
}

/// Runs of the seeds from 1 on.
pub(crate) fn runs_of(seeds: u64, make: fn(u64) -> Curves) -> Vec<Curves> {
    (1..=seeds).map(make).collect()
}

/// Train loss falls to nothing; test loss turns at about epoch 8 and doubles.
pub(crate) fn memorised(seed: u64) -> Curves {
    run_of(seed, 40, |epoch, row| {
        let t = epoch as f64;
        let test = 1.2 + 1.1 * (-t / 2.0).exp() + 0.04 * (t - 8.0).max(0.0);
        row.train_loss = (2.3 * (-t / 6.0).exp()) as f32;
        row.batch_loss = (epoch > 0).then_some(row.train_loss);
        row.test_loss = Some((test + 0.02 * wobble(epoch + 100 * seed)) as f32);
        let accuracy = 0.56 - 0.45 * (-t / 2.0).exp() - 0.0012 * (t - 8.0).max(0.0);
        row.train_accuracy = (1.0 - 0.9 * (-t / 6.0).exp()) as f32;
        row.test_accuracy = Some((accuracy + 0.003 * wobble(epoch + 7 * seed)) as f32);
    })
}

/// Train and test loss fall together and level out, with a small gap: nothing to improve.
pub(crate) fn decaying(seed: u64) -> Curves {
    run_of(seed, 40, |epoch, row| {
        let fit = (-(epoch as f64) / 4.0).exp();
        let noise = 0.004 * wobble(epoch + 100 * seed);
        row.train_loss = (0.30 + 2.0 * fit + noise) as f32;
        row.batch_loss = (epoch > 0).then_some(row.train_loss);
        row.test_loss = Some((0.36 + 1.94 * fit + 2.0 * noise) as f32);
        row.train_accuracy = (0.93 - 0.83 * fit) as f32;
        row.test_accuracy = Some((0.90 - 0.80 * fit + 0.3 * noise) as f32);
    })
}

/// Nothing changes from the first epoch on, at the loss and accuracy of a guess.
pub(crate) fn flat(seed: u64) -> Curves {
    run_of(seed, 20, |epoch, row| {
        let loss = (2.303 + 0.001 * wobble(epoch + 100 * seed)) as f32;
        (row.train_loss, row.test_loss) = (loss, Some(loss));
        row.batch_loss = (epoch > 0).then_some(loss);
        (row.train_accuracy, row.test_accuracy) = (0.1, Some(0.1));
    })
}
