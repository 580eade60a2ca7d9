//! `runner plan`: the trials of experiment files and what they cost, without training.

mod layers;
mod rungs;

use std::io;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use clap::Args;

use super::Globals;
use super::output::{render, write_text};
use super::run::{Asked, ExpansionArgs, read_jobs};
use crate::error::Result;
use crate::experiment::Halving;
use crate::kernel::{Buffer, Effort, Panels, Rows, product};
use crate::report::{Cell, Column, ColumnKind, Format, Table};
use crate::sweep::{Cost, Job, Status, cost, duration, status};

/// Share of the matrix product's own speed that training as a whole reaches.
const TRAINING_SHARE: f64 = 0.8;

/// Arguments of `runner plan`.
#[derive(Debug, Args)]
pub struct PlanArgs {
    /// Experiment files
    #[arg(required = true, value_name = "FILE.toml")]
    files: Vec<PathBuf>,
    #[command(flatten)]
    expansion: ExpansionArgs,
    /// Print the layers of each network instead of the trials
    #[arg(long)]
    layers: bool,
    /// How to print the table
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// Prints the plan.
///
/// # Errors
/// If a file is invalid or a run's record is damaged.
pub fn run(args: &PlanArgs, globals: &Globals) -> Result<()> {
    let Asked { jobs, halvings } = read_jobs(&args.files, &args.expansion, globals)?;
    let networks = layers::networks(&jobs);
    if args.layers {
        return write_text(&mut io::stdout(), &render(&layers::table(&networks), args.format)?);
    }
    let statuses: Result<Vec<Status>> =
        jobs.iter().map(|job| status(&globals.runs_dir, &job.id)).collect();
    let statuses = statuses?;
    let flops_per_second = measured_speed() * TRAINING_SHARE;
    let rows: Vec<(&Job, &Status, Cost)> =
        jobs.iter().zip(&statuses).map(|(job, status)| (job, status, cost(&job.trial))).collect();
    let table = table(&rows, flops_per_second);
    let mut text = render(&table, args.format)?;
    if args.format.is_prose() {
        if let [network] = &networks[..] {
            let layers = render(&layers::table(std::slice::from_ref(network)), args.format)?;
            text.push_str(&format!("\n{layers}"));
        } else {
            let n = networks.len();
            text.push_str(&format!("\n{n} networks; `runner plan --layers` shows their layers\n"));
        }
        for line in rungs::lines(&halvings) {
            text.push_str(&format!("\n{line}"));
        }
        text.push_str(if halvings.is_empty() { "\n" } else { "\n\n" });
        text.push_str(&summary((&rows, &halvings), flops_per_second, globals.jobs()));
    }
    write_text(&mut io::stdout(), &text)
}

/// Floating-point operations per second of the matrix product on one core, of a tenth of a second.
fn measured_speed() -> f64 {
    let (m, k, n) = (128, 1024, 128);
    let (a, b) = (Buffer::filled(m * k, 1.0), Buffer::filled(k * n, 1.0));
    let mut c = Buffer::zeros(m * n);
    let started = Instant::now();
    let mut products = 0;
    while started.elapsed() < Duration::from_millis(100) {
        product(Rows::new(&a, m, k), (&b, Panels::new(k, n)), &mut c, Effort::single());
        products += 1;
    }
    f64::from(products) * (2 * m * k * n) as f64 / started.elapsed().as_secs_f64()
}

fn table(rows: &[(&Job, &Status, Cost)], flops_per_second: f64) -> Table {
    let number = |header| Column::new(header, ColumnKind::Number);
    let columns = vec![
        Column::new("id", ColumnKind::Text),
        Column::new("trial", ColumnKind::Text),
        Column::new("status", ColumnKind::Text),
        number("steps"),
        number("parameters"),
        number("seconds"),
        number("memory MB").named("memory_mb"),
        number("disk MB").named("disk_mb"),
    ];
    let cells = |(job, status, cost): &(&Job, &Status, Cost)| {
        let is_cached = matches!(status, Status::Done(_));
        let unless_cached = |amount: u64| Cell::Count(if is_cached { 0 } else { amount });
        let megabytes = |bytes: u64| unless_cached(bytes.div_ceil(1_000_000));
        vec![
            Cell::Text(job.id.clone()),
            Cell::Text(job.label.clone()),
            Cell::Text(status_word(status)),
            Cell::Count(cost.steps),
            Cell::Count(cost.params),
            unless_cached((cost.flops / flops_per_second).ceil() as u64),
            megabytes(cost.memory_bytes),
            megabytes(cost.disk_bytes),
        ]
    };
    Table { columns, rows: rows.iter().map(cells).collect() }
}

fn status_word(status: &Status) -> String {
    match status {
        Status::New => "new".to_owned(),
        Status::Done(_) => "cached".to_owned(),
        Status::Begun(record) => record.state.to_string(),
    }
}

/// One line on all trials together.
fn summary(
    (rows, halvings): (&[(&Job, &Status, Cost)], &[Halving]),
    flops_per_second: f64,
    jobs: usize,
) -> String {
    let open: Vec<_> = rows.iter().filter(|row| !matches!(row.1, Status::Done(_))).collect();
    let shares = rungs::shares(halvings);
    let share = |job: &Job| match shares.get(job.id.as_str()) {
        Some(share) if !job.to_the_end => *share,
        _ => 1.0,
    };
    let trials = match rows.len() {
        1 => "1 trial".to_owned(),
        n => format!("{n} trials"),
    };
    if open.is_empty() {
        let all = if rows.len() == 1 { "" } else { "all " };
        return format!("{trials}, {all}cached\n");
    }
    let jobs = jobs.min(open.len().max(1));
    let flops: f64 = open.iter().map(|(job, _, cost)| cost.flops * share(job)).sum();
    let seconds = flops / flops_per_second / jobs as f64;
    let seconds = Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX);
    let largest = open.iter().map(|(_, _, cost)| cost.memory_bytes).max().unwrap_or(0);
    let disk: u64 = open.iter().map(|(_, _, cost)| cost.disk_bytes).sum();
    let may_stop_early = rows.iter().any(|(job, status, _)| {
        !matches!(status, Status::Done(_)) && job.trial.training.early_stopping.is_some()
    });
    let about = if may_stop_early { "at most about" } else { "about" };
    format!(
        "{trials}, {} cached; the rest takes {about} {} with {jobs} at a time on this machine, \
         {} MB of memory beside the dataset, {} MB of disk\n",
        rows.len() - open.len(),
        duration(seconds),
        (largest * jobs as u64).div_ceil(1_000_000),
        disk.div_ceil(1_000_000),
    )
}
