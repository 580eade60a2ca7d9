//! `runner plot`: plots of several runs, as PNG and SVG.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::output::{write_messages, write_text};
use crate::analysis::comparability::incomparable;
use crate::analysis::pareto::pareto;
use crate::cli::baseline::BaselineArg;
use crate::cli::context::Context;
use crate::cli::costs::flops_by_id;
use crate::cli::selection::SelectionArgs;
use crate::error::{Error, Result};
use crate::escape::escape_controls;
use crate::output::export::{is_standard_output, no_folder};
use crate::output::plots::{ExperimentPlots, Plot, experiment_plots, pareto_plot};
use crate::output::sharing::shareable;
use crate::runs::folder::{Disk, RealDisk, refuse_run_folder, replace_file};
use crate::runs::read::read_rows;

/// Plot runs: changes against the baseline, curves of all configs, train and test with the gap, heat maps.
#[derive(Debug, Clone, clap::Args)]
pub struct PlotArgs {
    /// Run folders, run ids (unique prefix, or `latest`), folders of runs, or experiment files
    #[arg(required = true, value_name = "TARGET")]
    targets: Vec<String>,
    #[command(flatten)]
    selection: SelectionArgs,
    #[command(flatten)]
    baseline: BaselineArg,
    /// Folder for the plots; existing ones with the same names are replaced
    #[arg(short, long, value_name = "FOLDER", default_value = "plots")]
    output: PathBuf,
}

impl PlotArgs {
    /// Runs the subcommand: the names of the files to `out`, messages to `err`.
    ///
    /// # Errors
    /// When a target names nothing, the rows of no run can be read, or a file cannot be written.
    pub fn run(self, context: &mut Context) -> Result<ExitCode> {
        let Context { globals, out, err, .. } = context;
        if is_standard_output(&self.output) {
            return Err(no_folder("plot"));
        }
        let mut resolved = self.selection.resolve(&self.targets, globals)?;
        refuse_run_folder(&self.output)?;
        write_messages(err, &resolved.messages());
        let found = &mut resolved.found;
        self.baseline.mark(&mut found.records, globals.color_stderr())?;
        let line =
            incomparable(&found.records).map(|why| format!("{why}: no plot shows a best one"));
        write_messages(err, line.as_slice());
        let (rows, unread) = found.read_each(read_rows)?;
        write_messages(err, &unread);
        let records = shareable(&found.records);
        let ExperimentPlots { mut plots, left_out } = experiment_plots(&records, &rows)?;
        write_messages(err, &left_out);
        if line.is_none() {
            let flops = flops_by_id(found);
            let front = pareto(&records, &|run| flops.get(&run.id).copied());
            plots.extend(pareto_plot(&records, &front)?.map(|plot| ("pareto".to_owned(), plot)));
        }
        RealDisk.create_folder(&self.output).map_err(Error::io("create", &self.output))?;
        for (name, plot) in &plots {
            for path in write_plot(&self.output, name, plot)? {
                write_text(out, &format!("{}\n", escape_controls(&path.display().to_string())))?;
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// Writes both formats; returns the files.
fn write_plot(folder: &Path, name: &str, plot: &Plot) -> Result<[PathBuf; 2]> {
    let [png, svg] = ["png", "svg"].map(|ending| folder.join(format!("{name}.{ending}")));
    replace_file(&png, &plot.png)?;
    replace_file(&svg, plot.svg.as_bytes())?;
    Ok([png, svg])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::context::testing::said;
    use crate::runs::samples::{row, seeds, write_run};

    #[test]
    fn files_are_named_and_replaced_and_nothing_else_is_left() {
        let runs = tempfile::tempdir().unwrap();
        let dropout = serde_json::json!(0.2);
        let mut records = seeds(&[("network.dropout", dropout)], 0.67, 0.53, 0.003);
        records.extend(seeds(&[], 0.94, 0.48, 0.003));
        for record in &records {
            let folder = write_run(runs.path(), record);
            let rows = [row(0, 0.1, None, 0.1), row(1, 0.5, None, 0.4)];
            std::fs::write(folder.join("metrics.csv"), crate::runs::metrics::metrics_csv(&rows))
                .unwrap();
        }
        let output = runs.path().join("pictures/of/them");
        let targets = vec![runs.path().to_str().unwrap().to_owned()];
        let args = PlotArgs {
            targets,
            selection: SelectionArgs::default(),
            baseline: BaselineArg::default(),
            output: output.clone(),
        };
        for _ in ["new", "replaced"] {
            let mut out = Vec::new();
            said(runs.path(), &mut out, |context| args.clone().run(context)).0.unwrap();
            let out = String::from_utf8(out).unwrap();
            let said: Vec<&Path> = out.lines().map(Path::new).collect();
            assert!(said.iter().all(|path| path.starts_with(&output) && path.is_file()), "{out}");
            assert_eq!(std::fs::read_dir(&output).unwrap().count(), said.len());
            let names = said.iter().map(|path| path.file_name().unwrap().to_str().unwrap());
            let files = names.collect::<Vec<_>>().join("\n");
            insta::assert_snapshot!("files", files);
        }
        std::fs::write(runs.path().join("file"), "text").unwrap();
        let args = PlotArgs { output: runs.path().join("file/below"), ..args };
        let (ended, _) = said(runs.path(), &mut Vec::new(), |context| args.run(context));
        let error = ended.unwrap_err();
        assert!(error.to_string().starts_with("cannot create "), "{error}");
    }
}
