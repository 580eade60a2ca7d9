//! The page around the data: template, style and scripts, and the policy that forbids the network.

use serde::Serialize;

use crate::error::{Error, Result};
use crate::output::html::data::Data;
use crate::output::html::text::{html, script_hash, script_json};

const TEMPLATE: &str = include_str!("page.html");
/// The style sheet of the page.
pub const STYLE: &str = include_str!("style.css");
/// plotly.js with what our plots use, which `tests/page/plotly/build.sh` makes of the npm package.
pub const PLOTLY: &str = include_str!("vendor/plotly.js");
/// Our own code, which `tests/page/bundle.sh` makes of the modules in `scripts/`.
pub const SCRIPT: &str = include_str!("bundle.js");

const VERSION: &str = env!("CARGO_PKG_VERSION");
const SELF_CONTAINED: &str = "This file is self-contained and works offline: you can keep, move and send it. Plots by \
                              plotly.js (MIT licence).";
const LIVE: &str =
    "Served by runner from the run folders of this machine. Plots by plotly.js (MIT licence).";

/// The text at the top.
#[derive(Debug, Serialize)]
pub(super) struct Heading {
    pub(super) title: String,
    pub(super) written: String,
    pub(super) counts: String,
    pub(super) answer: String,
    pub(super) notes: Vec<String>,
    #[serde(skip)]
    pub(super) rungs: String, // HTML
}

/// The whole file of a report.
///
/// # Errors
/// When the data cannot be written as JSON.
pub(super) fn render(heading: &Heading, data: &Data) -> Result<String> {
    let notes: Vec<String> =
        heading.notes.iter().map(|note| format!("<li>{}</li>", html(note))).collect();
    let policy = format!(
        "<meta http-equiv=\"Content-Security-Policy\" content=\"{}\">",
        policy(&[PLOTLY, SCRIPT])
    );
    let written = format!("written {} by runner {VERSION}", heading.written);
    let scripts = format!(
        "<script type=\"application/json\" id=\"data\">{}</script>\n\
         <script>{PLOTLY}</script>\n<script>{SCRIPT}</script>",
        script_json(data)?
    );
    let parts = [
        ("policy", policy),
        ("title", html(&heading.title)),
        ("version", html(VERSION)),
        ("counts", html(&format!("{} · {written}", heading.counts))),
        ("answer", html(&heading.answer)),
        ("notes", notes.join("\n")),
        ("rungs", heading.rungs.clone()),
        ("style", format!("<style>\n{STYLE}\n</style>")),
        ("footer", html(SELF_CONTAINED)),
        ("scripts", scripts),
    ];
    fill(TEMPLATE, &parts)
}

/// The page without data, which asks the server that sent it: `/assets/` has the style and the scripts, `/api/` the
/// rest. Its policy is a header.
///
/// # Errors
/// When the template asks for a part that is not here, which a test excludes.
pub fn live_page() -> Result<String> {
    let scripts = "<script src=\"/assets/plotly.js\" defer></script>\n\
                   <script src=\"/assets/page.js\" defer></script>";
    let empty = String::new;
    let parts = [
        ("policy", empty()),
        ("title", "runner".to_owned()),
        ("version", html(VERSION)),
        ("counts", empty()),
        ("answer", empty()),
        ("notes", empty()),
        ("rungs", empty()),
        ("style", "<link rel=\"stylesheet\" href=\"/assets/style.css\">".to_owned()),
        ("footer", html(LIVE)),
        ("scripts", scripts.to_owned()),
    ];
    fill(TEMPLATE, &parts)
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
    fn plotly_is_the_one_that_was_looked_at() {
        use sha2::Digest;
        let hash = sha2::Sha256::digest(PLOTLY);
        let hash: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hash, "99cc801e4326d3a9dd279a915d660a2242d788e97892455cb1d4df871ad907e8");
        assert!(PLOTLY.starts_with("/**\n* plotly.js v4.1.1"));
        assert!(!PLOTLY.contains("</script") && !PLOTLY.contains("<!--"));
        assert!(PLOTLY.len() < 1_100_000, "{} bytes", PLOTLY.len());
    }

    #[test]
    fn live_page_has_the_same_parts_and_nothing_inline() {
        let page = live_page().unwrap();
        assert!(!page.contains("{{") && !page.contains("<style") && !page.contains("id=\"data\""));
        assert_eq!(page.matches("<script src=\"/assets/").count(), page.matches("<script").count());
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
