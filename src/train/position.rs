//! The position in a checkpoint, read from the start of its file, so that it is known before
//! megabytes of tensors are read.

use std::collections::HashMap;
use std::io::Read;

use serde::Deserialize;

use super::checkpoint::{CheckpointError, HEADER_KEY, Header};

/// The position in a checkpoint's header; nothing else in it is checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Position {
    /// The id of its trial.
    pub trial: String,
    /// Optimizer updates made.
    pub step: u64,
}

/// The JSON at the beginning of a safetensors file.
#[derive(Deserialize)]
struct Beginning {
    #[serde(rename = "__metadata__")]
    metadata: HashMap<String, String>,
}

impl Position {
    /// Reads as much of a checkpoint as needed.
    ///
    /// # Errors
    /// If it is not a checkpoint.
    pub fn read(mut checkpoint: impl Read) -> Result<Position, CheckpointError> {
        let unreadable = |error: std::io::Error| CheckpointError::Header(error.to_string());
        let malformed = |error: serde_json::Error| CheckpointError::Header(error.to_string());
        let mut length_bytes = [0; 8];
        checkpoint.read_exact(&mut length_bytes).map_err(unreadable)?;
        let mut json = Vec::new(); // as long as the file has bytes, whatever it says
        let length = u64::from_le_bytes(length_bytes);
        checkpoint.take(length).read_to_end(&mut json).map_err(unreadable)?;
        let beginning: Beginning = serde_json::from_slice(&json).map_err(malformed)?;
        let text = beginning.metadata.get(HEADER_KEY).ok_or(CheckpointError::NotACheckpoint)?;
        let header: Header = serde_json::from_str(text).map_err(malformed)?;
        Ok(Position { trial: header.trial, step: header.progress.step })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::testing::{config, trainer};
    use crate::train::{Event, Flow};

    #[test]
    fn the_beginning_of_a_checkpoint_says_where_it_is() {
        let mut trained = trainer(&config());
        let mut stop = |event: Event<'_>, state: &mut crate::train::TrainState| {
            let is_there = matches!(event, Event::Step) && state.step() == 4;
            Ok(if is_there { Flow::Stop } else { Flow::Continue })
        };
        trained.run(&mut stop).unwrap();
        let checkpoint = trained.state_mut().checkpoint("0123456789ab", None);
        let expected = Position { trial: "0123456789ab".to_owned(), step: 4 };
        assert_eq!(Position::read(&checkpoint[..]), Ok(expected.clone()));
        let header = 8 + u64::from_le_bytes(checkpoint[..8].try_into().unwrap()) as usize;
        assert_eq!(Position::read(&checkpoint[..header]), Ok(expected), "no tensor is needed");
        for length in [0, 7, 8, header / 2] {
            let error = Position::read(&checkpoint[..length]).unwrap_err();
            assert!(matches!(error, CheckpointError::Header(_)), "cut to {length}: {error}");
        }
    }

    #[test]
    fn what_is_no_checkpoint_is_refused() {
        let model = trainer(&config()).state_mut().model();
        assert_eq!(Position::read(&model[..]), Err(CheckpointError::NotACheckpoint));
        let endless = [&u64::MAX.to_le_bytes()[..], b"{}"].concat();
        let error = Position::read(&endless[..]).unwrap_err();
        assert!(error.to_string().contains("missing field `__metadata__`"), "{error}");
    }
}
