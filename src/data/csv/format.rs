//! How a CSV file is written: which bytes are which characters, what stands between two fields, and
//! what before the fraction of a number.

use std::io::{self, Read};

use crate::config::keys::words;

/// Bytes that are decoded at once.
const CHUNK: usize = 1 << 15;
/// A byte that UTF-8 never has, for one that the encoding does not have.
const NEVER_UTF8: u8 = 0xff;
/// What windows-1252 has in the place of latin-1's control characters 0x80 to 0x9F; `None` where it
/// has nothing (<https://encoding.spec.whatwg.org/index-windows-1252.txt>, whose five gaps are control
/// characters there; Python's `cp1252` refuses them too).
const WINDOWS_1252: [Option<char>; 32] = [
    Some('€'),
    None,
    Some('‚'),
    Some('ƒ'),
    Some('„'),
    Some('…'),
    Some('†'),
    Some('‡'),
    Some('ˆ'),
    Some('‰'),
    Some('Š'),
    Some('‹'),
    Some('Œ'),
    None,
    Some('Ž'),
    None,
    None,
    Some('‘'),
    Some('’'),
    Some('“'),
    Some('”'),
    Some('•'),
    Some('–'),
    Some('—'),
    Some('˜'),
    Some('™'),
    Some('š'),
    Some('›'),
    Some('œ'),
    None,
    Some('ž'),
    Some('Ÿ'),
];

words! {
    /// What stands before the fraction of a number.
    pub enum Decimal {
        /// A point: `1.5`.
        Point = ".",
        /// A comma: `1,5`.
        Comma = ",",
    }
}

words! {
    /// Which bytes are which characters.
    pub enum Encoding {
        /// With or without a byte order mark.
        Utf8 = "utf-8",
        /// ISO 8859-1: a byte for each of the first 256 characters of Unicode.
        Latin1 = "latin-1",
        /// Western European Windows: latin-1 with quotes, dashes and the euro sign.
        Windows1252 = "windows-1252",
    }
}

/// How a CSV file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TextFormat {
    /// The character between two fields.
    pub delimiter: u8,
    /// What stands before the fraction of a number.
    pub decimal: Decimal,
    /// Which bytes are which characters.
    pub encoding: Encoding,
}

impl TextFormat {
    /// UTF-8 with decimal points.
    pub fn plain(delimiter: u8) -> TextFormat {
        TextFormat { delimiter, decimal: Decimal::Point, encoding: Encoding::Utf8 }
    }
}

impl Decimal {
    /// The other one.
    pub(super) fn other(self) -> Decimal {
        match self {
            Decimal::Point => Decimal::Comma,
            Decimal::Comma => Decimal::Point,
        }
    }
}

impl Encoding {
    /// As in a sentence.
    pub(super) fn words(self) -> &'static str {
        match self {
            Encoding::Utf8 => "UTF-8",
            other => other.name(),
        }
    }

    /// The character of a byte; none if it has no such byte, or a character takes several of them.
    fn character(self, byte: u8) -> Option<char> {
        match (self, byte) {
            (Encoding::Windows1252, 0x80..=0x9f) => WINDOWS_1252[usize::from(byte - 0x80)],
            (Encoding::Utf8, 0x80..) => None,
            _ => Some(char::from(byte)),
        }
    }

    /// The byte of a character.
    fn byte(self, character: char) -> Option<u8> {
        (0..=u8::MAX).find(|byte| self.character(*byte) == Some(character))
    }

    /// What `text`, decoded from this encoding, would be if its bytes were UTF-8 after all; none if they
    /// are not, or if that makes no difference.
    pub(super) fn as_utf8(self, text: &str) -> Option<String> {
        if self == Encoding::Utf8 || text.is_ascii() {
            return None;
        }
        let bytes: Option<Vec<u8>> = text.chars().map(|c| self.byte(c)).collect();
        String::from_utf8(bytes?).ok()
    }
}

/// The bytes of a file as UTF-8. A byte that the encoding does not have becomes one that UTF-8 does not
/// have.
#[derive(Debug)]
pub(super) struct Decoded<R> {
    input: R,
    encoding: Encoding,
    decoded: Vec<u8>,
    at: usize,
}

impl<R: Read> Decoded<R> {
    pub(super) fn new(input: R, encoding: Encoding) -> Decoded<R> {
        Decoded { input, encoding, decoded: Vec::new(), at: 0 }
    }

    /// Decodes the next bytes; nothing at the end.
    fn decode(&mut self) -> io::Result<()> {
        let mut bytes = [0; CHUNK];
        let count = self.input.read(&mut bytes)?;
        (self.at, self.decoded) = (0, Vec::with_capacity(2 * count));
        for &byte in &bytes[..count] {
            match self.encoding.character(byte) {
                Some(c) => self.decoded.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
                None => self.decoded.push(NEVER_UTF8),
            }
        }
        Ok(())
    }
}

impl<R: Read> Read for Decoded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.encoding == Encoding::Utf8 {
            return self.input.read(buffer);
        }
        if self.at == self.decoded.len() {
            self.decode()?;
        }
        let count = buffer.len().min(self.decoded.len() - self.at);
        buffer[..count].copy_from_slice(&self.decoded[self.at..][..count]);
        self.at += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(bytes: &[u8], encoding: Encoding) -> Vec<u8> {
        let mut text = Vec::new();
        Decoded::new(bytes, encoding).read_to_end(&mut text).unwrap();
        text
    }

    #[test]
    fn bytes_are_the_characters_of_their_encoding() {
        let bytes = b"Caf\xe9 \x80 \x93x\x94";
        assert_eq!(decoded(bytes, Encoding::Windows1252), "Café € “x”".as_bytes());
        assert_eq!(decoded(bytes, Encoding::Latin1), "Café \u{80} \u{93}x\u{94}".as_bytes());
        assert_eq!(decoded(bytes, Encoding::Utf8), bytes);
        assert!(String::from_utf8(decoded(b"\x81", Encoding::Windows1252)).is_err());
        let all: Vec<u8> = (0..=u8::MAX).cycle().take(3 * CHUNK).collect();
        let text = String::from_utf8(decoded(&all, Encoding::Latin1)).unwrap();
        assert!(text.chars().map(|c| c as u32).eq(all.iter().map(|byte| u32::from(*byte))));
    }

    #[test]
    fn utf8_that_was_read_as_another_encoding_is_recognised() {
        assert_eq!(Encoding::Windows1252.as_utf8("MÃ¼ller").as_deref(), Some("Müller"));
        assert_eq!(Encoding::Latin1.as_utf8("MÃ¼ller").as_deref(), Some("Müller"));
        assert_eq!(Encoding::Latin1.as_utf8("Müller"), None);
        assert_eq!(Encoding::Latin1.as_utf8("Miller"), None);
        assert_eq!(Encoding::Utf8.as_utf8("MÃ¼ller"), None);
    }
}
