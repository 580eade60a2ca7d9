//! Operations on the colours of an image of bytes, bit by bit those of torchvision's functions for tensors of
//! `uint8`: blends are computed in 32 bits and cut off, not rounded.

use crate::data::augment::ImageSize;

/// Weights of red, green and blue in a pixel's grey (ITU-R 601-2).
const LUMA: [f32; 3] = [0.2989, 0.587, 0.114];
/// Values of a byte.
const VALUES: usize = 256;

/// `factor` of a pixel and the rest of something else. Fused operations would give other bits.
fn blend(pixel: u8, other: f32, factor: f64) -> u8 {
    let (own, rest) = (factor as f32, (1.0 - factor) as f32);
    (own * f32::from(pixel) + rest * other) as u8 // saturates, as torchvision clamps
}

/// `adjust_brightness`
pub(super) fn brightness(image: &mut [u8], factor: f64) {
    image.iter_mut().for_each(|x| *x = blend(*x, 0.0, factor));
}

/// `adjust_contrast`
pub(super) fn contrast(image: &mut [u8], shape: ImageSize, factor: f64) {
    let plane = shape.plane();
    let sum: u64 = match shape.channels {
        3 => (0..plane).map(|i| u64::from(grey(image, plane, i))).sum(),
        _ => image.iter().map(|x| u64::from(*x)).sum(),
    };
    let pixels = if shape.channels == 3 { plane } else { image.len() };
    let mean = sum as f32 / pixels as f32;
    image.iter_mut().for_each(|x| *x = blend(*x, mean, factor));
}

/// `adjust_saturation`; an image with one channel has none.
pub(super) fn saturation(image: &mut [u8], shape: ImageSize, factor: f64) {
    if shape.channels != 3 {
        return;
    }
    let plane = shape.plane();
    for i in 0..plane {
        let grey = f32::from(grey(image, plane, i));
        image[i..].iter_mut().step_by(plane).for_each(|x| *x = blend(*x, grey, factor));
    }
}

/// `rgb_to_grayscale` of pixel `i` of a plane.
fn grey(image: &[u8], plane: usize, i: usize) -> u8 {
    let [red, green, blue] = [0, 1, 2].map(|channel| f32::from(image[channel * plane + i]));
    (LUMA[0] * red + LUMA[1] * green + LUMA[2] * blue) as u8
}

/// `adjust_sharpness`: a blend with the image smoothed by a 3x3 filter, whose border stays.
pub(super) fn sharpness(image: &mut [u8], shape: ImageSize, factor: f64, before: &mut [u8]) {
    let ImageSize { height, width, .. } = shape;
    if height <= 2 || width <= 2 {
        return;
    }
    before.copy_from_slice(image);
    let planes = before.chunks_exact(shape.plane());
    for (before, plane) in planes.zip(image.chunks_exact_mut(shape.plane())) {
        for (i, x) in plane.iter_mut().enumerate() {
            let (row, column) = (i / width, i % width);
            let is_inside = (1..height - 1).contains(&row) && (1..width - 1).contains(&column);
            let smoothed = if is_inside { smoothed(before, i, width) } else { *x };
            *x = blend(*x, f32::from(smoothed), factor);
        }
    }
}

/// The mean of a pixel, five times, and its eight neighbours, rounded: never halfway between two.
fn smoothed(plane: &[u8], i: usize, width: usize) -> u8 {
    let rows = [i - width, i, i + width].into_iter();
    let of_row = |i: usize| plane[i - 1..=i + 1].iter().map(|x| u32::from(*x)).sum::<u32>();
    let sum = rows.map(of_row).sum::<u32>() + 4 * u32::from(plane[i]);
    ((2 * sum + 13) / 26) as u8
}

/// `posterize`: only the highest `bits` stay.
pub(super) fn posterize(image: &mut [u8], bits: u32) {
    let mask = u8::try_from((0xff00_u32 >> bits) & 0xff).unwrap_or(0xff);
    image.iter_mut().for_each(|x| *x &= mask);
}

/// `solarize`: what is `threshold` or more is inverted.
pub(super) fn solarize(image: &mut [u8], threshold: f64) {
    for x in image {
        *x = if f64::from(*x) >= threshold { 255 - *x } else { *x };
    }
}

/// `autocontrast`: each channel is stretched to 0 to 255; a channel of one value stays.
pub(super) fn autocontrast(image: &mut [u8], shape: ImageSize) {
    for plane in image.chunks_exact_mut(shape.plane()) {
        let ends = plane.iter().fold((255, 0), |(least, most), x| (*x.min(&least), *x.max(&most)));
        let (least, most) = (f32::from(ends.0), f32::from(ends.1));
        if least < most {
            let scale = 255.0 / (most - least);
            plane.iter_mut().for_each(|x| *x = ((f32::from(*x) - least) * scale) as u8);
        }
    }
}

/// `equalize`: the values of each channel become about equally frequent.
pub(super) fn equalize(image: &mut [u8], shape: ImageSize) {
    for plane in image.chunks_exact_mut(shape.plane()) {
        let mut counts = [0_usize; VALUES];
        plane.iter().for_each(|x| counts[usize::from(*x)] += 1);
        let of_last = counts.iter().rfind(|count| **count > 0).copied().unwrap_or(0);
        let step = (plane.len() - of_last) / (VALUES - 1);
        if step == 0 {
            continue;
        }
        let mut table = [0_u8; VALUES];
        let mut below = 0; // pixels of smaller values
        for (value, count) in counts.iter().enumerate() {
            let place = if value == 0 { 0 } else { (below + step / 2) / step };
            table[value] = u8::try_from(place).unwrap_or(u8::MAX);
            below += count;
        }
        plane.iter_mut().for_each(|x| *x = table[usize::from(*x)]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hand_worked_operations() {
        let shape = ImageSize { channels: 1, height: 1, width: 4 };
        let of = |change: &dyn Fn(&mut [u8])| {
            let mut image = [10, 20, 128, 255];
            change(&mut image);
            image
        };
        assert_eq!(of(&|image| brightness(image, 1.5)), [15, 30, 192, 255]);
        assert_eq!(of(&|image| contrast(image, shape, 0.0)), [103; 4]); // 413 / 4, cut off
        assert_eq!(of(&|image| saturation(image, shape, 0.0)), [10, 20, 128, 255]);
        assert_eq!(of(&|image| posterize(image, 2)), [0, 0, 128, 192]);
        assert_eq!(of(&|image| posterize(image, 8)), [10, 20, 128, 255]);
        assert_eq!(of(&|image| solarize(image, 128.0)), [10, 20, 127, 0]);
        assert_eq!(of(&|image| autocontrast(image, shape)), [0, 10, 122, 255]);
        assert_eq!(of(&|image| equalize(image, shape)), [10, 20, 128, 255]); // too few pixels
        assert_eq!(of(&|image| sharpness(image, shape, 0.0, &mut [0; 4])), [10, 20, 128, 255]);
    }

    #[test]
    fn images_of_one_value_stay() {
        let shape = ImageSize { channels: 3, height: 20, width: 20 };
        for change in [autocontrast, equalize] {
            let mut image = [77; 1200];
            change(&mut image, shape);
            assert_eq!(image, [77; 1200]);
        }
    }
}
