//! Downloads from a server that misbehaves in every way that was thought of.

use std::time::{Duration, Instant};
use std::{fs, thread};

use runner::data::{
    Cifar100Labels, DownloadLimits, FilesStatus, PROGRESS_BYTES, check, fetch_with, load_archive,
    status,
};

use crate::server::{Answer, Server};
use crate::small::{self, network, options, portable};

/// A server with this script, the archive that it publishes, and a data folder that is not there
/// yet.
macro_rules! setting {
    ($script:expr) => {{
        let content = small::cifar10_tar_gz();
        let server = Server::start({
            let content = content.clone();
            let script = $script;
            move |number, request| script(number, request.range, &content[..])
        });
        let mut archive = small::cifar10();
        small::publish(&mut archive, &server.url, &content);
        let home = tempfile::tempdir().expect("a temporary folder");
        let data_dir = home.path().join("datasets");
        (content, server, archive, home, data_dir)
    }};
}

#[test]
fn a_whole_download_leaves_nothing_but_the_dataset() {
    let (_, server, archive, _home, data_dir) =
        setting!(|_, _, content: &[u8]| Answer::whole(content));
    let fetched = fetch_with(&archive, &options(&data_dir), &network()).expect("fetched");
    assert_eq!(fetched.sha256, small::cifar10_dataset().sha256);
    let expected = [".cifar10.lock", "CACHEDIR.TAG", "cifar-10-batches-bin"];
    assert_eq!(small::listing(&data_dir), expected);
    assert_eq!(small::listing(&fetched.folder).len(), 7); // without the readme

    let mut options = options(&data_dir);
    options.offline = true; // what is here is no matter of the network
    let again = fetch_with(&archive, &options, &network()).expect("there");
    assert!(again.was_present && !fetched.was_present);
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn load_fetches_what_is_missing() {
    let (_, server, archive, _home, data_dir) =
        setting!(|_, _, content: &[u8]| Answer::whole(content));
    for _ in 0..2 {
        let dataset = load_archive(&archive, Cifar100Labels::Fine, &options(&data_dir));
        assert_eq!(dataset.expect("loaded"), small::cifar10_dataset());
    }
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn a_cut_off_download_goes_on_where_it_was() {
    let (_, server, archive, _home, data_dir) =
        setting!(|_, range: Option<usize>, content: &[u8]| match range {
            None => Answer::whole(content).cut_after(700),
            Some(start) => Answer::range(content, start),
        });
    fetch_with(&archive, &options(&data_dir), &network()).expect("fetched");
    let ranges: Vec<_> = server.requests().iter().map(|request| request.range).collect();
    assert_eq!(ranges, [None, Some(700)]);
}

#[test]
fn a_later_process_goes_on_too() {
    let (content, server, archive, _home, data_dir) =
        setting!(|_, range: Option<usize>, content: &[u8]| match range {
            None => Answer::whole(content).cut_after(700),
            Some(start) => Answer::range(content, start),
        });
    let impatient = DownloadLimits { retries: 0, ..network() };
    let error = fetch_with(&archive, &options(&data_dir), &impatient).expect_err("cut off");
    let text = portable(&error, &data_dir, &server.url);
    let text = text.replace(&content.len().to_string(), "LENGTH");
    insta::assert_snapshot!(text);
    fetch_with(&archive, &options(&data_dir), &impatient).expect("goes on");
    assert_eq!(server.requests()[1].range, Some(700));
}

#[test]
fn a_server_that_ignores_ranges_is_downloaded_from_the_start() {
    let (_, server, archive, _home, data_dir) =
        setting!(|number, _, content: &[u8]| match number {
            0 => Answer::whole(content).cut_after(700),
            _ => Answer::whole(content),
        });
    fetch_with(&archive, &options(&data_dir), &network()).expect("fetched");
    assert_eq!(server.requests().len(), 2);
}

#[test]
fn a_refused_or_wrong_range_starts_anew_and_asks_for_no_more_ranges() {
    let refused: fn(&[u8]) -> Answer = |_| Answer::status("416 Range Not Satisfiable");
    let wrong: fn(&[u8]) -> Answer = |content| Answer::range(content, 10);
    for answer in [refused, wrong] {
        let (_, server, archive, _home, data_dir) =
            setting!(move |number, range, content: &[u8]| match (number, range) {
                (0 | 2, None) => Answer::whole(content).cut_after(700),
                (_, Some(_)) => answer(content),
                _ => Answer::whole(content),
            });
        fetch_with(&archive, &options(&data_dir), &network()).expect("fetched");
        let ranges: Vec<_> = server.requests().iter().map(|request| request.range).collect();
        assert_eq!(ranges, [None, Some(700), None, None]);
    }
}

/// Each transfer brings more than what counts as progress, and none of it is new.
#[test]
fn a_server_that_brings_the_same_part_for_ever_is_given_up() {
    let wrong_range: fn(&[u8], usize) -> Answer = |content, _| Answer::range(content, 10);
    let all_again: fn(&[u8], usize) -> Answer =
        |content, cut| Answer::whole(content).cut_after(cut);
    let other_total: fn(&[u8], usize) -> Answer = |content, start| {
        let mut longer = content.to_vec();
        longer.push(0);
        Answer::range(&longer, start)
    };
    for (answer, most, problem) in [
        (wrong_range, 5, "gave up"),
        (all_again, 5, "gave up"),
        (other_total, 2, "is not the published file"),
    ] {
        let content: Vec<u8> = (0..4 * PROGRESS_BYTES).map(|n| (n % 251) as u8).collect();
        let cut = 2 * PROGRESS_BYTES as usize;
        let server = Server::start({
            let content = content.clone();
            move |_, request| match request.range {
                Some(start) => answer(&content, start),
                None => Answer::whole(&content).cut_after(cut),
            }
        });
        let mut archive = small::cifar10();
        small::publish(&mut archive, &server.url, &content);
        let home = tempfile::tempdir().expect("a temporary folder");
        let error = fetch_with(&archive, &options(home.path()), &network()).expect_err("no end");
        assert!(error.to_string().contains(problem), "{error}");
        let requests = server.requests().len();
        assert!((2..=most).contains(&requests), "{requests} requests");
    }
}

#[test]
fn a_shorter_part_than_asked_for_is_taken_and_the_rest_asked_for() {
    let (_, server, archive, _home, data_dir) =
        setting!(|_, range: Option<usize>, content: &[u8]| match range {
            None => Answer::whole(content).cut_after(100),
            Some(start) => Answer::range_of(content, start, 400),
        });
    fetch_with(&archive, &options(&data_dir), &DownloadLimits { retries: 1000, ..network() })
        .expect("fetched");
    let ranges: Vec<_> = server.requests().iter().map(|request| request.range).collect();
    assert_eq!(ranges[..4], [None, Some(100), Some(500), Some(900)]);
}

#[test]
fn a_byte_now_and_then_counts_as_stalled() {
    let (_, server, archive, _home, data_dir) = setting!(|_, _, content: &[u8]| {
        Answer::whole(content).in_pieces(1000).pausing(Duration::from_millis(50))
    });
    let network = DownloadLimits { retries: 1, ..network() };
    let error = fetch_with(&archive, &options(&data_dir), &network).expect_err("too slow");
    assert!(error.to_string().contains("gave up, it sent "), "{error}");
    assert_eq!(server.requests().len(), 2);
}

#[test]
fn secrets_in_the_address_of_a_mirror_reach_the_server_and_nobody_else() {
    let (content, server, mut archive, _home, data_dir) =
        setting!(|_, _, _: &[u8]| Answer::status("404 Not Found"));
    small::publish(&mut archive, "http://127.0.0.1:1", &content);
    let mut options = options(&data_dir);
    let host = server.url.strip_prefix("http://").expect("a server's address");
    options.mirror = Some(format!("http://user:secret@{host}/pub?token=hidden"));
    let error = fetch_with(&archive, &options, &network()).expect_err("404").to_string();
    assert!(!error.contains("secret") && !error.contains("hidden"), "{error}");
    assert!(error.contains(&format!("http://{host}/pub/cifar-10-binary.tar.gz")), "{error}");
    assert_eq!(server.requests()[0].path, "/pub/cifar-10-binary.tar.gz?token=hidden");
}

#[test]
fn a_wrong_hash_names_both_and_removes_the_file() {
    let (_, server, mut archive, _home, data_dir) =
        setting!(|_, _, content: &[u8]| Answer::whole(content));
    archive.downloads[0].sha256 = "c0ffee".repeat(10) + "c0ff";
    let error = fetch_with(&archive, &options(&data_dir), &network()).expect_err("wrong");
    let text = portable(&error, &data_dir, &server.url);
    let found = small::sha256(&small::cifar10_tar_gz());
    insta::assert_snapshot!(text.replace(&found, "HASH-OF-THE-FILE"));
    assert_eq!(small::listing(&data_dir), [".cifar10.lock", "CACHEDIR.TAG"]);
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn a_file_of_another_size_is_not_downloaded() {
    let (_, server, archive, _home, data_dir) =
        setting!(|_, _, content: &[u8]| Answer::whole(&content[..900]));
    let error = fetch_with(&archive, &options(&data_dir), &network()).expect_err("changed");
    assert!(error.to_string().contains("is not the published file: it has 900 bytes"), "{error}");
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn an_endless_body_is_cut_at_the_published_size() {
    let (_, server, archive, _home, data_dir) = setting!(|_, _, content: &[u8]| {
        Answer::whole(&[content, content].concat()).without_length()
    });
    let error = fetch_with(&archive, &options(&data_dir), &network()).expect_err("too long");
    assert!(error.to_string().contains("is not the published file"), "{error}");
    assert_eq!(small::listing(&data_dir), [".cifar10.lock", "CACHEDIR.TAG"]);
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn not_found_is_final_and_says_what_to_do() {
    let (_, server, archive, _home, data_dir) =
        setting!(|_, _, _: &[u8]| Answer::status("404 Not Found"));
    let error = fetch_with(&archive, &options(&data_dir), &network()).expect_err("404");
    insta::assert_snapshot!(portable(&error, &data_dir, &server.url));
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn a_busy_server_is_asked_again() {
    let (_, server, archive, _home, data_dir) =
        setting!(|number, _, content: &[u8]| match number {
            0 | 1 => Answer::status("503 Service Unavailable"),
            _ => Answer::whole(content),
        });
    fetch_with(&archive, &options(&data_dir), &network()).expect("fetched");
    assert_eq!(server.requests().len(), 3);
}

#[test]
fn a_slow_server_is_waited_for_and_a_stalled_one_is_not() {
    for (pause, succeeds) in [(100, true), (5_000, false)] {
        let (_, server, archive, _home, data_dir) = setting!(move |_, _, content: &[u8]| {
            Answer::whole(content).pausing(Duration::from_millis(pause))
        });
        let network = DownloadLimits { retries: 1, ..network() };
        let started = Instant::now();
        let fetched = fetch_with(&archive, &options(&data_dir), &network);
        assert_eq!(fetched.is_ok(), succeeds, "{fetched:?}");
        assert!(started.elapsed() < Duration::from_secs(4));
        assert_eq!(server.requests().len(), if succeeds { 1 } else { 2 });
    }
}

#[test]
fn a_mirror_is_asked_instead() {
    let (content, server, mut archive, _home, data_dir) =
        setting!(|_, _, content: &[u8]| Answer::whole(content));
    small::publish(&mut archive, "http://127.0.0.1:1", &content);
    let mut options = options(&data_dir);
    options.mirror = Some(format!("{}/pub/", server.url));
    fetch_with(&archive, &options, &network()).expect("fetched");
    assert_eq!(server.requests()[0].path, "/pub/cifar-10-binary.tar.gz");
}

#[test]
fn offline_names_the_files_and_where_they_go() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let mut options = options(home.path());
    options.offline = true;
    for (name, archive) in [("offline_cifar10", "cifar10"), ("offline_mnist", "mnist")] {
        let archive = runner::data::Archive::named(archive).expect("in the catalog");
        let error = load_archive(&archive, Cifar100Labels::Fine, &options).expect_err("missing");
        insta::assert_snapshot!(name, portable(&error, home.path(), ""));
    }
}

#[test]
fn four_fetches_at_once_download_once() {
    let (_, server, archive, _home, data_dir) = setting!(|_, _, content: &[u8]| {
        Answer::whole(content).pausing(Duration::from_millis(100))
    });
    thread::scope(|scope| {
        let fetch = || fetch_with(&archive, &options(&data_dir), &network());
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(fetch)).collect();
        for thread in threads {
            thread.join().expect("no panic").expect("fetched");
        }
    });
    assert_eq!(server.requests().len(), 1);
    assert_eq!(status(&archive, &data_dir), FilesStatus::Present);
}

#[test]
fn a_damaged_folder_is_moved_aside() {
    let (_, _server, archive, _home, data_dir) =
        setting!(|_, _, content: &[u8]| Answer::whole(content));
    let fetched = fetch_with(&archive, &options(&data_dir), &network()).expect("fetched");
    fs::write(fetched.folder.join("test_batch.bin"), b"short").expect("writable");
    check(&archive, &options(&data_dir)).expect_err("damaged");
    let fetched = fetch_with(&archive, &options(&data_dir), &network()).expect("fetched");
    assert!(fetched.notes[0].ends_with("cifar-10-batches-bin.old-1"), "{:?}", fetched.notes);
    check(&archive, &options(&data_dir)).expect("whole");
}

#[test]
fn the_four_files_of_mnist_are_kept_as_they_come() {
    let mut archive = small::mnist();
    let files = small::mnist_files();
    let packed: Vec<Vec<u8>> = files.iter().map(|(_, content)| small::gzip(content)).collect();
    for (download, content) in archive.downloads.iter_mut().zip(&packed) {
        download.sha256 = small::sha256(content);
        download.bytes = content.len() as u64;
    }
    let server = Server::start(move |_, request| {
        let asked = |name: &str| request.path == format!("/{name}.gz");
        let at = files.iter().position(|(name, _)| asked(name)).expect("one of the four");
        Answer::whole(&packed[at])
    });
    let home = tempfile::tempdir().expect("a temporary folder");
    let mut options = options(home.path());
    options.mirror = Some(server.url.clone());
    let fetched = fetch_with(&archive, &options, &network()).expect("fetched");
    assert_eq!(fetched.sha256, small::mnist_dataset().sha256);
    assert_eq!(small::listing(&fetched.folder).len(), 4);
    assert_eq!(small::listing(home.path()), [".mnist.lock", "mnist"]);
}
