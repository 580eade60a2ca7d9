//! What each question found, in plain words.

use super::Answer;
use super::numbers::{percent, points};
use super::recipe::{confirmed, next, remedies, together};
use crate::stats::Summary;
use crate::study::{
    AS_GOOD, Capacity, Diverged, MOST_FRESH, Memory, MoreData, NoLaw, Question, Section, Size,
    SplitLuck, Stand, Topic, smallest_found,
};
use crate::table::hundredfold;

/// A network that gets this share of random labels right could learn its examples by heart.
const BY_HEART: f64 = 0.9;
/// Less than this is little.
const LITTLE: f64 = 0.005;
/// An error of which a doubling of the examples takes less than this share hardly depends on their number.
const HARDLY: f64 = 0.05;

/// Each question that was answered, with what it found.
pub(super) fn sections(answer: &Answer<'_>) -> Vec<Section> {
    let findings = answer.findings;
    let asked = |question, sentences| Section { topic: Topic::Asked(question), sentences };
    let Some(own) = &findings.stand else {
        let sentence = match findings.is_baseline_lost() {
            true => "Every run of the baseline diverged: lower its learning rate first.",
            false => "The baseline is not trained yet.",
        };
        return vec![asked(Question::Stand, vec![sentence.to_owned()])];
    };
    let mut sections = vec![asked(Question::Stand, stand(own))];
    if let Some(found) = &findings.more_data {
        sections.push(asked(Question::MoreData, more_data(found)));
    }
    if let Some(found) = &findings.memory {
        let classes = answer.plan.baseline.dataset.source.facts().classes;
        sections.push(asked(Question::Memory, memory(found, &own.figures.val, classes)));
    }
    if let Some(found) = &findings.capacity {
        sections.push(asked(Question::Capacity, capacity(found)));
    }
    sections.push(Section { topic: Topic::Time, sentences: time(own) });
    if let Some(found) = &findings.splits {
        sections.push(asked(Question::Split, vec![splits(found)]));
    }
    if let Some(found) = &findings.remedies {
        sections.push(asked(Question::Remedies, vec![remedies(found)]));
    }
    if let Some(recipe) = &findings.together {
        sections.push(asked(Question::Together, together(recipe, own)));
        let found = confirmed(findings, recipe);
        sections.push(asked(Question::Confirm, found));
        if recipe.steps.is_empty() || findings.is_judged() {
            sections.push(Section { topic: Topic::Next, sentences: vec![next(answer, recipe)] });
        }
    }
    if !findings.diverged.is_empty() {
        let sentences = vec![diverged(&findings.diverged)];
        sections.push(Section { topic: Topic::Diverged, sentences });
    }
    sections
}

fn diverged(found: &[Diverged]) -> String {
    let lines = found.iter().map(|Diverged { sheet, change, runs, of }| {
        let name = change.as_deref().unwrap_or("the baseline");
        format!("{name} ({runs} of {of} runs of {sheet})")
    });
    format!(
        "These runs have no figures, so that they count nowhere: {}.",
        lines.collect::<Vec<String>>().join("; ")
    )
}

fn stand(found: &Stand) -> Vec<String> {
    let figures = &found.figures;
    let mut sentences = vec![format!(
        "Of the training examples the network gets {} right, of validation examples {}: a gap of {} (n={}; ± and brackets: 95 %).",
        percent(&figures.train),
        percent(&figures.val),
        points(&figures.gap),
        figures.val.n
    )];
    if let Some(epoch) = found.memorises_since {
        sentences.push(format!(
            "From about epoch {epoch} of {} on it memorises: the loss on validation examples rises while the loss on training \
             examples falls.",
            found.last_epoch
        ));
    }
    if let Some((std, times)) = figures.val.shown_std().zip(smallest_found(MOST_FRESH)) {
        sentences.push(format!(
            "Seeds differ by {} points (standard deviation): at the end, {MOST_FRESH} fresh seeds each find a true difference of \
             about {} points in 80 % of all studies.",
            hundredfold(std),
            hundredfold(times * std)
        ));
    }
    sentences
}

fn time(found: &Stand) -> Vec<String> {
    let best = found.best_epoch.round() as u64;
    let Stand { fall, keeps_last, settled_since, last_epoch: last, .. } = *found;
    let points = hundredfold(fall);
    vec![match fall < AS_GOOD {
        true if !keeps_last => {
            "The runs keep the weights of an earlier epoch already: stopping early would add nothing."
                .to_owned()
        }
        true if settled_since == last => format!(
            "Validation accuracy was best at the end, epoch {last}: stopping early would gain nothing."
        ),
        true => format!(
            "From epoch {settled_since} of {last} on, validation accuracy is as good as at the end: a shorter training \
             would do as well."
        ),
        false if !keeps_last => format!(
            "Validation accuracy was best at about epoch {best} of {last} and {points} points higher than with the weights \
             that the runs keep (the best of many epochs is partly luck)."
        ),
        false => format!(
            "Validation accuracy was best at about epoch {best} of {last} and {points} points higher than at the end: stopping \
             early may keep a part of that (the best of many epochs is partly luck)."
        ),
    }]
}

fn more_data(found: &MoreData) -> Vec<String> {
    let mut sentences = Vec::new();
    if let Some(gain) = found.last_doubling() {
        sentences.push(format!(
            "The last doubling of the training examples added {} points of validation accuracy.",
            hundredfold(gain)
        ));
    }
    sentences.push(match &found.law {
        Ok(law) if law.error_at(2.0) > (1.0 - HARDLY) * law.error_at(1.0) && law.gain() < LITTLE => {
            format!(
                "More data of this kind would add little: the error hardly depends on the number of examples \
                 (examples^-{:.3}).",
                law.exponent
            )
        }
        Ok(law) if law.gain() < LITTLE => format!(
            "Twice as many examples would add less than half a point: little error is left ({} %).",
            hundredfold(law.error_at(1.0))
        ),
        Ok(law) => {
            let [low, high] = law.interval_at_twice().map(|error| hundredfold(1.0 - error));
            format!(
                "The error falls as examples^-{:.2}: with twice as many, about {} % of validation examples would be right \
                 [{high}, {low}]; with four times as many {} %, if the curve keeps its shape.",
                law.exponent,
                hundredfold(1.0 - law.error_at(2.0)),
                hundredfold(1.0 - law.error_at(4.0))
            )
        }
        Err(why) => match why {
            NoLaw::NoError => {
                "Every validation example is right: these examples cannot show what more data would bring."
            }
            NoLaw::NoFall => {
                "More data of this kind would add nothing: the error does not fall with the number of examples."
            }
            NoLaw::FewShares => {
                "What more data would bring cannot be said: too few shares could be trained."
            }
            NoLaw::OtherShape => {
                "What more data would bring cannot be said: the smaller shares do not predict the full set."
            }
        }
        .to_owned(),
    });
    sentences
}

fn memory(found: &Memory, val: &Summary, classes: usize) -> Vec<String> {
    let mut sentences = Vec::new();
    if let Some(random) = &found.of_random {
        let train = percent(random);
        sentences.push(match random.mean >= BY_HEART {
            true => format!(
                "It could learn its training examples by heart: of labels drawn at random it gets {train} right. That it \
                 could does not say how much it does."
            ),
            false => format!(
                "It cannot learn its training examples by heart in this time: of labels drawn at random it gets only \
                 {train} right."
            ),
        });
    }
    if let Some(noisy) = &found.of_noisy {
        let when = noisy
            .half_by
            .map_or(String::new(), |epoch| format!(", half of them from epoch {epoch} on"));
        let learnt = hundredfold(noisy.learnt);
        let learns = match classes {
            2 => format!(
                "it gives {learnt} % of the wrong ones back, and guessing gives half of them"
            ),
            _ => format!("it learns {learnt} % of the wrong ones by heart{when}"),
        };
        let [then, now] = [noisy.val, val.mean].map(hundredfold);
        let accuracy = match then == now {
            true => format!("validation accuracy stays at {now} %"),
            false => format!("validation accuracy is then {then} % instead of {now} %"),
        };
        sentences.push(format!(
            "With {} % of the labels drawn anew, {learns}; {accuracy}.",
            hundredfold(noisy.share)
        ));
    }
    sentences
}

fn capacity(found: &Capacity) -> Vec<String> {
    let of_size = |size: &Size| {
        let name = if size.name.is_empty() { "the baseline" } else { &size.name };
        format!(
            "{name}: validation {} %, gap {} points",
            hundredfold(size.figures.val.mean),
            hundredfold(size.figures.gap.mean)
        )
    };
    vec![format!(
        "From small to large: {}.",
        found.sizes.iter().map(of_size).collect::<Vec<_>>().join("; ")
    )]
}

fn splits(found: &SplitLuck) -> String {
    let of = |summary: &Summary| summary.std.map(hundredfold);
    match (of(&found.over_draws), of(&found.over_seeds)) {
        (Some(draws), Some(seeds)) => format!(
            "Other draws of the validation examples change validation accuracy by {draws} points, other seeds by {seeds} \
             (standard deviations)."
        ),
        (Some(draws), None) => format!(
            "Other draws of the validation examples change validation accuracy by {draws} points (standard deviation). How \
             much other seeds change it is unknown: only one of them has figures."
        ),
        (None, Some(seeds)) => format!(
            "How much other draws of the validation examples change validation accuracy is unknown: only one of them has \
             figures. Other seeds change it by {seeds} points (standard deviation)."
        ),
        (None, None) => "How much other draws of the validation examples, or other seeds, change validation accuracy is \
                         unknown: only one run has figures."
            .to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runs::samples::row;
    use crate::study::{Law, Outcome};

    fn law(exponent: f64, error: f64) -> String {
        let examples = 1000.0;
        let scale = error * libm::pow(examples, exponent);
        let law = Ok(Law { scale, exponent, log_half_width: 0.01, examples });
        more_data(&MoreData { points: Vec::new(), law }).remove(0)
    }

    #[test]
    fn a_small_error_is_not_called_independent_of_the_examples() {
        let small = "Twice as many examples would add less than half a point: little error is left (0.7 %).";
        assert_eq!(law(0.983, 0.007), small);
        assert!(
            law(0.01, 0.3).contains("hardly depends on the number of examples (examples^-0.010)")
        );
        assert!(law(0.2, 0.3).starts_with("The error falls as examples^-0.20: "));
        assert!(
            law(0.02, 0.9).starts_with("The error falls as "),
            "a doubling adds more than a point"
        );
    }

    #[test]
    fn each_reason_for_no_law_is_its_own() {
        let of = |why| more_data(&MoreData { points: Vec::new(), law: Err(why) }).remove(0);
        assert!(of(NoLaw::NoError).starts_with("Every validation example is right: "));
        assert!(
            of(NoLaw::NoFall).ends_with("the error does not fall with the number of examples.")
        );
        assert!(of(NoLaw::OtherShape).ends_with("the smaller shares do not predict the full set."));
    }

    #[test]
    fn an_unknown_spread_is_not_zero() {
        let (one, two) = (Summary::single(0.5), Summary::of(&[0.5, 0.6]).unwrap());
        let of = |over_draws, over_seeds| splits(&SplitLuck { over_draws, over_seeds });
        assert!(of(two, two).contains("by 7.1 points, other seeds by 7.1 (standard deviations)"));
        for (draws, seeds) in [(one, two), (two, one), (one, one)] {
            let said = of(draws, seeds);
            assert!(said.contains("unknown") && !said.contains("0.0"), "{said}");
        }
    }

    #[test]
    fn time_says_what_the_runs_keep() {
        let of = |vals: &[f32], kept: usize| {
            let rows = (0..).zip(vals).map(|(epoch, val)| row(epoch, 0.9, Some(*val), 0.1));
            let val = f64::from(vals[kept]);
            let run = Outcome { seed: 0, train: 0.9, val, test: None, rows: rows.collect() };
            time(&Stand::of(&[run]).unwrap()).remove(0)
        };
        assert!(of(&[1.0, 1.0, 1.0], 2).starts_with("From epoch 0 of 2 on, "));
        assert!(
            of(&[0.2, 0.4, 0.6], 2).starts_with("Validation accuracy was best at the end, epoch 2")
        );
        assert!(of(&[0.2, 0.75, 0.5], 2).contains("25.0 points higher than at the end"));
        assert!(
            of(&[0.2, 0.75, 0.5], 1).starts_with("The runs keep the weights of an earlier epoch")
        );
        assert!(
            of(&[0.25, 0.75, 0.5, 0.5], 0).contains("50.0 points higher than with the weights")
        );
    }
}
