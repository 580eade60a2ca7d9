//! Gives a trainer what its trial takes from other runs.

use std::path::Path;

use crate::data::Dataset;
use crate::error::{Error, Result};
use crate::experiment::{Trial, read_network};
use crate::nn::NetworkConfig;
use crate::runs::folder::{file, run_path};
use crate::runs::other_run::OtherRun;
use crate::sweep::Job;
use crate::train::{Heads, TensorError, Trainer, head_of};

const START: &str = "training.start_from";
const TEACHER: &str = "training.distill_from";

/// Loads the weights that the trial starts from, and its teacher.
///
/// # Errors
/// When the other run is gone, has changed, or has another network or other classes than it must.
pub(super) fn give(trainer: &mut Trainer, trial: &Trial, dataset: &Dataset) -> Result<()> {
    if let Some(start) = &trial.training.start_from {
        let other = read(&start.run, start.sha256.as_deref())?;
        let mut heads = [None, None];
        match start.new_head {
            false => {
                same_classes(START, &other, dataset, "; `new_head = true` is for other classes")?
            }
            true => {
                let network = read_network(&other.trial)?;
                heads = [
                    head(&trial.network, dataset.shape, dataset.class_names.len()),
                    head(&network, other.input, other.class_names.len()),
                ];
            }
        }
        let heads = Heads { own: heads[0].as_deref(), other: heads[1].as_deref() };
        let started = trainer.state_mut().start_from(&other.model, heads);
        started.map_err(|error| misfit(START, &start.run, &error))?;
    }
    if let Some(distill) = &trial.training.distill_from {
        let other = read(&distill.run, distill.sha256.as_deref())?;
        same_classes(TEACHER, &other, dataset, "; a teacher must know the same ones")?;
        let network = read_network(&other.trial)?;
        let taught =
            trainer.learn_from(distill, &network, &other.model).map_err(|error| match error {
                // It names the keys of the teacher's network, not of this trial's.
                Error::Experiment(text) => Error::Experiment(format!("{TEACHER}: {text}")),
                other => other,
            })?;
        taught.map_err(|error| misfit(TEACHER, &distill.run, &error))?;
    }
    Ok(())
}

/// Refuses to train anew, in one sweep, a run and another that takes something from it: the first is moved aside
/// before the second has read it.
///
/// # Errors
/// If one of `jobs` takes something from the run of another.
pub(super) fn refuse_retrained(jobs: &[Job], runs_dir: &Path) -> Result<()> {
    let folder = |id: &str| run_path(runs_dir, id).ok()?.canonicalize().ok();
    let folders: Vec<_> = jobs.iter().filter_map(|job| Some((&job.id, folder(&job.id)?))).collect();
    for job in jobs {
        let training = &job.trial.training;
        let start = training.start_from.iter().map(|start| (START, &start.run));
        let teacher = training.distill_from.iter().map(|teacher| (TEACHER, &teacher.run));
        for (key, run) in start.chain(teacher) {
            let Ok(source) = Path::new(run).canonicalize() else { continue }; // training says so
            if let Some((id, _)) = folders.iter().find(|(_, folder)| *folder == source) {
                return Err(Error::Experiment(format!(
                    "{key}: with --retrain, run {id} would be moved aside before run {} has read it: train \
                     the file of {id} by itself first",
                    job.id
                )));
            }
        }
    }
    Ok(())
}

fn read(run: &str, sha256: Option<&str>) -> Result<OtherRun> {
    match sha256 {
        Some(sha256) => OtherRun::read_as(Path::new(run), sha256),
        None => OtherRun::read(Path::new(run)),
    }
}

/// The names of published classes are known only now.
fn same_classes(key: &str, other: &OtherRun, dataset: &Dataset, advice: &str) -> Result<()> {
    other.other_classes(&dataset.class_names).map_or(Ok(()), |difference| {
        Err(Error::Experiment(format!(
            "{key}: the other run has other classes: {difference}{advice}"
        )))
    })
}

/// What the names of the last layer's tensors begin with.
fn head(network: &NetworkConfig, shape: [usize; 3], classes: usize) -> Option<String> {
    head_of(&network.modules(shape.into(), classes).unwrap_or_default())
}

fn misfit(key: &str, run: &str, error: &TensorError) -> Error {
    let problem = format!("{error} ({key})");
    Error::Damaged { path: Path::new(run).join(file::MODEL), problem }
}
