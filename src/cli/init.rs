//! `runner init`: a commented experiment file to start from.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;

use super::output::{write_messages, write_text};
use crate::cli::context::Context;
use crate::error::{Error, Result};
use crate::output::export::is_standard_output;
use crate::runs::folder::{create_file, refuse_run_folder, replace_file};
use crate::shell::path_word;

/// The file that is written; it can be trained unchanged.
const STARTER: &str = include_str!("starter.toml");

/// Arguments of `runner init`.
#[derive(Debug, Args)]
pub struct InitArgs {
    /// Where to write it; `-` prints it
    #[arg(value_name = "FILE", default_value = "experiment.toml")]
    file: PathBuf,
    /// Replace the file if it exists
    #[arg(long)]
    force: bool,
}

impl InitArgs {
    /// Writes the file and says so on `err`, or prints it to `out`.
    ///
    /// # Errors
    /// If it is there already, or cannot be written.
    pub fn run(self, context: &mut Context) -> Result<ExitCode> {
        let Context { out, err, .. } = context;
        let InitArgs { file, force } = &self;
        if is_standard_output(file) {
            write_text(out, STARTER)?;
            return Ok(ExitCode::SUCCESS);
        }
        refuse_run_folder(file.parent().unwrap_or(Path::new("")))?;
        write(file, *force)?;
        let command = format!("runner run {}", path_word(file));
        write_messages(err, &[format!("wrote {}; `{command}` trains it", file.display())]);
        Ok(ExitCode::SUCCESS)
    }
}

/// A file that appears meanwhile is replaced only if requested.
fn write(file: &Path, force: bool) -> Result<()> {
    if force {
        return replace_file(file, STARTER.as_bytes());
    }
    match create_file(file, STARTER.as_bytes())? {
        true => Ok(()),
        false => {
            let file = file.display();
            Err(Error::Usage(format!("{file} already exists; --force replaces it")))
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::cli::context::testing::said;
    use crate::data::{DatasetSource, SyntheticConfig};
    use crate::experiment::{Experiment, MAX_TRIALS};

    /// What is printed to both outputs.
    fn init(file: &Path, force: bool) -> Result<[String; 2]> {
        let mut out = Vec::new();
        let args = InitArgs { file: file.to_owned(), force };
        let (ended, err) = said(Path::new("runs"), &mut out, |context| args.run(context));
        ended?;
        Ok([String::from_utf8(out).unwrap(), err])
    }

    fn experiment(text: &str) -> Experiment {
        let path = Path::new("experiment.toml");
        Experiment::from_bytes(path, text.as_bytes(), &[], MAX_TRIALS, false)
            .unwrap_or_else(|error| panic!("{error}"))
    }

    /// How many trials the starter file makes after `edit`.
    fn trials(edit: impl Fn(&str) -> String) -> usize {
        experiment(&edit(STARTER)).trials.len()
    }

    #[test]
    fn starter_is_valid_and_needs_no_data() {
        let trials = experiment(STARTER).trials;
        assert_eq!(trials.len(), 4);
        let synthetic = DatasetSource::Synthetic(SyntheticConfig { seed: 0 });
        assert!(trials.iter().all(|trial| trial.dataset.source == synthetic));
    }

    #[test]
    fn every_alternative_in_its_comments_is_valid() {
        let uncomment = |text: &str, line: &str| {
            let commented = format!("\n# {line}");
            assert!(text.contains(&commented), "{line}");
            text.replacen(&commented, &format!("\n{line}"), 1)
        };
        let instead = |text: &str, old: &str, line: &str| {
            assert!(text.contains(old), "{old}");
            uncomment(&text.replacen(old, "\n", 1), line)
        };
        for line in [
            "name = ",
            "train_examples = 1000 ",
            "validation_examples = ",
            "scaling = ",
            "train_examples = 2000 ",
        ] {
            assert_eq!(trials(|text| uncomment(text, line)), 4, "{line}");
        }
        assert_eq!(
            trials(|text| instead(text, "\nkind = \"synthetic\"  ", "kind = \"cifar10\"")),
            4
        );
        let old = "\nkind = \"adagrad\"\nlearning_rate = 0.01\nweight_decay = 0.0\n";
        for (kind, rate) in [("sgd", "0.1"), ("adamw", "0.001")] {
            let kind = format!("kind = \"{kind}\"");
            let rate = format!("learning_rate = {rate}");
            assert_eq!(trials(|text| uncomment(&instead(text, old, &kind), &rate)), 4, "{kind}");
        }
        let two_axes = |text: &str| uncomment(text, "optimizer.weight_decay = [0.0, 0.01]");
        assert_eq!(trials(two_axes), 8);
        let exclude = ["[[exclude]]", "network.dropout = 0.3", "optimizer.weight_decay = 0.01"];
        let excluded =
            |text: &str| exclude.iter().fold(two_axes(text), |text, line| uncomment(&text, line));
        assert_eq!(trials(excluded), 6);
        let tables = ["optimizer = [", "    { kind = \"sgd\"", "    { kind = \"adam\"", "]"];
        let whole =
            |text: &str| tables.iter().fold(text.to_owned(), |text, line| uncomment(&text, line));
        assert_eq!(trials(whole), 8);
    }

    #[test]
    fn a_file_that_is_there_is_replaced_by_force_only() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("experiment.toml");
        let [out, err] = init(&file, false).unwrap();
        assert!(out.is_empty() && err.contains("`runner run "), "{err}");
        assert_eq!(fs::read_to_string(&file).unwrap(), STARTER);
        fs::write(&file, "mine").unwrap();
        let error = init(&file, false).unwrap_err();
        assert_eq!(error.exit_code(), 2);
        assert!(error.to_string().contains("--force"), "{error}");
        assert_eq!(fs::read_to_string(&file).unwrap(), "mine");
        init(&file, true).unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), STARTER);
    }

    #[test]
    fn a_dash_prints_it() {
        assert_eq!(init(Path::new("-"), false).unwrap(), [STARTER, ""]);
    }
}
