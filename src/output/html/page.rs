//! The page around the data: template, style and scripts, and the policy that forbids the network.

use plotly::Plot;
use serde::Serialize;

use crate::error::{Error, Result};
use crate::output::html::data::Data;
use crate::output::html::text::{html, script_hash, script_json};

const TEMPLATE: &str = include_str!("page.html");
const STYLE: &str = include_str!("style.css");
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
    pub(super) rungs: String, // HTML
}

/// The whole file.
///
/// # Errors
/// When the data cannot be written as JSON or plotly.js is not where the crate had it.
pub(super) fn render(heading: &Heading, data: &Data) -> Result<String> {
    let offline = Plot::offline_js_sources();
    let plotly = plotly_js(&offline)?;
    let notes: Vec<String> =
        heading.notes.iter().map(|note| format!("<li>{}</li>", html(note))).collect();
    let Heading { title, written, counts, answer, rungs, .. } = heading;
    let policy = policy(&[plotly, SCRIPT]);
    let data = script_json(data)?;
    let parts = [
        ("policy", format!("<meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">\n")),
        ("title", html(title)),
        ("version", html(VERSION)),
        ("counts", format!("{} · written {} by runner {VERSION}", html(counts), html(written))),
        ("answer", html(answer)),
        ("notes", notes.join("\n")),
        ("rungs", rungs.clone()),
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
                 <script>{plotly}</script>\n<script>{SCRIPT}</script>\n"
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
///
/// # Errors
/// When plotly.js is not where the crate had it.
pub(super) fn assets() -> Result<[(&'static str, String); 3]> {
    let offline = Plot::offline_js_sources();
    Ok([
        ("plotly.js", plotly_js(&offline)?.to_owned()),
        ("page.js", SCRIPT.to_owned()),
        ("style.css", STYLE.to_owned()),
    ])
}

/// Only plotly.js, without the MathJax that the crate appends.
fn plotly_js(offline: &str) -> Result<&str> {
    let script = offline.split_once("<script type=\"text/javascript\">");
    let script = script.and_then(|(_, rest)| rest.split_once("</script>"));
    script.map(|(plotly, _)| plotly).ok_or_else(|| {
        Error::Unexpected("the plotly crate does not carry plotly.js as it used to".to_owned())
    })
}

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
    fn code_in_the_file_is_plotly_and_ours_and_below_six_megabytes() {
        let offline = Plot::offline_js_sources();
        let plotly = plotly_js(&offline).unwrap();
        assert!(plotly.trim_start().starts_with("/**\n* plotly.js v"));
        assert!(offline.len() > plotly.len() + 2_000_000, "MathJax is not part of it");
        let code = plotly.len() + SCRIPT.len() + STYLE.len() + TEMPLATE.len();
        assert!(code < 6_000_000, "{code} bytes");
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
