//! Where a sequence of layers keeps what they write: outputs and gradients share one piece of
//! memory, and what is no longer read makes room for what is written next.
//!
//! Times of a sequence of n layers: layer i runs forward at time i, the loss is computed at time n,
//! and layer i runs backward at time 2n - i.

/// What a layer reads and writes.
#[derive(Debug, Clone, Copy)]
pub(super) struct LayerUse {
    /// Output features per example.
    pub(super) features: usize,
    /// Whether it can write over its input.
    pub(super) works_in_place: bool,
    /// Whether its backward pass reads its input.
    pub(super) reads_input: bool,
    /// Whether its backward pass reads its output, as do the figures of its units after it.
    pub(super) reads_output: bool,
}

impl LayerUse {
    /// A layer that copies its input.
    pub(super) fn of_copy(features: usize) -> LayerUse {
        LayerUse { features, works_in_place: false, reads_input: false, reads_output: false }
    }
}

/// Where the examples' rows of one output lie. Numbers are those per example.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Region {
    /// Its first number.
    pub(super) start: usize,
    /// Its numbers.
    pub(super) features: usize,
}

/// The output of one layer, and of the layers that change it in place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    /// The output.
    pub(super) output: Region,
    /// The gradient with respect to it.
    pub(super) grad: Region,
}

/// The places of the outputs of a sequence of layers.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Workspace {
    /// The output of each layer, as a number of a place.
    pub(super) of_layers: Vec<usize>,
    /// All places.
    pub(super) places: Vec<Place>,
    /// Numbers of all together.
    pub(super) len: usize,
}

/// Regions begin at multiples of this, a cache line, whatever the batch.
const ALIGNMENT: usize = 16;

/// When a region is in use; both ends count.
#[derive(Debug, Clone, Copy)]
struct Life {
    from: usize,
    to: usize,
}

impl Life {
    fn meets(self, other: Life) -> bool {
        self.from <= other.to && other.from <= self.to
    }
}

/// The workspace of `layers`. A layer that can work in place does, unless the layer before it needs
/// its output.
pub(super) fn workspace(layers: &[LayerUse]) -> Workspace {
    let mut of_layers = Vec::with_capacity(layers.len());
    let mut first_layers = Vec::new(); // of each place
    for (i, layer) in layers.iter().enumerate() {
        let is_free = i > 0 && !layers[i - 1].reads_output;
        if !(is_free && layer.works_in_place) {
            first_layers.push(i);
        }
        of_layers.push(first_layers.len() - 1);
    }
    let mut lives = Vec::with_capacity(2 * first_layers.len());
    let mut features = Vec::with_capacity(lives.capacity());
    for (place, first) in first_layers.iter().enumerate() {
        let end = first_layers.get(place + 1).copied().unwrap_or(layers.len());
        for life in lives_of(layers, *first, end) {
            lives.push(life);
            features.push(layers[*first].features);
        }
    }
    let (starts, len) = pack(&lives, &features);
    let region = |i: usize| Region { start: starts[i], features: features[i] };
    let place = |i: usize| Place { output: region(2 * i), grad: region(2 * i + 1) };
    Workspace { of_layers, places: (0..first_layers.len()).map(place).collect(), len }
}

/// When the output of the layers `first..end`, which share a place, and its gradient are in use.
fn lives_of(layers: &[LayerUse], first: usize, end: usize) -> [Life; 2] {
    let n = layers.len();
    let backward = |layer: usize| 2 * n - layer;
    let reader = layers.get(end);
    let mut to = end; // the next layer, or the loss
    if reader.is_some_and(|layer| layer.reads_input) {
        to = backward(end);
    }
    if layers[first..end].iter().any(|layer| layer.reads_output) {
        to = backward(0);
    }
    [Life { from: first, to }, Life { from: backward(end), to: backward(first) }]
}

/// A start for each region, such that those in use at the same time do not overlap, and the end of
/// all: the largest first, each as low as it fits.
fn pack(lives: &[Life], features: &[usize]) -> (Vec<usize>, usize) {
    let mut order: Vec<usize> = (0..lives.len()).collect();
    order.sort_by_key(|i| std::cmp::Reverse(features[*i])); // stable: the same everywhere
    let mut starts = vec![0; lives.len()];
    let mut placed: Vec<usize> = Vec::new(); // by start
    let mut len = 0;
    for i in order {
        let mut start = 0_usize;
        for other in placed.iter().filter(|other| lives[**other].meets(lives[i])) {
            if starts[*other] >= start.saturating_add(features[i]) {
                break;
            }
            start = start.max(end_of(starts[*other], features[*other]));
        }
        starts[i] = start;
        len = len.max(end_of(start, features[i]));
        placed.insert(placed.partition_point(|other| starts[*other] <= start), i);
    }
    (starts, len)
}

fn end_of(start: usize, features: usize) -> usize {
    start.saturating_add(features.div_ceil(ALIGNMENT).saturating_mul(ALIGNMENT))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::{Purpose, stream};

    fn layer(features: usize, flags: [bool; 3]) -> LayerUse {
        let [works_in_place, reads_input, reads_output] = flags;
        LayerUse { features, works_in_place, reads_input, reads_output }
    }

    fn overlap(a: Region, b: Region) -> bool {
        a.start < b.start + b.features && b.start < a.start + a.features
    }

    /// Forward and backward of sequences drawn at random, with each number marked by who wrote it.
    #[test]
    fn nothing_is_overwritten_that_is_still_read() {
        let mut stream = stream(1, Purpose::WeightInit, 9, 0);
        for _ in 0..2000 {
            let n = 1 + stream.below(9) as usize;
            let mut flags = || [0; 3].map(|_| stream.below(2) == 0);
            let mut layers: Vec<LayerUse> = (0..n).map(|_| layer(1, flags())).collect();
            for i in 0..n {
                let works_in_place = i > 0 && layers[i].works_in_place;
                let own = 1 + stream.below(70) as usize;
                layers[i].features = if works_in_place { layers[i - 1].features } else { own };
            }
            let workspace = workspace(&layers);
            let place = |layer: usize| workspace.places[workspace.of_layers[layer]];
            let mut memory: Vec<Option<(usize, bool)>> = vec![None; workspace.len];
            let range = |region: Region| region.start..region.start + region.features;
            let holds = |memory: &[Option<(usize, bool)>], region, writer| {
                memory[range(region)].iter().all(|number| *number == Some(writer))
            };
            for i in 0..n {
                if i > 0 {
                    assert!(holds(
                        &memory,
                        place(i - 1).output,
                        (workspace.of_layers[i - 1], false)
                    ));
                }
                memory[range(place(i).output)].fill(Some((workspace.of_layers[i], false)));
            }
            let last = workspace.of_layers[n - 1];
            assert!(holds(&memory, place(n - 1).output, (last, false)), "the loss reads it");
            assert!(!overlap(place(n - 1).output, place(n - 1).grad));
            memory[range(place(n - 1).grad)].fill(Some((last, true)));
            for i in (0..n).rev() {
                let own = workspace.of_layers[i];
                assert!(holds(&memory, place(i).grad, (own, true)), "{i} {layers:?}");
                if layers[i].reads_output {
                    assert!(holds(&memory, place(i).output, (own, false)), "{i} {layers:?}");
                }
                if i > 0 && workspace.of_layers[i - 1] != own {
                    let (before, from) = (workspace.of_layers[i - 1], place(i - 1));
                    if layers[i].reads_input {
                        assert!(holds(&memory, from.output, (before, false)), "{i} {layers:?}");
                        assert!(!overlap(from.output, from.grad));
                    }
                    assert!(!overlap(place(i).grad, from.grad), "{i} {layers:?}");
                    memory[range(from.grad)].fill(Some((before, true)));
                }
            }
            for i in (0..n).filter(|i| layers[*i].reads_output) {
                assert!(holds(&memory, place(i).output, (workspace.of_layers[i], false)));
            }
        }
    }

    /// Convolution, pool, norm and activation, twice: the outputs of the convolutions, which no
    /// backward pass reads, and their gradients need no room of their own.
    #[test]
    fn what_only_a_pool_reads_takes_the_room_of_later_outputs() {
        let conv = |features| layer(features, [false, true, false]);
        let pool = |features| layer(features, [false, false, false]);
        let norm = |features| layer(features, [false, true, false]);
        let stage = |wide: usize| [conv(wide), pool(wide / 4), norm(wide / 4), norm(wide / 4)];
        let layers = [stage(6400), stage(3200)].concat();
        let all: usize = layers.iter().map(|layer| layer.features).sum();
        assert_eq!((all, workspace(&layers).len), (16_800, 9600));
    }
}
