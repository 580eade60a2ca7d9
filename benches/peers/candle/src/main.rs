//! candle (CPU, one thread) on the training step of `runner`: 3072-100-100-50-10 with BatchNorm and ReLU,
//! batches of 100 CIFAR-10 images. Prints examples per second. Set RAYON_NUM_THREADS=1.
//!
//! usage: peer-candle DATA_DIR OPTIMIZER DROPOUT STEPS

use std::{env, fs, time::Instant};

use candle_core::{DType, Device, Module, ModuleT, Result, Tensor, Var, backprop::GradStore};
use candle_nn::{
    AdamW, BatchNorm, Dropout, Linear, Optimizer, ParamsAdamW, VarBuilder, VarMap, batch_norm,
    linear, loss,
};

const BATCH: usize = 100;
const PIXELS: usize = 3072;

/// candle-nn has none.
struct AdaGrad {
    rate: f64,
    vars: Vec<(Var, Var)>,
}

impl AdaGrad {
    fn new(vars: Vec<Var>, rate: f64) -> Result<Self> {
        let with_sum =
            |var: Var| Ok((var.clone(), Var::zeros(var.shape(), DType::F32, &Device::Cpu)?));
        Ok(Self { rate, vars: vars.into_iter().map(with_sum).collect::<Result<_>>()? })
    }

    fn step(&self, gradients: &GradStore) -> Result<()> {
        for (var, sum) in &self.vars {
            let Some(gradient) = gradients.get(var) else { continue };
            let squares = (sum.as_tensor() + gradient.sqr()?)?;
            let step = (gradient / (squares.sqrt()? + 1e-10)?)?;
            sum.set(&squares)?;
            var.set(&(var.as_tensor() - (step * self.rate)?)?)?;
        }
        Ok(())
    }
}

fn main() -> Result<()> {
    let arguments: Vec<String> = env::args().collect();
    let [_, data, optimizer, dropout, steps] = &arguments[..] else {
        panic!("see the top of main.rs")
    };
    let steps: usize = steps.parse().expect("a number of steps");
    let share: f32 = dropout.parse().expect("a share");
    let device = Device::Cpu;
    let records: Vec<u8> = (1..=5)
        .flat_map(|i| {
            fs::read(format!("{data}/cifar-10-batches-bin/data_batch_{i}.bin")).expect("CIFAR-10")
        })
        .collect();
    let pixels: Vec<f32> = records
        .chunks(PIXELS + 1)
        .flat_map(|r| r[1..].iter().map(|&p| f32::from(p) / 255.0))
        .collect();
    let labels: Vec<u32> = records.chunks(PIXELS + 1).map(|r| u32::from(r[0])).collect();
    let count = labels.len();
    let x = Tensor::from_vec(pixels, (count, PIXELS), &device)?;
    let y = Tensor::from_vec(labels, count, &device)?;

    let map = VarMap::new();
    let builder = VarBuilder::from_varmap(&map, DType::F32, &device);
    let block = |sizes: &[usize]| -> Result<(Linear, BatchNorm)> {
        let name = builder.pp(format!("{sizes:?}"));
        Ok((
            linear(sizes[0], sizes[1], name.pp("linear"))?,
            batch_norm(sizes[1], 1e-5, name.pp("norm"))?,
        ))
    };
    let blocks = [PIXELS, 100, 100, 50].windows(2).map(block).collect::<Result<Vec<_>>>()?;
    let last = linear(50, 10, builder.pp("last"))?;
    let drop = Dropout::new(share);

    // The running statistics are in the map too; they have no gradient and are passed over.
    let adagrad = AdaGrad::new(map.all_vars(), 0.01)?;
    let mut adam = AdamW::new(
        map.all_vars(),
        ParamsAdamW { lr: 0.001, weight_decay: 0.0, ..Default::default() },
    )?;
    let mut random = 1_u64;
    let mut started = Instant::now();
    for step in 0..50 + steps {
        if step == 50 {
            started = Instant::now();
        }
        let pick: Vec<u32> = (0..BATCH)
            .map(|_| {
                random = random.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
                ((random >> 33) % count as u64) as u32
            })
            .collect();
        let pick = Tensor::from_vec(pick, BATCH, &device)?;
        let mut hidden = x.index_select(&pick, 0)?;
        for (linear, norm) in &blocks {
            hidden = norm.forward_t(&linear.forward(&hidden)?, true)?.relu()?;
            if share > 0.0 {
                hidden = drop.forward(&hidden, true)?;
            }
        }
        let loss = loss::cross_entropy(&last.forward(&hidden)?, &y.index_select(&pick, 0)?)?;
        if step == 49 + steps {
            eprintln!("last loss {}", loss.to_scalar::<f32>()?);
        }
        let gradients = loss.backward()?;
        match optimizer.as_str() {
            "adagrad" => adagrad.step(&gradients)?,
            "adam" => adam.step(&gradients)?,
            other => panic!("adagrad or adam, not {other}"),
        }
    }
    println!("{}", (steps * BATCH) as f64 / started.elapsed().as_secs_f64());
    Ok(())
}
