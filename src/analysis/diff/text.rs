//! Differences as sentences and tables, for a terminal or as Markdown.

use serde_json::Value;

use crate::analysis::diff::curves::{CurveAgreement, DifferingFigure};
use crate::analysis::diff::results::{FigurePair, Pair, ShownUnit};
use crate::analysis::diff::{Diff, DifferentExamples, Fact, Setting, Side};
use crate::error::Result;
use crate::table::value::{shown_toml, toml_text};
use crate::table::{Cell, Column, ColumnKind, Format, Table};

/// Characters of a hash that tell two apart.
const SHORT_HASH: usize = 12;

/// Settings, results, environment and curves, one section each.
pub(super) fn render(diff: &Diff, format: Format, width: Option<u16>) -> Result<String> {
    let page = Page { format, width };
    let sections = [
        page.table(&runs(diff))?,
        page.section("settings", &settings_line(diff), &settings(&diff.settings))?,
        page.section("results", &results_line(diff), &results(diff))?,
        page.section("environment", &environment_line(diff), &environment(&diff.environment))?,
        page.section("curves", &curve_lines(&diff.curves), &Table::default())?,
    ];
    Ok(sections.join("\n"))
}

/// A section's layout.
struct Page {
    format: Format,
    width: Option<u16>,
}

impl Page {
    /// Its title, its text, and a table, if it has rows.
    fn section(&self, title: &str, said: &str, table: &Table) -> Result<String> {
        let is_markdown = self.format == Format::Markdown;
        let heading = if is_markdown {
            format!("**{title}**: {said}\n")
        } else {
            format!("{title}: {said}\n")
        };
        if table.rows.is_empty() {
            return Ok(heading);
        }
        let space = if is_markdown { "\n" } else { "" };
        Ok(heading + space + &self.table(table)?)
    }

    fn table(&self, table: &Table) -> Result<String> {
        if self.format == Format::Markdown {
            return table.render(self.format, None);
        }
        let text = table.render(self.format, self.width.map(|width| width.saturating_sub(2)))?;
        Ok(text.lines().flat_map(|line| ["  ", line, "\n"]).collect())
    }
}

fn runs(diff: &Diff) -> Table {
    let side = |name: &str, side: &Side| {
        vec![
            Cell::Text(name.to_owned()),
            Cell::Text(side.id.clone()),
            Cell::Text(side.state.to_owned()),
            Cell::Progress(side.epoch, side.total_epochs),
            side.best_by.map_or(Cell::Absent, |by| Cell::Text(chosen_on(by).to_owned())),
        ]
    };
    let text = |name| Column::new(name, ColumnKind::Text);
    Table {
        columns: vec![
            text(""),
            text("id"),
            text("state"),
            Column::new("epoch", ColumnKind::Progress),
            text("best epoch"),
        ],
        rows: vec![side("a", &diff.a), side("b", &diff.b)],
    }
}

fn chosen_on(by: &str) -> &'static str {
    if by == "val" { "chosen on val" } else { "chosen on test" }
}

fn settings_line(diff: &Diff) -> String {
    let equal = diff.equal_settings;
    match (&diff.replicates_of, diff.settings.len()) {
        (Some(config), _) => {
            let keys: Vec<&str> = diff.settings.iter().map(|one| one.key.as_str()).collect();
            let what = match keys.as_slice() {
                ["dataset.fold"] => "only the fold differs",
                [_] => "only the seed differs",
                _ => "only seed and fold differ",
            };
            format!("{what}: replicates of config {config}")
        }
        (None, 0) if diff.a.id == diff.b.id => {
            format!("all {equal} are equal: a and b are the same run")
        }
        (None, 0) => format!("all {equal} are equal"),
        (None, 1) => format!("1 differs, {equal} are equal"),
        (None, n) => format!("{n} differ, {equal} are equal"),
    }
}

fn settings(settings: &[Setting]) -> Table {
    let cell = |value: &Option<Value>, text: fn(&Value) -> String| {
        value.as_ref().map_or(Cell::Absent, |value| Cell::Text(text(value)))
    };
    let row = |s: &Setting| {
        let shown = [&s.a, &s.b].map(|value| value.as_ref().map(shown_toml));
        // What differs is shown, even if it is in the middle of a long list.
        let text = if shown[0] == shown[1] { toml_text } else { shown_toml };
        vec![Cell::Text(s.key.clone()), cell(&s.a, text), cell(&s.b, text)]
    };
    Table { columns: side_by_side("setting"), rows: settings.iter().map(row).collect() }
}

fn results_line(diff: &Diff) -> String {
    let line = match diff.results.iter().all(FigurePair::is_equal) {
        _ if diff.results.is_empty() => "neither run has any yet",
        true => "equal in all figures",
        false => "accuracies in %, gap in points",
    };
    let different = diff.different_examples.iter().map(|DifferentExamples { split, key }| {
        format!(
            "; {split} figures are measured on different examples ({key}), so they do not show \
             which run is better"
        )
    });
    line.to_owned() + &different.collect::<String>()
}

/// Both runs' last and best rows; nothing where they are equal.
fn results(diff: &Diff) -> Table {
    if diff.results.iter().all(FigurePair::is_equal) {
        return Table::default();
    }
    let number = |header| Column::new(header, ColumnKind::Number);
    let columns = ["a last", "b last", "b - a", "a best", "b best", "b - a"].map(number);
    let row = |figure: &FigurePair| {
        let mut cells = vec![Cell::Text(figure.name.replace('_', " "))];
        for pair in [&figure.last, &figure.best] {
            cells.extend(pair_cells(pair, figure.unit));
        }
        cells
    };
    Table {
        columns: [Column::new("", ColumnKind::Text)].into_iter().chain(columns).collect(),
        rows: diff.results.iter().map(row).collect(),
    }
}

fn pair_cells(pair: &Pair, unit: ShownUnit) -> [Cell; 3] {
    let cell = |text: Option<String>| text.map_or(Cell::Absent, Cell::Text);
    let shown = |value: f64| match unit {
        ShownUnit::Epochs => value.to_string(),
        ShownUnit::Fraction => format!("{:.2}", 100.0 * value),
        ShownUnit::Loss => format!("{value:.4}"),
    };
    // A zero difference looks different from one too small to be shown.
    let difference = |value: f64| match unit {
        _ if value == 0.0 => "0".to_owned(),
        _ if value.is_nan() => "NaN".to_owned(),
        ShownUnit::Epochs => format!("{value:+}"),
        ShownUnit::Fraction => format!("{:+.2}", 100.0 * value),
        ShownUnit::Loss => format!("{value:+.4}"),
    };
    [cell(pair.a.map(shown)), cell(pair.b.map(shown)), cell(pair.difference.map(difference))]
}

fn environment_line(diff: &Diff) -> String {
    let equal: Vec<String> = diff.equal_environment.iter().map(|name| fact_name(name)).collect();
    match (diff.environment.is_empty(), equal.is_empty()) {
        (true, _) => "equal".to_owned(),
        (false, true) => "nothing is equal".to_owned(),
        (false, false) => format!("equal in {}", equal.join(", ")),
    }
}

fn environment(facts: &[Fact]) -> Table {
    let row = |fact: &Fact| {
        let (mut a, mut b) = (fact.a.clone(), fact.b.clone());
        let is_hash = fact.name.ends_with("sha256") || fact.name == "git_commit";
        let begins = |text: &Option<String>| text.as_ref().map(|text| short(text));
        if is_hash && begins(&a) != begins(&b) {
            (a, b) = (begins(&a), begins(&b));
        }
        let cell = |text: Option<String>| text.map_or(Cell::Absent, Cell::Text);
        vec![Cell::Text(fact_name(fact.name)), cell(a), cell(b)]
    };
    Table { columns: side_by_side(""), rows: facts.iter().map(row).collect() }
}

fn short(hash: &str) -> String {
    hash.chars().take(SHORT_HASH).collect()
}

fn fact_name(name: &str) -> String {
    name.replace("_sha256", " SHA-256").replace('_', " ")
}

fn side_by_side(first: &str) -> Vec<Column> {
    [first, "a", "b"].map(|header| Column::new(header, ColumnKind::Text)).to_vec()
}

/// Where the curves differ, which is longer, and what only one of them has, in one line.
fn curve_lines(curves: &CurveAgreement) -> String {
    let mut parts = vec![parting(curves)];
    let lone = [("a", &curves.only_in_a), ("b", &curves.only_in_b)];
    let lone = lone.into_iter().filter(|(_, columns)| !columns.is_empty());
    parts.extend(lone.map(|(side, columns)| format!("only {side} has {}", columns.join(", "))));
    match (curves.a_last_epoch, curves.b_last_epoch) {
        (Some(a), Some(b)) if a < b => {
            parts.push(format!("a ends at epoch {a}, b continues to {b}"))
        }
        (Some(a), Some(b)) if a > b => {
            parts.push(format!("b ends at epoch {b}, a continues to {a}"))
        }
        _ => (),
    }
    parts.join("; ")
}

fn parting(curves: &CurveAgreement) -> String {
    let counted = |n: usize| if n == 1 { "1 epoch".to_owned() } else { format!("{n} epochs") };
    match (&curves.first_difference, curves.a_last_epoch, curves.b_last_epoch) {
        (_, None, None) => "neither run has any yet".to_owned(),
        (_, None, _) => "a has none yet".to_owned(),
        (_, _, None) => "b has none yet".to_owned(),
        (None, ..) if curves.common_epochs == 0 => "no epoch was evaluated in both".to_owned(),
        (None, ..) => {
            let epochs = counted(curves.common_epochs);
            format!("equal to the last digit in all {epochs} that both evaluated")
        }
        (Some(parting), ..) => {
            let epoch = match (curves.equal_until, parting.epoch) {
                (Some(equal), epoch) => {
                    format!("equal until epoch {equal}, different from epoch {epoch} on")
                }
                (None, 0) => "different from epoch 0 on, before any step".to_owned(),
                (None, epoch) => {
                    format!("different from epoch {epoch} on, the first that both evaluated")
                }
            };
            format!("{epoch}: {}", differing(&parting.figures))
        }
    }
}

/// The first figure with its values, the others by name.
fn differing(figures: &[DifferingFigure]) -> String {
    let Some((first, others)) = figures.split_first() else {
        return String::new();
    };
    let value = |value: &Value| if value.is_null() { "NaN".to_owned() } else { value.to_string() };
    let text = format!("{} is {} in a, {} in b", first.column, value(&first.a), value(&first.b));
    let names: Vec<&str> = others.iter().map(|figure| figure.column).collect();
    if names.is_empty() { text } else { format!("{text} (also {})", names.join(", ")) }
}
