//! Comma-separated values: raw numbers; a missing one is an empty field.

use serde_json::Value;

use crate::error::{Error, Result};
use crate::escape::escape_controls;
use crate::table::Table;

/// A spreadsheet would run text that begins with these as a formula, so it gets an apostrophe, as
/// OWASP advises. Numbers keep their sign, also as text, and JSON has every text unchanged.
const BEGINS_A_FORMULA: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];

pub(super) fn render(table: &Table) -> Result<String> {
    let broken = |e: &dyn std::fmt::Display| Error::Unexpected(format!("cannot write CSV: {e}"));
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(table.raw_names()).map_err(|e| broken(&e))?;
    for row in &table.rows {
        let fields = table.raw_row(row).map(|value| field(&value));
        writer.write_record(fields).map_err(|e| broken(&e))?;
    }
    let bytes = writer.into_inner().map_err(|e| broken(&e))?;
    String::from_utf8(bytes).map_err(|e| broken(&e))
}

/// Whether a text is nothing but a number, as the names of classes may be.
fn is_number(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte))
        && text.parse::<f64>().is_ok_and(f64::is_finite)
}

/// A value as a field: escaped, and never a formula.
pub(crate) fn field(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) if text.starts_with(BEGINS_A_FORMULA) && !is_number(text) => {
            format!("'{}", escape_controls(text))
        }
        Value::String(text) => escape_controls(text).into_owned(),
        other => other.to_string(),
    }
}
