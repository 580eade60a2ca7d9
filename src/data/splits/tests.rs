use super::*;
use crate::data::{Loss, WideColumn};
use crate::kernel::blocked_len;

fn dataset() -> Arc<Dataset> {
    let examples = |n: usize| Examples {
        pixels: (0..n * 8).map(|i| (i * 7 % 256) as u8).collect(),
        labels: (0..n).map(|i| (i % 2) as u16).collect(),
    };
    let names = vec!["a".to_owned(), "b".to_owned()];
    Arc::new(Dataset::new([2, 2, 2], names, examples(20), examples(6)))
}

fn config(validation_examples: usize) -> DatasetConfig {
    DatasetConfig {
        source: crate::data::Cifar10Config {}.into(),
        train_examples: Some(12),
        test_examples: Some(5),
        validation_examples,
        scaling: Scaling::Unit,
        ..DatasetConfig::default()
    }
}

#[test]
fn validation_takes_the_same_number_of_each_class_and_nothing_twice() {
    let splits = Splits::new(dataset(), &config(4)).unwrap();
    assert_eq!((splits.train.len(), splits.validation.len(), splits.test.len()), (8, 4, 5));
    let of_class_0 = splits.validation.positions.iter().filter(|&&p| p % 2 == 0).count();
    assert_eq!(of_class_0, 2);
    let mut all = [splits.train.positions, splits.validation.positions].concat();
    all.sort_unstable();
    assert_eq!(all, (0..12).collect::<Vec<u32>>());
}

#[test]
fn split_depends_on_its_seed_only() {
    let drawn = |split_seed| {
        let config = DatasetConfig { split_seed, ..config(4) };
        Splits::new(dataset(), &config).unwrap().validation
    };
    assert_eq!(drawn(0), drawn(0));
    assert_ne!(drawn(0), drawn(1));
}

#[test]
fn no_class_is_held_out_whole() {
    let error = Splits::new(dataset(), &config(11)).unwrap_err().to_string();
    assert!(error.contains("hold out at most 10 of the first 12"), "{error}");
    let splits = Splits::new(dataset(), &config(10)).unwrap();
    let mut left: Vec<u16> = splits.labels(&splits.train).collect();
    left.sort_unstable();
    assert_eq!(left, [0, 1]);
}

#[test]
fn shares_are_nested_and_leave_the_validation_split_as_it_is() {
    let of = |train_fraction, subset_seed| {
        let config = DatasetConfig { train_fraction, subset_seed, ..config(4) };
        let splits = Splits::new(dataset(), &config).unwrap();
        assert_eq!(splits.train.len(), config.train_sizes().1);
        (splits.train.positions, splits.validation)
    };
    let (whole, validation) = of(1.0, 7);
    assert_eq!(whole, Splits::new(dataset(), &config(4)).unwrap().train.positions);
    for seed in 0..4 {
        let shares = [1.0, 0.75, 0.5, 0.25].map(|share| of(share, seed));
        assert!(shares.iter().all(|(_, held_out)| *held_out == validation));
        let trained = shares.map(|(trained, _)| trained);
        assert_eq!(trained.each_ref().map(Vec::len), [8, 6, 4, 2]);
        for [larger, smaller] in trained.array_windows::<2>() {
            assert!(smaller.iter().all(|position| larger.contains(position)), "{trained:?}");
            let of_class_0 = smaller.iter().filter(|position| **position % 2 == 0).count();
            assert_eq!(2 * of_class_0, smaller.len());
        }
    }
    assert_ne!(of(0.5, 0), of(0.5, 1));
}

#[test]
fn no_class_is_left_out_of_a_share() {
    let config = DatasetConfig { train_fraction: 0.1, ..config(4) };
    let error = Splits::new(dataset(), &config).unwrap_err().to_string();
    let words = "train_fraction = 0.1 leaves class \"b\" without a training example: the smallest share \
                 that has one is 0.188";
    assert!(error.contains(words), "{error}");
}

#[test]
fn standardised_train_pixels_have_mean_0_and_std_1_per_channel() {
    let mut config = config(4);
    config.scaling = Scaling::Standardize;
    let splits = Splits::new(dataset(), &config).unwrap();
    let n = splits.train.len();
    let mut data = vec![0.0; blocked_len(n, 8)];
    let (mut inputs, mut targets) = (BlockedMut::new(&mut data, n, 8), vec![0; n]);
    splits.gather(&splits.train, 0..n, &mut inputs, &mut targets);
    let rows: Vec<f32> = (0..n).flat_map(|i| inputs.row(i).next().unwrap().1.to_vec()).collect();
    for channel in 0..2 {
        let values: Vec<f32> =
            rows.chunks(8).flat_map(|row| row[channel * 4..][..4].to_vec()).collect();
        let mean = values.iter().sum::<f32>() / values.len() as f32;
        let variance = values.iter().map(|x| (x - mean) * (x - mean)).sum::<f32>();
        assert!(mean.abs() < 1e-6, "{mean}");
        assert!((variance / values.len() as f32 - 1.0).abs() < 1e-5, "{variance}");
    }
}

#[test]
fn columns_of_a_table_are_standardised_each_and_constant_ones_are_centred() {
    let labels = || Examples { pixels: Vec::new(), labels: vec![0, 1, 0, 1] };
    // mean 4, variance (9 + 1 + 1 + 9) / 4 = 5; constant; huge
    let train = [1.0, 0.5, 3e38, 3.0, 0.5, -3e38, 5.0, 0.5, 3e38, 7.0, 0.5, -3e38].to_vec();
    let test = vec![4.0, 2.5, 0.0, 9.0, 0.5, 3e38, 4.0, 0.5, 0.0, 4.0, 0.5, 0.0];
    let names = vec!["a".to_owned(), "b".to_owned()];
    let dataset = Dataset::of_numbers(3, names, [labels(), labels()], [train, test].into());
    let config = DatasetConfig { scaling: Scaling::Standardize, ..config(0) };
    let splits = Splits::new(Arc::new(dataset), &config).unwrap();
    let root = 5_f32.sqrt();
    assert_eq!(splits.scale.mean, [4.0, 0.5, 0.0]);
    assert_eq!(splits.scale.std, [root, 1.0, 3e38]);
    let mut data = vec![0.0; blocked_len(2, 3)];
    let (mut inputs, mut targets) = (BlockedMut::new(&mut data, 2, 3), vec![9; 2]);
    splits.gather(&splits.test, 0..2, &mut inputs, &mut targets);
    let row = |inputs: &mut BlockedMut<'_>, i| inputs.row(i).next().unwrap().1.to_vec();
    assert_eq!(row(&mut inputs, 0), [0.0, 2.0, 0.0]);
    assert_eq!(row(&mut inputs, 1), [5.0 / root, 0.0, 1.0]);
    assert_eq!(targets, [0, 1]);
    assert!(splits.pixels(&splits.test, 1).is_empty());
}

#[test]
fn unit_scaling_divides_by_255_to_the_bit() {
    let pixels: Vec<u8> = (0..=255).collect();
    let mut scaled = [0.0; 256];
    scale(&pixels, &mut scaled, 0.0, 1.0);
    assert_eq!(scaled, std::array::from_fn(|x| x as f32 / 255.0));
}

#[test]
fn channels_that_end_within_a_block_have_their_own_scale() {
    let scales = ChannelScale { mean: vec![0.0, 1.0], std: vec![1.0, 0.5], wide: Vec::new() };
    let mut scaled = [0.0; 5];
    scales.apply(2, &[255; 5], &mut scaled, 10);
    assert_eq!(scaled, [1.0, 1.0, 1.0, 0.0, 0.0]);
}

#[test]
fn columns_of_64_bits_are_rounded_after_they_are_scaled() {
    let labels = || Examples { pixels: Vec::new(), labels: vec![0, 1, 0, 1] };
    let offset = 1.7e12;
    let wide = |values: [f64; 4]| values.map(|x| x + offset).to_vec();
    let numbers = Numbers {
        narrow: [[0.0, offset as f32].repeat(4), [2.0, offset as f32].repeat(4)],
        wide: vec![WideColumn {
            column: 1,
            values: [wide([0.0, 1.0, 0.0, 1.0]), wide([3.0, 0.5, 0.0, 1.0])],
            loss: Loss::Shape,
        }],
        beyond: Vec::new(),
        words: Vec::new(),
    };
    let names = vec!["a".to_owned(), "b".to_owned()];
    let dataset = Dataset::of_numbers(2, names, [labels(), labels()], numbers);
    let (train_examples, test_examples) = (None, None);
    let config =
        DatasetConfig { train_examples, test_examples, scaling: Scaling::Standardize, ..config(0) };
    let splits = Splits::new(Arc::new(dataset), &config).unwrap();
    assert_eq!(splits.scale.wide, [WideScale { channel: 1, mean: offset + 0.5, std: 0.5 }]);
    let mut data = vec![0.0; blocked_len(4, 2)];
    let (mut inputs, mut targets) = (BlockedMut::new(&mut data, 4, 2), vec![9; 4]);
    splits.gather(&splits.test, 0..4, &mut inputs, &mut targets);
    let mut column = |i| inputs.row(i).next().unwrap().1.to_vec();
    let rows = [0, 1, 2, 3].map(&mut column);
    assert_eq!(rows, [[2.0, 5.0], [2.0, 0.0], [2.0, -1.0], [2.0, 1.0]]);
}
