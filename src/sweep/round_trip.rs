//! Decimals in run folders read back bit by bit: checks every file that holds settings or figures,
//! with floats of all kinds.

use std::path::Path;

use serde_json::{Value, json};

use crate::analysis::filter::Filter;
use crate::experiment::{Experiment, MAX_TRIALS, Trial, recorded_id};
use crate::runs::evaluation::{Evaluation, read_evaluation};
use crate::runs::held_out::HeldOutSplit;
use crate::runs::layers::{LayerRow, layers_csv, parse_layers};
use crate::runs::metrics::{MetricsRow, metrics_csv, parse_metrics};
use crate::runs::read::read_record;
use crate::runs::record::{ContinuedFrom, RunRecord, TestRead};
use crate::runs::run_files::RunFolder;
use crate::runs::samples::{row, run, set, trial, write_run};
use crate::runs::timing::{Timing, TimingRow, parse_timing, timing_csv};

/// Random bits: "splitmix64" (Steele et al., 2014).
struct Bits(u64);

impl Bits {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

/// Finite numbers: extremes, subnormals, 17 digits, steps of equal ratio, any bits.
fn doubles() -> Vec<f64> {
    let mut numbers = vec![
        0.0,
        -0.0,
        f64::MAX,
        f64::MIN,
        f64::MIN_POSITIVE,
        5e-324,
        f64::EPSILON,
        0.1,
        1e15,
        1e16,
        1e22,
        1e23,
        9_007_199_254_740_993.0,
        0.030_424_838_979_365_654,
        0.030_424_838_979_365_657,
        0.000_119_377_664_171_443_69,
    ];
    numbers.extend((0..40).map(|step| 10_f64.powf(-4.0 + 3.0 * f64::from(step) / 39.0)));
    let mut bits = Bits(1);
    numbers.extend((0..2000).map(|_| f64::from_bits(bits.next())));
    numbers.extend((0..500).map(|_| f64::from_bits(bits.next() >> 12))); // subnormal
    numbers.extend((0..1000).map(|_| (bits.next() >> 11) as f64 / 2_f64.powi(53)));
    numbers.retain(|number| number.is_finite());
    numbers
}

/// The same for 32 bits; 7.038531e-26 becomes another number if it goes through 64 bits.
fn singles() -> Vec<f32> {
    let mut numbers = vec![
        0.0,
        -0.0,
        f32::MAX,
        f32::MIN,
        f32::MIN_POSITIVE,
        1e-45,
        0.1,
        7.038_531e-26,
        16_777_216.0,
    ];
    let mut bits = Bits(2);
    numbers.extend((0..4000).map(|_| f32::from_bits((bits.next() >> 32) as u32)));
    numbers.extend((0..500).map(|_| f32::from_bits((bits.next() >> 41) as u32))); // subnormal
    numbers.retain(|number| number.is_finite());
    numbers
}

fn bits_of(row: &MetricsRow) -> Vec<Option<u32>> {
    let MetricsRow { learning_rate, batch_loss, train_loss, train_accuracy, .. } = *row;
    let MetricsRow { val_loss, val_accuracy, test_loss, test_accuracy, gap, .. } = *row;
    let MetricsRow { train_clean_accuracy, train_noisy_accuracy, .. } = *row;
    let always = [learning_rate, train_loss, train_accuracy].map(Some);
    let others = [batch_loss, val_loss, val_accuracy, test_loss, test_accuracy, gap];
    let of_noise = [train_clean_accuracy, train_noisy_accuracy];
    always
        .into_iter()
        .chain(others)
        .chain(of_noise)
        .map(|figure| figure.map(f32::to_bits))
        .collect()
}

/// Rows made of eleven numbers each.
fn rows() -> Vec<MetricsRow> {
    let row = |(index, figures): (usize, &[f32])| MetricsRow {
        epoch: index as u64,
        step: index as u64 + 1,
        learning_rate: figures[0],
        batch_loss: Some(figures[1]),
        train_loss: figures[2],
        train_accuracy: figures[3],
        val_loss: Some(figures[4]),
        val_accuracy: Some(figures[5]),
        test_loss: Some(figures[6]),
        test_accuracy: Some(figures[7]),
        gap: Some(figures[8]),
        train_clean_accuracy: Some(figures[9]),
        train_noisy_accuracy: Some(figures[10]),
    };
    singles().chunks_exact(11).enumerate().map(row).collect()
}

#[test]
fn metrics_csv_is_bit_equal() {
    let rows = rows();
    let read = parse_metrics(metrics_csv(&rows).as_bytes()).unwrap();
    assert_eq!(read.len(), rows.len());
    for (read, row) in read.iter().zip(&rows) {
        assert_eq!(bits_of(read), bits_of(row), "{row:?}");
    }
}

#[test]
fn layers_csv_is_bit_equal() {
    let row = |figures: &[f32]| LayerRow {
        epoch: 1,
        step: 2,
        layer: "4.layers.0".to_owned(),
        units: 3,
        weight_norm: figures[0],
        gradient_norm: figures[1],
        dead_share: Some(figures[2]),
        saturated_share: Some(figures[3]),
    };
    let rows: Vec<LayerRow> = singles().chunks_exact(4).map(row).collect();
    let read = parse_layers(layers_csv(&rows).as_bytes()).unwrap();
    let bits = |row: &LayerRow| {
        let shares = [row.dead_share, row.saturated_share].map(|share| share.map(f32::to_bits));
        (row.weight_norm.to_bits(), row.gradient_norm.to_bits(), shares)
    };
    assert!(read.iter().map(bits).eq(rows.iter().map(bits)));
}

/// It is rounded once, at the first write; a resumed run writes the same again.
#[test]
fn timing_csv_is_written_again_as_it_was() {
    let seconds: Vec<f64> = doubles().into_iter().filter(|x| (0.0..1e12).contains(x)).collect();
    let rows: Vec<TimingRow> = seconds
        .chunks_exact(3)
        .map(|of| {
            let [train_seconds, evaluation_seconds, examples_per_second] = [of[0], of[1], of[2]];
            let timing = Timing { train_seconds, evaluation_seconds, examples_per_second };
            TimingRow::new(1, timing)
        })
        .collect();
    let text = timing_csv(&rows);
    let read = parse_timing(text.as_bytes());
    assert_eq!((read.len(), timing_csv(&read)), (rows.len(), text));
}

#[test]
fn run_json_is_bit_equal() {
    let folder = tempfile::tempdir().unwrap();
    let (rows, doubles) = (rows(), doubles());
    for (index, chunk) in doubles.chunks(8).enumerate() {
        let row = rows[index % rows.len()];
        let mut record = run(trial(&[], 1), row, rows[(index + 1) % rows.len()]);
        set(&mut record, "optimizer", "many", json!(chunk));
        record.train_seconds = chunk[0];
        let seconds = chunk[chunk.len() / 2];
        record.continued_from = Some(ContinuedFrom { id: record.id.clone(), step: 1, seconds });
        record.input.scale.mean = vec![row.train_loss, row.train_accuracy];
        record.test_reads = vec![TestRead {
            date: String::new(),
            epoch: 1,
            examples: 1,
            test_loss: row.learning_rate,
            test_accuracy: row.train_loss,
        }];
        let path = write_run(folder.path(), &record);
        let read = read_record(&path).unwrap().unwrap();
        assert_eq!(read.to_bytes(), record.to_bytes());
        assert_eq!(numbers_of(&read), numbers_of(&record));
        for (read, written) in [(read.last, record.last), (read.best, record.best)] {
            assert_eq!(bits_of(&read.unwrap()), bits_of(&written.unwrap()));
        }
    }
}

/// The bits of every number of a record that is not in a row.
fn numbers_of(record: &RunRecord) -> (Vec<u64>, Vec<u32>) {
    let many = record.trial.pointer("/optimizer/many").and_then(Value::as_array).unwrap();
    let many = many.iter().map(|number| number.as_f64().unwrap());
    let others = [record.train_seconds, record.continued_from.as_ref().unwrap().seconds];
    let read = &record.test_reads[0];
    let singles = record.input.scale.mean.iter().chain([&read.test_loss, &read.test_accuracy]);
    (many.chain(others).map(f64::to_bits).collect(), singles.map(|x| x.to_bits()).collect())
}

#[test]
fn evaluation_json_is_bit_equal() {
    let folder = tempfile::tempdir().unwrap();
    let record = run(trial(&[], 1), row(1, 0.5, None, 0.4), row(1, 0.5, None, 0.4));
    for figures in singles().chunks_exact(3) {
        let evaluation = Evaluation {
            version: crate::runs::evaluation::EVALUATION_VERSION,
            split: HeldOutSplit::Test,
            examples: 1,
            loss: figures[0],
            accuracy: figures[1],
            expected_calibration_error: figures[2],
            bins: Vec::new(),
            classes: Vec::new(),
            mistakes: Vec::new(),
            test_time: None,
        };
        let path = folder.path().join("evaluation.json");
        std::fs::write(path, evaluation.to_json()).unwrap();
        let read = read_evaluation(RunFolder { record: &record, path: folder.path() });
        let read = read.unwrap().unwrap();
        let read = [read.loss, read.accuracy, read.expected_calibration_error];
        assert_eq!(read.map(f32::to_bits), [0, 1, 2].map(|i: usize| figures[i].to_bits()));
    }
}

/// The single trial of a file with this text and these `--set`.
fn read_trial(text: &str, sets: &[String]) -> Trial {
    let path = Path::new("trial.toml");
    let experiment = Experiment::from_bytes(path, text.as_bytes(), sets, MAX_TRIALS, false);
    experiment.unwrap_or_else(|error| panic!("{error}: {text}")).trials.remove(0)
}

/// Settings go from the file or `--set` into `trial.toml` and `run.json`, and both say the same.
#[test]
fn settings_are_bit_equal_in_every_file_and_keep_their_id() {
    let runs = tempfile::tempdir().unwrap();
    let text = "dataset = { kind = \"synthetic\" }\n\
        network = { kind = \"mlp\", hidden_sizes = [3] }\n\
        optimizer = { kind = \"adam\" }\ntraining = { epochs = 1 }\n";
    let rates = doubles().into_iter().filter(|rate| (1e-30..1e30).contains(rate));
    for rate in rates.step_by(5) {
        for spelled in [format!("{rate:?}"), format!("{rate:.17e}")] {
            let trial = read_trial(text, &[format!("optimizer.learning_rate={spelled}")]);
            assert_eq!(trial.optimizer.learning_rate().to_bits(), rate.to_bits(), "{spelled}");
            let toml = trial.to_toml();
            let again = read_trial(&toml, &[]);
            assert_eq!(again.optimizer.learning_rate().to_bits(), rate.to_bits(), "{toml}");
            let last = row(1, 0.5, None, 0.4);
            let mut record = run(trial.to_json(), last, last);
            record.id = trial.id();
            let folder = write_run(runs.path(), &record);
            let read = read_record(&folder).unwrap().unwrap();
            assert_eq!(recorded_id(&read.trial.value(), trial.numerics()), trial.id(), "{rate:?}");
            let line = toml.lines().find(|line| line.starts_with("learning_rate = ")).unwrap();
            let condition = line.replace(" = ", " == ");
            let filter = Filter::parse(&condition, std::slice::from_ref(&read), false).unwrap();
            assert!(filter.holds(&read), "--where '{condition}'");
        }
    }
}
