//! A file's bytes -> an RGB picture of 8 bits: PNG, JPEG and WebP, the first frame of an animation,
//! turned as its EXIF orientation says.
//!
//! The pixels are the same on every CPU: PNG and WebP are decoded in integers, JPEG by a decoder
//! that was built without SIMD, and everything after that is our own integer arithmetic.

use std::io::Cursor;

use image_webp::{DecodingError as WebPError, WebPDecoder};
use png::DecodingError as PngError;
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

use super::orientation::Orientation;
use super::picture::DecodedPicture;
use crate::error::Flaw;

/// The most bytes of a decoded picture: 89 megapixels of RGB. A small file can claim far more.
pub const MOST_DECODED_BYTES: u64 = 1 << 28;
/// The most pixels of a side; JPEG and WebP allow at most half of it. A file of some kilobytes can
/// claim rows of millions and stay within the byte limit.
const MOST_SIDE: usize = 1 << 17;
/// Red, green and blue: the format of every decoded picture.
const RGB_BYTES: usize = 3;
/// Memory of decoders besides the picture: tables, a row, a frame of an animation.
const DECODER_BYTES: u64 = 1 << 26;

/// Decodes a file of at most `most_bytes` when decoded. Transparent pixels get a white background,
/// 16 bits are rounded to 8.
///
/// # Errors
/// Says what is wrong with the file, after "it".
pub fn decode(bytes: &[u8], most_bytes: u64) -> Result<DecodedPicture, Flaw> {
    if bytes.is_empty() {
        return Err(Flaw::from("is empty"));
    }
    match bytes {
        [0xff, 0xd8, 0xff, ..] => decode_jpeg(bytes, most_bytes),
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => decode_png(bytes, most_bytes),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => {
            decode_webp(bytes, most_bytes)
        }
        _ => Err(Flaw::from("is not a PNG, JPEG or WebP file")),
    }
}

fn decode_jpeg(bytes: &[u8], most_bytes: u64) -> Result<DecodedPicture, Flaw> {
    let damaged = |error: zune_jpeg::errors::DecodeErrors| undecodable(&error.to_string());
    // Strict: otherwise a cut-off part would silently become grey.
    let options = DecoderOptions::default().set_use_unsafe(false).set_strict_mode(true);
    let options =
        options.set_max_width(usize::from(u16::MAX)).set_max_height(usize::from(u16::MAX));
    let options = options.jpeg_set_out_colorspace(ColorSpace::RGB);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    decoder.decode_headers().map_err(damaged)?;
    let (width, height) = decoder.dimensions().unwrap_or((0, 0));
    check_size([width, height], RGB_BYTES, most_bytes)?;
    let orientation = Orientation::of_exif(decoder.exif().map(Vec::as_slice));
    let rgb = decoder.decode().map_err(damaged)?;
    whole(width, height, rgb).map(|picture| orientation.turned(picture))
}

fn decode_png(bytes: &[u8], most_bytes: u64) -> Result<DecodedPicture, Flaw> {
    let damaged = |error| match error {
        PngError::IoError(error) => undecodable(&error.to_string()),
        PngError::Format(problem) => undecodable(&format!("Format error decoding Png: {problem}")),
        PngError::Parameter(problem) => {
            undecodable(&format!("The parameter is malformed: {problem}"))
        }
        PngError::LimitsExceeded => {
            let most = most_bytes / 1_000_000;
            format!("is too large: to decode it would take more than {most} MB")
        }
    };
    let most = usize::try_from(most_bytes.saturating_add(DECODER_BYTES)).unwrap_or(usize::MAX);
    let limits = png::Limits { bytes: most };
    let mut decoder = png::Decoder::new_with_limits(Cursor::new(bytes), limits);
    // Palettes and fewer than 8 bits become 8 bits; 16 stay, because ours are rounded.
    decoder.set_transformations(png::Transformations::EXPAND);
    let mut reader = decoder.read_info().map_err(damaged)?;
    let (width, height) = reader.info().size();
    let (width, height) = (width as usize, height as usize);
    let (color, depth) = reader.output_color_type();
    let is_wide = depth == png::BitDepth::Sixteen;
    let pixel_bytes = color.samples() * if is_wide { 2 } else { 1 };
    check_size([width, height], pixel_bytes, most_bytes)?;
    let orientation = Orientation::of_exif(reader.info().exif_metadata.as_deref());
    let mut samples = vec![0; width * height * pixel_bytes];
    reader.next_frame(&mut samples).map_err(damaged)?;
    if is_wide {
        let narrow = |sample: &[u8]| to_8_bits(u16::from_be_bytes([sample[0], sample[1]]));
        samples = samples.chunks_exact(2).map(narrow).collect();
    }
    let rgb = rgb_of(samples, color.samples());
    whole(width, height, rgb).map(|picture| orientation.turned(picture))
}

fn decode_webp(bytes: &[u8], most_bytes: u64) -> Result<DecodedPicture, Flaw> {
    let damaged = |error| match error {
        WebPError::IoError(error) => undecodable(&error.to_string()),
        other => undecodable(&format!("Format error decoding WebP: {other}")),
    };
    let mut decoder = WebPDecoder::new(Cursor::new(bytes)).map_err(damaged)?;
    let (width, height) = decoder.dimensions();
    let (width, height) = (width as usize, height as usize);
    let channels = if decoder.has_alpha() { 4 } else { 3 };
    check_size([width, height], channels, most_bytes)?;
    // Without a readable orientation, the pixels are still used.
    let orientation = Orientation::of_exif(decoder.exif_metadata().ok().flatten().as_deref());
    let mut samples = vec![0; width * height * channels];
    decoder.read_image(&mut samples).map_err(damaged)?;
    whole(width, height, rgb_of(samples, channels)).map(|picture| orientation.turned(picture))
}

/// In one line, because decoders may add line breaks.
fn undecodable(problem: &str) -> String {
    let words: Vec<&str> = problem.split_whitespace().collect();
    format!("cannot be decoded: {}", words.join(" "))
}

/// Checks a picture's claimed size against the limits: as RGB, and in the file's own pixel format.
fn check_size(
    [width, height]: [usize; 2],
    pixel_bytes: usize,
    most_bytes: u64,
) -> Result<(), Flaw> {
    let pixels = (width as u64).saturating_mul(height as u64);
    let bytes = pixels.saturating_mul(pixel_bytes.max(RGB_BYTES) as u64);
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

/// The picture, if its pixels are all there.
fn whole(width: usize, height: usize, mut rgb: Vec<u8>) -> Result<DecodedPicture, Flaw> {
    let bytes = width * height * RGB_BYTES;
    if rgb.len() < bytes {
        return Err(Flaw::from("cannot be decoded: pixels are missing"));
    }
    rgb.truncate(bytes);
    Ok(DecodedPicture { width, height, rgb })
}

/// Samples of grey or RGB, with or without alpha, as RGB.
fn rgb_of(samples: Vec<u8>, channels: usize) -> Vec<u8> {
    let pixel = |pixel: &[u8]| match *pixel {
        [grey] => [grey; 3],
        [grey, alpha] => [over_white(grey, alpha); 3],
        [red, green, blue, alpha] => [red, green, blue].map(|color| over_white(color, alpha)),
        _ => [0; 3],
    };
    match channels {
        RGB_BYTES => samples,
        _ => samples.chunks_exact(channels).flat_map(pixel).collect(),
    }
}

fn to_8_bits(sample: u16) -> u8 {
    ((u32::from(sample) + 128) / 257) as u8
}

fn over_white(color: u8, alpha: u8) -> u8 {
    let (color, alpha) = (u32::from(color), u32::from(alpha));
    ((color * alpha + 255 * (255 - alpha) + 127) / 255) as u8
}

#[cfg(test)]
mod tests;
