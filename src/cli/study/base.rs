//! The baseline of a study: the file that was typed, with validation examples and a sealed test set.

use std::fs;
use std::path::{Component, Path, PathBuf, absolute};

use crate::analysis::settings::{flatten_all, forget_replicate, varied_keys};
use crate::cli::Globals;
use crate::cli::own_file::write_own_file;
use crate::cli::whatif::one_fold;
use crate::config::line_of_override;
use crate::error::{Error, Result};
use crate::experiment::{Experiment, MAX_TRIALS, Trial};
use crate::shell::{path_word, quoted};
use crate::study::{Change, Plan, on_top_of, sheet_name};
use crate::table::value::toml_text;

/// The share of the training examples that is held out where the file holds out none.
const HELD_OUT: usize = 10;

const VALIDATION: &str = "dataset.validation_examples";

/// The first file of a study.
pub(super) const FILE: &str = "1-baseline.toml";

/// What a study starts from.
pub(super) struct Base {
    /// The file that was typed.
    pub(super) file: PathBuf,
    /// The same, relative to the folder of the study.
    pub(super) path: String,
    /// The `KEY=VALUE` of `--set`.
    pub(super) sets: Vec<String>,
    /// How the baseline was found, if the file has other configs too.
    said: Option<String>,
    /// The trial of both, with one seed.
    pub(super) own: Trial,
    /// What the study adds: dotted keys with their values.
    added: Vec<(&'static str, String)>,
    /// The trial of the study.
    pub(super) trial: Trial,
}

impl Base {
    /// Reads the baseline of a study.
    ///
    /// # Errors
    /// If the file is invalid or has several configs.
    pub(super) fn read(
        file: &Path,
        sets: Vec<String>,
        folder: &Path,
        globals: &Globals,
    ) -> Result<Base> {
        let experiment = Experiment::read(file, &sets, MAX_TRIALS, globals.color_stderr())?;
        let Start { mut own, said } = Start::of(file, &experiment)?;
        own.training.seeds = vec![0];
        let mut added = Vec::new();
        if own.dataset.held_out() == 0 {
            let (used, _) = own.dataset.train_sizes();
            added.push((VALIDATION, (used / HELD_OUT).max(1).to_string()));
        }
        if !is_sealed(&own) {
            added.push(("evaluation.test", "\"sealed\"".to_owned()));
        }
        let texts: Vec<(&str, &str)> = added.iter().map(|(key, value)| (*key, &**value)).collect();
        let trial = match texts.is_empty() {
            true => own.clone(),
            false => own.changed(texts)?,
        };
        let path = relative(file, folder)?;
        Ok(Base { file: file.to_owned(), path, sets, said, own, added, trial })
    }

    /// Writes the first file: it extends the file that was typed, or states all of it where that has axes.
    ///
    /// # Errors
    /// If another file is there, or it cannot be written.
    pub(super) fn write(
        &self,
        folder: &Path,
        study: &str,
        header: &str,
        plan: &Plan,
    ) -> Result<()> {
        let seeds = &plan.limits.seeds();
        let path = folder.join(FILE);
        let name = toml::Value::from(sheet_name(study, FILE.trim_end_matches(".toml")));
        let named = |text: String| format!("name = {name}\n{text}");
        let extending = named(self.extending(seeds, &plan.cut));
        let read = Experiment::from_bytes(&path, extending.as_bytes(), &[], MAX_TRIALS, false);
        let config = plan.baseline.config_id();
        let is_same =
            read.is_ok_and(|read| read.trials.iter().all(|trial| trial.config_id() == config));
        let text = match is_same {
            true => extending,
            false => {
                let mut trial = plan.baseline.clone();
                trial.training.seeds = seeds.to_vec();
                named(trial.to_toml())
            }
        };
        write_own_file(&path, header, &text)
    }

    /// What the study starts from and sets, a line each.
    pub(super) fn lines(&self) -> Vec<String> {
        let line = |(key, value): &(&str, String)| format!("the study sets {key} = {value}");
        self.said.iter().cloned().chain(self.added.iter().map(line)).collect()
    }

    fn extending(&self, seeds: &[u64], cut: &[(&'static str, String)]) -> String {
        let path = toml::Value::from(self.path.as_str());
        let head = format!("extends = {path}\ndescription = \"Where do I stand?\"\n");
        let mut text = format!("{head}training.seeds = {seeds:?}\n");
        self.sets.iter().for_each(|set| text.push_str(&format!("{}\n", line_of_override(set))));
        for (key, value) in self.added.iter().chain(cut) {
            text.push_str(&format!("{key} = {value}\n"));
        }
        text
    }

    /// The file that was typed with what is kept of remedies, by kind and name, complete and of its own length. It
    /// holds out what the study held out only where the recipe needs it, as early stopping does. `settings` are those
    /// of the study's length, for a remedy that is not proposed at the file's own.
    ///
    /// # Errors
    /// If an experiment file cannot say so.
    pub(super) fn with(&self, kept: &[(&str, &str)], settings: &Change) -> Result<String> {
        let held_out = self.added.iter().find(|(key, _)| *key == VALIDATION);
        let with_held_out = match held_out {
            Some((key, value)) => self.own.changed([(*key, value.as_str())])?,
            None => self.own.clone(),
        };
        let trial = on_top_of(&self.own, kept).or_else(|| on_top_of(&with_held_out, kept));
        Ok(trial.map_or_else(|| settings.of(&with_held_out), Ok)?.to_toml())
    }
}

/// The config of a file that a study starts from.
struct Start {
    own: Trial,
    said: Option<String>,
}

impl Start {
    /// The file's one config, or the baseline of its variants.
    fn of(file: &Path, experiment: &Experiment) -> Result<Start> {
        let trials = &experiment.trials;
        if let Some(hint) = one_fold(trials) {
            let file = path_word(file);
            return Err(Error::Usage(format!(
                "{file} {hint}, and a study starts from one validation split: choose one, for example\n  \
                 runner study {file} --set dataset.fold=0"
            )));
        }
        let first = trials[0].config_id();
        match experiment.baseline_of_variants() {
            Some((baseline, variants)) => {
                let file = path_word(file);
                let said =
                    format!("the study starts from the baseline of {file}, without {variants}");
                Ok(Start { own: baseline.clone(), said: Some(said) })
            }
            None if trials.iter().any(|trial| trial.config_id() != first) => {
                Err(Error::Usage(several(file, trials)))
            }
            None => Ok(Start { own: trials[0].clone(), said: None }),
        }
    }
}

/// How to fix one of several configs.
fn several(file: &Path, trials: &[Trial]) -> String {
    let mut all = flatten_all(trials.iter().map(Trial::to_json));
    for settings in &mut all {
        forget_replicate(settings);
    }
    let fixed = varied_keys(&all).into_iter().filter_map(|key| {
        let value = all[0].get(&key)?;
        Some(format!(" --set {}", quoted(&format!("{key}={}", toml_text(value)))))
    });
    let file = path_word(file);
    format!(
        "{file} has several configs, and a study starts from one: fix one, for example\n  \
         runner study {file}{}",
        fixed.collect::<String>()
    )
}

fn is_sealed(trial: &Trial) -> bool {
    trial.evaluation.test == crate::train::TestReads::Sealed
}

/// The path of `file` as seen from `folder`, from where the folder really is: the system follows symbolic links before
/// it takes `..`.
fn relative(file: &Path, folder: &Path) -> Result<String> {
    let of = |path: &Path| absolute(path).map_err(Error::io("find", path));
    let (file, folder) = (of(file)?, of(folder)?);
    let name = file.file_name().map(PathBuf::from).unwrap_or_default();
    let (file, folder) = (real(file.parent().unwrap_or(&file)).join(name), real(&folder));
    let plain = |path: &Path| {
        let mut parts: Vec<Component<'_>> = Vec::new();
        for part in path.components() {
            match part {
                Component::ParentDir => drop(parts.pop()),
                Component::CurDir => {}
                _ => parts.push(part),
            }
        }
        parts.iter().map(|part| part.as_os_str().to_owned()).collect::<Vec<_>>()
    };
    let (file, folder) = (plain(&file), plain(&folder));
    let common = file.iter().zip(&folder).take_while(|(a, b)| a == b).count();
    let up = folder[common..].iter().map(|_| "..".into());
    let path: PathBuf = up.chain(file[common..].iter().cloned()).collect();
    Ok(path.to_string_lossy().into_owned())
}

/// The path with the symbolic links of what exists of it resolved.
fn real(path: &Path) -> PathBuf {
    let exists = path.ancestors().find_map(|part| Some((part, fs::canonicalize(part).ok()?)));
    match exists {
        Some((part, real)) => real.join(path.strip_prefix(part).unwrap_or(Path::new(""))),
        None => path.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::*;

    #[test]
    fn paths_are_as_seen_from_the_folder() {
        let of = |file: &str, folder: &str| relative(Path::new(file), Path::new(folder)).unwrap();
        assert_eq!(of("experiments/a.toml", "studies/a"), "../../experiments/a.toml");
        assert_eq!(of("a.toml", "studies/a"), "../../a.toml");
        assert_eq!(of("studies/b/../../x/a.toml", "studies/a"), "../../x/a.toml");
        assert_eq!(of("/x/a.toml", "/x/studies/a"), "../../a.toml");
    }

    #[test]
    fn a_folder_that_is_a_link_is_seen_from_where_it_is() {
        let place = tempfile::tempdir().unwrap();
        let real = place.path().join("scratch/of/me");
        fs::create_dir_all(&real).unwrap();
        std::os::unix::fs::symlink(&real, place.path().join("studies")).unwrap();
        let folder = place.path().join("studies/a");
        let path = relative(&place.path().join("a.toml"), &folder).unwrap();
        assert_eq!(path, "../../../../a.toml");
        fs::create_dir(&folder).unwrap();
        fs::write(folder.join(path), "").unwrap();
        assert!(place.path().join("a.toml").exists(), "the system goes the same way");
    }

    /// A file whose training has this length and batches of 10.
    fn base_of(length: &str) -> Base {
        let place = tempfile::tempdir().unwrap();
        let file = place.path().join("a.toml");
        let text = format!(
            "[dataset]\nkind = \"synthetic\"\n[network]\nkind = \"mlp\"\nhidden_sizes = [4]\n\
             [optimizer]\nkind = \"sgd\"\nlearning_rate = 0.1\n[training]\n{length}\nbatch_size = 10\n"
        );
        fs::write(&file, text).unwrap();
        let globals = crate::cli::Cli::parse_from(["runner", "list"]).globals;
        Base::read(&file, Vec::new(), place.path(), &globals).unwrap()
    }

    #[test]
    fn a_recipe_has_the_length_of_the_file() {
        // In a study of a quarter of the length, half the batch size takes 500 steps.
        let cut = [("training.batch_size", "5".to_owned()), ("training.steps", "500".to_owned())];
        let kept = [("batch size", "batch size 5")];
        let best = base_of("steps = 1000").with(&kept, &Change::new("it", cut)).unwrap();
        assert!(best.contains("steps = 2000\n") && best.contains("batch_size = 5\n"), "{best}");
    }

    #[test]
    fn a_recipe_that_stops_early_keeps_the_validation_examples() {
        let base = base_of("epochs = 2");
        let other = Change::new("other", [("training.batch_size", "5".to_owned())]);
        let with = |remedy, name| base.with(&[(remedy, name)], &other).unwrap();
        let stopping = with("early stopping", "early stopping on val_loss");
        assert!(stopping.contains("validation_examples = 500"), "{stopping}");
        assert!(stopping.contains("early_stopping"), "{stopping}");
        let dropping = with("dropout", "dropout 0.2");
        assert!(!dropping.contains("validation_examples = 500"), "{dropping}");
        assert!(dropping.contains("dropout = 0.2"), "{dropping}");
        assert!(with("dropout", "not proposed").contains("batch_size = 5\n"));
    }
}
