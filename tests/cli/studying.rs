//! `study`: from a baseline to an answer, through any number of kills, and without a wrong start.

use std::fs;
use std::thread;
use std::time::Duration;

use rustix::process::Signal;

use crate::experiments::{dropout_grid, trial};
use crate::workspace::{Ran, Workspace};

/// Points above and below a line, as a file.
fn points() -> String {
    let mut text = "a,b,label\n".to_owned();
    for i in 0..600 {
        let (x, y) = (f64::from(i * 37 % 30) / 3.0, f64::from(i * 11 % 20) / 2.0);
        text.push_str(&format!("{x:.3},{y:.3},{}\n", if y > x { "up" } else { "down" }));
    }
    text
}

/// A network that learns them too slowly: a larger rate is what helps.
const BASELINE: &str = r#"
[dataset]
kind = "csv"
path = "points.csv"
label = "label"
validation_examples = 100
test_fraction = 0.3

[network]
kind = "mlp"
hidden_sizes = [8]

[optimizer]
kind = "sgd"
learning_rate = 0.0005

[training]
epochs = 6
batch_size = 20
"#;

/// A study whose seconds are the same arithmetic on every machine, begun.
fn begun() -> Workspace {
    let workspace = Workspace::with(BASELINE);
    workspace.write("points.csv", points());
    let ran = workspace.run(&["study", "experiment.toml", "--until", "stand"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let path = workspace.path("studies/experiment/study.toml");
    let text = fs::read_to_string(&path).expect("a study");
    let lines = text.lines().map(|line| match line.starts_with("flops_per_second") {
        true => "flops_per_second = 3.0e6",
        false => line,
    });
    fs::write(&path, lines.collect::<Vec<_>>().join("\n") + "\n").expect("it is replaced");
    workspace
}

const STUDY: [&str; 2] = ["study", "experiment.toml"];

/// The answer, and the files of the study.
fn results(workspace: &Workspace, ran: &Ran) -> Vec<(String, Vec<u8>)> {
    let folder = workspace.path("studies/experiment");
    let names = crate::workspace::names(&folder).into_iter();
    let files = names.map(|name| {
        let bytes = fs::read(folder.join(&name)).expect("a file");
        let here = workspace.path("").display().to_string();
        let bytes = match String::from_utf8(bytes) {
            Ok(text) => text.replace(&here, "").into_bytes(), // paths of data are whole
            Err(picture) => picture.into_bytes(),
        };
        (name, bytes)
    });
    files.chain([("answer".to_owned(), ran.out.clone().into_bytes())]).collect()
}

#[test]
fn a_study_ends_in_an_answer_and_the_same_files_after_kills() {
    let calm = begun();
    let ran = calm.run(&STUDY);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    for part in ["Where do I stand?", "What closes it?", "Is it true?"] {
        assert!(ran.out.contains(part), "{}", ran.out);
    }
    let expected = results(&calm, &ran);
    assert!(expected.iter().any(|(name, _)| name == "6-remedies.toml"));
    assert!(expected.iter().any(|(name, _)| name == "report.html"));
    assert!(ran.out.contains("fresh seeds each, on the test set, read once: "), "{}", ran.out);
    let best = calm.succeed(&["plan", "studies/experiment/best.toml"]);
    assert!(best.contains("1 trial"), "{best}");
    let tagged = calm.succeed(&["list", "--where", "tag == 'study/experiment'"]);
    assert!(tagged.contains("#study/experiment"), "{tagged}");
    let sealed = calm.succeed(&["compare", "studies/experiment/6-remedies.toml"]);
    assert!(sealed.contains("sealed"), "{sealed}");

    // What later questions found stays, and nothing is advised before they are asked.
    let until = calm.run(&[&STUDY[..], &["--until", "together"]].concat());
    assert!(
        until.out.contains("Not asked yet") && !until.out.contains("What next?"),
        "{}",
        until.out
    );
    for ((name, bytes), (_, expected)) in results(&calm, &until).iter().zip(&expected) {
        assert!(name == "answer" || bytes == expected, "{name}");
    }

    // Readings of the best epochs' weights are not those of the study.
    calm.succeed(&["compare", "studies/experiment/10-confirm.toml", "--unseal"]);
    assert_eq!(calm.succeed(&STUDY), ran.out);

    // Another study of the baseline has other fresh seeds, and the tag of this name is of what it keeps.
    let stale = calm.ids("studies/experiment/1-baseline.toml").remove(0);
    calm.succeed(&["note", &stale, "--tag", "study/experiment"]);
    fs::rename(calm.path("studies/experiment"), calm.path("studies/old")).expect("it is moved");
    calm.succeed(&STUDY);
    assert!(calm.read("studies/experiment/study.toml").contains("first_fresh_seed = 1005\n"));
    let seeds = "training.seeds = [1005, 1006, 1007, 1008, 1009]";
    assert!(calm.read("studies/experiment/10-confirm.toml").contains(seeds));
    assert!(!calm.succeed(&["show", &stale]).contains("#study/experiment"));
    let still = calm.succeed(&["list", "--where", "tag == 'study/experiment'"]);
    assert!(still.contains("#study/experiment") && !still.contains(&stale), "{still}");

    let killed = begun();
    let mut hits = 0;
    for delay in [150, 400, 900, 1600] {
        let mut running = killed.start(&STUDY);
        thread::sleep(Duration::from_millis(delay));
        hits += usize::from(running.is_alive());
        running.signal(Signal::KILL);
        running.wait();
    }
    assert!(hits > 0, "no kill hit a running study");
    let ran = killed.run(&["study", "experiment.toml", "--jobs=1"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let found = results(&killed, &ran);
    for ((name, bytes), (other, expected)) in found.iter().zip(&expected) {
        assert_eq!(name, other);
        assert!(bytes == expected, "{name}:\n{}", String::from_utf8_lossy(bytes));
    }
    assert_eq!(found.len(), expected.len());
    let look = killed.run(&["study", "experiment"]);
    assert_eq!((look.code, look.out), (Some(0), ran.out), "{}", look.err);
}

#[test]
fn an_interrupted_study_goes_on_with_the_same_command() {
    let workspace = begun();
    let mut running = workspace.start(&STUDY);
    let is_asking = || workspace.path("studies/experiment/6-remedies.toml").exists();
    crate::workspace::wait_until("the remedies are asked for", is_asking);
    let was_alive = running.is_alive();
    running.signal(Signal::INT);
    let ran = running.wait();
    if was_alive && ran.code != Some(0) {
        assert_eq!(ran.code, Some(130), "{}", ran.err);
        assert!(ran.out.contains("Where do I stand?"), "{}", ran.out);
    }
    let look = workspace.run(&["study", "experiment"]);
    assert_eq!(look.code, Some(0), "{}", look.err);
    let ran = workspace.run(&STUDY);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(ran.out.contains("Is it true?"), "{}", ran.out);
}

#[test]
fn a_study_of_a_file_with_variants_starts_from_its_baseline() {
    let variants =
        "[[variant]]\nname = 'more'\nnetwork.dropout = 0.5\n[[variant]]\nnetwork.dropout = 0.4\n";
    let workspace = Workspace::with(&(trial(6) + variants));
    let ran = workspace.run(&["study", "experiment.toml", "--until", "stand"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let said = "the study starts from the baseline of experiment.toml, without its 2 variants";
    assert!(ran.err.contains(said) || ran.out.contains(said), "{} {}", ran.err, ran.out);
    let planned = workspace.succeed(&["plan", "studies/experiment/1-baseline.toml"]);
    assert!(planned.contains("3 trials"), "{planned}");
    assert_eq!(workspace.runs().len(), 3, "the baseline alone");
}

#[test]
fn a_study_starts_from_one_config_and_stays_with_it() {
    let workspace = Workspace::with(&dropout_grid(2));
    let refused = |args: &[&str], code: i32, words: &str| {
        let ran = workspace.run(args);
        assert_eq!(ran.code, Some(code), "{}", ran.err);
        assert!(ran.err.contains(words), "{}", ran.err);
    };
    refused(&STUDY, 2, "has several configs, and a study starts from one");
    let fixed = "  runner study experiment.toml --set network.dropout=0.0";
    refused(&STUDY, 2, fixed);
    let set = ["study", "experiment.toml", "--set", "network.dropout=0.0"];
    workspace.succeed(&[&set[..], &["--until", "stand"]].concat());
    let first = workspace.read("studies/experiment/1-baseline.toml");
    assert!(!first.contains("[grid]") && first.contains("dropout = 0.0"), "{first}");
    assert!(workspace.succeed(&["study", "experiment"]).contains("Where do I stand?"));
    let other = ["study", "experiment.toml", "--set", "network.dropout=0.3"];
    refused(&other, 2, "experiment.toml or --set has changed since");
    fs::remove_dir_all(workspace.path("studies")).expect("it is moved away");
    refused(&["study", "experiment"], 4, "there is neither a file experiment nor a study");
    workspace.write("experiment.toml", trial(6));
    refused(&["study", "experiment.toml", "--budget", "0s"], 2, "--budget is too small");
    // The budget that it asks for is enough, in a spelling that it takes.
    let mut said = workspace.run(&["study", "experiment.toml", "--budget", "0s"]).err;
    for _ in 0..5 {
        let Some((_, rest)) = said.split_once("allow ") else { break };
        let budget = rest.split(' ').next().expect("a budget").to_owned();
        said = workspace.run(&["study", "experiment.toml", "--plan", "--budget", &budget]).err;
    }
    assert!(!said.contains("allow "), "{said}");
    let plan = workspace.succeed(&["study", "experiment.toml", "--plan"]);
    assert!(plan.contains("What do they do together?"), "{plan}");
    assert!(!workspace.path("studies").exists(), "a plan writes nothing");
    workspace.succeed(&["study", "experiment.toml", "--until", "stand"]);
    refused(&["study", "experiment.toml", "--budget", "2h"], 2, "began with no budget");
    workspace.write("experiment.toml", trial(7));
    refused(
        &STUDY,
        2,
        "experiment.toml or --set has changed since the study studies/experiment began",
    );
    workspace.write("studies/experiment/study.toml", "version = 1\n");
    refused(&STUDY, 1, "it is not the file of a study");
}
