//! Pages that exist in two languages have the same numbers.

use std::fs;
use std::path::Path;

/// What no language changes: the lines of code blocks and tables.
fn fixed_lines(page: &Path) -> Vec<String> {
    let text = fs::read_to_string(page).expect("a page");
    let mut is_code = false;
    let mut lines = Vec::new();
    for line in text.lines() {
        if line.starts_with("```") {
            is_code = !is_code;
        }
        if is_code || line.starts_with('|') {
            lines.push(line.to_owned());
        }
    }
    lines
}

#[test]
fn translated_pages_have_the_blocks_and_tables_of_the_original() {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
    let mut pages = 0;
    for entry in fs::read_dir(docs.join("ja")).expect("docs/ja") {
        let name = entry.expect("an entry").file_name();
        let (own, original) = (docs.join("ja").join(&name), docs.join(&name));
        let (own, original) = (fixed_lines(&own), fixed_lines(&original));
        assert!(!original.is_empty(), "{name:?} has no numbers");
        assert_eq!(own, original, "{name:?}");
        pages += 1;
    }
    assert!(pages > 0, "no page is translated");
}
