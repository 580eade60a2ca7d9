//! A Python script that builds a run's network in PyTorch, next to the weights that it loads. Text
//! from the run is inserted only as literals, whatever it contains.

use std::fmt::Write;
use std::path::Path;

use crate::error::{Error, Flaw, Result};
use crate::nn::Module;
use crate::output::export::format::{Destination, Export, ExportFormat};
use crate::output::export::model_check::{CheckedExamples, MakeCheck};
use crate::output::export::output::ExportTarget;
use crate::output::export::weights::{SavedWeights, WhichWeights};
use crate::runs::folder::file;
use crate::runs::record::RunRecord;
use crate::shell::path_word;

/// The script, with placeholders.
const TEMPLATE: &str = include_str!("model.py");
/// The start of `scale` if columns need 64 bits; their indices follow.
const CHECK_64_BITS: &str = "    if images.dtype == torch.float32:\n        \
    raise TypeError(\"32 bits are too few for the numbers of these columns; use torch.float64: ";
/// Name of the script.
const SCRIPT: &str = "model.py";
/// Name of the file by which it checks itself.
const CHECK: &str = "check.safetensors";

pub(super) static FORMAT: ExportFormat = ExportFormat {
    name: "torch",
    help: "A Python script that builds the network in PyTorch, and the weights that it loads",
    destination: "FOLDER",
    export: Export::Weights(write),
};

fn write(saved: &SavedWeights<'_>, check: &MakeCheck<'_>, to: Destination<'_>) -> Result<String> {
    let examples = export_torch(saved, check, to.path, to.force)?;
    let because = match &examples {
        CheckedExamples::MadeUp { because } => format!(" ({because})"),
        _ => String::new(),
    };
    let (script, words) = (path_word(&to.path.join("model.py")), examples.words());
    Ok(format!("; `python {script}` checks it on {words}{because}"))
}

/// Writes `model.py`, the weights that it loads, and its check data into the folder `path`; returns
/// a note on the examples.
///
/// # Errors
/// If the run has no such weights or they are damaged; if `path` holds anything and not `force`, or
/// cannot be written.
fn export_torch(
    saved: &SavedWeights,
    check: &MakeCheck,
    path: &Path,
    force: bool,
) -> Result<CheckedExamples> {
    let output = ExportTarget::folder(path, force)?;
    let weights = saved.read()?;
    let check = check(saved)?;
    let SavedWeights { record, folder, which } = *saved;
    let script =
        script(record, which, &weights.modules, check.examples.words()).map_err(|problem| {
            Error::Damaged { path: folder.join(file::RECORD), problem: problem.into() }
        })?;
    output.write_into(Path::new(which.file()), &weights.bytes)?;
    output.write_into(Path::new(CHECK), &check.to_safetensors(record.input.shape))?;
    output.write_into(Path::new(SCRIPT), script.as_bytes())?;
    Ok(check.examples)
}

/// The script, which checks itself by `examples`; an error says why the record does not allow it.
fn script(
    record: &RunRecord,
    which: WhichWeights,
    modules: &[Module],
    examples: &str,
) -> Result<String, Flaw> {
    let input = &record.input;
    let channels = input.shape[0];
    if [input.scale.mean.len(), input.scale.std.len()] != [channels; 2] {
        return Err(Flaw::from(format!("scales other than its {channels} channels")));
    }
    let [mean, std] = input.moments();
    let of_pixels = record.has_pixels();
    let wide: Vec<usize> = input.scale.wide.iter().map(|wide| wide.channel).collect();
    let is_narrow = of_pixels && wide.is_empty();
    let check_64_bits = match wide.is_empty() {
        true => String::new(),
        false => format!("{CHECK_64_BITS}{wide:?}\")\n"),
    };
    let names = record.class_names.iter().map(|name| format!("    {},", python_text(name)));
    let is_vector = modules.first().is_some_and(|module| module.input.is_vector());
    let modules = modules.iter().map(|module| format!("        {},", module.python()));
    // Class names come last, so that placeholders in them are not filled in.
    let places = [
        ("@ID@", record.id.clone()),
        ("@WHICH@", which.words(record)),
        ("@VERSION@", env!("CARGO_PKG_VERSION").to_owned()),
        ("@FILE@", which.file().to_owned()),
        ("@SHAPE@", joined(input.shape.iter().map(usize::to_string), ", ")),
        ("@MEAN@", numbers(&mean)?),
        ("@STD@", numbers(&std)?),
        ("@INPUT@", if of_pixels { "pixels 0 to 255" } else { "numbers" }.to_owned()),
        ("@UNIT@", if of_pixels { "pixel / 255" } else { "number" }.to_owned()),
        ("@DIVISOR@", if of_pixels { " / 255" } else { "" }.to_owned()),
        ("@FLAT@", if is_vector { ".flatten(1)" } else { "" }.to_owned()),
        // Mean and deviation of a column may differ by orders of magnitude.
        ("@DTYPE@", if is_narrow { "torch.float32" } else { "torch.float64" }.to_owned()),
        ("@CHECK_64_BITS@", check_64_bits),
        ("@INPUTS@", if of_pixels { "Pixels 0 to 255" } else { "Numbers" }.to_owned()),
        ("@EXAMPLES@", examples.to_owned()),
        ("@CHECK@", CHECK.to_owned()),
        ("@MODULES@", joined(modules, "\n")),
        ("@CLASS_NAMES@", joined(names, "\n")),
    ];
    let fill = |script: String, (place, content): (&str, String)| script.replace(place, &content);
    Ok(places.into_iter().fold(TEMPLATE.to_owned(), fill))
}

/// Every digit counts: the mean of a column may be far larger than its deviation. Python would take `inf` and
/// `NaN` for names.
fn numbers(values: &[f64]) -> Result<String, Flaw> {
    match values.iter().find(|value| !value.is_finite()) {
        Some(value) => Err(Flaw::from(format!("scales by {value}"))),
        None => Ok(joined(values.iter().map(|value| format!("{value:?}")), ", ")),
    }
}

/// A string literal of printable ASCII.
fn python_text(text: &str) -> String {
    let mut literal = "\"".to_owned();
    for c in text.chars() {
        match c {
            '"' | '\\' => literal.extend(['\\', c]),
            ' '..='~' => literal.push(c),
            _ => write!(literal, "\\U{:08x}", u32::from(c)).expect("a String takes any text"),
        }
    }
    literal + "\""
}

fn joined(parts: impl Iterator<Item = String>, separator: &str) -> String {
    parts.collect::<Vec<_>>().join(separator)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::nn::Shape;
    use crate::nn::drawn::{DrawnNetwork, draw};
    use crate::nn::layers::{DropoutConfig, NamedLayer};
    use crate::output::export::model_check::ModelCheck;
    use crate::output::export::modules::tensors;
    use crate::output::export::torch_walk::walk;
    use crate::output::export::weights::testing::SavedRun;
    use crate::runs::input_record::WideScale;

    /// Of one example.
    fn a_check(features: usize) -> ModelCheck {
        ModelCheck {
            examples: CheckedExamples::Test,
            inputs: vec![0.5; features],
            pixels: Vec::new(),
            logits: vec![0.25, 0.5],
            predictions: vec![1],
        }
    }

    #[test]
    fn script_builds_the_trials_network() {
        let mut run = SavedRun::new();
        run.record.id = "0123456789ab".to_owned();
        let path = run.exported(
            |saved, path, force| export_torch(saved, &|_| Ok(a_check(12)), path, force).map(drop),
            "torch",
        );
        insta::assert_snapshot!(fs::read_to_string(path.join("model.py")).unwrap());
        let copied = fs::read(path.join("model.safetensors")).unwrap();
        assert_eq!(copied, fs::read(run.folder.join("model.safetensors")).unwrap());
    }

    #[test]
    fn every_network_fits_together_in_pytorch_and_asks_for_the_tensors_that_are_saved() {
        for number in 0..200 {
            let DrawnNetwork { network, input, classes } = draw(number);
            let run = SavedRun::of(&network, input, classes);
            let path = run.exported(
                |saved, path, force| {
                    export_torch(saved, &|_| Ok(a_check(input.features())), path, force).map(drop)
                },
                "torch",
            );
            let script = fs::read_to_string(path.join("model.py")).unwrap();
            let is_flat = script.contains(".to(torch.float32).flatten(1)\n");
            let input = match is_flat {
                true => vec![input.features()],
                false => vec![input.channels, input.height, input.width],
            };
            let (output, asked) = walk(&script, input).unwrap_or_else(|e| panic!("{number}: {e}"));
            assert_eq!(output, [classes], "{number}: {script}");
            let saved = run.weights(WhichWeights::Last).read().unwrap().modules;
            let saved: Vec<_> = saved.iter().flat_map(Module::all).flat_map(tensors).collect();
            assert_eq!(asked, saved, "{number}: {script}");
        }
    }

    #[test]
    fn names_of_classes_are_literals_whatever_they_hold() {
        assert_eq!(python_text("a\"]; import os\\"), r#""a\"]; import os\\""#);
        assert_eq!(python_text("é\n\u{1f600}"), r#""\U000000e9\U0000000a\U0001f600""#);
        let mut record = SavedRun::new().record;
        record.class_names =
            vec!["\"\"\"\n@ID@ @MODULES@".to_owned(), "@CLASS_NAMES@".to_owned()].into();
        let dropout = [NamedLayer::of(DropoutConfig { rate: 1e-9 })];
        let modules = crate::nn::plan(&dropout, Shape::vector(2), 2).unwrap();
        let script = script(&record, WhichWeights::Best, &modules, "test examples").unwrap();
        let literal = r#"    "\"\"\"\U0000000a@ID@ @MODULES@","#;
        assert!(script.lines().any(|line| line == literal), "{script}");
        assert!(script.contains("nn.Dropout(1e-9)"));
    }

    #[test]
    fn columns_of_64_bits_are_scaled_in_64_bits() {
        let mut record = SavedRun::new().record;
        let of = |record: &RunRecord| script(record, WhichWeights::Last, &[], "").unwrap();
        assert!(
            of(&record)
                .contains(".to(torch.float32)\n    mean = torch.tensor(MEAN, dtype=torch.float32)")
        );
        record.input.scale.wide = vec![WideScale { channel: 1, mean: 1.7e12 + 0.125, std: 0.1 }];
        let script = of(&record);
        for line in [
            "MEAN = [0.10000000149011612, 1700000000000.125, 0.0]",
            "STD = [1.0, 0.1, 1.0]",
            "    if images.dtype == torch.float32:",
            "    images = images.reshape(-1, *SHAPE).to(torch.float64)",
            "    std = torch.tensor(STD, dtype=torch.float64).view(1, -1, 1, 1)",
        ] {
            assert!(script.lines().any(|found| found == line), "{line}: {script}");
        }
        assert!(script.contains("use torch.float64: [1]\")\n"), "{script}");
    }

    #[test]
    fn scales_that_are_no_numbers_are_damage() {
        let mut record = SavedRun::new().record;
        record.input.scale.std[1] = f32::INFINITY;
        let problem = |record: &RunRecord| {
            script(record, WhichWeights::Last, &[], "").unwrap_err().to_string()
        };
        assert_eq!(problem(&record), "scales by inf");
        record.input.scale.std = vec![1.0];
        assert_eq!(problem(&record), "scales other than its 3 channels");
    }
}
