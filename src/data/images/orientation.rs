//! The orientation that EXIF states, and the turn that it asks for: cameras store a picture as the sensor lay.

use super::picture::DecodedPicture;

/// The tag of the orientation, and the type of its value: a number of 16 bits.
const ORIENTATION: u16 = 0x112;
const SHORT: u16 = 3;
const ENTRY_BYTES: usize = 12;

/// How to show a picture: rows and columns swapped or not, then read from the other end or not.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Orientation {
    swaps_sides: bool,
    from_right: bool,
    from_bottom: bool,
}

impl Orientation {
    /// As an EXIF chunk says; as stored if it says nothing that can be read.
    pub(super) fn of_exif(exif: Option<&[u8]>) -> Orientation {
        exif.and_then(stated).and_then(Orientation::numbered).unwrap_or_default()
    }

    /// The orientations as EXIF numbers them, from 1 to 8.
    fn numbered(number: u16) -> Option<Orientation> {
        let [swaps_sides, from_right, from_bottom] = match number {
            1 => [false, false, false],
            2 => [false, true, false],
            3 => [false, true, true],
            4 => [false, false, true],
            5 => [true, false, false],
            6 => [true, false, true],
            7 => [true, true, true],
            8 => [true, true, false],
            _ => return None,
        };
        Some(Orientation { swaps_sides, from_right, from_bottom })
    }

    /// The picture as it is to be shown.
    pub(super) fn turned(self, stored: DecodedPicture) -> DecodedPicture {
        if self == Orientation::default() {
            return stored;
        }
        let DecodedPicture { width, height, rgb } = stored;
        let pixel = |x: usize, y: usize| {
            let [x, y] = if self.swaps_sides { [y, x] } else { [x, y] };
            let x = if self.from_right { width - 1 - x } else { x };
            let y = if self.from_bottom { height - 1 - y } else { y };
            let start = (y * width + x) * 3;
            [rgb[start], rgb[start + 1], rgb[start + 2]]
        };
        let [columns, rows] = if self.swaps_sides { [height, width] } else { [width, height] };
        let turned = (0..rows).flat_map(|y| (0..columns).flat_map(move |x| pixel(x, y)));
        let mut picture = DecodedPicture { width: columns, height: rows, rgb: vec![0; rgb.len()] };
        picture.rgb.iter_mut().zip(turned).for_each(|(to, from)| *to = from);
        picture
    }
}

/// The orientation's number: the first entry of its tag in the first directory.
fn stated(exif: &[u8]) -> Option<u16> {
    let is_little = match exif.first_chunk()? {
        b"II*\0" => true,
        b"MM\0*" => false,
        _ => return None,
    };
    let short = |bytes: [u8; 2]| match is_little {
        true => u16::from_le_bytes(bytes),
        false => u16::from_be_bytes(bytes),
    };
    let long = |bytes: [u8; 4]| match is_little {
        true => u32::from_le_bytes(bytes),
        false => u32::from_be_bytes(bytes),
    };
    let start = usize::try_from(long(*exif[4..].first_chunk()?)).ok()?;
    let (count, entries) = exif.get(start..)?.split_first_chunk()?;
    let entries = entries.chunks_exact(ENTRY_BYTES).take(short(*count).into());
    entries.into_iter().find_map(|entry| {
        let [tag_0, tag_1, type_0, type_1, count @ ..] = entry else { return None };
        let (count, value) = count.split_first_chunk()?;
        let is_wanted = short([*tag_0, *tag_1]) == ORIENTATION
            && short([*type_0, *type_1]) == SHORT
            && long(*count) == 1;
        is_wanted.then_some(short(*value.first_chunk()?))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A directory of two entries; the second is the orientation.
    fn exif(is_little: bool, number: u16) -> Vec<u8> {
        let entry = |tag: u16| [tag, SHORT, 0, 1, number, 0];
        let order = if is_little { *b"II*\0" } else { *b"MM\0*" };
        // As numbers of 16 bits; those of 32 are two of them, whose order depends on the machine.
        let long = |number: u16| if is_little { [number, 0] } else { [0, number] };
        let mut bytes = order.to_vec();
        let mut push = |number: u16| {
            bytes.extend(if is_little { number.to_le_bytes() } else { number.to_be_bytes() });
        };
        long(8).into_iter().chain([2]).for_each(&mut push);
        for tag in [0x10f, ORIENTATION] {
            let [tag, kind, .., value, padding] = entry(tag);
            let [first, second] = long(1);
            [tag, kind, first, second, value, padding].into_iter().for_each(&mut push);
        }
        bytes
    }

    /// 3 x 2 pixels, each of its own colour.
    fn turned(number: u16) -> (usize, usize, Vec<u8>) {
        let rgb = (1..=6).flat_map(|pixel| [pixel; 3]).collect();
        let orientation = Orientation::of_exif(Some(&exif(true, number)));
        let picture = orientation.turned(DecodedPicture { width: 3, height: 2, rgb });
        (picture.width, picture.height, picture.rgb.iter().copied().step_by(3).collect())
    }

    #[test]
    fn every_orientation_turns_as_exif_defines_it() {
        // Stored:  1 2 3
        //          4 5 6
        for as_stored in [0, 1, 9] {
            assert_eq!(turned(as_stored), (3, 2, vec![1, 2, 3, 4, 5, 6]));
        }
        assert_eq!(turned(2), (3, 2, vec![3, 2, 1, 6, 5, 4]), "mirrored");
        assert_eq!(turned(3), (3, 2, vec![6, 5, 4, 3, 2, 1]), "upside down");
        assert_eq!(turned(4), (3, 2, vec![4, 5, 6, 1, 2, 3]), "upside down and mirrored");
        assert_eq!(turned(5), (2, 3, vec![1, 4, 2, 5, 3, 6]), "rows are columns");
        assert_eq!(turned(6), (2, 3, vec![4, 1, 5, 2, 6, 3]), "a quarter clockwise");
        assert_eq!(turned(7), (2, 3, vec![6, 3, 5, 2, 4, 1]), "a quarter, mirrored");
        assert_eq!(turned(8), (2, 3, vec![3, 6, 2, 5, 1, 4]), "a quarter the other way");
    }

    #[test]
    fn both_byte_orders_are_read_and_nonsense_is_as_stored() {
        assert_eq!(stated(&exif(true, 6)), Some(6));
        assert_eq!(stated(&exif(false, 6)), Some(6));
        let whole = exif(false, 6);
        for length in 0..whole.len() {
            assert_eq!(stated(&whole[..length]), None, "{length}");
        }
        assert_eq!(stated(b"II*\0\xff\xff\xff\xff"), None);
        assert_eq!(Orientation::of_exif(None), Orientation::default());
    }
}
