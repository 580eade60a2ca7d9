//! The flags of a task's `runner run`: those given to `submit`, typed or as variables, so that a
//! task does the same whatever its machine's environment.

use clap::parser::ValueSource;
use clap::{ArgAction, ArgMatches, CommandFactory};

use crate::cli::{Cli, Globals};
use crate::data::has_secrets;
use crate::error::{Error, Result};
use crate::shell::quoted;

/// Flags about submitting, or passed in another way.
const NOT_OF_A_TASK: [&str; 5] = ["tasks", "print", "runs_dir", "quiet", "verbose"];

/// Words for a shell.
///
/// # Errors
/// If a value is not UTF-8.
pub(super) fn flags(matches: &ArgMatches, globals: &Globals) -> Result<Vec<String>> {
    let mut program = Cli::command();
    program.build(); // adds the global flags to every subcommand
    let unknown = || Error::Unexpected("the command line has no subcommand".to_owned());
    let (name, matches) = matches.subcommand().ok_or_else(unknown)?;
    let submit = program.find_subcommand(name).ok_or_else(unknown)?;
    let mut words = vec![format!("--runs-dir={}", quoted(utf8(globals.runs_dir.as_os_str())?))];
    for argument in submit.get_arguments() {
        let id = argument.get_id().as_str();
        let (Some(long), Some(source)) = (argument.get_long(), matches.value_source(id)) else {
            continue;
        };
        if source == ValueSource::DefaultValue || NOT_OF_A_TASK.contains(&id) {
            continue;
        }
        if let ArgAction::SetTrue = argument.get_action() {
            words.extend(matches.get_flag(id).then(|| format!("--{long}")));
            continue;
        }
        if id == "mirror" && globals.mirror.as_deref().is_some_and(has_secrets) {
            secret_mirror(source)?;
            continue;
        }
        for value in matches.get_raw(id).into_iter().flatten() {
            words.push(format!("--{long}={}", quoted(utf8(value)?)));
        }
    }
    // Already settled: a typed one wins over one in a variable.
    for (is_set, long) in [(globals.quiet, "quiet"), (globals.verbose, "verbose")] {
        words.extend(is_set.then(|| format!("--{long}")));
    }
    Ok(words)
}

/// Others may read a job script, so secrets reach the tasks through their environment.
fn secret_mirror(source: ValueSource) -> Result<()> {
    match source {
        ValueSource::EnvVariable => Ok(()),
        _ => Err(Error::Usage(
            "the job script would contain the name, password or token in --mirror: set \
             RUNNER_MIRROR instead, which sbatch passes to the tasks"
                .to_owned(),
        )),
    }
}

/// The text of a path or value; machines might read a script in another encoding differently.
pub(super) fn utf8(text: &std::ffi::OsStr) -> Result<&str> {
    text.to_str().ok_or_else(|| {
        Error::Usage(format!("{} is not UTF-8, and a job script must be", text.display()))
    })
}
