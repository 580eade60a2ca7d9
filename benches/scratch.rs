use runner::kernel::*;
use std::time::Instant;
fn time(name: &str, flops: f64, mut f: impl FnMut()) {
    let mut best = f64::MAX;
    let mut all = vec![];
    for _ in 0..30 {
        let t = Instant::now();
        let mut n = 0;
        while t.elapsed().as_secs_f64() < 0.01 {
            f();
            n += 1;
        }
        let e = t.elapsed().as_secs_f64() / n as f64;
        best = best.min(e);
        all.push(e);
    }
    all.sort_by(f64::total_cmp);
    println!(
        "{name:30} median {:.3} ms  best {:.3}  {:.1} GFLOP/s median, {:.1} best",
        all[15] * 1e3,
        best * 1e3,
        flops / all[15] / 1e9,
        flops / best / 1e9
    );
}
fn main() {
    if std::env::args().any(|a| a == "threads") {
        threads();
        return;
    }
    if std::env::args().any(|a| a == "step") {
        step();
        return;
    }
    upd();
    upd();
    if std::env::args().any(|a| a == "upd") {
        return;
    }
    let e = Effort::single();
    for (m, k, n) in [
        (96, 256, 16),
        (96, 256, 96),
        (100, 256, 100),
        (256, 256, 100),
        (100, 3072, 100),
        (256, 3072, 100),
        (100, 100, 100),
        (100, 100, 50),
        (100, 50, 10),
        (100, 3072, 1000),
    ] {
        let mut a = Buffer::zeros(blocked_len(m, k));
        for (i, x) in a.iter_mut().enumerate() {
            *x = (i % 17) as f32;
        }
        let layout = Panels::new(k, n);
        let b = Buffer::filled(layout.len(), 1.0);
        let mut c = Buffer::zeros(m * n);
        let fl = (2 * m * k * n) as f64;
        time(&format!("product {m} {k} {n}"), fl, || {
            product(Rows::blocked(&a, m, k), (&b, layout), &mut c, e)
        });
        if k <= 1000 || true {
            // weight grad: a [m,k]^T * g [m,n]
            let gl = Panels::new(m, n);
            let g = Buffer::filled(gl.len(), 1e-3);
            let mut w = Buffer::zeros(layout.len());
            let mut h = Buffer::zeros(layout.len());
            time(&format!("product_at store {m} {k} {n}"), fl, || {
                product_at(Rows::blocked(&a, m, k), (&g, gl), &mut w, e)
            });
            for ada in [
                runner::optim::OptimizerConfig::Adagrad(runner::optim::AdagradConfig::default())
                    .build(),
                runner::optim::OptimizerConfig::Adam(runner::optim::AdamConfig::default()).build(),
            ] {
                let mut h2 = Buffer::zeros(layout.len());
                time(&format!("product_at update {m} {k} {n}"), fl, || {
                    ada.update_by_product(
                        Rows::blocked(&a, m, k),
                        (&g, gl),
                        Slices { value: &mut w, state: [&mut h, &mut h2] },
                        true,
                        e,
                    )
                });
            }
            let mut dx = Buffer::zeros(m * k);
            let go = Buffer::filled(m * n, 1e-3);
            time(&format!("product_bt {m} {k} {n}"), fl, || {
                product_bt(Rows::new(&go, m, n), (&b, layout), &mut dx, e)
            });
        }
    }
}
#[allow(dead_code)]
pub fn upd() {
    for n in [96usize, 384, 1600, 307200] {
        let mut w = Buffer::filled(n, 1.0);
        let mut h = Buffer::filled(n, 1.0);
        let mut h2 = Buffer::filled(n, 1.0);
        let g = Buffer::filled(n, 0.001);
        for (name, u) in [
            (
                "sgd",
                runner::optim::OptimizerConfig::Sgd(runner::optim::SgdConfig::default()).build(),
            ),
            (
                "ada",
                runner::optim::OptimizerConfig::Adagrad(runner::optim::AdagradConfig::default())
                    .build(),
            ),
            (
                "adam",
                runner::optim::OptimizerConfig::Adam(runner::optim::AdamConfig::default()).build(),
            ),
        ] {
            let reps = 307200 / n;
            time(&format!("update {name} {n} x {reps}"), 0.0, || {
                for _ in 0..reps {
                    u.update(Slices { value: &mut w, state: [&mut h, &mut h2] }, &g, true)
                }
            });
        }
    }
}
#[allow(dead_code)]
pub fn step() {
    use runner::nn::*;
    use runner::optim::*;
    let pixels: Vec<u8> = (0..10000 * 3072usize).map(|i| (i * i % 251) as u8).collect();
    let ds = runner::data::Dataset::new(
        [3, 32, 32],
        (0..10).map(|i| format!("{i}")).collect(),
        runner::data::Examples { pixels, labels: (0..10000).map(|i| (i % 10) as u16).collect() },
        runner::data::Examples { pixels: vec![0; 3072 * 10], labels: vec![0; 10] },
    );
    let splits = runner::data::Splits::new(
        std::sync::Arc::new(ds),
        &runner::data::DatasetConfig {
            source: runner::data::DatasetSource::Cifar10 {},
            train_examples: None,
            test_examples: None,
            validation_examples: 0,
            split_seed: 0,
            scaling: runner::data::Scaling::Unit,
        },
    )
    .unwrap();
    for (bn, dropout) in [(false, 0.0), (true, 0.0), (true, 0.5)] {
        let mut net = Network::build(
            &NetworkConfig::Mlp(MlpConfig {
                hidden_sizes: vec![100, 100, 50],
                batch_norm: bn,
                dropout,
                ..MlpConfig::default()
            }),
            3072,
            10,
            1,
            256,
        );
        let mut opt = OptimizerConfig::Adagrad(AdagradConfig::default()).build();
        net.visit_params(&mut |_, p| p.keep_state(1));
        let mut targets = vec![0u16; 256];
        let pass = Pass { mode: Mode::Train, batch: 100, step: 3, threads: 1 };
        let fl = 132e6;
        let mut k = 0usize;
        let mut times = vec![vec![]; 5];
        for _ in 0..400 {
            let t0 = Instant::now();
            k = (k * 7 + 13) % 9973;
            splits.gather(
                &splits.train,
                (0..100).map(|i| (i * 7919 + k * 31) % 10000),
                &mut net.input_mut(100),
                &mut targets[..100],
            );
            let t1 = Instant::now();
            net.forward(&pass);
            let t2 = Instant::now();
            net.loss(&pass, |l, g| cross_entropy_backward(l, &targets[..100], 10, g));
            let t3 = Instant::now();
            opt.begin_step(Step { number: 3, learning_rate: 0.01 });
            net.backward(&pass, Some(&*opt));
            let t4 = Instant::now();
            for (v, d) in times.iter_mut().zip([t1 - t0, t2 - t1, t3 - t2, t4 - t3, t4 - t0]) {
                v.push(d.as_secs_f64());
            }
        }
        for v in &mut times {
            v.sort_by(f64::total_cmp);
        }
        let m: Vec<String> = times.iter().map(|v| format!("{:.3}", v[v.len() / 2] * 1e3)).collect();
        println!(
            "bn {bn} dropout {dropout}: gather, forward, loss, backward, total ms {m:?}  {:.1} GFLOP/s",
            fl / times[4][200] / 1e9
        );
        let pass = Pass { mode: Mode::Evaluate, batch: 256, step: 3, threads: 1 };
        let mut v = vec![];
        let mut v2 = vec![];
        for _ in 0..100 {
            let t0 = Instant::now();
            k = (k * 7 + 13) % 9973;
            splits.gather(
                &splits.train,
                (0..256).map(|i| (i + k) % 10000),
                &mut net.input_mut(256),
                &mut targets[..256],
            );
            let t1 = Instant::now();
            net.forward(&pass);
            v.push((t1 - t0).as_secs_f64());
            v2.push((t1.elapsed()).as_secs_f64());
        }
        v.sort_by(f64::total_cmp);
        v2.sort_by(f64::total_cmp);
        println!(
            "   evaluate 256: gather {:.3} forward {:.3} ms {:.1} GFLOP/s",
            v[50] * 1e3,
            v2[50] * 1e3,
            256.0 * 651400.0 / (v[50] + v2[50]) / 1e9
        );
    }
}
#[allow(dead_code)]
pub fn threads() {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(2).build().unwrap();
    pool.install(|| {
        for (m, k, n) in [
            (100, 3072, 1000),
            (100, 1000, 1000),
            (100, 1000, 500),
            (100, 3072, 100),
            (256, 3072, 100),
        ] {
            let mut a = Buffer::zeros(blocked_len(m, k));
            for (i, x) in a.iter_mut().enumerate() {
                *x = (i % 17) as f32;
            }
            let layout = Panels::new(k, n);
            let b = Buffer::filled(layout.len(), 1.0);
            let mut c = Buffer::zeros(m * n);
            let fl = (2 * m * k * n) as f64;
            for t in [1, 2, 1, 2] {
                let e = Effort { threads: t, path: Path::best() };
                time(&format!("{t} product {m} {k} {n}"), fl, || {
                    product(Rows::blocked(&a, m, k), (&b, layout), &mut c, e)
                });
                let gl = Panels::new(m, n);
                let g = Buffer::filled(gl.len(), 1e-3);
                let mut w = Buffer::zeros(layout.len());
                let mut h = Buffer::zeros(layout.len());
                let ada = runner::optim::OptimizerConfig::Adagrad(
                    runner::optim::AdagradConfig::default(),
                )
                .build();
                time(&format!("{t} product_at update {m} {k} {n}"), fl, || {
                    ada.update_by_product(
                        Rows::blocked(&a, m, k),
                        (&g, gl),
                        Slices { value: &mut w, state: [&mut h, &mut []] },
                        true,
                        e,
                    )
                });
                let mut dx = Buffer::zeros(m * k);
                let go = Buffer::filled(m * n, 1e-3);
                time(&format!("{t} product_bt {m} {k} {n}"), fl, || {
                    product_bt(Rows::new(&go, m, n), (&b, layout), &mut dx, e)
                });
            }
        }
    });
}
