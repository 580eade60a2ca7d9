//! A file outside run folders, such as a report, while it is written: nobody sees it before it is
//! complete, and leftovers of a kill are removed by the next write to the same place.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::error::{Error, Result};
use crate::escape::escape_controls;
use crate::runs::folder::disk::RealDisk;
use crate::runs::folder::holder::{TEMPORARY, token};
use crate::runs::folder::lost_reply;
use crate::runs::folder::replace::folder_of;
use crate::runs::folder::there::{entry_at, says_absent};

/// Bytes of a name that a temporary name keeps: it adds its own, and 255 are possible.
const LONGEST_PART: usize = 180;
/// A process locks its temporary file a moment after it has made it.
const LONGEST_BIRTH: Duration = Duration::from_secs(60);

/// An incomplete file; dropping it leaves nothing behind unless it was put in place.
#[derive(Debug)]
pub struct NewFile<'a> {
    path: &'a Path,
    file: File,
    way: PutWay,
}

/// How a file gets to its place.
#[derive(Debug)]
enum PutWay {
    /// It has no name until it is complete, so a kill leaves nothing behind.
    Nameless,
    /// Through a temporary name next to its place, if the file system has no nameless files.
    Beside(Temporary),
    /// The target is a device or a pipe, which receives the content directly.
    Through,
}

/// A name that is removed when dropped.
#[derive(Debug)]
struct Temporary(PathBuf);

impl Drop for Temporary {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0); // renamed already if all went well
    }
}

impl<'a> NewFile<'a> {
    /// Starts a file that will be at `path`.
    ///
    /// # Errors
    /// If nothing can be written there.
    pub fn begin(path: &'a Path) -> Result<NewFile<'a>> {
        if takes_content(path)? {
            let file = OpenOptions::new().append(true).open(path);
            let file = file.map_err(Error::io("write to", path))?;
            return Ok(NewFile { path, file, way: PutWay::Through });
        }
        if let Some(file) = nameless(folder_of(path)) {
            return Ok(NewFile { path, file, way: PutWay::Nameless });
        }
        let temporary = temporary_beside(path);
        let file = OpenOptions::new().write(true).create_new(true).open(&temporary);
        let file = file.map_err(not_created(path))?;
        let _ = file.try_lock(); // without locks, only its age says that it was left behind
        Ok(NewFile { path, file, way: PutWay::Beside(Temporary(temporary)) })
    }

    /// The content so far, to be written on.
    pub fn file(&self) -> &File {
        &self.file
    }

    /// Waits until the content is on the disk.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn sync(&self) -> Result<()> {
        match self.way {
            PutWay::Through => Ok(()),
            _ => self.file.sync_all().map_err(Error::io("write", self.path)),
        }
    }

    /// Puts the file in place, replacing what is there.
    ///
    /// # Errors
    /// If it cannot; what is there is then as it was.
    pub fn put(self) -> Result<()> {
        let temporary = match self.way {
            PutWay::Through => return Ok(()),
            PutWay::Beside(temporary) => temporary,
            PutWay::Nameless => {
                let temporary = Temporary(temporary_beside(self.path));
                name(&self.file, &temporary.0).map_err(not_created(self.path))?;
                temporary
            }
        };
        lost_reply::rename(&RealDisk, &temporary.0, self.path)
            .map_err(Error::io("replace", self.path))
    }

    /// Puts the file in place unless something is there; returns whether it did.
    ///
    /// # Errors
    /// If it cannot.
    pub fn put_if_free(self) -> Result<bool> {
        let named = match &self.way {
            PutWay::Through => return Ok(true),
            PutWay::Nameless => name(&self.file, self.path),
            PutWay::Beside(temporary) => lost_reply::link(&RealDisk, &temporary.0, self.path),
        };
        match named {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(false),
            // A file system without hard links.
            Err(_) if entry_at(self.path)?.is_none() => self.put().map(|()| true),
            Err(error) => Err(not_created(self.path)(error)),
        }
    }
}

/// Why there is no file at `path`, which may have been about to be made under a temporary name. A folder that is missing
/// is named: it is what the user must make.
fn not_created(path: &Path) -> impl FnOnce(io::Error) -> Error {
    move |error| {
        let folder = folder_of(path);
        let is_missing = says_absent(&error) && matches!(entry_at(folder), Ok(None));
        let error = match is_missing {
            true => io::Error::new(
                ErrorKind::NotFound,
                format!("there is no folder {}", escape_controls(&folder.display().to_string())),
            ),
            false => error,
        };
        Error::io("create", path)(error)
    }
}

/// Whether `path` receives content directly instead of being replaced: a device, a pipe, or a name
/// for an open file, such as /dev/stdout.
///
/// # Errors
/// If that cannot be found out.
pub fn takes_content(path: &Path) -> Result<bool> {
    match fs::metadata(path) {
        Ok(data) if data.is_file() => Ok(is_name_of_open_file(path)),
        Ok(data) => Ok(!data.is_dir()),
        Err(error) if says_absent(&error) => Ok(false),
        Err(error) => Err(Error::io("read", path)(error)),
    }
}

fn is_name_of_open_file(path: &Path) -> bool {
    let folder = folder_of(path).canonicalize().unwrap_or_default();
    path.is_symlink() && (folder == Path::new("/dev") || folder.starts_with("/proc"))
}

/// Where a file is written before it is complete: next to its place, under an unpredictable name.
fn temporary_beside(path: &Path) -> PathBuf {
    let mut name = beginning(path);
    name.push(format!("{}-{}{TEMPORARY}", std::process::id(), token()));
    path.with_file_name(name)
}

/// The prefix of the temporary names of `path`.
fn beginning(path: &Path) -> OsString {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let cut = name.floor_char_boundary(LONGEST_PART);
    OsString::from(format!(".{}.", &name[..cut]))
}

/// Removes leftovers of killed processes that wrote to `path`. Failures are ignored.
pub(super) fn remove_left_beside(path: &Path) {
    let Ok(entries) = fs::read_dir(folder_of(path)) else { return };
    let beginning = beginning(path);
    for entry in entries.flatten() {
        if is_of(&entry.file_name(), &beginning) && is_left(&entry.path()) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// Whether it is a temporary name with this prefix, followed by a process number and token digits
/// (0.1.0 had none).
fn is_of(name: &OsStr, beginning: &OsStr) -> bool {
    let middle = name
        .to_str()
        .zip(beginning.to_str())
        .and_then(|(name, beginning)| name.strip_prefix(beginning)?.strip_suffix(TEMPORARY));
    middle.is_some_and(|middle| {
        let (pid, token) = middle.split_once('-').unwrap_or((middle, "0"));
        let is_number = |text: &str, digit: fn(&u8) -> bool| {
            !text.is_empty() && text.as_bytes().iter().all(digit)
        };
        is_number(pid, u8::is_ascii_digit) && is_number(token, u8::is_ascii_hexdigit)
    })
}

/// Whether no process writes into a temporary file any more: a writer holds its lock.
fn is_left(path: &Path) -> bool {
    let Ok(data) = path.symlink_metadata() else { return false };
    let age = data.modified().ok().and_then(|at| at.elapsed().ok());
    let is_old = age.is_some_and(|age| age > LONGEST_BIRTH);
    is_old && data.is_file() && File::open(path).is_ok_and(|file| file.try_lock().is_ok())
}

/// A nameless file in `folder`; none if the file system does not support it.
#[cfg(target_os = "linux")]
fn nameless(folder: &Path) -> Option<File> {
    use rustix::fs::{CWD, Mode, OFlags, openat};
    let flags = OFlags::WRONLY | OFlags::TMPFILE | OFlags::CLOEXEC;
    let file = File::from(openat(CWD, folder, flags, Mode::from_raw_mode(0o666)).ok()?);
    // It gets its name through /proc, which may be missing.
    open_name(&file).symlink_metadata().is_ok().then_some(file)
}

#[cfg(not(target_os = "linux"))]
fn nameless(_folder: &Path) -> Option<File> {
    None
}

/// Gives a nameless file a free name.
#[cfg(target_os = "linux")]
fn name(file: &File, name: &Path) -> io::Result<()> {
    use rustix::fs::{AtFlags, CWD, linkat};
    Ok(linkat(CWD, open_name(file), CWD, name, AtFlags::SYMLINK_FOLLOW)?)
}

#[cfg(target_os = "linux")]
fn open_name(file: &File) -> PathBuf {
    use std::os::fd::AsRawFd;
    PathBuf::from(format!("/proc/self/fd/{}", file.as_raw_fd()))
}

#[cfg(not(target_os = "linux"))]
fn name(_file: &File, _name: &Path) -> io::Result<()> {
    Err(ErrorKind::Unsupported.into())
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::os::unix::fs::symlink;
    use std::time::SystemTime;

    use super::*;
    use crate::runs::folder::claim_file::names_in;
    use crate::runs::folder::replace::{create_file, replace_file};

    fn names(folder: &Path) -> Vec<String> {
        let mut names = names_in(folder).unwrap();
        names.sort();
        names
    }

    #[test]
    fn what_cannot_be_replaced_stays_and_nothing_is_left() {
        let folder = tempfile::tempdir().unwrap();
        let taken = folder.path().join("report.html");
        fs::create_dir_all(taken.join("inside")).unwrap();
        let error = replace_file(&taken, b"new").unwrap_err().to_string();
        assert!(error.starts_with("cannot replace ") && error.ends_with("/report.html"), "{error}");
        let nowhere = folder.path().join("none/report.html");
        let error = replace_file(&nowhere, b"new").unwrap_err().to_string();
        assert!(
            error.starts_with("cannot create ") && error.ends_with("/none/report.html"),
            "{error}"
        );
        let why = |error: Error| error.chain();
        let error = why(create_file(&nowhere, b"new").unwrap_err());
        let folder_missing =
            format!("/none/report.html: there is no folder {}/none", folder.path().display());
        assert!(error.ends_with(&folder_missing), "{error}");
        let inside = NewFile {
            path: &nowhere,
            file: File::open("/dev/null").unwrap(),
            way: PutWay::Nameless,
        };
        assert!(why(inside.put().unwrap_err()).ends_with(&folder_missing));
        assert_eq!(names(folder.path()), ["report.html"]);
        let file = folder.path().join("a.html");
        assert!(create_file(&file, b"old").unwrap());
        assert!(!create_file(&file, b"other").unwrap());
        assert_eq!(fs::read(&file).unwrap(), b"old");
        replace_file(&file, b"new").unwrap();
        assert_eq!(fs::read(&file).unwrap(), b"new");
        assert_eq!(names(folder.path()), ["a.html", "report.html"]);
    }

    /// As on file systems without nameless files.
    #[test]
    fn by_a_temporary_name_it_is_the_same() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.html");
        let begin = || {
            let temporary = temporary_beside(&path);
            let file = File::create_new(&temporary).unwrap();
            (&file).write_all(b"new").unwrap();
            NewFile { path: &path, file, way: PutWay::Beside(Temporary(temporary)) }
        };
        assert!(begin().put_if_free().unwrap());
        assert!(!begin().put_if_free().unwrap());
        begin().put().unwrap();
        drop(begin());
        assert_eq!(names(folder.path()), ["a.html"]);
        assert_eq!(fs::read(&path).unwrap(), b"new");
    }

    #[test]
    fn a_link_is_replaced_and_what_it_names_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let (file, link) = (folder.path().join("mine"), folder.path().join("report.html"));
        fs::write(&file, "mine").unwrap();
        symlink(&file, &link).unwrap();
        assert!(!create_file(&link, b"new").unwrap());
        replace_file(&link, b"new").unwrap();
        assert_eq!(
            (fs::read(&file).unwrap(), fs::read(&link).unwrap()),
            (b"mine".to_vec(), b"new".to_vec())
        );
        assert!(!link.is_symlink());
    }

    #[test]
    fn devices_and_pipes_take_the_content_and_stay() {
        assert!(takes_content(Path::new("/dev/null")).unwrap());
        assert!(takes_content(Path::new("/dev/stdout")).unwrap());
        assert!(!takes_content(Path::new("/dev")).unwrap());
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe");
        let made = std::process::Command::new("mkfifo").arg(&pipe).status().unwrap();
        assert!(made.success());
        let reader = std::thread::spawn({
            let pipe = pipe.clone();
            move || {
                let mut text = String::new();
                File::open(pipe).unwrap().read_to_string(&mut text).unwrap();
                text
            }
        });
        replace_file(&pipe, b"new").unwrap();
        assert_eq!(reader.join().unwrap(), "new");
        assert_eq!(names(folder.path()), ["pipe"]);
    }

    #[test]
    fn what_the_dead_left_for_the_same_place_is_removed() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let old = SystemTime::now() - 2 * LONGEST_BIRTH;
        let left = [".a.html.4711.tmp", ".a.html.4711-0123456789abcdef.tmp"];
        let others = [".a.html.notes.tmp", ".a.html.tmp", ".b.html.4711.tmp", "a.html.4711.tmp"];
        let locked = ".a.html.4712-0123456789abcdef.tmp";
        for name in left.iter().chain(&others).chain([&locked]) {
            File::create(path(name)).unwrap().set_modified(old).unwrap();
        }
        File::create(path(".a.html.4713.tmp")).unwrap(); // may be about to be locked
        symlink(path("a.html.4711.tmp"), path(".a.html.4714.tmp")).unwrap();
        let writing = File::open(path(locked)).unwrap();
        writing.try_lock().unwrap();
        replace_file(&path("a.html"), b"new").unwrap();
        let mut expected =
            [&others[..], &[locked, ".a.html.4713.tmp", ".a.html.4714.tmp", "a.html"]].concat();
        expected.sort_unstable();
        assert_eq!(names(folder.path()), expected);
    }

    #[test]
    fn the_longest_name_is_possible() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("n\u{e4}".repeat(85));
        replace_file(&path, b"new").unwrap();
        let temporary = temporary_beside(&path);
        File::create_new(&temporary).unwrap();
        assert_ne!(temporary_beside(&path), temporary, "nobody can foresee it");
        let name = temporary.file_name().unwrap().to_owned();
        assert!(
            is_of(&name, &beginning(&path))
                && crate::runs::folder::holder::is_temporary(name.to_str().unwrap())
        );
    }
}
