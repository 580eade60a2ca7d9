//! Reads Python pickles of protocols 0 to 2 as data: nothing in them is ever called. A pickle is a
//! program for a small stack machine; this one implements the instructions for dictionaries, lists,
//! strings, numbers and numpy arrays, and refuses all others
//! (<https://github.com/python/cpython/blob/main/Lib/pickletools.py> lists them).

use crate::error::Flaw;
use std::borrow::Cow;
use std::collections::HashMap;

/// Index of a value in [`Pickle`].
pub(super) type Id = usize;

/// A value. Values refer to each other by index, so deep nesting needs no recursion.
#[derive(Debug)]
pub(super) enum PickleValue<'a> {
    Nothing,
    Bool(bool),
    Int(i64),
    Bytes(Cow<'a, [u8]>),
    Text(&'a str),
    List(Vec<Id>),
    Tuple(Vec<Id>),
    Dict(Vec<(Id, Id)>),
    /// A name in a module.
    Global(&'a str, &'a str),
    /// What Python would get by calling something; here only recorded.
    Called {
        function: Id,
        arguments: Id,
        state: Option<Id>,
    },
}

/// A pickle's values.
#[derive(Debug)]
pub(super) struct Pickle<'a> {
    pub(super) values: Vec<PickleValue<'a>>,
    pub(super) root: Id,
}

/// The largest batch, 50,000 labels of two kinds and as many file names, needs about 300,000.
const MAX_INSTRUCTIONS: usize = 2_000_000;

/// The globals that numpy arrays and strings refer to; Python would import them, this machine only
/// knows their names.
const KNOWN_GLOBALS: [(&str, &str); 5] = [
    ("_codecs", "encode"),
    ("numpy", "dtype"),
    ("numpy", "ndarray"),
    ("numpy.core.multiarray", "_reconstruct"),
    ("numpy._core.multiarray", "_reconstruct"), // as numpy 2 calls it
];

/// Reads the one pickle in `bytes`.
pub(super) fn read(bytes: &[u8]) -> Result<Pickle<'_>, Flaw> {
    let mut machine = Machine {
        rest: bytes,
        values: Vec::new(),
        stack: Vec::new(),
        marks: Vec::new(),
        memo: HashMap::new(),
    };
    for _ in 0..MAX_INSTRUCTIONS {
        let at = bytes.len() - machine.rest.len();
        let instruction = machine.byte()?;
        if instruction == b'.' {
            let root = machine.pop()?;
            return Ok(Pickle { values: machine.values, root });
        }
        machine.execute(instruction).map_err(|problem| format!("{problem} (at byte {at})"))?;
    }
    Err(Flaw::from(format!("it has more than {MAX_INSTRUCTIONS} instructions")))
}

struct Machine<'a> {
    rest: &'a [u8],
    values: Vec<PickleValue<'a>>,
    stack: Vec<Id>,
    marks: Vec<usize>,
    memo: HashMap<u64, Id>,
}

impl<'a> Machine<'a> {
    fn execute(&mut self, instruction: u8) -> Result<(), Flaw> {
        match instruction {
            0x80 => self.protocol(),
            b'(' => {
                self.marks.push(self.stack.len());
                Ok(())
            }
            b'N' => self.push(PickleValue::Nothing),
            0x88 => self.push(PickleValue::Bool(true)),
            0x89 => self.push(PickleValue::Bool(false)),
            b'I' | b'L' | b'J' | b'K' | b'M' | 0x8a => self.number(instruction),
            b'S' | b'T' | b'U' | b'X' => self.string(instruction),
            b']' | b'}' | b')' | b'l' | b'd' | b't' | 0x85..=0x87 => self.container(instruction),
            b'a' | b'e' | b's' | b'u' => self.extend(instruction),
            b'p' | b'q' | b'r' | b'g' | b'h' | b'j' => self.memo(instruction),
            b'c' | b'R' | b'b' => self.call(instruction),
            other => Err(Flaw::from(format!("it uses the unknown instruction {other:#04x}"))),
        }
    }

    fn protocol(&mut self) -> Result<(), Flaw> {
        match self.byte()? {
            0..=2 => Ok(()),
            other => Err(Flaw::from(format!("its protocol is {other}; 0 to 2 are understood"))),
        }
    }

    fn number(&mut self, instruction: u8) -> Result<(), Flaw> {
        let value = match instruction {
            b'K' => i64::from(self.byte()?),
            b'M' => self.little_endian(2)?,
            b'J' => i64::from(self.little_endian(4)? as u32 as i32),
            0x8a => {
                let length = usize::from(self.byte()?);
                let unused_bits = 64 - 8 * length.min(8) as u32;
                match length {
                    0 => 0,
                    // Two's complement of `length` bytes: shifting up and down extends the sign.
                    _ => self.little_endian(length)? << unused_bits >> unused_bits,
                }
            }
            _ => {
                let line = self.line()?;
                match (instruction, line) {
                    (b'I', "00") => return self.push(PickleValue::Bool(false)),
                    (b'I', "01") => return self.push(PickleValue::Bool(true)),
                    _ => {}
                }
                let digits = line.strip_suffix('L').unwrap_or(line);
                digits.parse().map_err(|_| format!("{line:?} is not a number that it may hold"))?
            }
        };
        self.push(PickleValue::Int(value))
    }

    fn string(&mut self, instruction: u8) -> Result<(), Flaw> {
        if instruction == b'S' {
            let content = unquote(self.line()?)?;
            return self.push(PickleValue::Bytes(Cow::Owned(content)));
        }
        let length = match instruction {
            b'U' => usize::from(self.byte()?),
            _ => self.little_endian(4)? as usize,
        };
        let bytes = self.take(length)?;
        match instruction {
            b'X' => {
                let text = str::from_utf8(bytes).map_err(|_| "it holds text that is not UTF-8")?;
                self.push(PickleValue::Text(text))
            }
            _ => self.push(PickleValue::Bytes(Cow::Borrowed(bytes))),
        }
    }

    fn container(&mut self, instruction: u8) -> Result<(), Flaw> {
        let value = match instruction {
            b']' => PickleValue::List(Vec::new()),
            b'}' => PickleValue::Dict(Vec::new()),
            b')' => PickleValue::Tuple(Vec::new()),
            b'l' => PickleValue::List(self.pop_to_mark()?),
            b't' => PickleValue::Tuple(self.pop_to_mark()?),
            b'd' => PickleValue::Dict(pairs(&self.pop_to_mark()?)?),
            _ => PickleValue::Tuple(self.pop_many(usize::from(instruction - 0x84))?),
        };
        self.push(value)
    }

    /// APPEND, APPENDS, SETITEM, SETITEMS: into the container below.
    fn extend(&mut self, instruction: u8) -> Result<(), Flaw> {
        let items = match instruction {
            b'a' => self.pop_many(1)?,
            b's' => self.pop_many(2)?,
            _ => self.pop_to_mark()?,
        };
        let container = *self.stack.last().ok_or("it takes from an empty stack")?;
        match (&mut self.values[container], instruction) {
            (PickleValue::List(list), b'a' | b'e') => list.extend(items),
            (PickleValue::Dict(dict), b's' | b'u') => dict.extend(pairs(&items)?),
            _ => return Err(Flaw::from("it fills something that is not a list or a dictionary")),
        }
        Ok(())
    }

    fn memo(&mut self, instruction: u8) -> Result<(), Flaw> {
        let key = match instruction {
            b'q' | b'h' => u64::from(self.byte()?),
            b'r' | b'j' => self.little_endian(4)? as u64,
            _ => self
                .line()?
                .parse()
                .map_err(|_| "it stores a value under something that is not a number")?,
        };
        if matches!(instruction, b'p' | b'q' | b'r') {
            let top = *self.stack.last().ok_or("it takes from an empty stack")?;
            self.memo.insert(key, top);
        } else {
            let value = *self.memo.get(&key).ok_or("it refers to a value that is not there")?;
            self.stack.push(value);
        }
        Ok(())
    }

    /// GLOBAL, REDUCE, BUILD: recorded, not executed.
    fn call(&mut self, instruction: u8) -> Result<(), Flaw> {
        match instruction {
            b'c' => {
                let (module, name) = (self.line()?, self.line()?);
                if !KNOWN_GLOBALS.contains(&(module, name)) {
                    return Err(Flaw::from(format!("it refers to {module}.{name}")));
                }
                self.push(PickleValue::Global(module, name))
            }
            b'R' => {
                let (arguments, function) = (self.pop()?, self.pop()?);
                self.push(PickleValue::Called { function, arguments, state: None })
            }
            _ => {
                let built = self.pop()?;
                let object = *self.stack.last().ok_or("it takes from an empty stack")?;
                match &mut self.values[object] {
                    PickleValue::Called { state, .. } => *state = Some(built),
                    _ => return Err(Flaw::from("it builds something that is not an object")),
                }
                Ok(())
            }
        }
    }

    fn push(&mut self, value: PickleValue<'a>) -> Result<(), Flaw> {
        self.stack.push(self.values.len());
        self.values.push(value);
        Ok(())
    }

    fn pop(&mut self) -> Result<Id, Flaw> {
        Ok(self.pop_many(1)?[0])
    }

    /// The topmost values, which must be above the last mark.
    fn pop_many(&mut self, count: usize) -> Result<Vec<Id>, Flaw> {
        let floor = self.marks.last().copied().unwrap_or(0);
        match self.stack.len().checked_sub(count) {
            Some(start) if start >= floor => Ok(self.stack.split_off(start)),
            _ => Err(Flaw::from("it takes from an empty stack")),
        }
    }

    fn pop_to_mark(&mut self) -> Result<Vec<Id>, Flaw> {
        let mark = self.marks.pop().ok_or("it takes from an empty stack")?;
        Ok(self.stack.split_off(mark))
    }

    fn take(&mut self, length: usize) -> Result<&'a [u8], Flaw> {
        let (taken, rest) = self.rest.split_at_checked(length).ok_or("it is cut off")?;
        self.rest = rest;
        Ok(taken)
    }

    fn byte(&mut self) -> Result<u8, Flaw> {
        Ok(self.take(1)?[0])
    }

    fn little_endian(&mut self, length: usize) -> Result<i64, Flaw> {
        if length > 8 {
            return Err(Flaw::from("it holds a number of more than 64 bits"));
        }
        let mut bytes = [0; 8];
        bytes[..length].copy_from_slice(self.take(length)?);
        Ok(i64::from_le_bytes(bytes))
    }

    /// The text up to a line's end, without it.
    fn line(&mut self) -> Result<&'a str, Flaw> {
        let end = self.rest.iter().position(|&byte| byte == b'\n').ok_or("it is cut off")?;
        let line = self.take(end)?;
        self.take(1)?;
        str::from_utf8(line).map_err(|_| "it holds a line that is not text".into())
    }
}

fn pairs(items: &[Id]) -> Result<Vec<(Id, Id)>, Flaw> {
    let (pairs, []) = items.as_chunks::<2>() else {
        return Err(Flaw::from("it has a dictionary key without a value"));
    };
    Ok(pairs.iter().map(|&[key, value]| (key, value)).collect())
}

/// A string as Python 2's `repr` wrote it.
fn unquote(quoted: &str) -> Result<Vec<u8>, Flaw> {
    let wrong = || Flaw::from("it holds a string with wrong quotes");
    let bytes = quoted.as_bytes();
    let (Some(open @ (b'\'' | b'"')), Some(close)) = (bytes.first(), bytes.last()) else {
        return Err(wrong());
    };
    if bytes.len() < 2 || open != close {
        return Err(wrong());
    }
    let mut rest = &bytes[1..bytes.len() - 1];
    let mut content = Vec::with_capacity(rest.len());
    while let Some((&first, after)) = rest.split_first() {
        rest = after;
        if first != b'\\' {
            content.push(first);
            continue;
        }
        let (&escaped, after) = rest.split_first().ok_or_else(wrong)?;
        rest = after;
        content.push(match escaped {
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'\\' | b'\'' | b'"' => escaped,
            b'x' => {
                let (digits, after) = rest.split_at_checked(2).ok_or_else(wrong)?;
                rest = after;
                let digits = str::from_utf8(digits).map_err(|_| wrong())?;
                u8::from_str_radix(digits, 16).map_err(|_| wrong())?
            }
            _ => return Err(wrong()),
        });
    }
    Ok(content)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_every_kind_are_read() {
        let pickle: &[u8] =
            b"(K\xffM\x01\x02J\xfe\xff\xff\xffI-7\nL8L\n\x8a\x01\xff\x8a\x00I01\nl.";
        let read = read(pickle).expect("a good pickle");
        let PickleValue::List(items) = &read.values[read.root] else {
            panic!("{read:?}");
        };
        let shown: Vec<String> =
            items.iter().map(|&item| format!("{:?}", read.values[item])).collect();
        let expected = "Int(255) Int(513) Int(-2) Int(-7) Int(8) Int(-1) Int(0) Bool(true)";
        assert_eq!(shown.join(" "), expected);
    }

    #[test]
    fn quoted_strings_are_unquoted() {
        let content = unquote(r#"'a\\b\'c\n\x00\xff"'"#);
        assert_eq!(content.expect("good quotes"), b"a\\b'c\n\x00\xff\"");
        for wrong in ["", "'", "a", "'a", r"'\'", r"'\x1'", r"'\q'"] {
            unquote(wrong).expect_err(wrong);
        }
    }

    #[test]
    fn damaged_pickles_are_errors_and_never_panics() {
        let good: &[u8] =
            b"\x80\x02}q\x01(U\x06labelsq\x02]q\x03(K\x06K\x09eU\x04datacnumpy\ndtype\n\
            U\x02u1K\x00\x86Rbh\x03X\x01\x00\x00\x00au.";
        for length in 0..good.len() {
            let _ = read(&good[..length]);
            for byte in 0..=255 {
                let mut damaged = good.to_vec();
                damaged[length] = byte;
                let _ = read(&damaged);
            }
        }
    }

    #[test]
    fn deep_and_endless_pickles_end() {
        let deep = [b")".to_vec(), vec![0x85; 1_000_000], b".".to_vec()].concat();
        read(&deep).expect("dropped without recursion");
        let endless = vec![b'N'; MAX_INSTRUCTIONS + 1];
        let problem = read(&endless).expect_err("too long");
        assert_eq!(problem, "it has more than 2000000 instructions");
    }
}
