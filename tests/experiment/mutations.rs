//! Damaged files give errors or sound trials, never a panic.

use super::{read, shipped};

/// Steps of a small linear congruential generator: every run tries the same damage.
fn numbers(seed: u64) -> impl Iterator<Item = usize> {
    let step =
        |x: &u64| Some(x.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407));
    std::iter::successors(Some(seed), step).skip(1).map(|x| (x >> 33) as usize)
}

/// What is accepted has to mean the same when it is read back.
fn accept_or_reject(bytes: &[u8]) {
    if let Ok(experiment) = read(bytes, &[]) {
        let trial = &experiment.trials[0];
        let again = read(trial.to_toml().as_bytes(), &[]).expect("a trial is valid").trials;
        assert_eq!(again, std::slice::from_ref(trial));
    }
}

#[test]
fn truncated_files_do_not_panic() {
    for path in shipped() {
        let bytes = std::fs::read(path).expect("readable");
        for length in 0..bytes.len() {
            accept_or_reject(&bytes[..length]);
        }
    }
}

#[test]
fn flipped_and_swapped_bytes_do_not_panic() {
    let marks = b"[]{}=.,\"'#\n\r\t\\ 0aE-_\xff\xc3\0";
    for (seed, path) in shipped().into_iter().enumerate() {
        let bytes = std::fs::read(path).expect("readable");
        let mut random = numbers(seed as u64);
        let mut next = |below: usize| random.next().unwrap_or(0) % below;
        for _ in 0..1_000 {
            let mut damaged = bytes.clone();
            for _ in 0..=next(4) {
                let place = next(damaged.len());
                damaged[place] = match next(3) {
                    0 => damaged[place] ^ (1 << next(8)),
                    1 => marks[next(marks.len())],
                    _ => damaged[next(bytes.len())],
                };
            }
            accept_or_reject(&damaged);
        }
    }
}

#[test]
fn deep_nesting_and_odd_overrides_do_not_panic() {
    drop(read("[".repeat(100_000).as_bytes(), &[]));
    drop(read(format!("a = {}", "[".repeat(100_000)).as_bytes(), &[]));
    drop(read(format!("{} = 1", "a.".repeat(100_000)).as_bytes(), &[]));
    let long = format!("{}=1", "a.".repeat(1_000));
    for set in [
        "",
        "=",
        "a",
        ".",
        "a.=1",
        "a==",
        "\"=\"=1",
        "a=\u{0}",
        "ж=ж",
        "[a]=1",
        "a=1\nb=2",
        "#=1",
        "grid=1",
        "search=1",
        "search.space=[1]",
        "search.space.x={min=1}",
        "grid.x=[1]",
        "exclude=[]",
        "name=1",
        "network=mlp",
        &long,
    ] {
        drop(read(b"", &[set]));
    }
}
