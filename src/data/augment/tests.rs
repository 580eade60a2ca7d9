//! All transforms together, on the examples of a dataset.

use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::*;
use crate::data::{Dataset, DatasetConfig, Examples, Scaling, Splits};
use crate::kernel::{BlockedMut, blocked_len};

const SHAPE: [usize; 3] = [3, 11, 9];

/// 40 examples of noise, 10 of them held out.
fn splits(scaling: Scaling) -> Splits {
    let examples = |n: usize| Examples {
        pixels: (0..n * 297).map(|i| (i.wrapping_mul(i) >> 3) as u8).collect(),
        labels: (0..n).map(|i| (i % 5) as u16).collect(),
    };
    let names = (0..5).map(|class| class.to_string()).collect();
    let dataset = Dataset::new(SHAPE, names, examples(40), examples(5));
    let config = DatasetConfig {
        source: crate::data::Cifar10Config {}.into(),
        validation_examples: 10,
        scaling,
        ..DatasetConfig::default()
    };
    Splits::new(Arc::new(dataset), &config).unwrap()
}

fn everything() -> AugmentationConfig {
    AugmentationConfig {
        horizontal_flip: HorizontalFlip::Probability(0.5),
        random_crop: RandomCropConfig { padding: 3, fill: 20, border: Border::Fill },
        color_jitter: ColorJitterConfig { brightness: 0.4, contrast: 0.3, saturation: 0.2 },
        cutout: CutoutConfig { size: 4 },
        mixup: MixupConfig { alpha: 0.5 },
        ..AugmentationConfig::default()
    }
}

/// The transforms and the forms of them that [`everything`] does not have.
fn everything_else() -> AugmentationConfig {
    AugmentationConfig {
        horizontal_flip: HorizontalFlip::Alternating,
        random_crop: RandomCropConfig { padding: 3, fill: 0, border: Border::Reflect },
        trivial_augment: true,
        random_rotation: RandomRotationConfig { degrees: 20.0 },
        random_scaling: RandomScalingConfig { min_factor: 0.8, max_factor: 1.2 },
        random_erasing: RandomErasingConfig { probability: 0.7, ..RandomErasingConfig::default() },
        cutmix: CutmixConfig { alpha: 1.0, probability: 0.8 },
        ..AugmentationConfig::default()
    }
}

/// Without what depends on the batch.
fn unmixed(config: AugmentationConfig) -> AugmentationConfig {
    let (mixup, cutmix) = (MixupConfig::default(), CutmixConfig::default());
    AugmentationConfig { mixup, cutmix, ..config }
}

/// A filled batch: values of each example, classes, other classes with shares.
#[derive(Debug, Clone, PartialEq)]
struct Batch {
    rows: Vec<Vec<f32>>,
    targets: Vec<u16>,
    mixed: Option<(Vec<u16>, Vec<f32>)>,
}

fn filled(config: &AugmentationConfig, splits: &Splits, picks: &[u32], at: BatchAt) -> Batch {
    let mut augmenter =
        Augmenter::new(config, SHAPE, 7, picks.len() + 3).unwrap().expect("it is on");
    let mut data = vec![f32::NAN; blocked_len(picks.len(), 297)];
    let mut inputs = BlockedMut::new(&mut data, picks.len(), 297);
    let mut targets = vec![99; picks.len()];
    augmenter.gather(splits, picks, at, &mut inputs, &mut targets);
    let rows = (0..picks.len())
        .map(|row| inputs.row(row).flat_map(|(_, piece)| piece.to_vec()).collect())
        .collect();
    let of_batch = |(others, shares): (&[u16], &[f32])| {
        (others[..picks.len()].to_vec(), shares[..picks.len()].to_vec())
    };
    Batch { rows, targets, mixed: augmenter.mixed().map(of_batch) }
}

const AT: BatchAt = BatchAt { epoch: 4, step: 2, threads: 1 };

#[test]
fn threads_change_no_bit() {
    let splits = splits(Scaling::Standardize);
    let picks: Vec<u32> = (0..30).rev().collect();
    for config in [everything(), everything_else()] {
        let expected = filled(&config, &splits, &picks, AT);
        for threads in [2, 8] {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            let found =
                pool.install(|| filled(&config, &splits, &picks, BatchAt { threads, ..AT }));
            assert_eq!(found, expected, "{threads} threads");
        }
    }
}

#[test]
fn an_example_is_a_function_of_seed_epoch_and_example() {
    let splits = splits(Scaling::Unit);
    for config in [everything(), everything_else()].map(unmixed) {
        let whole = filled(&config, &splits, &[3, 8, 21], AT);
        let other_batch = filled(&config, &splits, &[8, 1, 8], BatchAt { step: 0, ..AT });
        assert_eq!(other_batch.rows[0], whole.rows[1]);
        assert_eq!(other_batch.rows[2], whole.rows[1], "an example that is drawn twice");
        assert_eq!((other_batch.targets[0], other_batch.mixed), (whole.targets[1], None));
        let other_epoch = filled(&config, &splits, &[3, 8, 21], BatchAt { epoch: 5, ..AT });
        assert!(other_epoch.rows.iter().zip(&whole.rows).all(|(a, b)| a != b));
    }
}

/// The pasted part is the partner's, and as large as the share says.
#[test]
fn a_pasted_example_is_made_of_what_two_are_alone() {
    let splits = splits(Scaling::Standardize);
    let picks: Vec<u32> = (0..30).collect();
    let config = everything_else();
    let (alone, mixed) = (
        filled(&unmixed(config.clone()), &splits, &picks, AT),
        filled(&config, &splits, &picks, AT),
    );
    let (others, shares) = mixed.mixed.unwrap();
    let (mut pasted, mut found) = (0.0, 0.0);
    for (row, share) in shares.iter().enumerate() {
        let partners = alone.rows.iter().zip(&alone.targets);
        let of_class = partners.filter(|(_, class)| **class == others[row]);
        let areas = of_class.filter_map(|(other, _)| {
            let values = alone.rows[row].iter().zip(other).zip(&mixed.rows[row]);
            let is_of_both = values.clone().all(|((own, other), x)| x == own || x == other);
            let is_replaced = |i: usize| mixed.rows[row][i] != alone.rows[row][i];
            is_of_both.then(|| box_around((0..297).filter(|i| is_replaced(*i)).collect()))
        });
        // Some pixels of the two are the same, so what differs may be smaller than the box.
        let area = (1.0 - share) * 99.0;
        let seen = areas.filter(|seen| *seen <= area + 0.01).reduce(f32::max);
        (pasted, found) = (pasted + area, found + seen.expect("a part of a partner"));
    }
    assert!(pasted > 300.0 && found > 0.7 * pasted, "{found} of {pasted}");
}

/// The area of the smallest box that has these values of an image in some channel.
fn box_around(values: Vec<usize>) -> f32 {
    let sides = |of: fn(usize) -> usize| {
        let places = values.iter().map(|i| of(i % 99));
        places.clone().max().zip(places.min()).map_or(0, |(last, first)| last - first + 1)
    };
    (sides(|i| i / 9) * sides(|i| i % 9)) as f32
}

#[test]
fn one_more_transform_leaves_the_others_as_they_were() {
    let splits = splits(Scaling::Unit);
    let picks: Vec<u32> = (0..30).collect();
    let flip_and_crop = AugmentationConfig {
        color_jitter: ColorJitterConfig::default(),
        cutout: CutoutConfig::default(),
        mixup: MixupConfig::default(),
        ..everything()
    };
    let before = filled(&flip_and_crop, &splits, &picks, AT);
    let with_cutout = AugmentationConfig { cutout: CutoutConfig { size: 4 }, ..flip_and_crop };
    let after = filled(&with_cutout, &splits, &picks, AT);
    let mut cut = 0;
    for (a, b) in before.rows.concat().iter().zip(after.rows.concat()) {
        assert!(*a == b || b == 0.0);
        cut += usize::from(*a != b);
    }
    assert!(cut > 30 * 3 * 4, "{cut} values");
}

/// A batch computed straightforwardly: each transform by itself.
#[test]
fn a_mixture_is_made_of_what_the_examples_are_alone() {
    let splits = splits(Scaling::Standardize);
    let alone = AugmentationConfig { mixup: MixupConfig::default(), ..everything() };
    let picks = [5, 17, 2, 29];
    let (alone, mixed) =
        (filled(&alone, &splits, &picks, AT), filled(&everything(), &splits, &picks, AT));
    let (others, shares) = mixed.mixed.unwrap();
    assert_eq!((mixed.targets.clone(), alone.mixed), (alone.targets.clone(), None));
    for (row, share) in shares.iter().enumerate() {
        let is_partner = |other: &usize| {
            let mut values = alone.rows[row].iter().zip(&alone.rows[*other]).zip(&mixed.rows[row]);
            values.all(|((own, other), x)| (share * own + (1.0 - share) * other - x).abs() < 1e-5)
        };
        let partner = (0..4).find(is_partner).expect("one of the batch");
        assert_eq!(others[row], alone.targets[partner]);
    }
}

#[test]
fn without_any_change_it_is_the_plain_gather_to_the_bit() {
    for scaling in [Scaling::Unit, Scaling::Standardize] {
        let splits = splits(scaling);
        // A flip so improbable that it never happens.
        let config = AugmentationConfig {
            horizontal_flip: HorizontalFlip::Probability(1e-30),
            ..AugmentationConfig::default()
        };
        let picks = [0, 9, 4];
        let found = filled(&config, &splits, &picks, AT);
        let mut data = vec![f32::NAN; blocked_len(3, 297)];
        let mut inputs = BlockedMut::new(&mut data, 3, 297);
        let mut targets = [0; 3];
        splits.gather(&splits.train, [0, 9, 4].into_iter(), &mut inputs, &mut targets);
        for (row, found) in found.rows.iter().enumerate() {
            let plain: Vec<f32> = inputs.row(row).flat_map(|(_, piece)| piece.to_vec()).collect();
            assert_eq!(*found, plain);
        }
        assert_eq!(found.targets, targets);
    }
}

#[test]
fn the_border_is_scaled_as_the_pixels_are_and_cutout_is_zero() {
    let splits = splits(Scaling::Standardize);
    let config = AugmentationConfig {
        random_crop: RandomCropConfig { padding: 5, fill: 255, border: Border::Fill },
        cutout: CutoutConfig { size: 2 },
        ..AugmentationConfig::default()
    };
    let picks: Vec<u32> = (0..30).collect();
    let values = filled(&config, &splits, &picks, AT).rows;
    for (channel, std) in splits.scale.std.iter().enumerate() {
        let white = (1.0 - splits.scale.mean[channel]) * (1.0 / std);
        let of_channel = |value: f32| {
            let planes = values.iter().map(|row| &row[channel * 99..][..99]);
            planes.flatten().filter(|x| **x == value).count()
        };
        assert!(of_channel(white) > 30 * 20, "white borders: {}", of_channel(white));
        assert!(of_channel(0.0) >= 30, "blanks: {}", of_channel(0.0));
    }
}

#[test]
fn grey_and_tiny_images_are_changed_too() {
    for shape in [[1, 2, 5], [1, 28, 28], [3, 2, 2], [1, 1, 2]] {
        let features = shape.iter().product::<usize>();
        let examples = |n: usize| Examples {
            pixels: (0..n * features).map(|i| (i * 37 % 256) as u8).collect(),
            labels: vec![0; n],
        };
        let dataset = Dataset::new(shape, vec!["a".to_owned()], examples(9), examples(1));
        let config = DatasetConfig {
            source: crate::data::MnistConfig {}.into(),
            scaling: Scaling::Unit,
            ..DatasetConfig::default()
        };
        let splits = Splits::new(Arc::new(dataset), &config).unwrap();
        let mut config = everything();
        config.random_crop.padding = shape[1] - 1;
        config.cutout.size = 1;
        config.color_jitter.saturation = if shape[0] == 3 { 0.2 } else { 0.0 };
        let mut other = everything_else();
        other.random_crop.padding = shape[1] - 1;
        for config in [config, other] {
            let mut augmenter =
                Augmenter::new(&config.normalized(), shape, 1, 9).unwrap().expect("it is on");
            let mut data = vec![f32::NAN; blocked_len(9, features)];
            let mut inputs = BlockedMut::new(&mut data, 9, features);
            let picks: Vec<u32> = (0..9).collect();
            augmenter.gather(&splits, &picks, AT, &mut inputs, &mut [0; 9]);
            for row in 0..9 {
                let mut values = inputs.row(row).flat_map(|(_, piece)| &*piece);
                assert!(values.all(|x| (-1e-6..=1.0 + 1e-6).contains(x)));
            }
        }
    }
}

/// Like the pinned bits of training, these numbers are part of the numerics.
#[test]
fn augmented_examples_are_pinned() {
    let hash = |config: &AugmentationConfig, scaling| {
        let batch = filled(config, &splits(scaling), &[0, 1, 2, 3, 4, 29], AT);
        let (others, shares) = batch.mixed.expect("examples are mixed");
        let mut hash = Sha256::new();
        batch.rows.concat().iter().for_each(|x| hash.update(x.to_le_bytes()));
        others.iter().for_each(|x| hash.update(x.to_le_bytes()));
        shares.iter().for_each(|x| hash.update(x.to_le_bytes()));
        crate::runs::folder::hex(&hash.finalize())
    };
    let both = |config: &AugmentationConfig| {
        [Scaling::Unit, Scaling::Standardize].map(|scaling| hash(config, scaling)).join("\n")
    };
    insta::assert_snapshot!(both(&everything()));
    insta::assert_snapshot!("augmented_by_everything_else", both(&everything_else()));
}

#[test]
fn what_does_not_fit_the_images_is_an_error_and_no_panic() {
    let built = |shape| Augmenter::new(&everything(), shape, 1, 9);
    for shape in [[3, 3, 9], [1, 11, 9], [297, 1, 1]] {
        assert_eq!(built(shape).unwrap_err().exit_code(), 3);
    }
    assert!(Augmenter::new(&AugmentationConfig::default(), [297, 1, 1], 1, 9).unwrap().is_none());
}
