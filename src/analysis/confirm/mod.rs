//! The best configs of a search, trained again with seeds that the search has not seen: how much of
//! the winner's lead was the luck of its seeds. Pure functions of records.

mod answer;
mod columns;
mod finalist;
mod notes;
mod search;

use crate::analysis::compare::{CompareOptions, compare};
use crate::error::{Error, Result};
use crate::runs::record::RunRecord;
use crate::table::Table;
use finalist::{Final, Finalist};

pub use search::{RankedSearch, confirmation_name, settled};

/// The results of fresh seeds for the best configs; the caller prints them.
#[derive(Debug, Clone, PartialEq)]
pub struct Confirmation {
    /// One row for each config, in the order of the search.
    pub table: Table,
    /// Units of the table as people see it.
    pub legend: String,
    /// What the numbers mean, what is missing, what luck alone would do, a line each.
    pub notes: Vec<String>,
    /// How much of the lead was luck, in a few sentences.
    pub answer: Vec<String>,
    /// The runs behind the table, those of the search first, a line each.
    pub evidence: Vec<String>,
}

/// Compares the scores of a search with those of fresh seeds: `fresh[i]` are the runs of config
/// `i`, with the same `seeds` for all.
///
/// # Errors
/// When fresh runs saw other data, or were trained by other numerics, than those of the search.
pub fn confirm(
    search: &RankedSearch<'_>,
    fresh: &[Vec<RunRecord>],
    seeds: &[u64],
) -> Result<Confirmation> {
    let pairs = search.finalists.iter().zip(fresh);
    let finalists: Result<Vec<Finalist>> = pairs
        .map(|(config, runs)| {
            check_provenance(config.runs[0], runs)?;
            Ok(Finalist::of(config, runs, search.score))
        })
        .collect();
    let last = Final { finalists: finalists?, searched: search.searched };
    Ok(Confirmation {
        table: columns::table(search, &last),
        legend: notes::legend(&last),
        notes: notes::lines(search, &last, seeds),
        answer: answer::sentences(search, &last),
        evidence: evidence(search, fresh)?,
    })
}

/// Runs on different data or with different numerics belong to different configs, whatever their
/// trials say.
fn check_provenance(searched: &RunRecord, fresh: &[RunRecord]) -> Result<()> {
    let of = |run: &RunRecord| {
        let provenance = &run.provenance;
        (provenance.data_sha256.clone(), provenance.numerics)
    };
    let Some(other) = fresh.iter().find(|run| of(run) != of(searched)) else { return Ok(()) };
    let ((data, numerics), (data_now, numerics_now)) = (of(searched), of(other));
    Err(Error::Refused(format!(
        "run {} of the search saw data {data} with numerics {numerics}, its fresh run {} data \
         {data_now} with numerics {numerics_now}: these are not seeds of one config",
        searched.id, other.id
    )))
}

fn evidence(search: &RankedSearch<'_>, fresh: &[Vec<RunRecord>]) -> Result<Vec<String>> {
    let searched = search.finalists.iter().flat_map(|config| config.runs.iter().copied());
    let searched: Vec<RunRecord> = searched.cloned().collect();
    let fresh: Vec<RunRecord> = fresh.iter().flatten().cloned().collect();
    let options = CompareOptions { evidence: true, ..CompareOptions::default() };
    let mut lines = Vec::new();
    for (what, runs) in [("search", searched), ("fresh seeds", fresh)] {
        let of_runs = compare(&runs, &options)?.evidence;
        lines.extend(of_runs.into_iter().map(|line| format!("{what}: {line}")));
    }
    Ok(lines)
}

#[cfg(test)]
mod tests;
