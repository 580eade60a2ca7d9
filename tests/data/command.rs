//! `runner data` through its function: what it prints and how it fails.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use runner::cli::data::{DataCommand, run_to};
use runner::table::Format;
use runner::{Error, Result};

use crate::small::{options, portable};

fn output(command: &DataCommand, data_dir: &Path) -> (String, Result<()>) {
    let mut out = Vec::new();
    let result = run_to(&mut out, command, &options(data_dir));
    let text = String::from_utf8(out).expect("text");
    (text.replace(&data_dir.display().to_string(), "DATA"), result)
}

fn check(name: &str) -> DataCommand {
    DataCommand::Check { name: Some(name.into()) }
}

#[test]
fn list_shows_every_dataset() {
    let home = tempfile::tempdir().expect("a temporary folder");
    fs::create_dir(home.path().join("mnist")).expect("writable");
    fs::write(home.path().join("mnist/train-images-idx3-ubyte"), b"short").expect("writable");
    let (text, result) = output(&DataCommand::List { format: Format::Csv }, home.path());
    result.expect("listed");
    insta::assert_snapshot!(text);
}

#[test]
fn check_fails_for_what_is_missing_or_damaged() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let (text, result) = output(&DataCommand::Check { name: None }, home.path());
    result.expect("nothing is here, nothing is damaged");
    assert_eq!(text, "no datasets in DATA\n");
    let (_, result) = output(&check("cifar10"), home.path());
    let missing = portable(&result.expect_err("missing"), home.path(), "");
    fs::create_dir(home.path().join("cifar-10-batches-bin")).expect("writable");
    fs::write(home.path().join("cifar-10-batches-bin/data_batch_1.bin"), b"1").expect("writable");
    let (_, result) = output(&DataCommand::Check { name: None }, home.path());
    let damaged = portable(&result.expect_err("damaged"), home.path(), "");
    insta::assert_snapshot!(format!("{missing}\n\n{damaged}"));
}

#[test]
fn an_unknown_name_is_a_usage_error() {
    let home = tempfile::tempdir().expect("a temporary folder");
    for name in ["cifar", "synthetic"] {
        let (_, result) = output(&check(name), home.path());
        assert_eq!(result.expect_err("unknown").exit_code(), 2);
    }
}

#[test]
fn a_closed_pipe_is_an_error_and_no_panic() {
    struct Closed;
    impl Write for Closed {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::BrokenPipe.into())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let home = tempfile::tempdir().expect("a temporary folder");
    let result =
        run_to(&mut Closed, &DataCommand::List { format: Format::Csv }, &options(home.path()));
    let Err(Error::Io { source, .. }) = result else {
        panic!("{result:?}");
    };
    assert_eq!(source.kind(), io::ErrorKind::BrokenPipe);
}
