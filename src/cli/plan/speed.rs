//! How fast this machine trains: measured for a moment, good enough for estimates.

use std::time::{Duration, Instant};

use crate::experiment::Trial;
use crate::kernel::{Buffer, Effort, Panels, Rows, product};
use crate::sweep::cost;

/// How long each of the two speeds is measured.
const MEASURED: Duration = Duration::from_millis(100);

/// In so many parts.
const PARTS: u32 = 5;

/// The products of a training, as a share of the speed of one that is in the cache.
const PRODUCT_SHARE: f64 = 0.8;

/// Numbers of each of the two rows that are added: more than caches hold.
const ROW: usize = 1 << 23;

/// Sums of two rows that take as long as what layers do with a number each time it passes through memory. Fitted to
/// the presets on an EPYC with AVX-512.
const SUMS_PER_NUMBER: f64 = 3.0;

/// Speeds of one core.
#[derive(Debug, Clone, Copy)]
pub(in crate::cli) struct Speed {
    flops_per_second: f64,
    sums_per_second: f64,
}

impl Speed {
    /// Measures this machine for a fifth of a second.
    pub(in crate::cli) fn measured() -> Speed {
        Speed { flops_per_second: flops_per_second(), sums_per_second: sums_per_second() }
    }

    /// The operations of its [`Cost::flops`](crate::sweep::Cost::flops) that `trial` makes in a second, with all else
    /// that it does.
    pub(in crate::cli) fn of(self, trial: &Trial) -> f64 {
        let cost = cost(trial);
        let products = cost.flops / (PRODUCT_SHARE * self.flops_per_second);
        let layers = cost.numbers * SUMS_PER_NUMBER / self.sums_per_second;
        match cost.flops > 0.0 {
            true => cost.flops / (products + layers),
            false => self.flops_per_second,
        }
    }
}

/// Floating-point operations of a matrix product.
fn flops_per_second() -> f64 {
    let (m, k, n) = (128, 1024, 128);
    let (a, b) = (Buffer::filled(m * k, 1.0), Buffer::filled(k * n, 1.0));
    let mut c = Buffer::zeros(m * n);
    let products = per_second(|| {
        let right = Panels::new(k, n).of(&b);
        product(Rows::new(&a, m, k), right, &mut c, Effort::single());
    });
    products * (2 * m * k * n) as f64
}

/// Sums of two numbers from memory, written back.
fn sums_per_second() -> f64 {
    let (a, mut b) = (Buffer::filled(ROW, 1.0_f32), Buffer::filled(ROW, 1.0_f32));
    let sums = per_second(|| {
        for (b, a) in b.iter_mut().zip(a.iter()) {
            *b += a;
        }
    });
    sums * ROW as f64
}

/// In the fastest of several parts of the time, since others may use the machine too.
fn per_second(mut work: impl FnMut()) -> f64 {
    let part = |_| {
        let (started, mut times) = (Instant::now(), 0);
        while started.elapsed() < MEASURED / PARTS {
            work();
            times += 1;
        }
        f64::from(times) / started.elapsed().as_secs_f64()
    };
    (0..PARTS).map(part).fold(0.0, f64::max)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::{Experiment, MAX_TRIALS};

    const MLP: &str = "kind = 'mlp', hidden_sizes = [100, 100, 50]";

    fn trial(network: &str) -> Trial {
        let text = format!(
            r#"
            dataset = {{ kind = "synthetic", train_examples = 1000 }}
            network = {{ {network} }}
            optimizer = {{ kind = "momentum" }}
            training = {{ epochs = 10, batch_size = 100 }}
            "#
        );
        let path = std::path::Path::new("test.toml");
        let experiment = Experiment::from_bytes(path, text.as_bytes(), &[], MAX_TRIALS, false);
        experiment.unwrap_or_else(|error| panic!("{error}")).trials.remove(0)
    }

    /// The measured shares are those of an EPYC with AVX-512 and these two speeds.
    #[test]
    fn networks_with_many_numbers_for_each_product_are_slower() {
        let machine = Speed { flops_per_second: 2.5e11, sums_per_second: 5.0e9 };
        let cases = [(MLP, 0.77), ("kind = 'deep_convnet'", 0.57), ("kind = 'resnet'", 0.26)];
        for (network, measured) in cases {
            let share = machine.of(&trial(network)) / machine.flops_per_second;
            assert!((share - measured).abs() < 0.03, "{network}: {share}, and {measured} measured");
        }
    }

    #[test]
    fn this_machine_has_a_speed() {
        let machine = Speed::measured();
        assert!(machine.flops_per_second > 1e6 && machine.flops_per_second.is_finite());
        assert!(machine.sums_per_second > 1e5 && machine.sums_per_second.is_finite());
        assert!(machine.of(&trial(MLP)) <= PRODUCT_SHARE * machine.flops_per_second);
    }
}
