//! `runner study`: from a baseline to what narrows the gap and raises test accuracy.

mod base;
mod keep;
mod lab;
mod stand;
mod words;

use std::fs;
use std::path::{Path, PathBuf, absolute};
use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use clap::builder::PossibleValuesParser;

use super::amounts::parse_age;
use super::asked::SetArgs;
use super::output::write_text;
use super::own_file::create_own_file;
use super::plan::Speed;
use super::training::{SOME_FAILED, TrainingArgs};
use super::whatif::enough;
use crate::cli::context::Context;
use crate::error::{Error, Result};
use crate::experiment::Trial;
use crate::messages::say;
use crate::runs::folder::{is_there, run_path};
use crate::study::{
    Answer, Budget, Plan, Question, StudyFile, first_fresh_seed, study, time_in_words,
};
use crate::sweep::{StopSignal, cost};
use crate::table::Format;
use base::Base;
use keep::Keeping;
use lab::Runs;
pub(super) use stand::Studies;

/// The first line of the files that it writes; only those are replaced.
const HEADER: &str = "# Written by `runner study`.";

/// Arguments of `runner study`.
#[derive(Debug, Args)]
#[command(mut_arg("format", |arg| arg.hide(true)))] // it prints sentences
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
    #[arg(long, value_name = "QUESTION", value_parser = PossibleValuesParser::new(Question::ALL.map(Question::word)))]
    until: Option<String>,
    /// Folder of the studies
    #[arg(long, value_name = "DIR", default_value = "studies")]
    studies_dir: PathBuf,
    #[command(flatten)]
    training: TrainingArgs,
}

/// What was typed.
struct Target {
    file: PathBuf,
    folder: PathBuf,
    /// Of the study.
    name: String,
    begun: Option<StudyFile>,
    /// Whether what is missing is trained; a study that is named is only shown.
    trains: bool,
}

impl StudyArgs {
    /// Asks the questions, and prints the answer.
    ///
    /// # Errors
    /// When the file is invalid or has several configs, another study is there, or nothing could be trained.
    pub fn run(self, context: &mut Context) -> Result<ExitCode> {
        let globals = context.globals;
        if self.training.format() != Format::default() {
            let no = "a study prints sentences, and has no other --format (or RUNNER_FORMAT): `runner compare` of one of its \
                      files has";
            return Err(Error::Usage(no.to_owned()));
        }
        let Target { file, folder, name, begun, trains } = self.find()?;
        let sets = match &begun {
            Some(begun) if self.set.texts().is_empty() => begun.sets.clone(),
            _ => self.set.texts().to_vec(),
        };
        let base = Base::read(&file, sets, &folder, globals)?;
        let is_new = begun.is_none();
        let mut stored = self.settle(begun, &base, &folder, globals)?;
        let mut plan = plan_of(&base, &stored)?;
        if self.plan {
            write_text(context.out, &words::plan(&plan, &stored, &folder, is_new)?)?;
            return Ok(ExitCode::SUCCESS);
        }
        let stop = StopSignal::default();
        if is_new {
            stored.first_fresh_seed = first_fresh_seed(|seed| {
                let id = with_seed(&plan.baseline, seed).id();
                is_there(&run_path(&globals.runs_dir, &id)?)
            })?;
            fs::create_dir_all(&folder).map_err(Error::io("create", &folder))?;
            create_own_file(&folder.join(StudyFile::NAME), HEADER, &stored.text()?)?;
            // Another process may have been faster, on a machine of another speed.
            let first = StudyFile::read(&folder)?;
            stored = self.settle(first, &base, &folder, globals)?;
            plan = plan_of(&base, &stored)?;
        }
        if trains {
            base.write(&folder, &name, HEADER, &plan)?;
            base.lines().iter().for_each(|line| say(line));
            words::plan_lines(&plan, &stored).iter().for_each(|line| say(line));
            stop.expect_end_of_time()?;
            stop.expect_interrupts()?;
        }
        let until = self.until.as_deref().map_or(Question::Confirm, question);
        let training = self.training.waiting();
        let mut lab = Runs::new(&folder, &name, globals, &stop);
        lab.training = trains.then_some(&training);
        let mut budget = Budget::of(stored.flops());
        let findings = study(&plan, &mut budget, until, &mut lab)?;
        let code = lab.code;
        let baseline_seconds = cost(&plan.baseline).flops / stored.flops_per_second;
        let answer = Answer { name: &name, plan: &plan, findings: &findings, baseline_seconds };
        if trains {
            // What is kept has the answers of later questions too, if there are any: --until takes nothing away.
            let mut there = Runs::new(&folder, &name, globals, &stop);
            let mut budget = Budget::of(stored.flops());
            let findings = study(&plan, &mut budget, Question::Confirm, &mut there)?;
            let answer = Answer { findings: &findings, ..answer };
            let runs_dir = &globals.runs_dir;
            Keeping { folder: &folder, stored: &stored, base: &base, answer, runs_dir }.write()?;
        }
        write_text(context.out, &answer.text())?;
        // Every run of the baseline diverged: as for `run`.
        let is_answered = findings.stand.is_some() || !trains;
        Ok(ExitCode::from(code.unwrap_or(if is_answered { 0 } else { SOME_FAILED })))
    }

    /// The experiment file, or the study if its name or folder was typed.
    fn find(&self) -> Result<Target> {
        let is_file = self.target.extension().is_some_and(|extension| extension == "toml");
        if is_file {
            let (file, name) = (self.target.clone(), study_name(&self.target)?);
            let folder = self.studies_dir.join(&name);
            let begun = StudyFile::read(&folder)?;
            return Ok(Target { file, folder, name, begun, trains: true });
        }
        let is_folder = is_there(&self.target.join(StudyFile::NAME))?;
        let folder =
            if is_folder { self.target.clone() } else { self.studies_dir.join(&self.target) };
        let Some(begun) = StudyFile::read(&folder)? else {
            return Err(Error::NothingMatched(format!(
                "there is neither a file {} nor a study {}: `runner study FILE.toml` begins one",
                self.target.display(),
                folder.display()
            )));
        };
        let whole = absolute(&folder).map_err(Error::io("find", &folder))?;
        let name = whole.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let file = folder.join(&begun.baseline);
        Ok(Target { file, folder, name, begun: Some(begun), trains: false })
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
            let speed = Speed::measured().of(&base.trial) * globals.jobs() as f64;
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
    let plan = Plan::new(&base.trial, &budget, &flops).map_err(|least| {
        let enough = enough(least / stored.flops_per_second);
        Error::Usage(format!(
            "--budget is too small for a study of this network; allow about {enough} or more"
        ))
    })?;
    Ok(Plan { first_fresh_seed: stored.first_fresh_seed, ..plan })
}

fn with_seed(config: &Trial, seed: u64) -> Trial {
    let mut trial = config.clone();
    trial.training.seeds = vec![seed];
    trial
}

fn question(word: &str) -> Question {
    let named = Question::ALL.into_iter().find(|question| question.word() == word);
    named.unwrap_or(Question::Confirm)
}

/// `experiments/cifar10_baseline.toml` -> `cifar10_baseline`.
fn study_name(file: &Path) -> Result<String> {
    let stem = file.file_stem().map(|stem| stem.to_string_lossy().into_owned());
    stem.filter(|stem| !stem.is_empty())
        .ok_or_else(|| Error::Usage(format!("{} is not an experiment file", file.display())))
}
