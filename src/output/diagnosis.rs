//! The diagnosis of configs as people and programs read it.

use serde::{Serialize, Serializer};

use crate::analysis::advice::{Advice, Outcome, OutcomeVerdict, advice_lines, outcome_lines};
use crate::analysis::diagnosis::{ConfigDiagnosis, Finding, Severity};
use crate::analysis::effects::{Effects, effects_text};
use crate::error::{Error, Result};
use crate::runs::figures::Figure;
use crate::table::{Format, escape_json};

/// Column at which the text of a finding starts.
const INDENT: usize = 11;
/// The mark of what to try.
const TRY: &str = "try";

/// What `runner diagnose` shows.
#[derive(Debug, Clone, Serialize)]
pub struct Diagnosis<'a> {
    /// Each config with its findings.
    pub configs: &'a [ConfigDiagnosis],
    /// What to try with one of them.
    pub advised: Option<AdvisedConfig<'a>>,
    /// What came of earlier advice.
    pub outcomes: &'a [Outcome],
    /// What the configs change against the baseline, as under the table of `compare`, a line each.
    pub changes: &'a [String],
    /// What the varied settings do.
    pub effects: &'a Effects,
}

/// What to try with a config.
#[derive(Debug, Clone, Serialize)]
pub struct AdvisedConfig<'a> {
    /// What tables call it.
    pub label: &'a str,
    /// What the advice is to raise: test accuracy, or validation accuracy where the test set is sealed.
    #[serde(serialize_with = "by_name")]
    pub score: Figure,
    /// The changes to try, the most promising first.
    pub advice: &'a [Advice],
}

fn by_name<S: Serializer>(figure: &Figure, serializer: S) -> std::result::Result<S::Ok, S::Error> {
    serializer.serialize_str(figure.name())
}

impl Diagnosis<'_> {
    /// Every config with its findings and what to try, then outcomes and effects. `width` is that of the
    /// terminal; `format` is `Table` or `Markdown`.
    ///
    /// # Errors
    /// As [`effects_text`].
    pub fn text(&self, format: Format, width: Option<u16>) -> Result<String> {
        let one = match format {
            Format::Markdown => markdown,
            _ => plain,
        };
        let tries = |config: &ConfigDiagnosis| match &self.advised {
            Some(advised) if advised.label == config.label => {
                advice_lines(advised.advice, advised.score)
            }
            _ => Vec::new(),
        };
        let mut blocks: Vec<String> =
            self.configs.iter().map(|config| one(config, &tries(config), width)).collect();
        blocks.push(outcomes_text(self.outcomes, format));
        blocks.push(changes_text(self.changes, format));
        blocks.push(effects_text(self.effects, format, width)?);
        blocks.retain(|block| !block.is_empty());
        Ok(blocks.join("\n"))
    }

    /// The same for programs: accuracies as fractions.
    ///
    /// # Errors
    /// Never for what was diagnosed.
    pub fn json(&self) -> Result<String> {
        serde_json::to_string_pretty(self)
            .map(|json| escape_json(json) + "\n")
            .map_err(|e| Error::Unexpected(format!("cannot write JSON: {e}")))
    }
}

/// The findings that call for action, a line each, for `runner show`.
pub(crate) fn brief_lines(findings: &[Finding]) -> Vec<(String, String)> {
    let grave = findings.iter().filter(|finding| finding.severity > Severity::Note);
    grave.map(|finding| (finding.severity.name().to_owned(), finding.text.clone())).collect()
}

/// What the configs change.
fn changes_text(lines: &[String], format: Format) -> String {
    let line = |line: &String| match format {
        Format::Markdown => format!("{}\n\n", escaped(line)),
        _ => format!("{line}\n"),
    };
    lines.iter().map(line).collect()
}

/// What was expected of configs, and what came.
fn outcomes_text(outcomes: &[Outcome], format: Format) -> String {
    if outcomes.is_empty() {
        return String::new();
    }
    let as_said = outcomes.iter().filter(|o| o.verdict == OutcomeVerdict::AsSaid).count();
    let (title, bullet) = match format {
        Format::Markdown => ("## Expected, and what came\n", "- "),
        _ => ("Expected, and what came, in points against the baseline:", "  "),
    };
    let mut text = format!("{title}\n");
    for line in outcome_lines(outcomes) {
        let line = if format == Format::Markdown { escaped(&line) } else { line };
        text.push_str(&format!("{bullet}{line}\n"));
    }
    let all = outcomes.len();
    text.push_str(&format!("{bullet}{as_said} of {all} as said\n"));
    text
}

fn heading(config: &ConfigDiagnosis) -> String {
    let runs = config.runs.len();
    let noun = if runs == 1 { "run" } else { "runs" };
    let unfinished = config.unfinished.iter().map(|(state, count)| format!(", {count} {state}"));
    format!("{}: {runs} {noun}{}", config.label, unfinished.collect::<String>())
}

fn plain(config: &ConfigDiagnosis, tries: &[String], width: Option<u16>) -> String {
    let mut text = heading(config) + "\n";
    if config.findings.is_empty() {
        text += "  nothing found\n";
    }
    for finding in &config.findings {
        let mark = format!("  {:<9}", finding.severity.name());
        text += &wrapped(&mark, &finding.text, width);
    }
    for (place, line) in (1..).zip(tries) {
        let mark = if place == 1 { format!("  {TRY:<9}") } else { " ".repeat(INDENT) };
        text += &wrapped(&mark, &format!("{place}. {line}"), width);
    }
    text
}

fn markdown(config: &ConfigDiagnosis, tries: &[String], _width: Option<u16>) -> String {
    let mut text = format!("## {}\n\n", escaped(&heading(config)));
    if config.findings.is_empty() {
        text += "- nothing found\n";
    }
    for finding in &config.findings {
        text += &format!("- **{}** {}\n", finding.severity.name(), escaped(&finding.text));
    }
    for line in tries {
        text += &format!("- **{TRY}** {}\n", escaped(line));
    }
    text
}

/// Labels are a user's text: Markdown and HTML syntax is escaped.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '<' => escaped += "&lt;",
            '&' => escaped += "&amp;",
            '*' | '_' | '`' | '[' | ']' | '\\' => escaped.extend(['\\', c]),
            _ => escaped.push(c),
        }
    }
    escaped
}

/// `mark`, followed by the words of `text`, in lines no longer than `width` if possible.
fn wrapped(mark: &str, text: &str, width: Option<u16>) -> String {
    let width = width.map_or(usize::MAX, |width| usize::from(width).max(2 * INDENT));
    let (mut lines, mut line, mut length) = (String::new(), mark.to_owned(), mark.len());
    let mut is_first = true;
    for word in text.split(' ') {
        let word_length = word.chars().count();
        if !is_first && length + 1 + word_length > width {
            lines += line.trim_end();
            lines.push('\n');
            (line, length, is_first) = (" ".repeat(INDENT), INDENT, true);
        }
        if !is_first {
            line.push(' ');
            length += 1;
        }
        line += word;
        length += word_length;
        is_first = false;
    }
    lines + line.trim_end() + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::advice::Ran;
    use crate::analysis::diagnosis::samples::memorised;
    use crate::analysis::diagnosis::{diagnose, two_configs};
    use crate::runs::read::Curves;

    fn advice() -> [Advice; 2] {
        let piece = |remedy, name: &str, expected, ran| Advice {
            remedy,
            name: name.to_owned(),
            changes: Vec::new(),
            expected,
            ran,
        };
        let ran = Ran { label: "strong".to_owned(), change: 0.048, interval: Some([0.008, 0.088]) };
        [
            piece("dropout", "dropout 0.5", [0.02, 0.08], Some(ran)),
            piece("random crop", "flip + crop", [0.012, 0.048], None),
        ]
    }

    fn outcomes() -> [Outcome; 3] {
        let outcome = |label: &str, came, verdict| Outcome {
            label: label.to_owned(),
            expected: [0.02, 0.05],
            came,
            interval: Some([came - 0.01, came + 0.01]),
            verdict,
        };
        [
            outcome("a", 0.03, OutcomeVerdict::AsSaid),
            outcome("b_", 0.01, OutcomeVerdict::Less),
            outcome("c", -0.01, OutcomeVerdict::NoHelp),
        ]
    }

    /// Shows what `show` makes of two configs, with advice for the first.
    fn shown<T>(show: impl Fn(&Diagnosis) -> T) -> T {
        let (configs, advice) = (two_configs(), advice());
        let advised = AdvisedConfig {
            label: &configs[0].label,
            score: Figure::TestAccuracy,
            advice: &advice,
        };
        show(&Diagnosis {
            configs: &configs,
            advised: Some(advised),
            outcomes: &outcomes(),
            changes: &["raises test accuracy: dropout 0.5".to_owned()],
            effects: &Effects::default(),
        })
    }

    #[test]
    fn findings_and_advice_as_text() {
        insta::assert_snapshot!(shown(|d| d.text(Format::Table, Some(100)).unwrap()));
    }

    #[test]
    fn findings_and_advice_as_markdown_and_json() {
        insta::assert_snapshot!(shown(|d| d.text(Format::Markdown, Some(40)).unwrap()));
        let json: serde_json::Value = serde_json::from_str(&shown(|d| d.json().unwrap())).unwrap();
        let finding = &json["configs"][0]["findings"][0];
        assert_eq!(
            (&finding["kind"], &finding["severity"]),
            (&"memorising".into(), &"warning".into())
        );
        assert!(finding["figures"]["epoch_median"].is_number(), "{finding}");
        assert_eq!(json["advised"]["score"], "test_accuracy");
        assert_eq!(json["advised"]["advice"][0]["ran"]["change"], 0.048);
        assert_eq!(json["outcomes"][1]["verdict"], "less");
    }

    #[test]
    fn lines_fit_the_width() {
        for width in [10, 40, 80] {
            let text = wrapped("  warning  ", "words of a few letters and no more", Some(width));
            assert!(text.lines().all(|line| line.len() <= usize::from(width).max(22)), "{text}");
        }
        assert_eq!(wrapped("  note     ", "a b", None), "  note     a b\n");
    }

    #[test]
    fn hostile_labels_are_text() {
        assert_eq!(escaped("<b>*x*"), "&lt;b>\\*x\\*");
        let run: Curves = memorised(1);
        let brief = brief_lines(&diagnose(&[run]));
        assert!(brief[0].1.starts_with("memorising since"), "{brief:?}");
    }
}
