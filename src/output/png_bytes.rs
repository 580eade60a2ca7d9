//! Pixels as a PNG file.

use crate::error::{Error, Result};

/// The bytes of a PNG file of pixels in red, green and blue, row by row.
///
/// Compressed as little as saves much: higher levels take 5 to 18 times as long, for plots that are a third smaller and
/// for pictures of weights and of examples, which are noise, no smaller at all. No filter, because flat areas and
/// doubled pixels compress best as they are.
///
/// # Errors
///
/// [`Error::Unexpected`] if there are not `width * height * 3` bytes, or no pixels.
pub(crate) fn encode(pixels: &[u8], width: u32, height: u32) -> Result<Vec<u8>> {
    let broken = |e: png::EncodingError| Error::Unexpected(format!("cannot encode a picture: {e}"));
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_deflate_compression(png::DeflateCompression::Level(1));
    encoder.set_filter(png::Filter::NoFilter);
    let mut writer = encoder.write_header().map_err(broken)?;
    writer.write_image_data(pixels).map_err(broken)?;
    writer.finish().map_err(broken)?;
    Ok(bytes)
}
