//! The first difference between two safetensors files: which tensor, where in it, both values.

use safetensors::SafeTensors;
use safetensors::tensor::{Dtype, TensorView};

use super::{AGAIN, RUN, shown};

/// Names the tensor and the position with both values. The files differ.
pub(super) fn first_difference(run: &[u8], again: &[u8]) -> Option<String> {
    let again = SafeTensors::deserialize(again).ok()?; // this program has just written it
    let run = match SafeTensors::deserialize(run) {
        Ok(run) => run,
        Err(error) => return Some(format!("is not a whole safetensors file {RUN}: {error}")),
    };
    let names_of =
        |tensors: &SafeTensors<'_>| tensors.names().into_iter().map(str::to_owned).collect();
    let (names, names_again): (Vec<String>, Vec<String>) = (names_of(&run), names_of(&again));
    let missing = |wanted: &[String], others: &[String]| {
        let name = wanted.iter().find(|name| !others.contains(name))?;
        Some(shown(name.as_bytes()))
    };
    if let Some(name) = missing(&names_again, &names) {
        return Some(format!("has no tensor {name} {RUN}"));
    }
    if let Some(name) = missing(&names, &names_again) {
        return Some(format!("has a tensor {name} {RUN}, none {AGAIN}"));
    }
    names_again.iter().find_map(|name| {
        tensor_difference(name, &run.tensor(name).ok()?, &again.tensor(name).ok()?)
    })
}

fn tensor_difference(name: &str, run: &TensorView<'_>, again: &TensorView<'_>) -> Option<String> {
    if (run.dtype(), run.shape()) != (again.dtype(), again.shape()) {
        let form = |tensor: &TensorView<'_>| format!("{:?} {:?}", tensor.dtype(), tensor.shape());
        return Some(format!("{name} is {} {RUN}, {} {AGAIN}", form(run), form(again)));
    }
    let at = run.data().iter().zip(again.data()).position(|(a, b)| a != b)?;
    let size = run.dtype().bitsize() / 8;
    let element = at / size;
    let value = |tensor: &TensorView<'_>| {
        let bytes = &tensor.data()[element * size..][..size];
        value(tensor.dtype(), bytes)
    };
    let (in_run, in_again) = (value(run), value(again));
    let position = position(element, run.shape());
    Some(format!("{name}{position}: {in_run} {RUN}, {in_again} {AGAIN}"))
}

/// The shortest decimals that read back the same; for a NaN, also its bits.
fn value(dtype: Dtype, bytes: &[u8]) -> String {
    match (dtype, bytes.as_array::<4>(), bytes.as_array::<8>()) {
        (Dtype::F32, Some(bytes), _) => {
            let number = f32::from_le_bytes(*bytes);
            let bits = number.to_bits();
            if number.is_nan() { format!("NaN ({bits:#010x})") } else { number.to_string() }
        }
        (Dtype::I64, _, Some(bytes)) => i64::from_le_bytes(*bytes).to_string(),
        _ => format!("{bytes:02x?}"),
    }
}

/// `[row, column]` of the n-th element; empty for a scalar.
fn position(element: usize, shape: &[usize]) -> String {
    let mut rest = element;
    let mut indices: Vec<usize> = Vec::new();
    for size in shape.iter().rev() {
        indices.push(rest % size);
        rest /= size;
    }
    indices.reverse();
    if indices.is_empty() { String::new() } else { format!("{indices:?}") }
}

#[cfg(test)]
mod tests {
    use safetensors::serialize;

    use super::*;

    fn file(name: &str, shape: &[usize], values: &[f32]) -> Vec<u8> {
        let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        let view = TensorView::new(Dtype::F32, shape.to_vec(), &bytes).unwrap();
        let count = 7_i64.to_le_bytes();
        let count = TensorView::new(Dtype::I64, Vec::new(), &count).unwrap();
        serialize([(name, view), ("count", count)], None).unwrap()
    }

    #[track_caller]
    fn assert_difference(run: &[u8], expected: &str) {
        let again = file("0.weight", &[2, 3], &[0.0, 1.0, 2.0, 3.0, f32::NAN, 5.0]);
        assert_eq!(first_difference(run, &again).as_deref(), Some(expected));
    }

    #[test]
    fn tensor_and_position_are_named_with_both_values() {
        let run = file("0.weight", &[2, 3], &[0.0, 1.0, 2.0, 3.0000002, f32::NAN, 6.0]);
        assert_difference(&run, "0.weight[1, 0]: 3.0000002 in the run, 3 trained again");
        let run = file("0.weight", &[2, 3], &[-0.0, 1.0, 2.0, 3.0, f32::NAN, 5.0]);
        assert_difference(&run, "0.weight[0, 0]: -0 in the run, 0 trained again");
        let nan = f32::from_bits(0x7fc0_0001);
        let run = file("0.weight", &[2, 3], &[0.0, 1.0, 2.0, 3.0, nan, 5.0]);
        let expected =
            "0.weight[1, 1]: NaN (0x7fc00001) in the run, NaN (0x7fc00000) trained again";
        assert_difference(&run, expected);
    }

    #[test]
    fn other_shapes_and_damage_are_named() {
        let run = file("0.weight", &[3, 2], &[0.0; 6]);
        assert_difference(&run, "0.weight is F32 [3, 2] in the run, F32 [2, 3] trained again");
        let run = file("0.weighs", &[2, 3], &[0.0; 6]);
        assert_difference(&run, "has no tensor 0.weight in the run");
        let whole = file("0.weight", &[2, 3], &[0.0; 6]);
        for length in [0, 7, 8, 40, whole.len() - 1] {
            let again = first_difference(&whole[..length], &whole).unwrap();
            assert!(again.starts_with("is not a whole safetensors file in the run: "), "{again}");
        }
        for byte in 0..whole.len() {
            let mut flipped = whole.clone();
            flipped[byte] ^= 0x20;
            first_difference(&flipped, &whole); // its content does not matter, only that it is well-formed
        }
    }

    #[test]
    fn scalars_have_no_position() {
        assert_eq!(position(0, &[]), "");
        assert_eq!(position(5, &[2, 3]), "[1, 2]");
        assert_eq!(value(Dtype::I64, &7_i64.to_le_bytes()), "7");
    }
}
