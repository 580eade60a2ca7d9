//! What a user types to name runs: a run folder, an id's unique prefix, `latest`, a folder of runs
//! or an experiment file.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::escape::escape_controls;
use crate::experiment::{Experiment, Halving, Trial};
use crate::runs::folder::{
    ID_LENGTH, file, is_folder, is_there, run_folders, run_path, runs_dir_flag,
};
use crate::runs::read::{FoundRuns, read_records};
use crate::runs::record::RunRecord;
use crate::runs::role::ConfigRole;
use crate::shell::path_word;
use crate::threads;

/// The most candidates listed for an ambiguous prefix.
const MOST_CANDIDATES: usize = 10;

/// Reads an experiment file and returns the runs it asks for.
type TrialsOf<'a> = Box<dyn Fn(&Path) -> Result<AskedRuns> + Sync + 'a>;

/// Where runs are looked up, and how experiment files are read.
pub struct Lookup<'a> {
    /// The folder of run folders.
    pub runs_dir: &'a Path,
    /// The trials of an experiment file.
    pub trials_of: TrialsOf<'a>,
}

/// A run that an experiment file asks for.
#[derive(Debug, Clone, Default)]
pub struct AskedRun {
    /// Its id.
    pub id: String,
    /// What the file calls its config.
    pub role: ConfigRole,
}

/// The runs that an experiment file asks for.
#[derive(Debug, Clone, Default)]
pub struct AskedRuns {
    /// Its trials.
    pub runs: Vec<AskedRun>,
    /// How they are halved, if they are.
    pub halving: Option<Halving>,
}

impl AskedRuns {
    /// Those of an experiment.
    pub fn of(experiment: Experiment) -> AskedRuns {
        let asked = |trial: &Trial| AskedRun { id: trial.id(), role: experiment.role_of(trial) };
        let runs = experiment.trials.iter().map(asked).collect();
        AskedRuns { runs, halving: experiment.halving }
    }
}

/// The runs that targets name.
#[derive(Debug, Default)]
pub struct Resolved {
    /// Each run once, in the order of the targets.
    pub found: FoundRuns,
    /// Experiment files with trials that have no run yet: the file, those missing, all.
    pub missing: Vec<(PathBuf, usize, usize)>,
    /// The halvings of experiment files.
    pub halvings: Vec<Halving>,
    /// How many of the runs `--where` has kept, in words.
    pub chosen: Option<String>,
}

/// The items that targets name, before anything is read.
#[derive(Debug, Default)]
struct Named {
    folders: Vec<PathBuf>,
    passed_over: usize,
    missing: Vec<(PathBuf, usize, usize)>,
    halvings: Vec<Halving>,
    roles: HashMap<String, ConfigRole>, // by run id, of experiment files
}

impl Named {
    /// Adds the items of another target.
    fn add(&mut self, other: Named) {
        self.folders.extend(other.folders);
        self.passed_over += other.passed_over;
        self.roles.extend(other.roles);
        self.missing.extend(other.missing);
        for halving in other.halvings {
            if !self.halvings.contains(&halving) {
                self.halvings.push(halving);
            }
        }
    }
}

impl Lookup<'_> {
    /// The runs of all targets. A path that exists but is not a run (`runs/README.md` from the
    /// shell's `runs/*`) is skipped and counted.
    ///
    /// # Errors
    /// When a target names nothing or several runs, or nothing at all is left.
    pub fn resolve(&self, targets: &[String]) -> Result<Resolved> {
        let mut named = Named::default();
        // Thousands of ids, each looked up on its own: the shell's `*` in a folder of runs.
        for one in threads::map(targets, |target| self.named_by(target)) {
            named.add(one?);
        }
        let mut found = FoundRuns::read(named.folders);
        found.passed_over += named.passed_over;
        let Named { missing, halvings, roles, .. } = named;
        // The file is newer than what a run that it shares with another file remembers.
        for record in &mut found.records {
            if let Some(role) = roles.get(&record.id) {
                record.role = role.clone();
            }
        }
        let mut resolved = Resolved { found, missing, halvings, chosen: None };
        let found = &mut resolved.found;
        if !found.records.is_empty() {
            return Ok(resolved);
        }
        if found.problems.is_empty() {
            return Err(self.nothing_left(&resolved));
        }
        Err(found.problems.swap_remove(0))
    }

    /// The one run that a target names, and its folder.
    ///
    /// # Errors
    /// When it names none or several.
    pub fn resolve_one(&self, target: &str) -> Result<(RunRecord, PathBuf)> {
        only_run(target, self.resolve(&[target.to_owned()])?.found)
    }

    fn named_by(&self, target: &str) -> Result<Named> {
        let path = Path::new(target);
        let mut named = Named::default();
        if target == "latest" {
            named.folders.push(self.latest()?);
        } else if is_id_prefix(target)
            && (!is_there(path)? || !self.starting_with(target)?.is_empty())
        {
            named.folders.push(self.by_prefix(target)?);
        } else if path.extension().is_some_and(|extension| extension == "toml") {
            self.add_experiment(path, &mut named)?;
        } else if is_folder(path)? && !is_run_folder(path) {
            self.add_folder(path, &mut named)?;
        } else if is_there(path)? {
            named.folders.push(path.to_owned());
        } else {
            return Err(self.nothing(target));
        }
        Ok(named)
    }

    /// A folder of runs, or one without runs.
    fn add_folder(&self, folder: &Path, named: &mut Named) -> Result<()> {
        let mut runs = run_folders(folder)?;
        runs.retain(|path| is_run_folder(path));
        named.passed_over += usize::from(runs.is_empty());
        named.folders.extend(runs);
        Ok(())
    }

    fn add_experiment(&self, file: &Path, named: &mut Named) -> Result<()> {
        let AskedRuns { runs, halving } = (self.trials_of)(file)?;
        named.halvings.extend(halving);
        let folders = runs.iter().map(|run| run_path(self.runs_dir, &run.id));
        let mut folders = folders.collect::<Result<Vec<PathBuf>>>()?;
        folders.retain(|folder| is_run_folder(folder));
        let missing = runs.len() - folders.len();
        named.folders.extend(folders);
        if missing > 0 {
            let counts = (file.to_owned(), missing, runs.len());
            named.missing.push(counts);
        }
        named.roles.extend(runs.into_iter().map(|run| (run.id, run.role)));
        Ok(())
    }

    fn is_run(&self, id: &str) -> Result<bool> {
        Ok(is_run_folder(&run_path(self.runs_dir, id)?))
    }

    /// Run ids that begin with `prefix`, sorted.
    fn starting_with(&self, prefix: &str) -> Result<Vec<String>> {
        // A whole id needs no search through thousands of others.
        if prefix.len() == ID_LENGTH {
            let is_there = self.is_run(prefix)?;
            return Ok(is_there.then(|| prefix.to_owned()).into_iter().collect());
        }
        let folders = run_folders(self.runs_dir)?;
        let names = folders.iter().filter_map(|folder| folder.file_name()?.to_str());
        let ids = names.filter(|name| name.len() == ID_LENGTH && is_id_prefix(name));
        let mut found = Vec::new();
        for id in ids.filter(|id| id.starts_with(prefix)) {
            if self.is_run(id)? {
                found.push(id.to_owned());
            }
        }
        Ok(found)
    }

    fn by_prefix(&self, prefix: &str) -> Result<PathBuf> {
        let ids = self.starting_with(prefix)?;
        match ids.as_slice() {
            [] => Err(self.nothing(prefix)),
            [id] => run_path(self.runs_dir, id),
            several => Err(Error::Usage(format!(
                "`{prefix}` is the beginning of {} run ids: {}{}",
                several.len(),
                several[..several.len().min(MOST_CANDIDATES)].join(", "),
                if several.len() > MOST_CANDIDATES { ", ..." } else { "" }
            ))),
        }
    }

    /// The folder of the run that changed its state last.
    fn latest(&self) -> Result<PathBuf> {
        let found = read_records(self.runs_dir)?;
        let runs = found.records.iter().zip(&found.folders);
        let newest = runs.max_by_key(|(record, _)| instant(&record.updated));
        newest.map(|(_, folder)| folder.clone()).ok_or_else(|| self.nothing("latest"))
    }

    fn nothing(&self, target: &str) -> Error {
        let runs_dir = self.runs_dir.display().to_string();
        let target = quoted(target);
        let runs_dir = escape_controls(&runs_dir);
        let has_runs_dir = is_folder(self.runs_dir).unwrap_or(true);
        Error::NothingMatched(match has_runs_dir {
            true => format!("{target} is neither a run under {runs_dir} nor a file or a folder"),
            false => format!("{target} does not name a run: there is no folder {runs_dir}"),
        })
    }

    fn nothing_left(&self, resolved: &Resolved) -> Error {
        let mut text = "no runs to show".to_owned();
        if let Some((file, _, all)) = resolved.missing.first() {
            let shown = file.display().to_string();
            let (shown, file) = (escape_controls(&shown), path_word(file));
            let flag = runs_dir_flag(self.runs_dir);
            text =
                format!("none of the {all} trials of {shown} has a run: `runner run{flag} {file}`");
        } else if resolved.found.passed_over > 0 {
            text = format!("none of the {} paths is a run folder", resolved.found.passed_over);
        }
        Error::NothingMatched(text)
    }
}

impl Resolved {
    /// What was skipped or is missing, a line each, for standard error.
    pub fn messages(&self) -> Vec<String> {
        let mut lines = self.found.problem_lines();
        match self.found.passed_over {
            0 => (),
            1 => lines.push("skipped 1 path that is not a run folder".to_owned()),
            n => lines.push(format!("skipped {n} paths that are not run folders")),
        }
        lines.extend(self.missing.iter().map(|(file, missing, all)| {
            let file = file.display().to_string();
            format!("{missing} of {all} trials of {} have no run yet", escape_controls(&file))
        }));
        lines.extend(self.chosen.clone());
        lines
    }
}

/// The only run that a target names, and its folder.
///
/// # Errors
/// When there are none or several.
pub(super) fn only_run(target: &str, mut found: FoundRuns) -> Result<(RunRecord, PathBuf)> {
    match (found.records.pop(), found.folders.pop()) {
        (Some(record), Some(folder)) if found.records.is_empty() => Ok((record, folder)),
        _ => Err(Error::Usage(format!(
            "{} names {} runs, but this command takes one; --where chooses among them",
            quoted(target),
            found.records.len() + 1
        ))),
    }
}

/// Whether a folder has a record or may have one: reading it reports the error.
fn is_run_folder(folder: &Path) -> bool {
    is_there(&folder.join(file::RECORD)).unwrap_or(true)
}

fn is_id_prefix(text: &str) -> bool {
    let is_hex = |byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    (1..=ID_LENGTH).contains(&text.len()) && text.bytes().all(is_hex)
}

fn quoted(target: &str) -> String {
    format!("`{}`", escape_controls(target))
}

fn instant(rfc3339: &str) -> Option<chrono::DateTime<chrono::FixedOffset>> {
    chrono::DateTime::parse_from_rfc3339(rfc3339).ok()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use tempfile::TempDir;

    use super::*;
    use crate::runs::samples::{row, run, trial, write_run};

    /// A runs folder with a README and runs of the given ids, the last of them the newest.
    fn runs_with(ids: &[&str]) -> TempDir {
        let runs = tempfile::tempdir().unwrap();
        for (index, id) in ids.iter().enumerate() {
            let mut record = run(trial(&[], 1), row(3, 0.5, None, 0.4), row(2, 0.5, None, 0.4));
            record.id = (*id).to_owned();
            record.updated = format!("2025-01-02T04:04:{index:02}Z");
            write_run(runs.path(), &record);
        }
        fs::write(runs.path().join("README.md"), "text").unwrap();
        runs
    }

    fn resolve(runs: &TempDir, targets: &[&str]) -> Result<Resolved> {
        let known = ["aaaa00000001", "ffff00000009"];
        let lookup = Lookup {
            runs_dir: runs.path(),
            trials_of: Box::new(move |_| {
                let asked =
                    |id: &&str| AskedRun { id: (*id).to_owned(), role: ConfigRole::default() };
                Ok(AskedRuns { runs: known.iter().map(asked).collect(), halving: None })
            }),
        };
        let targets: Vec<String> = targets.iter().map(|t| (*t).to_owned()).collect();
        lookup.resolve(&targets)
    }

    fn ids(resolved: Result<Resolved>) -> Vec<String> {
        let records = resolved.unwrap().found.records.into_iter();
        records.map(|record| record.id).collect()
    }

    const IDS: [&str; 3] = ["aaaa00000001", "aaab00000002", "bbbb00000003"];

    #[test]
    fn unique_prefix_latest_folder_and_experiment_name_runs() {
        let runs = runs_with(&IDS);
        let folder = runs.path().to_str().unwrap();
        assert_eq!(ids(resolve(&runs, &["aaaa"])), ["aaaa00000001"]);
        assert_eq!(ids(resolve(&runs, &["bbbb00000003"])), ["bbbb00000003"]);
        assert_eq!(ids(resolve(&runs, &["latest"])), ["bbbb00000003"]);
        assert_eq!(ids(resolve(&runs, &[folder])), IDS);
        assert_eq!(ids(resolve(&runs, &["b", "b", folder])).len(), 3);
        let experiment = resolve(&runs, &["dropout.toml"]).unwrap();
        assert_eq!(experiment.messages(), ["1 of 2 trials of dropout.toml have no run yet"]);
        assert_eq!(ids(Ok(experiment)), ["aaaa00000001"]);
    }

    #[test]
    fn what_the_shell_adds_is_passed_over_and_counted() {
        let runs = runs_with(&IDS);
        let globbed = ["README.md", IDS[0], IDS[1]].map(|name| runs.path().join(name));
        let globbed: Vec<&str> = globbed.iter().map(|path| path.to_str().unwrap()).collect();
        let resolved = resolve(&runs, &globbed).unwrap();
        assert_eq!(resolved.messages(), ["skipped 1 path that is not a run folder"]);
        assert_eq!(ids(Ok(resolved)).len(), 2);
    }

    #[test]
    fn copies_of_a_run_are_passed_over_and_named() {
        let runs = runs_with(&IDS);
        let copy = runs.path().join("aaaa00000001.old");
        fs::create_dir(&copy).unwrap();
        fs::copy(runs.path().join("aaaa00000001/run.json"), copy.join("run.json")).unwrap();
        let resolved = resolve(&runs, &[runs.path().to_str().unwrap()]).unwrap();
        let [line] = &resolved.messages()[..] else { panic!("one line") };
        assert!(line.contains("aaaa00000001.old: it is a copy of run aaaa00000001"), "{line}");
        assert_eq!(ids(Ok(resolved)), IDS);
        assert_eq!(ids(resolve(&runs, &["aaaa"])).len(), 1);
        // A copy of the whole folder, also named, repeats runs that were already read.
        let elsewhere = runs.path().join("backup/aaaa00000001");
        fs::create_dir_all(&elsewhere).unwrap();
        fs::copy(copy.join("run.json"), elsewhere.join("run.json")).unwrap();
        let resolved = resolve(&runs, &["aaaa", elsewhere.to_str().unwrap(), "aaaa"]).unwrap();
        let [line] = &resolved.messages()[..] else { panic!("one line") };
        let passed_over = "backup/aaaa00000001: another folder of the same run was read before";
        assert!(line.ends_with(passed_over), "{line}");
        assert_eq!(ids(Ok(resolved)), ["aaaa00000001"]);
    }

    #[test]
    fn a_renamed_run_is_named_with_what_to_do() {
        let runs = runs_with(&IDS);
        let renamed = runs.path().join("my-best");
        fs::rename(runs.path().join(IDS[0]), &renamed).unwrap();
        let resolved = resolve(&runs, &[runs.path().to_str().unwrap()]).unwrap();
        let [line] = &resolved.messages()[..] else { panic!("one line") };
        assert!(
            line.contains("my-best: it holds run aaaa00000001") && line.contains("rename it to")
        );
        assert_eq!(ids(Ok(resolved)), IDS[1..]);
        let error = resolve(&runs, &[renamed.to_str().unwrap()]).unwrap_err();
        assert!(error.to_string().contains("rename it to"), "{error}");
    }

    #[test]
    fn ambiguous_prefix_lists_the_candidates() {
        let error = resolve(&runs_with(&IDS), &["aaa"]).unwrap_err();
        assert_eq!(error.exit_code(), 2);
        assert!(error.to_string().ends_with("aaaa00000001, aaab00000002"), "{error}");
    }

    #[test]
    fn what_names_nothing_is_an_error() {
        let runs = runs_with(&IDS);
        for target in ["cccc", "../elsewhere", "runs/x\u{1b}[2J", "AAAA"] {
            let error = resolve(&runs, &[target]).unwrap_err();
            assert_eq!(error.exit_code(), 4, "{target}");
            assert!(!error.to_string().contains('\u{1b}'));
        }
        let readme = runs.path().join("README.md");
        let error = resolve(&runs, &[readme.to_str().unwrap()]).unwrap_err();
        assert_eq!(error.exit_code(), 4);
        let damaged = runs.path().join(IDS[0]);
        fs::write(damaged.join("run.json"), "{").unwrap();
        assert!(matches!(resolve(&runs, &["aaaa"]), Err(Error::Damaged { .. })));
    }
}
