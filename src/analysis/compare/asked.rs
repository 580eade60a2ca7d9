//! The columns and the order that a user asks for by name.

use std::cell::OnceCell;

use crate::analysis::compare::CompareOptions;
use crate::analysis::compare::columns::{Content, columns, find_column};
use crate::analysis::compare::configs::Configs;
use crate::analysis::names::Names;
use crate::error::Result;
use crate::runs::record::RunRecord;

/// What the user asks of the table.
pub(super) struct TableRequest {
    pub(super) columns: AskedColumns,
    pub(super) sorting: Option<Sorting>,
}

/// Which columns the table has.
pub(super) enum AskedColumns {
    /// Those that these configs need.
    Usual(Vec<Content>),
    /// Those that the user names.
    Chosen(Vec<Content>),
}

/// The column of `--sort`.
pub(super) struct Sorting {
    /// As typed.
    pub(super) name: String,
    pub(super) by: Content,
    pub(super) reverse: bool,
}

impl TableRequest {
    /// Looks up the names in `options`.
    ///
    /// # Errors
    /// When a column does not exist.
    pub(super) fn of(
        records: &[RunRecord],
        configs: &Configs,
        options: &CompareOptions,
    ) -> Result<TableRequest> {
        let usual = columns(configs, options.epoch, options.for_programs);
        let names = OnceCell::new();
        let names = || names.get_or_init(|| Names::of(records));
        let find = |name: &str| find_column(name, &usual, &configs.varied, &names);
        let chosen: Result<Vec<Content>> = options.columns.iter().map(|name| find(name)).collect();
        let chosen = chosen?;
        let sorting = options.sort.as_deref().map(|name| sorting(name, find)).transpose()?;
        let columns = match chosen.is_empty() {
            true => AskedColumns::Usual(usual),
            false => AskedColumns::Chosen(chosen),
        };
        Ok(TableRequest { columns, sorting })
    }
}

fn sorting(name: &str, find: impl Fn(&str) -> Result<Content>) -> Result<Sorting> {
    let (name, reverse) = match name.strip_prefix('-') {
        Some(name) => (name, true),
        None => (name, false),
    };
    Ok(Sorting { name: name.to_owned(), by: find(name)?, reverse })
}
