//! An array of labels -> their names.

use crate::error::Flaw;
use crate::runs::npy::{NpyArray, NpyValues};

/// The label of each example; empty where it has none.
///
/// # Errors
/// Says why the elements are not labels, after "it".
pub(super) fn labels(array: NpyArray) -> Result<Vec<String>, Flaw> {
    match array.shape[..] {
        [_] | [_, 1] => {}
        [_, classes] => {
            return Err(Flaw::from(format!(
                "has {classes} numbers for each example instead of one label; of a column for each class, \
                 save `.argmax(1)`"
            )));
        }
        _ => {
            let shape = &array.shape;
            return Err(Flaw::from(format!(
                "has the shape {shape:?} instead of a label for each example"
            )));
        }
    }
    Ok(match array.values {
        NpyValues::Flags(flags) => flags.iter().map(|flag| u8::from(*flag).to_string()).collect(),
        NpyValues::Bytes(bytes) => bytes.iter().map(u8::to_string).collect(),
        NpyValues::Whole(numbers) => numbers.iter().map(i64::to_string).collect(),
        NpyValues::Narrow(numbers) => of_real(numbers.into_iter().map(f64::from))?,
        NpyValues::Wide(numbers) => of_real(numbers.into_iter())?,
        NpyValues::Text(names) => names.iter().map(|name| name.trim().to_owned()).collect(),
    })
}

/// Whole numbers in 64 bits, and NaN for none.
fn of_real(numbers: impl Iterator<Item = f64>) -> Result<Vec<String>, Flaw> {
    let label = |(example, number): (usize, f64)| match number {
        number if number.is_nan() => Ok(String::new()),
        number if number.fract() == 0.0 && number.abs() < 9e15 => Ok((number as i64).to_string()),
        number => Err(Flaw::from(format!(
            "has the number {number} at position {example}, which is not a label: labels are whole \
             numbers or strings"
        ))),
    };
    numbers.enumerate().map(label).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(shape: &[usize], values: NpyValues) -> Result<Vec<String>, Flaw> {
        labels(NpyArray { shape: shape.to_vec(), values })
    }

    #[test]
    fn labels_are_whole_numbers_or_strings() {
        assert_eq!(of(&[2, 1], NpyValues::Bytes(vec![7, 0])).unwrap(), ["7", "0"]);
        assert_eq!(of(&[1], NpyValues::Whole(vec![-3])).unwrap(), ["-3"]);
        assert_eq!(of(&[2], NpyValues::Narrow(vec![1.0, f32::NAN])).unwrap(), ["1", ""]);
        assert_eq!(of(&[1], NpyValues::Text(vec![" cat ".to_owned()])).unwrap(), ["cat"]);
        assert_eq!(of(&[1], NpyValues::Flags(vec![true])).unwrap(), ["1"]);
        let half = of(&[1], NpyValues::Wide(vec![0.5])).unwrap_err();
        assert!(half.contains("0.5 at position 0, which is not a label"), "{half}");
        let one_hot = of(&[1, 10], NpyValues::Bytes(vec![0; 10])).unwrap_err();
        assert!(one_hot.contains("save `.argmax(1)`"), "{one_hot}");
        assert!(of(&[], NpyValues::Bytes(vec![0])).is_err());
        assert!(of(&[1], NpyValues::Wide(vec![f64::INFINITY])).is_err());
    }
}
