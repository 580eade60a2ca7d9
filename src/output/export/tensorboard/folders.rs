//! The folders of the runs. TensorBoard calls a run by its folder, so it is named after the config and the seed, with
//! what some file system refuses replaced.

use std::collections::{HashMap, HashSet};

use crate::runs::record::RunRecord;

/// Longest name of a config in a folder's name, in bytes. File systems take names of 255 bytes, encrypted ones of 143; the
/// seed and the run id follow.
const LONGEST_CONFIG: usize = 96;
/// What Windows does not allow in names; `/` separates folders everywhere.
const FORBIDDEN: [char; 9] = ['/', '\\', ':', '*', '?', '"', '<', '>', '|'];
/// Names of devices on Windows, whatever follows their first dot.
const DEVICES: [&str; 4] = ["con", "prn", "aux", "nul"];
/// The same with a digit from 1 to 9 behind them.
const NUMBERED_DEVICES: [&str; 2] = ["com", "lpt"];

/// The folder of each run, from what tables call its config: `dropout 0.2, seed 3`. No two are the same, also where upper
/// and lower case are: such runs have their ids in the name.
pub(super) fn names(records: &[RunRecord], configs: &[String]) -> Vec<String> {
    let mut names: Vec<String> =
        records.iter().zip(configs).map(|(record, config)| name(record, config)).collect();
    let mut counts: HashMap<String, usize> = HashMap::new();
    for name in &names {
        *counts.entry(name.to_lowercase()).or_default() += 1;
    }
    let mut taken = HashSet::new();
    for (name, record) in names.iter_mut().zip(records) {
        if counts[&name.to_lowercase()] > 1 {
            *name = format!("{name} ({})", record.id);
        }
        let (wanted, mut copy) = (name.clone(), 1);
        while !taken.insert(name.to_lowercase()) {
            copy += 1; // one run in two places
            *name = format!("{wanted} {copy}");
        }
    }
    names
}

fn name(record: &RunRecord, config: &str) -> String {
    let seed = record.trial.replicate().map(|which| format!(", {which}"));
    on_every_system(config) + &seed.unwrap_or_default()
}

/// A text as the beginning of a folder's name.
fn on_every_system(text: &str) -> String {
    let allowed = |c: char| if c.is_control() || FORBIDDEN.contains(&c) { '-' } else { c };
    let replaced: String = text.chars().map(allowed).collect();
    let end = replaced.floor_char_boundary(LONGEST_CONFIG);
    // A dot in front hides the folder; dots and spaces at the end get lost on Windows.
    let is_lost = |c: char| c == '.' || c.is_whitespace();
    let name = replaced[..end].trim_matches(is_lost);
    match name {
        "" => "run".to_owned(),
        _ if is_device(name) => format!("_{name}"),
        _ => name.to_owned(),
    }
}

/// Whether Windows takes a name for that of a device.
fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().trim_end().to_lowercase();
    let is_numbered = |device: &&str| {
        stem.strip_prefix(*device).is_some_and(|n| matches!(n.as_bytes(), [b'1'..=b'9']))
    };
    DEVICES.contains(&&*stem) || NUMBERED_DEVICES.iter().any(is_numbered)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::runs::samples::{row, run, trial};

    /// The folders of configs of one run each, in the order of ids 0, 1 and so on.
    fn folders(configs: &[&str]) -> Vec<String> {
        let mut records = Vec::new();
        for index in 0..configs.len() {
            let changes = [("network.dropout", json!(0.1 * index as f64))];
            let row = || row(3, 0.5, None, 0.4);
            let mut record = run(trial(&changes, 3), row(), row());
            record.id = format!("{index:012}");
            records.push(record);
        }
        names(&records, &configs.iter().map(|&config| config.to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn a_folder_says_config_and_seed() {
        assert_eq!(folders(&["dropout 0.2", "なし"]), ["dropout 0.2, seed 3", "なし, seed 3"]);
    }

    #[test]
    fn what_a_system_refuses_is_replaced() {
        let cases = [
            (r#"a/b\c: "d" <e|f>*?"#, "a-b-c- -d- -e-f---, seed 3"),
            ("tab\tand\nline", "tab-and-line, seed 3"),
            ("../..", "-, seed 3"),
            (".hidden. ", "hidden, seed 3"),
            (" . ", "run, seed 3"),
            ("NUL.x", "_NUL.x, seed 3"),
            ("com1", "_com1, seed 3"),
            ("console", "console, seed 3"),
            ("com10", "com10, seed 3"),
        ];
        for (config, expected) in cases {
            assert_eq!(folders(&[config]), [expected], "{config:?}");
        }
    }

    #[test]
    fn long_names_are_cut_between_characters_and_keep_the_seed() {
        let name = folders(&[&"é".repeat(200)]).remove(0);
        assert_eq!(name, "é".repeat(LONGEST_CONFIG / 2) + ", seed 3");
        let odd = folders(&[&format!("a{}", "é".repeat(200))]).remove(0);
        assert!(odd.len() <= LONGEST_CONFIG + 8 && odd.ends_with("é, seed 3"), "{odd}");
    }

    #[test]
    fn equal_names_have_their_ids_in_any_order() {
        let of = |configs: &[&str]| folders(configs);
        assert_eq!(
            of(&["a/b", "c", "A:b"]),
            ["a-b, seed 3 (000000000000)", "c, seed 3", "A-b, seed 3 (000000000002)"]
        );
        let long = "x".repeat(LONGEST_CONFIG);
        let cut = of(&[&format!("{long}1"), &format!("{long}2")]);
        assert_ne!(cut[0], cut[1]);
    }

    #[test]
    fn one_run_in_two_places_has_two_folders() {
        let row = || row(3, 0.5, None, 0.4);
        let record = run(trial(&[], 3), row(), row());
        let names = names(&[record.clone(), record.clone()], &["a".to_owned(), "a".to_owned()]);
        let first = format!("a, seed 3 ({})", record.id);
        assert_eq!(names, [first.clone(), format!("{first} 2")]);
    }
}
