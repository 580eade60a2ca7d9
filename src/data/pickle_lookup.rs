//! Looks up the content of a CIFAR batch in its pickle: lists of labels and names, and the pixels
//! of a numpy array.

use crate::error::Flaw;
use std::borrow::Cow;

use super::cifar::PIXELS;
use super::pickle::{Id, Pickle, PickleValue};

/// The most bytes of a list of names, because one long string may occur in it many times.
const MOST_NAME_BYTES: usize = 64 * 1024;

impl<'a> Pickle<'a> {
    fn value(&self, key: &str) -> Result<Id, Flaw> {
        let PickleValue::Dict(entries) = &self.values[self.root] else {
            return Err(Flaw::from("it is not a dictionary"));
        };
        let found = entries.iter().find(|(name, _)| self.is_string(*name, key));
        found.map(|&(_, value)| value).ok_or_else(|| Flaw::from(format!("it has no {key:?}")))
    }

    fn list(&self, key: &str) -> Result<&[Id], Flaw> {
        match &self.values[self.value(key)?] {
            PickleValue::List(items) => Ok(items),
            _ => Err(Flaw::from(format!("its {key:?} is not a list"))),
        }
    }

    pub(super) fn labels(&self, key: &str) -> Result<Vec<u8>, Flaw> {
        let small = |&id: &Id| match self.values[id] {
            PickleValue::Int(label) => u8::try_from(label).ok(),
            _ => None,
        };
        let labels: Option<Vec<u8>> = self.list(key)?.iter().map(small).collect();
        labels.ok_or_else(|| Flaw::from(format!("its {key:?} holds something that is not a label")))
    }

    /// A list of strings, one a line.
    pub(super) fn names(&self, key: &str) -> Result<String, Flaw> {
        let mut text = String::new();
        for &id in self.list(key)? {
            let name = self.bytes(id)?;
            let name = str::from_utf8(&name).map_err(|_| format!("its {key:?} are not text"))?;
            text.push_str(name.trim());
            text.push('\n');
            if text.len() > MOST_NAME_BYTES {
                return Err(Flaw::from(format!(
                    "its {key:?} have more than {MOST_NAME_BYTES} bytes"
                )));
            }
        }
        Ok(text)
    }

    /// Whether a value is this string. Nothing is copied, because every key of a dictionary may be
    /// the same string of megabytes.
    fn is_string(&self, id: Id, wanted: &str) -> bool {
        match &self.values[id] {
            PickleValue::Bytes(bytes) => bytes.as_ref() == wanted.as_bytes(),
            PickleValue::Text(text) => *text == wanted,
            PickleValue::Called { arguments, .. } => match self.tuple(*arguments) {
                Ok(&[text, ..]) => {
                    matches!(self.values[text], PickleValue::Text(text) if text == wanted)
                }
                _ => false,
            },
            _ => false,
        }
    }

    /// A string: Python 2's `str`, text, or the way Python 3 writes `bytes` in the old protocols,
    /// `_codecs.encode(text, 'latin1')`.
    fn bytes(&self, id: Id) -> Result<Cow<'_, [u8]>, Flaw> {
        match &self.values[id] {
            PickleValue::Bytes(bytes) => Ok(Cow::Borrowed(bytes)),
            PickleValue::Text(text) => Ok(Cow::Borrowed(text.as_bytes())),
            PickleValue::Called { function, arguments, .. } => {
                self.require_global(*function, &["_codecs"], "encode")?;
                match self.tuple(*arguments)?.first().map(|&text| &self.values[text]) {
                    Some(PickleValue::Text(text)) => latin1(text).map(Cow::Owned),
                    _ => Err(Flaw::from("it encodes something that is not text")),
                }
            }
            _ => Err(Flaw::from("it lacks a string where one is expected")),
        }
    }

    fn tuple(&self, id: Id) -> Result<&[Id], Flaw> {
        match &self.values[id] {
            PickleValue::Tuple(items) => Ok(items),
            _ => Err(Flaw::from("it lacks a tuple where one is expected")),
        }
    }

    fn require_global(&self, id: Id, modules: &[&str], name: &str) -> Result<(), Flaw> {
        match self.values[id] {
            PickleValue::Global(module, found) if found == name && modules.contains(&module) => {
                Ok(())
            }
            PickleValue::Global(module, found) => {
                Err(Flaw::from(format!("it refers to {module}.{found}")))
            }
            _ => Err(Flaw::from("it calls something that is not a function")),
        }
    }

    /// The bytes of a `[rows, 3072]` numpy array of unsigned bytes, row by row. Its state is
    /// (version, shape, type, whether column by column, bytes).
    pub(super) fn array(&self, key: &str) -> Result<Cow<'_, [u8]>, Flaw> {
        let no_array = || Flaw::from(format!("its {key:?} is not a numpy array"));
        let PickleValue::Called { function, state, .. } = &self.values[self.value(key)?] else {
            return Err(no_array());
        };
        let modules = ["numpy.core.multiarray", "numpy._core.multiarray"];
        self.require_global(*function, &modules, "_reconstruct")?;
        let state = state.ok_or_else(no_array)?;
        let &[_version, shape, kind, by_column, content] = self.tuple(state)? else {
            return Err(Flaw::from(format!("its {key:?} is an array of an unknown kind")));
        };
        self.require_unsigned_bytes(kind)?;
        let rows = self.rows(shape)?;
        let content = self.bytes(content)?;
        if rows.checked_mul(PIXELS) != Some(content.len()) {
            return Err(Flaw::from(format!(
                "its {key:?} has {} bytes for {rows} rows",
                content.len()
            )));
        }
        match self.values[by_column] {
            PickleValue::Bool(true) | PickleValue::Int(1) => {
                Ok(Cow::Owned(transposed(&content, rows)))
            }
            _ => Ok(content),
        }
    }

    fn rows(&self, shape: Id) -> Result<usize, Flaw> {
        let sizes: Vec<&PickleValue<'_>> =
            self.tuple(shape)?.iter().map(|&size| &self.values[size]).collect();
        match sizes[..] {
            [&PickleValue::Int(rows), &PickleValue::Int(columns)] if columns == PIXELS as i64 => {
                usize::try_from(rows).map_err(|_| "it has a negative number of rows".into())
            }
            _ => Err(Flaw::from("its array does not have 3072 columns")),
        }
    }

    fn require_unsigned_bytes(&self, kind: Id) -> Result<(), Flaw> {
        let PickleValue::Called { function, arguments, .. } = &self.values[kind] else {
            return Err(Flaw::from("its array has an unknown type"));
        };
        self.require_global(*function, &["numpy"], "dtype")?;
        match self.tuple(*arguments)?.first() {
            Some(&name) if matches!(&*self.bytes(name)?, b"u1" | b"|u1") => Ok(()),
            _ => Err(Flaw::from("its array does not hold unsigned bytes")),
        }
    }
}

fn latin1(text: &str) -> Result<Vec<u8>, Flaw> {
    let bytes: Option<Vec<u8>> = text.chars().map(|char| u8::try_from(char).ok()).collect();
    bytes.ok_or_else(|| "it has bytes above 255".into())
}

/// `[3072, rows]` to `[rows, 3072]`.
fn transposed(content: &[u8], rows: usize) -> Vec<u8> {
    let by_row = (0..rows).flat_map(|row| content.iter().skip(row).step_by(rows));
    by_row.copied().collect()
}

#[cfg(test)]
mod tests {
    use crate::data::pickle::read;

    #[test]
    fn a_string_that_stands_in_a_list_many_times_is_not_multiplied() {
        let mut pickle = b"\x80\x02}U\x05names](T\x00\x40\x00\x00".to_vec();
        pickle.extend([b'n'; 0x4000]);
        pickle.extend(b"q\x01");
        pickle.extend(b"h\x01".repeat(20_000)); // 320 MB of names in 56 kB
        pickle.extend(b"es.");
        let read = read(&pickle).expect("a good pickle");
        let problem = read.names("names").expect_err("too long");
        assert_eq!(problem, "its \"names\" have more than 65536 bytes");
    }

    #[test]
    fn keys_are_compared_and_not_copied() {
        let mut pickle = b"\x80\x02}(c_codecs\nencode\nX\x00\x00\x10\x00".to_vec();
        pickle.extend(std::iter::repeat_n(b'k', 0x10_0000));
        pickle.extend(b"\x85Rq\x01N");
        pickle.extend(b"h\x01N".repeat(100_000)); // 100 GB if each were decoded
        pickle.extend(b"u.");
        let read = read(&pickle).expect("a good pickle");
        assert_eq!(read.names("names").expect_err("not there"), "it has no \"names\"");
    }
}
