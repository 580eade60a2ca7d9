//! The page around the data: template, style and scripts, and the policy that forbids the network.

use serde::Serialize;

use crate::error::{Error, Result};
use crate::output::html::data::Data;
use crate::output::html::rungs::{RungsData, section};
use crate::output::html::text::{html, script_hash, script_json};

const TEMPLATE: &str = include_str!("page.html");
const STYLE: &str = include_str!("style.css");
/// plotly.js with what our plots use, which `tests/page/plotly/build.sh` makes of the npm package.
const PLOTLY: &str = include_str!("vendor/plotly.js");
/// Our own code, which `tests/page/bundle.sh` makes of the modules in `scripts/`.
const SCRIPT: &str = include_str!("bundle.js");
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The text at the top.
#[derive(Debug, Serialize)]
pub(super) struct Heading {
    pub(super) title: String,
    pub(super) written: String,
    pub(super) counts: String,
    pub(super) answer: String,
    pub(super) notes: Vec<String>,
    pub(super) rungs: Vec<RungsData>,
}

/// The whole file of a report.
///
/// # Errors
/// When the data cannot be written as JSON.
pub(super) fn render(heading: &Heading, data: &Data) -> Result<String> {
    let notes: Vec<String> =
        heading.notes.iter().map(|note| format!("<li>{}</li>", html(note))).collect();
    let Heading { title, written, counts, answer, rungs, .. } = heading;
    let policy = policy(&[PLOTLY, SCRIPT]);
    let data = script_json(data)?;
    let parts = [
        ("policy", format!("<meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">\n")),
        ("title", html(title)),
        ("version", html(VERSION)),
        ("counts", format!("{} · written {} by runner {VERSION}", html(counts), html(written))),
        ("answer", html(answer)),
        ("notes", notes.join("\n")),
        ("rungs", section(rungs)),
        ("style", format!("<style>\n{STYLE}\n</style>\n")),
        ("where_script", " The script is in this file.".to_owned()),
        (
            "footer",
            "This file is self-contained and works offline: you can keep, move and send it. "
                .to_owned(),
        ),
        (
            "scripts",
            format!(
                "<script type=\"application/json\" id=\"data\">{data}</script>\n\
                 <script>{PLOTLY}</script>\n<script>{SCRIPT}</script>\n"
            ),
        ),
    ];
    fill(TEMPLATE, &parts)
}

/// The page without data: its scripts ask the server that sends it, which also sends the policy.
///
/// # Errors
/// When the template asks for what is not here.
pub(super) fn live() -> Result<String> {
    let script = |name: &str| format!("<script defer src=\"/assets/{name}\"></script>\n");
    let empty = |name: &'static str| (name, String::new());
    let parts = [
        ("version", html(VERSION)),
        ("title", "runner".to_owned()),
        ("style", "<link rel=\"stylesheet\" href=\"/assets/style.css\">\n".to_owned()),
        ("scripts", script("plotly.js") + &script("page.js")),
        empty("policy"),
        empty("counts"),
        empty("answer"),
        empty("notes"),
        empty("rungs"),
        empty("where_script"),
        empty("footer"),
    ];
    fill(TEMPLATE, &parts)
}

/// The files of the live page, by name: the same texts that a report has inside.
pub(super) const ASSETS: [(&str, &str); 3] =
    [("plotly.js", PLOTLY), ("page.js", SCRIPT), ("style.css", STYLE)];

/// No network at all; only the two scripts that are in the file run, whatever else gets into it.
fn policy(scripts: &[&str]) -> String {
    let hashes: Vec<String> =
        scripts.iter().map(|script| format!("'{}'", script_hash(script))).collect();
    format!(
        "default-src 'none'; script-src {}; style-src 'unsafe-inline'; img-src data: blob:; \
         base-uri 'none'; form-action 'none'",
        hashes.join(" ")
    )
}

/// Replaces each `{{name}}` by its part; the content of a part is never scanned.
fn fill(template: &str, parts: &[(&str, String)]) -> Result<String> {
    let size: usize = parts.iter().map(|(_, part)| part.len()).sum();
    let mut page = String::with_capacity(template.len() + size);
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{{") {
        let (name, after) = after.split_once("}}").unwrap_or((after, ""));
        let part = parts.iter().find(|(known, _)| *known == name);
        let (_, part) =
            part.ok_or_else(|| Error::Unexpected(format!("the template asks for {name:?}")))?;
        page.push_str(before);
        page.push_str(part);
        rest = after;
    }
    page.push_str(rest);
    Ok(page)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plotly_is_the_one_that_was_looked_at() {
        use sha2::Digest;
        let hash = sha2::Sha256::digest(PLOTLY);
        let hash: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hash, "b1d390b4b90f29827c5d9fa08a42a905294038428982b3d4ec63654ae0f9c545");
        assert!(PLOTLY.starts_with("/**\n* plotly.js v4.1.1"));
        assert!(!PLOTLY.contains("</script") && !PLOTLY.contains("<!--"));
        assert!(PLOTLY.len() < 1_100_000, "{} bytes", PLOTLY.len());
    }

    #[test]
    fn live_page_has_the_same_parts_and_nothing_inline() {
        let page = live().unwrap();
        assert!(!page.contains("{{") && !page.contains("<style") && !page.contains("id=\"data\""));
        assert_eq!(
            page.matches("<script defer src=\"/assets/").count(),
            page.matches("<script").count()
        );
    }

    #[test]
    fn nothing_of_ours_ends_its_element() {
        assert!(!SCRIPT.contains("</script") && !SCRIPT.contains("<!--"));
        assert!(!STYLE.contains("</style") && !STYLE.contains("url("));
    }

    #[test]
    fn parts_are_not_looked_into() {
        let parts = [("a", "{{b}}".to_owned()), ("b", "x".to_owned())];
        assert_eq!(fill("1{{a}}2{{b}}3", &parts).unwrap(), "1{{b}}2x3");
        let error = fill("{{c}}", &parts).unwrap_err();
        assert_eq!(error.to_string(), "the template asks for \"c\"");
    }
}
