//! Tensors of a network, to safetensors files and back.

use std::collections::{HashMap, HashSet};

use safetensors::tensor::{Dtype, TensorView};
use safetensors::{SafeTensorError, SafeTensors, serialize};

use crate::memory;
use crate::nn::Network;
use crate::nn::layers::TensorMut;

/// Why a tensor of a file cannot be used.
#[derive(Debug, PartialEq, thiserror::Error)]
pub enum TensorError {
    /// The bytes are not a safetensors file.
    #[error("{0}")]
    File(String),
    /// The file has no tensor of this name.
    #[error("tensor {name}: {problem}")]
    Missing {
        /// PyTorch's name.
        name: String,
        /// The reader's message.
        problem: String,
    },
    /// The tensor differs from that of this network.
    #[error("tensor {name} has shape {found:?}, but this trial needs {expected:?}")]
    Shape {
        /// PyTorch's name.
        name: String,
        /// In the file.
        found: Vec<usize>,
        /// In the network.
        expected: Vec<usize>,
    },
    /// The network has no tensor of this name.
    #[error("tensor {name} is none of this trial's network")]
    Extra {
        /// PyTorch's name.
        name: String,
    },
}

/// The beginnings of the names of tensors that need not fit: those of the last layers, if that begins anew.
#[derive(Debug, Clone, Copy, Default)]
pub struct Heads<'a> {
    /// In the network.
    pub own: Option<&'a str>,
    /// In the file.
    pub other: Option<&'a str>,
}

impl Heads<'_> {
    /// Whether the network needs the tensor from the file.
    pub(super) fn need(&self, name: &str) -> bool {
        self.own.is_none_or(|head| !name.starts_with(head))
    }

    /// Says which tensor of the file is neither `known` nor of a head.
    pub(super) fn check_others<'a>(
        &self,
        names: impl IntoIterator<Item = &'a str>,
        known: &HashSet<&str>,
    ) -> Result<(), TensorError> {
        let is_of =
            |head: Option<&str>, name: &str| head.is_some_and(|head| name.starts_with(head));
        let is_extra = |name: &&str| {
            !known.contains(name) && !is_of(self.own, name) && !is_of(self.other, name)
        };
        let extra = names.into_iter().filter(is_extra).min(); // whatever order they have in memory
        extra.map_or(Ok(()), |name| Err(TensorError::Extra { name: name.to_owned() }))
    }
}

impl TensorError {
    /// Whether it is about a tensor whose name begins so.
    pub fn is_of(&self, beginning: &str) -> bool {
        match self {
            TensorError::File(_) => false,
            TensorError::Missing { name, .. }
            | TensorError::Shape { name, .. }
            | TensorError::Extra { name } => name.starts_with(beginning),
        }
    }
}

impl From<SafeTensorError> for TensorError {
    fn from(error: SafeTensorError) -> TensorError {
        TensorError::File(error.to_string())
    }
}

/// Name, type and shape of a tensor that a file must have.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Expected {
    pub(super) name: String,
    pub(super) dtype: Dtype,
    pub(super) shape: Vec<usize>,
}

impl Expected {
    pub(super) fn new(name: String, shape: &[usize], tensor: &TensorMut<'_>) -> Expected {
        Expected { name, dtype: dtype_of(tensor), shape: shape.to_vec() }
    }

    /// So many 32-bit numbers.
    pub(super) fn vector(name: String, len: usize) -> Expected {
        Expected { name, dtype: Dtype::F32, shape: vec![len] }
    }

    /// The bytes of the tensor in a file.
    pub(super) fn find<'a>(&self, tensors: &SafeTensors<'a>) -> Result<&'a [u8], TensorError> {
        let Expected { name, dtype, shape } = self;
        let view = tensors.tensor(name).map_err(|error| TensorError::Missing {
            name: name.clone(),
            problem: error.to_string(),
        })?;
        if view.shape() == shape && view.dtype() == *dtype {
            return Ok(view.data());
        }
        let found = view.shape().to_vec();
        Err(TensorError::Shape { name: name.clone(), found, expected: shape.clone() })
    }
}

/// A tensor copied out of the state.
#[derive(Clone)]
pub(super) struct Saved {
    dtype: Dtype,
    shape: Vec<usize>,
    bytes: Vec<u8>,
}

impl Saved {
    pub(super) fn new(shape: &[usize], tensor: TensorMut<'_>) -> Saved {
        let (dtype, shape) = (dtype_of(&tensor), shape.to_vec());
        let bytes = match tensor {
            TensorMut::F32(values) => {
                let mut bytes = memory::with_capacity(size_of_val(values));
                values.iter().for_each(|x| bytes.extend_from_slice(&x.to_le_bytes()));
                bytes
            }
            TensorMut::I64(value) => value.to_le_bytes().to_vec(),
        };
        Saved { dtype, shape, bytes }
    }

    /// The expected tensor, with its `bytes` in a file.
    pub(super) fn read(expected: &Expected, bytes: &[u8]) -> Saved {
        Saved {
            dtype: expected.dtype,
            shape: expected.shape.clone(),
            bytes: memory::copy_of(bytes),
        }
    }

    pub(super) fn write_to(&self, target: TensorMut<'_>) {
        copy_bytes(&self.bytes, target);
    }

    pub(super) fn view(&self) -> TensorView<'_> {
        let view = TensorView::new(self.dtype, self.shape.clone(), &self.bytes);
        view.expect("a layer's shape fits its elements")
    }
}

/// Everything in PyTorch's `state_dict`.
pub(super) fn tensors_of(network: &mut Network) -> Vec<(String, Saved)> {
    let mut tensors = Vec::new();
    network.visit_state(&mut |name, shape, tensor| {
        tensors.push((name.to_owned(), Saved::new(shape, tensor)));
    });
    tensors
}

/// The specs of [`tensors_of`] a network like this one.
pub(super) fn expected_of(network: &mut Network) -> Vec<Expected> {
    let mut expected = Vec::new();
    network.visit_state(&mut |name, shape, tensor| {
        expected.push(Expected::new(name.to_owned(), shape, &tensor));
    });
    expected
}

/// Loads the weights of a model into a network, all or none.
pub(super) fn load_weights(network: &mut Network, bytes: &[u8]) -> Result<(), TensorError> {
    load_weights_except(network, bytes, Heads::default())
}

/// The same, but for the tensors of the `heads`.
pub(super) fn load_weights_except(
    network: &mut Network,
    bytes: &[u8],
    heads: Heads<'_>,
) -> Result<(), TensorError> {
    let tensors = SafeTensors::deserialize(bytes)?;
    let all = expected_of(network);
    let expected = all.iter().filter(|one| heads.need(&one.name));
    let found = expected.map(|expected| expected.find(&tensors));
    let found = found.collect::<Result<Vec<&[u8]>, TensorError>>()?;
    let known = all.iter().map(|one| one.name.as_str()).collect();
    heads.check_others(tensors.names(), &known)?;
    let mut found = found.into_iter();
    network.visit_state(&mut |name, _, target| {
        if heads.need(name) {
            copy_bytes(found.next().unwrap_or_default(), target);
        }
    });
    Ok(())
}

pub(super) fn to_safetensors(
    tensors: &[(String, Saved)],
    metadata: HashMap<String, String>,
) -> Vec<u8> {
    let views = tensors.iter().map(|(name, saved)| (name, saved.view()));
    serialize(views, Some(metadata)).expect("a network's header is smaller than 100 MB")
}

fn dtype_of(tensor: &TensorMut<'_>) -> Dtype {
    match tensor {
        TensorMut::F32(_) => Dtype::F32,
        TensorMut::I64(_) => Dtype::I64,
    }
}

/// `bytes` must have the target's length.
pub(super) fn copy_bytes(bytes: &[u8], target: TensorMut<'_>) {
    match target {
        TensorMut::F32(values) => {
            for (value, four) in values.iter_mut().zip(bytes.as_chunks::<4>().0) {
                *value = f32::from_le_bytes(*four);
            }
        }
        TensorMut::I64(value) => {
            if let [bytes] = bytes.as_chunks::<8>().0 {
                *value = i64::from_le_bytes(*bytes);
            }
        }
    }
}
