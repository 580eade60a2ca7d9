//! A picture as PNG: drawn at twice the size and averaged, because plotters draws lines with hard
//! edges.

use plotters::prelude::*;

use crate::error::Result;
use crate::memory;
use crate::output::plots::draw;
use crate::output::plots::draw::Drawable;
use crate::output::png_bytes;

const SCALE: usize = 2;
const CHANNELS: usize = 3; // RGB
const PAIR: usize = SCALE * CHANNELS; // two pixels side by side

pub(super) fn render(picture: &impl Drawable) -> Result<Vec<u8>> {
    let (width, height) = picture.size();
    let size = (width * SCALE as u32, height * SCALE as u32);
    // At the memory limit, the allocation may be refused, which ends only this trial.
    let mut large = memory::filled((size.0 * size.1) as usize * CHANNELS, 255);
    let area = BitMapBackend::with_buffer(&mut large, size).into_drawing_area();
    draw::draw(&area, picture, SCALE as i32)?;
    drop(area); // releases the buffer
    png_bytes::encode(&halved(&large, width as usize), width, height)
}

/// The mean of each square of pixels.
fn halved(large: &[u8], width: usize) -> Vec<u8> {
    let mut small = memory::with_capacity(large.len() / (SCALE * SCALE));
    for lines in large.chunks_exact(width * SCALE * CHANNELS * SCALE) {
        let (upper, lower) = lines.split_at(width * SCALE * CHANNELS);
        let squares = upper.as_chunks::<PAIR>().0.iter().zip(lower.as_chunks::<PAIR>().0);
        for (above, below) in squares {
            let sum = |c: usize| {
                [above[c], above[c + CHANNELS], below[c], below[c + CHANNELS]].map(u32::from)
            };
            let mean = |c| ((sum(c).iter().sum::<u32>() + 2) / 4) as u8;
            small.extend_from_slice(&[mean(0), mean(1), mean(2)]);
        }
    }
    small
}
