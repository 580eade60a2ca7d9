//! `runner init`: a commented experiment file to start from, and the schema that editors check it with.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, ValueEnum};

use super::output::{write_messages, write_text};
use crate::cli::context::Context;
use crate::error::{Error, Result};
use crate::experiment::schema_text;
use crate::output::export::is_standard_output;
use crate::runs::folder::{create_file, is_there, refuse_run_folder, replace_file};
use crate::shell::path_word;

/// The schema beside the file; its first line names it.
const SCHEMA: &str = "experiment.schema.json";
/// How every schema of this program begins, of any version.
const TITLE: &str = "\"title\": \"Experiment\"";

/// What the file is to be about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Preset {
    /// A fully connected network on generated images; can be trained as it is
    Mlp,
    /// A convolutional network on generated images; can be trained as it is
    Convnet,
    /// Your own pictures, a folder for each class
    Images,
    /// Your own table, a CSV file
    Csv,
}

impl Preset {
    /// The file that is written.
    fn starter(self) -> &'static str {
        match self {
            Preset::Mlp => include_str!("starters/mlp.toml"),
            Preset::Convnet => include_str!("starters/convnet.toml"),
            Preset::Images => include_str!("starters/images.toml"),
            Preset::Csv => include_str!("starters/csv.toml"),
        }
    }

    /// What is to be done next with the file, whose name is a word of a shell.
    fn next(self, file: &str) -> String {
        match self {
            Preset::Mlp | Preset::Convnet => format!("`runner run {file}` trains it"),
            Preset::Images | Preset::Csv => {
                format!("set `dataset.path`; `runner data check {file}` shows what is found there")
            }
        }
    }
}

/// Arguments of `runner init`.
#[derive(Debug, Args)]
pub struct InitArgs {
    /// Where to write it; `-` prints it
    #[arg(value_name = "FILE", default_value = "experiment.toml")]
    file: PathBuf,
    /// What the file is to be about
    #[arg(long, value_enum, default_value_t = Preset::Mlp, value_name = "PRESET")]
    from: Preset,
    /// Replace the file if it exists
    #[arg(long)]
    force: bool,
}

impl InitArgs {
    /// Writes the file and the schema and says so on `err`, or prints the file to `out`.
    ///
    /// # Errors
    /// If it is there already, or cannot be written.
    pub fn run(self, context: &mut Context) -> Result<ExitCode> {
        let Context { out, err, .. } = context;
        let InitArgs { file, from, force } = &self;
        let starter = from.starter();
        if is_standard_output(file) {
            write_text(out, starter)?;
            return Ok(ExitCode::SUCCESS);
        }
        let folder = file.parent().unwrap_or(Path::new(""));
        refuse_run_folder(folder)?;
        write(file, &format!("#:schema {SCHEMA}\n{starter}"), *force)?;
        let next = from.next(&path_word(file));
        let schema = write_schema(&folder.join(SCHEMA))?;
        write_messages(err, &[format!("wrote {}; {next}", file.display()), schema]);
        Ok(ExitCode::SUCCESS)
    }
}

/// Writes the schema, or over one of another version; a file that is none stays. Returns which it was.
fn write_schema(file: &Path) -> Result<String> {
    let ours = schema_text();
    if is_there(file)? {
        let found = std::fs::read(file).map_err(Error::io("read", file))?;
        if !String::from_utf8_lossy(&found).contains(TITLE) {
            let shown = file.display();
            return Ok(format!(
                "note: {shown} belongs to something else and was not replaced: editors will not check the experiment"
            ));
        }
    }
    replace_file(file, ours.as_bytes())?;
    Ok(format!("wrote {}, with which editors check it", file.display()))
}

/// A file that appears meanwhile is replaced only if requested.
fn write(file: &Path, text: &str, force: bool) -> Result<()> {
    if force {
        return replace_file(file, text.as_bytes());
    }
    match create_file(file, text.as_bytes())? {
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
    fn init(file: &Path, from: Preset, force: bool) -> Result<[String; 2]> {
        let mut out = Vec::new();
        let args = InitArgs { file: file.to_owned(), from, force };
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
        experiment(&edit(Preset::Mlp.starter())).trials.len()
    }

    #[test]
    fn starters_on_generated_images_are_valid_and_need_no_data() {
        let synthetic = DatasetSource::Synthetic(SyntheticConfig { seed: 0 });
        for preset in [Preset::Mlp, Preset::Convnet] {
            let trials = experiment(preset.starter()).trials;
            assert_eq!(trials.len(), 4, "{preset:?}");
            assert!(trials.iter().all(|trial| trial.dataset.source == synthetic), "{preset:?}");
        }
    }

    /// Whoever has the program alone has no `docs/`.
    #[test]
    fn starters_point_to_nothing_but_commands() {
        for preset in Preset::value_variants() {
            assert!(!preset.starter().contains("docs/"), "{preset:?}");
        }
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
        let variant = ["[[variant]]", "name = \"weight decay", "optimizer.weight_decay = 0.01"];
        let of_three =
            |text: &str| variant.iter().fold(text.to_owned(), |text, line| uncomment(&text, line));
        assert_eq!(trials(of_three), 6);
        let of_grid = ["[grid]", "network.dropout = [0.0, 0.3]", "optimizer.weight_decay = [0.0"];
        let two_axes = |text: &str| {
            let end = text.find("[[variant]]").unwrap();
            let kept = text.find("# Or a grid").unwrap();
            let text = format!("{}{}", &text[..end], &text[kept..]);
            of_grid.iter().fold(text, |text, line| uncomment(&text, line))
        };
        assert_eq!(trials(two_axes), 8);
        let exclude = ["[[exclude]]", "network.dropout = 0.3", "optimizer.weight_decay = 0.01"];
        let excluded =
            |text: &str| exclude.iter().fold(two_axes(text), |text, line| uncomment(&text, line));
        assert_eq!(trials(excluded), 6);
        let tables = ["optimizer = [", "    { kind = \"sgd\"", "    { kind = \"adam\"", "]"];
        let whole = |text: &str| {
            let text = two_axes(text).replace("\noptimizer.weight_decay = [0.0", "\n# axis = [0.0");
            tables.iter().fold(text, |text, line| uncomment(&text, line))
        };
        assert_eq!(trials(whole), 8);
    }

    #[test]
    fn a_file_that_is_there_is_replaced_by_force_only() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("experiment.toml");
        let [out, err] = init(&file, Preset::Mlp, false).unwrap();
        assert!(out.is_empty() && err.contains("`runner run "), "{err}");
        let written = format!("#:schema {SCHEMA}\n{}", Preset::Mlp.starter());
        assert_eq!(fs::read_to_string(&file).unwrap(), written);
        fs::write(&file, "mine").unwrap();
        let error = init(&file, Preset::Mlp, false).unwrap_err();
        assert_eq!(error.exit_code(), 2);
        assert!(error.to_string().contains("--force"), "{error}");
        assert_eq!(fs::read_to_string(&file).unwrap(), "mine");
        init(&file, Preset::Mlp, true).unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), written);
    }

    #[test]
    fn the_schema_is_written_beside_it_over_older_ones_only() {
        let folder = tempfile::tempdir().unwrap();
        let [file, schema] = ["experiment.toml", SCHEMA].map(|name| folder.path().join(name));
        init(&file, Preset::Csv, false).unwrap();
        assert_eq!(fs::read_to_string(&schema).unwrap(), schema_text());
        fs::write(&schema, "{ \"title\": \"Experiment\", \"older\": true }").unwrap();
        let [_, err] = init(&file, Preset::Csv, true).unwrap();
        assert!(err.contains("`runner data check ") && !err.contains("note:"), "{err}");
        assert_eq!(fs::read_to_string(&schema).unwrap(), schema_text());
        fs::write(&schema, "{ \"title\": \"of another program\" }").unwrap();
        let [_, err] = init(&file, Preset::Csv, true).unwrap();
        assert!(err.contains("was not replaced"), "{err}");
        assert!(fs::read_to_string(&schema).unwrap().contains("another program"));
    }

    #[test]
    fn a_dash_prints_it() {
        let printed = init(Path::new("-"), Preset::Mlp, false).unwrap();
        assert_eq!(printed, [Preset::Mlp.starter(), ""]);
    }
}
