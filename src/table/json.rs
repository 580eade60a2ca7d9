//! An array of objects with raw numbers; absent and NaN are `null`.

use std::fmt::Write;

use serde_json::Value;

use crate::error::{Error, Result};
use crate::table::Table;

pub(super) fn render(table: &Table) -> Result<String> {
    let names = table.raw_names();
    let mut text = "[".to_owned();
    for (index, row) in table.rows.iter().enumerate() {
        text.push_str(if index == 0 { "\n  {" } else { ",\n  {" });
        // By hand, because a map would sort the columns.
        for (position, (name, value)) in names.iter().zip(table.raw_row(row)).enumerate() {
            text.push_str(if position == 0 { "" } else { ", " });
            text.push_str(&to_json(&Value::from(name.as_str()))?);
            text.push_str(": ");
            text.push_str(&to_json(&value)?);
        }
        text.push('}');
    }
    text.push_str(if table.rows.is_empty() { "]\n" } else { "\n]\n" });
    Ok(text)
}

/// Like serde_json, but escapes all control characters, not only those below a space.
fn to_json(value: &Value) -> Result<String> {
    let plain = serde_json::to_string(value)
        .map_err(|e| Error::Unexpected(format!("cannot write JSON: {e}")))?;
    Ok(escape_json(plain))
}

/// Escapes the control characters that serde_json leaves unchanged. Line breaks occur only between
/// values.
pub(crate) fn escape_json(plain: String) -> String {
    let is_obeyed = |c: char| c.is_control() && c != '\n';
    if !plain.contains(is_obeyed) {
        return plain;
    }
    let mut escaped = String::with_capacity(plain.len() + 8);
    for c in plain.chars() {
        if is_obeyed(c) {
            write!(escaped, "\\u{:04x}", u32::from(c)).expect("a String takes any text");
        } else {
            escaped.push(c);
        }
    }
    escaped
}
