//! What each question found, in plain words.

use super::Answer;
use super::numbers::{percent, points};
use super::recipe::{confirmed, next, remedies, together};
use crate::stats::Summary;
use crate::study::{
    Capacity, Diverged, MOST_FRESH, Memory, MoreData, Question, Section, Size, SplitLuck, Stand,
    Topic, smallest_found,
};
use crate::table::hundredfold;

/// A network that gets this share of random labels right could learn its examples by heart.
const BY_HEART: f64 = 0.9;
/// Three shares predict the full set.
const FEWEST_POINTS: usize = 4;
/// Less than this is little.
const LITTLE: f64 = 0.005;

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
    let (best, last) = (found.best_epoch.round() as u64, found.last_epoch);
    vec![match found.fall {
        fall if fall < 0.001 => format!(
            "Validation accuracy was best at the end, epoch {last}: stopping early would keep nothing."
        ),
        fall => format!(
            "Validation accuracy was best at about epoch {best} of {last} and {} points higher than at the end: stopping \
             early keeps most of that (the best of many epochs is partly luck).",
            hundredfold(fall)
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
        Some(law) if law.error_at(1.0) - law.error_at(2.0) < LITTLE => format!(
            "More data of this kind would add little: the error hardly depends on the number of examples (examples^-{:.3}).",
            law.exponent
        ),
        Some(law) => {
            let [low, high] = law.interval_at_twice().map(|error| hundredfold(1.0 - error));
            format!(
                "The error falls as examples^-{:.2}: with twice as many, about {} % of validation examples would be right \
                 [{high}, {low}]; with four times as many {} %, if the curve keeps its shape.",
                law.exponent,
                hundredfold(1.0 - law.error_at(2.0)),
                hundredfold(1.0 - law.error_at(4.0))
            )
        }
        None if found.points.len() < FEWEST_POINTS => {
            "What more data would bring cannot be said: too few shares could be trained.".to_owned()
        }
        None => "What more data would bring cannot be said: the smaller shares do not predict the full set."
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
        sentences.push(format!(
            "With {} % of the labels drawn anew, {learns}; validation accuracy is then {} % instead of {} %.",
            hundredfold(noisy.share),
            hundredfold(noisy.val),
            hundredfold(val.mean)
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
    let std = |summary: &Summary| hundredfold(summary.std.unwrap_or(0.0));
    format!(
        "Other draws of the validation examples change validation accuracy by {} points, other seeds by {} (standard \
         deviations).",
        std(&found.over_draws),
        std(&found.over_seeds)
    )
}
