//! `runner study`: from a baseline to what narrows the gap and raises test accuracy.

mod base;
mod lab;
mod words;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use clap::builder::PossibleValuesParser;

use super::amounts::parse_age;
use super::asked::SetArgs;
use super::output::write_text;
use super::own_file::{create_own_file, write_own_file};
use super::plan::{TRAINING_SHARE, measured_speed};
use super::training::TrainingArgs;
use crate::cli::context::Context;
use crate::error::{Error, Result};
use crate::experiment::Trial;
use crate::messages::say;
use crate::runs::folder::{is_there, replace_file, run_path};
use crate::runs::notes::Notes;
use crate::runs::read::read_record;
use crate::study::{Answer, Budget, Plan, QUESTIONS, Question, StudyFile, study, time_in_words};
use crate::sweep::{StopSignal, cost};
use base::Base;
use lab::Runs;

/// The first line of the files that it writes; only those are replaced.
const HEADER: &str = "# Written by `runner study`.";

/// Arguments of `runner study`.
#[derive(Debug, Args)]
pub struct StudyArgs {
    /// An experiment file with one config, the baseline; or the name of a study that was begun, to see where it stands
    #[arg(value_name = "FILE.toml|NAME")]
    target: PathBuf,
    #[command(flatten)]
    set: SetArgs,
    /// Ask only what can be answered in about this time, such as 30m or 2h
    #[arg(long, value_name = "DURATION", value_parser = parse_age)]
    budget: Option<Duration>,
    /// Say what is asked and what it costs, without training
    #[arg(long)]
    plan: bool,
    /// Stop after this question
    #[arg(long, value_name = "QUESTION", value_parser = PossibleValuesParser::new(QUESTIONS.map(|(_, word)| word)))]
    until: Option<String>,
    /// Folder of the studies
    #[arg(long, value_name = "DIR", default_value = "studies")]
    studies_dir: PathBuf,
    #[command(flatten)]
    training: TrainingArgs,
}

impl StudyArgs {
    /// Asks the questions, and prints the answer.
    ///
    /// # Errors
    /// When the file is invalid or has several configs, another study is there, or nothing could be trained.
    pub fn run(self, context: &mut Context) -> Result<ExitCode> {
        let globals = context.globals;
        let (file, begun) = self.find()?;
        let trains = begun.is_none();
        let name = study_name(&file)?;
        let folder = self.studies_dir.join(&name);
        let begun = if trains { StudyFile::read(&folder)? } else { begun };
        let sets = match &begun {
            Some(begun) if self.set.texts().is_empty() => begun.sets.clone(),
            _ => self.set.texts().to_vec(),
        };
        let base = Base::read(&file, sets, &folder, globals)?;
        let is_new = begun.is_none();
        let mut stored = self.settle(begun, &base, &folder, globals)?;
        let mut plan = plan_of(&base, &stored)?;
        if self.plan {
            write_text(context.out, &words::plan(&plan, &stored, &folder)?)?;
            return Ok(ExitCode::SUCCESS);
        }
        let stop = StopSignal::default();
        if is_new {
            fs::create_dir_all(&folder).map_err(Error::io("create", &folder))?;
            create_own_file(&folder.join(StudyFile::NAME), HEADER, &stored.text()?)?;
            // Another process may have been faster, on a machine of another speed.
            let first = StudyFile::read(&folder)?;
            stored = self.settle(first, &base, &folder, globals)?;
            plan = plan_of(&base, &stored)?;
        }
        if trains {
            base.write(&folder, HEADER, &plan)?;
            base.lines().iter().for_each(|line| say(line));
            words::plan_lines(&plan, &stored).iter().for_each(|line| say(line));
            stop.expect_end_of_time()?;
            stop.expect_interrupts()?;
        }
        let until = self.until.as_deref().map_or(Question::Confirm, question);
        let training = self.training.waiting();
        let (study_folder, training, stop) = (&*folder, &training, &stop);
        let mut lab = Runs {
            folder: study_folder,
            study: &name,
            training,
            globals,
            stop,
            trains,
            code: None,
        };
        let mut budget = Budget::of(stored.flops());
        let findings = study(&plan, &mut budget, until, &mut lab)?;
        let code = lab.code;
        let baseline_seconds = cost(&plan.baseline).flops / stored.flops_per_second;
        let answer = Answer { name: &name, plan: &plan, findings: &findings, baseline_seconds };
        if trains {
            keep(&folder, &stored, &base, &answer, &globals.runs_dir)?;
        }
        write_text(context.out, &answer.text())?;
        Ok(ExitCode::from(code.unwrap_or(0)))
    }

    /// The experiment file, and the study if its name was typed.
    fn find(&self) -> Result<(PathBuf, Option<StudyFile>)> {
        let is_file = self.target.extension().is_some_and(|extension| extension == "toml");
        if is_file {
            return Ok((self.target.clone(), None));
        }
        let is_folder = is_there(&self.target.join(StudyFile::NAME))?;
        let folder =
            if is_folder { self.target.clone() } else { self.studies_dir.join(&self.target) };
        match StudyFile::read(&folder)? {
            Some(begun) => Ok((folder.join(&begun.baseline), Some(begun))),
            None => Err(Error::NothingMatched(format!(
                "there is neither a file {} nor a study {}: `runner study FILE.toml` begins one",
                self.target.display(),
                folder.display()
            ))),
        }
    }

    /// The study that was begun, if this is the same; else a new one.
    fn settle(
        &self,
        begun: Option<StudyFile>,
        base: &Base,
        folder: &Path,
        globals: &super::Globals,
    ) -> Result<StudyFile> {
        let wanted = self.budget.map(|budget| budget.as_secs());
        let config = base.trial.config_id();
        let Some(begun) = begun else {
            let speed = measured_speed() * TRAINING_SHARE * globals.jobs() as f64;
            return Ok(StudyFile::new(
                base.path.clone(),
                base.sets.clone(),
                config,
                wanted,
                speed.round(),
            ));
        };
        let shown = folder.display();
        if begun.baseline != base.path {
            return Err(Error::Usage(format!(
                "the study {shown} is of {}, not of {}: rename one of the files, or move the folder away",
                folder.join(&begun.baseline).display(),
                base.file.display()
            )));
        }
        if begun.config != config {
            return Err(Error::Usage(format!(
                "{} or --set has changed since the study {shown} began: undo that, or move the folder away to begin anew",
                base.file.display()
            )));
        }
        if wanted.is_some() && wanted != begun.budget_seconds {
            let had = begun.budget_seconds.map_or("no budget".to_owned(), |seconds| {
                format!("a budget of {}", time_in_words(seconds as f64))
            });
            return Err(Error::Usage(format!(
                "the study {shown} began with {had}: go on without --budget, or move the folder away to begin anew; \
                 its runs stay and are not trained again"
            )));
        }
        Ok(begun)
    }
}

/// What the budget pays for.
fn plan_of(base: &Base, stored: &StudyFile) -> Result<Plan> {
    let budget = Budget::of(stored.flops());
    let flops = |trial: &Trial| cost(trial).flops;
    Plan::new(&base.trial, &budget, &flops).map_err(|least| {
        let needed = time_in_words((least / stored.flops_per_second).ceil());
        Error::Usage(format!(
            "--budget is too small for a study of this network; allow {needed} or more"
        ))
    })
}

/// Writes what was found beside the questions.
fn keep(
    folder: &Path,
    stored: &StudyFile,
    base: &Base,
    answer: &Answer<'_>,
    runs_dir: &Path,
) -> Result<()> {
    let stored = StudyFile { decisions: words::decisions(answer.findings), ..stored.clone() };
    write_own_file(&folder.join(StudyFile::NAME), HEADER, &stored.text()?)?;
    if let Some(recipe) = answer.findings.together.as_ref().and_then(|recipe| recipe.steps.last()) {
        tag(&recipe.so_far.of(&answer.plan.baseline)?, answer, runs_dir)?;
        let text = base.with(&recipe.so_far)?;
        write_own_file(&folder.join("best.toml"), HEADER, &text)?;
    }
    if let Some(plot) = answer.waterfall()? {
        replace_file(&folder.join("waterfall.svg"), plot.svg.as_bytes())?;
        replace_file(&folder.join("waterfall.png"), &plot.png)?;
    }
    replace_file(&folder.join("report.html"), answer.report()?.as_bytes())
}

/// Tags the runs of what the study kept.
fn tag(recipe: &Trial, answer: &Answer<'_>, runs_dir: &Path) -> Result<()> {
    for seed in answer.plan.limits.seeds() {
        let mut trial = recipe.clone();
        trial.training.seeds = vec![seed];
        let folder = run_path(runs_dir, &trial.id())?;
        if read_record(&folder)?.is_none() {
            continue;
        }
        let mut notes = Notes::read(&folder)?;
        let tag = format!("study/{}", answer.name);
        // A name that is no tag leaves the run untagged.
        if !notes.has_tag(&tag) && notes.tag(&tag).is_ok() {
            notes.write(&folder)?;
        }
    }
    Ok(())
}

fn question(word: &str) -> Question {
    let named = QUESTIONS.iter().find(|(_, name)| *name == word);
    named.map_or(Question::Confirm, |(question, _)| *question)
}

/// `experiments/cifar10_baseline.toml` -> `cifar10_baseline`.
fn study_name(file: &Path) -> Result<String> {
    let stem = file.file_stem().map(|stem| stem.to_string_lossy().into_owned());
    stem.filter(|stem| !stem.is_empty())
        .ok_or_else(|| Error::Usage(format!("{} is no experiment file", file.display())))
}
