//! Trials to jobs: builds the parts, trains them on local threads, writes run folders.
