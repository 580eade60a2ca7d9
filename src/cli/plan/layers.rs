//! The layers of the networks of a plan: shapes, parameters and arithmetic of each.

use crate::nn::Module;
use crate::nn::layers::LayerConfig;
use crate::sweep::Job;
use crate::table::{Cell, Column, ColumnKind, Table};

/// The layers of one network, and the trials that have it.
pub(super) struct PlannedNetwork<'a> {
    modules: Vec<Module>,
    of: Vec<&'a Job>,
}

/// The networks of the trials, each once.
pub(super) fn networks<'a>(jobs: &'a [Job]) -> Vec<PlannedNetwork<'a>> {
    let mut networks: Vec<PlannedNetwork<'a>> = Vec::new();
    for job in jobs {
        let facts = job.trial.dataset.source.facts();
        let modules = job.trial.network.modules(facts.shape.into(), facts.classes);
        let modules = modules.unwrap_or_default(); // every trial that was read has a network
        match networks.iter_mut().find(|network| network.modules == modules) {
            Some(network) => network.of.push(job),
            None => networks.push(PlannedNetwork { modules, of: vec![job] }),
        }
    }
    networks
}

/// A row for each layer of each network. Each network is labelled by the first trial that has it.
pub(super) fn table(networks: &[PlannedNetwork<'_>]) -> Table {
    let number = |header| Column::new(header, ColumnKind::Number);
    let mut columns = vec![
        Column::new("layer", ColumnKind::Text),
        Column::new("kind", ColumnKind::Text),
        Column::new("output", ColumnKind::Text),
        number("parameters"),
        number("FLOP").named("flop"),
    ];
    if networks.len() > 1 {
        columns.insert(0, Column::new("trial", ColumnKind::Text));
    }
    let rows = networks.iter().flat_map(|network| {
        let label = networks.len().gt(&1).then(|| label(network));
        let modules = network.modules.iter().flat_map(Module::all);
        modules.map(move |module| {
            let label = label.clone().map(Cell::Text);
            label.into_iter().chain(cells(module)).collect()
        })
    });
    Table { columns, rows: rows.collect() }
}

fn label(network: &PlannedNetwork<'_>) -> String {
    let others = match network.of.len() {
        1 => String::new(),
        n => format!(" and {} more", n - 1),
    };
    format!("{}{others}", network.of[0].label)
}

fn cells(module: &Module) -> [Cell; 5] {
    let params: usize = module.params().iter().map(|param| param.elements()).sum();
    [
        Cell::Text(module.path.clone()),
        Cell::Text(describe(&module.config)),
        Cell::Text(module.output.to_string()),
        Cell::Count(params as u64),
        Cell::Count(module.flops()),
    ]
}

/// The kind with the numbers that decide the shape.
fn describe(config: &LayerConfig) -> String {
    let details = config.as_kind().details();
    let space = if details.is_empty() { "" } else { " " };
    format!("{}{space}{details}", config.kind())
}
