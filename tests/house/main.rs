//! Holds the layout of the source: which way imports point, and who hands on what.

mod links;
mod source;
mod translations;

use source::{SourceFile, order_of_modules, source_files};

/// Says what is wrong in which lines, and fails if anything is.
fn assert_none(rule: &str, found: &[String]) {
    assert!(found.is_empty(), "{rule}:\n{}", found.join("\n"));
}

/// The lines of all files in which `is_wrong` finds something, with what it says.
fn lines_where(is_wrong: impl Fn(&SourceFile, &str) -> Option<String>) -> Vec<String> {
    let mut found = Vec::new();
    for file in source_files() {
        for (number, line) in file.lines() {
            if let Some(problem) = is_wrong(&file, line) {
                found.push(format!("{}:{number}: {problem}", file.path.display()));
            }
        }
    }
    found
}

#[test]
fn imports_point_downward() {
    let order = order_of_modules();
    let floor = |name: &str| order.iter().position(|module| module == name);
    let upward = lines_where(|file, line| {
        let own = floor(file.module())?;
        let imports = line.match_indices("crate::").map(|(at, path)| {
            let rest = &line[at + path.len()..];
            let end = rest.find(|c: char| c != '_' && !c.is_ascii_alphanumeric());
            &rest[..end.unwrap_or(rest.len())]
        });
        let above = imports.filter(|name| floor(name).is_some_and(|other| other < own));
        let above: Vec<&str> = above.collect();
        (!above.is_empty()).then(|| format!("imports {}", above.join(", ")))
    });
    assert_none("a module imports from one that stands above it in src/lib.rs", &upward);
}

#[test]
fn every_top_module_has_its_place_in_the_order() {
    let order = order_of_modules();
    let mut seen: Vec<String> =
        source_files().iter().map(|file| file.module().to_owned()).collect();
    seen.sort();
    seen.dedup();
    seen.retain(|module| !["lib", "main"].contains(&module.as_str()));
    let mut sorted = order;
    sorted.sort();
    assert_eq!(seen, sorted);
}

#[test]
fn imports_name_the_owner() {
    let relative = lines_where(|_, line| line.contains("super::super").then(|| line.to_owned()));
    assert_none("write the path from `crate::`", &relative);
    let handed_on = lines_where(|_, line| {
        let public = ["pub use crate::", "pub(crate) use crate::", "pub(super) use crate::"];
        public.iter().any(|start| line.trim_start().starts_with(start)).then(|| line.to_owned())
    });
    assert_none("a module hands on only what its own children define", &handed_on);
}
