//! Claims and writes, with owners that are alive, gone, or silent.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use std::{fs, thread};

use super::*;
use crate::error::Error;
use crate::runs::folder::claim_file::{ClaimFile, claim_path, names_in};
use crate::runs::folder::process::NOBODY;

const TIMEOUT: Duration = Duration::from_secs(60);

fn claims() -> Claims {
    Claims::new(Arc::new(RealDisk), TIMEOUT).unwrap()
}

fn granted(claims: &Claims, folder: &Path, recorded: u64) -> Claim {
    match claims.take(folder, || Ok(recorded)).unwrap() {
        ClaimResult::Granted(claim) => claim,
        other => panic!("{other:?}"),
    }
}

/// Writes the claim of another process, whose last heartbeat was at `beat`.
fn write_claim(folder: &Path, attempt: u64, owner: Owner, timeout: Duration, beat: SystemTime) {
    let timeout_seconds = timeout.as_secs_f64();
    let file = ClaimFile { owner, number: 0, timeout_seconds, token: String::new() };
    let path = claim_path(folder, attempt);
    fs::write(&path, serde_json::to_vec(&file).unwrap()).unwrap();
    fs::File::options().write(true).open(path).unwrap().set_modified(beat).unwrap();
}

fn of_the_dead() -> Owner {
    Owner { pid: NOBODY, ..Owner::this_process() }
}

fn of_another_host() -> Owner {
    Owner { host: "another-host".to_owned(), ..Owner::this_process() }
}

#[test]
fn a_claim_excludes_others_until_it_is_dropped() {
    let folder = tempfile::tempdir().unwrap();
    let run = folder.path().join("runs/run");
    let (first, second) = (claims(), claims());
    let claim = granted(&first, &run, 0);
    assert_eq!(claim.attempt(), 1);
    let held = second.take(&run, || Ok(1)).unwrap();
    assert!(matches!(held, ClaimResult::HeldBy(owner) if owner == Owner::this_process()));
    assert!(is_held(&run));
    drop(claim);
    assert!(!is_held(&run));
    assert_eq!(granted(&second, &run, 1).attempt(), 2);
}

#[test]
fn a_dead_owner_is_succeeded_and_its_leftovers_removed() {
    let folder = tempfile::tempdir().unwrap();
    write_claim(folder.path(), 3, of_the_dead(), TIMEOUT, SystemTime::now());
    fs::write(folder.path().join(".metrics.csv.3-77-0.tmp"), "half").unwrap();
    assert!(!is_held(folder.path()));
    let claims = claims();
    let claim = granted(&claims, folder.path(), 3);
    assert_eq!(claim.attempt(), 4);
    assert_eq!(names_in(folder.path()).unwrap(), ["claim-4.json"]);
    claim.check().unwrap();
}

#[test]
fn an_attempt_that_cannot_be_counted_on_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let claims = claims();
    let error = claims.take(folder.path(), || Ok(u64::MAX)).unwrap_err();
    assert!(matches!(error, Error::Damaged { .. }), "{error}");
    write_claim(folder.path(), u64::MAX, of_the_dead(), TIMEOUT, SystemTime::now());
    let error = claims.take(folder.path(), || Ok(0)).unwrap_err();
    assert!(matches!(error, Error::Damaged { .. }), "{error}");
}

#[test]
fn one_of_many_threads_gets_the_claim() {
    let folder = tempfile::tempdir().unwrap();
    let barrier = std::sync::Barrier::new(8);
    let granted = thread::scope(|scope| {
        let ask = || {
            let claims = claims();
            barrier.wait();
            let result = claims.take(folder.path(), || Ok(0)).unwrap();
            barrier.wait(); // no claim is dropped before all have asked
            matches!(result, ClaimResult::Granted(_))
        };
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(ask)).collect();
        threads.into_iter().map(|t| t.join().unwrap()).filter(|&granted| granted).count()
    });
    assert_eq!(granted, 1);
}

#[test]
fn an_owner_on_another_host_is_succeeded_after_the_timeout_without_a_heartbeat() {
    let folder = tempfile::tempdir().unwrap();
    // A clock that is off by an hour does not matter.
    for hour in [0, 3600] {
        let beat = SystemTime::now() + Duration::from_secs(hour);
        write_claim(folder.path(), 1, of_another_host(), Duration::from_millis(300), beat);
        let claims = claims();
        let take = || claims.take(folder.path(), || Ok(1)).unwrap();
        assert!(matches!(take(), ClaimResult::Silent(owner) if owner == of_another_host()));
        thread::sleep(Duration::from_millis(100));
        assert!(matches!(take(), ClaimResult::Silent(_)));
        thread::sleep(Duration::from_millis(300));
        assert!(matches!(take(), ClaimResult::Granted(claim) if claim.attempt() == 2));
        assert!(names_in(folder.path()).unwrap().is_empty());
    }
}

#[test]
fn an_owner_on_another_host_lives_if_its_heart_beats() {
    let folder = tempfile::tempdir().unwrap();
    let (long, beat) = (Duration::from_secs(600), SystemTime::now() - Duration::from_secs(7200));
    write_claim(folder.path(), 1, of_another_host(), long, beat);
    let claims = claims();
    let take = || claims.take(folder.path(), || Ok(1)).unwrap();
    assert!(matches!(take(), ClaimResult::Silent(_)));
    RealDisk.touch(&claim_path(folder.path(), 1)).unwrap();
    assert!(matches!(take(), ClaimResult::HeldBy(owner) if owner == of_another_host()));
}

#[test]
fn a_process_that_is_there_but_stopped_is_succeeded_after_the_timeout() {
    let folder = tempfile::tempdir().unwrap();
    let old = SystemTime::now() - Duration::from_secs(10);
    write_claim(folder.path(), 1, Owner::this_process(), Duration::from_millis(200), old);
    assert!(!is_held(folder.path()), "`list` calls it lost");
    let claims = claims();
    let take = || claims.take(folder.path(), || Ok(1)).unwrap();
    assert!(matches!(take(), ClaimResult::Silent(_)));
    thread::sleep(Duration::from_millis(250));
    assert!(matches!(take(), ClaimResult::Granted(_)));
}

#[test]
fn the_heart_beats_while_a_claim_is_held() {
    let folder = tempfile::tempdir().unwrap();
    let claims = Claims::new(Arc::new(RealDisk), Duration::from_millis(300)).unwrap();
    let claim = granted(&claims, folder.path(), 0);
    let beat = || fs::metadata(claim_path(folder.path(), 1)).unwrap().modified().unwrap();
    let first = beat();
    let started = std::time::Instant::now();
    while beat() == first {
        assert!(started.elapsed() < Duration::from_secs(30), "no heartbeat");
        thread::sleep(Duration::from_millis(10));
    }
    drop(claim);
    assert!(names_in(folder.path()).unwrap().is_empty());
}

/// A writer is stopped and taken over at each point of a write.
#[test]
fn a_stale_writer_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let (old, new) = (claims(), claims());
    let stale = granted(&old, folder.path(), 0);
    stale.replace("checkpoint", b"old").unwrap();
    // It is stopped after checking its claim: its temporary file exists.
    fs::write(path(".checkpoint.1-9-9.tmp"), "stale").unwrap();
    write_claim(folder.path(), 1, of_the_dead(), TIMEOUT, SystemTime::now());
    let successor = granted(&new, folder.path(), 1);
    successor.replace("checkpoint", b"new").unwrap();
    assert!(!path(".checkpoint.1-9-9.tmp").exists(), "nothing is left to rename");
    for write in [
        stale.replace("checkpoint", b"stale"),
        stale.keep("checkpoint", "previous"),
        stale.append("log", b"stale"),
        stale.remove("checkpoint"),
    ] {
        assert!(matches!(write, Err(Error::TakenOver { .. })), "{write:?}");
    }
    drop(stale);
    assert_eq!(fs::read(path("checkpoint")).unwrap(), b"new");
    let mut names = names_in(folder.path()).unwrap();
    names.sort();
    assert_eq!(names, ["checkpoint", "claim-2.json"]);
    successor.check().unwrap();
}

#[test]
fn a_claim_of_the_same_number_in_a_new_folder_is_another() {
    let folder = tempfile::tempdir().unwrap();
    let claims = claims();
    let claim = granted(&claims, folder.path(), 0);
    let other = Owner { pid: 1, ..Owner::this_process() };
    write_claim(folder.path(), 1, other, TIMEOUT, SystemTime::now());
    assert!(matches!(claim.check(), Err(Error::TakenOver { .. })));
    drop(claim);
    assert!(claim_path(folder.path(), 1).exists(), "it is not ours to remove");
}

#[test]
fn leftovers_of_the_dead_are_cleared_and_those_of_the_living_kept() {
    let folder = tempfile::tempdir().unwrap();
    let claims = claims();
    let claim = granted(&claims, folder.path(), 0);
    claims.clear_leftovers(folder.path()).unwrap();
    claim.check().unwrap();
    write_claim(folder.path(), 1, of_the_dead(), TIMEOUT, SystemTime::now());
    fs::write(folder.path().join(".claim.9-1.tmp"), "").unwrap();
    claims.clear_leftovers(folder.path()).unwrap();
    assert!(names_in(folder.path()).unwrap().is_empty());
}

#[test]
fn files_are_replaced_whole_kept_and_removed() {
    let folder = tempfile::tempdir().unwrap();
    let read = |name: &str| fs::read(folder.path().join(name)).unwrap();
    let claims = claims();
    let claim = granted(&claims, folder.path(), 0);
    claim.keep("checkpoint", "previous").unwrap();
    claim.replace("checkpoint", b"first and long").unwrap();
    claim.keep("checkpoint", "previous").unwrap();
    claim.replace("checkpoint", b"second").unwrap();
    claim.keep("checkpoint", "previous").unwrap();
    claim.keep("checkpoint", "previous").unwrap();
    assert_eq!((read("checkpoint"), read("previous")), (b"second".to_vec(), b"second".to_vec()));
    claim.append("log", b"a\n").unwrap();
    claim.append("log", b"b\n").unwrap();
    assert_eq!(read("log"), b"a\nb\n");
    claim.remove("checkpoint").unwrap();
    claim.remove("checkpoint").unwrap();
    drop(claim);
    let mut names = names_in(folder.path()).unwrap();
    names.sort();
    assert_eq!(names, ["log", "previous"]);
}

#[test]
fn errors_name_the_path() {
    let folder = tempfile::tempdir().unwrap();
    let claims = claims();
    let claim = granted(&claims, folder.path(), 0);
    let error = claim.replace("no/folder", b"").unwrap_err();
    assert!(error.to_string().contains("no/folder"), "{error}");
    fs::remove_dir_all(folder.path()).unwrap();
    let error = claim.replace("metrics.csv", b"").unwrap_err();
    assert!(error.to_string().contains(&folder.path().display().to_string()), "{error}");
    let file = tempfile::NamedTempFile::new().unwrap();
    let error = claims.take(&file.path().join("run"), || Ok(0)).unwrap_err();
    assert!(error.to_string().starts_with("cannot create "), "{error}");
}

/// Two hosts with one name, and a rebooted host: neither proves that the owner is gone.
#[test]
fn an_owner_that_cannot_be_looked_at_lives_while_its_heart_beats() {
    let twin = Owner { boot_id: "another boot".to_owned(), pid: NOBODY, ..Owner::this_process() };
    let blind = Owner { boot_id: String::new(), pid_namespace: String::new(), ..twin.clone() };
    for owner in [twin, blind] {
        let folder = tempfile::tempdir().unwrap();
        write_claim(folder.path(), 1, owner.clone(), TIMEOUT, SystemTime::now());
        fs::write(folder.path().join(".metrics.csv.1-77-0.tmp"), "half").unwrap();
        assert!(is_held(folder.path()), "`list` calls it running");
        assert_eq!(leftovers(folder.path()).unwrap(), None, "`gc` leaves it alone");
        let claims = claims();
        claims.clear_leftovers(folder.path()).unwrap();
        let take = || claims.take(folder.path(), || Ok(1)).unwrap();
        assert!(matches!(take(), ClaimResult::Silent(found) if found == owner));
        RealDisk.touch(&claim_path(folder.path(), 1)).unwrap();
        assert!(matches!(take(), ClaimResult::HeldBy(found) if found == owner));
        assert_eq!(names_in(folder.path()).unwrap().len(), 2);
        let long_ago = SystemTime::now() - 3 * TIMEOUT;
        write_claim(folder.path(), 1, owner, TIMEOUT, long_ago);
        assert!(!is_held(folder.path()), "`list` calls it lost");
    }
}

#[test]
fn a_claim_that_is_not_all_there_is_no_dead_one() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(claim_path(folder.path(), 1), "{\"host\":").unwrap();
    assert!(is_held(folder.path()));
    let taken = claims().take(folder.path(), || Ok(1)).unwrap();
    let ClaimResult::Silent(owner) = taken else { panic!("{taken:?}") };
    assert_eq!(owner.to_string(), "an unknown process");
}

#[test]
fn claims_of_0_1_0_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let me = Owner::this_process();
    let owner = |pid: u32| {
        format!(
            r#"{{"host":"{}","pid":{pid},"boot_id":"{}","process_start":7,"pid_namespace":"{}","#,
            me.host, me.boot_id, me.pid_namespace
        )
    };
    let claim = format!(r#"{}"number":0,"timeout_seconds":60.0}}"#, owner(NOBODY));
    fs::write(claim_path(folder.path(), 1), claim).unwrap();
    assert!(!is_held(folder.path()), "there is no such process");
    // By a different clock, as far as known: the number may belong to another process.
    let claim = format!(r#"{}"number":0,"timeout_seconds":60.0}}"#, owner(me.pid));
    fs::write(claim_path(folder.path(), 1), claim).unwrap();
    assert!(is_held(folder.path()));
}

#[test]
fn what_is_written_goes_through_no_link() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let planted = |name: &str| std::os::unix::fs::symlink(path("mine"), path(name)).unwrap();
    fs::write(path("mine"), "mine").unwrap();
    for name in ["log", "metrics", "temporary"] {
        planted(name);
    }
    let claims = claims();
    let claim = granted(&claims, folder.path(), 0);
    let error = claim.append("log", b"planted").unwrap_err();
    assert!(
        error.to_string().starts_with("cannot write ") && error.to_string().ends_with("log"),
        "{error}"
    );
    claim.replace("metrics", b"new").unwrap();
    let error = RealDisk.write_synced(&path("temporary"), b"planted").unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::AlreadyExists);
    let error = RealDisk.touch(&path("temporary")).unwrap_err();
    assert_eq!(error.raw_os_error(), Some(rustix::io::Errno::LOOP.raw_os_error()));
    assert_eq!(
        (fs::read(path("mine")).unwrap(), fs::read(path("metrics")).unwrap()),
        (b"mine".to_vec(), b"new".to_vec())
    );
}
