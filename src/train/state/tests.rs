use crate::train::testing::{config, dataset_config, trainer};

#[test]
fn checkpoints_read_back_and_every_damage_is_noticed() {
    let mut trained = trainer(&config());
    trained.run(&mut |_, _| Ok(crate::train::Flow::Continue)).unwrap();
    let whole = trained.state_mut().checkpoint("id", None);
    let restore = |bytes: &[u8]| trainer(&config()).state_mut().restore(bytes, "id");
    assert_eq!(restore(&whole), Ok(None));
    for length in [0, 1, 7, 8, 100, whole.len() / 2, whole.len() - 1] {
        assert!(restore(&whole[..length]).is_err(), "cut to {length}");
    }
    for position in (0..whole.len()).step_by(97) {
        let mut flipped = whole.clone();
        flipped[position] ^= 4;
        assert!(restore(&flipped).is_err(), "flipped at {position}");
    }
}

#[test]
fn checkpoints_that_counted_wrong_are_refused() {
    let mut forged = trainer(&config());
    forged.state_mut().progress.loss_steps = u64::MAX;
    let checkpoint = forged.state_mut().checkpoint("id", None);
    let refusal = trainer(&config()).state_mut().restore(&checkpoint, "id").unwrap_err();
    assert_eq!(refusal, "counts more losses than steps");
}

#[test]
fn checkpoints_of_other_trials_are_refused() {
    let checkpoint = trainer(&config()).state_mut().checkpoint("this", None);
    let refusal = trainer(&config()).state_mut().restore(&checkpoint, "that").unwrap_err();
    assert_eq!(refusal, "is of run \"this\", not of that");
}

#[test]
fn checkpoints_of_other_numerics_are_refused() {
    let version = super::numerics_version(&dataset_config(), &config().network);
    let ours = format!("numerics\\\":{version}");
    let mut checkpoint = trainer(&config()).state_mut().checkpoint("id", None);
    let at = checkpoint.windows(ours.len()).position(|window| window == ours.as_bytes());
    checkpoint[at.expect("the header has it") + ours.len() - 1] = b'1';
    let refusal = trainer(&config()).state_mut().restore(&checkpoint, "id").unwrap_err();
    assert!(refusal.starts_with("has numerics 1, this program has "), "{refusal}");
}

#[test]
fn same_state_gives_the_same_bytes() {
    let bytes = || trainer(&config()).state_mut().checkpoint("id", None);
    assert_eq!(bytes(), bytes());
    assert_eq!(trainer(&config()).state_mut().model(), trainer(&config()).state_mut().model());
}
