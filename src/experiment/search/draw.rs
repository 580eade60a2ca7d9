//! Numbers of a search and an axis -> a share of the axis, in [0, 1). All in integers and exact
//! steps, so that every machine draws the same points.

use sha2::{Digest, Sha256};

use super::space::SpaceAxis;
use crate::rng::{Purpose, stream};

/// The number of points of `sobol_burley`'s Sobol sequence.
pub(super) const MOST_SOBOL_POINTS: u64 = 1 << 16;
/// The number of its dimensions.
pub(super) const MOST_SOBOL_AXES: u32 = sobol_burley::NUM_DIMENSIONS;

/// How points are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sampler {
    /// Independent numbers (Bergstra & Bengio, 2012, <https://jmlr.org/papers/v13/bergstra12a.html>).
    Random { seed: u64 },
    /// Owen-scrambled Sobol points (Burley, 2020, <https://jcgt.org/published/0009/04/01/>), which fill
    /// the space evenly.
    Sobol { scramble: u32 },
}

impl Sampler {
    /// The sequence of this seed.
    pub(super) fn sobol(seed: u64) -> Sampler {
        Sampler::Sobol { scramble: stream(seed, Purpose::SearchScramble, 0, 0).next_u32() }
    }

    /// A point's position on an axis: a function of the seed, the axis' key (random) or its
    /// position in the file (Sobol), and the point's number.
    pub(super) fn share(self, axis: &SpaceAxis, point: u64) -> f64 {
        match self {
            Sampler::Random { seed } => {
                stream(seed, Purpose::SearchPoint, number_of(&axis.path), point).uniform()
            }
            Sampler::Sobol { scramble } => {
                let point = u32::try_from(point).expect("the reader knows the sequence's length");
                f64::from(sobol_burley::sample(point, axis.dimension, scramble))
            }
        }
    }
}

/// A number for a key, independent of its position in the file.
fn number_of(path: &[String]) -> u64 {
    let hash: [u8; 32] = Sha256::digest(path.join(".")).into();
    u64::from_le_bytes(std::array::from_fn(|byte| hash[byte]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Origin;
    use crate::experiment::search::space::Values;

    fn axis(key: &str, dimension: u32) -> SpaceAxis {
        let path = key.split('.').map(str::to_owned).collect();
        let values = Values::Choices(Vec::new());
        SpaceAxis { path, key_origin: Origin::start_of(0), dimension, values }
    }

    const SAMPLERS: [fn(u64) -> Sampler; 2] = [|seed| Sampler::Random { seed }, Sampler::sobol];

    /// A change here gives every search new points without runs.
    #[test]
    fn points_are_pinned() {
        let shares = SAMPLERS.map(|sampler| {
            let axes = [axis("optimizer.learning_rate", 0), axis("network.dropout", 1)];
            let point = |n| axes.each_ref().map(|axis| sampler(7).share(axis, n));
            [0, 1, 2, 40_000].map(point)
        });
        insta::assert_debug_snapshot!(shares);
    }

    #[test]
    fn seeds_and_axes_draw_different_shares() {
        for sampler in SAMPLERS {
            let share = |seed, key, dimension| sampler(seed).share(&axis(key, dimension), 3);
            let all = [share(0, "a.b", 0), share(1, "a.b", 0), share(0, "a.c", 1)];
            assert!(all[0] != all[1] && all[0] != all[2], "{all:?}");
        }
    }

    #[test]
    fn random_shares_do_not_depend_on_the_place_of_a_key() {
        let share = |dimension| Sampler::Random { seed: 1 }.share(&axis("a.b", dimension), 3);
        assert_eq!(share(0), share(9));
    }

    /// The shares of the first `points` points on two axes, by the cells of a board.
    fn cells(sampler: Sampler, points: u64, [columns, rows]: [usize; 2]) -> Vec<usize> {
        let axes = [axis("a.b", 0), axis("a.c", 1)];
        let mut counts = vec![0; columns * rows];
        for point in 0..points {
            let [x, y] = axes.each_ref().map(|axis| sampler.share(axis, point));
            counts[(x * columns as f64) as usize * rows + (y * rows as f64) as usize] += 1;
        }
        counts
    }

    #[test]
    fn the_first_sobol_points_fill_every_cell_alike_at_powers_of_two() {
        for seed in 0..20 {
            for points in [16, 32, 64] {
                for board in [[16, 1], [8, 2], [4, 4], [2, 8], [1, 16]] {
                    let counts = cells(Sampler::sobol(seed), points, board);
                    assert!(
                        counts.iter().all(|&n| n == points as usize / 16),
                        "{board:?} {counts:?}"
                    );
                }
            }
        }
    }

    #[test]
    fn random_points_are_uniform() {
        let counts = cells(Sampler::Random { seed: 5 }, 16_000, [4, 4]);
        // 5 standard deviations of a binomial with n = 16,000 and p = 1/16.
        assert!(counts.iter().all(|&n| n.abs_diff(1000) < 154), "{counts:?}");
    }
}
