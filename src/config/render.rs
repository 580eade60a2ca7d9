//! Diagnostics -> text: the source line underlined, with path, line and column.

use annotate_snippets::{AnnotationKind, Group, Level, Origin as FileOrigin, Renderer, Snippet};

use super::{Diagnostic, Origin, Source};
use crate::escape::replace_unseen;

/// More than anybody reads; a generated file of thousands of errors should still answer at once.
const MOST_SHOWN: usize = 200;

/// Renders diagnostics in the given order, one blank line apart.
pub fn render(sources: &[Source], diagnostics: &[Diagnostic], color: bool) -> String {
    let renderer = if color { Renderer::styled() } else { Renderer::plain() };
    let shown = diagnostics.iter().take(MOST_SHOWN);
    let mut texts: Vec<String> =
        shown.map(|diagnostic| renderer.render(&groups(sources, diagnostic))).collect();
    // The renderer itself sees to the control characters below a space, and not to those above.
    texts.iter_mut().for_each(|text| *text = replace_unseen(text));
    if diagnostics.len() > MOST_SHOWN {
        texts.push(format!("... and {} more errors", diagnostics.len() - MOST_SHOWN));
    }
    texts.join("\n\n")
}

fn groups<'a>(sources: &'a [Source], diagnostic: &'a Diagnostic) -> Vec<Group<'a>> {
    let title = Level::ERROR.primary_title(diagnostic.title.as_str());
    let source = &sources[diagnostic.origin.source];
    let whole_file = diagnostic.origin == Origin::start_of(diagnostic.origin.source);
    let mut group = if whole_file && diagnostic.label.is_empty() {
        title.element(FileOrigin::path(source.name.as_str()))
    } else {
        title.element(snippet(source, diagnostic))
    };
    let mut related = None;
    if let Some((origin, label)) = &diagnostic.related
        && !same_line(source, *origin, diagnostic.origin)
    {
        let there = &sources[origin.source];
        let (line, text, span) = excerpt(&there.text, *origin);
        let place = Snippet::source(text).line_start(line).path(there.name.as_str());
        let annotation = AnnotationKind::Context.span(span).label(label.as_str());
        related = Some(place.annotation(annotation));
    }
    if let Some(related) = related {
        group = group.element(related);
    }
    if let Some(help) = &diagnostic.help {
        group = group.element(Level::HELP.message(help.as_str()));
    }
    vec![group]
}

type Annotated<'a> = Snippet<'a, annotate_snippets::Annotation<'a>>;

fn snippet<'a>(source: &'a Source, diagnostic: &'a Diagnostic) -> Annotated<'a> {
    let (line, text, span) = excerpt(&source.text, diagnostic.origin);
    let start = diagnostic.origin.start - span.start.min(diagnostic.origin.start);
    let primary = AnnotationKind::Primary.span(span).label(diagnostic.label.as_str());
    let snippet =
        Snippet::source(text).line_start(line).path(source.name.as_str()).annotation(primary);
    match &diagnostic.related {
        Some((origin, label)) if same_line(source, *origin, diagnostic.origin) => {
            let length = text.len();
            let span = origin.start.saturating_sub(start).min(length)
                ..origin.end.saturating_sub(start).min(length);
            snippet.annotation(AnnotationKind::Context.span(span).label(label.as_str()))
        }
        _ => snippet,
    }
}

fn same_line(source: &Source, a: Origin, b: Origin) -> bool {
    let line = |origin: Origin| excerpt(&source.text, origin).0;
    a.source == b.source && line(a) == line(b)
}

/// The line that a range begins on: its number, its text and the range within it. A range of
/// several lines is cut after the first: a long list needs no picture.
fn excerpt(text: &str, origin: Origin) -> (usize, &str, std::ops::Range<usize>) {
    let start = boundary(text, origin.start);
    let line_start = text[..start].rfind('\n').map_or(0, |newline| newline + 1);
    let line_end = text[start..].find('\n').map_or(text.len(), |length| start + length);
    let line_number = text[..line_start].matches('\n').count() + 1;
    let line = text[line_start..line_end].trim_end_matches('\r');
    let end = boundary(text, origin.end).max(start);
    let within = |byte: usize| (byte - line_start).min(line.len());
    (line_number, line, within(start)..within(end))
}

/// The nearest boundary of a character at or before a byte.
fn boundary(text: &str, byte: usize) -> usize {
    text.floor_char_boundary(byte.min(text.len()))
}
