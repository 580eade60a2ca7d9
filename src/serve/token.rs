//! The secret that a browser must know: other users of the machine can reach its ports. It stands in the
//! address that is printed, and the browser exchanges it for a cookie.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use sha2::{Digest, Sha256};

use crate::error::{Error, Result};
use crate::runs::folder::hex;

/// The environment variable with a token that stays the same when the server is started anew.
pub const TOKEN_VARIABLE: &str = "RUNNER_SERVE_TOKEN";
/// Bytes of a drawn token: 256 bits.
const BYTES: usize = 32;
/// The fewest characters of a chosen one.
const FEWEST: usize = 16;

/// The secret of a server.
pub struct Token {
    secret: String,
}

impl Token {
    /// A token that nobody can guess.
    ///
    /// # Errors
    /// When the system gives no random numbers.
    pub fn drawn() -> Result<Token> {
        let source = Path::new("/dev/urandom");
        let mut bytes = [0; BYTES];
        let mut file = File::open(source).map_err(Error::io("open", source))?;
        file.read_exact(&mut bytes).map_err(Error::io("read", source))?;
        Ok(Token { secret: hex(&bytes) })
    }

    /// A token that the user chose.
    ///
    /// # Errors
    /// When it is short or could not stand in an address.
    pub fn chosen(text: &str) -> Result<Token> {
        let is_plain =
            text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
        if text.len() < FEWEST || !is_plain {
            return Err(Error::Usage(format!(
                "{TOKEN_VARIABLE} must have {FEWEST} or more letters, digits, `-`, `_` and `.`; `openssl rand -hex 32` \
                 makes one"
            )));
        }
        Ok(Token { secret: text.to_owned() })
    }

    /// As it stands in the address.
    pub fn text(&self) -> &str {
        &self.secret
    }

    /// The value of the cookie. The token does not follow from it.
    pub(super) fn cookie(&self) -> String {
        hex(&Sha256::digest(format!("cookie of {}", self.secret)))
    }

    /// Whether this is the token.
    pub(super) fn is(&self, given: &str) -> bool {
        are_equal(given, &self.secret)
    }

    /// Whether this is the value of the cookie.
    pub(super) fn is_cookie(&self, given: &str) -> bool {
        are_equal(given, &self.cookie())
    }
}

/// Compares hashes, and all bytes of them: the time says nothing about how much of a guess is right.
fn are_equal(given: &str, secret: &str) -> bool {
    let (given, secret) = (Sha256::digest(given), Sha256::digest(secret));
    given.iter().zip(secret.iter()).fold(0, |differing, (a, b)| differing | (a ^ b)) == 0
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_token_is_the_token() {
        let token = Token::drawn().unwrap();
        assert!(
            token.text().len() == 64 && token.is(token.text()) && token.is_cookie(&token.cookie())
        );
        for wrong in ["", &token.text()[1..], &format!("{} ", token.text()), &token.cookie()] {
            assert!(!token.is(wrong), "{wrong:?}");
        }
        assert!(!token.is_cookie(token.text()) && !token.is_cookie(""));
        assert_ne!(token.text(), Token::drawn().unwrap().text());
        assert_eq!(format!("{token:?}"), "Token");
    }

    #[test]
    fn a_chosen_token_is_long_and_plain() {
        assert!(Token::chosen("0123456789abcdef").unwrap().is("0123456789abcdef"));
        for wrong in
            ["", "0123456789abcde", "0123456789 abcdef", "0123456789&abcdef", "ééééééééééééééééé"]
        {
            assert_eq!(Token::chosen(wrong).unwrap_err().exit_code(), 2, "{wrong}");
        }
    }
}
