//! Both plots of any rows: epochs and figures come straight from the input's bytes.
#![no_main]

use libfuzzer_sys::fuzz_target;
use runner::output::plots::{accuracy_plot, loss_plot};
use runner::runs::metrics::MetricsRow;

const MOST_ROWS: usize = 8;

fuzz_target!(|data: &[u8]| {
    let Some((&first, rest)) = data.split_first() else { return };
    let rows: Vec<MetricsRow> =
        rest.as_chunks::<32>().0.iter().take(MOST_ROWS).map(|c| row(c, first)).collect();
    let title = String::from_utf8_lossy(rest.get(rows.len() * 32..).unwrap_or_default());
    for plot in [accuracy_plot(&rows, &title), loss_plot(&rows, &title)] {
        let plot = plot.expect("drawn whatever the rows are");
        runner_fuzz::assert_harmless(&plot.svg);
        assert!(plot.svg.len() < 1 << 20, "{} bytes of SVG", plot.svg.len());
    }
});

fn row(bytes: &[u8; 32], first: u8) -> MetricsRow {
    let (epoch, figures) = bytes.split_first_chunk::<8>().expect("32 bytes");
    let figure = |at: usize| f32::from_le_bytes(figures.as_chunks::<4>().0[at]);
    let epoch = u64::from_le_bytes(*epoch) >> (first & 63);
    let has_validation = first & 64 != 0;
    let has_test = !has_validation || first & 128 == 0;
    MetricsRow {
        epoch,
        step: epoch,
        learning_rate: 0.01,
        batch_loss: None,
        train_loss: figure(0),
        train_accuracy: figure(1),
        val_loss: has_validation.then(|| figure(2)),
        val_accuracy: has_validation.then(|| figure(3)),
        test_loss: has_test.then(|| figure(4)),
        test_accuracy: has_test.then(|| figure(5)),
        gap: has_test.then(|| figure(1) - figure(5)),
        train_clean_accuracy: None,
        train_noisy_accuracy: None,
    }
}
