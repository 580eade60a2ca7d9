//! Tables of the pages are what their commands print: a page whose command reads `docs/runs` has the
//! lines that the command prints, one after the other.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The records of the trainings that the pages quote.
const RECORDS: &str = "--runs-dir docs/runs";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every Markdown page that a reader may meet.
fn pages() -> Vec<PathBuf> {
    let folders = ["", "docs", "docs/ja"].map(|folder| root().join(folder));
    let entries = folders.iter().flat_map(|folder| fs::read_dir(folder).expect("a folder"));
    let mut pages: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    pages.retain(|path| path.extension() == Some("md".as_ref()));
    pages.sort();
    pages
}

/// The commands of a page that read the records, each with the block or the table that follows it.
fn quoted(page: &str) -> Vec<(String, Vec<String>)> {
    let mut found = Vec::new();
    let mut lines = page.lines().peekable();
    while let Some(line) = lines.next() {
        if !line.starts_with("runner ") || !line.contains(RECORDS) {
            continue;
        }
        let mut rest = lines.clone().skip_while(|line| !line.starts_with("```")).skip(1);
        let is_start = |line: &&str| line.starts_with("```text") || line.starts_with('|');
        let first = rest.find(is_start).unwrap_or_default();
        let table: Vec<String> = match first.strip_prefix("```") {
            Some(_) => rest.take_while(|line| *line != "```").map(str::to_owned).collect(),
            None => {
                let rows = rest.take_while(|line| line.starts_with('|'));
                std::iter::once(first).chain(rows).map(str::to_owned).collect()
            }
        };
        found.push((line.to_owned(), table));
    }
    found
}

#[test]
fn tables_of_the_records_are_what_their_commands_print() {
    let mut checked = 0;
    for page in pages() {
        for (command, table) in quoted(&fs::read_to_string(&page).expect("a page")) {
            let arguments = command.split('#').next().expect("a command").split_whitespace();
            let ran = Command::new(env!("CARGO_BIN_EXE_runner"))
                .args(arguments.skip(1))
                .current_dir(root())
                .output()
                .expect("the binary starts");
            let printed = String::from_utf8(ran.stdout).expect("text");
            let printed: Vec<&str> = printed.lines().collect();
            let at = format!("{}: {command}", page.display());
            assert!(!table.is_empty(), "{at}: no table follows");
            assert!(
                printed.windows(table.len()).any(|lines| lines == table),
                "{at} prints\n{}\nand the page has\n{}",
                printed.join("\n"),
                table.join("\n")
            );
            checked += 1;
        }
    }
    assert!(checked > 0, "no page reads the records");
}
