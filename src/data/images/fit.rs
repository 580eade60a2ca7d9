//! A picture of any size -> an example: colours, crop, size, channel-first.

use super::resize::Plane;
use super::{Aspect, Color, DecodedPicture, ResizeFilter};

/// How pictures become examples.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PictureFormat {
    /// Height of an example.
    pub height: usize,
    /// Width of an example.
    pub width: usize,
    /// Its colours.
    pub color: Color,
    /// How other proportions are treated.
    pub aspect: Aspect,
    /// How sizes change.
    pub resize_filter: ResizeFilter,
}

impl PictureFormat {
    /// Channels, height, width.
    pub fn shape(&self) -> [usize; 3] {
        [if self.color == Color::Gray { 1 } else { 3 }, self.height, self.width]
    }

    /// The picture as an example of this format, `[channels, height, width]`.
    pub fn apply(&self, picture: DecodedPicture) -> Vec<u8> {
        let DecodedPicture { width, height, rgb } = picture;
        let plane = match self.color {
            Color::Rgb => Plane { width, height, channels: 3, samples: rgb },
            Color::Gray => Plane { width, height, channels: 1, samples: gray(&rgb) },
        };
        let plane = match self.aspect {
            Aspect::Stretch => plane,
            Aspect::Crop => self.crop(plane),
        };
        let resized = plane.resize(self.width, self.height, self.resize_filter);
        let channel =
            |channel: usize| resized.samples.iter().skip(channel).step_by(resized.channels);
        (0..resized.channels).flat_map(channel).copied().collect()
    }

    /// The largest centred part with the example's proportions.
    fn crop(&self, plane: Plane) -> Plane {
        let width = (plane.height * self.width / self.height).clamp(1, plane.width);
        let height = (plane.width * self.height / self.width).clamp(1, plane.height);
        let (left, top) = ((plane.width - width) / 2, (plane.height - height) / 2);
        plane.crop(left, top, width, height)
    }
}

/// ITU-R 601 in 16-bit integers, like Pillow's `convert("L")`.
fn gray(rgb: &[u8]) -> Vec<u8> {
    let luma = |[red, green, blue]: &[u8; 3]| {
        let [red, green, blue] = [red, green, blue].map(|&color| u32::from(color));
        ((red * 19_595 + green * 38_470 + blue * 7_471 + 0x8000) >> 16) as u8
    };
    rgb.as_chunks::<3>().0.iter().map(luma).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn format(color: Color, aspect: Aspect) -> PictureFormat {
        PictureFormat { height: 2, width: 2, color, aspect, resize_filter: ResizeFilter::Box }
    }

    /// 6 x 2: two columns each of red, green and blue.
    fn flag() -> DecodedPicture {
        let row = [[255, 0, 0], [0, 255, 0], [0, 0, 255]].map(|color| [color, color].concat());
        DecodedPicture { width: 6, height: 2, rgb: [row.concat(), row.concat()].concat() }
    }

    #[test]
    fn examples_are_channel_first() {
        let example = format(Color::Rgb, Aspect::Crop).apply(flag());
        assert_eq!(example, [[0; 4], [255; 4], [0; 4]].concat(), "the middle is green");
        let example = format(Color::Rgb, Aspect::Stretch).apply(flag());
        let (red, green, blue) = ([170, 0, 170, 0], [85; 4], [0, 170, 0, 170]);
        assert_eq!(example, [red, green, blue].concat());
    }

    #[test]
    fn gray_is_what_pillow_makes_of_it() {
        // Image.new("RGB", (2, 2), color).convert("L")
        for (color, expected) in [([255, 0, 0], 76), ([0, 255, 0], 150), ([0, 0, 255], 29)] {
            let picture = DecodedPicture { width: 1, height: 1, rgb: color.to_vec() };
            assert_eq!(format(Color::Gray, Aspect::Stretch).apply(picture), [expected; 4]);
        }
        assert_eq!(gray(&[255; 3]), [255]);
    }

    #[test]
    fn the_longer_side_is_cropped_and_a_line_of_pixels_is_no_trouble() {
        for (width, height) in [(1, 1), (1, 900), (900, 1), (3, 2)] {
            let picture = DecodedPicture { width, height, rgb: vec![9; width * height * 3] };
            for aspect in [Aspect::Stretch, Aspect::Crop] {
                assert_eq!(format(Color::Rgb, aspect).apply(picture.clone()), vec![9; 12]);
            }
        }
    }
}
