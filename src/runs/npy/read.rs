//! Arrays that other programs wrote: numbers, booleans and strings of any byte order and layout. No
//! Python objects: only Python itself can read those, and running what they name is not safe.

use std::io::Read;

use crate::error::Flaw;
use crate::memory;
use crate::runs::npy::header::Header;

/// An array, its elements in row-major order.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct NpyArray {
    /// The length of each axis.
    pub(crate) shape: Vec<usize>,
    /// As many as the product of `shape`.
    pub(crate) values: NpyValues,
}

/// Elements of an array.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum NpyValues {
    /// `bool`.
    Flags(Vec<bool>),
    /// `uint8`.
    Bytes(Vec<u8>),
    /// Other whole numbers.
    Whole(Vec<i64>),
    /// `float16` and `float32`.
    Narrow(Vec<f32>),
    /// `float64`.
    Wide(Vec<f64>),
    /// Strings.
    Text(Vec<String>),
}

/// An element's type, without its byte order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Element {
    Flag,
    Unsigned,
    Signed,
    Float,
    /// Of 32-bit characters.
    Unicode,
    /// Of bytes.
    Bytes,
}

impl NpyArray {
    /// Reads an array to the end of `input`. Memory is taken as data arrives, and not before the system
    /// is known to have enough of it.
    ///
    /// # Errors
    /// Says what is wrong with the file, after "it".
    pub(crate) fn read(mut input: impl Read) -> Result<NpyArray, Flaw> {
        let header = Header::read(&mut input)?;
        let (element, size, is_big) = element(&header.descr)?;
        let count = header.shape.iter().try_fold(1_usize, |all, axis| all.checked_mul(*axis));
        let bytes = count.and_then(|count| count.checked_mul(size));
        let (Some(count), Some(bytes)) = (count, bytes) else {
            return Err(Flaw::from(format!("has the impossible shape {:?}", header.shape)));
        };
        // The bytes, and what they become: strings may have nothing but their own size.
        let each = match element.is_text() {
            true => size.saturating_add(size_of::<String>()),
            false => size_of::<f64>(),
        };
        let needs = (bytes as u64).saturating_add((count as u64).saturating_mul(each as u64));
        memory::check(needs).map_err(|shortage| shortage.to_string())?;
        let mut data = Vec::new();
        let unreadable = |e: std::io::Error| format!("cannot be read: {e}");
        input.by_ref().take(bytes as u64).read_to_end(&mut data).map_err(unreadable)?;
        if data.len() < bytes {
            return Err(Flaw::from(format!(
                "ends after {} of the {bytes} bytes of its {count} elements",
                data.len()
            )));
        }
        if input.read(&mut [0]).map_err(unreadable)? > 0 {
            return Err(Flaw::from(format!("goes on after its {count} elements")));
        }
        if is_big && element != Element::Bytes {
            let size = if element == Element::Unicode { 4 } else { size };
            data.chunks_exact_mut(size).for_each(<[u8]>::reverse);
        }
        if header.is_fortran {
            data = row_major(&data, &header.shape, size);
        }
        let values = values(data, element, size)?;
        Ok(NpyArray { shape: header.shape, values })
    }

    /// The number of elements of the first axis; none for a single number.
    pub(crate) fn rows(&self) -> Option<usize> {
        self.shape.first().copied()
    }
}

impl Element {
    fn is_text(self) -> bool {
        matches!(self, Element::Unicode | Element::Bytes)
    }
}

/// The element's type, its bytes, and whether the most significant byte is first.
fn element(descr: &str) -> Result<(Element, usize, bool), Flaw> {
    let unknown = || Flaw::from(format!("has elements of the type `{descr}`, which is not read"));
    let mut characters = descr.chars();
    let (order, letter) = (characters.next(), characters.next());
    let number = |text: &str| text.parse::<usize>().map_err(|_| unknown());
    let is_big = match order {
        Some('<' | '|') => false,
        Some('>') => true,
        _ => return Err(unknown()),
    };
    let rest = characters.as_str();
    match (letter, rest) {
        (Some('b'), "1") => Ok((Element::Flag, 1, false)),
        (Some('u'), "1" | "2" | "4" | "8") => Ok((Element::Unsigned, number(rest)?, is_big)),
        (Some('i'), "1" | "2" | "4" | "8") => Ok((Element::Signed, number(rest)?, is_big)),
        (Some('f'), "2" | "4" | "8") => Ok((Element::Float, number(rest)?, is_big)),
        // Any number of them would fit into a file of a hundred bytes.
        (Some('U' | 'S'), "0") => Err(Flaw::from("holds only empty strings")),
        (Some('U'), _) => {
            let bytes = number(rest)?.checked_mul(4).ok_or_else(unknown)?;
            Ok((Element::Unicode, bytes, is_big))
        }
        (Some('S'), _) => Ok((Element::Bytes, number(rest)?, false)),
        (Some('O'), _) => Err(Flaw::from(
            "holds Python objects, which only Python can read: make it an array of numbers or of \
             strings with `.astype`",
        )),
        _ => Err(unknown()),
    }
}

/// The elements of an array in which the first axis varies fastest, the last one fastest.
fn row_major(data: &[u8], shape: &[usize], size: usize) -> Vec<u8> {
    let mut ordered = Vec::with_capacity(data.len());
    if data.is_empty() {
        return ordered;
    }
    let mut strides = Vec::with_capacity(shape.len());
    shape.iter().fold(size, |stride, axis| {
        strides.push(stride);
        stride * axis
    });
    let mut index = vec![0; shape.len()];
    loop {
        let start: usize = index.iter().zip(&strides).map(|(at, stride)| at * stride).sum();
        ordered.extend_from_slice(&data[start..start + size]);
        let Some(axis) = (0..shape.len()).rev().find(|axis| index[*axis] + 1 < shape[*axis]) else {
            return ordered;
        };
        index[axis] += 1;
        index[axis + 1..].fill(0);
    }
}

/// The elements of little-endian bytes.
fn values(data: Vec<u8>, element: Element, size: usize) -> Result<NpyValues, Flaw> {
    let each = || data.chunks_exact(size);
    Ok(match (element, size) {
        (Element::Flag, _) => NpyValues::Flags(data.into_iter().map(|byte| byte != 0).collect()),
        (Element::Unsigned, 1) => NpyValues::Bytes(data),
        (Element::Unsigned, _) => {
            let whole = |bytes| i64::try_from(unsigned(bytes)).map_err(|_| too_large(bytes));
            NpyValues::Whole(each().map(whole).collect::<Result<_, _>>()?)
        }
        (Element::Signed, _) => NpyValues::Whole(each().map(signed).collect()),
        (Element::Float, 2) => NpyValues::Narrow(each().map(half).collect()),
        (Element::Float, 4) => {
            NpyValues::Narrow(each().map(|b| f32::from_bits(unsigned(b) as u32)).collect())
        }
        (Element::Float, _) => {
            NpyValues::Wide(each().map(|b| f64::from_bits(unsigned(b))).collect())
        }
        (Element::Unicode, _) => NpyValues::Text(each().map(characters).collect::<Result<_, _>>()?),
        (Element::Bytes, _) => NpyValues::Text(each().map(text).collect::<Result<_, _>>()?),
    })
}

fn too_large(bytes: &[u8]) -> Flaw {
    Flaw::from(format!("has the number {}, which is too large", unsigned(bytes)))
}

/// Up to eight little-endian bytes.
fn unsigned(bytes: &[u8]) -> u64 {
    bytes.iter().rev().fold(0, |value, byte| value << 8 | u64::from(*byte))
}

fn signed(bytes: &[u8]) -> i64 {
    let unused = 64 - 8 * bytes.len() as u32;
    (unsigned(bytes) << unused) as i64 >> unused
}

/// IEEE 754's binary16, which 32 bits hold exactly.
fn half(bytes: &[u8]) -> f32 {
    let bits = unsigned(bytes) as u32;
    let (sign, exponent, fraction) = (bits >> 15, bits >> 10 & 0x1f, bits & 0x3ff);
    let size = match exponent {
        0 => fraction as f32 / 16_777_216.0, // 2^-24
        0x1f => f32::from_bits(0x7f80_0000 | fraction << 13),
        _ => f32::from_bits((exponent + 112) << 23 | fraction << 13),
    };
    if sign == 1 { -size } else { size }
}

/// Characters of 32 bits, without the zeros that fill up the element.
fn characters(bytes: &[u8]) -> Result<String, Flaw> {
    let code = |bytes: &[u8]| unsigned(bytes) as u32;
    let text: Option<String> = bytes.chunks_exact(4).map(|b| char::from_u32(code(b))).collect();
    let text = text.ok_or_else(|| Flaw::from("has a string of characters that do not exist"))?;
    Ok(text.trim_end_matches('\0').to_owned())
}

fn text(bytes: &[u8]) -> Result<String, Flaw> {
    let text =
        std::str::from_utf8(bytes).map_err(|_| Flaw::from("has a string that is not UTF-8"))?;
    Ok(text.trim_end_matches('\0').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runs::npy::{npy, npy_f32};

    /// A file with this header and these elements.
    fn file(descr: &str, is_fortran: bool, shape: &str, elements: &[u8]) -> Vec<u8> {
        let order = if is_fortran { "True" } else { "False" };
        let header =
            format!("{{'descr': '{descr}', 'fortran_order': {order}, 'shape': {shape}, }}\n");
        let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
        bytes.extend((header.len() as u16).to_le_bytes());
        bytes.extend(header.as_bytes());
        bytes.extend(elements);
        bytes
    }

    fn read(bytes: &[u8]) -> Result<NpyArray, Flaw> {
        NpyArray::read(bytes)
    }

    #[test]
    fn what_we_write_is_read() {
        let array = read(&npy(&[3, 258])).unwrap();
        assert_eq!(array, NpyArray { shape: vec![2], values: NpyValues::Whole(vec![3, 258]) });
        let array = read(&npy_f32(&[1, 2], [1.5, f32::NAN].into_iter())).unwrap();
        let NpyValues::Narrow(values) = array.values else { panic!("32 bits") };
        assert!(array.shape == [1, 2] && values[0] == 1.5 && values[1].is_nan());
    }

    #[test]
    fn elements_of_every_type_are_read() {
        let values = |descr: &str, shape: &str, elements: &[u8]| {
            read(&file(descr, false, shape, elements)).unwrap().values
        };
        assert_eq!(values("|b1", "(2,)", &[0, 1]), NpyValues::Flags(vec![false, true]));
        assert_eq!(values("|u1", "(2,)", &[0, 255]), NpyValues::Bytes(vec![0, 255]));
        assert_eq!(values("|i1", "(2,)", &[1, 255]), NpyValues::Whole(vec![1, -1]));
        assert_eq!(values("<i2", "(1,)", &[254, 255]), NpyValues::Whole(vec![-2]));
        assert_eq!(values(">i4", "(1,)", &[0, 0, 1, 2]), NpyValues::Whole(vec![258]));
        assert_eq!(values("<u8", "()", &[7, 0, 0, 0, 0, 0, 0, 0]), NpyValues::Whole(vec![7]));
        // numpy.float16 of 1.5, -2^-24, 65504 and infinity
        let halves = [0x00, 0x3e, 0x01, 0x80, 0xff, 0x7b, 0x00, 0x7c];
        let expected = vec![1.5, -(2.0_f32.powi(-24)), 65504.0, f32::INFINITY];
        assert_eq!(values("<f2", "(4,)", &halves), NpyValues::Narrow(expected));
        assert_eq!(values(">f8", "(1,)", &1.1_f64.to_be_bytes()), NpyValues::Wide(vec![1.1]));
        let text = |words: &[&str]| NpyValues::Text(words.iter().map(|w| w.to_string()).collect());
        let unicode: Vec<u8> = "é\0ab".chars().flat_map(|c| (c as u32).to_be_bytes()).collect();
        assert_eq!(values(">U2", "(2,)", &unicode), text(&["é", "ab"]));
        assert_eq!(values("|S2", "(2,)", b"a\0bc"), text(&["a", "bc"]));
    }

    #[test]
    fn a_first_axis_that_varies_fastest_is_turned() {
        let array = read(&file("|u1", true, "(2, 3)", &[1, 4, 2, 5, 3, 6])).unwrap();
        assert_eq!(array.values, NpyValues::Bytes(vec![1, 2, 3, 4, 5, 6]));
        let array = read(&file(">i2", true, "(2, 2)", &[0, 1, 0, 3, 0, 2, 0, 4])).unwrap();
        assert_eq!(array.values, NpyValues::Whole(vec![1, 2, 3, 4]));
    }

    #[test]
    fn what_is_no_array_says_why() {
        let problem = |bytes: &[u8]| read(bytes).unwrap_err();
        assert_eq!(problem(b""), "ends within its header");
        assert_eq!(problem(b"PK\x03\x04 and more"), "is not an array of NumPy's format");
        let objects = problem(&file("|O", false, "(1,)", b"\x80\x04N."));
        assert!(objects.contains("Python objects"), "{objects}");
        for descr in ["<c8", "<f16", "<M8[s]", "", "<", "=i4", "<U99999999999999999999", "<i3"] {
            let problem = problem(&file(descr, false, "(1,)", &[0; 8]));
            assert!(problem.contains("which is not read"), "{descr}: {problem}");
        }
        assert_eq!(
            problem(&file("<i4", false, "(2,)", &[0; 7])),
            "ends after 7 of the 8 bytes of its 2 elements"
        );
        assert_eq!(problem(&file("|u1", false, "(2,)", &[0; 3])), "goes on after its 2 elements");
        let huge = problem(&file("<f8", false, "(4611686018427387904, 8)", &[]));
        assert!(huge.contains("impossible shape"), "{huge}");
        let large = problem(&file("<f8", false, "(100000000000000,)", &[]));
        assert!(large.contains("of memory, but"), "{large}");
        let wide = read(&file("|S18446744073709551615", false, "(0,)", &[])).unwrap();
        assert_eq!(wide.values, NpyValues::Text(Vec::new()), "no size of an element overflows");
        let empty = problem(&file("<U0", false, "(100000000000000,)", &[]));
        assert_eq!(empty, "holds only empty strings");
        let beyond = problem(&file("<u8", false, "(1,)", &[255; 8]));
        assert!(beyond.contains("18446744073709551615, which is too large"), "{beyond}");
        let surrogate = problem(&file("<U1", false, "(1,)", &[0, 0xd8, 0, 0]));
        assert!(surrogate.contains("characters that do not exist"), "{surrogate}");
    }

    #[test]
    fn no_beginning_of_a_file_is_an_array() {
        let whole = file("<i2", false, "(3,)", &[1, 0, 2, 0, 3, 0]);
        assert!(read(&whole).is_ok());
        assert!((0..whole.len()).all(|length| read(&whole[..length]).is_err()));
    }
}
