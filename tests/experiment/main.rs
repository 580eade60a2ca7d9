//! Experiment files as users see them: what the errors look like, and the files in `experiments/`.

mod augmentation;
mod bounds;
mod documented;
mod errors;
mod foreign;
mod layers;
mod mutations;
mod schema_validator;
mod search;
mod shipped;

use std::path::Path;

use runner::Result;
use runner::experiment::{Experiment, MAX_TRIALS};

/// Reads a text as if it stood in `test.toml`.
fn read(text: &[u8], sets: &[&str]) -> Result<Experiment> {
    let sets: Vec<String> = sets.iter().map(|set| (*set).to_owned()).collect();
    Experiment::from_bytes(Path::new("test.toml"), text, &sets, MAX_TRIALS, false)
}

/// The shipped experiment files.
fn shipped() -> Vec<std::path::PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("experiments");
    let entries = std::fs::read_dir(folder).expect("experiments/ is in the repository");
    let mut files: Vec<_> = entries.map(|entry| entry.expect("a readable folder").path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
    files.sort();
    files
}
