//! `runner watch` in a terminal of its own: what it draws, how it ends, and that the terminal is left as
//! it was. Needs `--features watch`.
#![cfg(feature = "watch")]

mod terminal;

use rustix::process::Signal;
use terminal::Watched;

/// Two values of Dropout, so few examples that training takes no time.
const EXPERIMENT: &str = r#"
[dataset]
kind = "synthetic"
train_examples = 300
test_examples = 100

[network]
kind = "mlp"
hidden_sizes = [8]

[optimizer]
kind = "adagrad"
learning_rate = 0.01

[training]
epochs = 3
batch_size = 50
seeds = [1]

[grid]
network.dropout = [0.0, 0.3]
"#;

/// What gives the terminal back: the main screen, the cursor.
#[track_caller]
fn assert_given_back(text: &str) {
    let enter = text.find("\x1b[?1049h").expect("the other screen is entered");
    let leave = text.rfind("\x1b[?1049l").expect("the other screen is left");
    let (hide, show) = (text.rfind("\x1b[?25l"), text.rfind("\x1b[?25h"));
    assert!(enter < leave && hide < show, "{text:?}");
}

#[test]
fn keys_leave_a_clean_terminal() {
    for key in ["q", "\x1b", "\x03"] {
        let mut watched = Watched::start(EXPERIMENT, &["watch", "experiment.toml"]);
        watched.wait_for("waiting");
        watched.press("l");
        watched.press(key);
        let (code, text) = watched.end();
        assert_eq!(code, Some(0), "{text:?}");
        assert_given_back(&text);
    }
}

#[test]
fn signals_leave_a_clean_terminal() {
    for (signal, code) in [(Signal::TERM, 143), (Signal::INT, 130)] {
        let mut watched = Watched::start(EXPERIMENT, &["watch", "experiment.toml"]);
        watched.wait_for("waiting");
        watched.signal(signal);
        let (ended, text) = watched.end();
        assert_eq!(ended, Some(code), "{text:?}");
        assert_given_back(&text);
    }
}

#[test]
fn runs_that_another_process_makes_appear() {
    let mut watched = Watched::start(EXPERIMENT, &["watch", "experiment.toml"]);
    // Only cells that change are drawn: words, not sentences, come in one piece.
    watched.wait_for("waiting");
    watched.run(&["run", "experiment.toml"]);
    watched.wait_for("finished");
    watched.wait_for("done");
    watched.press("q");
    assert_eq!(watched.end().0, Some(0));
}

#[test]
fn errors_before_the_view_are_plain_text() {
    let watched = Watched::start(EXPERIMENT, &["watch", "nothing"]);
    let (code, text) = watched.end();
    assert_eq!(code, Some(4), "{text:?}");
    assert!(text.contains("nothing") && !text.contains("\x1b[?1049h"), "{text:?}");
}
