//! What a teacher costs whose answers a trial learns.

use std::path::Path;

use super::{ExampleCounts, bytes};
use crate::experiment::{Trial, read_network};
use crate::nn::scratch_size;
use crate::runs::folder::file;

/// What the teacher of a trial adds; nothing where it has none.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct TeacherCost {
    pub(super) memory_bytes: u64,
    flops_per_example: f64,
}

impl TeacherCost {
    /// Read from the run that teaches. Where that cannot be read, training says so; here it costs nothing.
    pub(super) fn of(trial: &Trial) -> TeacherCost {
        let Some(distill) = &trial.training.distill_from else { return TeacherCost::default() };
        let Ok(network) = read_network(&Path::new(&distill.run).join(file::TRIAL)) else {
            return TeacherCost::default();
        };
        let facts = trial.dataset.source.facts();
        let (input, classes) = (facts.shape.into(), facts.classes);
        let size = network.size(input, classes);
        let modules = network.modules(input, classes).unwrap_or_default();
        let batch = trial.training.batch_size;
        let scratch = scratch_size(&modules, batch);
        let params = size.params.iter().fold(0_usize, |sum, n| sum.saturating_add(*n));
        let features = facts.shape.iter().product::<usize>();
        let of_example = features.saturating_add(size.workspace).saturating_add(classes);
        let numbers = [params, batch.saturating_mul(of_example), scratch.kept, scratch.per_thread];
        TeacherCost {
            memory_bytes: bytes(numbers.into_iter().fold(0, usize::saturating_add)),
            flops_per_example: size.flops as f64,
        }
    }

    /// Its answers, one for each example of each step.
    pub(super) fn flops(&self, counts: &ExampleCounts) -> f64 {
        self.flops_per_example * counts.steps as f64 * counts.batch
    }
}

#[cfg(test)]
mod tests {
    use safetensors::serialize;
    use safetensors::tensor::{Dtype, TensorView};
    use serde_json::json;

    use super::super::cost;
    use super::*;
    use crate::experiment::{Experiment, MAX_TRIALS};
    use crate::runs::samples::{row, run, write_run};

    /// A trial that learns from the run in this folder, or from none.
    fn trial(distill: &str) -> Trial {
        let text = format!(
            r#"
            dataset = {{ kind = "synthetic", train_examples = 1000, test_examples = 100 }}
            network = {{ kind = "mlp", hidden_sizes = [50] }}
            optimizer = {{ kind = "adam" }}
            training = {{ epochs = 3, batch_size = 100{distill} }}
            "#
        );
        let path = Path::new("test.toml");
        let experiment = Experiment::from_bytes(path, text.as_bytes(), &[], MAX_TRIALS, false);
        experiment.unwrap_or_else(|error| panic!("{error}")).trials.remove(0)
    }

    #[test]
    fn a_teacher_answers_each_example_of_each_step() {
        let runs = tempfile::tempdir().unwrap();
        let mut record = run(json!({}), row(1, 0.5, None, 0.4), row(1, 0.5, None, 0.4));
        record.class_names = (0..10).map(|class| class.to_string()).collect::<Vec<_>>().into();
        let run = write_run(runs.path(), &record);
        let network = "dataset = { kind = 'synthetic', scaling = 'unit' }\nnetwork = { kind = 'mlp', hidden_sizes = [400] }";
        std::fs::write(run.join(file::TRIAL), network).unwrap();
        let zeros = vec![0; 4 * 3072 * 400];
        let tensor = |shape: &[usize]| {
            let bytes = &zeros[..4 * shape.iter().product::<usize>()];
            TensorView::new(Dtype::F32, shape.to_vec(), bytes).unwrap()
        };
        let tensors = [
            ("0.weight", tensor(&[400, 3072])),
            ("0.bias", tensor(&[400])),
            ("2.weight", tensor(&[10, 400])),
            ("2.bias", tensor(&[10])),
        ];
        std::fs::write(run.join(file::MODEL), serialize(tensors, None).unwrap()).unwrap();
        let folder = run.to_str().unwrap();
        let taught = cost(&trial(&format!(", distill_from = {{ run = '{folder}' }}")));
        let alone = cost(&trial(""));
        let features = 3.0 * 32.0 * 32.0;
        let products = 2.0 * (features * 400.0 + 400.0 * 10.0) * 3000.0;
        assert!((taught.flops - alone.flops - products).abs() < 0.01 * products);
        let weights = 4 * (3072 * 400 + 400 * 10);
        assert!(taught.memory_bytes - alone.memory_bytes > weights);
        assert_eq!(taught.disk_bytes, alone.disk_bytes);
    }
}
