//! The weights unchanged: a copy of the run's safetensors file.

use std::path::Path;

use crate::error::{Error, Result};
use crate::output::export::format::{Export, ExportFormat};
use crate::output::export::output::ExportTarget;
use crate::output::export::weights::SavedWeights;

pub(super) static FORMAT: ExportFormat = ExportFormat {
    name: "safetensors",
    help: "A copy of the weights",
    destination: "FILE",
    export: Export::Weights(|saved, _, to| {
        export_safetensors(saved, to.path, to.force).map(|()| String::new())
    }),
};

/// Copies the weights of a run to `path`, byte by byte, after checking that they are intact.
///
/// # Errors
/// If the weights are missing, damaged or of another network; if `path` is there and not `force`, or
/// cannot be written.
fn export_safetensors(saved: &SavedWeights, path: &Path, force: bool) -> Result<()> {
    let output = ExportTarget::file(path, force)?;
    let weights = saved.read()?;
    output.write(|out| out.write_all(&weights.bytes).map_err(Error::io("write", path)))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::output::export::weights::testing::SavedRun;

    #[test]
    fn copy_has_the_same_bytes() {
        let run = SavedRun::new();
        let path = run.exported(export_safetensors, "copy.safetensors");
        let original = fs::read(run.folder.join("model.safetensors")).unwrap();
        assert_eq!(fs::read(path).unwrap(), original);
    }
}
