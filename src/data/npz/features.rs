//! An array of examples -> images of pixels, or rows of numbers.

use std::ops::Range;

use crate::data::csv::{MOST_COLUMNS, ParsedNumber};
use crate::data::npz::pixels::{PixelScale, pixels};
use crate::data::npz::{Channels, NpzConfig};
use crate::error::Flaw;
use crate::runs::npy::{NpyArray, NpyValues};

/// The features of one example.
pub(super) enum Row<'a> {
    Image(&'a [u8]),
    Numbers(&'a [ParsedNumber]),
}

/// Features of all examples of a part.
pub(super) enum Features {
    /// `[examples, channels, height, width]`
    Images { shape: [usize; 3], pixels: Vec<u8>, scale: PixelScale },
    /// `[examples, columns]`
    Numbers { columns: usize, values: NpyValues },
}

impl Features {
    /// The features that `array` holds; `image` are channels, height and width, if its columns are pixels.
    ///
    /// # Errors
    /// Says why they are not features, after "it".
    pub(super) fn of(
        array: NpyArray,
        image: Option<[usize; 3]>,
        config: &NpzConfig,
    ) -> Result<Features, Flaw> {
        let NpyArray { shape, values } = array;
        // An empty array takes no bytes, so its other axes may have any length.
        if shape.first() == Some(&0) {
            return Err(Flaw::from("has no examples"));
        }
        if matches!(values, NpyValues::Text(_)) {
            return Err(Flaw::from("holds strings, not numbers"));
        }
        let (found, is_last) = match (&shape[..], image) {
            ([_, columns], Some(image)) if image.iter().product::<usize>() == *columns => {
                (image, false)
            }
            ([_, columns], Some([channels, height, width])) => {
                return Err(Flaw::from(format!(
                    "has {columns} columns, but `image_shape` has {channels} x {height} x {width} = {} \
                     pixels",
                    channels * height * width
                )));
            }
            ([_, 0], None) => return Err(Flaw::from("has no columns")),
            ([_, columns], None) if *columns > MOST_COLUMNS => {
                return Err(Flaw::from(format!(
                    "has {columns} columns, at most {MOST_COLUMNS} are possible"
                )));
            }
            ([_, columns], None) => return Ok(Features::Numbers { columns: *columns, values }),
            ([_, height, width], _) => ([1, *height, *width], false),
            ([_, rest @ ..], _) if rest.len() == 3 => of_four_axes(rest, config.channels)?,
            _ => {
                return Err(Flaw::from(format!(
                    "has the shape {shape:?}: examples are [examples, features], [examples, height, \
                     width] or that with channels"
                )));
            }
        };
        if let Some(image) = image.filter(|image| *image != found) {
            return Err(Flaw::from(format!(
                "has images of {found:?}, not `image_shape` {image:?}"
            )));
        }
        if found[1] * found[2] < 2 {
            return Err(Flaw::from(format!(
                "has images of {found:?}, which need two pixels or more"
            )));
        }
        let (pixels, scale) = pixels(values)?;
        let pixels = if is_last { channels_first(&pixels, found) } else { pixels };
        Ok(Features::Images { shape: found, pixels, scale })
    }
}

/// Channels, height and width, and whether the channels come last.
fn of_four_axes(sizes: &[usize], channels: Option<Channels>) -> Result<([usize; 3], bool), Flaw> {
    let are_channels = |count: usize| matches!(count, 1 | 3);
    let (first, last) = (sizes[0], sizes[2]);
    let is_last = match channels {
        Some(channels) => channels == Channels::Last,
        None if are_channels(first) && are_channels(last) => {
            return Err(Flaw::from(format!(
                "has images of {sizes:?}, in which the first and the last axis may be the channels: set \
                 `channels` to \"first\" or \"last\""
            )));
        }
        None => are_channels(last),
    };
    let count = if is_last { last } else { first };
    if !are_channels(count) {
        return Err(Flaw::from(format!(
            "has images of {sizes:?}, without an axis of 1 or 3 channels"
        )));
    }
    let shape = if is_last { [last, sizes[0], sizes[1]] } else { [first, sizes[1], last] };
    Ok((shape, is_last))
}

/// `[examples, height, width, channels]` -> `[examples, channels, height, width]`.
fn channels_first(pixels: &[u8], [channels, height, width]: [usize; 3]) -> Vec<u8> {
    let mut turned = Vec::with_capacity(pixels.len());
    for example in pixels.chunks_exact((channels * height * width).max(1)) {
        for channel in 0..channels {
            turned.extend(example.iter().skip(channel).step_by(channels));
        }
    }
    turned
}

impl Features {
    /// An example; its numbers are put into `numbers`.
    ///
    /// # Errors
    /// Says what is wrong with one of its numbers, after "it".
    pub(super) fn of_example<'a>(
        &'a self,
        example: usize,
        numbers: &'a mut Vec<ParsedNumber>,
    ) -> Result<Row<'a>, Flaw> {
        match self {
            Features::Images { shape, pixels, .. } => {
                let size: usize = shape.iter().product();
                Ok(Row::Image(&pixels[example * size..][..size]))
            }
            Features::Numbers { columns, values } => {
                of_row(values, example * columns..(example + 1) * columns, numbers)?;
                Ok(Row::Numbers(numbers))
            }
        }
    }
}

/// Puts the elements of a range into `numbers`.
fn of_row(
    values: &NpyValues,
    range: Range<usize>,
    numbers: &mut Vec<ParsedNumber>,
) -> Result<(), Flaw> {
    numbers.clear();
    match values {
        NpyValues::Flags(flags) => {
            numbers.extend(flags[range].iter().map(|flag| ParsedNumber::of_whole(i64::from(*flag))))
        }
        NpyValues::Bytes(bytes) => {
            numbers.extend(bytes[range].iter().map(|byte| ParsedNumber::of_whole(i64::from(*byte))))
        }
        NpyValues::Whole(whole) => {
            numbers.extend(whole[range].iter().map(|number| ParsedNumber::of_whole(*number)));
        }
        NpyValues::Narrow(narrow) => {
            numbers.extend(narrow[range].iter().map(|number| ParsedNumber::of_narrow(*number)));
        }
        NpyValues::Wide(wide) => {
            numbers.extend(wide[range].iter().map(|number| ParsedNumber::of_wide(*number)));
        }
        NpyValues::Text(_) => {}
    }
    let is_lost = |number: &ParsedNumber| !number.narrow.is_finite();
    match numbers.iter().position(is_lost) {
        None => Ok(()),
        Some(column) => Err(Flaw::from(format!(
            "has {} in column {column}, which is not a finite 32-bit number",
            numbers[column].wide
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn images(shape: &[usize], values: NpyValues) -> Result<([usize; 3], Vec<u8>), Flaw> {
        let array = NpyArray { shape: shape.to_vec(), values };
        Features::of(array, None, &NpzConfig::default()).map(|features| match features {
            Features::Images { shape, pixels, .. } => (shape, pixels),
            Features::Numbers { .. } => panic!("images"),
        })
    }

    fn bytes(count: u8) -> NpyValues {
        NpyValues::Bytes((0..count).collect())
    }

    #[test]
    fn channels_are_where_1_or_3_is() {
        assert_eq!(images(&[1, 2, 2], bytes(4)).unwrap(), ([1, 2, 2], vec![0, 1, 2, 3]));
        assert_eq!(images(&[1, 2, 2, 1], bytes(4)).unwrap().0, [1, 2, 2]);
        assert_eq!(images(&[1, 1, 2, 2], bytes(4)).unwrap().0, [1, 2, 2]);
        let last = images(&[1, 1, 2, 3], bytes(6)).unwrap_err();
        assert!(last.contains("set `channels`"), "{last}");
        let (shape, pixels) = images(&[1, 2, 2, 3], bytes(12)).unwrap();
        assert_eq!((shape, &pixels[..4]), ([3, 2, 2], &[0, 3, 6, 9][..]));
        assert_eq!(images(&[1, 3, 2, 2], bytes(12)).unwrap().1, (0..12).collect::<Vec<u8>>());
        assert!(images(&[1, 2, 2, 2], bytes(8)).unwrap_err().contains("1 or 3 channels"));
        assert!(images(&[1, 1, 1], bytes(1)).unwrap_err().contains("two pixels"));
        assert!(images(&[4], bytes(4)).unwrap_err().contains("examples are [examples, features]"));
    }

    #[test]
    fn no_example_and_more_columns_than_a_network_can_have_are_refused() {
        for shape in [&[0, 1 << 60][..], &[0, 1 << 40, 1 << 40], &[0, 1 << 40, 1 << 40, 3], &[0]] {
            assert_eq!(images(shape, bytes(0)).unwrap_err(), "has no examples", "{shape:?}");
        }
        let columns = MOST_COLUMNS + 1;
        let many = images(&[1, columns], NpyValues::Bytes(vec![0; columns])).unwrap_err();
        assert_eq!(many, "has 131073 columns, at most 131072 are possible");
    }

    #[test]
    fn floats_are_pixels_if_nothing_is_rounded_away() {
        let narrow = |numbers: Vec<f32>| images(&[1, 1, numbers.len()], NpyValues::Narrow(numbers));
        let all: Vec<u8> = (0..=255).collect();
        let whole = narrow(all.iter().map(|p| f32::from(*p)).collect()).unwrap();
        let divided = narrow(all.iter().map(|p| f32::from(*p) / 255.0).collect()).unwrap();
        assert_eq!((&whole.1, &divided.1), (&all, &all));
        let wide = all.iter().map(|p| f64::from(*p) / 255.0).collect();
        assert_eq!(images(&[1, 1, 256], NpyValues::Wide(wide)).unwrap().1, all);
        for numbers in [[0.0, 0.5], [0.0, 256.0], [-1.0, 3.0], [f32::NAN, 3.0], [1.5, 3.0]] {
            let problem = narrow(numbers.to_vec()).unwrap_err();
            assert!(problem.contains("which is not a pixel"), "{numbers:?}: {problem}");
        }
        let whole = images(&[1, 1, 2], NpyValues::Whole(vec![7, 300])).unwrap_err();
        assert!(whole.starts_with("has 300 at position 1"), "{whole}");
    }
}
