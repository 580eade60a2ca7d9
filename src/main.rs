//! The command line: hands over to [`runner::cli`] and turns its result into an exit code.

fn main() -> std::process::ExitCode {
    runner::cli::main()
}
