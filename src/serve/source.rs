//! What is served: folders of runs, single runs, experiment files and studies, as the command line named them.

use std::collections::HashMap;
use std::path::PathBuf;

use serde::Serialize;

use crate::error::Result;
use crate::experiment::Halving;
use crate::runs::role::ConfigRole;

/// What is served.
#[derive(Default)]
pub struct ServeSource {
    /// Folders of runs: every run in them.
    pub folders: Vec<PathBuf>,
    /// Folders of single runs, which need not be there yet.
    pub runs: Vec<PathBuf>,
    /// Experiments whose files were named.
    pub experiments: Vec<ServedExperiment>,
    /// Reads studies; none: there are none.
    pub studies: Option<Box<dyn ReadStudies>>,
}

/// An experiment whose file is known.
#[derive(Debug, Clone, Default)]
pub struct ServedExperiment {
    /// Its name.
    pub name: String,
    /// The ids of its trials, and what it calls their configs.
    pub trials: HashMap<String, ConfigRole>,
    /// How its configs are halved, if they are.
    pub halving: Option<ServedHalving>,
}

/// The halving of an experiment.
#[derive(Debug, Clone)]
pub struct ServedHalving {
    /// What is halved.
    pub halving: Halving,
    /// The folder of its runs.
    pub runs_dir: PathBuf,
}

/// Finds and reads studies.
pub trait ReadStudies: Send + Sync {
    /// The folders of all studies, by name.
    ///
    /// # Errors
    /// When the folder of studies cannot be listed.
    fn list(&self) -> Result<Vec<(String, PathBuf)>>;

    /// Where a study stands; without the pictures, which take time to draw, unless they are asked for.
    ///
    /// # Errors
    /// When its files or its runs cannot be read.
    fn read(&self, folder: &std::path::Path, with_pictures: bool) -> Result<StudyStand>;
}

/// Where a study stands.
#[derive(Debug, Clone, PartialEq, Serialize, Default)]
pub struct StudyStand {
    /// The question that is open, in words; none if all are answered.
    pub question: Option<String>,
    /// The answer so far in sentences.
    pub answer: Vec<String>,
    /// Each question that was answered, with what it found.
    pub answers: Vec<AnsweredQuestion>,
    /// What was decided so far: the question, and what.
    pub decisions: Vec<(String, String)>,
    /// The ids of the runs that it has asked for.
    #[serde(skip)]
    pub runs: Vec<String>,
}

/// A question of a study with its answer.
#[derive(Debug, Clone, PartialEq, Serialize, Default)]
pub struct AnsweredQuestion {
    /// The question.
    pub question: String,
    /// What came out.
    pub sentences: Vec<String>,
    /// A picture of it, SVG.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub picture: Option<String>,
    /// A table of it, in letters of one width.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub table: Option<String>,
}

impl std::fmt::Debug for ServeSource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let ServeSource { folders, runs, experiments, .. } = self;
        f.debug_struct("ServeSource")
            .field("folders", folders)
            .field("runs", runs)
            .field("experiments", experiments)
            .finish_non_exhaustive()
    }
}
