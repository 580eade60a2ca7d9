//! A checkpoint that is restored and, if it is taken, trained on: the feature `fuzzing` leaves the
//! checksum out, which no random change would fit. The first byte says whether the rest is the
//! checkpoint, or changes of a good one: place (two bytes) and new byte. Nothing else reads
//! safetensors.
#![no_main]

use std::cell::RefCell;
use std::sync::Arc;

use libfuzzer_sys::fuzz_target;
use runner::data::Splits;
use runner::experiment::{Experiment, Trial};
use runner::train::{Flow, Position, Trainer, Workers};

const TRIAL: &str = "\
    [dataset]\nkind = \"synthetic\"\ntrain_examples = 20\ntest_examples = 10\n\
    [network]\nkind = \"mlp\"\nhidden_sizes = [3]\n\
    [optimizer]\nkind = \"adam\"\nlearning_rate = 0.01\n\
    [training]\nsteps = 7\nbatch_size = 5\n";

fn trainer(trial: &Trial, splits: &Arc<Splits>, workers: &Arc<Workers>) -> Trainer {
    let (splits, workers) = (Arc::clone(splits), Arc::clone(workers));
    Trainer::new(splits, &trial.trainer_config(), workers).expect("the network fits the examples")
}

fn parts() -> (Trial, Arc<Splits>, Arc<Workers>) {
    let path = std::path::Path::new("fuzz.toml");
    let read = Experiment::from_bytes(path, TRIAL.as_bytes(), &[], 1, false);
    let trial = read.expect("a valid file").trials.remove(0);
    let dataset = runner::fuzzing::small_synthetic();
    let splits = Splits::new(Arc::new(dataset), &trial.dataset).expect("enough examples");
    (trial, Arc::new(splits), Arc::new(Workers::new(1)))
}

thread_local! {
    static PARTS: RefCell<(Trial, Arc<Splits>, Arc<Workers>)> = RefCell::new(parts());
}

fuzz_target!(|data: &[u8]| {
    let Some((&first, rest)) = data.split_first() else { return };
    PARTS.with_borrow(|(trial, splits, workers)| {
        let mut trainer = trainer(trial, splits, workers);
        let mut bytes = rest.to_vec();
        if first & 1 == 1 {
            bytes = trainer.state_mut().checkpoint("0123456789ab", None);
            for &[low, high, new] in rest.as_chunks::<3>().0 {
                let place = usize::from(u16::from_le_bytes([low, high])) % bytes.len();
                bytes[place] = new;
            }
        }
        let position = Position::read(&bytes[..]);
        let Ok(checkpoint) = trainer.state_mut().decode(&bytes, "0123456789ab") else { return };
        trainer.state_mut().restore(&checkpoint);
        let step = trainer.state_mut().step();
        assert_eq!(position.map(|position| position.step), Ok(step));
        let _ = trainer.rows_until(step);
        let mut events = 0;
        let outcome = trainer.run(&mut |_, state| {
            events += 1;
            state.checkpoint("0123456789ab", None);
            Ok(Flow::Continue)
        });
        outcome.expect("the callback gives no error");
        assert!(events < 30, "{events} events of a run of 7 steps");
    });
});
