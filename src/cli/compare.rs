//! `runner compare`: one row a config, what varies, and the answer in two sentences.

use std::io::Write;

use super::output::{render, write_messages, write_text};
use crate::error::Result;
use crate::report::{CompareOptions, Comparison, Format, Lookup, RunRecord, Spread, compare};

/// Compare runs: mean and spread over seeds of every config, and which is best.
#[derive(Debug, clap::Args)]
pub struct CompareArgs {
    /// Run folders, run ids (unique prefix, or `latest`), folders of runs, or experiment files
    #[arg(required = true, value_name = "TARGET")]
    targets: Vec<String>,
    /// Sort by this column instead of validation or test accuracy; a leading `-` reverses
    #[arg(long, value_name = "COLUMN", allow_hyphen_values = true)]
    sort: Option<String>,
    /// What stands behind the ± of a mean
    #[arg(long, value_enum, default_value_t)]
    spread: Spread,
    /// How the table is written
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// Runs the subcommand: the table to `out`, messages to `err`.
///
/// # Errors
/// When a target names nothing, a column does not exist, or `out` cannot be written.
pub fn run(
    args: &CompareArgs,
    lookup: &Lookup,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Result<()> {
    let resolved = lookup.resolve(&args.targets)?;
    write_messages(err, &resolved.messages());
    let sort = args.sort.clone();
    let options = CompareOptions { sort, spread: args.spread };
    print(&resolved.found.records, &options, args.format, out, err)
}

/// Prints the comparison of these runs; `run` ends with it too.
///
/// # Errors
/// When a column does not exist or `out` cannot be written.
pub fn print(
    records: &[RunRecord],
    options: &CompareOptions,
    format: Format,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Result<()> {
    let comparison = compare(records, options)?;
    let table = render(&comparison.table, format)?;
    if format.is_prose() {
        let below = below(&comparison).join("\n");
        return write_text(out, &format!("{table}\n{below}\n"));
    }
    // Programs read standard output: what is meant for people goes beside it.
    write_messages(err, &comparison.notes);
    write_messages(err, &[comparison.answer.join(" ")]);
    write_text(out, &table)
}

/// The lines under the table: what the numbers are, what is missing, and at the end the answer.
fn below(comparison: &Comparison) -> Vec<String> {
    let mut lines = vec![comparison.legend.clone()];
    lines.extend(comparison.notes.iter().cloned());
    lines.extend([String::new(), comparison.answer.join(" ")]);
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;
    use crate::report::samples::{seeds, write_run};
    use clap::Parser;

    #[derive(Parser)]
    struct Cli {
        #[command(flatten)]
        args: CompareArgs,
    }

    struct ClosedPipe;

    impl Write for ClosedPipe {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            Err(std::io::ErrorKind::BrokenPipe.into())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    /// Compares two configs of three seeds in a folder with a README; returns both outputs.
    fn compared(more: &[&str], out: &mut dyn Write) -> (Result<()>, String) {
        let runs = tempfile::tempdir().unwrap();
        let dropout = serde_json::json!(0.2);
        for record in seeds(&[("network.dropout", dropout)], 0.67, 0.53, 0.003) {
            write_run(runs.path(), &record);
        }
        for record in seeds(&[], 0.94, 0.48, 0.003) {
            write_run(runs.path(), &record);
        }
        let readme = runs.path().join("README.md");
        std::fs::write(&readme, "text").unwrap();
        let targets = ["compare", runs.path().to_str().unwrap(), readme.to_str().unwrap()];
        let args = Cli::parse_from(targets.iter().chain(more)).args;
        let lookup =
            Lookup { runs_dir: runs.path(), is_held: &|_| true, trial_ids_of: &|_| Ok(Vec::new()) };
        let mut err = Vec::new();
        let result = run(&args, &lookup, out, &mut err);
        (result, String::from_utf8(err).unwrap())
    }

    #[test]
    fn table_ends_with_the_answer_and_its_notes() {
        let mut out = Vec::new();
        let (result, err) = compared(&[], &mut out);
        result.unwrap();
        assert_eq!(err, "passed over 1 path that is no run folder\n");
        insta::assert_snapshot!(String::from_utf8(out).unwrap());
    }

    #[test]
    fn programs_get_nothing_but_the_table() {
        let mut out = Vec::new();
        let (result, err) = compared(&["--format", "csv", "--sort", "-dropout"], &mut out);
        result.unwrap();
        assert!(err.contains("Best: dropout 0.2"));
        let out = String::from_utf8(out).unwrap();
        assert!(out.starts_with("network.dropout,n,") && out.lines().count() == 3, "{out}");
        assert!(out.lines().nth(1).unwrap().starts_with("0.2,3,"));
    }

    #[test]
    fn closed_pipe_is_an_error_that_says_so() {
        let (result, _) = compared(&[], &mut ClosedPipe);
        match result {
            Err(Error::Io { source, .. }) => {
                assert_eq!(source.kind(), std::io::ErrorKind::BrokenPipe);
            }
            other => panic!("{other:?}"),
        }
    }
}
