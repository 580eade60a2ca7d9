//! Studies: where each stands, and the files of its folder.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::PoisonError;
use std::time::{Duration, Instant, SystemTime};

use serde::Serialize;

use crate::error::{Error, Result};
use crate::runs::record::RunState;
use crate::serve::answer::{Answer, json};
use crate::serve::pages::files::{OpenFile, open};
use crate::serve::pages::text_of;
use crate::serve::served::Served;
use crate::serve::source::{AnsweredQuestion, ReadStudies, StudyStand};
use crate::serve::watcher::words;

/// The pictures of a study, in the order of its questions.
const PICTURES: [&str; 4] = ["remedies.svg", "waterfall.svg", "remedies.png", "waterfall.png"];
/// Its other files that are handed out; experiment files beside them by their extension.
const FILES: [&str; 1] = ["report.html"];

/// How long a study is not read again while runs change, and while none does.
const SHORT: Duration = Duration::from_secs(5);
const LONG: Duration = Duration::from_secs(60);

/// A study in the overview.
#[derive(Debug, Serialize)]
pub(in crate::serve) struct StudyEntry {
    name: String,
    state: &'static str,
    question: Option<String>,
    answer: Vec<String>,
    pictures: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<String>,
}

#[derive(Serialize)]
struct StudyPage {
    #[serde(flatten)]
    entry: StudyEntry,
    answers: Vec<AnsweredQuestion>,
    decisions: Vec<(String, String)>,
    files: Vec<FileEntry>,
}

/// A file of a study.
#[derive(Serialize)]
struct FileEntry {
    name: String,
    /// The experiment that it asks, if there are runs of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    experiment: Option<String>,
}

/// All studies. One that cannot be read says so.
pub(in crate::serve) fn entries(served: &Served) -> Vec<StudyEntry> {
    let Some(studies) = &served.source.studies else { return Vec::new() };
    let list = match studies.list() {
        Ok(list) => list,
        Err(error) => {
            let problem = Some(words(&error));
            return vec![StudyEntry { problem, ..empty("studies") }];
        }
    };
    let entry = |(name, folder): &(String, PathBuf)| {
        let study = Study { studies: &**studies, name, folder };
        study.stand(served, false).0
    };
    list.iter().map(entry).collect()
}

/// One study.
pub(in crate::serve) fn page(served: &Served, name: &str) -> Result<Answer> {
    let (studies, folder) = find(served, name)?;
    let (entry, stand) = Study { studies, name, folder: &folder }.stand(served, true);
    let StudyStand { answers, decisions, .. } = stand;
    let overview = served.overview();
    let files = files_of(&folder)?.into_iter().map(|file| {
        let stem = file.strip_suffix(".toml");
        // A question has the study's name before its own; the baseline is an experiment like any other.
        let names = stem.map(|stem| [format!("{name}: {stem}"), stem.to_owned()]);
        let experiment = names.into_iter().flatten().find(|name| overview.contains_key(name));
        FileEntry { name: file, experiment }
    });
    let files = files.collect();
    text_of(&StudyPage { entry, answers, decisions, files }).map(json)
}

/// A file of a study: a picture, the page, or an experiment file of it.
pub(in crate::serve) fn file(served: &Served, name: &str, file: &str) -> Result<OpenFile> {
    let (_, folder) = find(served, name)?;
    match files_of(&folder)?.iter().find(|known| *known == file) {
        Some(known) => open(&folder.join(known), known),
        None => Err(Error::NothingMatched("there is no such file".to_owned())),
    }
}

fn find<'a>(served: &'a Served, name: &str) -> Result<(&'a dyn ReadStudies, PathBuf)> {
    let missing = || Error::NothingMatched("there is no such study".to_owned());
    let studies = served.source.studies.as_deref().ok_or_else(missing)?;
    let named = studies.list()?.into_iter().find(|(own, _)| own == name);
    named.map(|(_, folder)| (studies, folder)).ok_or_else(missing)
}

fn empty(name: &str) -> StudyEntry {
    StudyEntry {
        name: name.to_owned(),
        state: "open",
        question: None,
        answer: Vec::new(),
        pictures: Vec::new(),
        problem: None,
    }
}

/// A study to look at.
struct Study<'a> {
    studies: &'a dyn ReadStudies,
    name: &'a str,
    folder: &'a Path,
}

impl Study<'_> {
    /// Where it stands; it is running if a run that it asked for is.
    fn stand(&self, served: &Served, with_pictures: bool) -> (StudyEntry, StudyStand) {
        let ReadStand { stand, problem, .. } = self.read(served, with_pictures);
        let known = served.known();
        let runs = stand.runs.iter().filter_map(|id| known.runs.get(id));
        let is_running = runs.into_iter().any(|run| run.record.state == RunState::Running);
        let state = match &stand.question {
            _ if is_running => "running",
            None if problem.is_none() => "finished",
            _ => "open",
        };
        let files = files_of(self.folder).unwrap_or_default();
        let pictures = PICTURES.into_iter().filter(|name| files.iter().any(|file| file == name));
        let entry = StudyEntry {
            name: self.name.to_owned(),
            state,
            question: stand.question.clone(),
            answer: stand.answer.clone(),
            pictures: pictures.map(str::to_owned).collect(),
            problem,
        };
        (entry, stand)
    }

    /// Reads it; not again while no run has changed, nor again and again while many do: all its runs are read for it.
    /// At once when the study has written what it found, which it does after the last run of a question has ended.
    fn read(&self, served: &Served, with_pictures: bool) -> ReadStand {
        let version = served.events.version();
        let report = self.folder.join(FILES[0]);
        let written = fs::metadata(report).and_then(|report| report.modified()).ok();
        let mut stands = served.stands.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(read) = stands.get(self.folder) {
            let most = if read.version == version { LONG } else { SHORT };
            let has_all = read.written == written && (read.has_pictures || !with_pictures);
            if has_all && read.at.elapsed() < most {
                return read.clone();
            }
        }
        let (stand, problem) = match self.studies.read(self.folder, with_pictures) {
            Ok(stand) => (stand, None),
            Err(error) => (StudyStand::default(), Some(words(&error))),
        };
        let (has_pictures, at) = (with_pictures, Instant::now());
        let read = ReadStand { stand, problem, has_pictures, written, version, at };
        stands.insert(self.folder.to_owned(), read.clone());
        read
    }
}

/// Where a study stood when it was read last.
#[derive(Debug, Clone)]
pub(in crate::serve) struct ReadStand {
    stand: StudyStand,
    problem: Option<String>,
    has_pictures: bool,
    written: Option<SystemTime>,
    version: u64,
    at: Instant,
}

/// The names of the files in the folder of a study that are handed out, sorted.
fn files_of(folder: &Path) -> Result<Vec<String>> {
    let entries = fs::read_dir(folder).map_err(Error::io("read", folder))?;
    let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let is_given = |name: &String| {
        let is_experiment = name.ends_with(".toml") && !name.starts_with('.');
        PICTURES.contains(&name.as_str()) || FILES.contains(&name.as_str()) || is_experiment
    };
    let mut names: Vec<String> = names.filter(is_given).collect();
    names.sort();
    Ok(names)
}
