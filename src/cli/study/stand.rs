//! Where studies stand, for the server: as `runner study NAME` says it, from run folders as they are.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::base::Base;
use super::lab::Runs;
use super::plan_of;
use crate::cli::Globals;
use crate::error::{Error, Result};
use crate::runs::folder::{is_there, read_if_there};
use crate::serve::{AnsweredQuestion, ReadStudies, StudyStand};
use crate::study::{Answer, Budget, Question, Section, StudyFile, Topic, study};
use crate::sweep::{StopSignal, cost};

/// The questions whose answer is that of the study, the first one that it has come to.
const GIST: [Question; 4] =
    [Question::Confirm, Question::Together, Question::Remedies, Question::Stand];

/// Studies that were named, and folders of studies.
pub(in crate::cli) struct Studies {
    /// Folders of studies.
    pub(in crate::cli) dirs: Vec<PathBuf>,
    /// Single studies.
    pub(in crate::cli) folders: Vec<PathBuf>,
    pub(in crate::cli) globals: Globals,
}

impl Studies {
    /// Whether a folder is a study.
    ///
    /// # Errors
    /// If that cannot be found out.
    pub(in crate::cli) fn is_study(folder: &Path) -> Result<bool> {
        is_there(&folder.join(StudyFile::NAME))
    }

    /// The studies in a folder, sorted; none if it does not exist.
    ///
    /// # Errors
    /// If it cannot be listed.
    pub(in crate::cli) fn in_folder(folder: &Path) -> Result<Vec<PathBuf>> {
        let entries = match fs::read_dir(folder) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries.map_err(Error::io("read", folder))?,
        };
        let mut studies = Vec::new();
        for entry in entries {
            let path = entry.map_err(Error::io("read", folder))?.path();
            if Studies::is_study(&path)? {
                studies.push(path);
            }
        }
        studies.sort();
        Ok(studies)
    }
}

impl ReadStudies for Studies {
    fn list(&self) -> Result<Vec<(String, PathBuf)>> {
        let mut folders = self.folders.clone();
        for folder in &self.dirs {
            folders.extend(Studies::in_folder(folder)?);
        }
        Ok(folders.into_iter().map(|folder| (name_of(&folder), folder)).collect())
    }

    fn read(&self, folder: &Path, with_pictures: bool) -> Result<StudyStand> {
        let Some(stored) = StudyFile::read(folder)? else {
            let shown = folder.display();
            return Err(Error::NothingMatched(format!("{shown} is not a study any more")));
        };
        let decisions = stored.decisions.iter();
        let decisions = decisions.map(|one| (one.question.clone(), one.decided.clone())).collect();
        let globals = Globals { quiet: true, ..self.globals.clone() };
        let file = folder.join(&stored.baseline);
        let base = Base::read(&file, stored.sets.clone(), folder, &globals)?;
        if stored.config != base.trial.config_id() {
            return Err(Error::Usage(format!(
                "{} has changed since the study began",
                file.display()
            )));
        }
        let plan = plan_of(&base, &stored)?;
        let (name, stop) = (name_of(folder), StopSignal::default());
        let mut runs = Runs::new(folder, &name, &globals, &stop);
        let mut budget = Budget::of(stored.flops());
        let findings = study(&plan, &mut budget, Question::Confirm, &mut runs)?;
        let Runs { open, asked, .. } = runs;
        let baseline_seconds = cost(&plan.baseline).flops / stored.flops_per_second;
        let answer = Answer { name: &name, plan: &plan, findings: &findings, baseline_seconds };
        let sections = answer.sections();
        let of = |question| sections.iter().find(|one| one.topic == Topic::Asked(question));
        let gist = GIST.into_iter().find_map(of).cloned();
        let pictures = with_pictures.then_some(folder);
        Ok(StudyStand {
            question: open.map(|question| question.heading().to_owned()),
            answer: gist.map_or_else(Vec::new, |gist| gist.sentences),
            answers: sections
                .into_iter()
                .map(|section| answered(&answer, section, pictures))
                .collect::<Result<_>>()?,
            decisions,
            runs: asked,
        })
    }
}

/// A section, with its picture if the folder is given.
fn answered(
    answer: &Answer<'_>,
    section: Section,
    pictures: Option<&Path>,
) -> Result<AnsweredQuestion> {
    let Section { topic, sentences } = section;
    let picture = match pictures {
        None => None,
        // The study has drawn it from the runs at the end of that question.
        Some(folder) if topic == Topic::Asked(Question::Remedies) => {
            let path = folder.join("remedies.svg");
            let bytes = read_if_there(&path)?;
            bytes.and_then(|bytes| String::from_utf8(bytes).ok())
        }
        Some(_) => answer.picture(topic)?.map(|plot| plot.svg),
    };
    let table = answer.table(topic);
    Ok(AnsweredQuestion { question: topic.heading().to_owned(), sentences, picture, table })
}

fn name_of(folder: &Path) -> String {
    folder.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
