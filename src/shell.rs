//! Shell words, so that commands in messages and scripts can be pasted unchanged.

use std::borrow::Cow;
use std::path::Path;

use crate::escape::escape_controls;

/// A shell word: unchanged, or in single quotes.
pub(crate) fn quoted(text: &str) -> Cow<'_, str> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "_-./:=,+@%".contains(c);
    match !text.is_empty() && text.chars().all(is_plain) {
        true => text.into(),
        false => format!("'{}'", text.replace('\'', r"'\''")).into(),
    }
}

/// A path as an argument of a command that users read and paste: never mistaken for a flag or for
/// standard output, and without control characters.
pub(crate) fn path_word(path: &Path) -> String {
    let is_flag = path.as_os_str().as_encoded_bytes().starts_with(b"-");
    let here = if is_flag { "./" } else { "" };
    match path.to_str() {
        Some(text) if escape_controls(text) == text => {
            quoted(&format!("{here}{text}")).into_owned()
        }
        _ => format!("{here}\"$(printf '{}')\"", octal(path)),
    }
}

/// The bytes of a path for `printf`, which every shell has: letters and digits unchanged, the rest
/// as numbers.
fn octal(path: &Path) -> String {
    let byte = |byte: &u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'_' => {
            char::from(*byte).to_string()
        }
        other => format!("\\{other:03o}"),
    };
    path.as_os_str().as_encoded_bytes().iter().map(byte).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_words_stay_and_others_are_quoted() {
        assert_eq!(quoted("runs/a-b_c.toml"), "runs/a-b_c.toml");
        assert_eq!(quoted("my exp $x.toml"), "'my exp $x.toml'");
        assert_eq!(quoted(""), "''");
        assert_eq!(path_word(Path::new("b'd")), r"'b'\''d'");
        assert_eq!(path_word(Path::new("-o")), "./-o");
        assert_eq!(path_word(Path::new("a\x1b[2J\n b")), r#""$(printf 'a\033\1332J\012\040b')""#);
    }

    #[cfg(unix)]
    #[test]
    fn the_shell_reads_back_what_was_meant() {
        use std::ffi::OsStr;
        use std::os::unix::ffi::OsStrExt;
        for bytes in [
            &b"my exp $x.toml"[..],
            b"it's \"quoted\" `id` \\ !",
            b"*?[a]~#&;|<>(){}",
            b"a\xff\x80b",
            b"tab\tline\nend",
            b"-rf %s",
            b"--",
        ] {
            let path = Path::new(OsStr::from_bytes(bytes));
            let script = format!("printf '%s' {}", path_word(path));
            let output = std::process::Command::new("sh").args(["-c", &script]).output().unwrap();
            let read = output.stdout.strip_prefix(b"./").unwrap_or(&output.stdout);
            assert_eq!(read, bytes, "{script}");
        }
    }
}
