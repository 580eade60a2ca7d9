//! `--baseline`: the config that the others are compared with, chosen when the runs are there.

use std::collections::BTreeSet;

use clap::Args;

use crate::analysis::compare::{ConfigRuns, configs_by_settings};
use crate::analysis::filter::Filter;
use crate::error::{Error, Result};
use crate::escape::escape_controls;
use crate::few::{Between, first_few};
use crate::runs::record::RunRecord;

/// As many configs as an error names.
const MOST_NAMED: usize = 5;

/// The option `--baseline`.
#[derive(Debug, Clone, Default, Args)]
pub(super) struct BaselineArg {
    /// Compare with this config: its name in the table, the id of one of its runs, or a condition that only
    /// its runs match. Brackets become wider, because it was chosen after its figures were there
    #[arg(long, value_name = "CONFIG", allow_hyphen_values = true)]
    baseline: Option<String>,
}

impl BaselineArg {
    /// Marks the runs of the chosen config.
    ///
    /// # Errors
    /// When no config or more than one is meant, or the condition is wrong.
    pub(super) fn mark(&self, records: &mut [RunRecord], color: bool) -> Result<()> {
        let Some(text) = &self.baseline else { return Ok(()) };
        let ids: BTreeSet<String> = match meant(text, records, color)?.as_slice() {
            [] => {
                let text = escape_controls(text);
                return Err(Error::NothingMatched(format!("no run matches --baseline '{text}'")));
            }
            [only] => only.runs.iter().map(|run| run.id.clone()).collect(),
            several => {
                let labels: Vec<&str> = several.iter().map(|config| &*config.label).collect();
                let few = first_few(&labels, MOST_NAMED, Between::Semicolons).unwrap_or_default();
                return Err(Error::Usage(format!(
                    "--baseline '{}' means {} configs, and it takes one: {few}",
                    escape_controls(text),
                    several.len()
                )));
            }
        };
        for record in records {
            record.role.is_chosen = ids.contains(&record.id);
        }
        Ok(())
    }
}

/// The configs that the text may mean: those of a name, else of a run's id, else of a condition.
fn meant<'a>(text: &str, records: &'a [RunRecord], color: bool) -> Result<Vec<ConfigRuns<'a>>> {
    let (configs, _) = configs_by_settings(records);
    let is_id = text.len() > 3 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let having = |is: &dyn Fn(&ConfigRuns) -> bool| -> Vec<ConfigRuns<'a>> {
        configs.iter().filter(|config| is(config)).cloned().collect()
    };
    let named = having(&|config| config.label == text);
    if !named.is_empty() {
        return Ok(named);
    }
    let with_id = having(&|config| is_id && config.runs.iter().any(|run| run.id.starts_with(text)));
    if !with_id.is_empty() {
        return Ok(with_id);
    }
    let filter = Filter::of_option("--baseline", text, records, color)?;
    Ok(having(&|config| config.runs.iter().any(|run| filter.holds(run))))
}
