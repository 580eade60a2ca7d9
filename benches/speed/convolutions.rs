//! The three passes of a convolution, of the shapes of the presets.

use criterion::Criterion;
use runner::kernel::{Buffer, ConvGeometry, ConvGradients, Effort, Epilogue, convolution};

use crate::table::Table;

const BATCH: usize = 100;

/// Network, pixels of a side, channels in and out, pixels of the kernel's side, stride, padding.
type Shape = (&'static str, usize, (usize, usize), usize, usize, usize);

const SHAPES: [Shape; 18] = [
    ("deep", 32, (64, 64), 3, 1, 1),
    ("deep", 32, (3, 64), 3, 1, 1),
    ("deep", 16, (64, 128), 3, 1, 1),
    ("deep", 16, (128, 128), 3, 1, 1),
    ("deep", 8, (128, 256), 3, 1, 1),
    ("deep", 8, (256, 256), 3, 1, 1),
    ("simple", 32, (3, 30), 5, 1, 0),
    ("resnet", 32, (3, 16), 3, 1, 1),
    ("resnet", 32, (16, 16), 3, 1, 1),
    ("resnet", 32, (16, 32), 3, 2, 1),
    ("resnet", 16, (32, 32), 3, 1, 1),
    ("resnet", 16, (32, 64), 3, 2, 1),
    ("resnet", 8, (64, 64), 3, 1, 1),
    ("airbench94", 31, (24, 64), 3, 1, 1),
    ("airbench94", 15, (64, 64), 3, 1, 1),
    ("airbench94", 15, (64, 256), 3, 1, 1),
    ("airbench94", 7, (256, 256), 3, 1, 1),
    ("airbench94", 3, (256, 256), 3, 1, 1),
];

/// Measures each pass of each shape on one thread.
pub(crate) fn measure(criterion: &mut Criterion, table: &mut Table) {
    for (network, side, (in_channels, out_channels), kernel, stride, padding) in SHAPES {
        let geometry = ConvGeometry {
            height: side,
            width: side,
            in_channels,
            out_channels,
            kernel_size: [kernel; 2],
            stride,
            padding,
        };
        let mut conv = convolution(geometry);
        let weight = Buffer::filled(conv.panels().len(), 0.25);
        let bias = Buffer::filled(out_channels, 0.5);
        let input = Buffer::filled(BATCH * geometry.in_features(), 0.5);
        let grad = Buffer::filled(BATCH * geometry.out_features(), 0.125);
        let (mut output, mut grad_input) = (grad.clone(), input.clone());
        let (mut weight_grad, mut bias_grad) = (weight.clone(), bias.clone());
        let effort = Effort::single();
        let cost = (0, 2.0 * (BATCH * geometry.multiply_adds_made()) as f64);
        let sizes = format!("{in_channels}-{out_channels} {kernel}x{kernel} {side}x{side}");
        let name = |pass: &str| ("convolution", format!("{network} {sizes} {pass}"));
        let (group, title) = name("forward");
        table.measure(criterion, (group, &title), cost, |bencher| {
            let epilogue = Epilogue { bias: Some(&bias), relu: false };
            bencher.iter(|| conv.forward(&input, &weight, epilogue, &mut output, BATCH, effort));
        });
        let (group, title) = name("weight gradient");
        table.measure(criterion, (group, &title), cost, |bencher| {
            bencher.iter(|| {
                let grads = ConvGradients { weight: &mut weight_grad, bias: Some(&mut bias_grad) };
                conv.weight_gradient(&input, &grad, grads, BATCH, effort);
            });
        });
        if in_channels == 3 {
            continue; // nothing before it is trained
        }
        let (group, title) = name("input gradient");
        table.measure(criterion, (group, &title), cost, |bencher| {
            bencher.iter(|| conv.input_gradient(&grad, &weight, &mut grad_input, BATCH, effort));
        });
    }
}
