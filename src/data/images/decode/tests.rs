//! Pictures of every kind, damaged ones, and ones that claim to be huge.

use image_webp::WebPEncoder;
use png::{BitDepth, ColorType};

use super::*;

fn png(samples: &[u8], width: u32, height: u32, color: ColorType) -> Vec<u8> {
    deep_png(samples, [width, height], color, BitDepth::Eight)
}

fn deep_png(
    samples: &[u8],
    [width, height]: [u32; 2],
    color: ColorType,
    depth: BitDepth,
) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(color);
    encoder.set_depth(depth);
    encoder.write_header().unwrap().write_image_data(samples).unwrap();
    bytes
}

fn lossless_webp(rgb: &[u8], width: u32, height: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    let color = image_webp::ColorType::Rgb8;
    WebPEncoder::new(&mut bytes).encode(rgb, width, height, color).unwrap();
    bytes
}

fn decoded(bytes: &[u8]) -> DecodedPicture {
    decode(bytes, MOST_DECODED_BYTES).unwrap()
}

#[test]
fn every_kind_of_png_becomes_rgb() {
    let rgb = |samples: &[u8], color| decoded(&png(samples, 1, 1, color)).rgb;
    assert_eq!(rgb(&[1, 2, 3], ColorType::Rgb), [1, 2, 3]);
    assert_eq!(rgb(&[7], ColorType::Grayscale), [7, 7, 7]);
    assert_eq!(rgb(&[0, 0], ColorType::GrayscaleAlpha), [255; 3], "nothing shows white");
    assert_eq!(rgb(&[200, 0, 0, 51], ColorType::Rgba), [244, 204, 204]);
    let wide = [0xff, 0xff, 0x80, 0x80, 0x00, 0x00];
    let wide = deep_png(&wide, [1, 1], ColorType::Rgb, BitDepth::Sixteen);
    assert_eq!(decoded(&wide).rgb, [255, 128, 0]);
}

#[test]
fn palettes_are_looked_up() {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, 2, 1);
    encoder.set_color(ColorType::Indexed);
    encoder.set_depth(BitDepth::One);
    encoder.set_palette(vec![9, 8, 7, 1, 2, 3]);
    encoder.write_header().unwrap().write_image_data(&[0b0100_0000]).unwrap();
    assert_eq!(decoded(&bytes).rgb, [9, 8, 7, 1, 2, 3]);
}

#[test]
fn lossless_webp_keeps_its_pixels() {
    let pixels: Vec<u8> = (0..5 * 3 * 3).map(|i| (i * 5) as u8).collect();
    let bytes = lossless_webp(&pixels, 5, 3);
    assert_eq!(decoded(&bytes), DecodedPicture { width: 5, height: 3, rgb: pixels });
}

/// `tests/parity/make_resize.py`: 16 x 8 pixels, the left half red, the right half blue, and on its
/// side by EXIF.
const TURNED: &[u8] = include_bytes!("../../../../tests/data/turned.jpg");

#[test]
fn jpeg_is_turned_as_its_exif_says() {
    let picture = decoded(TURNED);
    assert_eq!((picture.width, picture.height), (8, 16));
    let at = |x: usize, y: usize| &picture.rgb[(y * 8 + x) * 3..][..3];
    assert!(at(4, 2)[0] > 200 && at(4, 2)[2] < 60, "red above: {:?}", at(4, 2));
    assert!(at(4, 13)[2] > 200 && at(4, 13)[0] < 60, "blue below: {:?}", at(4, 13));
}

/// `tests/data/make_pictures.py`. Decoders may differ in pictures with losses, also versions of one, and these pixels
/// decide the hash of a dataset and with it the ids of runs: if this fails, ids would change.
#[test]
fn pixels_of_pictures_with_losses_are_pinned() {
    let hash = |bytes: &[u8]| {
        let DecodedPicture { width, height, rgb } = decoded(bytes);
        assert_eq!((width, height), (37, 27));
        crate::runs::folder::hex(&<sha2::Sha256 as sha2::Digest>::digest(rgb))
    };
    let jpeg = include_bytes!("../../../../tests/data/losses.jpg");
    assert_eq!(hash(jpeg), "7042f760260b9a536ccb623ee65009db95ba51af1abfeec4587079ec12bb5bc7");
    let webp = include_bytes!("../../../../tests/data/losses.webp");
    assert_eq!(hash(webp), "2ad93f4ac0ff3bcb23ac8c90813949141729f6e09abad4b25032b320aa8b135f");
}

#[test]
fn what_is_no_picture_says_why() {
    let problem = |bytes: &[u8]| decode(bytes, MOST_DECODED_BYTES).unwrap_err();
    assert_eq!(problem(b""), "is empty");
    assert_eq!(problem(b"hello"), "is not a PNG, JPEG or WebP file");
    assert_eq!(problem(b"GIF89a\x01\0\x01\0\0\0\0"), "is not a PNG, JPEG or WebP file");
    let whole = png(&[5; 300], 10, 10, ColorType::Rgb);
    for bytes in [&whole[..], TURNED] {
        for length in 1..bytes.len() - 20 {
            drop(decode(&bytes[..length], MOST_DECODED_BYTES)); // no panic
        }
        assert!(problem(&bytes[..bytes.len() / 2]).starts_with("cannot be decoded: "));
    }
}

#[test]
fn damaged_files_are_errors_or_other_pictures_and_never_panics() {
    let pixels: Vec<u8> = (0..8 * 8 * 3).map(|i| (i * i % 251) as u8).collect();
    let webp = lossless_webp(&pixels, 8, 8);
    let png = png(&pixels, 8, 8, ColorType::Rgb);
    for whole in [&png[..], &webp, TURNED] {
        for (position, mask) in (0..whole.len()).flat_map(|i| [(i, 1), (i, 0x80), (i, 0xff)]) {
            let mut damaged = whole.to_vec();
            damaged[position] ^= mask;
            if let Ok(picture) = decode(&damaged, 1 << 20) {
                assert_eq!(picture.rgb.len(), 3 * picture.width * picture.height);
            }
        }
    }
}

#[test]
fn a_small_file_that_claims_to_be_huge_is_refused_before_it_is_decoded() {
    let bytes = png(&[0; 300], 10, 10, ColorType::Rgb);
    assert_eq!(
        decode(&bytes, 299).unwrap_err(),
        "is too large: 10 x 10 pixels take 1 MB when decoded, at most 0 MB are taken"
    );
    assert!(decode(&bytes, 300).is_ok());
    let grey = png(&[0; 100], 10, 10, ColorType::Grayscale);
    let flaw = decode(&grey, 299).unwrap_err();
    assert!(flaw.starts_with("is too large: 10 x 10 pixels take 1 MB"), "grey is RGB: {flaw}");
    let mut huge = png(&[0; 3], 1, 1, ColorType::Rgb);
    huge[16..24].copy_from_slice(&[0x7f, 0xff, 0xff, 0xff, 0x7f, 0xff, 0xff, 0xff]);
    let mut checksum = flate2::Crc::new();
    checksum.update(&huge[12..29]);
    huge[29..33].copy_from_slice(&checksum.sum().to_be_bytes());
    let most = MOST_DECODED_BYTES / 1_000_000;
    assert_eq!(
        decode(&huge, MOST_DECODED_BYTES).unwrap_err(),
        format!("is too large: to decode it would take more than {most} MB").as_str()
    );
}

#[test]
fn a_thin_picture_is_refused_with_its_size() {
    for (width, height) in [(1, 200_000), (200_000, 1)] {
        let bytes = png(&vec![7; 200_000], width, height, ColorType::Grayscale);
        let expected =
            format!("is too large: {width} x {height} pixels, at most 131072 a side are possible");
        assert_eq!(decode(&bytes, MOST_DECODED_BYTES).unwrap_err(), expected);
        let (width, height) = (width.min(131_072), height.min(131_072));
        let taken = png(&vec![7; 131_072], width, height, ColorType::Grayscale);
        assert!(decode(&taken, MOST_DECODED_BYTES).is_ok());
    }
}
