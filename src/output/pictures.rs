//! Sheets of small pictures as PNG: examples of the data, and the weights of a first layer as if they
//! were images. The same pixels or weights give the same bytes.

use crate::error::Result;
use crate::output::png_bytes;

/// Channels of the sheets: red, green, blue.
const RGB: usize = 3;
/// The colour between and around the pictures: no image of a dataset is only this grey.
const GREY: u8 = 236;
/// Pixels between two pictures.
const MARGIN: usize = 4;
/// Extra pixels between an example and its view by the network.
const APART: usize = 12;
/// Pictures in a row of a sheet of examples.
const EXAMPLES_IN_A_ROW: usize = 6;
/// An example is scaled up until its longer side has at least this many pixels.
const EXAMPLE_SIZE: usize = 64;
/// The most units of a first layer that are shown.
const MOST_UNITS: usize = 100;
/// A unit's weights are scaled up until the longer side has at least this many pixels.
const UNIT_SIZE: usize = 32;
/// The longest side of a sheet that viewers can be expected to handle.
const LONGEST_SIDE: usize = 16_384;

/// How pictures are laid out.
#[derive(Debug, Clone, Copy)]
struct PictureLayout {
    in_a_row: usize,
    size: usize,  // target pixels of a picture's longer side
    apart: usize, // more pixels after the first picture of a row
}

/// Channels, height and width of a picture, channel-first.
#[derive(Debug, Clone, Copy)]
struct PictureSize {
    channels: usize,
    height: usize,
    width: usize,
}

impl PictureSize {
    /// None if it is not a grey or RGB image.
    fn of([channels, height, width]: [usize; 3]) -> Option<PictureSize> {
        let is_image = matches!(channels, 1 | 3) && height > 1 && width > 1;
        is_image.then_some(PictureSize { channels, height, width })
    }

    fn len(&self) -> usize {
        self.channels * self.height * self.width
    }

    /// Index of a colour's value in a picture; grey serves as every colour.
    fn position(&self, color: usize, y: usize, x: usize) -> usize {
        let channel = if self.channels == RGB { color } else { 0 };
        (channel * self.height + y) * self.width + x
    }
}

/// The pictures of examples, 6 in a row, scaled up to about 64 pixels; each `[channels, height,
/// width]` of `shape`. None if there are none, or they are not images.
///
/// # Errors
/// When the PNG encoder fails, which no picture is known to cause.
pub fn example_sheet(shape: [usize; 3], examples: &[&[u8]]) -> Result<Option<Vec<u8>>> {
    let Some(shape) = PictureSize::of(shape) else { return Ok(None) };
    let pictures = examples.iter().filter(|pixels| pixels.len() == shape.len());
    let pictures: Vec<Vec<u8>> = pictures.map(|pixels| pixels.to_vec()).collect();
    sheet(
        shape,
        &pictures,
        PictureLayout { in_a_row: EXAMPLES_IN_A_ROW, size: EXAMPLE_SIZE, apart: 0 },
    )
}

/// Rows of pictures `[channels, height, width]` of `shape`: each an example, then how the network
/// sees it. None if there are none, or they are not images.
///
/// # Errors
/// When the PNG encoder fails, which no picture is known to cause.
pub fn augmented_sheet(shape: [usize; 3], rows: &[Vec<Vec<u8>>]) -> Result<Option<Vec<u8>>> {
    let Some(shape) = PictureSize::of(shape) else { return Ok(None) };
    let in_a_row = rows.iter().map(Vec::len).max().unwrap_or(0);
    let pictures = rows.concat();
    if pictures.iter().any(|pixels| pixels.len() != shape.len()) {
        return Ok(None);
    }
    sheet(shape, &pictures, PictureLayout { in_a_row, size: EXAMPLE_SIZE, apart: APART })
}

/// The weights `[units, channels * height * width]` of up to 100 units of a first layer, a tile
/// each: 0 is grey, and the largest weight of a tile by size is black or white (or a full colour).
/// None if the input is not an image.
///
/// # Errors
/// When the PNG encoder fails, which no picture is known to cause.
pub fn weight_sheet(shape: [usize; 3], weights: &[f32]) -> Result<Option<Vec<u8>>> {
    let Some(shape) = PictureSize::of(shape) else { return Ok(None) };
    let units = weights.chunks_exact(shape.len()).take(MOST_UNITS);
    let tiles: Vec<Vec<u8>> = units.map(tile).collect();
    let in_a_row = (1..=tiles.len()).find(|n| n * n >= tiles.len()).unwrap_or(1);
    sheet(shape, &tiles, PictureLayout { in_a_row, size: UNIT_SIZE, apart: 0 })
}

/// Weights on their own scale, symmetric around 0.
fn tile(weights: &[f32]) -> Vec<u8> {
    let largest = weights.iter().fold(0.0_f32, |max, w| if w.abs() > max { w.abs() } else { max });
    let scale = if largest > 0.0 { 127.0 / largest } else { 0.0 };
    // The cast saturates and turns NaN into black.
    weights.iter().map(|w| (w * scale + 128.0).round() as u8).collect()
}

fn sheet(
    shape: PictureSize,
    pictures: &[Vec<u8>],
    layout: PictureLayout,
) -> Result<Option<Vec<u8>>> {
    let PictureLayout { in_a_row, size, apart } = layout;
    let scale = (size / shape.height.max(shape.width)).max(1);
    let (tile_height, tile_width) = (shape.height * scale + MARGIN, shape.width * scale + MARGIN);
    let in_a_row = in_a_row.min(pictures.len());
    let rows = if in_a_row > 0 { pictures.len().div_ceil(in_a_row) } else { 0 };
    let (height, width) = (rows * tile_height + MARGIN, in_a_row * tile_width + apart + MARGIN);
    if pictures.is_empty() || height.max(width) > LONGEST_SIDE {
        return Ok(None);
    }
    let mut pixels = vec![GREY; height * width * RGB];
    for (i, picture) in pictures.iter().enumerate() {
        let top = i / in_a_row * tile_height + MARGIN;
        let column = i % in_a_row;
        let left = column * tile_width + MARGIN + if column > 0 { apart } else { 0 };
        for y in 0..shape.height * scale {
            let start = ((top + y) * width + left) * RGB;
            let line = &mut pixels[start..start + shape.width * scale * RGB];
            for (x, pixel) in line.chunks_exact_mut(RGB).enumerate() {
                for (color, value) in pixel.iter_mut().enumerate() {
                    *value = picture[shape.position(color, y / scale, x / scale)];
                }
            }
        }
    }
    png_bytes::encode(&pixels, width as u32, height as u32).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Width, height and pixels.
    fn decoded(bytes: &[u8]) -> (usize, usize, Vec<u8>) {
        let mut reader = png::Decoder::new(std::io::Cursor::new(bytes)).read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut pixels).unwrap();
        assert_eq!(info.color_type, png::ColorType::Rgb);
        (info.width as usize, info.height as usize, pixels)
    }

    #[test]
    fn examples_lie_in_rows_of_six_and_keep_their_colours() {
        // Red, green, blue and white in the corners of 2 x 2 pixels, channel-first.
        let corners = [255, 0, 0, 255, 0, 255, 0, 255, 0, 0, 255, 255];
        let examples = vec![&corners[..]; 7];
        let bytes = example_sheet([3, 2, 2], &examples).unwrap().unwrap();
        let (width, height, pixels) = decoded(&bytes);
        assert_eq!((width, height), (6 * 68 + 4, 2 * 68 + 4));
        let at = |x: usize, y: usize| pixels[(y * width + x) * 3..][..3].to_vec();
        for (left, top) in [(4, 4), (4 + 5 * 68, 4), (4, 72)] {
            assert_eq!(at(left, top), [255, 0, 0]);
            assert_eq!(at(left + 31, top + 31), [255, 0, 0]);
            assert_eq!(at(left + 32, top), [0, 255, 0]);
            assert_eq!(at(left, top + 63), [0, 0, 255]);
            assert_eq!(at(left + 63, top + 63), [255; 3]);
        }
        assert_eq!(at(3, 3), [GREY; 3]);
        assert_eq!(at(4 + 68, 72), [GREY; 3]);
    }

    #[test]
    fn augmented_examples_stand_apart_from_their_originals() {
        let rows = vec![vec![vec![10; 4], vec![20; 4], vec![30; 4]], vec![vec![40; 4]; 3]];
        let bytes = augmented_sheet([1, 2, 2], &rows).unwrap().unwrap();
        let (width, height, pixels) = decoded(&bytes);
        assert_eq!((width, height), (3 * 68 + 12 + 4, 2 * 68 + 4));
        let at = |x: usize, y: usize| pixels[(y * width + x) * 3];
        assert_eq!([at(4, 4), at(67, 67), at(68, 4), at(83, 4)], [10, 10, GREY, GREY]);
        assert_eq!([at(84, 4), at(147, 67), at(148, 4), at(152, 4)], [20, 20, GREY, 30]);
        assert_eq!([at(4, 72), at(152, 135)], [40, 40]);
        assert!(augmented_sheet([1, 2, 2], &[]).unwrap().is_none());
        assert!(augmented_sheet([4, 1, 1], &[vec![vec![0; 4]]]).unwrap().is_none());
        assert!(augmented_sheet([1, 2, 2], &[vec![vec![0; 3]]]).unwrap().is_none());
    }

    #[test]
    fn weights_are_scaled_by_unit_and_zero_is_grey() {
        let mut weights = vec![0.5, -0.5, 0.0, 0.25]; // one grey unit of 2 x 2
        weights.extend([2e-9, 0.0, 0.0, -1e-9]);
        weights.extend([0.0; 4]);
        let bytes = weight_sheet([1, 2, 2], &weights).unwrap().unwrap();
        let (width, _, pixels) = decoded(&bytes);
        assert_eq!(width, 2 * 36 + 4);
        let at = |x: usize, y: usize| pixels[(y * width + x) * 3];
        assert_eq!([at(4, 4), at(35, 4), at(4, 35), at(35, 35)], [255, 1, 128, 192]);
        assert_eq!([at(40, 4), at(71, 4), at(71, 35)], [255, 128, 65]);
        assert_eq!(at(4, 40), 128);
    }

    #[test]
    fn what_is_no_image_has_no_sheet() {
        let sheet = |shape: [usize; 3]| weight_sheet(shape, &[0.5; 12]).unwrap();
        assert!(sheet([3, 2, 2]).is_some());
        assert!(
            [[2, 2, 3], [1, 1, 12], [12, 1, 1], [3, 4, 1]].map(sheet).iter().all(Option::is_none)
        );
        assert!(example_sheet([3, 2, 2], &[]).unwrap().is_none());
        assert!(example_sheet([1, 2, 20_000], &[&[0; 40_000]]).unwrap().is_none());
        let odd = weight_sheet([1, 2, 2], &[f32::NAN, f32::INFINITY, 1.0, -0.0]).unwrap();
        assert!(odd.is_some());
    }

    #[test]
    fn at_most_100_units_are_shown() {
        let bytes = weight_sheet([1, 2, 2], &[0.5; 480]).unwrap().unwrap();
        let (width, height, _) = decoded(&bytes);
        assert_eq!((width, height), (10 * 36 + 4, 10 * 36 + 4));
    }
}
