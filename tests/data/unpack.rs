//! Archives that must not be unpacked, each published with its right hash: the limits hold whoever
//! made the archive.

use runner::data::fetch_with;
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
    assert!(text.contains("which is no file"), "{text}");
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
