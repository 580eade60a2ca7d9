//! The real binary in temporary folders, as its users meet it: what it prints, what it leaves on
//! disk, how it ends. Trials are tiny and their data is synthetic; nothing is downloaded.

mod augmentation;
mod bad_trials;
mod cached;
mod comparing;
mod confirming;
mod damage;
mod detail;
mod diagnosing;
mod diffing;
mod early_stopping;
mod exit_codes;
mod experiments;
mod exporting;
mod gc;
mod halving;
mod hints;
mod hostile;
mod kills;
mod layer_lists;
mod layout;
mod leaving;
mod limits;
mod longer;
#[cfg(target_os = "linux")]
mod many_hosts;
mod metrics_file;
mod options;
mod own_csv;
mod own_data;
mod own_images;
mod pinned_bits;
mod plotting;
mod predicting;
mod regressions;
mod same_bits;
mod sealed;
mod searching;
mod signals;
mod stored;
mod submitting;
mod texts;
mod two_processes;
mod verify;
mod watching;
mod workspace;
