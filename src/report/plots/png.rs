//! A picture as PNG: drawn at twice the size and averaged, because plotters draws lines with hard
//! edges.

use plotters::prelude::*;

use super::draw::{self, Picture};
use crate::error::{Error, Result};

const SCALE: usize = 2;
const CHANNELS: usize = 3; // RGB

pub(super) fn render(picture: &impl Picture) -> Result<Vec<u8>> {
    let (width, height) = picture.size();
    let size = (width * SCALE as u32, height * SCALE as u32);
    let mut large = vec![255; (size.0 * size.1) as usize * CHANNELS];
    let area = BitMapBackend::with_buffer(&mut large, size).into_drawing_area();
    draw::draw(&area, picture, SCALE as i32)?;
    drop(area); // gives the buffer back
    encode(&halved(&large, width as usize, height as usize), width, height)
}

/// The mean of each square of pixels.
fn halved(large: &[u8], width: usize, height: usize) -> Vec<u8> {
    let line = width * SCALE * CHANNELS;
    let mut small = Vec::with_capacity(width * height * CHANNELS);
    for (y, x) in (0..height).flat_map(|y| (0..width).map(move |x| (y, x))) {
        let corner = SCALE * (y * line + x * CHANNELS);
        for channel in corner..corner + CHANNELS {
            let pixels = [channel, channel + CHANNELS, channel + line, channel + line + CHANNELS];
            let sum: u32 = pixels.iter().map(|pixel| u32::from(large[*pixel])).sum();
            small.push(((sum + 2) / 4) as u8);
        }
    }
    small
}

fn encode(pixels: &[u8], width: u32, height: u32) -> Result<Vec<u8>> {
    let broken = |e: png::EncodingError| Error::Unexpected(format!("cannot encode a plot: {e}"));
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::High);
    encoder.set_filter(png::Filter::NoFilter); // flat areas compress best as they are
    let mut writer = encoder.write_header().map_err(broken)?;
    writer.write_image_data(pixels).map_err(broken)?;
    writer.finish().map_err(broken)?;
    Ok(bytes)
}
