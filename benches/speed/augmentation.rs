//! Filling the input of a step, a batch of 100 of CIFAR-10's shape: as they are, and by each transform.

use std::sync::Arc;

use criterion::Criterion;
use runner::data::{
    AugmentationConfig, Augmenter, BatchAt, Border, ColorJitterConfig, CutmixConfig, CutoutConfig,
    HorizontalFlip, MixupConfig, RandomCropConfig, RandomErasingConfig, RandomRotationConfig,
    Splits,
};
use runner::kernel::{BlockedMut, blocked_len};

use crate::table::Table;

const BATCH: usize = 100;
const SHAPE: [usize; 3] = [3, 32, 32];
const FEATURES: usize = 3072;

fn transforms() -> [(&'static str, AugmentationConfig); 11] {
    let off = AugmentationConfig::default;
    let flip_and_crop = AugmentationConfig {
        horizontal_flip: HorizontalFlip::Probability(0.5),
        random_crop: RandomCropConfig { padding: 4, ..RandomCropConfig::default() },
        ..off()
    };
    let color_jitter = ColorJitterConfig { brightness: 0.2, contrast: 0.2, saturation: 0.2 };
    let (cutout, mixup) = (CutoutConfig { size: 8 }, MixupConfig { alpha: 0.2 });
    let cutmix = CutmixConfig { alpha: 1.0, ..CutmixConfig::default() };
    let random_erasing = RandomErasingConfig { probability: 0.5, ..RandomErasingConfig::default() };
    let reflected = RandomCropConfig { border: Border::Reflect, ..flip_and_crop.random_crop };
    let random_rotation = RandomRotationConfig { degrees: 15.0 };
    [
        ("nothing", off()),
        ("flip and crop", flip_and_crop.clone()),
        ("colour jitter", AugmentationConfig { color_jitter, ..off() }),
        ("cutout", AugmentationConfig { cutout, ..off() }),
        ("mixup", AugmentationConfig { mixup, ..off() }),
        ("cutmix", AugmentationConfig { cutmix, ..off() }),
        ("random erasing", AugmentationConfig { random_erasing, ..off() }),
        ("reflected border", AugmentationConfig { random_crop: reflected, ..off() }),
        ("rotation", AugmentationConfig { random_rotation, ..off() }),
        ("trivial augment", AugmentationConfig { trivial_augment: true, ..off() }),
        ("everything", AugmentationConfig { color_jitter, cutout, mixup, ..flip_and_crop }),
    ]
}

/// Measures a batch of each, the epoch being another one every 500 batches.
pub(crate) fn measure(criterion: &mut Criterion, table: &mut Table, splits: &Arc<Splits>) {
    let picks: Vec<u32> = (0..50_000).map(|i| i * 7919 % 50_000).collect();
    for (name, config) in transforms() {
        let mut augmenter = Augmenter::new(&config, SHAPE, 1, BATCH).expect("it fits");
        let mut data = vec![0.0; blocked_len(BATCH, FEATURES)];
        let mut targets = [0; BATCH];
        let mut number = 0;
        table.measure(criterion, ("gather", name), (BATCH, 0.0), |bencher| {
            bencher.iter(|| {
                let (epoch, step) = (number / 500, number % 500);
                let picks = &picks[step as usize * BATCH..][..BATCH];
                let mut inputs = BlockedMut::new(&mut data, BATCH, FEATURES);
                match &mut augmenter {
                    None => {
                        let picks = picks.iter().map(|pick| *pick as usize);
                        splits.gather(&splits.train, picks, &mut inputs, &mut targets);
                    }
                    Some(augmenter) => {
                        let at = BatchAt { epoch, step, threads: 1 };
                        augmenter.gather(splits, picks, at, &mut inputs, &mut targets);
                    }
                }
                number += 1;
            });
        });
    }
}
