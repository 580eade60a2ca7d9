//! The last line of `run.json`: the SHA-256 of all bytes before it. It detects accidental changes;
//! a forger can write a matching hash.

use sha2::{Digest, Sha256};

use crate::runs::folder::hex;

/// The text before the hash, from the start of its line.
const BEFORE: &[u8] = b"  \"record_sha256\": \"";
/// The text after it, to the end of the file.
const AFTER: &[u8] = b"\"\n}\n";
/// Hexadecimal digits of a hash.
const DIGITS: usize = 64;

/// The content of a file that holds `json`, a pretty-printed object that is not empty, and its hash.
pub(super) fn sealed(json: &str) -> Vec<u8> {
    let fields = json.strip_suffix("\n}").unwrap_or(json);
    let content = format!("{fields},\n").into_bytes();
    let hash = hex(&Sha256::digest(&content));
    [&content, BEFORE, hash.as_bytes(), AFTER].concat()
}

/// Whether a file ends with the hash of the preceding bytes; none if it does not end with a hash.
pub(super) fn fits(file: &[u8]) -> Option<bool> {
    let rest = file.strip_suffix(AFTER)?;
    let (rest, hash) = rest.split_at_checked(rest.len().checked_sub(DIGITS)?)?;
    let content = rest.strip_suffix(BEFORE)?;
    Some(hex(&Sha256::digest(content)).as_bytes() == hash)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_changed_byte_shows() {
        let whole = sealed("{\n  \"a\": 0.5\n}");
        assert_eq!(fits(&whole), Some(true));
        assert!(serde_json::from_slice::<serde_json::Value>(&whole).unwrap().is_object());
        for at in 0..whole.len() {
            let mut changed = whole.clone();
            changed[at] ^= 1;
            assert_ne!(fits(&changed), Some(true), "byte {at}");
            assert_ne!(fits(&whole[..at]), Some(true), "cut to {at}");
        }
    }

    #[test]
    fn a_record_of_before_has_none() {
        assert_eq!(fits(b"{\n  \"a\": 0.5\n}\n"), None);
        let other = format!("{{\n  \"result_sha256\": \"{}\"\n}}\n", "ab".repeat(32));
        assert_eq!(fits(other.as_bytes()), None);
    }
}
