//! How training examples look in the first epochs, for a sheet of pictures: produced by the code
//! that fills a step's input, and turned back into pixels.

use super::TrainingConfig;
use super::batches::EpochOrder;
use crate::data::{AugmentationConfig, Augmenter, BatchAt, Splits};
use crate::error::Result;
use crate::kernel::{BlockedMut, blocked_len};

/// Examples that are shown.
const EXAMPLES: usize = 8;
/// Epochs that are shown of each.
const EPOCHS: u64 = 8;

/// A training example and its changed versions; pixels `[channels, height, width]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AugmentedExample {
    /// Its index among the dataset's training examples, from 0.
    pub example: u64,
    /// As in the dataset.
    pub original: Vec<u8>,
    /// As the network sees it in the first epochs, one after the other.
    pub in_epochs: Vec<Vec<u8>>,
}

/// Some training examples, of different classes if possible, in the first 8 epochs of a run with this seed; none
/// without augmentation.
///
/// # Errors
/// If the augmentation does not fit the examples.
pub fn augmented_examples(
    splits: &Splits,
    augmentation: &AugmentationConfig,
    training: &TrainingConfig,
    seed: u64,
) -> Result<Option<Vec<AugmentedExample>>> {
    let (shape, batch) = (splits.dataset().shape, training.batch_size);
    let augmenter = Augmenter::new(augmentation, shape, seed, batch)?;
    let order = EpochOrder::new(training, splits.train.len());
    Ok(augmenter.map(|augmenter| examples_of(splits, augmenter, order, seed)))
}

/// Some examples as this augmenter changes them in batches of this order.
pub(super) fn examples_of(
    splits: &Splits,
    mut augmenter: Augmenter,
    mut order: EpochOrder,
    seed: u64,
) -> Vec<AugmentedExample> {
    let picks = different_classes(splits);
    let begun = |pick: &u32| AugmentedExample {
        example: splits.position(&splits.train, *pick as usize),
        original: splits.pixels(&splits.train, *pick as usize).to_vec(),
        in_epochs: Vec::new(),
    };
    let mut examples: Vec<AugmentedExample> = picks.iter().map(begun).collect();
    for epoch in 0..EPOCHS {
        order.draw(seed, epoch);
        for (example, pick) in examples.iter_mut().zip(&picks) {
            example.in_epochs.push(pixels_in(splits, &mut augmenter, &order, epoch, *pick));
        }
    }
    examples
}

/// Training examples of each class in turn, in the order of the file.
fn different_classes(splits: &Splits) -> Vec<u32> {
    let classes = splits.dataset().class_names.len();
    let mut of_class: Vec<Vec<u32>> = vec![Vec::new(); classes];
    for pick in 0..splits.train.len() {
        let members = &mut of_class[usize::from(splits.label(&splits.train, pick))];
        if members.len() < EXAMPLES {
            members.push(pick as u32);
        }
    }
    let nth = |n: usize| of_class.iter().filter_map(move |members| members.get(n).copied());
    (0..EXAMPLES).flat_map(nth).take(EXAMPLES).collect()
}

/// The training example `pick` in an epoch, in its batch if that matters. If no batch of the epoch
/// contains it, which can happen when drawing with replacement or without the last batch, it is not mixed.
fn pixels_in(
    splits: &Splits,
    augmenter: &mut Augmenter,
    order: &EpochOrder,
    epoch: u64,
    pick: u32,
) -> Vec<u8> {
    let place = order.place_of(pick).filter(|_| augmenter.mixes());
    let alone = [pick];
    let (step, batch, row) = match place {
        Some((step, row)) => (step, order.batch(step), row),
        None => (0, &alone[..], 0),
    };
    let features = splits.dataset().features();
    let mut data = vec![0.0; blocked_len(batch.len(), features)];
    let mut inputs = BlockedMut::new(&mut data, batch.len(), features);
    let mut targets = vec![0; batch.len()];
    let at = BatchAt { epoch, step, threads: 1 };
    augmenter.gather(splits, batch, at, &mut inputs, &mut targets);
    let values: Vec<f32> = inputs.row(row).flat_map(|(_, piece)| piece.to_vec()).collect();
    splits.scale.to_pixels(&values)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::MixupConfig;
    use crate::train::testing::{config, every_augmentation, trainer};

    #[test]
    fn originals_come_first_and_every_epoch_differs() {
        let config = config();
        let trainer = trainer(&config);
        let splits = trainer.splits();
        let augmentation =
            AugmentationConfig { mixup: MixupConfig::default(), ..every_augmentation() };
        let examples =
            augmented_examples(splits, &augmentation, &config.training, config.training.seeds[0]);
        let examples = examples.unwrap().unwrap();
        assert_eq!(examples.len(), 8);
        let numbers: Vec<u64> = examples.iter().map(|e| e.example).collect();
        let classes: Vec<u64> = numbers.iter().map(|n| n / 3 % 2).collect();
        assert_eq!(classes, [0, 1, 0, 1, 0, 1, 0, 1]);
        for example in &examples {
            let start = example.example as usize * 12;
            let pixels: Vec<u8> = (start..start + 12).map(|i| (i * i % 251) as u8).collect();
            assert_eq!(example.original, pixels);
            assert_eq!(example.in_epochs.len(), 8);
            let distinct: std::collections::HashSet<_> = example.in_epochs.iter().collect();
            assert!(distinct.len() > 5, "{distinct:?}");
        }
        let nothing = AugmentationConfig::default();
        assert_eq!(
            augmented_examples(splits, &nothing, &config.training, config.training.seeds[0])
                .unwrap(),
            None
        );
    }

    #[test]
    fn mixtures_are_those_of_the_batch_and_the_trainer_shows_the_same() {
        let mut config = config();
        config.augmentation = every_augmentation();
        let trainer = trainer(&config);
        let of = |augmentation: &AugmentationConfig| {
            augmented_examples(
                trainer.splits(),
                augmentation,
                &config.training,
                config.training.seeds[0],
            )
            .unwrap()
        };
        let mixed = of(&every_augmentation());
        assert_eq!(trainer.augmented_examples(), mixed);
        let alone = AugmentationConfig { mixup: MixupConfig::default(), ..every_augmentation() };
        assert_ne!(of(&alone), mixed);
    }
}
