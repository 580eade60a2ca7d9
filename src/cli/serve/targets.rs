//! What the targets of `runner serve` name.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use crate::cli::Globals;
use crate::cli::context::lookup;
use crate::cli::study::Studies;
use crate::error::Result;
use crate::experiment::{Experiment, MAX_TRIALS};
use crate::runs::folder::{file, is_folder, is_there, run_path};
use crate::serve::{ServeSource, ServedExperiment, ServedHalving};

/// What is served; without targets, the folders of runs and of studies, which need not be there yet.
///
/// # Errors
/// If a target names nothing.
pub(super) fn source(
    targets: &[String],
    studies_dir: &Path,
    globals: &Globals,
) -> Result<ServeSource> {
    let mut source = ServeSource::default();
    let (mut dirs, mut studies): (Vec<PathBuf>, Vec<PathBuf>) = (Vec::new(), Vec::new());
    if targets.is_empty() {
        source.folders.push(globals.runs_dir.clone());
        dirs.push(studies_dir.to_owned());
    }
    for target in targets {
        let path = Path::new(target);
        if path.extension().is_some_and(|extension| extension == "toml") {
            add_experiment(path, &mut source, globals)?;
        } else if Studies::is_study(path)? {
            studies.push(path.to_owned());
        } else if is_folder(path)? && !is_there(&path.join(file::RECORD))? {
            match Studies::in_folder(path)?.is_empty() {
                true => source.folders.push(path.to_owned()),
                false => dirs.push(path.to_owned()),
            }
        } else {
            let found = lookup(globals, &[]).resolve(std::slice::from_ref(target))?;
            source.runs.extend(found.found.folders);
        }
    }
    for folder in
        dirs.iter().map(|folder| Studies::in_folder(folder)).collect::<Result<Vec<_>>>()?.concat()
    {
        studies_runs(&folder, targets, &mut source, globals);
    }
    for folder in &studies {
        studies_runs(folder, targets, &mut source, globals);
    }
    let globals = globals.clone();
    source.studies = Some(Box::new(Studies { dirs, folders: studies, globals }));
    Ok(source)
}

/// The runs of a study that was named: those of its experiment files. Without targets, all runs are served anyway, and
/// the files say how many trials there are. One that cannot be read now is said where the study is shown.
fn studies_runs(folder: &Path, targets: &[String], source: &mut ServeSource, globals: &Globals) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    let mut files: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    files.sort();
    let is_sheet = |path: &&PathBuf| {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        name.ends_with(".toml") && name.starts_with(|c: char| c.is_ascii_digit())
    };
    for file in files.iter().filter(is_sheet) {
        let runs = source.runs.len();
        let _ = add_experiment(file, source, globals);
        if targets.is_empty() {
            source.runs.truncate(runs);
        }
    }
}

/// The runs of an experiment file, also those that are not there yet.
fn add_experiment(path: &Path, source: &mut ServeSource, globals: &Globals) -> Result<()> {
    let color = globals.color_stderr();
    let experiment = Experiment::read_with_runs(path, &[], MAX_TRIALS, color, &globals.runs_dir)?;
    let mut trials = HashMap::new();
    for trial in &experiment.trials {
        let id = trial.id();
        source.runs.push(run_path(&globals.runs_dir, &id)?);
        trials.insert(id, experiment.role_of(trial));
    }
    let runs_dir = &globals.runs_dir;
    let halving = experiment.halving.clone();
    let halving = halving.map(|halving| ServedHalving { halving, runs_dir: runs_dir.clone() });
    source.experiments.push(ServedExperiment { name: experiment.name, trials, halving });
    Ok(())
}
