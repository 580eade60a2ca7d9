//! `runner watch` in a terminal of its own: what it draws, how it ends, and that the terminal is left as
//! it was.

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
fn key_leaves_a_clean_terminal() {
    let mut watched = Watched::start(EXPERIMENT, &["watch", "experiment.toml"]);
    watched.wait_for("2 waiting");
    assert_ne!(watched.modes(), watched.modes_before, "keys come without Enter and are not shown");
    watched.press("\x1b[Ax\nq");
    watched.wait_for("\x1b[?25h");
    assert_eq!(watched.modes(), watched.modes_before);
    let (code, text) = watched.end();
    assert_eq!(code, Some(0), "{text:?}");
    assert_given_back(&text);
}

#[test]
fn signals_leave_a_clean_terminal() {
    for (signal, code) in [(Signal::TERM, 143), (Signal::INT, 130), (Signal::HUP, 129)] {
        let mut watched = Watched::start(EXPERIMENT, &["watch", "experiment.toml"]);
        watched.wait_for("2 waiting");
        watched.signal(signal);
        let (ended, text) = watched.end();
        assert_eq!(ended, Some(code), "{text:?}");
        assert_given_back(&text);
    }
}

#[test]
fn suspended_view_gives_the_terminal_back_until_it_goes_on() {
    let mut watched = Watched::start(EXPERIMENT, &["watch", "experiment.toml"]);
    watched.wait_for("2 waiting");
    watched.signal(Signal::TSTP);
    watched.wait_for("\x1b[?25h");
    watched.wait_until_stopped();
    watched.signal(Signal::CONT);
    watched.wait_for("\x1b[?25h\x1b[?1049h");
    watched.press("q");
    assert_eq!(watched.end().0, Some(0));
}

#[test]
fn runs_that_another_process_makes_appear() {
    let mut watched = Watched::start(EXPERIMENT, &["watch", "experiment.toml"]);
    watched.wait_for("2 waiting");
    watched.run(&["run", "experiment.toml"]);
    watched.wait_for("2 finished");
    watched.wait_for("100 %, done");
    watched.press("q");
    let (code, text) = watched.end();
    assert_eq!(code, Some(0));
    assert!(
        text.contains(['▁', '▅']) && text.contains("\x1b[36m"),
        "a curve, and colours: {text:?}"
    );
}

#[test]
fn smaller_terminal_is_drawn_anew_without_colours() {
    let mut watched = Watched::start(EXPERIMENT, &["--color", "never", "watch", "experiment.toml"]);
    watched.wait_for("2 waiting");
    watched.resize(30, 4);
    watched.wait_for("and 2 more: 2 waiting");
    watched.press("q");
    let (code, text) = watched.end();
    assert!(code == Some(0) && !text.contains("\x1b[36m"), "{text:?}");
}

#[test]
fn errors_before_the_view_are_plain_text() {
    let watched = Watched::start(EXPERIMENT, &["watch", "nothing"]);
    let (code, text) = watched.end();
    assert_eq!(code, Some(4), "{text:?}");
    assert!(text.contains("nothing") && !text.contains("\x1b[?1049h"), "{text:?}");
}
