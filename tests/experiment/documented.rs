//! The examples in `docs/experiment-file.md` and `docs/searching.md`.

use std::path::Path;

/// What the examples that show only a grid leave out.
const REST: &str = r#"
    dataset = { kind = "synthetic" }
    network = { kind = "mlp", hidden_sizes = [10] }
    optimizer = { kind = "sgd" }
    training = { epochs = 1 }
"#;

#[test]
fn examples_make_as_many_trials_as_they_say() {
    let read = |name: &str| {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
        std::fs::read_to_string(path).expect("the document is in the repository")
    };
    let documents = ["docs/experiment-file.md", "docs/searching.md"].map(read);
    let of_each = documents.each_ref().map(|text| text.split("```toml\n").skip(1));
    let blocks: Vec<&str> = of_each.into_iter().flatten().collect();
    assert!(blocks.len() > 5, "the examples are not found");
    for block in blocks {
        let (example, _) = block.split_once("```").expect("a block ends");
        let (_, claim) = example.trim_end().rsplit_once("\n# ").expect("the last line is a claim");
        let count = claim.strip_suffix(" trials").and_then(|n| n.parse().ok());
        let is_whole = example.contains("[dataset]");
        let text = if is_whole { example.to_owned() } else { format!("{REST}\n{example}") };
        let trials = super::read(text.as_bytes(), &[]).unwrap_or_else(|e| panic!("{e}")).trials;
        assert_eq!(Some(trials.len()), count, "{example}");
    }
}
