//! What newcomers type, and read: other arguments than a command takes, other files, other files' names.

use crate::experiments::trial;
use crate::own_data::experiment;
use crate::workspace::Workspace;

const TABLE: &str = "kind = \"csv\"\npath = \"table.csv\"\nlabel = \"class\"\n";

#[test]
fn arguments_in_the_wrong_place_are_named_with_what_is_taken() {
    let workspace = Workspace::with(&trial(1));
    workspace.write("flowers.csv", "a,b\n1,2\n");
    std::fs::create_dir(workspace.path("pics")).expect("a folder");
    let said = |args: &[&str]| {
        let ran = workspace.run(args);
        assert_eq!(ran.code, Some(4), "{}", ran.err);
        ran.err
    };
    let one = said(&["show", "flowers.csv"]);
    let what = "flowers.csv is not a run folder, a folder of runs, an experiment file or the id of a run; ";
    assert!(one.contains(what) && one.contains("`runner list` shows the runs"), "{one}");
    let two = said(&["compare", "pics", "flowers.csv"]);
    assert!(
        two.contains("flowers.csv is not a run folder") || two.contains("pics is not"),
        "{two}"
    );
    assert!(two.contains("id of a run, and neither is another path;"), "{two}");
    let single = said(&["compare", "experiment.toml"]);
    assert!(single.contains("the trial of experiment.toml has no run: `runner run "), "{single}");
}

#[test]
fn counts_below_one_are_refused_in_plain_words() {
    let workspace = Workspace::with(&trial(1));
    for (args, said) in [
        (
            ["run", "experiment.toml", "-j0"],
            "'--jobs <N>': expected a whole number from 1 to 65535",
        ),
        (
            ["compare", "experiment.toml", "--top=0"],
            "'--top <N>': expected a whole number from 1 on",
        ),
        (
            ["confirm", "experiment.toml", "--top=0"],
            "'--top <N>': expected a whole number from 1 on",
        ),
    ] {
        let ran = workspace.run(&args);
        assert_eq!(ran.code, Some(2), "{}", ran.err);
        assert!(ran.err.contains(said), "{}", ran.err);
    }
}

#[test]
fn a_study_refuses_the_formats_of_tables() {
    let workspace = Workspace::with(&trial(1));
    let ran = workspace.run(&["study", "experiment.toml", "--plan", "--format", "json"]);
    assert_eq!(ran.code, Some(2), "{}", ran.err);
    assert!(ran.err.contains("a study prints sentences, and has no other --format"), "{}", ran.err);
    let help = workspace.succeed(&["study", "--help"]);
    assert!(!help.contains("--format"), "{help}");
}

#[test]
fn whatif_starts_from_the_baseline_of_variants() {
    let variant = "\n[[variant]]\nname = \"more\"\nnetwork.dropout = 0.3\n";
    let workspace = Workspace::with(&format!("{}{variant}", trial(1)));
    let ran = workspace.run(&["whatif", "experiment.toml", "--plan", "--seeds", "1"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let said = "`whatif` starts from the baseline of experiment.toml, without its variant";
    assert!(ran.err.contains(said), "{}", ran.err);
    assert!(ran.err.contains(" changes with 1 seed each and the baseline with "), "{}", ran.err);
    let plan = workspace.succeed(&["plan", "experiment-whatif.toml"]);
    assert!(plan.contains("baseline, seed 0") && !plan.contains("more, seed"), "{plan}");
}

#[test]
fn what_is_no_table_is_called_that() {
    let workspace = Workspace::with(&experiment(TABLE));
    for bytes in [&b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"[..], b"PK\x03\x04\x14\0\0\0arr.npy"] {
        std::fs::write(workspace.path("table.csv"), bytes).expect("a file");
        let ran = workspace.run(&["run", "experiment.toml"]);
        assert_eq!(ran.code, Some(3), "{}", ran.err);
        let said = "table.csv is not a table: it begins with bytes that no text has";
        assert!(ran.err.contains(said) && !ran.err.contains("encoding"), "{}", ran.err);
    }
    workspace.write("table.csv", "a,b,class\n");
    let empty = workspace.run(&["run", "experiment.toml"]);
    assert!(
        empty.err.contains("the first line names the columns; every other line"),
        "{}",
        empty.err
    );
}

#[test]
fn lines_that_are_left_out_are_said_once_and_however_quiet() {
    let mut table = "a,b,class\n".to_owned();
    for line in 0..60 {
        let value = if line % 3 == 0 { "nan".to_owned() } else { line.to_string() };
        table.push_str(&format!("{value},{},{}\n", line % 7, line % 2));
    }
    let workspace = Workspace::with(&experiment(TABLE));
    workspace.write("table.csv", table);
    let ran = workspace.run(&["run", "experiment.toml", "--quiet"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert_eq!(ran.err.matches("20 left out of ").count(), 1, "{}", ran.err);
}
