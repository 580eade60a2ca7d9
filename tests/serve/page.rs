//! The live page as its reader meets it: `runner serve` beside a real sweep, a study and a halving, in a real browser
//! that `drive.py` and `drive_study.py` drive. Without Python or Chromium the tests say that they were skipped; in CI
//! they fail.

use std::env;
use std::fs;
use std::path::Path;
use std::process::Command;

#[test]
fn a_reader_can_follow_a_sweep_in_a_browser() {
    drive("drive.py");
}

#[test]
fn a_reader_can_follow_a_study_and_a_halving() {
    drive("drive_study.py");
}

fn drive(script: &str) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let shots = Path::new(env!("CARGO_TARGET_TMPDIR")).join("serve");
    fs::create_dir_all(&shots).expect("writable");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/serve").join(script);
    let driven = Command::new("python3")
        .env("PYTHONDONTWRITEBYTECODE", "1") // the sources stay as they are
        .arg(&script)
        .args([Path::new(env!("CARGO_BIN_EXE_runner")), folder.path(), &shots])
        .output();
    let Ok(output) = driven else {
        assert!(env::var_os("CI").is_none(), "there is no python3 to drive the browser with");
        println!("skipped: there is no python3");
        return;
    };
    let said = String::from_utf8_lossy(&output.stdout);
    println!("{said}screenshots in {}", shots.display());
    let err = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}{err}");
}
