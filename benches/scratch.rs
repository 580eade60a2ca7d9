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
