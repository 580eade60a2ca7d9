//! What ends a sweep early. The first Ctrl-C or SIGTERM asks every trial to save its state and
//! stop; a second one, at least half a second later, ends the process at once. The end of the
//! terminal (SIGHUP) or of the CPU time (SIGXCPU), too many failures, and SIGUSR1, with which a
//! cluster warns that the time is nearly over, act like the first one.

mod limits;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM, SIGUSR1, SIGXCPU};
use signal_hook::flag;

use crate::error::{Error, Result};
pub use limits::expect_full_files;
use limits::{is_ignored, warn_before_end_of_cpu_time};

/// Raised by the first signal, or by too many failures.
#[derive(Debug, Clone, Default)]
pub struct StopSignal {
    signal: Arc<AtomicUsize>,
    time_is_up: Arc<AtomicBool>,
    gave_up: Arc<AtomicBool>,
    is_asked: Arc<AtomicBool>,     // by Ctrl-C or SIGTERM
    ends_at_once: Arc<AtomicBool>, // the next of those
}

/// Signals within this time count as one.
const MOMENT: Duration = Duration::from_millis(500);

impl StopSignal {
    /// A stop signal that [`StopSignal::expect_interrupts`] has raised.
    ///
    /// # Errors
    /// If the handlers cannot be installed.
    pub fn install() -> Result<StopSignal> {
        let stop = StopSignal::default();
        stop.expect_interrupts()?;
        Ok(stop)
    }

    /// SIGUSR1 raises it from now on; before, it ends the process.
    ///
    /// # Errors
    /// If the handler cannot be installed.
    pub fn expect_end_of_time(&self) -> Result<()> {
        flag::register(SIGUSR1, Arc::clone(&self.time_is_up)).map_err(cannot_handle)?;
        Ok(())
    }

    /// SIGINT, SIGTERM, SIGHUP and SIGXCPU raise it from now on; before, they end the process. A SIGHUP
    /// that is ignored (`nohup`) still is.
    ///
    /// # Errors
    /// If the handlers cannot be installed.
    pub fn expect_interrupts(&self) -> Result<()> {
        for signal in [SIGINT, SIGTERM] {
            let install = || -> std::io::Result<()> {
                let code = 128 + signal;
                flag::register_conditional_shutdown(signal, code, Arc::clone(&self.ends_at_once))?;
                flag::register(signal, Arc::clone(&self.is_asked))?;
                flag::register_usize(signal, Arc::clone(&self.signal), signal as usize)?;
                Ok(())
            };
            install().map_err(cannot_handle)?;
        }
        self.expect_second().map_err(cannot_handle)?;
        // These come several times for one event: from the kernel and the shell, or every second.
        let repeated = [SIGXCPU].into_iter().chain((!is_ignored(SIGHUP)).then_some(SIGHUP));
        for signal in repeated {
            let register = flag::register_usize(signal, Arc::clone(&self.signal), signal as usize);
            register.map_err(cannot_handle)?;
        }
        warn_before_end_of_cpu_time();
        Ok(())
    }

    /// Whether trials shall stop.
    pub fn is_raised(&self) -> bool {
        self.signal.load(Ordering::Relaxed) != 0 || self.time_is_up() || self.gave_up()
    }

    /// Shortly after the first Ctrl-C or SIGTERM, a second one ends the process, whatever the
    /// trials are doing. A SIGHUP before does not count as the first, so the SIGTERM of a shutdown
    /// still saves. A signal together with the first does not count as the second: `timeout`
    /// signals the process and then its group.
    fn expect_second(&self) -> std::io::Result<()> {
        let (is_asked, ends_at_once) = (Arc::clone(&self.is_asked), Arc::clone(&self.ends_at_once));
        let watch = move || {
            while !is_asked.load(Ordering::Relaxed) {
                thread::sleep(MOMENT / 5);
            }
            thread::sleep(MOMENT);
            ends_at_once.store(true, Ordering::Relaxed);
        };
        let watcher = thread::Builder::new().name("signals".to_owned()).stack_size(1 << 16);
        if watcher.spawn(watch).is_err() {
            // If no thread can be started, the next signal counts as the second, however soon it
            // comes.
            for signal in [SIGINT, SIGTERM] {
                flag::register(signal, Arc::clone(&self.ends_at_once))?;
            }
        }
        Ok(())
    }

    /// Whether this process's time is nearly over.
    pub fn time_is_up(&self) -> bool {
        self.time_is_up.load(Ordering::Relaxed)
    }

    /// Asks the trials to stop because too many failed.
    pub(super) fn give_up(&self) {
        self.gave_up.store(true, Ordering::Relaxed);
    }

    /// Whether too many trials failed.
    pub fn gave_up(&self) -> bool {
        self.gave_up.load(Ordering::Relaxed)
    }

    /// What happened, if a signal came.
    pub fn what_came(&self) -> &'static str {
        match i32::try_from(self.signal.load(Ordering::Relaxed)) {
            Ok(SIGXCPU) => "the CPU time of this process (ulimit -t) is nearly used up",
            Ok(SIGHUP) => "the terminal is gone",
            _ => "interrupted",
        }
    }

    /// The exit code of a process stopped by the received signal: 128 plus its number, as in a
    /// shell.
    pub fn exit_code(&self) -> Option<u8> {
        match self.signal.load(Ordering::Relaxed) {
            0 => None,
            signal => u8::try_from(128 + signal).ok(),
        }
    }
}

fn cannot_handle(error: std::io::Error) -> Error {
    Error::Unexpected(format!("cannot handle signals: {error}"))
}
