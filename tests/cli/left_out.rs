//! Settings that a trial leaves out while they have their default: filters, tables and exclusions know it.

use crate::workspace::Workspace;

const FILE: &str = "\
dataset = { kind = \"synthetic\", train_examples = 20, test_examples = 10 }
network = { kind = \"mlp\", hidden_sizes = [2] }
training = { epochs = 1, batch_size = 10 }

[grid]
optimizer = [{ kind = \"sgd\" }, { kind = \"sgd\", decoupled_weight_decay = true }]
";

#[test]
fn what_a_kind_leaves_out_has_its_default() {
    let workspace = Workspace::with(FILE);
    workspace.succeed(&["run", "-q", "experiment.toml"]);
    let count = |condition: &str| {
        let listed = workspace.succeed(&["list", "--format=csv", "--where", condition]);
        listed.lines().count() - 1
    };
    assert_eq!(count("optimizer.decoupled_weight_decay == false"), 1);
    assert_eq!(count("optimizer.decoupled_weight_decay == true"), 1);
    let key = "optimizer.decoupled_weight_decay";
    let table = ["compare", "experiment.toml", "--format=csv", "--group-by", key];
    let grouped = workspace.succeed(&table);
    assert!(grouped.lines().any(|line| line.starts_with("false,")), "{grouped}");
}

#[test]
fn an_exclusion_knows_what_a_point_leaves_out() {
    let excluded = |condition: &str| {
        let workspace = Workspace::with(&format!("{FILE}\n[[exclude]]\n{condition}\n"));
        workspace.ids("experiment.toml").len()
    };
    assert_eq!(excluded("optimizer.decoupled_weight_decay = false"), 1);
    assert_eq!(excluded("optimizer.decoupled_weight_decay = true"), 1);
    let lookahead = "training.lookahead = [false, { every_steps = 2, decay = 0.5 }]\n";
    let both = FILE.replace("[grid]\n", &format!("[grid]\n{lookahead}"));
    let workspace = Workspace::with(&format!("{both}\n[[exclude]]\ntraining.lookahead = false\n"));
    assert_eq!(workspace.ids("experiment.toml").len(), 2);
}
