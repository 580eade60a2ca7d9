//! From judged examples to calibration, classes, mistakes and the confusion matrix. Sums are taken
//! in 64 bits in the order of the examples, so the same predictions give the same bytes.

use std::cmp::Reverse;

use crate::runs::evaluation::{
    CalibrationBin, ClassScore, EVALUATION_VERSION, Evaluation, JudgedExample, Judgement, Mistake,
};

/// Bins of Guo et al.'s experiments.
const BINS: usize = 15;
/// How many mistakes are kept: a sheet of 6 x 4 pictures.
const MOST_MISTAKES: usize = 24;

impl Evaluation {
    /// The evaluation of a judgement; `names` are those of the classes.
    pub fn new(judgement: &Judgement, names: &[String]) -> Evaluation {
        let examples = &judgement.examples;
        let sums = class_sums(examples, names.len());
        let tallies = tallies(examples);
        Evaluation {
            version: EVALUATION_VERSION,
            split: judgement.split,
            examples: examples.len() as u64,
            loss: judgement.loss as f32,
            accuracy: judgement.accuracy as f32,
            expected_calibration_error: calibration_error(&tallies) as f32,
            bins: tallies.iter().enumerate().map(|(bin, tally)| tally.bin(bin)).collect(),
            classes: names.iter().zip(sums).map(|(name, sums)| class_score(name, sums)).collect(),
            mistakes: mistakes(examples, names),
            test_time: judgement.test_time.clone(),
        }
    }
}

/// Sums over the examples of a class.
#[derive(Debug, Clone, Copy, Default)]
struct ClassSums {
    examples: u64,
    predicted: u64, // of all classes, predicted as this one
    hits: u64,
}

fn class_sums(examples: &[JudgedExample], classes: usize) -> Vec<ClassSums> {
    let mut sums = vec![ClassSums::default(); classes];
    for example in examples {
        sums[usize::from(example.class)].examples += 1;
        sums[usize::from(example.predicted)].predicted += 1;
        sums[usize::from(example.class)].hits += u64::from(!example.is_mistake());
    }
    sums
}

/// Sums over the examples of a bin.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct Tally {
    examples: u64,
    correct: u64,
    confidence: f64,
}

impl Tally {
    fn bin(&self, bin: usize) -> CalibrationBin {
        let mean = |sum: f64| (self.examples > 0).then(|| (sum / self.examples as f64) as f32);
        CalibrationBin {
            from: limit(bin),
            to: limit(bin + 1),
            examples: self.examples,
            mean_confidence: mean(self.confidence),
            accuracy: mean(self.correct as f64),
        }
    }
}

/// The lower limit of a bin.
fn limit(bin: usize) -> f32 {
    bin as f32 / BINS as f32
}

fn tallies(examples: &[JudgedExample]) -> [Tally; BINS] {
    let mut tallies = [Tally::default(); BINS];
    for example in examples {
        let bin = (0..BINS).position(|bin| example.confidence <= limit(bin + 1));
        let tally = &mut tallies[bin.unwrap_or(BINS - 1)];
        tally.examples += 1;
        tally.correct += u64::from(!example.is_mistake());
        tally.confidence += f64::from(example.confidence);
    }
    tallies
}

/// The sum over bins of `|correct - confidence|`, per example: each bin's distance is weighted by its
/// share of the examples.
fn calibration_error(tallies: &[Tally]) -> f64 {
    let distance = |tally: &Tally| (tally.correct as f64 - tally.confidence).abs();
    let examples: u64 = tallies.iter().map(|tally| tally.examples).sum();
    tallies.iter().fold(0.0, |sum, tally| sum + distance(tally)) / examples.max(1) as f64
}

fn class_score(name: &str, sums: ClassSums) -> ClassScore {
    let ClassSums { examples, predicted, hits } = sums;
    let share = |of: u64| (of > 0).then(|| (hits as f64 / of as f64) as f32);
    ClassScore {
        name: name.to_owned(),
        examples,
        accuracy: share(examples),
        precision: share(predicted),
    }
}

fn mistakes(examples: &[JudgedExample], names: &[String]) -> Vec<Mistake> {
    let mut mistakes: Vec<(usize, &JudgedExample)> =
        examples.iter().enumerate().filter(|(_, example)| example.is_mistake()).collect();
    // Probabilities are positive: their order is that of their bits.
    mistakes.sort_by_key(|(position, example)| (Reverse(example.confidence.to_bits()), *position));
    mistakes.truncate(MOST_MISTAKES);
    let mistake = |(position, example): (usize, &JudgedExample)| Mistake {
        example: position as u64,
        class: names[usize::from(example.class)].clone(),
        predicted: names[usize::from(example.predicted)].clone(),
        confidence: example.confidence,
    };
    mistakes.into_iter().map(mistake).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, Value};

    use super::*;
    use crate::nn::testing::{assert_expressions, fixtures};
    use crate::runs::evaluation::Confusion;
    use crate::runs::figures::Figure;
    use crate::runs::held_out::HeldOutSplit;

    fn judgement(examples: &[(u16, u16, f32)]) -> Judgement {
        let example = |&(class, predicted, confidence): &(u16, u16, f32)| JudgedExample {
            class,
            predicted,
            confidence,
        };
        Judgement {
            split: HeldOutSplit::Test,
            loss: 0.5,
            accuracy: 0.6,
            examples: examples.iter().map(example).collect(),
            test_time: None,
        }
    }

    fn names() -> Vec<String> {
        ["cat", "dog", "eel"].map(str::to_owned).to_vec()
    }

    #[test]
    fn figures_are_those_worked_by_hand() {
        // Two bins: (0.4667, 0.5333] with confidences 0.5 and 0.53, one of them right; (0.8667,
        // 0.9333] with 0.9, 0.92, 0.88 and 0.92, two of them right.
        let examples =
            [(0, 0, 0.9), (0, 1, 0.92), (1, 1, 0.88), (1, 0, 0.5), (0, 0, 0.53), (0, 1, 0.92)];
        let evaluation = Evaluation::new(&judgement(&examples), &names());
        let error = ((1.0 - 1.03_f64).abs() + (2.0 - 3.62_f64).abs()) / 6.0;
        assert!((f64::from(evaluation.expected_calibration_error) - error).abs() < 1e-6);
        assert_eq!(evaluation.bins.len(), 15);
        assert_eq!((evaluation.bins[7].examples, evaluation.bins[7].accuracy), (2, Some(0.5)));
        assert_eq!((evaluation.bins[13].examples, evaluation.bins[13].accuracy), (4, Some(0.5)));
        assert!((evaluation.bins[13].mean_confidence.unwrap() - 0.905).abs() < 1e-6);
        assert_eq!((evaluation.bins[0].from, evaluation.bins[14].to), (0.0, 1.0));
        assert_eq!((evaluation.bins[0].accuracy, evaluation.bins[0].mean_confidence), (None, None));
        let shares: Vec<_> = evaluation.classes.iter().map(|c| (c.accuracy, c.precision)).collect();
        let third = Some(1.0 / 3.0);
        assert_eq!(shares, [(Some(0.5), Some(2.0 / 3.0)), (Some(0.5), third), (None, None)]);
        // The most confident first, ties in the order of the split.
        let order: Vec<u64> = evaluation.mistakes.iter().map(|mistake| mistake.example).collect();
        assert_eq!(order, [1, 5, 3]);
        assert_eq!(
            (&evaluation.mistakes[2].class[..], &*evaluation.mistakes[2].predicted),
            ("dog", "cat")
        );
        let confusion = Confusion::of(&judgement(&examples).examples, &names());
        let square = confusion.to_square().unwrap();
        assert_eq!(square, [[2, 2, 0], [1, 1, 0], [0, 0, 0]]);
    }

    /// The expressions that `tests/parity/make_fixtures.py` evaluates. `UPDATE_EXPRESSIONS=1`
    /// rewrites them.
    #[test]
    fn expressions_of_figures_are_current() {
        let of = |figure: &Figure| {
            Some((figure.name().to_owned(), Value::from(figure.kind().scikit_learn?)))
        };
        let expressions: Map<String, Value> = Figure::ALL.iter().filter_map(of).collect();
        assert_expressions("figures", &expressions.into());
    }

    #[test]
    fn figures_of_judged_examples_equal_those_of_scikit_learn() {
        let fixtures = fixtures();
        let numbers =
            |value: &Value| -> Vec<u16> { serde_json::from_value(value.clone()).unwrap() };
        for (index, case) in fixtures["figures"]["cases"].as_array().unwrap().iter().enumerate() {
            let (labels, predictions) = (numbers(&case["labels"]), numbers(&case["predictions"]));
            let examples: Vec<(u16, u16, f32)> = labels
                .into_iter()
                .zip(predictions)
                .map(|(class, taken)| (class, taken, 0.9))
                .collect();
            let names: Vec<String> =
                (0..case["classes"].as_u64().unwrap()).map(|class| class.to_string()).collect();
            let evaluated = Figure::evaluated(&Evaluation::new(&judgement(&examples), &names));
            for (name, values) in fixtures["figures"]["values"].as_object().unwrap() {
                let expected = values[index].as_f64().unwrap();
                assert!((evaluated[name] - expected).abs() < 1e-12, "{name} of case {index}");
            }
        }
    }

    #[test]
    fn limits_belong_to_the_bin_below() {
        for bin in 0..BINS {
            let evaluation = Evaluation::new(&judgement(&[(0, 0, limit(bin + 1))]), &names());
            assert_eq!(evaluation.bins[bin].examples, 1, "{bin}");
            let above = f32::from_bits(limit(bin + 1).to_bits() + 1);
            let evaluation = Evaluation::new(&judgement(&[(0, 0, above)]), &names());
            assert_eq!(evaluation.bins[(bin + 1).min(14)].examples, 1, "{bin}");
        }
        let none = Evaluation::new(&judgement(&[]), &names());
        assert_eq!(none.expected_calibration_error, 0.0);
    }

    #[test]
    fn calibration_error_equals_that_of_numpy() {
        // numpy 2: conf = ((i * 37 % 101) + 1) / 101, right = i * 7 % 10 < 6, for i in 0..200;
        // edges = linspace(0, 1, 16); sum of (conf > lo) & (conf <= hi) shares times |acc - conf|.
        let examples: Vec<(u16, u16, f32)> = (0..200_u16)
            .map(|i| {
                let confidence = f32::from((i * 37 % 101) + 1) / 101.0;
                (0, u16::from(i * 7 % 10 >= 6), confidence)
            })
            .collect();
        let error = Evaluation::new(&judgement(&examples), &names()).expected_calibration_error;
        assert!((error - NUMPY_ERROR).abs() < 1e-6, "{error}");
    }

    const NUMPY_ERROR: f32 = 0.294_108_9;

    #[test]
    fn at_most_24_mistakes_are_kept() {
        let examples: Vec<_> = (0..100).map(|i| (0, 1, 0.5 + f32::from(i as u8) / 256.0)).collect();
        let mistakes = Evaluation::new(&judgement(&examples), &names()).mistakes;
        assert_eq!((mistakes.len(), mistakes[0].example, mistakes[23].example), (24, 99, 76));
    }
}
