//! burn (flex backend, SIMD, one thread) on the training step of `runner`: 3072-100-100-50-10 with BatchNorm
//! and ReLU, batches of 100 CIFAR-10 images. Prints examples per second.
//!
//! usage: peer-burn DATA_DIR OPTIMIZER DROPOUT STEPS

use std::{env, fs, time::Instant};

use burn::nn::{
    BatchNorm, BatchNormConfig, Dropout, DropoutConfig, Linear, LinearConfig,
    loss::CrossEntropyLossConfig,
};
use burn::optim::{AdaGradConfig, AdamConfig, GradientsParams};
use burn::prelude::*;
use burn::tensor::activation::relu;

const BATCH: usize = 100;
const PIXELS: usize = 3072;

#[derive(Module, Debug)]
struct Block {
    linear: Linear,
    norm: BatchNorm,
    dropout: Dropout,
}

#[derive(Module, Debug)]
struct Network {
    blocks: Vec<Block>,
    last: Linear,
    dropped: bool,
}

impl Network {
    fn new(dropout: f64, device: &Device) -> Self {
        let block = |sizes: &[usize]| Block {
            linear: LinearConfig::new(sizes[0], sizes[1]).init(device),
            norm: BatchNormConfig::new(sizes[1]).init(device),
            dropout: DropoutConfig::new(dropout).init(),
        };
        let blocks = [PIXELS, 100, 100, 50].windows(2).map(block).collect();
        Self { blocks, last: LinearConfig::new(50, 10).init(device), dropped: dropout > 0.0 }
    }

    fn forward(&self, mut x: Tensor<2>) -> Tensor<2> {
        for block in &self.blocks {
            x = relu(block.norm.forward(block.linear.forward(x)));
            if self.dropped {
                x = block.dropout.forward(x);
            }
        }
        self.last.forward(x)
    }
}

fn main() {
    let arguments: Vec<String> = env::args().collect();
    let [_, data, optimizer, dropout, steps] = &arguments[..] else {
        panic!("see the top of main.rs")
    };
    let steps: usize = steps.parse().expect("a number of steps");
    let (device, plain) = (Device::flex().autodiff(), Device::flex());
    let records: Vec<u8> = (1..=5)
        .flat_map(|i| {
            fs::read(format!("{data}/cifar-10-batches-bin/data_batch_{i}.bin")).expect("CIFAR-10")
        })
        .collect();
    let pixels: Vec<f32> = records
        .chunks(PIXELS + 1)
        .flat_map(|r| r[1..].iter().map(|&p| f32::from(p) / 255.0))
        .collect();
    let labels: Vec<i64> = records.chunks(PIXELS + 1).map(|r| i64::from(r[0])).collect();
    let count = labels.len();
    let x = Tensor::<2>::from_data(TensorData::new(pixels, [count, PIXELS]), &plain);
    let y = Tensor::<1, Int>::from_data(TensorData::new(labels, [count]), &plain);

    let mut network = Network::new(dropout.parse().expect("a share"), &device);
    let (mut update, rate) = match optimizer.as_str() {
        "adagrad" => (AdaGradConfig::new().init(), 0.01),
        "adam" => (AdamConfig::new().init(), 0.001),
        other => panic!("adagrad or adam, not {other}"),
    };
    let cross_entropy = CrossEntropyLossConfig::new().init(&device);
    let mut random = 1_u64;
    let mut started = Instant::now();
    for step in 0..50 + steps {
        if step == 50 {
            started = Instant::now();
        }
        let pick: Vec<i64> = (0..BATCH)
            .map(|_| {
                random = random.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
                ((random >> 33) % count as u64) as i64
            })
            .collect();
        let pick = Tensor::<1, Int>::from_data(TensorData::new(pick, [BATCH]), &plain);
        let images = x.clone().select(0, pick.clone()).to_device(&device);
        let targets = y.clone().select(0, pick).to_device(&device);
        let loss = cross_entropy.forward(network.forward(images), targets);
        if step == 49 + steps {
            eprintln!("last loss {}", loss.clone().into_scalar::<f32>());
        }
        let gradients = GradientsParams::from_grads(loss.backward(), &network);
        network = update.step(rate, network, gradients);
    }
    println!("{}", (steps * BATCH) as f64 / started.elapsed().as_secs_f64());
}
