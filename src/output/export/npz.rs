//! Weights for NumPy, under the names and in the orientation of "Deep Learning from Scratch"
//! (Saitoh, O'Reilly Japan, 2016): `W1` is `[in, out]`, its bias `b1`, and the batch norm behind it
//! `gamma1`, `beta1`, `running_mean1`, `running_var1`. Convolutions and linear layers are counted
//! together; a second norm after one of them has `gamma1_2` and so on, and one before the first of
//! them `gamma0`.

use std::io::{Cursor, Write};
use std::path::Path;

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use crate::error::{Error, Result};
use crate::nn::Module;
use crate::output::export::format::{Export, ExportFormat};
use crate::output::export::modules::tensors;
use crate::output::export::output::ExportTarget;
use crate::output::export::weights::{SavedWeights, Tensor, Weights};
use crate::runs::npy::npy_f32;

pub(super) static FORMAT: ExportFormat = ExportFormat {
    name: "npz",
    help: "Weights for NumPy: W1 as [in, out], b1, gamma1 ...",
    destination: "FILE",
    export: Export::Weights(|saved, _, to| {
        export_npz(saved, to.path, to.force).map(|()| String::new())
    }),
};

/// Writes the weights of a run as a `.npz`, which `numpy.load` reads. The same weights give the same
/// bytes.
///
/// # Errors
/// If the run has no such weights or they are damaged; if `path` is there and not `force`, or cannot be
/// written.
fn export_npz(saved: &SavedWeights, path: &Path, force: bool) -> Result<()> {
    let output = ExportTarget::file(path, force)?;
    let arrays = arrays(&saved.read()?);
    let archive = archive(&arrays)
        .map_err(|e| Error::Unexpected(format!("cannot write {}: {e}", path.display())))?;
    output.write(|out| out.write_all(&archive).map_err(Error::io("write", path)))
}

/// Names and contents of the arrays, in the order of the network.
fn arrays(weights: &Weights) -> Vec<(String, Vec<u8>)> {
    let mut arrays = Vec::new();
    let mut depth = 0; // of the newest linear layer or convolution, from 1
    let mut norms = 0; // behind it so far
    for module in weights.modules.iter().flat_map(Module::all) {
        let has_weight = module.role().has_weight();
        let tensors = tensors(module);
        (depth, norms) = match has_weight {
            true => (depth + 1, 0),
            false => (depth, norms + usize::from(!tensors.is_empty())),
        };
        let place = match norms {
            0 | 1 => depth.to_string(),
            _ => format!("{depth}_{norms}"),
        };
        for (path, _) in tensors {
            let name = match path.rsplit_once('.').map_or("", |(_, name)| name) {
                "weight" if has_weight => "W",
                "bias" if has_weight => "b",
                "weight" => "gamma",
                "bias" => "beta",
                other => other,
            };
            arrays.push((format!("{name}{place}.npy"), npy_of(&weights.tensor(&path))));
        }
    }
    arrays
}

/// A matrix becomes its transpose: `[out, in]` is PyTorch's orientation, `[in, out]` the book's. Kernels
/// `[out, in, height, width]` are the same in both.
fn npy_of(tensor: &Tensor) -> Vec<u8> {
    let Tensor { shape, values } = tensor;
    match shape[..] {
        [rows, cols] => {
            let column = |col| (0..rows).map(move |row| values[row * cols + col]);
            npy_f32(&[cols, rows], (0..cols).flat_map(column))
        }
        _ => npy_f32(shape, values.iter().copied()),
    }
}

fn archive(arrays: &[(String, Vec<u8>)]) -> zip::result::ZipResult<Vec<u8>> {
    // numpy.savez also stores without compressing; the time is fixed, so that the bytes are.
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        .last_modified_time(DateTime::default());
    let mut writer = ZipWriter::new(Cursor::new(Vec::new())).set_auto_large_file();
    for (name, bytes) in arrays {
        writer.start_file(name, options)?;
        writer.write_all(bytes)?;
    }
    Ok(writer.finish()?.into_inner())
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::io::Read;

    use super::*;
    use crate::nn::Shape;
    use crate::nn::drawn::{DrawnNetwork, draw};
    use crate::output::export::weights::testing::{SavedRun, network_of};

    #[test]
    fn arrays_have_the_names_and_orientation_of_the_book() {
        let run = SavedRun::new();
        let path = run.exported(export_npz, "weights.npz");
        let mut archive = zip::ZipArchive::new(fs::File::open(&path).unwrap()).unwrap();
        let names: Vec<String> = archive.file_names().map(str::to_owned).collect();
        let expected = ["W1", "b1", "gamma1", "beta1", "running_mean1", "running_var1", "W2", "b2"];
        assert_eq!(names, expected.map(|name| format!("{name}.npy")));
        let mut bytes = Vec::new();
        archive.by_name("W2.npy").unwrap().read_to_end(&mut bytes).unwrap();
        // [out, in] = [[0, 1, 2], [3, 4, 5]]
        assert_eq!(bytes, npy_f32(&[3, 2], [0.0, 3.0, 1.0, 4.0, 2.0, 5.0].into_iter()));
    }

    /// The names of the arrays of a network, and how many tensors it has.
    fn names(drawn: &DrawnNetwork) -> (Vec<String>, usize) {
        let run = SavedRun::of(&drawn.network, drawn.input, drawn.classes);
        let path = run.exported(export_npz, "weights.npz");
        let archive = zip::ZipArchive::new(fs::File::open(&path).unwrap()).unwrap();
        let names = archive.file_names().map(str::to_owned).collect();
        let modules = drawn.network.modules(drawn.input, drawn.classes).unwrap();
        (names, modules.iter().flat_map(Module::all).flat_map(tensors).count())
    }

    #[test]
    fn every_network_has_an_array_for_each_tensor() {
        let mut are_numbered = 0;
        for number in 0..200 {
            let drawn = draw(number);
            let (names, tensors) = names(&drawn);
            let distinct: std::collections::BTreeSet<&String> = names.iter().collect();
            assert_eq!((distinct.len(), names.len()), (tensors, tensors), "{number}: {drawn:?}");
            are_numbered += usize::from(
                names.iter().any(|name| name.contains('_') && name.starts_with("gamma")),
            );
        }
        assert!(are_numbered > 20, "{are_numbered}");
    }

    #[test]
    fn second_norm_behind_a_layer_is_numbered() {
        let text = r#"
            kind = "layers"
            layers = [
                { kind = "batch_norm" },
                { kind = "conv2d", filters = 2, kernel_size = 1 },
                { kind = "batch_norm" },
                { kind = "relu" },
                { kind = "residual", layers = [
                    { kind = "layer_norm" },
                    { kind = "conv2d", filters = 2, kernel_size = 1, bias = false },
                ] },
                { kind = "batch_norm" },
                { kind = "flatten" },
                { kind = "linear" },
            ]
        "#;
        let network = network_of(text);
        let (names, _) =
            names(&DrawnNetwork { network, input: Shape::from([3, 2, 2]), classes: 2 });
        let norm = |place: &str| {
            ["gamma", "beta", "running_mean", "running_var"].map(|name| format!("{name}{place}"))
        };
        let words = |words: &str| words.split(' ').map(str::to_owned).collect::<Vec<_>>();
        let expected = [
            &norm("0")[..],
            &words("W1 b1"),
            &norm("1"),
            &words("gamma1_2 beta1_2 W2"),
            &norm("2"),
            &words("W3 b3"),
        ];
        assert_eq!(names, expected.concat().iter().map(|n| format!("{n}.npy")).collect::<Vec<_>>());
    }

    #[test]
    fn same_weights_give_the_same_bytes() {
        let run = SavedRun::new();
        let bytes = |name: &str| fs::read(run.exported(export_npz, name)).unwrap();
        assert_eq!(bytes("a.npz"), bytes("b.npz"));
    }
}
