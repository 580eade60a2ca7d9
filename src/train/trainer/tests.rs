use super::*;
use crate::runs::metrics::MetricsRow;
use crate::train::Batches;
use crate::train::testing::{
    Trained, TrainerParts, config, every_augmentation, train_probed, trainer,
};

/// Rows and final state of a run that stops after each of `stops` steps and continues from its
/// checkpoint in a new trainer, which is probed several times before.
fn run_with_stops(stops: &[u64], probes: usize) -> Trained {
    train_probed(&config(), stops, probes)
}

#[test]
fn resumed_training_equals_uninterrupted_training_to_the_bit() {
    let undisturbed = run_with_stops(&[], 0);
    // 24 examples in batches of 10: epochs of 3 steps, evaluated every second one and at 13.
    let column = |figure: fn(&MetricsRow) -> u64| undisturbed.rows.iter().map(figure).collect();
    let (steps, epochs): (Vec<u64>, Vec<u64>) = (column(|r| r.step), column(|r| r.epoch));
    assert_eq!((&steps[..], &epochs[..]), (&[0, 6, 12, 13][..], &[0, 2, 4, 5][..]));
    for stops in [&[0][..], &[1], &[3], &[6], &[5, 6, 7], &[2, 4, 8, 12]] {
        assert_eq!(run_with_stops(stops, 0), undisturbed, "stopped at {stops:?}");
    }
}

#[test]
fn resumed_training_with_augmentation_equals_uninterrupted_training_to_the_bit() {
    for batches in [Batches::Shuffled, Batches::WithReplacement, Batches::Sequential] {
        let mut config = TrainerParts { augmentation: every_augmentation(), ..config() };
        config.training.batches = batches;
        let undisturbed = train_probed(&config, &[], 0);
        for stops in [&[0][..], &[1], &[5, 6, 7], &[2, 4, 8, 12]] {
            assert_eq!(train_probed(&config, stops, 1), undisturbed, "stopped at {stops:?}");
        }
    }
}

#[test]
fn augmentation_changes_training_and_not_how_its_start_is_evaluated() {
    let plain = train_probed(&config(), &[], 0).rows;
    let config = TrainerParts { augmentation: every_augmentation(), ..config() };
    let augmented = train_probed(&config, &[], 0).rows;
    assert_eq!(augmented[0], plain[0]);
    assert_ne!(augmented[1], plain[1]);
}

#[test]
fn weights_of_augmented_training_are_evaluated_on_the_examples_as_they_are() {
    let mut last = None;
    let mut trained = trainer(&TrainerParts { augmentation: every_augmentation(), ..config() });
    let outcome = trained.run(&mut |event, _| {
        if let Event::Evaluated(row, ..) = event {
            last = Some(row);
        }
        Ok(Flow::Continue)
    });
    assert_eq!(outcome.unwrap(), Outcome::Finished);
    let mut plain = trainer(&config());
    plain.state_mut().load_model(&trained.state_mut().model()).unwrap();
    let (row, of_plain) = (last.unwrap(), plain.evaluate(None).row);
    let figures = |row: &MetricsRow| (row.train_loss, row.val_loss, row.test_loss, row.gap);
    assert_eq!(figures(&of_plain), figures(&row));
    assert_eq!(plain.judge().examples, trained.judge().examples);
}

#[test]
fn probes_change_no_bit_of_what_follows() {
    let undisturbed = run_with_stops(&[], 0);
    assert_eq!(run_with_stops(&[0, 1, 2, 3, 6, 8, 12], 2), undisturbed);
}

#[test]
fn every_evaluation_has_a_row_for_each_linear_layer() {
    let trained = run_with_stops(&[], 0);
    for (row, layers) in trained.rows.iter().zip(&trained.layers) {
        let of: Vec<_> = layers.iter().map(|l| (l.epoch, l.step, &*l.layer, l.units)).collect();
        let at = |layer, units| (row.epoch, row.step, layer, units);
        // Linear, batch norm, ReLU, dropout: the next linear layer is the fourth module on.
        assert_eq!(of, [at("0", 7), at("4", 5), at("8", 2)]);
        assert!(layers.iter().all(|l| l.weight_norm > 0.0 && l.gradient_norm > 0.0));
        assert!(layers.iter().all(|l| l.saturated_share.is_none()));
        assert_eq!(layers.iter().filter(|l| l.dead_share.is_some()).count(), 2);
    }
}

#[test]
fn rows_until_counts_the_evaluations() {
    let trainer = trainer(&config());
    let counts: Vec<u64> = [0, 5, 6, 11, 12, 13].map(|s| trainer.rows_until(s)).to_vec();
    assert_eq!(counts, [1, 1, 2, 2, 3, 4]);
}

#[test]
fn an_exploding_network_diverges_with_its_step() {
    let mut config = config();
    let sgd = crate::optim::SgdConfig { learning_rate: 1e30, ..Default::default() };
    config.optimizer = sgd.into();
    let mut steps = 0;
    let outcome = trainer(&config).run(&mut |event, _| {
        steps += u64::from(matches!(event, Event::Step | Event::Epoch));
        Ok(Flow::Continue)
    });
    assert_eq!(outcome.unwrap(), Outcome::Diverged { step: steps + 1 });
}

#[test]
fn errors_of_the_caller_end_the_run() {
    let outcome =
        trainer(&config()).run(&mut |_, _| Err(crate::Error::Unexpected("disk full".to_owned())));
    assert_eq!(outcome.unwrap_err().to_string(), "disk full");
}
