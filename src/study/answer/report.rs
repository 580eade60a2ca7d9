//! The page of a study: a section for each question, each with its picture. It needs no other file and no script.

use super::{Answer, Question, Section, Topic};
use crate::error::Result;
use crate::escape::escape_controls;
use crate::output::plots::Plot;

const STYLE: &str = "body { font: 16px/1.5 system-ui, sans-serif; max-width: 56rem; margin: 2rem auto; padding: 0 1rem; \
    color: #1b1b1b; background: #fff } h1 { font-size: 1.6rem } h2 { font-size: 1.2rem; margin-top: 2.2rem } \
    pre { overflow-x: auto; background: #f4f4f2; padding: 1rem; line-height: 1.3 } svg { width: 100%; height: auto } \
    @media (prefers-color-scheme: dark) { body { color: #e8e8e8; background: #16181c } pre { background: #24272d } \
    svg { background: #fff; border-radius: 4px } }";

/// The page.
pub(super) fn page(answer: &Answer<'_>, forest: Option<&Plot>) -> Result<String> {
    let name = escaped(answer.name);
    let mut html = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>Study: {name}</title>\n\
         <style>{STYLE}</style>\n</head>\n<body>\n<main>\n<h1>Study: {name}</h1>\n"
    );
    for Section { topic, sentences } in answer.sections() {
        let heading = topic.heading();
        html.push_str(&format!("<section>\n<h2>{heading}</h2>\n"));
        for sentence in &sentences {
            html.push_str(&format!("<p>{}</p>\n", escaped(sentence)));
        }
        let forest = forest.filter(|_| topic == Topic::Asked(Question::Remedies));
        let plot = answer.picture(topic)?;
        html.push_str(plot.as_ref().or(forest).map_or("", |plot| &plot.svg));
        if let Some(table) = answer.table(topic) {
            html.push_str(&format!("<pre>{}</pre>\n", escaped(&table)));
        }
        html.push_str("</section>\n");
    }
    let shortened = &answer.plan.shortened;
    if !shortened.is_empty() {
        html.push_str(&format!("<p>For the budget: {}.</p>\n", escaped(&shortened.join("; "))));
    }
    html.push_str("</main>\n</body>\n</html>\n");
    Ok(html)
}

fn escaped(text: &str) -> String {
    let lines = text.split('\n').map(|line| escape_controls(line).into_owned());
    let text = lines.collect::<Vec<String>>().join("\n");
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
