//! A run's own curve with what a term means on it: the gap at the end, the best epoch and the fall, and the
//! numbers in words.

use super::chart::{Bracket, Chart, Curve, Mark};
use super::term::plain;
use super::wrapped;
use crate::analysis::diagnosis::{Finding, FindingKind, diagnose};
use crate::error::{Error, Result};
use crate::runs::held_out::HeldOutSplit;
use crate::runs::metrics::MetricsRow;
use crate::runs::read::Curves;

pub use super::chart::ChartLook;

/// A fall below this rounds to nothing.
const LEAST_FALL: f64 = 0.05;

/// A term that is shown on a curve.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pictured {
    /// Train accuracy minus test accuracy.
    Gap,
    /// How far test accuracy is below its best.
    Fall,
    /// The test loss has turned.
    Memorising,
    /// When training should have ended.
    EarlyStopping,
}

/// The words of each.
const WORDS: [(Pictured, &[&str]); 4] = [
    (Pictured::Gap, &["gap", "overfitting", "overfit", "generalization gap", "generalisation gap"]),
    (Pictured::Fall, &["fall", "best test", "best epoch", "accuracy lost"]),
    (Pictured::Memorising, &["memorising", "memorizing"]),
    (Pictured::EarlyStopping, &["early stopping"]),
];

impl Pictured {
    /// The term that a word names, if it is shown on a curve.
    pub fn named(word: &str) -> Option<Pictured> {
        let wanted = plain(word);
        let has_word = |words: &[&str]| words.iter().any(|known| plain(known) == wanted);
        WORDS.iter().find(|(_, words)| has_word(words)).map(|(pictured, _)| *pictured)
    }
}

/// The figures of a curve that are marked on it, in percent.
struct Figures {
    split: HeldOutSplit,
    train: Vec<(f64, f64)>, // epochs and levels, at least two
    held: Vec<(f64, f64)>,
    best: (f64, f64),
}

/// The curve of a run as a chart, with what the term means on it in words.
///
/// # Errors
/// When the run has too few evaluated epochs, or neither test nor validation accuracy.
pub fn picture(what: Pictured, run: &Curves, look: ChartLook) -> Result<String> {
    let figures = Figures::of(run)?;
    let findings = diagnose(std::slice::from_ref(run));
    let chart = figures.chart(what, &findings).draw(look);
    let mut sentences = vec![figures.gap_words(), figures.fall_words()];
    match what {
        Pictured::Gap => {}
        Pictured::Fall => sentences.swap(0, 1),
        Pictured::Memorising => {
            let none = "No sign of memorising: the loss on new examples did not turn for good.";
            sentences.insert(0, finding_words(&findings, FindingKind::Memorising, none));
        }
        Pictured::EarlyStopping => {
            let stopped = run.record.early_stopping_words().map(|words| sentence(&words));
            let none = "Stopping early would have saved nothing here.";
            let words = || finding_words(&findings, FindingKind::EarlyStopping, none);
            sentences.insert(0, stopped.unwrap_or_else(words));
        }
    }
    let sentences: Vec<String> = sentences.iter().map(|sentence| wrapped(sentence)).collect();
    Ok(format!("{chart}\n{}\n", sentences.join("\n")))
}

impl Figures {
    fn of(run: &Curves) -> Result<Figures> {
        let of_split = |split: HeldOutSplit| {
            let held = points(&run.rows, |row| split.accuracy(row));
            (held.len() > 1).then_some((split, held))
        };
        let train = points(&run.rows, |row| Some(row.train_accuracy));
        let held = of_split(HeldOutSplit::Test).or_else(|| of_split(HeldOutSplit::Validation));
        let Some((split, held)) = held.filter(|_| train.len() > 1) else {
            return Err(Error::NothingMatched(format!(
                "run {} has no curve to draw: that takes two evaluated epochs with train and test accuracy",
                run.record.id
            )));
        };
        let best =
            held.iter().fold(held[0], |best, point| if point.1 > best.1 { *point } else { best });
        Ok(Figures { split, train, held, best })
    }

    fn ends(&self) -> [(f64, f64); 2] {
        [&self.train, &self.held].map(|points| points[points.len() - 1])
    }

    fn fall(&self) -> f64 {
        self.best.1 - self.ends()[1].1
    }

    fn chart(&self, what: Pictured, findings: &[Finding]) -> Chart {
        let [train, held] = self.ends().map(|(_, level)| level);
        let gap = format!("gap {:.1}", train - held);
        let mut brackets = vec![Bracket { between: [train, held], label: gap }];
        if self.fall() >= LEAST_FALL {
            let label = format!("fall {:.1}", self.fall());
            brackets.push(Bracket { between: [self.best.1, held], label });
        }
        let (epoch, level) = self.best;
        let label = format!("best {}: {level:.1} % at epoch {epoch}", self.split.name());
        let mut marks = vec![Mark { epoch, label }];
        let of_finding = |kind: FindingKind, figure: &str| {
            let finding = findings.iter().find(|finding| finding.kind == kind)?;
            finding.figures.iter().find(|(name, _)| *name == figure).map(|(_, value)| *value)
        };
        if what == Pictured::Memorising
            && let Some(epoch) = of_finding(FindingKind::Memorising, "epoch_median")
        {
            marks.push(Mark { epoch, label: format!("memorising since epoch {epoch}") });
        }
        let curve = |name, points: &[(f64, f64)]| Curve { name, points: points.to_vec() };
        let curves = [curve("train", &self.train), curve(self.split.name(), &self.held)];
        Chart { curves, brackets, marks }
    }

    fn gap_words(&self) -> String {
        let [(epoch, train), (_, held)] = self.ends();
        format!(
            "At the last epoch, {epoch}, the network answers {train:.1} % of the training examples and \
             {held:.1} % of the {} examples correctly: a gap of {:.1} points.",
            self.split.name(),
            train - held
        )
    }

    fn fall_words(&self) -> String {
        let [_, (_, end)] = self.ends();
        let (split, (epoch, best)) = (self.split.name(), self.best);
        if self.fall() < LEAST_FALL {
            return format!("The {split} accuracy is at its best at the end, {end:.1} %: no fall.");
        }
        let chosen = match self.split {
            HeldOutSplit::Test => " (chosen on test, so flattered)",
            HeldOutSplit::Validation => "",
        };
        format!(
            "The {split} accuracy was best at epoch {epoch}, {best:.1} %{chosen}, and is {end:.1} % at the \
             end: a fall of {:.1} points.",
            self.fall()
        )
    }
}

/// The finite percentages of a split by epoch.
fn points(rows: &[MetricsRow], accuracy: impl Fn(&MetricsRow) -> Option<f32>) -> Vec<(f64, f64)> {
    let point = |row: &MetricsRow| {
        let accuracy = f64::from(accuracy(row)?);
        accuracy.is_finite().then_some((row.epoch as f64, 100.0 * accuracy))
    };
    rows.iter().filter_map(point).collect()
}

/// What the diagnosis says of it, or `none`.
fn finding_words(findings: &[Finding], kind: FindingKind, none: &str) -> String {
    let finding = findings.iter().find(|finding| finding.kind == kind);
    finding.map_or(none.to_owned(), |finding| sentence(&finding.text))
}

/// With a capital and a full stop.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map_or(String::new(), |first| first.to_uppercase().to_string());
    let stop = if text.ends_with('.') { "" } else { "." };
    format!("{first}{}{stop}", letters.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runs::samples::{row, run, trial};

    /// A run that learns its training examples by heart; its test accuracy falls after epoch 6.
    fn overfitted() -> Curves {
        let rows: Vec<MetricsRow> = (0..=20)
            .map(|epoch| {
                let e = epoch as f32;
                let train = 1.0 - 0.9 * (-0.25 * e).exp();
                let test = 0.1 + 0.4 * (1.0 - (-0.5 * e).exp()) - 0.004 * (e - 6.0).max(0.0);
                let mut row = row(epoch, train, None, test);
                row.train_loss = 2.3 * (-0.2 * e).exp();
                row.test_loss =
                    Some(2.3 - 0.9 * (1.0 - (-0.5 * e).exp()) + 0.06 * (e - 6.0).max(0.0));
                row
            })
            .collect();
        let record = run(trial(&[], 1), rows[20], rows[6]);
        Curves { record, rows, layers: Vec::new() }
    }

    #[test]
    fn the_gap_the_best_epoch_and_the_fall_are_marked_and_said() {
        let picture = |what, look| picture(what, &overfitted(), look).unwrap();
        insta::assert_snapshot!("gap", picture(Pictured::Gap, ChartLook::default()));
        let narrow = ChartLook { width: Some(60), ascii: true };
        insta::assert_snapshot!("fall_narrow_ascii", picture(Pictured::Fall, narrow));
        insta::assert_snapshot!("memorising", picture(Pictured::Memorising, ChartLook::default()));
        let stopping = picture(Pictured::EarlyStopping, ChartLook::default());
        insta::assert_snapshot!("early_stopping", stopping);
    }

    #[test]
    fn a_run_without_a_curve_or_with_a_flat_one_does_no_harm() {
        let mut curves = overfitted();
        curves.rows.truncate(1);
        let error = picture(Pictured::Gap, &curves, ChartLook::default()).unwrap_err();
        assert!(error.to_string().contains("has no curve to draw"), "{error}");
        let mut flat = overfitted();
        for row in &mut flat.rows {
            (row.train_accuracy, row.test_accuracy) = (0.5, Some(0.5));
        }
        let text =
            picture(Pictured::Fall, &flat, ChartLook { width: Some(3), ascii: false }).unwrap();
        assert!(text.contains("no fall") && text.contains("gap 0.0"), "{text}");
        let mut broken = overfitted();
        for row in &mut broken.rows {
            (row.train_accuracy, row.test_accuracy) = (f32::NAN, None);
        }
        assert!(picture(Pictured::Gap, &broken, ChartLook::default()).is_err());
    }
}
