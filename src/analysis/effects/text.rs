//! Effects as people read them: a table, and a sentence for each setting.

use crate::analysis::effects::{
    Correlation, Effects, Estimate, GapFigures, Interaction, LevelEffect, SettingEffect, Trend,
};
use crate::error::Result;
use crate::table::{Cell, Column, ColumnKind, Format, Table, hundredfold};

/// The effects as a table with sentences under it; empty if there are neither effects nor notes.
///
/// # Errors
/// As [`Table::render`]. `format` is `Table` or `Markdown`.
pub fn effects_text(effects: &Effects, format: Format, width: Option<u16>) -> Result<String> {
    let mut text = String::new();
    if !effects.settings.is_empty() {
        let title = headed(
            "main effects: means over the other settings; accuracies in %, gap and changes in points",
            format,
        );
        let intervals = "± 95 % intervals from the spread of the seeds within the configs, pooled; those of \
                      the changes hold together\nand are wider where the configs' own spreads ask for it";
        let legend = if has_noise(effects) { format!("\n{intervals}\n") } else { String::new() };
        text = format!("{title}\n\n{}{legend}", table(effects).render(format, width)?);
    }
    if !effects.trends.is_empty() {
        let space = if text.is_empty() { "" } else { "\n" };
        text.push_str(&format!("{space}{}", trends_text(effects, format, width)?));
    }
    let sentences =
        effects.settings.iter().flat_map(|setting| sentences(setting, effects.held_out));
    let interactions =
        effects.interactions.iter().map(|found| interaction(found, effects.held_out));
    let mut lines: Vec<String> = sentences.chain(interactions).collect();
    if lines.is_empty() && effects.notes.is_empty() {
        return Ok(text);
    }
    if effects.interactions.is_empty() && effects.interactions_looked_at > 0 && has_noise(effects) {
        lines.push("No interaction between two settings is larger than the noise.".into());
    }
    lines.extend(effects.notes.iter().cloned());
    let bullet = if format == Format::Markdown { "- " } else { "" };
    let list: String = lines.iter().map(|line| format!("{bullet}{line}\n")).collect();
    let space = if text.is_empty() { "" } else { "\n" };
    Ok(format!("{text}{space}{list}"))
}

fn headed(title: &str, format: Format) -> String {
    if format == Format::Markdown { format!("## {title}") } else { title.to_owned() }
}

/// The trends as a table with an explanation.
fn trends_text(effects: &Effects, format: Format, width: Option<u16>) -> Result<String> {
    let title = headed(
        "settings of many values: where the best points lie, and rank correlations over all points",
        format,
    );
    let legend = "from -1 (falls all the way along the setting) to 1 (rises), 95 % intervals that hold together;\n\
                  a setting that is best in the middle has no trend: look at `runner plot` too";
    let table = trends_table(effects).render(format, width)?;
    Ok(format!("{title}\n\n{table}\n{legend}\n"))
}

/// The trends in words, a sentence each.
pub(crate) fn trend_sentences(effects: &Effects) -> Vec<String> {
    let held_out = effects.held_out;
    let direction = |seen: &Correlation, figure: &str| {
        let seen_words = correlation(seen);
        match seen.value > 0.0 {
            _ if !seen.is_beyond_chance() => {
                format!("no trend of {figure} can be told ({seen_words})")
            }
            true => format!("{figure} rises with it ({seen_words})"),
            false => format!("{figure} falls with it ({seen_words})"),
        }
    };
    let sentence = |trend: &Trend| {
        let ([low, high], [best_low, best_high]) = (trend.values, trend.best_values);
        format!(
            "{} from {low} to {high}: the best {} of {} points by {held_out} accuracy have {best_low} to \
             {best_high}; {}; {}.",
            trend.key,
            trend.best_points,
            trend.points,
            direction(&trend.held_out_accuracy, &format!("{held_out} accuracy")),
            direction(&trend.gap, "the gap"),
        )
    };
    effects.trends.iter().map(sentence).collect()
}

fn trends_table(effects: &Effects) -> Table {
    let number = |name: &str| Column::new(name, ColumnKind::Number);
    let held_out = effects.held_out;
    let columns = vec![
        Column::new("setting", ColumnKind::Text),
        number("points"),
        number("values"),
        number(&format!("best fifth by {held_out}")),
        number(&format!("with {held_out}")),
        number("with gap"),
    ];
    let row = |trend: &Trend| {
        let [low, high] = trend.values;
        let [best_low, best_high] = trend.best_values;
        vec![
            Cell::Text(trend.key.clone()),
            Cell::Count(trend.points as u64),
            Cell::Text(format!("{low} to {high}")),
            Cell::Text(format!("{best_low} to {best_high}")),
            Cell::Text(correlation(&trend.held_out_accuracy)),
            Cell::Text(correlation(&trend.gap)),
        ]
    };
    Table { columns, rows: effects.trends.iter().map(row).collect() }
}

/// `+0.62 [0.31, 0.81]`
fn correlation(seen: &Correlation) -> String {
    let rounded = |share: f64| (100.0 * share).round() / 100.0 + 0.0; // no -0.00
    let [value, low, high] = [seen.value, seen.low, seen.high].map(rounded);
    format!("{value:+.2} [{low:.2}, {high:.2}]")
}

fn has_noise(effects: &Effects) -> bool {
    let has = |GapFigures { gap, held_out_accuracy, train_accuracy }: &GapFigures| {
        [gap, held_out_accuracy, train_accuracy].iter().any(|figure| figure.half_width.is_some())
    };
    effects.settings.iter().any(|setting| has(&setting.levels[0].mean))
}

fn table(effects: &Effects) -> Table {
    let number = |name: &str| Column::new(name, ColumnKind::Number);
    let held_out = effects.held_out;
    let columns = vec![
        Column::new("setting", ColumnKind::Text),
        number("value"),
        number("runs"),
        number("train"),
        number(held_out),
        number("gap"),
        number(&format!("{held_out} change")),
        number("gap change"),
    ];
    let rows = effects.settings.iter().flat_map(|setting| {
        setting.levels.iter().enumerate().map(|(index, level)| {
            let key = if index == 0 { setting.key.clone() } else { String::new() };
            row(key, level)
        })
    });
    Table { columns, rows: rows.collect() }
}

fn row(key: String, level: &LevelEffect) -> Vec<Cell> {
    let shown = |estimate: &Estimate| Cell::Text(shown(estimate));
    let change = |figure: fn(&GapFigures) -> &Estimate| {
        level.change.as_ref().map_or(Cell::Absent, |change| Cell::Text(signed(figure(change))))
    };
    vec![
        Cell::Text(key),
        Cell::Text(level.value.clone()),
        Cell::Count(level.runs as u64),
        shown(&level.mean.train_accuracy),
        shown(&level.mean.held_out_accuracy),
        shown(&level.mean.gap),
        change(|change| &change.held_out_accuracy),
        change(|change| &change.gap),
    ]
}

/// A sentence on the value with the largest change of the gap; the table has all of them.
fn sentences(setting: &SettingEffect, held_out: &str) -> Option<String> {
    let changes = setting.levels.iter().filter_map(|level| Some((level, level.change?)));
    let size = |change: &GapFigures| change.gap.value.abs();
    let (level, change) = changes.max_by(|a, b| size(&a.1).total_cmp(&size(&b.1)))?;
    let GapFigures { gap, held_out_accuracy, train_accuracy } = &change;
    let first = &setting.levels[0].value;
    let verdict =
        verdict(&change, held_out).map_or(String::new(), |verdict| format!(": {verdict}"));
    Some(format!(
        "{} {} instead of {first}: gap {}, train {}, {held_out} {} points{verdict}.",
        setting.key,
        level.value,
        signed(gap),
        signed(train_accuracy),
        signed(held_out_accuracy)
    ))
}

/// Whether a change closes the gap by testing better or by learning less; `None` if one seed each,
/// or seeds that happen to agree, cannot show it.
fn verdict(change: &GapFigures, held_out: &str) -> Option<String> {
    let sign = |estimate: &Estimate| match estimate.is_beyond_noise() {
        true => estimate.value.signum() as i32,
        false => 0,
    };
    change.gap.half_width.and(change.held_out_accuracy.half_width)?;
    Some(match (sign(&change.gap), sign(&change.held_out_accuracy)) {
        (-1, 1) => format!("it narrows the gap and raises {held_out} accuracy"),
        (-1, 0) => format!(
            "it narrows the gap by learning less of the train split; {held_out} accuracy changes \
             within the noise"
        ),
        (-1, _) => format!("it narrows the gap at the cost of {held_out} accuracy"),
        (1, 1) => format!("it raises {held_out} accuracy although the gap widens"),
        (1, 0) => {
            format!("it widens the gap; {held_out} accuracy changes within the noise")
        }
        (1, _) => format!("it widens the gap and lowers {held_out} accuracy"),
        (_, 1) => format!("it raises {held_out} accuracy; the gap changes within the noise"),
        (_, -1) => format!("it lowers {held_out} accuracy; the gap changes within the noise"),
        _ => "all within the noise of the seeds".to_owned(),
    })
}

fn interaction(found: &Interaction, held_out: &str) -> String {
    let Interaction { keys, values, references, figure, deviation } = found;
    let what = match *figure {
        "gap" => "the gap".to_owned(),
        _ => format!("{held_out} accuracy"),
    };
    let than = if deviation.value > 0.0 { "higher" } else { "lower" };
    let points = Estimate { value: deviation.value.abs(), ..*deviation };
    format!(
        "{} {} with {} {}: {what} is {} points {than} than the sum of their single effects \
         (relative to {} and {}).",
        keys[0],
        values[0],
        keys[1],
        values[1],
        shown(&points),
        references[0],
        references[1]
    )
}

/// `53.2 ± 0.3`
fn shown(estimate: &Estimate) -> String {
    let half = estimate.half_width.map(|half| format!(" ± {}", hundredfold(half)));
    hundredfold(estimate.value) + &half.unwrap_or_default()
}

/// `+5.0 ± 0.6`
fn signed(estimate: &Estimate) -> String {
    let shown = shown(estimate);
    if shown.starts_with('-') || shown.starts_with("0.0") { shown } else { format!("+{shown}") }
}
