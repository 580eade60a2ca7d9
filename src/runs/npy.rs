//! NumPy's array format, version 1.0, and back
//! (<https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html>).

mod header;
mod read;

pub(crate) use read::{NpyArray, NpyValues};

/// A one-dimensional array of `u16`.
pub(crate) fn npy(values: &[u16]) -> Vec<u8> {
    let elements = values.iter().flat_map(|value| value.to_le_bytes());
    array("<u2", &[values.len()], elements)
}

/// An array of `f32` in row-major order; `shape` must match the number of `values`.
pub(crate) fn npy_f32(shape: &[usize], values: impl Iterator<Item = f32>) -> Vec<u8> {
    array("<f4", shape, values.flat_map(f32::to_le_bytes))
}

fn array(descr: &str, shape: &[usize], elements: impl Iterator<Item = u8>) -> Vec<u8> {
    let sizes: String = shape.iter().map(|size| format!("{size}, ")).collect();
    // A tuple as Python writes it: `()`, `(3,)`, `(2, 3)`.
    let sizes = sizes.trim_end_matches(if shape.len() == 1 { " " } else { ", " });
    let mut header =
        format!("{{'descr': '{descr}', 'fortran_order': False, 'shape': ({sizes}), }}");
    // Magic, version, header length and header together fill a multiple of 64 bytes.
    let unpadded = 10 + header.len() + 1;
    header.push_str(&" ".repeat(unpadded.next_multiple_of(64) - unpadded));
    header.push('\n');
    let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
    let length = u16::try_from(header.len()).expect("the header is about 100 bytes");
    bytes.extend(length.to_le_bytes());
    bytes.extend(header.as_bytes());
    bytes.extend(elements);
    bytes
}

/// The values of an array as [`npy`] writes it; none for other formats.
pub(crate) fn npy_values(bytes: &[u8]) -> Option<Vec<u16>> {
    let length = u16::from_le_bytes(*bytes.get(8..)?.first_chunk()?);
    let values = bytes.get(10 + usize::from(length)..)?.as_chunks::<2>().0;
    let values: Vec<u16> = values.iter().map(|value| u16::from_le_bytes(*value)).collect();
    (npy(&values) == bytes).then_some(values)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn header_is_as_numpy_writes_it() {
        // numpy.save of numpy.array([3, 258], dtype="<u2")
        let bytes = npy(&[3, 258]);
        assert_eq!(&bytes[..10], b"\x93NUMPY\x01\x00\x76\x00");
        assert!(
            bytes[10..].starts_with(b"{'descr': '<u2', 'fortran_order': False, 'shape': (2,), }")
        );
        assert_eq!(bytes.len(), 128 + 4);
        assert_eq!(bytes[127..], [b'\n', 3, 0, 2, 1]);
    }

    #[test]
    fn shapes_are_python_tuples() {
        let header = |shape: &[usize]| {
            let bytes = npy_f32(shape, [1.5].into_iter());
            assert_eq!(bytes[128..], 1.5_f32.to_le_bytes());
            String::from_utf8_lossy(&bytes[10..128]).trim_end().to_owned()
        };
        let expected = "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 1), }";
        assert_eq!(header(&[1, 1]), expected);
        assert_eq!(header(&[1]), expected.replace("(1, 1)", "(1,)"));
        assert_eq!(header(&[]), expected.replace("(1, 1)", "()"));
    }

    #[test]
    fn values_read_back_from_nothing_but_whole_arrays() {
        let bytes = npy(&[3, 258]);
        assert_eq!(npy_values(&bytes), Some(vec![3, 258]));
        assert_eq!(npy_values(&npy(&[])), Some(Vec::new()));
        for length in 0..bytes.len() {
            assert_eq!(npy_values(&bytes[..length]), None);
        }
        let mut flipped = bytes.clone();
        flipped[9] ^= 0x80;
        assert_eq!(npy_values(&flipped), None);
    }
}
