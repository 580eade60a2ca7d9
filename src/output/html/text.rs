//! Makes texts safe for the page: as HTML text, and as JSON inside a script element.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;

use crate::error::{Error, Result};
use crate::escape::escape_controls;

/// A text from a file or a user, without characters that a terminal or a browser would interpret or
/// hide.
pub(super) fn safe(text: &str) -> String {
    escape_controls(text).into_owned()
}

/// A text as the content of an HTML element or a quoted attribute.
pub(super) fn html(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + 8);
    for c in safe(text).chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            c => escaped.push(c),
        }
    }
    escaped
}

/// A value as JSON that is safe in a script element: `<` occurs only inside strings, where `\u003c`
/// means the same, so that no `</script>` or `<!--` ends or changes the element.
///
/// # Errors
/// When it cannot be written as JSON, as a map whose keys are no texts.
pub(super) fn script_json<T: Serialize>(value: &T) -> Result<String> {
    let json = serde_json::to_string(value)
        .map_err(|e| Error::Unexpected(format!("cannot write the report's data: {e}")))?;
    Ok(json
        .replace('<', "\\u003c")
        .replace('>', "\\u003e")
        .replace('&', "\\u0026")
        .replace('\u{2028}', "\\u2028")
        .replace('\u{2029}', "\\u2029"))
}

/// A picture as a data URL.
pub(super) fn data_uri(png: &[u8]) -> String {
    format!("data:image/png;base64,{}", STANDARD.encode(png))
}

/// The name of a script in a Content-Security-Policy: `sha256-` and the hash of its text.
pub(super) fn script_hash(script: &str) -> String {
    use sha2::Digest;
    format!("sha256-{}", STANDARD.encode(sha2::Sha256::digest(script)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_ends_the_script_element() {
        let json = script_json(&"</script><!-- & \u{2028}\u{2029}").unwrap();
        assert!(json.is_ascii() && !json.contains(['<', '>', '&']), "{json}");
        let back: String = serde_json::from_str(&json).unwrap();
        assert_eq!(back, "</script><!-- & \u{2028}\u{2029}");
    }

    #[test]
    fn markup_is_text() {
        assert_eq!(html("<b a='1'>&\"\x1b"), "&lt;b a=&#39;1&#39;&gt;&amp;&quot;\\u{1b}");
    }

    #[test]
    fn known_hash_and_address() {
        // openssl dgst -sha256 -binary /dev/null | base64
        assert_eq!(script_hash(""), "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
        assert_eq!(data_uri(b"Man"), "data:image/png;base64,TWFu");
    }
}
