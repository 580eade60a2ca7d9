//! The layers of convolutional networks that are no products: how near they come to the speed of memory.

use criterion::Criterion;
use runner::kernel::{Buffer, Rows};
use runner::nn::Shape;
use runner::nn::layers::{
    ActivationLayer, AveragePool, Backward, BatchNorm, BatchNormConfig, Dropout, Gelu,
    GlobalAveragePool, Layer, LayerNorm, MaxPool, Mode, Pass, PoolGeometry, Relu, SpatialDropout,
};
use runner::rng::{Purpose, StreamKey};

use crate::table::Table;

const BATCH: usize = 100;

/// What the first convolution of `simple_convnet` puts out, and a stage of the residual network.
const SHAPES: [Shape; 2] =
    [Shape { channels: 30, height: 28, width: 28 }, Shape { channels: 16, height: 32, width: 32 }];

/// Measures forward and backward of each layer on one thread, in place where it can.
pub(crate) fn measure(criterion: &mut Criterion, table: &mut Table) {
    for shape in SHAPES {
        for (name, mut layer) in layers(shape) {
            let name = format!("{name} {shape}");
            measure_layer(criterion, table, &name, &mut *layer, shape.features());
        }
    }
}

fn layers(shape: Shape) -> Vec<(&'static str, Box<dyn Layer>)> {
    let Shape { channels, height, width } = shape;
    let (features, positions) = (shape.features(), shape.positions());
    let geometry =
        |size, stride, padding| PoolGeometry { height, width, channels, size, stride, padding };
    let key = || StreamKey::new(1, Purpose::Dropout, 0);
    vec![
        ("relu", Box::new(ActivationLayer::new(Relu, features))),
        ("gelu", Box::new(ActivationLayer::new(Gelu, features))),
        ("max_pool 2", Box::new(MaxPool::new(geometry(2, 2, 0), BATCH))),
        ("max_pool 3 stride 2", Box::new(MaxPool::new(geometry(3, 2, 1), BATCH))),
        ("average_pool 2", Box::new(AveragePool::new(geometry(2, 2, 0)))),
        ("global_average_pool", Box::new(GlobalAveragePool::new(channels, positions))),
        ("batch_norm", Box::new(BatchNorm::new(&BatchNormConfig::default(), channels, positions))),
        ("layer_norm", Box::new(LayerNorm::new(shape))),
        ("dropout", Box::new(Dropout::new(features, 0.5, BATCH, key()))),
        ("spatial_dropout", Box::new(SpatialDropout::new(channels, positions, 0.5, BATCH, key()))),
    ]
}

fn measure_layer(
    criterion: &mut Criterion,
    table: &mut Table,
    name: &str,
    layer: &mut dyn Layer,
    features: usize,
) {
    let pass = Pass { mode: Mode::Train, batch: BATCH, step: 0, threads: 1 };
    let (size_in, size_out) = (BATCH * features, BATCH * layer.out_features());
    // Of both signs in no order that a branch predictor could learn.
    let mut input = Buffer::zeros(size_in);
    let mut word = 1_u32;
    for x in input.iter_mut() {
        word = word.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        *x = (word >> 8) as f32 / 16_777_216.0 - 0.5;
    }
    let (mut output, mut grad_input) = (Buffer::zeros(size_out), Buffer::zeros(size_in));
    let grad_output = Buffer::filled(size_out, 0.125);
    table.measure(criterion, ("layer", &format!("{name} forward")), (BATCH, 0.0), |bencher| {
        let rows = Rows::new(&input, BATCH, features);
        bencher.iter(|| match layer.in_place() {
            true => layer.forward_in_place(&mut output, &pass),
            false => layer.forward(rows, &mut output, &pass),
        });
    });
    table.measure(criterion, ("layer", &format!("{name} backward")), (BATCH, 0.0), |bencher| {
        let rows = Rows::new(&input, BATCH, features);
        layer.forward(rows, &mut output, &pass);
        bencher.iter(|| match layer.in_place() {
            true => layer.backward_in_place(&output, &mut grad_input, &pass),
            false => {
                let (output, grad_output) = (&output[..], &grad_output[..]);
                let grad_input = Some(&mut grad_input[..]);
                layer.backward(
                    Backward { input: rows, output, grad_output, grad_input },
                    None,
                    &pass,
                );
            }
        });
    });
}
