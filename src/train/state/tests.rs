use crate::train::checkpoint::CheckpointError;
use crate::train::testing::{config, dataset_config, trainer};

/// Why a fresh trainer of the trial `id` does not use a checkpoint; none if it does.
fn refusal(bytes: &[u8], id: &str) -> Option<CheckpointError> {
    let mut trainer = trainer(&config());
    let state = trainer.state_mut();
    let before = state.checkpoint(id, None);
    let refused = match state.decode(bytes, id) {
        Ok(checkpoint) => {
            state.restore(&checkpoint);
            return (state.checkpoint(id, None) != bytes).then_some(CheckpointError::Checksum);
        }
        Err(refusal) => refusal,
    };
    assert!(state.checkpoint(id, None) == before, "what is refused changes nothing");
    Some(refused)
}

#[test]
fn checkpoints_read_back_and_every_damage_is_noticed() {
    let mut trained = trainer(&config());
    trained.run(&mut |_, _| Ok(crate::train::Flow::Continue)).unwrap();
    let whole = trained.state_mut().checkpoint("id", None);
    assert_eq!(refusal(&whole, "id"), None);
    for length in [0, 1, 7, 8, 100, whole.len() / 2, whole.len() - 1] {
        assert!(refusal(&whole[..length], "id").is_some(), "cut to {length}");
    }
    for position in (0..whole.len()).step_by(97) {
        let mut flipped = whole.clone();
        flipped[position] ^= 4;
        assert!(refusal(&flipped, "id").is_some(), "flipped at {position}");
    }
    let tensor = whole.len() - 4;
    let mut flipped = whole;
    flipped[tensor] ^= 4;
    assert_eq!(refusal(&flipped, "id"), Some(CheckpointError::Checksum));
}

/// A checkpoint with other text of equal length in its header.
fn edited(mut checkpoint: Vec<u8>, from: &str, to: &str) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let at = checkpoint.windows(from.len()).position(|window| window == from.as_bytes());
    let at = at.expect("the header has it");
    checkpoint[at..at + to.len()].copy_from_slice(to.as_bytes());
    checkpoint
}

#[test]
fn every_part_of_the_position_is_in_the_checksum() {
    let checkpoint = trainer(&config()).state_mut().checkpoint("id", None);
    for (from, to) in
        [("\\\"step\\\":0", "\\\"step\\\":1"), ("_start\\\":false", "_start\\\": true")]
    {
        let edited = edited(checkpoint.clone(), from, to);
        assert_eq!(refusal(&edited, "id"), Some(CheckpointError::Checksum), "{to}");
    }
    let later = edited(checkpoint, "layout\\\":2", "layout\\\":3");
    assert_eq!(refusal(&later, "id"), Some(CheckpointError::Layout(3)));
}

#[test]
fn checkpoints_that_counted_wrong_are_refused() {
    let mut forged = trainer(&config());
    forged.state_mut().progress.loss_steps = u64::MAX;
    let checkpoint = forged.state_mut().checkpoint("id", None);
    assert_eq!(refusal(&checkpoint, "id"), Some(CheckpointError::Losses));
}

#[test]
fn checkpoints_of_other_trials_are_refused() {
    let checkpoint = trainer(&config()).state_mut().checkpoint("this", None);
    let refusal = refusal(&checkpoint, "that").unwrap().to_string();
    assert_eq!(refusal, "belongs to run \"this\", not to that");
}

#[test]
fn checkpoints_of_other_numerics_are_refused() {
    let own = super::numerics_version(&dataset_config(), &config().network);
    let text = format!("numerics\\\":{own}");
    let checkpoint = trainer(&config()).state_mut().checkpoint("id", None);
    let edited = edited(checkpoint, &text, "numerics\\\":1");
    assert_eq!(refusal(&edited, "id"), Some(CheckpointError::Numerics { found: 1, own }));
}

#[test]
fn same_state_gives_the_same_bytes() {
    let bytes = || trainer(&config()).state_mut().checkpoint("id", None);
    assert_eq!(bytes(), bytes());
    assert_eq!(trainer(&config()).state_mut().model(), trainer(&config()).state_mut().model());
}
