//! A file's bytes -> an RGB picture of 8 bits: PNG, JPEG and WebP, the first frame of an animation,
//! turned as its EXIF orientation says.
//!
//! The pixels are the same on every CPU: PNG and WebP are decoded in integers, JPEG by a decoder
//! that was built without SIMD, and everything after that is our own integer arithmetic.

use crate::error::Flaw;
use std::io::Cursor;

use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits, RgbImage};
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

/// The most bytes of a decoded picture: 89 megapixels of RGB. A small file can claim far more.
pub const MOST_DECODED_BYTES: u64 = 1 << 28;
/// The most pixels of a side; JPEG and WebP allow at most half of it. A file of some kilobytes can
/// claim rows of millions and stay within the byte limit.
const MOST_SIDE: usize = 1 << 17;
/// Red, green and blue: the format of every decoded picture.
const RGB_BYTES: u64 = 3;
/// Memory of decoders besides the picture: tables, a row, a frame of an animation.
const DECODER_BYTES: u64 = 1 << 26;

/// A decoded picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecodedPicture {
    /// Width in pixels, at least 1.
    pub width: usize,
    /// Height in pixels, at least 1.
    pub height: usize,
    /// `[height, width, 3]`: red, green, blue.
    pub rgb: Vec<u8>,
}

/// Decodes a file of at most `most_bytes` when decoded. Transparent pixels get a white background,
/// 16 bits are rounded to 8.
///
/// # Errors
/// Says what is wrong with the file, after "it".
pub fn decode(bytes: &[u8], most_bytes: u64) -> Result<DecodedPicture, Flaw> {
    if bytes.is_empty() {
        return Err(Flaw::from("is empty"));
    }
    match image::guess_format(bytes) {
        Ok(ImageFormat::Jpeg) => decode_jpeg(bytes, most_bytes),
        Ok(format @ (ImageFormat::Png | ImageFormat::WebP)) => {
            decode_other(bytes, format, most_bytes)
        }
        _ => Err(Flaw::from("is not a PNG, JPEG or WebP file")),
    }
}

fn decode_jpeg(bytes: &[u8], most_bytes: u64) -> Result<DecodedPicture, Flaw> {
    let damaged = |e: zune_jpeg::errors::DecodeErrors| undecodable(&e);
    // Strict: otherwise a cut-off part would silently become grey.
    let options = DecoderOptions::default().set_use_unsafe(false).set_strict_mode(true);
    let options =
        options.set_max_width(usize::from(u16::MAX)).set_max_height(usize::from(u16::MAX));
    let options = options.jpeg_set_out_colorspace(ColorSpace::RGB);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    decoder.decode_headers().map_err(damaged)?;
    let (width, height) = decoder.dimensions().unwrap_or((0, 0));
    check_size([width, height], 0, most_bytes)?;
    let orientation = decoder.exif().and_then(|exif| Orientation::from_exif_chunk(exif));
    let rgb = decoder.decode().map_err(damaged)?;
    turned(width, height, rgb, orientation.unwrap_or(Orientation::NoTransforms))
}

fn decode_other(
    bytes: &[u8],
    format: ImageFormat,
    most_bytes: u64,
) -> Result<DecodedPicture, Flaw> {
    let damaged = |error: image::ImageError| match error {
        image::ImageError::Limits(_) => {
            let most = most_bytes / 1_000_000;
            format!("is too large: to decode it would take more than {most} MB")
        }
        other => undecodable(&other),
    };
    let mut limits = Limits::default();
    limits.max_alloc = Some(most_bytes.saturating_add(DECODER_BYTES));
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(damaged)?;
    let (width, height) = decoder.dimensions();
    check_size([width as usize, height as usize], decoder.total_bytes(), most_bytes)?;
    // Without a readable orientation, the pixels are still used.
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let image = DynamicImage::from_decoder(decoder).map_err(damaged)?;
    let (width, height) = (image.width() as usize, image.height() as usize);
    turned(width, height, rgb_of(image)?, orientation)
}

/// In one line, because decoders may add line breaks.
fn undecodable(problem: &dyn std::error::Error) -> String {
    let problem = problem.to_string();
    let words: Vec<&str> = problem.split_whitespace().collect();
    format!("cannot be decoded: {}", words.join(" "))
}

/// Checks a picture's claimed size against the limits: `decoded` bytes in the file's pixel format.
fn check_size([width, height]: [usize; 2], decoded: u64, most_bytes: u64) -> Result<(), Flaw> {
    let pixels = (width as u64).saturating_mul(height as u64);
    let bytes = pixels.saturating_mul(RGB_BYTES).max(decoded);
    if pixels == 0 {
        return Err(Flaw::from("has no pixels"));
    }
    if width.max(height) > MOST_SIDE {
        return Err(Flaw::from(format!(
            "is too large: {width} x {height} pixels, at most {MOST_SIDE} a side are possible"
        )));
    }
    if bytes > most_bytes {
        return Err(Flaw::from(format!(
            "is too large: {width} x {height} pixels take {} MB when decoded, at most {} MB are taken",
            bytes.div_ceil(1_000_000),
            most_bytes / 1_000_000
        )));
    }
    Ok(())
}

/// Rotates and mirrors as the orientation says.
fn turned(
    width: usize,
    height: usize,
    rgb: Vec<u8>,
    orientation: Orientation,
) -> Result<DecodedPicture, Flaw> {
    let image = RgbImage::from_raw(width as u32, height as u32, rgb);
    let mut image = DynamicImage::ImageRgb8(image.ok_or("cannot be decoded: pixels are missing")?);
    image.apply_orientation(orientation);
    Ok(DecodedPicture {
        width: image.width() as usize,
        height: image.height() as usize,
        rgb: image.into_bytes(),
    })
}

/// The samples of any kind of picture as 8-bit RGB, in integers.
fn rgb_of(image: DynamicImage) -> Result<Vec<u8>, Flaw> {
    let narrow = |samples: &[u16]| samples.iter().map(|&sample| to_8_bits(sample)).collect();
    let (samples, channels): (Vec<u8>, usize) = match image {
        DynamicImage::ImageRgb8(image) => return Ok(image.into_raw()),
        DynamicImage::ImageLuma8(image) => (image.into_raw(), 1),
        DynamicImage::ImageLumaA8(image) => (image.into_raw(), 2),
        DynamicImage::ImageRgba8(image) => (image.into_raw(), 4),
        DynamicImage::ImageLuma16(image) => (narrow(&image), 1),
        DynamicImage::ImageLumaA16(image) => (narrow(&image), 2),
        DynamicImage::ImageRgb16(image) => (narrow(&image), 3),
        DynamicImage::ImageRgba16(image) => (narrow(&image), 4),
        other => {
            return Err(Flaw::from(format!("has an unknown pixel format: {:?}", other.color())));
        }
    };
    let pixel = |pixel: &[u8]| match *pixel {
        [grey] => [grey; 3],
        [grey, alpha] => [over_white(grey, alpha); 3],
        [red, green, blue, alpha] => [red, green, blue].map(|color| over_white(color, alpha)),
        [red, green, blue] => [red, green, blue],
        _ => [0; 3],
    };
    Ok(samples.chunks_exact(channels).flat_map(pixel).collect())
}

fn to_8_bits(sample: u16) -> u8 {
    ((u32::from(sample) + 128) / 257) as u8
}

fn over_white(color: u8, alpha: u8) -> u8 {
    let (color, alpha) = (u32::from(color), u32::from(alpha));
    ((color * alpha + 255 * (255 - alpha) + 127) / 255) as u8
}

#[cfg(test)]
mod tests {
    use image::{ExtendedColorType, ImageEncoder};

    use super::*;

    fn png(samples: &[u8], width: u32, height: u32, color: ExtendedColorType) -> Vec<u8> {
        let mut bytes = Vec::new();
        let encoder = image::codecs::png::PngEncoder::new(&mut bytes);
        encoder.write_image(samples, width, height, color).unwrap();
        bytes
    }

    fn decoded(bytes: &[u8]) -> DecodedPicture {
        decode(bytes, MOST_DECODED_BYTES).unwrap()
    }

    #[test]
    fn every_kind_of_png_becomes_rgb() {
        let rgb = |samples: &[u8], color| decoded(&png(samples, 1, 1, color)).rgb;
        assert_eq!(rgb(&[1, 2, 3], ExtendedColorType::Rgb8), [1, 2, 3]);
        assert_eq!(rgb(&[7], ExtendedColorType::L8), [7, 7, 7]);
        assert_eq!(rgb(&[0, 0], ExtendedColorType::La8), [255; 3], "nothing shows white");
        assert_eq!(rgb(&[200, 0, 0, 51], ExtendedColorType::Rgba8), [244, 204, 204]);
        let wide = [0xff, 0xff, 0x80, 0x80, 0x00, 0x00];
        assert_eq!(rgb(&wide, ExtendedColorType::Rgb16), [255, 128, 0]);
    }

    #[test]
    fn palettes_are_looked_up() {
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, 2, 1);
        encoder.set_color(png::ColorType::Indexed);
        encoder.set_depth(png::BitDepth::One);
        encoder.set_palette(vec![9, 8, 7, 1, 2, 3]);
        encoder.write_header().unwrap().write_image_data(&[0b0100_0000]).unwrap();
        assert_eq!(decoded(&bytes).rgb, [9, 8, 7, 1, 2, 3]);
    }

    #[test]
    fn lossless_webp_keeps_its_pixels() {
        let pixels: Vec<u8> = (0..5 * 3 * 3).map(|i| (i * 5) as u8).collect();
        let mut bytes = Vec::new();
        let encoder = image::codecs::webp::WebPEncoder::new_lossless(&mut bytes);
        encoder.write_image(&pixels, 5, 3, ExtendedColorType::Rgb8).unwrap();
        assert_eq!(decoded(&bytes), DecodedPicture { width: 5, height: 3, rgb: pixels });
    }

    /// `tests/parity/make_resize.py`: 16 x 8 pixels, the left half red, the right half blue, and on its
    /// side by EXIF.
    const TURNED: &[u8] = include_bytes!("../../../tests/data/turned.jpg");

    #[test]
    fn jpeg_is_turned_as_its_exif_says() {
        let picture = decoded(TURNED);
        assert_eq!((picture.width, picture.height), (8, 16));
        let at = |x: usize, y: usize| &picture.rgb[(y * 8 + x) * 3..][..3];
        assert!(at(4, 2)[0] > 200 && at(4, 2)[2] < 60, "red above: {:?}", at(4, 2));
        assert!(at(4, 13)[2] > 200 && at(4, 13)[0] < 60, "blue below: {:?}", at(4, 13));
    }

    #[test]
    fn what_is_no_picture_says_why() {
        let problem = |bytes: &[u8]| decode(bytes, MOST_DECODED_BYTES).unwrap_err();
        assert_eq!(problem(b""), "is empty");
        assert_eq!(problem(b"hello"), "is not a PNG, JPEG or WebP file");
        assert_eq!(problem(b"GIF89a\x01\0\x01\0\0\0\0"), "is not a PNG, JPEG or WebP file");
        let whole = png(&[5; 300], 10, 10, ExtendedColorType::Rgb8);
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
        let mut webp = Vec::new();
        let encoder = image::codecs::webp::WebPEncoder::new_lossless(&mut webp);
        encoder.write_image(&pixels, 8, 8, ExtendedColorType::Rgb8).unwrap();
        let png = png(&pixels, 8, 8, ExtendedColorType::Rgb8);
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
        let bytes = png(&[0; 300], 10, 10, ExtendedColorType::Rgb8);
        assert_eq!(
            decode(&bytes, 299).unwrap_err(),
            "is too large: 10 x 10 pixels take 1 MB when decoded, at most 0 MB are taken"
        );
        assert!(decode(&bytes, 300).is_ok());
        let grey = png(&[0; 100], 10, 10, ExtendedColorType::L8);
        let flaw = decode(&grey, 299).unwrap_err();
        assert!(flaw.starts_with("is too large: 10 x 10 pixels take 1 MB"), "grey is RGB: {flaw}");
        let mut huge = png(&[0; 3], 1, 1, ExtendedColorType::Rgb8);
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
            let bytes = png(&vec![7; 200_000], width, height, ExtendedColorType::L8);
            let expected = format!(
                "is too large: {width} x {height} pixels, at most 131072 a side are possible"
            );
            assert_eq!(decode(&bytes, MOST_DECODED_BYTES).unwrap_err(), expected);
            let (width, height) = (width.min(131_072), height.min(131_072));
            let taken = png(&vec![7; 131_072], width, height, ExtendedColorType::L8);
            assert!(decode(&taken, MOST_DECODED_BYTES).is_ok());
        }
    }
}
