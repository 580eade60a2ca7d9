//! `--from PATH`: archives and folders that are on disk already. The Python archives beside this
//! file are made by `make_python_archives.py`.

use std::fs;
use std::path::{Path, PathBuf};

use runner::data::{Archive, Cifar100Labels, Fetched, fetch_from, load_archive};

use crate::small::{self, options};

struct Home(tempfile::TempDir);

impl Home {
    fn new() -> Home {
        Home(tempfile::tempdir().expect("a temporary folder"))
    }

    fn data_dir(&self) -> PathBuf {
        self.0.path().join("datasets")
    }

    fn file(&self, name: &str, content: &[u8]) -> PathBuf {
        let path = self.0.path().join(name);
        fs::write(&path, content).expect("writable");
        path
    }

    fn import(&self, archive: &Archive, path: &Path) -> Fetched {
        fetch_from(archive, path, &options(&self.data_dir())).expect("taken")
    }

    fn refusal(&self, archive: &Archive, path: &Path) -> String {
        let error = fetch_from(archive, path, &options(&self.data_dir())).expect_err("refused");
        let here = env!("CARGO_MANIFEST_DIR");
        let text = small::portable(&error, self.0.path(), "").replace(here, "REPOSITORY");
        assert!(!self.data_dir().join(&archive.folder).exists(), "{text}");
        text
    }
}

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name)
}

#[test]
fn the_published_archive_is_taken_without_a_note() {
    let (home, content) = (Home::new(), small::cifar10_tar_gz());
    let mut archive = small::cifar10();
    small::publish(&mut archive, "http://127.0.0.1:1", &content);
    let fetched = home.import(&archive, &home.file("mine.tgz", &content));
    assert_eq!(fetched.sha256, small::cifar10_dataset().sha256);
    assert_eq!(fetched.notes, [""; 0]);
}

#[test]
fn an_archive_packed_anew_is_taken_with_a_note() {
    let (home, content) = (Home::new(), small::cifar10_tar_gz());
    let fetched = home.import(&small::cifar10(), &home.file("mine.tgz", &content));
    assert_eq!(fetched.sha256, small::cifar10_dataset().sha256);
    assert!(fetched.notes[0].contains("not the published c4a38c50a1bc"), "{:?}", fetched.notes);
}

#[test]
fn python_archives_give_the_same_data() {
    for name in ["cifar10-protocol2.tar.gz", "cifar10-protocol0.tar.gz"] {
        let home = Home::new();
        let fetched = home.import(&small::cifar10(), &fixture(name));
        assert_eq!(fetched.sha256, small::cifar10_dataset().sha256, "{name}");
        for (name, content) in small::cifar10_files() {
            assert_eq!(fs::read(fetched.folder.join(&name)).expect("there"), content, "{name}");
        }
    }
    let home = Home::new();
    let archive = small::cifar100();
    home.import(&archive, &fixture("cifar100-python3.tar.gz"));
    for labels in [Cifar100Labels::Fine, Cifar100Labels::Coarse] {
        let dataset = load_archive(&archive, labels, &options(&home.data_dir()));
        assert_eq!(dataset.expect("loaded"), small::cifar100_dataset(labels));
    }
}

#[test]
fn a_pickle_that_would_run_a_command_is_refused() {
    let text = Home::new().refusal(&small::cifar10(), &fixture("cifar10-evil.tar.gz"));
    assert!(
        text.contains("data_batch_1 is not a CIFAR batch: it refers to posix.system"),
        "{text}"
    );
}

#[test]
fn folders_are_taken_whether_named_or_containing() {
    let home = Home::new();
    let folder = home.0.path().join("mine/cifar-10-batches-bin");
    small::write_files(&folder, &small::cifar10_files());
    for path in [folder.clone(), home.0.path().join("mine")] {
        let fetched = home.import(&small::cifar10(), &path);
        assert_eq!(fetched.sha256, small::cifar10_dataset().sha256);
        fs::remove_dir_all(fetched.folder).expect("there");
    }
    assert!(folder.join("test_batch.bin").exists(), "the user's files are copied, not moved");
}

#[test]
fn an_unpacked_python_folder_is_taken() {
    let home = Home::new();
    let packed = fs::File::open(fixture("cifar10-protocol2.tar.gz")).expect("committed");
    let mut tar = tar::Archive::new(flate2::read::GzDecoder::new(packed));
    tar.unpack(home.0.path()).expect("a good archive");
    let fetched = home.import(&small::cifar10(), home.0.path());
    assert_eq!(fetched.sha256, small::cifar10_dataset().sha256);
}

#[test]
fn idx_folders_are_taken_in_every_spelling() {
    let spellings: [fn(&str) -> String; 3] =
        [|name| name.into(), |name| name.replace("-idx", ".idx"), |name| format!("{name}.gz")];
    for spelling in spellings {
        let home = Home::new();
        let files: Vec<_> = small::mnist_files()
            .into_iter()
            .map(|(name, content)| match spelling(&name) {
                name if name.ends_with(".gz") => (name, small::gzip(&content)),
                name => (name, content),
            })
            .collect();
        let folder = home.0.path().join("mine");
        small::write_files(&folder, &files);
        let fetched = home.import(&small::mnist(), &folder);
        assert_eq!(fetched.sha256, small::mnist_dataset().sha256);
    }
}

#[test]
fn what_cannot_be_taken_is_named_with_what_can() {
    let home = Home::new();
    let text = home.file("notes.txt", b"no archive");
    let other = home.file("other.tgz", &small::gzip(&[0; 1024]));
    let mut all = vec![
        home.refusal(&small::cifar10(), &home.0.path().join("nothing")),
        home.refusal(&small::cifar10(), &text),
        home.refusal(&small::cifar10(), &other),
        home.refusal(&small::mnist(), &text),
    ];
    fs::create_dir(home.0.path().join("empty")).expect("writable");
    all.push(home.refusal(&small::cifar100(), &home.0.path().join("empty")));
    insta::assert_snapshot!(all.join("\n\n"));
}
