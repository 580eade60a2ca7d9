//! A training step allocates nothing: counted by the allocator of this test binary.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use runner::train::{Event, Flow};

use super::{only_trial, trainer};

thread_local! {
    /// Allocations of this thread, so that other tests do not count.
    static ALLOCATIONS: Cell<u64> = const { Cell::new(0) };
}

struct Counting;

#[global_allocator]
static ALLOCATOR: Counting = Counting;

// SAFETY: every call is handed on to the system's allocator as it came.
#[expect(unsafe_code, reason = "an allocator is unsafe by its trait")]
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.with(|count| count.set(count.get() + 1));
        // SAFETY: the caller's promise is the same.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: as above.
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        ALLOCATIONS.with(|count| count.set(count.get() + 1));
        // SAFETY: as above.
        unsafe { System.realloc(pointer, layout, size) }
    }
}

fn allocations() -> u64 {
    ALLOCATIONS.with(Cell::get)
}

/// Allocations between the events of the first and the last step of a run within one epoch.
fn allocations_of_steps(optimizer: &str, training: &str, augmentation: &str) -> u64 {
    let network =
        r#"{ kind = "mlp", hidden_sizes = [100, 100, 50], batch_norm = true, dropout = 0.5 }"#;
    allocations_of_network(network, optimizer, training, augmentation)
}

fn allocations_of_network(
    network: &str,
    optimizer: &str,
    training: &str,
    augmentation: &str,
) -> u64 {
    let (trial, splits) = only_trial(&format!(
        r#"
dataset = {{ kind = "synthetic", train_examples = 1000, test_examples = 100 }}
network = {network}
optimizer = {{ kind = "{optimizer}", weight_decay = 0.001 }}
training = {{ steps = 12, batch_size = 50, seeds = 1{training} }}
augmentation = {{ {augmentation} }}
"#
    ));
    let mut trainer = trainer(&trial, &splits, 1);
    let (mut before, mut steps, mut after) = (None, 0, 0);
    let trained = trainer.run(&mut |event, _| {
        if let Event::Step = event {
            steps += 1;
            // The first step makes room for gradients that are stored.
            before.get_or_insert_with(allocations);
            after = allocations();
        }
        Ok(Flow::Continue)
    });
    trained.expect("no error");
    assert!(steps > 10, "{steps} steps");
    after - before.expect("there were steps")
}

#[test]
fn a_step_allocates_nothing() {
    let before = allocations();
    drop(std::hint::black_box(vec![1]));
    assert_eq!(allocations(), before + 1, "the allocator counts");
    for optimizer in ["sgd", "momentum", "adagrad", "rmsprop", "adam", "adamw"] {
        assert_eq!(allocations_of_steps(optimizer, "", ""), 0, "{optimizer}");
    }
    let projection = r#"{ kind = "resnet", depth = 8, shortcut = "projection" }"#;
    for network in [r#"{ kind = "simple_convnet", dropout = 0.5 }"#, projection] {
        assert_eq!(allocations_of_network(network, "momentum", "", ""), 0, "{network}");
    }
    for training in
        [", clip_norm = 0.1, ema_decay = 0.9", ", clip_value = 0.1, label_smoothing = 0.1"]
    {
        assert_eq!(allocations_of_steps("adam", training, ""), 0, "{training}");
    }
    let everything = "horizontal_flip = 0.5, random_crop.padding = 4, color_jitter.contrast = 0.2, \
                      cutout.size = 8, mixup.alpha = 0.2";
    let others = r#"horizontal_flip = "alternating", random_crop = { padding = 4, border = "reflect" },
        trivial_augment = true, random_rotation.degrees = 9, random_scaling.max_factor = 1.2,
        random_erasing.probability = 0.5, cutmix.alpha = 1"#;
    for augmentation in [everything, &others.replace('\n', " ")] {
        assert_eq!(allocations_of_steps("adam", "", augmentation), 0, "{augmentation}");
    }
}
