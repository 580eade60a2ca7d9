//! The data by which an exported `model.py` checks itself: some examples as the network reads them,
//! and this program's outputs for them.

use safetensors::serialize;
use safetensors::tensor::{Dtype, TensorView};

use crate::error::Result;
use crate::output::export::weights::SavedWeights;

/// Makes a check of the weights of a run.
pub type MakeCheck<'a> = dyn Fn(&SavedWeights) -> Result<ModelCheck> + 'a;

/// The source of the examples.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CheckedExamples {
    /// The test split.
    Test,
    /// The validation split: the test split is sealed.
    Validation,
    /// Drawn numbers.
    MadeUp {
        /// Why they are not from the data.
        because: String,
    },
}

/// Examples and the network's outputs.
#[derive(Debug, Clone, PartialEq)]
pub struct ModelCheck {
    /// Where they are from.
    pub examples: CheckedExamples,
    /// `[examples, features]`, scaled.
    pub inputs: Vec<f32>,
    /// The same before scaling, if they are pictures.
    pub pixels: Vec<u8>,
    /// `[examples, classes]`
    pub logits: Vec<f32>,
    /// The classes that the run predicted.
    pub predictions: Vec<u16>,
}

impl CheckedExamples {
    /// The words for them.
    pub fn words(&self) -> &'static str {
        match self {
            CheckedExamples::Test => "test examples",
            CheckedExamples::Validation => "validation examples",
            CheckedExamples::MadeUp { .. } => "made-up examples",
        }
    }
}

impl ModelCheck {
    /// As a safetensors file; an example is `[channels, height, width]` of `shape`.
    pub(super) fn to_safetensors(&self, [channels, height, width]: [usize; 3]) -> Vec<u8> {
        let examples = self.predictions.len();
        let images = vec![examples, channels, height, width];
        let bytes_of = |values: &[f32]| values.iter().flat_map(|x| x.to_le_bytes()).collect();
        let predictions = self.predictions.iter();
        let predictions = predictions.flat_map(|class| i64::from(*class).to_le_bytes()).collect();
        let logits = vec![examples, self.logits.len() / examples.max(1)];
        let mut tensors: Vec<(&str, Dtype, Vec<usize>, Vec<u8>)> = vec![
            ("inputs", Dtype::F32, images.clone(), bytes_of(&self.inputs)),
            ("logits", Dtype::F32, logits, bytes_of(&self.logits)),
            ("predictions", Dtype::I64, vec![examples], predictions),
        ];
        if !self.pixels.is_empty() {
            tensors.push(("pixels", Dtype::U8, images, self.pixels.clone()));
        }
        let views = tensors.iter().map(|(name, dtype, shape, bytes)| {
            let view = TensorView::new(*dtype, shape.clone(), bytes);
            (*name, view.expect("there are as many numbers as the shape says"))
        });
        serialize(views, None).expect("names and sizes are plain")
    }
}
