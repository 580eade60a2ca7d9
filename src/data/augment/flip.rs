//! Mirroring left to right.

use crate::rng::Stream;

/// Whether an image is mirrored, with `probability`.
pub(super) fn draw(probability: f64, stream: &mut Stream) -> bool {
    stream.uniform() < probability
}

/// Mirrors all rows of `width` pixels.
pub(super) fn flip(image: &mut [u8], width: usize) {
    image.chunks_exact_mut(width).for_each(<[u8]>::reverse);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::{Purpose, stream};

    #[test]
    fn every_row_is_mirrored() {
        let mut image = [1, 2, 3, 4, 5, 6];
        flip(&mut image, 3);
        assert_eq!(image, [3, 2, 1, 6, 5, 4]);
        flip(&mut image, 1);
        assert_eq!(image, [3, 2, 1, 6, 5, 4]);
    }

    #[test]
    fn the_share_mirrored_is_the_probability() {
        let mut stream = stream(5, Purpose::Augmentation, 0, 0);
        let mut share = |probability| {
            (0..10_000).filter(|_| draw(probability, &mut stream)).count() as f64 / 1e4
        };
        assert_eq!((share(0.0), share(1.0)), (0.0, 1.0));
        for probability in [0.1, 0.5, 0.9] {
            // 5 standard deviations of a binomial with n = 10,000.
            let tolerance = 5.0 * (probability * (1.0 - probability) / 1e4_f64).sqrt();
            let found = share(probability);
            assert!((found - probability).abs() < tolerance, "{found} of {probability}");
        }
    }
}
