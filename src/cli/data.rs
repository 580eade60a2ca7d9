//! `runner data`: lists, fetches and checks datasets.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

mod classes;
mod own_data;

use super::output::{render, write_text};
use crate::cli::context::Context;
use crate::data::{
    Archive, Checked, Cifar100Labels, DataOptions, Fetched, FilesStatus, archives, bytes_on_disk,
    check, fetch, fetch_from, status,
};
use crate::error::{Error, Result};
use crate::escape::escape_lines;
use crate::table::{Cell, Column, ColumnKind, Format, Table};

/// What to do with datasets.
#[derive(Debug, Clone, clap::Subcommand)]
pub enum DataCommand {
    /// List the datasets, whether they are on disk, and where
    List {
        /// How the table is written
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
    /// Download a dataset, or import it from an archive or folder on disk
    Fetch {
        /// cifar10, cifar100, mnist or fashion_mnist
        name: String,
        /// Import it from this archive (binary or Python edition) or folder
        #[arg(long, value_name = "PATH")]
        from: Option<PathBuf>,
    },
    /// Check sizes, labels and hashes
    Check {
        /// A dataset, or an experiment file that uses your own data [default: all datasets on disk]
        name: Option<String>,
    },
}

impl DataCommand {
    /// Runs the command.
    ///
    /// # Errors
    /// [`crate::error::Error::Data`] if something is missing or damaged.
    pub fn run(self, context: &mut Context) -> Result<ExitCode> {
        run_to(context.out, &self, &context.globals.data_options())?;
        Ok(ExitCode::SUCCESS)
    }
}

/// The command with its output going to `out`.
///
/// # Errors
/// As [`DataCommand::run`].
pub fn run_to(out: &mut dyn Write, command: &DataCommand, options: &DataOptions) -> Result<()> {
    options.tell_where();
    match command {
        DataCommand::List { format } => list(out, *format, options),
        DataCommand::Fetch { name, from } => {
            let archive = named(name)?;
            let fetched = match from {
                Some(path) => fetch_from(&archive, path, options)?,
                None => fetch(&archive, options)?,
            };
            print_fetched(out, &archive, &fetched)
        }
        DataCommand::Check { name: Some(name) } if name.ends_with(".toml") => {
            own_data::check(out, Path::new(name))
        }
        DataCommand::Check { name: Some(name) } => check_one(out, &named(name)?, options),
        DataCommand::Check { name: None } => check_all(out, options),
    }
}

fn list(out: &mut dyn Write, format: Format, options: &DataOptions) -> Result<()> {
    let text = |header| Column::new(header, ColumnKind::Text);
    let columns = vec![
        text("name"),
        text("state"),
        Column::new("size", ColumnKind::Number).named("bytes"),
        text("what"),
        text("where"),
    ];
    let mut rows = Vec::new();
    for archive in archives() {
        let (state, is_here) = match status(&archive, &options.data_dir) {
            FilesStatus::Missing => ("missing", false),
            FilesStatus::Present => ("present", true),
            FilesStatus::Damaged(_) => ("damaged", true),
        };
        let place = options.data_dir.join(&archive.folder).display().to_string();
        let size = if is_here { size(&archive, options) } else { Cell::Absent };
        rows.push(row(&archive.name, state, size, &archive.title, &place));
    }
    rows.push(row("synthetic", "present", Cell::Absent, SYNTHETIC, "built in"));
    write_text(out, &render(&Table { columns, rows }, format)?)
}

fn row(name: &str, state: &str, size: Cell, what: &str, place: &str) -> Vec<Cell> {
    let text = |text: &str| Cell::Text(text.to_owned());
    vec![text(name), text(state), size, text(what), text(place)]
}

const SYNTHETIC: &str = "generated from a seed: colour images of 32x32 in 10 classes";

/// Shown with its unit, in bytes for programs.
fn size(archive: &Archive, options: &DataOptions) -> Cell {
    Cell::Bytes(bytes_on_disk(archive, &options.data_dir))
}

fn print_fetched(out: &mut dyn Write, archive: &Archive, fetched: &Fetched) -> Result<()> {
    let how = if fetched.was_present { "was already in" } else { "is now in" };
    line(out, &format!("{} {how} {}", archive.name, fetched.folder.display()))?;
    line(out, &format!("content SHA-256 {}", fetched.sha256))?;
    fetched.notes.iter().try_for_each(|note| line(out, &format!("note: {note}")))
}

fn check_one(out: &mut dyn Write, archive: &Archive, options: &DataOptions) -> Result<()> {
    for checked in check(archive, options)? {
        let labels = match checked.labels {
            Some(Cifar100Labels::Fine) => " (fine labels)",
            Some(Cifar100Labels::Coarse) => " (coarse labels)",
            None => "",
        };
        line(out, &format!("{}{labels}: whole", archive.name))?;
        line(out, &format!("  content SHA-256 {}", checked.sha256))?;
        line(out, &format!("  {}", counts(&checked)))?;
        if !checked.class_counts.iter().all(|counts| are_equal(counts)) {
            classes::lines(&checked).iter().try_for_each(|text| line(out, text))?;
        }
    }
    Ok(())
}

fn are_equal(counts: &[usize]) -> bool {
    counts.iter().all(|count| *count == counts[0])
}

/// `50000 training examples, 5000 per class; 10000 test examples, 974 to 1135 per class`
fn counts(checked: &Checked) -> String {
    let split = |name: &str, at: usize| {
        let (examples, of_classes) = (checked.examples[at], &checked.class_counts[at]);
        let (fewest, most) = (of_classes.iter().min(), of_classes.iter().max());
        let (fewest, most) = (fewest.unwrap_or(&0), most.unwrap_or(&0));
        match are_equal(of_classes) {
            true => format!("{examples} {name} examples, {most} per class"),
            false => format!("{examples} {name} examples, {fewest} to {most} per class"),
        }
    };
    format!("{}; {}", split("training", 0), split("test", 1))
}

/// All datasets on disk; one damaged dataset does not hide the others' results.
fn check_all(out: &mut dyn Write, options: &DataOptions) -> Result<()> {
    let mut damaged = Vec::new();
    let mut here = 0;
    for archive in archives() {
        if status(&archive, &options.data_dir) == FilesStatus::Missing {
            continue;
        }
        here += 1;
        match check_one(out, &archive, options) {
            Err(Error::Data(problem)) => damaged.push(problem),
            other => other?,
        }
    }
    if here == 0 {
        line(out, &format!("no datasets in {}", options.data_dir.display()))?;
    }
    match damaged.is_empty() {
        true => Ok(()),
        false => Err(Error::Data(damaged.join("\n"))),
    }
}

fn named(name: &str) -> Result<Archive> {
    let known: Vec<String> = archives().into_iter().map(|archive| archive.name).collect();
    let unknown = || match name {
        "synthetic" => Error::Usage("synthetic data is generated, so it has no files".into()),
        _ => Error::Usage(format!(
            "there is no dataset {name:?}; the datasets are {}",
            known.join(", ")
        )),
    };
    Archive::named(name).ok_or_else(unknown)
}

fn line(out: &mut dyn Write, text: &str) -> Result<()> {
    writeln!(out, "{}", escape_lines(text)).map_err(Error::io("write to", "standard output"))
}
