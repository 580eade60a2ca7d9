//! Archives that must not be unpacked, each published with its right hash: the limits hold whoever
//! made the archive.

use runner::data::{fetch_from, fetch_with};
use tar::{Builder, EntryType};

use crate::server::{Answer, Server};
use crate::small::{self, add, add_entry, gzip, network, options};

const FOLDER: &str = "cifar-10-batches-bin";

/// Fetches `content` as the archive of the small CIFAR-10; the error's text, once nothing but the
/// lock is left.
fn refusal(content: Vec<u8>) -> String {
    let mut archive = small::cifar10();
    let server = Server::start({
        let content = content.clone();
        move |_, _| Answer::whole(&content)
    });
    small::publish(&mut archive, &server.url, &content);
    let home = tempfile::tempdir().expect("a temporary folder");
    let data_dir = home.path().join("inner/datasets");
    let error = fetch_with(&archive, &options(&data_dir), &network()).expect_err("refused");
    assert_eq!(small::listing(&data_dir), [".cifar10.lock", "CACHEDIR.TAG"], "{error}");
    assert_eq!(small::listing(home.path()), ["inner"]);
    assert_eq!(small::listing(&home.path().join("inner")), ["datasets"]);
    small::portable(&error, &data_dir, &server.url)
}

/// A good archive with one more entry before it.
fn with_entry(path: &str, kind: EntryType, content: &[u8]) -> Vec<u8> {
    let mut tar = Builder::new(Vec::new());
    add_entry(&mut tar, path, kind, content);
    for (name, content) in small::cifar10_files() {
        add(&mut tar, &format!("{FOLDER}/{name}"), &content);
    }
    gzip(&tar.into_inner().expect("memory is writable"))
}

#[test]
fn paths_that_leave_the_folder_are_refused() {
    for path in ["../evil", "cifar-10-batches-bin/../../evil", "/tmp/evil"] {
        let text = refusal(with_entry(path, EntryType::Regular, b"evil"));
        assert!(text.contains(&format!("holds the path \"{path}\"")), "{text}");
    }
}

#[test]
fn links_and_devices_are_refused() {
    let path = "cifar-10-batches-bin/data_batch_1.bin";
    for kind in [EntryType::Symlink, EntryType::Link] {
        let text = refusal(with_entry(path, kind, b""));
        assert!(text.contains(&format!("holds the link \"{path}\"")), "{text}");
    }
    let text = refusal(with_entry(path, EntryType::Fifo, b""));
    assert!(text.contains("which is not a file"), "{text}");
}

#[test]
fn a_file_of_another_size_is_refused() {
    let path = "cifar-10-batches-bin/data_batch_1.bin";
    let text = refusal(with_entry(path, EntryType::Regular, &[0; 9000]));
    assert!(text.contains("data_batch_1.bin has 9000 bytes, must have 6146"), "{text}");
}

#[test]
fn a_file_that_is_there_twice_is_refused() {
    let path = "cifar-10-batches-bin/data_batch_1.bin";
    let text = refusal(with_entry(path, EntryType::Regular, &[0; 6146]));
    assert!(text.contains("holds cifar-10-batches-bin/data_batch_1.bin twice"), "{text}");
}

#[test]
fn a_bomb_is_refused() {
    let text = refusal(with_entry("bomb", EntryType::Regular, &vec![0; 20 << 20]));
    assert!(text.contains("it unpacks to more than"), "{text}");
}

#[test]
fn truncated_and_damaged_archives_are_refused() {
    let whole = small::cifar10_tar_gz();
    let truncated = whole[..whole.len() - 5].to_vec();
    let text = refusal(truncated);
    assert!(text.contains("cannot be unpacked"), "{text}");
    let mut flipped = whole;
    let at = flipped.len() - 6; // in the checksum at the end
    flipped[at] ^= 1;
    let text = refusal(flipped);
    assert!(text.contains("cannot be unpacked"), "{text}");
}

#[test]
fn an_archive_that_lacks_a_file_is_refused() {
    let mut tar = Builder::new(Vec::new());
    for (name, content) in small::cifar10_files().into_iter().skip(1) {
        add(&mut tar, &format!("{FOLDER}/{name}"), &content);
    }
    let text = refusal(gzip(&tar.into_inner().expect("memory is writable")));
    assert!(text.contains("data_batch_1.bin is missing"), "{text}");
}

#[test]
fn long_names_are_passed_over_and_not_kept_in_memory() {
    let home = tempfile::tempdir().expect("a temporary folder");
    for kind in [EntryType::GNULongName, EntryType::GNULongLink, EntryType::XHeader] {
        let path = home.path().join("archive.tar.gz");
        std::fs::write(&path, with_entry("long", kind, b"../evil\0")).expect("writable");
        let options = options(&home.path().join("datasets"));
        let fetched = fetch_from(&small::cifar10(), &path, &options).expect("taken");
        assert_eq!(fetched.sha256, small::cifar10_dataset().sha256, "{kind:?}");
        assert_eq!(small::listing(home.path()), ["archive.tar.gz", "datasets"]);
        std::fs::remove_dir_all(home.path().join("datasets")).expect("there");
    }
    for kind in [EntryType::GNULongName, EntryType::XHeader] {
        let text = refusal(with_entry("long", kind, &vec![b'n'; 20 << 20]));
        assert!(text.contains("it unpacks to more than"), "{text}");
    }
}

#[test]
fn a_file_that_announces_more_than_there_is_is_refused() {
    let mut tar = Builder::new(Vec::new());
    add(&mut tar, &format!("{FOLDER}/data_batch_1.bin"), &[0; 6146]);
    let mut tar = tar.into_inner().expect("memory is writable");
    for announced in [u64::MAX, 1 << 62, 1 << 40, 8 << 30, 6147] {
        let mut header = tar::Header::new_gnu();
        header.set_path(format!("{FOLDER}/data_batch_1.bin")).expect("a short name");
        header.set_mode(0o644);
        header.set_size(announced);
        header.set_cksum();
        tar[..512].copy_from_slice(header.as_bytes());
        let text = refusal(gzip(&tar));
        let refused = format!("has {announced} bytes, must have 6146");
        assert!(text.contains(&refused) || text.contains("size overflow"), "{text}");
        header.set_path("readme").expect("a short name"); // not wanted: read past, as far as there is
        header.set_cksum();
        tar[..512].copy_from_slice(header.as_bytes());
        refusal(gzip(&tar));
    }
}
