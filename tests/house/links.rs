//! Links between the pages of this repository lead somewhere.

use std::fs;
use std::path::{Path, PathBuf};

/// Every page in Markdown that a reader meets.
fn pages() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut pages = Vec::new();
    for folder in ["", "docs", "docs/ja"] {
        let entries = fs::read_dir(root.join(folder)).expect("a folder");
        let files = entries.map(|entry| entry.expect("an entry").path());
        pages.extend(files.filter(|file| file.extension().is_some_and(|ext| ext == "md")));
    }
    pages.sort();
    pages
}

/// The lines outside of code blocks.
fn prose(text: &str) -> impl Iterator<Item = &str> {
    let mut is_code = false;
    text.lines().filter(move |line| {
        is_code ^= line.trim_start().starts_with("```");
        !is_code && !line.trim_start().starts_with("```")
    })
}

/// What `[text](target)` names in this line.
fn targets(line: &str) -> Vec<&str> {
    let starts = line.match_indices("](").map(|(at, mark)| at + mark.len());
    starts.filter_map(|start| line[start..].split_once(')').map(|(target, _)| target)).collect()
}

/// A heading as its link writes it: small letters and digits, hyphens for spaces, no marks.
fn anchor(heading: &str) -> String {
    let heading = heading.trim_start_matches('#').trim().to_lowercase();
    let kept = heading.chars().filter(|c| c.is_alphanumeric() || [' ', '-', '_'].contains(c));
    kept.map(|c| if c == ' ' { '-' } else { c }).collect()
}

fn has_heading(page: &Path, wanted: &str) -> bool {
    let text = fs::read_to_string(page).expect("a page");
    prose(&text).any(|line| line.starts_with('#') && anchor(line) == wanted)
}

/// What is wrong with this link of a page, if anything.
fn problem(page: &Path, target: &str) -> Option<String> {
    if ["http:", "https:", "mailto:"].iter().any(|scheme| target.starts_with(scheme)) {
        return None;
    }
    let (path, heading) = target.split_once('#').unwrap_or((target, ""));
    let file = match path {
        "" => page.to_owned(),
        path => page.parent().expect("a folder").join(path),
    };
    if !file.exists() {
        return Some(format!("{}: {target} is not there", page.display()));
    }
    let is_page = file.extension().is_some_and(|ext| ext == "md");
    let misses = is_page && !heading.is_empty() && !has_heading(&file, heading);
    misses.then(|| format!("{}: {target} has no such heading", page.display()))
}

#[test]
fn links_between_pages_lead_somewhere() {
    let mut problems = Vec::new();
    let mut links = 0;
    for page in pages() {
        let text = fs::read_to_string(&page).expect("a page");
        for target in prose(&text).flat_map(targets) {
            links += 1;
            problems.extend(problem(&page, target));
        }
    }
    assert!(links > 50, "{links} links: are they still found?");
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn a_link_to_nowhere_is_noticed() {
    let readme = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    assert!(problem(&readme, "docs/no-such-page.md").is_some());
    assert!(problem(&readme, "docs/study.md#no-such-heading").is_some());
    assert!(problem(&readme, "docs/study.md#the-questions").is_none());
}
