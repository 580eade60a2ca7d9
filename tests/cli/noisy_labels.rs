//! `dataset.label_noise`: two more columns in `metrics.csv`, which are figures, and none without it.

use crate::experiments::trial;
use crate::workspace::Workspace;

#[test]
fn noisy_labels_have_figures_of_their_own() {
    let workspace = Workspace::with(&trial(2));
    let run = |noise: &str, more: &[&str]| {
        let set = format!("dataset.label_noise={noise}");
        let ran = workspace.run(&[&["run", "experiment.toml", "--set", &set][..], more].concat());
        assert_eq!(ran.code, Some(0), "{}", ran.err);
    };
    run("0.5", &[]);
    let noisy = workspace.runs().remove(0);
    let metrics = workspace.read(&format!("runs/{noisy}/metrics.csv"));
    let header = metrics.lines().next().expect("a header");
    assert!(header.ends_with(",gap,train_clean_accuracy,train_noisy_accuracy"), "{header}");
    let last: Vec<f64> = metrics
        .lines()
        .last()
        .expect("a row")
        .split(',')
        .map(|field| field.parse().unwrap_or(f64::NAN))
        .collect();
    let (all, clean, noisy_share) = (last[5], last[11], last[12]);
    // Of 300 labels 150 are drawn anew, and one in ten of those stays: about 135 differ.
    let share = (all - noisy_share) / (clean - noisy_share);
    assert!((0.45..0.65).contains(&share), "{share}: {metrics}");
    let columns = ["--columns", "label_noise,train_clean,train_noisy"];
    let compared = workspace.succeed(&[&["compare", "runs"][..], &columns].concat());
    assert!(compared.contains("train, noisy"), "{compared}");
    assert_eq!(workspace.run(&["verify", &noisy]).code, Some(0));
    // Another seed draws other labels; without noise it draws nothing, and the run is the same.
    let id = |sets: &[&str]| workspace.ids_with("experiment.toml", sets);
    let other = ["--set", "dataset.label_noise=0.5", "--set", "dataset.subset_seed=3"];
    assert_ne!(id(&other), std::slice::from_ref(&noisy));
    assert_eq!(id(&["--set", "dataset.label_noise=0"]), id(&[]));
    assert_eq!(id(&["--set", "dataset.subset_seed=3"]), id(&[]));
    run("0", &[]);
    let clean = workspace.runs().into_iter().find(|run| *run != noisy).expect("another run");
    let metrics = workspace.read(&format!("runs/{clean}/metrics.csv"));
    assert!(metrics.lines().next().expect("a header").ends_with(",gap"), "{metrics}");
    let exported = workspace.succeed(&["export", "runs", "--to", "csv"]);
    assert!(
        exported.lines().next().expect("a header").ends_with("train_noisy_accuracy"),
        "{exported}"
    );
}
