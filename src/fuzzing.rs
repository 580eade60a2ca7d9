//! Support for the fuzz targets in `fuzz/`, only with the feature `fuzzing`.

use crate::data::{Dataset, Examples};

/// Reads a `timing.csv`.
pub fn timing(bytes: &[u8]) {
    crate::runs::timing::parse_timing(bytes);
}

/// What a request to the server asks for: the names of files in it, which must be those of lists.
pub fn request(method: &[u8], path: &str, query: &str) -> Vec<String> {
    crate::serve::named_by(method, path, query)
}

/// 20 training and 10 test images of four pixels, in as many classes as the synthetic dataset has:
/// with that dataset's images, the network would be too large to mutate byte by byte.
pub fn small_synthetic() -> Dataset {
    let examples = |count: usize| Examples {
        pixels: (0..count * 4).map(|i| (i * 37 % 251) as u8).collect(),
        labels: (0..count).map(|i| (i % 10) as u16).collect(),
    };
    let names = (0..10).map(|class| class.to_string()).collect();
    Dataset::new([1, 2, 2], names, examples(20), examples(10))
}
