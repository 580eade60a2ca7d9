//! The command line: hands over to [`runner::cli`] and turns its result into an exit code.

use runner::kernel::HugePages;

#[global_allocator]
static ALLOCATOR: HugePages = HugePages;

fn main() -> std::process::ExitCode {
    runner::cli::main()
}
