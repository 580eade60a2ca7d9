//! Where run folders lie in a runs folder: side by side or, if a folder with so many entries would
//! be a burden, each in a folder named after the first digits of its id. The id is the same in
//! both.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::error::{Error, Result};
use crate::runs::folder::there::{entry_at, is_folder, is_there};
use crate::runs::folder::{REPLACED, is_id};

/// If a runs folder has an entry of this name, its runs lie on two levels.
const TWO_LEVELS: &str = ".two-levels";
/// Digits of an id that name the folder above: 256 of them.
const DIGITS: usize = 2;

/// The folder of run `id`. With two levels, an existing folder on the first level stays where it is.
///
/// # Errors
/// If it cannot be found out where it lies: a run that is looked for in the wrong place is trained again.
///
/// # Panics
/// If `id` is not a run id: user input is checked before it becomes a path.
pub fn run_path(runs_dir: &Path, id: &str) -> Result<PathBuf> {
    assert!(is_id(id), "{id:?} is not a run id");
    let beside = runs_dir.join(id);
    Ok(match has_two_levels(runs_dir)? && !is_there(&beside)? {
        true => runs_dir.join(&id[..DIGITS]).join(id),
        false => beside,
    })
}

/// What may be a run folder in a runs folder, sorted by name, first-level folders first among
/// equals; hidden entries are not runs. A folder that does not exist has none.
///
/// # Errors
/// If a folder cannot be listed.
pub fn run_folders(runs_dir: &Path) -> Result<Vec<PathBuf>> {
    let mut folders = entries(runs_dir)?;
    if has_two_levels(runs_dir)? {
        for folder in std::mem::take(&mut folders) {
            match is_above(&folder)? {
                true => folders.extend(entries(&folder)?),
                false => folders.push(folder),
            }
        }
    }
    folders.sort_by(|a, b| {
        let depth = |folder: &Path| folder.components().count();
        a.file_name().cmp(&b.file_name()).then_with(|| depth(a).cmp(&depth(b)))
    });
    Ok(folders)
}

/// When the folders that list run folders changed last. While it is the same, [`run_folders`] lists the same.
///
/// # Errors
/// If a folder cannot be looked at.
pub fn listed_at(runs_dir: &Path) -> Result<Vec<SystemTime>> {
    let Some(own) = changed_at(runs_dir)? else { return Ok(Vec::new()) };
    let mut times = vec![own];
    if has_two_levels(runs_dir)? {
        for folder in entries(runs_dir)?.iter().filter(|path| is_digits(path)) {
            times.extend(changed_at(folder)?);
        }
    }
    Ok(times)
}

fn changed_at(folder: &Path) -> Result<Option<SystemTime>> {
    match fs::metadata(folder).and_then(|metadata| metadata.modified()) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        time => time.map(Some).map_err(Error::io("read", folder)),
    }
}

/// Whether a folder is run `id`'s own: it is named by the id, below the folder of its first digits
/// if the runs lie on two levels; or `--retrain` moved it aside. A link is judged by its target.
pub fn is_folder_of(folder: &Path, id: &str) -> bool {
    let bears_id = |path: &Path| {
        let (name, above) = (name_of(path), path.parent().unwrap_or(Path::new("")));
        let is_elsewhere = || {
            is_digits(above) && !id.starts_with(name_of(above)) && {
                above.parent().is_some_and(|runs_dir| has_two_levels(runs_dir).unwrap_or(true))
            }
        };
        let number = name.strip_prefix(id).and_then(|rest| rest.strip_prefix('-'));
        let is_aside = number.is_some_and(|number| number.bytes().all(|b| b.is_ascii_digit()));
        name == id && !is_elsewhere() || is_aside && name_of(above) == REPLACED
    };
    bears_id(folder) || fs::canonicalize(folder).is_ok_and(|named| bears_id(&named))
}

fn has_two_levels(runs_dir: &Path) -> Result<bool> {
    Ok(entry_at(&runs_dir.join(TWO_LEVELS))?.is_some())
}

/// Whether it is a folder of run folders.
fn is_above(path: &Path) -> Result<bool> {
    Ok(is_digits(path) && is_folder(path)?)
}

/// Whether its name is the beginning of an id.
fn is_digits(path: &Path) -> bool {
    let name = name_of(path);
    name.len() == DIGITS && name.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Its last component; empty if it has none or it is not UTF-8, which a run's never is.
fn name_of(path: &Path) -> &str {
    path.file_name().and_then(|name| name.to_str()).unwrap_or_default()
}

/// Entries that are not hidden.
fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    let list = || -> std::io::Result<Vec<PathBuf>> {
        let mut paths = Vec::new();
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            if !entry.file_name().as_encoded_bytes().starts_with(b".") {
                paths.push(entry.path());
            }
        }
        Ok(paths)
    };
    match list() {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Vec::new()),
        listed => listed.map_err(Error::io("read", folder)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const IDS: [&str; 3] = ["0a0000000001", "0a0000000002", "ff0000000003"];

    fn names(runs_dir: &Path) -> Vec<String> {
        let relative = |path: PathBuf| path.strip_prefix(runs_dir).unwrap().display().to_string();
        run_folders(runs_dir).unwrap().into_iter().map(relative).collect()
    }

    #[test]
    fn runs_lie_side_by_side_unless_the_folder_says_otherwise() {
        let runs = tempfile::tempdir().unwrap();
        let path = || run_path(runs.path(), IDS[0]).unwrap();
        assert_eq!(path(), runs.path().join(IDS[0]));
        fs::create_dir(runs.path().join("0a")).unwrap();
        assert_eq!(path(), runs.path().join(IDS[0]));
        assert_eq!(names(runs.path()), ["0a"]);
        fs::write(runs.path().join(TWO_LEVELS), "").unwrap();
        assert_eq!(path(), runs.path().join("0a").join(IDS[0]));
    }

    #[test]
    fn on_two_levels_runs_from_before_are_found_where_they_are() {
        let runs = tempfile::tempdir().unwrap();
        fs::create_dir(runs.path().join(IDS[1])).unwrap();
        fs::create_dir(runs.path().join(TWO_LEVELS)).unwrap();
        for id in IDS {
            fs::create_dir_all(run_path(runs.path(), id).unwrap()).unwrap();
        }
        let found = ["0a/0a0000000001", "0a0000000002", "ff/ff0000000003"];
        assert_eq!(names(runs.path()), found);
    }

    #[test]
    fn the_folder_that_bears_the_id_is_the_runs() {
        let runs = tempfile::tempdir().unwrap();
        let is_its = |name: &str| is_folder_of(&runs.path().join(name), IDS[0]);
        assert!(is_its(IDS[0]) && is_its(&format!("{REPLACED}/{}-2", IDS[0])));
        assert!(is_its(&format!("ff/{}", IDS[0])), "no levels: it is a folder of runs");
        for name in ["my-best", IDS[1], &format!("{}.bak", IDS[0]), &format!("{}-2", IDS[0])] {
            assert!(!is_its(name), "{name}");
        }
        fs::create_dir(runs.path().join(IDS[0])).unwrap();
        std::os::unix::fs::symlink(IDS[0], runs.path().join("link")).unwrap();
        assert!(is_its("link"));
        fs::write(runs.path().join(TWO_LEVELS), "").unwrap();
        assert!(is_its(&format!("0a/{}", IDS[0])) && !is_its(&format!("ff/{}", IDS[0])));
    }

    #[test]
    fn a_new_run_changes_when_the_folders_were_listed() {
        let runs = tempfile::tempdir().unwrap();
        assert!(listed_at(&runs.path().join("gone")).unwrap().is_empty());
        fs::create_dir(runs.path().join(TWO_LEVELS)).unwrap();
        fs::create_dir(runs.path().join("0a")).unwrap();
        let past = SystemTime::UNIX_EPOCH;
        for folder in [runs.path().to_owned(), runs.path().join("0a")] {
            fs::File::open(folder).unwrap().set_modified(past).unwrap();
        }
        assert_eq!(listed_at(runs.path()).unwrap(), [past, past]);
        fs::create_dir(runs.path().join("0a").join(IDS[0])).unwrap();
        let times = listed_at(runs.path()).unwrap();
        assert!(times[0] == past && times[1] > past, "{times:?}");
    }

    #[test]
    fn a_folder_that_is_not_there_has_no_runs() {
        let runs = tempfile::tempdir().unwrap();
        assert!(run_folders(&runs.path().join("gone")).unwrap().is_empty());
    }

    #[test]
    fn a_layout_that_cannot_be_looked_at_is_an_error_and_no_other_layout() {
        let runs = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink("loop", runs.path().join("loop")).unwrap();
        let unreadable = runs.path().join("loop");
        assert!(matches!(run_path(&unreadable, IDS[0]), Err(Error::Io { .. })));
        assert!(matches!(run_folders(&unreadable), Err(Error::Io { .. })));
        fs::write(runs.path().join(TWO_LEVELS), "").unwrap();
        std::os::unix::fs::symlink(IDS[0], runs.path().join(IDS[0])).unwrap();
        assert!(matches!(run_path(runs.path(), IDS[0]), Err(Error::Io { .. })));
        std::os::unix::fs::symlink("0a", runs.path().join("0a")).unwrap();
        assert!(matches!(run_folders(runs.path()), Err(Error::Io { .. })));
    }
}
