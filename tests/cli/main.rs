//! The real binary in temporary folders, as its users meet it: what it prints, what it leaves on
//! disk, how it ends. Trials are tiny and their data is synthetic; nothing is downloaded.

mod bad_trials;
mod cached;
mod comparing;
mod damage;
mod diagnosing;
mod exit_codes;
mod experiments;
mod gc;
mod hostile;
mod kills;
mod limits;
mod metrics_file;
mod options;
mod pinned_bits;
mod regressions;
mod same_bits;
mod signals;
mod texts;
mod two_processes;
mod verify;
mod workspace;
