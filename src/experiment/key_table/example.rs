//! The shortest experiment files that have a given key.

use std::path::Path;
use std::sync::LazyLock;

use serde_json::{Value, json};

use crate::config::ANY_ELEMENT;
use crate::experiment::{Experiment, MAX_TRIALS, Trial};

/// A key of a row of the table in a file that may have it.
pub(super) struct Place {
    /// As errors call it: `network.layers.1.rate` for `network.layers[].rate`.
    pub(super) key: String,
    table: String,           // the outer table that it is in
    kind: Option<String>,    // of that table
    element: Option<String>, // kind of the layer that it is in
}

impl Place {
    /// The key in a table, or an element, of this kind.
    pub(super) fn of(key: &str, kind: Option<&String>) -> Place {
        let (table, _) = key.split_once('.').expect("a key of a table");
        let (table, kind) = (table.to_owned(), kind.cloned());
        match key.contains(ANY_ELEMENT) {
            false => Place { key: key.to_owned(), table, kind, element: None },
            true => Place {
                key: key.replace(ANY_ELEMENT, ".1"),
                table,
                kind: Some("layers".to_owned()),
                element: Some(kind.unwrap_or_else(|| "relu".to_owned())),
            },
        }
    }

    /// Where the key is in a trial's JSON.
    pub(super) fn pointer(&self) -> String {
        format!("/{}", self.key.replace('.', "/"))
    }
}

/// Reads a file of the shortest tables with this value at the place.
pub(super) fn read(place: &Place, value: Option<&Value>) -> Result<Trial, String> {
    let mut file = json!({
        "dataset": { "kind": "cifar10" },
        "network": { "kind": "mlp", "hidden_sizes": [5] },
        "optimizer": { "kind": "sgd" },
        "training": { "epochs": 3 },
    });
    match (&*place.table, &place.kind) {
        ("schedule", kind) => add_schedule(&mut file, kind.as_deref()),
        ("halving", _) => {
            file["dataset"]["validation_examples"] = 10.into();
            file["halving"] = json!({});
        }
        ("search", _) => {
            let space = json!({ "network.activation": ["relu", "tanh"] });
            file["search"] = json!({ "kind": "random", "trials": 3, "space": space });
        }
        ("network", Some(kind)) => file["network"] = network(kind, place.element.as_deref()),
        ("dataset", Some(kind)) => {
            file["dataset"] = dataset(kind);
            file["training"]["batch_size"] = 1.into();
        }
        (table, Some(kind)) => file[table]["kind"] = kind.as_str().into(),
        (_, None) => {}
    }
    if place.key.starts_with("training.early_stopping.") {
        file["training"]["early_stopping"] = json!({ "patience": 3 });
        file["dataset"]["validation_examples"] = 1000.into();
    }
    if place.key == "training.steps" {
        file["training"] = json!({});
    }
    if let Some(value) = value {
        let place =
            place.key.split('.').fold(&mut file, |table, name| match name.parse::<usize>() {
                Ok(index) => &mut table[index],
                Err(_) => &mut table[name],
            });
        *place = value.clone();
    }
    let text = toml::to_string(&file).expect("JSON without null is TOML");
    let path = Path::new("test.toml");
    let experiment = Experiment::from_bytes(path, text.as_bytes(), &[], MAX_TRIALS, false);
    experiment.map(|mut experiment| experiment.trials.remove(0)).map_err(|e| e.to_string())
}

/// Adds a schedule with the keys that have no default.
fn add_schedule(file: &mut Value, kind: Option<&str>) {
    let kind = kind.unwrap_or("constant");
    file["schedule"] = match kind {
        "step" => json!({ "kind": kind, "step_epochs": 1 }),
        "multi_step" => json!({ "kind": kind, "milestones": [1] }),
        "exponential" => json!({ "kind": kind, "gamma": 0.5 }),
        _ => json!({ "kind": kind }),
    };
    if kind == "reduce_on_plateau" {
        file["dataset"]["validation_examples"] = 1000.into();
    }
}

/// A dataset of this kind.
fn dataset(kind: &str) -> Value {
    match kind {
        "images" => json!({ "kind": kind, "path": own_data("images") }),
        "csv" => json!({ "kind": kind, "path": own_data("table.csv"), "label": "class" }),
        _ => json!({ "kind": kind }),
    }
}

/// Data of the user's own, enough for the keys' bounds.
fn own_data(name: &str) -> String {
    static FOLDER: LazyLock<tempfile::TempDir> = LazyLock::new(|| {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut table = "x,class\n".to_owned();
        for i in 0..10 {
            let class = i % 2;
            table.push_str(&format!("{i},{class}\n"));
            let of_class = folder.path().join(format!("images/{class}"));
            std::fs::create_dir_all(&of_class).expect("writable");
            let picture = image::GrayImage::from_pixel(1, 1, image::Luma([i as u8]));
            picture.save(of_class.join(format!("{i}.png"))).expect("writable");
        }
        std::fs::write(folder.path().join("table.csv"), table).expect("writable");
        folder
    });
    FOLDER.path().join(name).display().to_string()
}

/// A network of this kind; the second layer of one of layers is `element`.
fn network(kind: &str, element: Option<&str>) -> Value {
    match kind {
        "mlp" => json!({ "kind": kind, "hidden_sizes": [5] }),
        "layers" => {
            let before = if element == Some("linear") { "flatten" } else { "relu" };
            let [before, element] = [before, element.unwrap_or("relu")].map(layer);
            let layers = json!([before, element, { "kind": "flatten" }, { "kind": "linear" }]);
            json!({ "kind": kind, "layers": layers })
        }
        _ => json!({ "kind": kind }),
    }
}

/// A layer with the keys that have no default.
fn layer(kind: &str) -> Value {
    match kind {
        "conv2d" => json!({ "kind": kind, "filters": 2, "kernel_size": 3 }),
        "max_pool" | "average_pool" => json!({ "kind": kind, "kernel_size": 2 }),
        "dropout" | "spatial_dropout" => json!({ "kind": kind, "rate": 0.5 }),
        "residual" => json!({ "kind": kind, "layers": [{ "kind": "relu" }] }),
        _ => json!({ "kind": kind }),
    }
}
