//! Random streams as a function of (seed, purpose, index, counter), never of earlier draws.
//!
//! The seed, the purpose and an index (for example a layer) give the key of a ChaCha8 generator;
//! the counter (an epoch or a step) is the number of its stream. We have our own samplers, because
//! those of `rand` and `rand_distr` may change their output between versions.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use sha2::{Digest, Sha256};

/// What random numbers are used for. Two purposes never share a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Initial weights; index: the layer.
    WeightInit,
    /// Order or draw of the examples; counter: the epoch.
    Batches,
    /// Dropout masks; index: the layer, counter: the step.
    Dropout,
    /// Draw of the validation examples; index: the class.
    ValidationSplit,
    /// Draw of the parts of cross-validation; index: the class.
    Folds,
    /// The seed of all draws of a run that validates on one of several parts; index: the part.
    FoldSeed,
    /// Draw of a share of the training examples; index: the class.
    TrainSubset,
    /// Which training labels are drawn anew, and the new ones; index: the example.
    LabelNoise,
    /// Draw of the test examples of the user's own data; index: the class.
    TestSplit,
    /// Synthetic images; index: what is drawn, counter: which one.
    Synthetic,
    /// Changes of training examples; index: the epoch, counter: 8 times the example (or the step,
    /// for a whole batch) plus what is drawn, of 8 draws; the next 8 have the same plus 2^60.
    Augmentation,
    /// Which configs start at which rung of Hyperband.
    Brackets,
    /// Points of a random search; index: the key that is drawn, counter: the point.
    SearchPoint,
    /// Scrambling of the points of a Sobol sequence.
    SearchScramble,
    /// Candidates of a search that learns; counter: the point.
    SearchModel,
    /// Examples for checking an exported model if the data is missing.
    ModelCheck,
}

impl Purpose {
    fn name(self) -> &'static str {
        match self {
            Purpose::WeightInit => "weight_init",
            Purpose::Batches => "batches",
            Purpose::Dropout => "dropout",
            Purpose::ValidationSplit => "validation_split",
            Purpose::Folds => "folds",
            Purpose::FoldSeed => "fold_seed",
            Purpose::TrainSubset => "train_subset",
            Purpose::LabelNoise => "label_noise",
            Purpose::TestSplit => "test_split",
            Purpose::Synthetic => "synthetic",
            Purpose::Augmentation => "augmentation",
            Purpose::Brackets => "brackets",
            Purpose::SearchPoint => "search_point",
            Purpose::SearchScramble => "search_scramble",
            Purpose::SearchModel => "search_model",
            Purpose::ModelCheck => "model_check",
        }
    }
}

/// The key of a family of streams: everything but the counter.
#[derive(Debug, Clone)]
pub struct StreamKey([u8; 32]);

impl StreamKey {
    /// The key for `purpose` and `index` under `seed`.
    pub fn new(seed: u64, purpose: Purpose, index: u64) -> StreamKey {
        let mut hash = Sha256::new();
        hash.update(b"runner random stream 1\n");
        hash.update(seed.to_le_bytes());
        hash.update(index.to_le_bytes());
        hash.update(purpose.name());
        StreamKey(hash.finalize().into())
    }

    /// The stream numbered `counter`.
    pub fn stream(&self, counter: u64) -> Stream {
        let mut rng = ChaCha8Rng::from_seed(self.0);
        rng.set_stream(counter);
        Stream(rng)
    }
}

/// The stream of (seed, purpose, index, counter).
pub fn stream(seed: u64, purpose: Purpose, index: u64, counter: u64) -> Stream {
    StreamKey::new(seed, purpose, index).stream(counter)
}

/// A sequence of random numbers.
#[derive(Debug, Clone)]
pub struct Stream(ChaCha8Rng);

impl Stream {
    /// 32 random bits.
    pub fn next_u32(&mut self) -> u32 {
        self.0.next_u32()
    }

    /// 64 random bits.
    pub fn next_u64(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// Skips the next `words` values of `next_u32`. Only at the stream's start.
    pub fn skip_words(&mut self, words: u64) {
        self.0.set_word_pos(u128::from(words));
    }

    /// Fills `bytes` with random bits.
    pub fn fill_bytes(&mut self, bytes: &mut [u8]) {
        self.0.fill_bytes(bytes);
    }

    /// Uniform in `0..bound`, without bias (Lemire, 2019, <https://arxiv.org/abs/1805.10941>).
    ///
    /// # Panics
    /// If `bound` is 0.
    pub fn below(&mut self, bound: u32) -> u32 {
        assert!(bound > 0, "nothing lies below 0");
        let mut product = u64::from(self.next_u32()) * u64::from(bound);
        if (product as u32) < bound {
            let threshold = bound.wrapping_neg() % bound;
            while (product as u32) < threshold {
                product = u64::from(self.next_u32()) * u64::from(bound);
            }
        }
        (product >> 32) as u32
    }

    /// Uniform in [0, 1), a multiple of 2^-53.
    pub fn uniform(&mut self) -> f64 {
        (self.next_u64() >> 11) as f64 * (1.0 / (1u64 << 53) as f64)
    }

    /// Standard normal (Box & Muller, 1958), by the functions of `libm` that are the same everywhere.
    pub fn normal(&mut self) -> f64 {
        let radius = (-2.0 * libm::log(1.0 - self.uniform())).sqrt();
        radius * libm::cos(2.0 * std::f64::consts::PI * self.uniform())
    }

    /// Shuffles `items` (Fisher & Yates).
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            let bound = u32::try_from(last + 1).expect("splits have fewer than 2^32 examples");
            items.swap(last, self.below(bound) as usize);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_differ_by_every_part_of_their_name() {
        let first =
            |seed, purpose, index, counter| stream(seed, purpose, index, counter).next_u64();
        let all = [
            first(1, Purpose::Dropout, 2, 3),
            first(2, Purpose::Dropout, 2, 3),
            first(1, Purpose::Batches, 2, 3),
            first(1, Purpose::Dropout, 3, 3),
            first(1, Purpose::Dropout, 2, 4),
        ];
        let distinct: std::collections::HashSet<_> = all.iter().collect();
        assert_eq!(distinct.len(), all.len());
        assert_eq!(all[0], first(1, Purpose::Dropout, 2, 3));
    }

    #[test]
    fn first_numbers_are_pinned() {
        let mut stream = stream(1, Purpose::WeightInit, 0, 0);
        let seen = (stream.next_u32(), stream.below(1000), stream.uniform(), stream.normal());
        insta::assert_debug_snapshot!(seen);
    }

    #[test]
    fn below_is_uniform_and_within_its_bound() {
        let mut stream = stream(7, Purpose::Batches, 0, 0);
        let mut counts = [0u32; 7];
        for _ in 0..70_000 {
            counts[stream.below(7) as usize] += 1;
        }
        // 5 standard deviations of a binomial with n = 70,000 and p = 1/7.
        assert!(counts.iter().all(|&n| n.abs_diff(10_000) < 463), "{counts:?}");
    }

    #[test]
    fn normal_has_mean_0_and_variance_1() {
        let mut stream = stream(7, Purpose::WeightInit, 0, 0);
        let draws: Vec<f64> = (0..100_000).map(|_| stream.normal()).collect();
        let mean = draws.iter().sum::<f64>() / 1e5;
        let variance = draws.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / 1e5;
        assert!(mean.abs() < 0.016, "{mean}");
        assert!((variance - 1.0).abs() < 0.023, "{variance}");
    }

    #[test]
    fn shuffle_keeps_every_item() {
        let mut items: Vec<u32> = (0..1000).collect();
        stream(7, Purpose::Batches, 0, 1).shuffle(&mut items);
        assert_ne!(items, (0..1000).collect::<Vec<_>>());
        items.sort_unstable();
        assert_eq!(items, (0..1000).collect::<Vec<_>>());
    }
}
