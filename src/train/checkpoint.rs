//! The format of a checkpoint: the tensors as safetensors, with a header that holds the trial's id,
//! the position in the training, and a checksum of everything.

use std::collections::HashMap;

use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensors};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::companions::Companions;
use super::state::Progress;
use super::tensors::{Expected, Saved, TensorError, to_safetensors};
use super::watchers::WatcherStates;
use crate::runs::folder::hex;

mod first_layout;

/// The only key of a checkpoint's metadata: one key, because the order of several is not defined.
pub(super) const HEADER_KEY: &str = "runner_checkpoint";

/// Version of the written layout. The first one, which 0.1.0 wrote, can also be read.
const LAYOUT: u32 = 2;

/// The part of the header before its checksum.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Header {
    layout: u32,
    pub(super) numerics: u32,
    pub(super) trial: String,
    pub(super) progress: Progress,
    #[serde(default, skip_serializing_if = "WatcherStates::is_empty")]
    pub(super) watchers: WatcherStates,
}

/// The part of the header after its checksum's text.
#[derive(Debug, Deserialize)]
struct Seal {
    sha256: String,
    /// Not part of the checksum: if one of these differs, the checkpoint is not used.
    #[serde(default)]
    companions: Option<Companions>,
}

/// Why a checkpoint is not used. The text follows the checkpoint's name.
#[derive(Debug, PartialEq, thiserror::Error)]
pub enum CheckpointError {
    /// It has no header.
    #[error("is not a checkpoint of this program")]
    NotACheckpoint,
    /// Its header cannot be read.
    #[error("has a header that cannot be read: {0}")]
    Header(String),
    /// A later version of this program wrote it, or its header is damaged.
    #[error("has layout {0}, but this program reads 1 and {LAYOUT}")]
    Layout(u32),
    /// It would continue with different bits.
    #[error("has numerics {found}, but this program has {own}")]
    Numerics {
        /// Those of the checkpoint.
        found: u32,
        /// Those of the trial in this program.
        own: u32,
    },
    /// It belongs to another trial.
    #[error("belongs to run {found:?}, not to {own}")]
    OtherTrial {
        /// The id in the checkpoint.
        found: String,
        /// The id of the trial.
        own: String,
    },
    /// It has a state of the schedule but the trial has none, or vice versa.
    #[error("has a different schedule")]
    Schedule,
    /// The same for early stopping.
    #[error("has different early stopping")]
    EarlyStopping,
    /// A tensor is not what the trial needs.
    #[error(transparent)]
    Tensor(#[from] TensorError),
    /// Its position is impossible.
    #[error("counts more losses than steps")]
    Losses,
    /// A byte of it was changed.
    #[error("does not match its checksum")]
    Checksum,
}

/// A checkpoint that was read and checked, and can be restored.
pub struct Checkpoint<'a> {
    pub(super) header: Header,
    companions: Option<Companions>,
    pub(super) tensors: SafeTensors<'a>,
}

impl Header {
    pub(super) fn new(
        numerics: u32,
        trial: &str,
        progress: Progress,
        watchers: WatcherStates,
    ) -> Header {
        Header { layout: LAYOUT, numerics, trial: trial.to_owned(), progress, watchers }
    }

    /// The checkpoint of these tensors.
    pub(super) fn encode(
        &self,
        tensors: &[(String, Saved)],
        companions: Option<&Companions>,
    ) -> Vec<u8> {
        let object = json(self);
        let text = object.strip_suffix('}').unwrap_or(&object); // what the checksum covers
        let views = tensors.iter().map(|(name, saved)| (name.clone(), saved.view()));
        let sha256 = checksum(text, views.collect());
        let entry = companions.map_or(String::new(), |c| format!(",\"companions\":{}", json(c)));
        let header = format!("{text}{SEAL}\"{sha256}\"{entry}}}");
        to_safetensors(tensors, HashMap::from([(HEADER_KEY.to_owned(), header)]))
    }
}

/// The text between the part that the checksum covers and the checksum.
const SEAL: &str = ",\"sha256\":";

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("numbers and strings become JSON")
}

impl<'a> Checkpoint<'a> {
    /// Reads a checkpoint of a trial. `expected` lists the trial's tensors at a position, in its
    /// own order.
    pub(super) fn decode(
        bytes: &'a [u8],
        expected_of: impl FnOnce(&Header) -> Result<Vec<Expected>, CheckpointError>,
    ) -> Result<Checkpoint<'a>, CheckpointError> {
        let text = header_of(bytes)?;
        let unreadable = |error: serde_json::Error| CheckpointError::Header(error.to_string());
        let header: Header = serde_json::from_str(&text).map_err(unreadable)?;
        if ![1, LAYOUT].contains(&header.layout) {
            return Err(CheckpointError::Layout(header.layout));
        }
        let Seal { sha256, companions } = serde_json::from_str(&text).map_err(unreadable)?;
        let expected = expected_of(&header)?;
        let tensors = SafeTensors::deserialize(bytes).map_err(TensorError::from)?;
        for tensor in &expected {
            tensor.find(&tensors)?;
        }
        if header.progress.counts_more_losses_than_steps() {
            return Err(CheckpointError::Losses);
        }
        let found = match header.layout {
            1 => first_layout::checksum(&text, &expected, &tensors),
            _ => text.find(SEAL).map(|end| checksum(&text[..end], tensors.tensors())),
        };
        if found != Some(sha256) && !cfg!(feature = "fuzzing") {
            return Err(CheckpointError::Checksum);
        }
        Ok(Checkpoint { header, companions, tensors })
    }

    /// Optimizer updates made.
    pub fn step(&self) -> u64 {
        self.header.progress.step
    }

    /// Whether the row of epoch 0 was reported.
    pub fn has_started(&self) -> bool {
        self.header.progress.evaluated_start
    }

    /// What it knows about its companion files; checkpoints of 0.1.0 know nothing.
    pub fn companions(&self) -> Option<&Companions> {
        self.companions.as_ref()
    }
}

fn header_of(bytes: &[u8]) -> Result<String, CheckpointError> {
    let (_, metadata) = SafeTensors::read_metadata(bytes).map_err(TensorError::from)?;
    let header = metadata.metadata().as_ref().and_then(|map| map.get(HEADER_KEY));
    header.cloned().ok_or(CheckpointError::NotACheckpoint)
}

/// SHA-256 of the header's text before the checksum, and of all tensors in the order of their names: a line
/// with name, type, shape and number of bytes, and the bytes.
fn checksum(text: &str, mut tensors: Vec<(String, TensorView<'_>)>) -> String {
    tensors.sort_by(|(a, _), (b, _)| a.cmp(b));
    let mut hash = Sha256::new();
    hash.update(format!("{text}\n"));
    for (name, view) in &tensors {
        let sizes: Vec<String> = view.shape().iter().map(usize::to_string).collect();
        let (dtype, shape, len) = (dtype_name(view.dtype()), sizes.join("x"), view.data().len());
        hash.update(format!("{name} {dtype} {shape} {len}\n"));
        hash.update(view.data());
    }
    hex(&hash.finalize())
}

/// The name of a type in the checksum; not a library's, which may change.
fn dtype_name(dtype: Dtype) -> &'static str {
    match dtype {
        Dtype::F32 => "float32",
        Dtype::I64 => "int64",
        _ => "other",
    }
}
