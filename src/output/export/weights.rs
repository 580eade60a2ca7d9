//! A run's weights as a file and as tensors that were checked against its network.

use std::path::Path;

use safetensors::SafeTensors;
use safetensors::tensor::Dtype;

use crate::error::{Error, Flaw, Result};
use crate::nn::Module;
use crate::output::export::modules::{modules, tensors};

use crate::runs::folder::file;
use crate::runs::record::RunRecord;
use crate::runs::run_files::RunFolder;

/// Which of a run's weights.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum WhichWeights {
    /// Those of `model.safetensors`: after the last step or, with `restore_best`, of the epoch that it chose.
    #[default]
    Last,
    /// Those of the epoch with the best validation accuracy.
    Best,
}

/// Where weights are read from.
#[derive(Debug, Clone, Copy)]
pub struct SavedWeights<'a> {
    /// The run.
    pub record: &'a RunRecord,
    /// Its folder.
    pub folder: &'a Path,
    /// Which of its weights.
    pub which: WhichWeights,
}

/// Weights of a run that fit its network.
pub(super) struct Weights {
    /// The modules, in order.
    pub(super) modules: Vec<Module>,
    /// The whole weights file.
    pub(super) bytes: Vec<u8>,
}

/// A tensor of 32-bit floats.
pub(super) struct Tensor {
    /// Sizes, the outermost first.
    pub(super) shape: Vec<usize>,
    /// In row-major order.
    pub(super) values: Vec<f32>,
}

impl WhichWeights {
    /// Name of the file in a run folder.
    pub fn file(self) -> &'static str {
        match self {
            WhichWeights::Last => file::MODEL,
            WhichWeights::Best => file::BEST_MODEL,
        }
    }

    /// Why a run may lack the file.
    fn when_there(self) -> &'static str {
        match self {
            WhichWeights::Last => "finished runs have one",
            WhichWeights::Best => {
                "runs with a validation split have one, from their first checkpoint on"
            }
        }
    }
}

impl SavedWeights<'_> {
    /// The whole weights file, which fits the run's network.
    ///
    /// # Errors
    /// As of an export: the run has none, or they are not those of its network.
    pub fn bytes(&self) -> Result<Vec<u8>> {
        self.read().map(|weights| weights.bytes)
    }

    /// Reads the weights.
    ///
    /// # Errors
    /// [`Error::NothingMatched`] if it has none, [`Error::Damaged`] if they are not those of its
    /// network.
    pub(super) fn read(&self) -> Result<Weights> {
        let SavedWeights { record, folder, which } = *self;
        let path = folder.join(which.file());
        let Some(bytes) = (RunFolder { record, path: folder }).read(which.file())? else {
            return Err(Error::NothingMatched(format!(
                "run {}, which is {}, has no {}: {}",
                record.id,
                record.state,
                which.file(),
                which.when_there()
            )));
        };
        let modules = modules(record, folder)?;
        match check(&bytes, &modules) {
            Ok(()) => Ok(Weights { modules, bytes }),
            Err(problem) => Err(Error::Damaged { path, problem: problem.into() }),
        }
    }
}

impl Weights {
    /// The tensor of this name.
    pub(super) fn tensor(&self, name: &str) -> Tensor {
        let tensors = SafeTensors::deserialize(&self.bytes).expect("checked when read");
        let tensor = tensors.tensor(name).expect("checked when read");
        let values = tensor.data().as_chunks::<4>().0.iter().map(|b| f32::from_le_bytes(*b));
        Tensor { shape: tensor.shape().to_vec(), values: values.collect() }
    }
}

/// Says why `bytes` are not the weights of these modules.
fn check(bytes: &[u8], modules: &[Module]) -> Result<(), Flaw> {
    let saved = SafeTensors::deserialize(bytes)
        .map_err(|e| format!("is not a whole safetensors file: {e}"))?;
    for (name, shape) in modules.iter().flat_map(Module::all).flat_map(tensors) {
        let tensor = saved
            .tensor(&name)
            .map_err(|_| format!("has no tensor {name}, which the run's trial needs"))?;
        if (tensor.dtype(), tensor.shape()) != (Dtype::F32, &*shape) {
            let found = format!("{:?} {:?}", tensor.dtype(), tensor.shape());
            return Err(Flaw::from(format!(
                "{name} is {found}, but the run's trial needs F32 {shape:?}"
            )));
        }
    }
    Ok(())
}

/// A run folder with weights whose elements count up from 0, for tests.
#[cfg(test)]
pub(super) mod testing {
    use std::fs;
    use std::path::PathBuf;

    use safetensors::serialize;
    use safetensors::tensor::TensorView;
    use tempfile::TempDir;

    use super::*;
    use crate::experiment::{Experiment, MAX_TRIALS, Trial, read_network};
    use crate::nn::{NetworkConfig, Shape};
    use crate::runs::samples::{row, run, write_run};

    /// A run.
    pub(in crate::output::export) struct SavedRun {
        pub(in crate::output::export) record: RunRecord,
        pub(in crate::output::export) folder: PathBuf,
        runs: TempDir,
    }

    /// The network of a `[network]` table with these keys.
    pub(in crate::output::export) fn network_of(table: &str) -> NetworkConfig {
        let text = format!(
            "dataset.kind = 'synthetic'\n[optimizer]\nkind = 'adam'\n[training]\nepochs = 2\n\
             seeds = [7]\n[network]\n{table}"
        );
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(file.path(), text).unwrap();
        read_network(file.path()).unwrap()
    }

    impl SavedRun {
        /// Of a small network with batch norm and Dropout.
        pub(in crate::output::export) fn new() -> SavedRun {
            let keys = "kind = 'mlp'\nhidden_sizes = [3]\nbatch_norm = true\ndropout = 0.25";
            let mut run = SavedRun::of(&network_of(keys), Shape::from([3, 2, 2]), 2);
            run.record.input.scale.mean = vec![0.1, 0.0, 0.0];
            run.record.class_names = ["airplane", "automobile"].map(str::to_owned).to_vec().into();
            run
        }

        /// Of any network.
        pub(in crate::output::export) fn of(
            network: &NetworkConfig,
            input: Shape,
            classes: usize,
        ) -> SavedRun {
            let runs = tempfile::tempdir().unwrap();
            let (record, folder) = saved_run(runs.path(), network, input, classes);
            SavedRun { record, folder, runs }
        }

        pub(in crate::output::export) fn weights(&self, which: WhichWeights) -> SavedWeights<'_> {
            SavedWeights { record: &self.record, folder: &self.folder, which }
        }

        /// The output of `export` for its last weights, as `name` next to its folder.
        pub(in crate::output::export) fn exported(
            &self,
            export: impl Fn(&SavedWeights, &Path, bool) -> Result<()>,
            name: &str,
        ) -> PathBuf {
            let path = self.runs.path().join(name);
            export(&self.weights(WhichWeights::Last), &path, false).unwrap();
            path
        }
    }

    fn saved_run(
        runs: &Path,
        network: &NetworkConfig,
        input: Shape,
        classes: usize,
    ) -> (RunRecord, PathBuf) {
        let text = r#"
            dataset = { kind = "synthetic" }
            network = { kind = "mlp", hidden_sizes = [3], batch_norm = true, dropout = 0.25 }
            optimizer = { kind = "adam" }
            training = { epochs = 2, seeds = [7] }
        "#;
        let path = Path::new("trial.toml");
        let experiment = Experiment::from_bytes(path, text.as_bytes(), &[], MAX_TRIALS, false);
        let trial = Trial { network: network.clone(), ..experiment.unwrap().trials.remove(0) };
        let last = row(2, 0.5, None, 0.4);
        let mut record = run(trial.to_json(), last, last);
        record.input.shape = [input.channels, input.height, input.width];
        record.input.scale.mean = vec![0.0; input.channels];
        record.input.scale.std = vec![1.0; input.channels];
        let names = (0..classes).map(|class| format!("class {class}"));
        record.class_names = names.collect::<Vec<_>>().into();
        let folder = write_run(runs, &record);
        fs::write(folder.join("trial.toml"), trial.to_toml()).unwrap();
        fs::write(folder.join("model.safetensors"), counting(&record, &folder)).unwrap();
        (record, folder)
    }

    fn counting(record: &RunRecord, folder: &Path) -> Vec<u8> {
        let modules = modules(record, folder).unwrap();
        let named = modules.iter().flat_map(Module::all).flat_map(tensors);
        let counted: Vec<_> = named
            .map(|(name, shape)| {
                let elements = 0..shape.iter().product::<usize>();
                let bytes = elements.flat_map(|n| (n as f32).to_le_bytes()).collect::<Vec<u8>>();
                (name, shape, bytes)
            })
            .collect();
        let views = counted.iter().map(|(name, shape, bytes)| {
            (name, TensorView::new(Dtype::F32, shape.clone(), bytes).unwrap())
        });
        serialize(views, None).unwrap()
    }
}

#[cfg(test)]
mod tests {
    use crate::runs::samples::set;
    use std::fs;

    use super::*;
    use crate::output::export::weights::testing::SavedRun;

    #[test]
    fn missing_weights_say_when_there_are_some() {
        let error = SavedRun::new().weights(WhichWeights::Best).read().err().unwrap();
        assert_eq!(error.exit_code(), 4);
        assert!(error.to_string().contains("runs with a validation split have one"), "{error}");
    }

    #[test]
    fn weights_of_another_network_and_damage_are_errors() {
        let mut run = SavedRun::new();
        let path = run.folder.join("model.safetensors");
        let bytes = fs::read(&path).unwrap();
        let problem =
            |run: &SavedRun| run.weights(WhichWeights::Last).read().err().unwrap().to_string();
        run.record.class_names.push("third".to_owned());
        assert!(problem(&run).contains("4.weight is F32 [2, 3]"), "{}", problem(&run));
        run.record.class_names.pop();
        run.record.input.shape = [usize::MAX; 3];
        assert!(problem(&run).contains("0.weight is F32 [3, 12]"));
        run.record.input.shape = [3, 2, 2];
        for length in [0, 7, 8, bytes.len() - 1] {
            fs::write(&path, &bytes[..length]).unwrap();
            assert!(problem(&run).contains("is not a whole safetensors file"));
        }
        fs::write(&path, &bytes).unwrap();
        set(&mut run.record, "network", "dropout", 0.5.into());
        assert!(problem(&run).contains("has a different network than run.json"));
    }
}
