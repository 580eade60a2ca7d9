//! A picture's file: PNG, JPEG or WebP, decoded, turned and brought to the size of an example.
#![no_main]

use libfuzzer_sys::fuzz_target;
use runner::config::keys::Word;
use runner::data::images::{Aspect, Color, PictureFormat, ResizeFilter, decode};

/// A small file may claim a large picture: this much is decoded, and no more.
const MOST_BYTES: u64 = 1 << 22;

fuzz_target!(|data: &[u8]| {
    let Some((&first, bytes)) = data.split_first() else { return };
    let Ok(picture) = decode(bytes, MOST_BYTES) else { return };
    assert_eq!(picture.rgb.len(), picture.width * picture.height * 3);
    let first = usize::from(first);
    let format = PictureFormat {
        height: 1 + first % 7,
        width: 1 + first % 5,
        color: Color::WORDS[first % Color::WORDS.len()].1,
        aspect: Aspect::WORDS[first / 2 % Aspect::WORDS.len()].1,
        resize_filter: ResizeFilter::WORDS[first % ResizeFilter::WORDS.len()].1,
    };
    let [channels, height, width] = format.shape();
    assert_eq!(format.apply(picture).len(), channels * height * width);
});
