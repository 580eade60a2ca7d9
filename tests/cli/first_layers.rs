//! Networks that begin with any layer, on tables and on pictures, from the plan to the exports.

use crate::own_data::flowers;
use crate::workspace::Workspace;

/// Layers that a table of three columns may go into first.
const ON_TABLES: [&str; 12] = [
    r#"{ kind = "dropout", rate = 0.2 }"#,
    r#"{ kind = "spatial_dropout", rate = 0.2 }"#,
    r#"{ kind = "batch_norm" }"#,
    r#"{ kind = "layer_norm" }"#,
    r#"{ kind = "tanh" }"#,
    r#"{ kind = "gelu" }"#,
    r#"{ kind = "conv2d", filters = 5, kernel_size = 1 }"#,
    r#"{ kind = "conv2d", filters = 2, kernel_size = 1, padding = 1 }, { kind = "flatten" }"#,
    r#"{ kind = "max_pool", kernel_size = 1 }"#,
    r#"{ kind = "global_average_pool" }"#,
    r#"{ kind = "residual", layers = [{ kind = "linear", units = 3 }, { kind = "tanh" }] }"#,
    r#"{ kind = "residual", layers = [{ kind = "dropout", rate = 0.0 }] }"#,
];

/// The same of pictures.
const ON_PICTURES: [&str; 6] = [
    r#"{ kind = "flatten" }, { kind = "dropout", rate = 0.2 }"#,
    r#"{ kind = "flatten" }, { kind = "batch_norm" }"#,
    r#"{ kind = "flatten" }, { kind = "layer_norm" }"#,
    r#"{ kind = "flatten" }, { kind = "leaky_relu" }"#,
    r#"{ kind = "flatten" }, { kind = "residual", layers = [{ kind = "layer_norm" }, { kind = "gelu" }] }"#,
    r#"{ kind = "residual", layers = [{ kind = "dropout", rate = 0.0 }] }, { kind = "flatten" }"#,
];

/// One trial for each of `firsts`, a hidden layer behind each.
fn experiment(dataset: &str, firsts: &[&str]) -> String {
    let hidden = r#"{ kind = "linear", units = 8 }, { kind = "relu" }, { kind = "linear" }"#;
    let lists = firsts.iter().map(|first| format!("[{first}, {hidden}]"));
    let lists = lists.collect::<Vec<_>>().join(", ");
    format!(
        "[dataset]\n{dataset}\n[network]\nkind = \"layers\"\n\
         [optimizer]\nkind = \"adam\"\nlearning_rate = 0.01\n\
         [training]\nepochs = 8\nbatch_size = 10\n[grid]\n\"network.layers\" = [{lists}]\n"
    )
}

/// The column `train_loss` of a `metrics.csv`.
fn train_losses(metrics: &str) -> Vec<f64> {
    let mut rows = metrics.lines().map(|row| row.split(',').collect::<Vec<_>>());
    let header = rows.next().expect("a header");
    let column = header.iter().position(|name| *name == "train_loss").expect("it is measured");
    rows.map(|row| row[column].parse().expect("a number")).collect()
}

/// Trains `experiment` by the best instructions and by none, which must give the same bytes. Checks that each
/// trial learns, and that each can be shown and exported.
fn trained(experiment: &str, files: &[(&str, String)], trials: usize) -> Workspace {
    let run = |kernel: &str| {
        let workspace = Workspace::with(experiment);
        files.iter().for_each(|(name, content)| workspace.write(name, content));
        workspace.succeed(&["run", "experiment.toml", "--kernel", kernel]);
        workspace
    };
    let workspace = run("auto");
    let results = |workspace: &Workspace| {
        let mut results = workspace.results();
        results.retain(|name, _| !name.ends_with("trial.toml")); // has the path of the data
        results
    };
    let same = results(&workspace) == results(&run("portable"));
    assert!(same, "the instructions change results");
    let ids = workspace.ids("experiment.toml");
    assert_eq!(ids.len(), trials);
    for id in ids {
        let record = workspace.record(&format!("runs/{id}"));
        let network = record["trial"]["network"].to_string();
        assert_eq!(record["state"], "finished", "{network}");
        let losses = train_losses(&workspace.read(&format!("runs/{id}/metrics.csv")));
        assert!(losses[losses.len() - 1] < losses[0], "{losses:?}: {network}");
        let layers = workspace.read(&format!("runs/{id}/layers.csv"));
        assert!(layers.lines().count() > 2 * losses.len(), "a line for each: {network}");
        workspace.succeed(&["show", &id]);
        for format in ["npz", "torch", "safetensors"] {
            workspace.succeed(&["export", &id, "--to", format, "-o", &format!("{format}/{id}")]);
        }
    }
    workspace.succeed(&["diagnose", "experiment.toml"]);
    workspace.succeed(&["verify", "latest"]);
    workspace
}

#[test]
fn any_layer_may_be_the_first_on_a_table() {
    let dataset = "kind = \"csv\"\npath = \"flowers.csv\"\nlabel = \"species\"";
    let table = [("flowers.csv", flowers(60))];
    let workspace = trained(&experiment(dataset, &ON_TABLES), &table, ON_TABLES.len());
    for id in workspace.ids("experiment.toml") {
        let shown = workspace.succeed(&["predict", &id, "flowers.csv", "--format", "csv"]);
        let is_right = |line: &&str| {
            let number: u32 = line.split(',').nth(1).and_then(|n| n.parse().ok()).expect("a line");
            line.contains(if number.is_multiple_of(2) { ",rose," } else { ",lily," })
        };
        let right = shown.lines().skip(1).filter(is_right).count();
        assert!(right >= 55, "{right} of 60: {shown}");
    }
}

#[test]
fn any_layer_may_be_the_first_behind_the_pixels() {
    let dataset = "kind = \"synthetic\"\ntrain_examples = 40\ntest_examples = 20";
    let changes = "[augmentation]\nhorizontal_flip = 0.5\nrandom_crop = { padding = 2 }\n";
    let text =
        experiment(dataset, &ON_PICTURES).replace("[network]", &format!("{changes}[network]"));
    let text = text.replace("epochs = 8", "epochs = 3").replace("rate = 0.01", "rate = 0.001");
    let workspace = trained(&text, &[], ON_PICTURES.len());
    for id in workspace.ids("experiment.toml") {
        let picture = workspace.path(&format!("runs/{id}/first_layer.png"));
        assert!(picture.exists(), "the weights of the first linear layer lie as the pixels do");
    }
}

#[test]
fn a_network_without_weights_is_an_error_before_anything_is_trained() {
    let text =
        experiment("kind = \"csv\"\npath = \"t.csv\"\nlabel = \"y\"", &["{ kind = \"tanh\" }"]);
    let (before, _) = text.split_once("[grid]").expect("a grid");
    let list =
        "kind = \"layers\"\nlayers = [{ kind = \"flatten\" }, { kind = \"dropout\", rate = 0.5 }]";
    let workspace = Workspace::with(&before.replace("kind = \"layers\"", list));
    let rows = (0..40).map(|i| format!("{i},{},{}\n", i * 3 % 7, i % 2));
    workspace.write("t.csv", rows.fold("a,b,y\n".to_owned(), |text, row| text + &row));
    for command in ["plan", "run"] {
        let ran = workspace.run(&[command, "experiment.toml"]);
        assert_eq!(ran.code, Some(3), "{}", ran.err);
        assert!(ran.err.contains("the network has nothing to train"), "{}", ran.err);
        assert!(ran.err.contains("experiment.toml:7"), "{}", ran.err);
    }
}
