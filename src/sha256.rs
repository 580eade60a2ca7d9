//! SHA-256, with which ids, streams of random numbers, and the contents of files are made or checked. It is the one
//! that TLS brings anyway, so that this file is the only one to know whose it is.

use ring::digest::{Context, SHA256};

/// A hash over what [`Sha256::update`] was given so far.
pub struct Sha256(Context);

impl Sha256 {
    /// The hash of nothing, yet.
    #[allow(clippy::new_without_default, reason = "a hash has no default; it begins")]
    pub fn new() -> Sha256 {
        Sha256(Context::new(&SHA256))
    }

    /// The hash of `bytes` alone.
    pub fn digest(bytes: impl AsRef<[u8]>) -> [u8; 32] {
        let mut hash = Sha256::new();
        hash.update(bytes);
        hash.finalize()
    }

    /// Adds bytes: as if all that were added stood in one row.
    pub fn update(&mut self, bytes: impl AsRef<[u8]>) {
        self.0.update(bytes.as_ref());
    }

    /// The hash of all that was added.
    pub fn finalize(self) -> [u8; 32] {
        let digest = self.0.finish();
        digest.as_ref().try_into().expect("SHA-256 has 32 bytes")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// FIPS 180-2, appendix B: an empty message is of the NIST's test vectors.
    #[test]
    fn hashes_are_those_of_the_standard() {
        let hex = |bytes: [u8; 32]| bytes.map(|byte| format!("{byte:02x}")).concat();
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(hex(Sha256::new().finalize()), empty);
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(hex(Sha256::digest("abc")), abc);
        let million = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0";
        let mut hash = Sha256::new();
        // In pieces that do not end where blocks of 64 bytes do.
        (0..1000).for_each(|_| {
            hash.update([b'a'; 333]);
            hash.update([b'a'; 667]);
        });
        assert_eq!(hex(hash.finalize()), million);
    }
}
