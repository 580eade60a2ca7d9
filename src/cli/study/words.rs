//! What a study says while it goes on.

use std::path::Path;

use crate::error::Result;
use crate::shell::path_word;
use crate::study::{
    Budget, Decision, FEWEST_FRESH, Findings, MOST_FRESH, Plan, Question, StudyFile,
    smallest_found, time_in_words,
};
use crate::table::{Cell, Column, ColumnKind, Format, Table};

/// The plan as a table, with what is shortened and what the end can show.
pub(super) fn plan(plan: &Plan, stored: &StudyFile, folder: &Path, is_new: bool) -> Result<String> {
    let time = |flops: f64| time_in_words(flops / stored.flops_per_second);
    let columns = vec![
        Column::new("question", ColumnKind::Text),
        Column::new("trials", ColumnKind::Text),
        Column::new("about", ColumnKind::Text),
    ];
    let mut rows: Vec<Vec<Cell>> = plan
        .bill
        .iter()
        .map(|line| {
            let trials = line.trials.map_or(String::new(), |count| count.to_string());
            vec![
                Cell::Text(line.question.heading().to_owned()),
                Cell::Text(trials),
                Cell::Text(time(line.flops)),
            ]
        })
        .collect();
    let mut budget = Budget::of(stored.flops());
    budget.spent = plan.flops();
    let most = |flops: f64| match flops.is_finite() {
        true => format!("at most {}", time(flops)),
        false => "as long as it takes".to_owned(),
    };
    let confirming = format!("{} to {}", 2 * FEWEST_FRESH, 2 * MOST_FRESH);
    let last = [
        (Question::Together, "as many as add".to_owned(), budget.for_together()),
        (Question::Confirm, confirming, budget.for_confirming()),
    ];
    rows.extend(last.map(|(question, trials, flops)| {
        let heading = question.heading().to_owned();
        vec![Cell::Text(heading), Cell::Text(trials), Cell::Text(most(flops))]
    }));
    let table = Table { columns, rows };
    let mut text = table.render(Format::default(), None)?;
    text.push('\n');
    for line in plan_lines(plan, stored) {
        text.push_str(&format!("{line}\n"));
    }
    let word = path_word(folder);
    text.push_str(&match is_new {
        true => format!("nothing is trained yet; the questions will be files in {word}\n"),
        false => format!("the study has begun: its questions are files in {word}\n"),
    });
    Ok(text)
}

/// What the study says before it spends anything.
pub(super) fn plan_lines(plan: &Plan, stored: &StudyFile) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(seconds) = stored.budget_seconds {
        let budget = time_in_words(seconds as f64);
        lines.push(format!(
            "budget {budget}: half of it for what closes the gap alone, a quarter, with what that leaves, for remedies \
             together, and a quarter kept for the last comparison with fresh seeds"
        ));
    }
    if !plan.shortened.is_empty() {
        lines.push(format!("for the budget: {}", plan.shortened.join("; ")));
    }
    if !plan.impossible.is_empty() {
        let names = plan.impossible.join(", ");
        lines.push(format!(
            "not asked: {names}: other settings of the file do not allow so few examples"
        ));
    }
    if let Some(times) = smallest_found(MOST_FRESH) {
        lines.push(format!(
            "{MOST_FRESH} fresh seeds each find a true difference of {times:.1} times the spread between seeds in 80 % of all \
             studies; smaller ones are found less often"
        ));
    }
    lines
}

/// What was decided so far.
pub(super) fn decisions(findings: &Findings) -> Vec<Decision> {
    let mut decisions = Vec::new();
    let mut decide = |question: Question, decided: String| {
        decisions.push(Decision { question: question.word().to_owned(), decided });
    };
    if let Some(tried) = &findings.remedies {
        let best: Vec<String> = tried
            .iter()
            .filter(|tried| tried.gain.mean() > 0.0)
            .map(|tried| format!("{} {:+.2}", tried.change.name, 100.0 * tried.gain.mean()))
            .collect();
        decide(
            Question::Remedies,
            match best.is_empty() {
                true => "none adds to validation accuracy alone".to_owned(),
                false => {
                    let best = best.join(", ");
                    format!("these add points of validation accuracy alone: {best}")
                }
            },
        );
    }
    if let Some(recipe) = &findings.together {
        let kept: Vec<String> = recipe
            .steps
            .iter()
            .map(|kept| format!("{} ({:+.2} so far)", kept.label(), 100.0 * kept.gain.mean()))
            .collect();
        let steps = match kept.is_empty() {
            true => "nothing is kept".to_owned(),
            false => format!("steps: {}", kept.join(", ")),
        };
        decide(Question::Together, steps);
    }
    if let Some(confirmed) = &findings.confirmed {
        let verdict = if confirmed.is_shown() { "confirmed" } else { "nothing confirmed" };
        decide(
            Question::Confirm,
            format!("{verdict}: {:+.2} points of test accuracy", 100.0 * confirmed.gain.value),
        );
    }
    decisions
}
