//! The key `image_shape` of tables and arrays whose features are the pixels of images.

use crate::data::Dataset;
use crate::data::own::DataRefusal;

/// The key.
const KEY: &str = "image_shape";
/// Longest side of an image, as with pictures in folders.
pub(super) const MOST_SIDE: i64 = 1024;
/// Below this, the brightest pixel of all images is probably not one of 255.
const DARK: u8 = 64;

/// Channels, height and width, from two or three numbers.
pub(super) fn image_shape(sizes: &[usize]) -> Result<[usize; 3], DataRefusal> {
    let refused = |label: String, help: String| {
        Err(DataRefusal::new(KEY, "`dataset.image_shape` is not the shape of images", label)
            .help(help))
    };
    let shape = match *sizes {
        [height, width] => [1, height, width],
        [channels @ (1 | 3), height, width] => [channels, height, width],
        [height, width, channels @ (1 | 3)] => {
            let label = format!("{height} channels are not possible, only 1 or 3");
            return refused(label, format!("channels come first: [{channels}, {height}, {width}]"));
        }
        [channels, _, _] => {
            let label = format!("{channels} channels are not possible, only 1 or 3");
            return refused(label, "for example [28, 28] or [3, 32, 32]".to_owned());
        }
        _ => {
            let label = match sizes.len() {
                1 => "it has one number".to_owned(),
                count => format!("it has {count} numbers"),
            };
            let help =
                "height and width, as [28, 28], or channels, height and width, as [3, 32, 32]";
            return refused(label, help.to_owned());
        }
    };
    if shape[1] * shape[2] == 1 {
        return refused("one pixel is not an image".to_owned(), "remove the key".to_owned());
    }
    Ok(shape)
}

/// Refuses a table that has not as many features as the images have pixels.
pub(super) fn check_size(
    [channels, height, width]: [usize; 3],
    columns: usize,
) -> Result<(), DataRefusal> {
    let pixels = channels * height * width;
    if pixels == columns {
        return Ok(());
    }
    let title = format!("the images have {pixels} pixels, but there are {columns} columns");
    let label = format!("{channels} x {height} x {width} = {pixels}");
    let help = "name the columns of the pixels in `features`, or change `image_shape`";
    Err(DataRefusal::new(KEY, title, label).help(help))
}

/// A note if all images are so dark that their numbers may not be of 255.
pub(super) fn note_of_dark(dataset: &Dataset) -> Option<String> {
    let brightest = dataset.train.pixels.iter().copied().max()?;
    (brightest < DARK).then(|| {
        format!(
            "the brightest pixel of the training images is {brightest} of 255; if the numbers go only \
             up to {brightest}, use scaling = \"standardize\""
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_are_two_or_three_numbers_with_the_channels_first() {
        assert_eq!(image_shape(&[28, 20]), Ok([1, 28, 20]));
        assert_eq!(image_shape(&[3, 32, 30]), Ok([3, 32, 30]));
        let refused = |sizes: &[usize]| {
            let DataRefusal { label, help, .. } = image_shape(sizes).unwrap_err();
            format!("{label}: {}", help.unwrap_or_default())
        };
        assert!(refused(&[32, 32, 3]).ends_with("channels come first: [3, 32, 32]"));
        assert!(refused(&[2, 32, 32]).starts_with("2 channels are not possible"));
        assert!(refused(&[784]).starts_with("it has one number"));
        assert!(refused(&[1, 1]).starts_with("one pixel is not an image"));
    }
}
