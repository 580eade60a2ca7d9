//! The text of a `[[variant]]` as the program writes it.

/// A variant with its name, expected points of its gain if there are any, and dotted keys with their values as TOML.
pub fn variant_text(
    name: &str,
    expected: Option<[f64; 2]>,
    changes: &[(String, String)],
) -> String {
    let mut text = format!("\n[[variant]]\nname = {}\n", toml::Value::from(name));
    if let Some([low, high]) = expected {
        text.push_str(&format!("expected = [{low:?}, {high:?}]\n"));
    }
    changes.iter().for_each(|(key, value)| text.push_str(&format!("{key} = {value}\n")));
    text
}
