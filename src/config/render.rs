//! Diagnostics -> text: the source line underlined, with path, line and column.

use annotate_snippets::{
    AnnotationKind, Group, Level, Message, Origin as FileOrigin, Renderer, Snippet,
};

use super::diagnostic::MOST_KEPT;
use super::{Diagnostic, Origin, Source};
use crate::escape::replace_unseen;

/// More than anyone reads at once.
const MOST_SHOWN: usize = 20;
/// Longest title, label or help, in bytes: a key may be as long as its file.
const LONGEST_TEXT: usize = 2000;
/// Of a longer line only the position is shown, because laying out a line of megabytes takes seconds.
const LONGEST_LINE: usize = 4000;

/// Renders diagnostics in the given order, one blank line apart.
pub fn render(sources: &[Source], diagnostics: &[Diagnostic], color: bool) -> String {
    let renderer = if color { Renderer::styled() } else { Renderer::plain() };
    let shown = diagnostics.iter().take(MOST_SHOWN);
    let mut texts: Vec<String> =
        shown.map(|diagnostic| renderer.render(&groups(sources, &shortened(diagnostic)))).collect();
    // The renderer itself handles control characters below the space, but not those above.
    texts.iter_mut().for_each(|text| *text = replace_unseen(text));
    if diagnostics.len() > MOST_SHOWN {
        let least = if diagnostics.len() >= MOST_KEPT { "at least " } else { "" };
        texts.push(format!("... and {least}{} more errors", diagnostics.len() - MOST_SHOWN));
    }
    texts.join("\n\n")
}

/// The diagnostic with readable texts.
fn shortened(diagnostic: &Diagnostic) -> Diagnostic {
    let Diagnostic { origin, title, label, help, related, wanted } = diagnostic;
    Diagnostic {
        origin: *origin,
        title: beginning(title),
        label: beginning(label),
        help: help.as_deref().map(beginning),
        related: related.as_ref().map(|(other, words)| (*other, beginning(words))),
        wanted: *wanted,
    }
}

fn beginning(text: &str) -> String {
    match text.len() > LONGEST_TEXT {
        true => format!("{}...", &text[..boundary(text, LONGEST_TEXT)]),
        false => text.to_owned(),
    }
}

fn groups<'a>(sources: &'a [Source], diagnostic: &'a Diagnostic) -> Vec<Group<'a>> {
    let title = Level::ERROR.primary_title(diagnostic.title.as_str());
    let source = &sources[diagnostic.origin.source];
    let whole_file = diagnostic.origin == Origin::start_of(diagnostic.origin.source);
    let mut group = if whole_file && diagnostic.label.is_empty() {
        title.element(FileOrigin::path(source.name.as_str()))
    } else if excerpt(&source.text, diagnostic.origin).1.len() > LONGEST_LINE {
        let place = title.element(place(source, diagnostic.origin));
        place.element(Level::NOTE.message(diagnostic.label.as_str()))
    } else {
        title.element(snippet(source, diagnostic))
    };
    let mut related = None;
    if let Some((origin, label)) = &diagnostic.related
        && !same_line(source, *origin, diagnostic.origin)
    {
        let there = &sources[origin.source];
        let (line, text, span) = excerpt(&there.text, *origin);
        if text.len() > LONGEST_LINE {
            return vec![group.elements(help(diagnostic))];
        }
        let place = Snippet::source(text).line_start(line).path(there.name.as_str());
        let annotation = AnnotationKind::Context.span(span).label(label.as_str());
        related = Some(place.annotation(annotation));
    }
    if let Some(related) = related {
        group = group.element(related);
    }
    vec![group.elements(help(diagnostic))]
}

fn help(diagnostic: &Diagnostic) -> Option<Message<'_>> {
    diagnostic.help.as_ref().map(|help| Level::HELP.message(help.as_str()))
}

/// Line and column without the source line.
fn place(source: &Source, origin: Origin) -> FileOrigin<'_> {
    let (line, text, span) = excerpt(&source.text, origin);
    let column = text[..span.start].chars().count() + 1;
    FileOrigin::path(source.name.as_str()).line(line).char_column(column)
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
            let related = origin.start.saturating_sub(start).min(length)
                ..origin.end.saturating_sub(start).min(length);
            snippet.annotation(AnnotationKind::Context.span(related).label(label.as_str()))
        }
        _ => snippet,
    }
}

fn same_line(source: &Source, a: Origin, b: Origin) -> bool {
    let line = |origin: Origin| excerpt(&source.text, origin).0;
    a.source == b.source && line(a) == line(b)
}

/// The line that a range starts on: its number, its text and the range within it. A range of
/// several lines is cut after the first, because a long list need not be shown.
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

/// The nearest character boundary at or before a byte.
fn boundary(text: &str, byte: usize) -> usize {
    text.floor_char_boundary(byte.min(text.len()))
}
