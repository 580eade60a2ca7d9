//! The header of NumPy's array format: a Python dictionary of what the elements are, in which order they
//! stand, and how many there are.

use std::io::Read;

use crate::error::Flaw;

/// The beginning of every `.npy` file.
const MAGIC: &[u8] = b"\x93NUMPY";
/// No array of numbers or strings has a longer header.
const MOST_HEADER_BYTES: u32 = 1 << 16;
/// As many axes as NumPy allows (`NPY_MAXDIMS`).
const MOST_AXES: usize = 64;

/// What an array's file begins with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Header {
    /// As NumPy writes it: `<f4`.
    pub(super) descr: String,
    /// Whether the first axis varies fastest.
    pub(super) is_fortran: bool,
    pub(super) shape: Vec<usize>,
}

/// A value of the dictionary.
#[derive(Debug, PartialEq)]
enum Literal {
    Text(String),
    Flag(bool),
    Sizes(Vec<usize>),
}

impl Header {
    /// Reads it, up to the first element.
    ///
    /// # Errors
    /// Says what the file is or has instead, after "it".
    pub(super) fn read(input: &mut impl Read) -> Result<Header, Flaw> {
        let mut start = [0; 8];
        let ends = |_| Flaw::from("ends within its header");
        input.read_exact(&mut start).map_err(ends)?;
        if !start.starts_with(MAGIC) {
            return Err(Flaw::from("is not an array of NumPy's format"));
        }
        // The length has 16 bits in version 1, and 32 in versions 2 and 3.
        let length = match start[6] {
            1 => {
                let mut length = [0; 2];
                input.read_exact(&mut length).map_err(ends)?;
                u32::from(u16::from_le_bytes(length))
            }
            2 | 3 => {
                let mut length = [0; 4];
                input.read_exact(&mut length).map_err(ends)?;
                u32::from_le_bytes(length)
            }
            version => {
                return Err(Flaw::from(format!(
                    "has version {version} of NumPy's format, not 1 to 3"
                )));
            }
        };
        if length > MOST_HEADER_BYTES {
            return Err(Flaw::from(format!("has a header of {length} bytes, as of records")));
        }
        let mut bytes = vec![0; length as usize];
        input.read_exact(&mut bytes).map_err(ends)?;
        let text =
            std::str::from_utf8(&bytes).map_err(|_| Flaw::from("has a header of no text"))?;
        dictionary(text).ok_or_else(|| {
            let shown: String = text.trim().chars().take(100).collect();
            Flaw::from(format!(
                "has a header that is not that of an array of plain elements: {shown}"
            ))
        })
    }
}

/// `{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }`, its keys in any order.
fn dictionary(text: &str) -> Option<Header> {
    let mut rest = text.trim().strip_prefix('{')?;
    let (mut descr, mut is_fortran, mut shape) = (None, None, None);
    loop {
        rest = rest.trim_start();
        if let Some(after) = rest.strip_prefix('}') {
            let is_end = after.trim().is_empty();
            return is_end.then_some(Header {
                descr: descr?,
                is_fortran: is_fortran?,
                shape: shape?,
            });
        }
        let (Literal::Text(key), after) = literal(rest)? else { return None };
        let (value, after) = literal(after.trim_start().strip_prefix(':')?.trim_start())?;
        match (key.as_str(), value) {
            ("descr", Literal::Text(text)) => descr = Some(text),
            ("fortran_order", Literal::Flag(flag)) => is_fortran = Some(flag),
            ("shape", Literal::Sizes(sizes)) => shape = Some(sizes),
            _ => return None,
        }
        let after = after.trim_start();
        rest = after.strip_prefix(',').unwrap_or(after);
    }
}

/// A Python literal at the beginning of `text`, and what is after it.
fn literal(text: &str) -> Option<(Literal, &str)> {
    for (word, flag) in [("True", true), ("False", false)] {
        if let Some(after) = text.strip_prefix(word) {
            return Some((Literal::Flag(flag), after));
        }
    }
    for quote in ['\'', '"'] {
        if let Some(after) = text.strip_prefix(quote) {
            let (text, after) = after.split_once(quote)?;
            return (!text.contains('\\')).then(|| (Literal::Text(text.to_owned()), after));
        }
    }
    let (inside, after) = text.strip_prefix('(')?.split_once(')')?;
    let inside = inside.trim();
    let inside = inside.strip_suffix(',').unwrap_or(inside);
    // Python 2 wrote `3L`.
    let size = |text: &str| text.trim().trim_end_matches('L').parse().ok();
    let sizes: Vec<usize> = match inside.is_empty() {
        true => Vec::new(),
        false => inside.split(',').map(size).collect::<Option<_>>()?,
    };
    (sizes.len() <= MOST_AXES).then_some((Literal::Sizes(sizes), after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dictionaries_are_read_as_python_writes_them() {
        let header = |descr: &str, is_fortran, shape: &[usize]| {
            Some(Header { descr: descr.to_owned(), is_fortran, shape: shape.to_vec() })
        };
        let of = |text: &str| dictionary(text);
        let text = "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }      \n";
        assert_eq!(of(text), header("<f4", false, &[3, 4]));
        let text = "{\"shape\":(3L,),'fortran_order':True,'descr':'|u1'}";
        assert_eq!(of(text), header("|u1", true, &[3]));
        assert_eq!(
            of("{'descr': '<f8', 'fortran_order': False, 'shape': ()}"),
            header("<f8", false, &[])
        );
        for text in [
            "",
            "{",
            "{}",
            "{'descr': '<f4', 'fortran_order': False}",
            "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,)}",
            "{'descr': '<f4', 'fortran_order': 0, 'shape': (1,)}",
            "{'descr': '<f4', 'fortran_order': False, 'shape': (-1,)}",
            "{'descr': '<f4', 'fortran_order': False, 'shape': (1,)} + x",
            "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,)}",
            "{'descr': '<f4', 'fortran_order': False, 'shape': (1,), 'x': 'y'}",
        ] {
            assert_eq!(of(text), None, "{text}");
        }
    }
}
