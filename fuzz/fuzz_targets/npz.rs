//! A `.npz` file of the user's own. The first byte says whether the rest is the zip file itself, or a `.npy`
//! file that is still to be packed as `x_train`, beside plain labels: random changes would hardly ever get past
//! the checksums of zip.
#![no_main]

use std::fs;
use std::path::PathBuf;
use std::sync::OnceLock;

use libfuzzer_sys::fuzz_target;
use runner::data::npz::read_hostile;
use runner_fuzz::{scratch, stored_zip};

fn file() -> &'static PathBuf {
    static FILE: OnceLock<PathBuf> = OnceLock::new();
    FILE.get_or_init(|| scratch().join("arrays.npz"))
}

fuzz_target!(|data: &[u8]| {
    let Some((&first, rest)) = data.split_first() else { return };
    let labels = b"\x93NUMPY\x01\x00\x3c\x00{'descr': '|u1', 'fortran_order': False, 'shape': (4,), }  \n\
        \x00\x01\x00\x01";
    let content = match first % 3 {
        0 => rest.to_vec(),
        1 => stored_zip(&[("x_train.npy", rest), ("y_train.npy", labels)]),
        _ => stored_zip(&[("x_train.npy", labels), ("y_train.npy", rest)]),
    };
    fs::write(file(), content).expect("writable");
    read_hostile(file());
});
