//! `runner report`: the comparison as one HTML file that works offline.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::compare::rungs_of;
use super::output::{write_messages, write_text};
use crate::cli::baseline::BaselineArg;
use crate::cli::context::Context;
use crate::cli::selection::SelectionArgs;
use crate::error::{Error, Result};
use crate::output::export::is_standard_output;
use crate::output::html::{ReportSource, report_html};
use crate::runs::folder::{is_folder, refuse_run_folder, replace_file};

/// Write a report: one HTML file with the table, interactive plots and every run's settings.
#[derive(Debug, clap::Args)]
pub struct ReportArgs {
    /// Run folders, run ids (unique prefix, or `latest`), folders of runs, or experiment files
    #[arg(required = true, value_name = "TARGET")]
    targets: Vec<String>,
    #[command(flatten)]
    selection: SelectionArgs,
    #[command(flatten)]
    baseline: BaselineArg,
    /// The file to write, replaced if it exists; `-` is standard output
    #[arg(short, long, value_name = "FILE.html")]
    output: PathBuf,
    /// Heading of the report instead of the experiments' names
    #[arg(long, value_name = "TEXT")]
    title: Option<String>,
    /// Also include host, CPU and data folders; leave them out of reports that you send on
    #[arg(long)]
    with_machine: bool,
}

impl ReportArgs {
    /// Runs the subcommand: messages to `err`, and the report to its file or `out`.
    ///
    /// # Errors
    /// When a target names nothing or the file cannot be written.
    pub fn run(self, context: &mut Context) -> Result<ExitCode> {
        let Context { globals, out, err, .. } = context;
        check_output(&self.output)?;
        let mut resolved = self.selection.resolve(&self.targets, globals)?;
        self.baseline.mark(&mut resolved.found.records, globals.color_stderr())?;
        let messages = resolved.messages();
        write_messages(err, &messages);
        let rungs = rungs_of(&resolved.halvings, &globals.runs_dir);
        let html = report_html(&ReportSource {
            records: &resolved.found.records,
            folders: &resolved.found.folders,
            messages: &messages,
            title: self.title.as_deref(),
            rungs: &rungs,
            written: &chrono::Utc::now().format("%Y-%m-%d %H:%M UTC").to_string(),
            with_machine: self.with_machine,
        })?;
        if is_standard_output(&self.output) {
            write_text(out, &html)?;
            return Ok(ExitCode::SUCCESS);
        }
        replace_file(&self.output, html.as_bytes())?;
        let megabytes = html.len() as f64 / 1e6;
        let written = format!("wrote {} ({megabytes:.1} MB)", self.output.display());
        write_messages(err, &[written]);
        Ok(ExitCode::SUCCESS)
    }
}

/// Checks before any work is done that the report can be written.
fn check_output(output: &Path) -> Result<()> {
    if is_folder(output)? {
        let shown = output.display();
        return Err(Error::Usage(format!("{shown} is a folder: name a file in it with -o")));
    }
    if is_standard_output(output) {
        return Ok(());
    }
    refuse_run_folder(output.parent().unwrap_or(Path::new("")))?;
    if is_other_file(output)? {
        let shown = output.display();
        return Err(Error::Usage(format!(
            "{shown} exists and is not a report: name another file with -o, or remove it"
        )));
    }
    match output.parent() {
        Some(folder) if !folder.as_os_str().is_empty() && !is_folder(folder)? => {
            Err(Error::Usage(format!("there is no folder {} to write into", folder.display())))
        }
        _ => Ok(()),
    }
}

/// Whether the file exists and is not HTML: a report may replace only a report.
fn is_other_file(path: &Path) -> Result<bool> {
    if !path.symlink_metadata().is_ok_and(|metadata| metadata.is_file() && metadata.len() > 0) {
        return Ok(false); // nothing is lost there
    }
    let mut beginning = Vec::new();
    let file = File::open(path).map_err(Error::io("read", path))?;
    file.take(64).read_to_end(&mut beginning).map_err(Error::io("read", path))?;
    let beginning = String::from_utf8_lossy(&beginning).trim_start().to_ascii_lowercase();
    Ok(!beginning.starts_with("<!doctype html") && !beginning.starts_with("<html"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::context::testing::said;
    use crate::runs::samples::{seeds, write_run};

    fn report_into(output: &Path) -> (Result<ExitCode>, String, String) {
        let runs = tempfile::tempdir().unwrap();
        for record in seeds(&[], 0.94, 0.48, 0.003) {
            write_run(runs.path(), &record);
        }
        let args = ReportArgs {
            baseline: BaselineArg::default(),
            targets: vec![runs.path().to_str().unwrap().to_owned()],
            selection: SelectionArgs::default(),
            output: output.to_owned(),
            title: None,
            with_machine: false,
        };
        let mut out = Vec::new();
        let (ended, err) = said(runs.path(), &mut out, |context| args.run(context));
        (ended, String::from_utf8(out).unwrap(), err)
    }

    #[test]
    fn file_is_replaced_whole_and_nothing_stays_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("report.html");
        std::fs::write(&file, "<!DOCTYPE html>old").unwrap();
        let (result, out, err) = report_into(&file);
        result.unwrap();
        assert!(out.is_empty() && err.starts_with("wrote ") && err.ends_with(" MB)\n"), "{err}");
        let html = std::fs::read_to_string(&file).unwrap();
        assert!(html.starts_with("<!DOCTYPE html>") && html.trim_end().ends_with("</html>"));
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn standard_output_gets_the_page_and_nothing_else() {
        let (result, out, err) = report_into(Path::new("-"));
        result.unwrap();
        assert!(out.starts_with("<!DOCTYPE html>") && err.is_empty(), "{err}");
    }

    #[test]
    fn a_folder_is_no_file_to_write() {
        let folder = tempfile::tempdir().unwrap();
        let (result, _, _) = report_into(folder.path());
        assert_eq!(result.unwrap_err().exit_code(), 2);
        let (result, _, _) = report_into(&folder.path().join("missing/report.html"));
        assert_eq!(result.unwrap_err().exit_code(), 2);
    }
}
