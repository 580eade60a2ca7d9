//! Elements of an array -> pixels, and whether they were divided by 255. An array of nothing but 0 and 1 does not show
//! that: it takes what the other arrays of the file show.

use crate::error::Flaw;
use crate::runs::npy::NpyValues;

/// What pixels are divided by to lie between 0 and 1.
const MOST: f64 = 255.0;
/// Bits of a 32-bit number that a 16-bit one does not have.
const BEYOND_16_BITS: u32 = 0x1fff;

/// What an array shows of how its pixels are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PixelScale {
    /// From 0 to 255.
    Whole,
    /// Divided by 255.
    Divided,
    /// It has nothing but 0 and 1, as real numbers or not.
    Unclear { are_real: bool },
}

/// The scale of the pixels of a file, and what to say about it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct FileScale {
    /// Whether the 1 of arrays of 0 and 1 is the brightest pixel.
    pub(super) one_is_brightest: bool,
    pub(super) note: Option<String>,
}

/// The pixels of an array, and their scale; where that is unclear, the pixels are 0 and 1.
///
/// # Errors
/// Names the first number that is not a pixel, after "it".
pub(super) fn pixels(values: NpyValues) -> Result<(Vec<u8>, PixelScale), Flaw> {
    match values {
        NpyValues::Bytes(bytes) => Ok(of_whole(bytes)),
        NpyValues::Whole(numbers) => {
            let pixel = |(position, number): (usize, &i64)| {
                u8::try_from(*number).map_err(|_| no_pixel(*number as f64, position))
            };
            Ok(of_whole(numbers.iter().enumerate().map(pixel).collect::<Result<_, _>>()?))
        }
        NpyValues::Narrow(numbers) => {
            let are_16_bits = numbers.iter().all(|number| number.to_bits() & BEYOND_16_BITS == 0);
            of_real(numbers.into_iter().map(f64::from).collect(), are_16_bits)
        }
        NpyValues::Wide(numbers) => of_real(numbers, false),
        NpyValues::Flags(_) => {
            Err(Flaw::from("holds booleans, not pixels: save `.astype(\"uint8\") * 255`"))
        }
        NpyValues::Text(_) => Err(Flaw::from("holds strings, not pixels")),
    }
}

fn of_whole(pixels: Vec<u8>) -> (Vec<u8>, PixelScale) {
    let scale = match pixels.iter().all(|pixel| *pixel <= 1) {
        true => PixelScale::Unclear { are_real: false },
        false => PixelScale::Whole,
    };
    (pixels, scale)
}

fn of_real(numbers: Vec<f64>, are_16_bits: bool) -> Result<(Vec<u8>, PixelScale), Flaw> {
    let scale = if numbers.iter().all(|number| *number == 0.0 || *number == 1.0) {
        PixelScale::Unclear { are_real: true }
    } else if numbers.iter().all(|number| (0.0..=1.0).contains(number)) {
        PixelScale::Divided
    } else {
        PixelScale::Whole
    };
    let pixel = |(position, number): (usize, &f64)| {
        let is_divided = scale == PixelScale::Divided;
        let pixel = if is_divided { (number * MOST).round() } else { *number } as u8;
        let is_pixel = match is_divided {
            true => is_quotient(*number, pixel, are_16_bits),
            false => f64::from(pixel) == *number,
        };
        if is_pixel { Ok(pixel) } else { Err(no_pixel(*number, position)) }
    };
    let pixels = numbers.iter().enumerate().map(pixel).collect::<Result<_, _>>()?;
    Ok((pixels, scale))
}

/// Whether a number is this pixel divided by 255 or times 1 / 255, in 64 bits, 32 or, if the array's numbers have no
/// more, 16. Numbers beside these are not pixels, however near.
fn is_quotient(number: f64, pixel: u8, are_16_bits: bool) -> bool {
    let (wide, narrow) = (f64::from(pixel), f32::from(pixel));
    let in_16_bits = || {
        let inverse = to_16_bits(1.0 / 255.0);
        [narrow / 255.0, narrow * inverse].map(|quotient| f64::from(to_16_bits(quotient)))
    };
    number == wide / MOST
        || number == wide * (1.0 / MOST)
        || number == f64::from(narrow / 255.0)
        || number == f64::from(narrow * (1.0 / 255.0))
        || are_16_bits && in_16_bits().contains(&number)
}

/// The nearest number of 16 bits, of two the even one. Quotients of pixels are neither too small nor too large for that.
fn to_16_bits(number: f32) -> f32 {
    let bits = number.to_bits();
    let half = (BEYOND_16_BITS >> 1) + (bits >> 13 & 1);
    f32::from_bits((bits + half) & !BEYOND_16_BITS)
}

fn no_pixel(number: f64, position: usize) -> Flaw {
    Flaw::from(format!(
        "has {number} at position {position}, which is not a pixel: images have whole numbers from 0 to \
         255, or all of them divided by 255; save others as [examples, features] to learn from numbers"
    ))
}

/// Decides once for all arrays of a file; `found` are their names and what they show.
///
/// # Errors
/// The place of an array of 0 and 1 beside others that disagree, and what is wrong with it, after its name.
pub(super) fn scale_of_file(found: &[(&str, PixelScale)]) -> Result<FileScale, (usize, Flaw)> {
    let first = |wanted| found.iter().find(|(_, scale)| *scale == wanted).map(|(name, _)| *name);
    let unclear = found.iter().position(|(_, scale)| matches!(scale, PixelScale::Unclear { .. }));
    let (whole, divided) = (first(PixelScale::Whole), first(PixelScale::Divided));
    let of_one = |one_is_brightest, note| Ok(FileScale { one_is_brightest, note });
    let taken = |of: &str, words: &str| {
        unclear.map(|place| {
            let (name, _) = found[place];
            format!("{name} has nothing but 0 and 1, read as the pixels of {of} are: {words}")
        })
    };
    match (whole, divided, unclear) {
        (Some(whole), Some(divided), Some(place)) => Err((
            place,
            Flaw::from(format!(
                "has nothing but 0 and 1, and it is not clear whether 1 is the brightest pixel: {divided} is \
                 divided by 255, {whole} is not"
            )),
        )),
        (Some(whole), Some(divided), None) => {
            let note = format!(
                "the pixels of {divided} are divided by 255 and those of {whole} are not: both are read \
                 as pixels from 0 to 255"
            );
            of_one(false, Some(note))
        }
        (Some(whole), None, _) => {
            of_one(false, taken(whole, "from 0 to 255, so 1 is almost black"))
        }
        (None, Some(divided), _) => {
            of_one(true, taken(divided, "divided by 255, so 1 is the brightest"))
        }
        (None, None, _) => {
            let are_real =
                |(_, scale): &(&str, PixelScale)| *scale == PixelScale::Unclear { are_real: true };
            of_one(found.iter().any(are_real), None)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const REAL: PixelScale = PixelScale::Unclear { are_real: true };
    const INTEGERS: PixelScale = PixelScale::Unclear { are_real: false };

    fn narrow(numbers: &[f32]) -> Result<(Vec<u8>, PixelScale), Flaw> {
        pixels(NpyValues::Narrow(numbers.to_vec()))
    }

    #[test]
    fn pixels_that_were_divided_in_any_precision_are_found_again() {
        let all: Vec<u8> = (0..=255).collect();
        let expected = Ok((all.clone(), PixelScale::Divided));
        let of = |divided: &dyn Fn(f32) -> f32| {
            narrow(&all.iter().map(|pixel| divided(f32::from(*pixel))).collect::<Vec<_>>())
        };
        assert_eq!(of(&|x| x / 255.0), expected);
        assert_eq!(of(&|x| x * (1.0 / 255.0)), expected);
        assert_eq!(of(&|x| to_16_bits(x / 255.0)), expected);
        assert_eq!(of(&|x| to_16_bits(x * to_16_bits(1.0 / 255.0))), expected);
        for divided in
            [|x: f64| x / 255.0, |x: f64| x * (1.0 / 255.0), |x: f64| (x as f32 / 255.0).into()]
        {
            let numbers = all.iter().map(|pixel| divided(f64::from(*pixel))).collect();
            assert_eq!(pixels(NpyValues::Wide(numbers)), expected);
        }
    }

    /// numpy.float16(1 / 255), (128 / 255), (223 / 255)
    #[test]
    fn sixteen_bits_are_rounded_as_numpy_does() {
        let rounded = [1.0_f32, 128.0, 223.0].map(|pixel| to_16_bits(pixel / 255.0));
        assert_eq!(rounded, [0.003_921_509, 0.501_953_1, 0.874_511_7]);
    }

    #[test]
    fn what_is_only_near_a_pixel_is_none() {
        for numbers in [[0.0, 0.875], [0.0, 0.5], [0.0, 0.501_961], [0.25, 1.0]] {
            let problem = narrow(&numbers).unwrap_err();
            assert!(problem.contains("which is not a pixel"), "{numbers:?}: {problem}");
        }
    }

    #[test]
    fn zeros_and_ones_show_no_scale() {
        assert_eq!(narrow(&[0.0, 1.0]).unwrap(), (vec![0, 1], REAL));
        assert_eq!(pixels(NpyValues::Bytes(vec![1, 0])).unwrap(), (vec![1, 0], INTEGERS));
        assert_eq!(narrow(&[0.0, 2.0]).unwrap().1, PixelScale::Whole);
    }

    #[test]
    fn a_file_has_one_scale() {
        use PixelScale::{Divided, Whole};
        let decided = |scales: &[PixelScale]| {
            let names = ["x_train", "x_val", "x_test"];
            let found: Vec<_> = names.into_iter().zip(scales.iter().copied()).collect();
            scale_of_file(&found).map(|scale| (scale.one_is_brightest, scale.note.is_some()))
        };
        assert_eq!(decided(&[Whole, REAL]), Ok((false, true)));
        assert_eq!(decided(&[REAL, Whole]), Ok((false, true)));
        assert_eq!(decided(&[Divided, INTEGERS]), Ok((true, true)));
        assert_eq!(decided(&[REAL, INTEGERS]), Ok((true, false)));
        assert_eq!(decided(&[INTEGERS, INTEGERS]), Ok((false, false)));
        assert_eq!(decided(&[Whole, Whole]), Ok((false, false)));
        assert_eq!(decided(&[Whole, Divided]), Ok((false, true)));
        let (place, problem) = decided(&[Whole, Divided, REAL]).unwrap_err();
        assert_eq!(place, 2);
        assert!(problem.contains("x_val is divided by 255, x_train is not"), "{problem}");
    }
}
