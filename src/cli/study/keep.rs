//! What a study writes beside its questions: its decisions, the recipe, pictures, the page, tags.

use std::collections::BTreeSet;
use std::path::Path;

use super::base::Base;
use super::{HEADER, with_seed, words};
use crate::cli::own_file::write_own_file;
use crate::error::{Error, Result};
use crate::experiment::Trial;
use crate::output::plots::{Plot, forest_plot};
use crate::output::sharing::shareable;
use crate::runs::folder::{replace_file, run_folders, run_path};
use crate::runs::notes::{NoteChange, Notes};
use crate::runs::read::{FoundRuns, read_record, read_rows};
use crate::runs::record::{RunRecord, RunState};
use crate::runs::role::ConfigRole;
use crate::study::{Answer, Decision, MOST_FRESH, Plan, Recipe, StudyFile};

/// What is kept of a study.
pub(super) struct Keeping<'a> {
    /// Of the study.
    pub(super) folder: &'a Path,
    pub(super) stored: &'a StudyFile,
    pub(super) base: &'a Base,
    pub(super) answer: Answer<'a>,
    pub(super) runs_dir: &'a Path,
}

impl Keeping<'_> {
    /// Writes all of it.
    ///
    /// # Errors
    /// When a run cannot be read, a picture cannot be drawn, or a file cannot be written.
    pub(super) fn write(&self) -> Result<()> {
        let Keeping { folder, answer, .. } = self;
        let mut decisions = words::decisions(answer.findings);
        // What later questions decided stays while earlier ones are asked anew.
        let asked: Vec<String> = decisions.iter().map(|now| now.question.clone()).collect();
        let is_later = |stored: &&Decision| !asked.contains(&stored.question);
        decisions.extend(self.stored.decisions.iter().filter(is_later).cloned());
        let stored = StudyFile { decisions, ..self.stored.clone() };
        write_own_file(&folder.join(StudyFile::NAME), HEADER, &stored.text()?)?;
        let recipe = answer.findings.together.as_ref();
        let kept = recipe.map(Recipe::kept).unwrap_or_default();
        let kept: Vec<(&str, &str)> =
            kept.iter().map(|kept| (kept.remedy, kept.name.as_str())).collect();
        let last = recipe.and_then(|recipe| recipe.steps.last());
        let winner = last.map(|last| last.so_far.of(&answer.plan.baseline)).transpose()?;
        if recipe.is_some() {
            self.tag(winner.as_ref())?;
        }
        if let Some(recipe) = last {
            let text = self.base.with(&kept, &recipe.so_far)?;
            write_own_file(&folder.join("best.toml"), HEADER, &text)?;
        }
        let forest = self.forest()?;
        let pictures = [("waterfall", answer.waterfall()?), ("remedies", forest.clone())];
        for (name, Plot { png, svg }) in
            pictures.into_iter().filter_map(|(name, plot)| Some((name, plot?)))
        {
            replace_file(&folder.join(format!("{name}.svg")), svg.as_bytes())?;
            replace_file(&folder.join(format!("{name}.png")), &png)?;
        }
        let page = answer.report(forest.as_ref())?;
        replace_file(&folder.join("report.html"), page.as_bytes())
    }

    /// Every remedy that has several seeds against the baseline, as `runner plot` draws it; none without any.
    fn forest(&self) -> Result<Option<Plot>> {
        let plan = self.answer.plan;
        let mut found = FoundRuns::default();
        let baseline = ConfigRole { is_baseline: true, ..ConfigRole::default() };
        self.add(&mut found, &plan.baseline, &baseline)?;
        let tried = self.answer.findings.remedies.iter().flatten();
        for tried in tried.filter(|tried| tried.figures.val.n > 1) {
            let variant = Some(tried.change.name.clone());
            let role = ConfigRole { variant, ..ConfigRole::default() };
            self.add(&mut found, &tried.change.of(&plan.baseline)?, &role)?;
        }
        let (rows, _) = found.read_each(read_rows)?;
        forest_plot(&shareable(&found.records), &rows)
    }

    /// Adds the finished runs of a config.
    fn add(&self, found: &mut FoundRuns, config: &Trial, role: &ConfigRole) -> Result<()> {
        for seed in self.answer.plan.limits.seeds() {
            let folder = run_path(self.runs_dir, &with_seed(config, seed).id())?;
            let record = read_record(&folder)?;
            let Some(record) = record.filter(|record| record.state == RunState::Finished) else {
                continue;
            };
            let experiments = vec![self.answer.name.to_owned()];
            found.records.push(RunRecord { role: role.clone(), experiments, ..record });
            found.folders.push(folder);
        }
        Ok(())
    }

    /// Tags the runs of what the study kept, and takes its tag from all others: an earlier study of this name, which was
    /// moved away, may have kept them.
    fn tag(&self, winner: Option<&Trial>) -> Result<()> {
        let tag = format!("study/{}", self.answer.name);
        if Notes::default().tag(&tag).is_err() {
            return Ok(()); // a name that is no tag leaves the runs untagged
        }
        let mut kept = BTreeSet::new();
        let change = NoteChange { tags: vec![tag.clone()], ..NoteChange::default() };
        let Plan { limits, first_fresh_seed: first, .. } = self.answer.plan;
        for seed in limits.seeds().into_iter().chain(*first..first.saturating_add(MOST_FRESH)) {
            let Some(id) = winner.map(|winner| with_seed(winner, seed).id()) else { break };
            let folder = run_path(self.runs_dir, &id)?;
            if read_record(&folder)?.is_some() {
                change.write(&id, &folder)?;
            }
            kept.insert(id);
        }
        let change = NoteChange { untags: vec![tag.clone()], ..NoteChange::default() };
        for folder in run_folders(self.runs_dir)? {
            let id = folder.file_name().unwrap_or_default().to_string_lossy();
            if kept.contains(&*id) || !Notes::of(&folder).has_tag(&tag) {
                continue;
            }
            match change.write(&id, &folder) {
                Err(Error::NothingMatched(_)) => {} // another process of this study was faster
                written => drop(written?),
            }
        }
        Ok(())
    }
}
