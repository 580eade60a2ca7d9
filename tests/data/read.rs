//! Reading what is on disk, whole and damaged.

use std::fs;
use std::path::Path;

use runner::data::{Archive, Cifar100Labels, Dataset, FilesStatus, check, load_archive, status};
use runner::{Error, Result};

use crate::small::{self, options};

type Files = Vec<(String, Vec<u8>)>;

/// Loads `files` as `archive` without a network.
fn load(archive: &Archive, files: &Files) -> Result<Dataset, String> {
    let home = tempfile::tempdir().expect("a temporary folder");
    small::write_files(&home.path().join(&archive.folder), files);
    let mut options = options(home.path());
    options.offline = true;
    load_archive(archive, Cifar100Labels::Fine, &options)
        .map_err(|error| portable(&error, home.path()))
}

fn portable(error: &Error, home: &Path) -> String {
    small::portable(error, home, "")
}

#[test]
fn images_and_labels_come_in_the_order_of_the_files() {
    let dataset = load(&small::cifar10(), &small::cifar10_files()).expect("whole");
    assert_eq!(dataset, small::cifar10_dataset());
    let dataset = load(&small::mnist(), &small::mnist_files()).expect("whole");
    assert_eq!(dataset, small::mnist_dataset());
    let dataset = load(&small::cifar100(), &small::cifar100_files()).expect("whole");
    assert_eq!(dataset, small::cifar100_dataset(Cifar100Labels::Fine));
}

#[test]
fn pixels_are_allocated_once() {
    let dataset = load(&small::cifar10(), &small::cifar10_files()).expect("whole");
    assert_eq!(dataset.train.pixels.capacity(), 10 * 3072);
    let dataset = load(&small::mnist(), &small::mnist_files()).expect("whole");
    assert_eq!(dataset.train.pixels.capacity(), 20 * 784);
}

#[test]
fn damaged_cifar_files_are_named() {
    let damage: [fn(&mut Files); 5] = [
        |files| files[2].1.truncate(6000),
        |files| files[2].1.push(0),
        |files| files[5].1[3073] = 10,
        |files| files[6].1 = b"airplane\nbird\n".to_vec(),
        |files| files[6].1 = vec![0xff; 10],
    ];
    let errors = damage.map(|damage| {
        let mut files = small::cifar10_files();
        damage(&mut files);
        load(&small::cifar10(), &files).expect_err("damaged")
    });
    insta::assert_snapshot!(errors.join("\n\n"));
}

#[test]
fn both_labels_of_cifar100_are_validated() {
    for (byte, problem) in [(0, "label 200, must be below 20"), (1, "label 200, must be below 100")]
    {
        let mut files = small::cifar100_files();
        files[1].1[3074 + byte] = 200;
        let text = load(&small::cifar100(), &files).expect_err("damaged");
        assert!(text.contains(&format!("test.bin record 1 has {problem}")), "{text}");
    }
}

#[test]
fn damaged_idx_files_are_named() {
    let damage: [fn(&mut Files); 6] = [
        |files| files[0].1[3] = 1,
        |files| files[0].1[7] = 21,
        |files| files[1].1[8] = 10,
        |files| files[0].1.truncate(600),
        |files| pack(&mut files[2], |content| content.truncate(600)),
        |files| pack(&mut files[2], |content| content.resize(1 << 20, 0)),
    ];
    let errors = damage.map(|damage| {
        let mut files = small::mnist_files();
        damage(&mut files);
        load(&small::mnist(), &files).expect_err("damaged")
    });
    insta::assert_snapshot!(errors.join("\n\n"));
}

fn pack(file: &mut (String, Vec<u8>), damage: impl Fn(&mut Vec<u8>)) {
    damage(&mut file.1);
    file.0.push_str(".gz");
    file.1 = small::gzip(&file.1);
}

#[test]
fn status_tells_missing_from_damaged_and_check_counts_classes() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let archive = small::cifar10();
    assert_eq!(status(&archive, home.path()), FilesStatus::Missing);
    let folder = home.path().join(&archive.folder);
    small::write_files(&folder, &small::cifar10_files());
    assert_eq!(status(&archive, home.path()), FilesStatus::Present);
    let checked = check(&archive, &options(home.path())).expect("whole");
    assert_eq!(checked[0].class_counts[0], [1; 10]);
    assert_eq!(checked[0].class_counts[1], [1, 1, 0, 0, 0, 0, 0, 0, 0, 0]);
    fs::remove_file(folder.join("data_batch_3.bin")).expect("there");
    let damaged = FilesStatus::Damaged("lacks data_batch_3.bin".into());
    assert_eq!(status(&archive, home.path()), damaged);
}
