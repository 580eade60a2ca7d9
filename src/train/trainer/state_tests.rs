//! Everything in training that has a state, stopped anywhere and continued.

use crate::optim::{
    AnnealConfig, CosineConfig, GroupConfig, LinearDecayConfig, Monitor, MuonConfig,
    OneCycleConfig, PlateauConfig, ScheduleConfig, WeightDecayOn,
};
use crate::train::testing::{Trained, TrainerParts, config, train_with_stops};
use crate::train::{EarlyStoppingConfig, LookaheadConfig, SamConfig, SwaConfig};

/// Steps until the end of each evaluated epoch; see [`crate::train::testing::trainer`].
const BETWEEN: u64 = 6;

fn stopping(patience: u64, monitor: Monitor) -> EarlyStoppingConfig {
    // Nothing improves that much, so the first evaluation stays the best one.
    EarlyStoppingConfig { patience, min_delta: 10.0, monitor, restore_best: true }
}

/// Each with everything that it can be combined with.
fn configs() -> [(&'static str, TrainerParts); 6] {
    let [mut annealed, mut reduced, mut cycled] = [config(), config(), config()];
    let [mut looking, mut averaged, mut turned] = [config(), config(), config()];
    annealed.schedule = ScheduleConfig {
        kind: CosineConfig(AnnealConfig { final_fraction: 0.1 }).into(),
        warmup_steps: Some(4),
        ..ScheduleConfig::default()
    };
    annealed.training.clip_norm = Some(0.5);
    annealed.training.label_smoothing = 0.1;
    annealed.training.ema_decay = Some(0.9);

    let plateau = PlateauConfig { patience: 0, threshold: 0.9, ..PlateauConfig::default() };
    reduced.schedule.kind = plateau.into();
    reduced.training.steps = Some(40);
    reduced.training.ema_decay = Some(0.5);
    reduced.training.early_stopping = Some(stopping(3, Monitor::ValLoss));

    cycled.schedule.kind = OneCycleConfig::default().into();
    cycled.training.steps = Some(40);
    cycled.training.clip_value = Some(0.01);
    cycled.training.early_stopping = Some(stopping(2, Monitor::ValAccuracy));

    looking.training.lookahead =
        Some(LookaheadConfig { every_steps: 2, decay: 0.5, decay_power: 3.0 });
    looking.training.sam = Some(SamConfig { rho: 0.05, adaptive: false });
    looking.training.ema_decay = Some(0.5);
    looking.optimizer.weight_decay_on = WeightDecayOn::All;
    looking.optimizer.groups = vec![
        GroupConfig {
            parameters: "norms.bias".to_owned(),
            learning_rate_factor: 8.0,
            weight_decay: Some(0.125),
            ..GroupConfig::default()
        },
        GroupConfig {
            parameters: "first".to_owned(),
            trainable_epochs: Some(2),
            ..GroupConfig::default()
        },
    ];

    averaged.training.swa = Some(SwaConfig { start_epoch: 1 });
    averaged.training.l1_penalty = 0.001;
    averaged.training.max_norm = Some(1.0);
    averaged.training.clip_norm = Some(0.5);

    turned.optimizer = MuonConfig::default().into();
    turned.training.lookahead = Some(LookaheadConfig::default());
    [
        ("annealed", annealed),
        ("reduced", reduced),
        ("cycled", cycled),
        ("looking", looking),
        ("averaged", averaged),
        ("turned", turned),
    ]
}

#[test]
fn resumed_training_equals_uninterrupted_training_to_the_bit() {
    for (name, config) in configs() {
        let undisturbed = train_with_stops(&config, &[]);
        for stops in [&[0][..], &[1], &[3], &[6], &[5, 6, 7], &[2, 4, 8, 12]] {
            assert_eq!(train_with_stops(&config, stops), undisturbed, "{name}, {stops:?}");
        }
    }
}

#[test]
fn each_of_them_changes_the_training() {
    let all = configs().map(|(_, config)| train_with_stops(&config, &[]));
    let plain = train_with_stops(&config(), &[]);
    for trained in &all {
        assert_ne!(trained.rows, plain.rows);
    }
}

#[test]
fn rates_are_those_of_the_last_step_and_at_epoch_0_of_the_first() {
    let mut linear = config(); // 13 steps, evaluated after 6, 12 and 13
    linear.schedule.kind = LinearDecayConfig::default().into();
    let rates: Vec<f32> =
        train_with_stops(&linear, &[]).rows.iter().map(|r| r.learning_rate).collect();
    let rate = |step: u32| (0.001 * (1.0 - f64::from(step) / 13.0)) as f32;
    assert_eq!(rates, [0, 5, 11, 12].map(rate));
}

#[test]
fn a_reduced_rate_is_shown_from_the_step_on_that_has_it() {
    let [_, (_, mut reduced), ..] = configs();
    reduced.training.early_stopping = None;
    let rows = train_with_stops(&reduced, &[]).rows;
    let rates: Vec<f32> = rows.iter().map(|row| row.learning_rate).collect();
    // Nothing is progress after the first evaluation, so each later one reduces the rate.
    assert_eq!(rates[..4], [1e-3, 1e-3, 1e-3, 1e-4]);
    assert_eq!(rates[4], 1e-5);
}

#[test]
fn early_stopping_ends_the_training_and_gives_the_best_weights_back() {
    for (name, monitor, patience) in
        [("val_loss", Monitor::ValLoss, 3), ("val_accuracy", Monitor::ValAccuracy, 2)]
    {
        let mut stopped = config();
        stopped.training.steps = Some(40);
        stopped.training.early_stopping = Some(stopping(patience, monitor));
        let Trained { rows, stopped_early, model_epoch, model, .. } =
            train_with_stops(&stopped, &[]);
        let last = rows.last().unwrap();
        assert_eq!(last.step, BETWEEN * (patience + 1), "{name}");
        let end = stopped_early.unwrap();
        assert_eq!((end.epoch, end.step), (last.epoch, last.step), "{name}");
        assert_eq!(model_epoch, Some(2), "{name}");

        let mut short = config();
        short.training.steps = Some(BETWEEN);
        let short = train_with_stops(&short, &[]);
        assert_eq!(model, short.model, "{name}: the model is that of the first evaluation");
        assert_eq!(short.model_epoch, None);
    }
}

#[test]
fn patience_that_lasts_to_the_end_is_no_early_stop() {
    let mut patient = config();
    patient.training.early_stopping = Some(stopping(2, Monitor::ValLoss));
    let trained = train_with_stops(&patient, &[]); // evaluated after 6, 12 and 13 steps
    assert_eq!(trained.rows.last().unwrap().step, 13);
    assert_eq!((trained.stopped_early, trained.model_epoch), (None, Some(2)));
}

#[test]
fn limits_that_are_never_reached_change_no_bit() {
    let plain = train_with_stops(&config(), &[]);
    let [mut norm, mut value] = [config(), config()];
    norm.training.clip_norm = Some(1e9);
    value.training.clip_value = Some(1e9);
    assert_eq!(train_with_stops(&norm, &[]), plain);
    assert_eq!(train_with_stops(&value, &[]), plain);
}

#[test]
fn averages_are_what_is_evaluated_and_kept() {
    let plain = train_with_stops(&config(), &[]);
    let mut averaged = config();
    averaged.training.ema_decay = Some(0.99);
    let averaged = train_with_stops(&averaged, &[]);
    // The trained parameters are the same, and so is everything before the first step.
    let column = |trained: &Trained| trained.rows.iter().map(|r| r.batch_loss).collect::<Vec<_>>();
    assert_eq!(column(&averaged), column(&plain));
    assert_eq!(averaged.layers, plain.layers);
    assert_eq!(averaged.rows[0], plain.rows[0]);
    assert_ne!(averaged.rows[1].train_loss, plain.rows[1].train_loss);
    assert_ne!(averaged.model, plain.model);
}
