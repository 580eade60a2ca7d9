//! `runner gc`: removes what is no longer needed, or only lists it.

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use chrono::{DateTime, SecondsFormat, Utc};
use clap::{Args, ValueEnum};

use super::amounts::{parse_age, parse_bytes};
use super::output::{render, write_messages, write_text};
use crate::cli::context::Context;
use crate::cli::selection::SelectionArgs;
use crate::error::{Error, Result};
use crate::escape::escape_controls;
use crate::output::list::age as age_text;
use crate::runs::folder::{Claims, REPLACED, RealDisk};
use crate::sweep::{Removal, Waste, WasteKind, find_waste, remove_waste};
use crate::table::{Cell, Column, ColumnKind, Format, Table};

/// A claim is held only while a file is removed.
const CLAIM_TIMEOUT: Duration = Duration::from_secs(60);

/// Arguments of `runner gc`.
#[derive(Debug, Args)]
pub struct GcArgs {
    /// List what would be removed, without removing it
    #[arg(long)]
    dry_run: bool,
    /// Only this kind of file; may be repeated [default: all]
    #[arg(long = "kind", value_enum, value_name = "KIND")]
    kinds: Vec<WasteKind>,
    /// Only files that have not changed for this long, such as 30m, 12h or 7d
    #[arg(long, value_name = "AGE", value_parser = parse_age)]
    older_than: Option<Duration>,
    /// Only files larger than this, in bytes or with a unit, such as 10MB or 1GiB
    #[arg(long, value_name = "SIZE", value_parser = parse_bytes)]
    larger_than: Option<u64>,
    /// Only files of runs that match this, such as 'test_accuracy < 0.4'; see `compare`
    #[arg(long = "where", value_name = "CONDITION", allow_hyphen_values = true)]
    filter: Option<String>,
    /// How the table is written
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

impl GcArgs {
    /// Runs the subcommand: the table to `out`, messages to `err`. Returns the exit code.
    ///
    /// # Errors
    /// When the runs folder cannot be listed or `out` cannot be written.
    pub fn run(self, context: &mut Context) -> Result<ExitCode> {
        let Context { globals, out, err, .. } = context;
        let runs_dir = &globals.runs_dir;
        let kinds = if self.kinds.is_empty() { WasteKind::value_variants() } else { &self.kinds };
        let mut found = find_waste(runs_dir, kinds)?;
        if let Some(filter) = &self.filter {
            let selection = SelectionArgs { filter: Some(filter.clone()), sets: Vec::new() };
            let (runs, lines) = selection.of_runs_dir(globals)?;
            write_messages(err, &lines);
            let is_of_one = |item: &Waste| {
                runs.folders.iter().any(|folder| item.path.parent() == Some(folder.as_path()))
            };
            found.items.retain(is_of_one);
        }
        let now = SystemTime::now();
        found.items.retain(|item| self.is_wanted(item, now));
        let mut problems = found.problems;
        let mut gone = found.items;
        if !self.dry_run {
            let claims = Claims::new(Arc::new(RealDisk), CLAIM_TIMEOUT)?;
            gone.retain(|item| match remove_waste(item, &claims) {
                Ok(removal) => removal == Removal::Removed,
                Err(problem) => {
                    problems.push(problem);
                    false
                }
            });
        }
        write_messages(err, &problem_lines(&problems));
        if gone.is_empty() && !problems.is_empty() {
            write_messages(err, &[format!("nothing was removed under {}", runs_dir.display())]);
            return Ok(ExitCode::FAILURE);
        }
        match print(&gone, &self, runs_dir, out, err) {
            Err(error) if error.is_closed_pipe() => {} // the removal itself is done
            printed => printed?,
        }
        Ok(ExitCode::from(u8::from(!problems.is_empty())))
    }
}

impl GcArgs {
    fn is_wanted(&self, item: &Waste, now: SystemTime) -> bool {
        self.older_than.is_none_or(|age| item.age(now) > age)
            && self.larger_than.is_none_or(|bytes| item.bytes > bytes)
    }
}

/// As many problems are listed.
const MOST_PROBLEMS: usize = 10;

/// A line for each of the first problems; where a folder cannot be written, all are alike.
fn problem_lines(problems: &[Error]) -> Vec<String> {
    let line = |problem: &Error| format!("error: {}", escape_controls(&problem.chain()));
    let mut lines: Vec<String> = problems.iter().take(MOST_PROBLEMS).map(line).collect();
    if problems.len() > lines.len() {
        lines.push(format!("error: and {} more of the kind", problems.len() - lines.len()));
    }
    lines
}

fn print(
    items: &[Waste],
    args: &GcArgs,
    runs_dir: &Path,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Result<()> {
    let last_words =
        [price(items, args.dry_run, runs_dir), Some(total(items, args.dry_run, runs_dir))];
    let last_words: Vec<String> = last_words.into_iter().flatten().collect();
    if items.is_empty() && args.format.is_prose() {
        write_messages(err, &last_words);
        return Ok(());
    }
    let table = table_text(items, args, runs_dir)?;
    if args.format.is_prose() {
        return write_text(out, &format!("{table}\n{}\n", last_words.join("\n")));
    }
    write_messages(err, &last_words);
    write_text(out, &table)
}

fn table_text(items: &[Waste], args: &GcArgs, runs_dir: &Path) -> Result<String> {
    let columns = vec![
        Column::new("what", ColumnKind::Text),
        Column::new("kind", ColumnKind::Text),
        Column::new("size", ColumnKind::Number).named("bytes"),
        Column::new("age", ColumnKind::Number).named("modified"),
    ];
    let now = Utc::now();
    let row = |item: &Waste| {
        let path = item.path.strip_prefix(runs_dir).unwrap_or(&item.path);
        let modified =
            moment(item.modified).map(|at| at.to_rfc3339_opts(SecondsFormat::Secs, true));
        let age = modified.map(|at| Cell::Time(age_text(&at, now), at));
        vec![
            Cell::Text(path.display().to_string()),
            Cell::Text(item.kind.name().to_owned()),
            Cell::Bytes(item.bytes),
            age.unwrap_or(Cell::Absent),
        ]
    };
    render(&Table { columns, rows: items.iter().map(row).collect() }, args.format)
}

/// To the second; none if a file's time is beyond the calendar's end.
fn moment(time: SystemTime) -> Option<DateTime<Utc>> {
    let seconds = match time.duration_since(SystemTime::UNIX_EPOCH) {
        Ok(since) => i64::try_from(since.as_secs()).ok()?,
        Err(before) => -i64::try_from(before.duration().as_secs()).ok()?,
    };
    DateTime::from_timestamp(seconds, 0)
}

/// What the removal costs, if it costs anything.
fn price(items: &[Waste], dry_run: bool, runs_dir: &Path) -> Option<String> {
    // In a folder of two levels, a run is one level deeper; one that was replaced is kept by its own folder.
    let is_of_a_run = |path: &Path| {
        let mut above = path.ancestors().skip(2).take(2);
        above.any(|folder| folder == runs_dir) && !path.starts_with(runs_dir.join(REPLACED))
    };
    let is_checkpoint =
        |item: &Waste| item.kind == WasteKind::Checkpoint && is_of_a_run(&item.path);
    let without = if dry_run { "without these" } else { "without the removed" };
    items.iter().any(is_checkpoint).then(|| {
        format!(
            "{without} checkpoints, a longer trial of the same settings starts from its first step"
        )
    })
}

/// One line on all of them together.
fn total(items: &[Waste], dry_run: bool, runs_dir: &Path) -> String {
    let bytes = Cell::Bytes(items.iter().map(|item| item.bytes).sum()).shown();
    let things = match items.len() {
        0 => return format!("nothing to remove under {}", runs_dir.display()),
        1 => "1 item".to_owned(),
        n => format!("{n} items"),
    };
    match dry_run {
        true => format!("{things}, {bytes}: run it without --dry-run to remove them"),
        false => format!("{things} removed, {bytes}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_price_is_said_on_one_level_and_on_two_and_not_of_what_was_replaced() {
        let priced = |path: &str| {
            let item = Waste {
                kind: WasteKind::Checkpoint,
                path: Path::new("runs").join(path),
                bytes: 1,
                modified: SystemTime::UNIX_EPOCH,
            };
            price(&[item], true, Path::new("runs")).is_some()
        };
        assert!(priced("0123456789ab/checkpoint.bin"));
        assert!(priced("01/0123456789ab/checkpoint.bin"));
        assert!(!priced(".replaced/0123456789ab/checkpoint.bin"));
    }
}
