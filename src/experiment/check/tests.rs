//! What is refused because tables do not fit together.

use crate::experiment::{Experiment, MAX_TRIALS};

/// What is wrong with a file of these tables; empty if nothing is.
fn problem(dataset: &str, network: &str, training: &str) -> String {
    let text = format!(
        "dataset = {{ {dataset} }}\nnetwork = {{ {network} }}\noptimizer = {{ kind = 'sgd' }}\n\
         training = {{ {training} }}"
    );
    let path = std::path::Path::new("test.toml");
    let read = Experiment::from_bytes(path, text.as_bytes(), &[], MAX_TRIALS, false);
    read.map_or_else(|error| error.to_string(), |_| String::new())
}

const MLP: &str = "kind = 'mlp', hidden_sizes = [4]";

#[test]
fn lookahead_must_move_its_slow_weights() {
    let data = "kind = 'synthetic', train_examples = 1000";
    let with = |every| format!("epochs = 2, lookahead = {{ every_steps = {every} }}");
    let refused = problem(data, MLP, &with(21));
    assert!(refused.contains("`training.lookahead.every_steps` is more than the training has"));
    assert!(refused.contains("the training has 20 steps"), "{refused}");
    assert_eq!(problem(data, MLP, &with(20)), "");
    assert_eq!(problem(data, MLP, "epochs = 1, lookahead = {}"), "", "it has 10 steps");
}

#[test]
fn class_weights_keep_sums_of_32_bits_sound() {
    let with = |first: &str| {
        let ones = ", 1".repeat(9);
        problem("kind = 'synthetic'", MLP, &format!("epochs = 1, class_weights = [{first}{ones}]"))
    };
    for first in ["1e-6", "1e6", "0.25"] {
        assert_eq!(with(first), "");
    }
    for first in ["1e-7", "2e6"] {
        assert!(with(first).contains("`training.class_weights` are too far apart"), "{first}");
    }
    for all in ["1e-30", "1e30"] {
        let list = [all; 10].join(", ");
        let found =
            problem("kind = 'synthetic'", MLP, &format!("epochs = 1, class_weights = [{list}]"));
        assert!(found.contains("divide all of them by the largest"), "{found}");
    }
}

#[test]
fn whitening_fits_the_images_or_says_what_to_do() {
    let layers = |conv: &str| {
        format!(
            "kind = 'layers', layers = [{{ kind = 'conv2d', weight_init = 'whitening', {conv} }}, \
             {{ kind = 'flatten' }}, {{ kind = 'linear' }}]"
        )
    };
    let large = problem(
        "kind = 'mnist'",
        &layers("filters = 1682, kernel_size = 29, padding = 1"),
        "epochs = 1",
    );
    assert!(large.contains("a kernel that fits into the image without padding"), "{large}");
    let few = problem("kind = 'mnist'", &layers("filters = 24, kernel_size = 2"), "epochs = 1");
    assert!(few.contains("set `filters = 8`, or choose another `weight_init`"), "{few}");
    let preset = problem("kind = 'mnist'", "kind = 'airbench94'", "epochs = 1");
    assert!(preset.contains("set `whitening = false` for images of other channels"), "{preset}");
    let plain = problem("kind = 'mnist'", "kind = 'airbench94', whitening = false", "epochs = 1");
    assert_eq!(plain, "");
}

#[test]
fn what_only_convolutions_begin_with_is_said_so() {
    let linear = "kind = 'layers', layers = [{ kind = 'flatten' }, \
                  { kind = 'linear', weight_init = 'dirac' }]";
    let found = problem("kind = 'mnist'", linear, "epochs = 1");
    assert!(found.contains("cannot be `dirac`"), "{found}");
    assert!(found.contains("only a `conv2d` layer has this choice"), "{found}");
    let unknown = problem("kind = 'mnist'", &linear.replace("dirac", "dirak"), "epochs = 1");
    assert!(unknown.contains("the choices are") && !unknown.contains("whitening"), "{unknown}");
}

#[test]
fn an_advised_batch_size_suits_every_fold() {
    // Parts of 34, 34 and 33 examples: 67, 67 and 68 are left.
    let data = "kind = 'synthetic', train_examples = 101, folds = 3";
    let network = "kind = 'mlp', hidden_sizes = [4], batch_norm = true";
    let with = |size: u32| problem(data, network, &format!("epochs = 1, batch_size = {size}"));
    assert_eq!(advised(&with(66)), None, "67 leaves one of 68");
    assert_eq!(advised(&with(11)), Some(12));
    assert_eq!(advised(&with(2)), Some(4));
}

/// The batch size that a message advises.
fn advised(found: &str) -> Option<u32> {
    assert!(found.contains("a last batch of one example"), "{found}");
    let (_, rest) = found.split_once("try `batch_size = ")?;
    rest.split('`').next()?.parse().ok()
}
