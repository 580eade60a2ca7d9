//! The three products of a linear layer, of the shapes of the CIFAR-10 networks.

use criterion::Criterion;
use runner::kernel::{Buffer, Effort, Panels, Rows, blocked_len, product, product_at, product_bt};

use crate::table::Table;

/// Examples, inputs and outputs of a layer.
const SHAPES: [(usize, usize, usize); 6] = [
    (100, 3072, 100),
    (100, 100, 100),
    (100, 100, 50),
    (100, 50, 10),
    (256, 3072, 100),
    (100, 3072, 1000),
];

/// Measures each product of each shape on one thread.
pub(crate) fn measure(criterion: &mut Criterion, table: &mut Table) {
    for (batch, inputs, outputs) in SHAPES {
        let input = Buffer::filled(blocked_len(batch, inputs), 0.5);
        let input = Rows::blocked(&input, batch, inputs);
        let (of_weight, of_grad) = (Panels::new(inputs, outputs), Panels::new(batch, outputs));
        let weight = Buffer::filled(of_weight.len(), 0.25);
        let grad_panels = Buffer::filled(of_grad.len(), 0.125);
        let grad = Buffer::filled(batch * outputs, 0.125);
        let (mut output, mut grad_input) =
            (Buffer::zeros(batch * outputs), Buffer::zeros(batch * inputs));
        let mut weight_grad = Buffer::zeros(of_weight.len());
        let effort = Effort::single();
        let cost = (0, (2 * batch * inputs * outputs) as f64);
        let name = |which: &str| format!("{which} {batch}x{inputs}x{outputs}");
        table.measure(criterion, ("product", &name("output")), cost, |bencher| {
            bencher.iter(|| product(input, of_weight.of(&weight), &mut output, effort));
        });
        table.measure(criterion, ("product", &name("weight gradient")), cost, |bencher| {
            bencher.iter(|| product_at(input, of_grad.of(&grad_panels), &mut weight_grad, effort));
        });
        table.measure(criterion, ("product", &name("input gradient")), cost, |bencher| {
            let grad = Rows::new(&grad, batch, outputs);
            bencher.iter(|| product_bt(grad, of_weight.of(&weight), &mut grad_input, effort));
        });
    }
}
