//! The table at the end: criterion's medians as examples/s, GFLOP/s and share of the FMA peak.

use std::fmt::Write;
use std::path::PathBuf;
use std::{env, fs};

use criterion::{Bencher, Criterion};

/// What was measured, in order.
#[derive(Default)]
pub(crate) struct Table {
    rows: Vec<Row>,
}

struct Row {
    group: &'static str,
    name: String,
    examples: f64,
    flops: f64,
}

impl Table {
    /// Measures `routine`, one call of which takes `examples` examples and `flops` floating-point
    /// operations of matrix products; 0 where there are none.
    pub(crate) fn measure(
        &mut self,
        criterion: &mut Criterion,
        (group, name): (&'static str, &str),
        (examples, flops): (usize, f64),
        routine: impl FnMut(&mut Bencher<'_>),
    ) {
        let mut in_group = criterion.benchmark_group(group);
        in_group.bench_function(name, routine);
        in_group.finish();
        self.rows.push(Row { group, name: name.to_owned(), examples: examples as f64, flops });
    }

    /// The rows that criterion has measured in this run or an earlier one.
    pub(crate) fn render(&self, peak_gflops: f64) -> String {
        let mut text = format!("\nFMA peak of one core, measured: {peak_gflops:.1} GFLOP/s\n\n");
        let head = ["median ms", "examples/s", "GFLOP/s", "% of peak"];
        let [ms, examples, gflops, share] = head;
        let _ = writeln!(text, "{:44} {ms:>10} {examples:>12} {gflops:>8} {share:>10}", "");
        for row in &self.rows {
            let Some(seconds) = row.median_seconds() else { continue };
            let name = format!("{}: {}", row.group, row.name);
            let _ = write!(text, "{name:44} {:>10.3}", seconds * 1e3);
            let per_second =
                |n: f64| if n > 0.0 { format!("{:.0}", n / seconds) } else { String::new() };
            let _ = write!(text, " {:>12}", per_second(row.examples));
            if row.flops > 0.0 {
                let gflops = row.flops / seconds / 1e9;
                let _ = write!(text, " {gflops:>8.1} {:>10.0}", 100.0 * gflops / peak_gflops);
            }
            text.push('\n');
        }
        text
    }
}

impl Row {
    /// The median that criterion wrote.
    fn median_seconds(&self) -> Option<f64> {
        let target =
            env::var_os("CARGO_TARGET_DIR").map_or_else(|| PathBuf::from("target"), PathBuf::from);
        let folder = target.join("criterion").join(self.group).join(self.name.replace('/', "_"));
        let text = fs::read_to_string(folder.join("new/estimates.json")).ok()?;
        let estimates: serde_json::Value = serde_json::from_str(&text).ok()?;
        Some(estimates["median"]["point_estimate"].as_f64()? / 1e9)
    }
}
