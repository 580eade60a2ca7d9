//! The part of `runner show` about single examples: calibration, the worst classes, the most
//! confused pairs.

use std::cmp::Reverse;

use crate::output::export::WhichWeights;
use crate::output::show::section;
use crate::runs::evaluation::{Confusion, Evaluation, EvaluationFiles};
use crate::runs::record::RunRecord;
use crate::table::hundredfold;

/// The most classes, and pairs of classes, that are named.
const MOST_NAMED: usize = 3;

/// The section on the judged split; empty without an evaluation.
pub(super) fn examples(record: &RunRecord, files: &EvaluationFiles) -> String {
    let Some(evaluation) = &files.evaluation else { return String::new() };
    let mut lines = vec![("calibration".to_owned(), calibration(evaluation))];
    lines.extend(line("worst classes", worst_classes(evaluation)));
    if let Some(confusion) = &files.confusion {
        lines.extend(line("most confused", most_confused(confusion)));
    }
    let weights = WhichWeights::Last.words(record);
    let title = format!("{} examples, with {weights}", evaluation.split.name());
    section(&title, &lines)
}

fn line(name: &str, parts: Vec<String>) -> Option<(String, String)> {
    (!parts.is_empty()).then(|| (name.to_owned(), parts.join("; ")))
}

fn calibration(evaluation: &Evaluation) -> String {
    let sum = evaluation.bins.iter().fold(0.0, |sum, bin| {
        sum + bin.examples as f64 * f64::from(bin.mean_confidence.unwrap_or(0.0))
    });
    let confidence = sum / evaluation.examples.max(1) as f64;
    format!(
        "mean confidence {} %, accuracy {} %, expected calibration error {} points",
        hundredfold(confidence),
        hundredfold(evaluation.accuracy.into()),
        hundredfold(evaluation.expected_calibration_error.into()),
    )
}

fn worst_classes(evaluation: &Evaluation) -> Vec<String> {
    let classes = evaluation.classes.iter();
    let mut known: Vec<(&str, f32)> =
        classes.filter_map(|class| Some((&*class.name, class.accuracy?))).collect();
    known.sort_by(|a, b| a.1.total_cmp(&b.1)); // stable: the first of equals stays first
    let named = known.into_iter().take(MOST_NAMED);
    named.map(|(name, accuracy)| format!("{name} {} %", hundredfold(accuracy.into()))).collect()
}

fn most_confused(confusion: &Confusion) -> Vec<String> {
    let cells = confusion.counts.iter().map(|((class, to), count)| (*count, *class, *to));
    let mut pairs: Vec<(u64, usize, usize)> = cells.filter(|(_, class, to)| class != to).collect();
    pairs.sort_by_key(|(count, ..)| Reverse(*count));
    let pair = |(count, class, to): (u64, usize, usize)| {
        let all = confusion.examples_of(class);
        let (class, to) = (&confusion.names[class], &confusion.names[to]);
        format!("{class} as {to}, {count} of {all}")
    };
    pairs.into_iter().take(MOST_NAMED).map(pair).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runs::evaluation::{JudgedExample, Judgement};
    use crate::runs::held_out::HeldOutSplit;
    use crate::runs::samples::seeds;

    #[test]
    fn worst_and_most_confused_come_first() {
        let names = ["cat", "dog\u{1b}[2J", "eel", "fox", "gnu"].map(str::to_owned);
        let example = |class, predicted, confidence| JudgedExample { class, predicted, confidence };
        let mut examples = vec![example(0, 1, 0.9); 3];
        examples.extend([example(0, 0, 0.5), example(1, 1, 0.75), example(1, 0, 0.5)]);
        examples.extend([example(2, 2, 1.0), example(3, 0, 0.25), example(3, 2, 0.25)]);
        let confusion = Confusion::of(&examples, &names);
        let (split, accuracy) = (HeldOutSplit::Test, 3.0 / 9.0);
        let judgement = Judgement { split, loss: 1.0, accuracy, examples, test_time: None };
        let evaluation = Some(Evaluation::new(&judgement, &names));
        let files = EvaluationFiles { evaluation, confusion: Some(confusion) };
        let mut record = seeds(&[], 0.9, 0.5, 0.0).remove(0);
        insta::assert_snapshot!(crate::output::show::examples::examples(&record, &files));
        assert_eq!(
            crate::output::show::examples::examples(&record, &EvaluationFiles::default()),
            ""
        );
        record.model_epoch = Some(3);
        let text = crate::output::show::examples::examples(&record, &files);
        assert!(text.starts_with("test examples, with the weights of epoch 3\n"), "{text}");
    }
}
