//! Convolution as products through tables of offsets, without a copy of the image per tap.

mod gather;
mod gather_tile;
mod outer;
mod pack;
mod table;

use super::{Conv, ConvGeometry, ConvGradients, Epilogue, transpose};
use crate::kernel::buffer::Buffer;
use crate::kernel::panels::Panels;
use crate::kernel::path::Effort;
use crate::kernel::split::split_rows;
use gather::Gather;
use outer::{Outer, RowTile};
use table::SumTable;

/// A convolution of any geometry: its tables, and buffers for rearranged data.
#[derive(Debug)]
pub(super) struct Direct {
    geometry: ConvGeometry,
    forward: SumTable,
    row_tiles: Vec<RowTile>,
    backward: Vec<SumTable>, // one for each phase of the stride; empty until the first input gradient
    pads: bool,              // the forward table reads padded images
    padded: Buffer, // [batch, height + 2 * padding, width + 2 * padding, in_channels], if so
    transposed: Buffer, // the weight of one phase for the input gradient
    zeros: Buffer,  // a run of padding
}

impl Direct {
    /// The convolution of `geometry`, whose images have at least one pixel.
    pub(super) fn new(geometry: ConvGeometry) -> Direct {
        let ConvGeometry { out_channels, padding, .. } = geometry;
        let whole_rows = geometry.reads_whole_rows();
        let forward = SumTable::forward(&geometry, whole_rows);
        let zeros = Buffer::zeros(forward.run_len.max(out_channels));
        Direct {
            geometry,
            row_tiles: outer::row_tiles(&forward),
            forward,
            backward: Vec::new(),
            pads: whole_rows && padding > 0,
            padded: Buffer::default(),
            transposed: Buffer::default(),
            zeros,
        }
    }

    /// The images that the forward table reads: the padded copies, or `input` itself.
    fn source<'a>(&'a self, input: &'a [f32], batch: usize) -> &'a [f32] {
        if self.pads { &self.padded[..batch * self.forward.source_len] } else { input }
    }

    /// Copies the images of `input` into padded ones, if the forward table reads padded ones.
    fn pad(&mut self, input: &[f32], batch: usize, effort: Effort) {
        if !self.pads {
            return;
        }
        let ConvGeometry { width, in_channels, padding, .. } = self.geometry;
        let (row, image) = (width * in_channels, self.geometry.in_features());
        assert_eq!(Some(input.len()), batch.checked_mul(image), "size of the source images");
        let (border, padded_row) = (padding * in_channels, (width + 2 * padding) * in_channels);
        let padded_image = self.forward.source_len;
        let len = batch * padded_image;
        if self.padded.len() < len {
            self.padded = Buffer::zeros(len); // the borders stay zero
        }
        split_rows(effort, batch, &mut self.padded[..len], padded_image, &|images, padded| {
            let sources = input[images.start * image..images.end * image].chunks_exact(image);
            for (source, target) in sources.zip(padded.chunks_exact_mut(padded_image)) {
                let rows = target[padding * padded_row..].chunks_exact_mut(padded_row);
                for (from, to) in source.chunks_exact(row).zip(rows) {
                    to[border..border + row].copy_from_slice(from);
                }
            }
        });
    }
}

impl Conv for Direct {
    fn geometry(&self) -> &ConvGeometry {
        &self.geometry
    }

    fn forward(
        &mut self,
        input: &[f32],
        weight: &[f32],
        epilogue: Epilogue<'_>,
        output: &mut [f32],
        batch: usize,
        effort: Effort,
    ) {
        self.pad(input, batch, effort);
        let gather = Gather {
            table: &self.forward,
            source: self.source(input, batch),
            zeros: &self.zeros,
            weight: self.geometry.panels().of(weight),
            epilogue,
            images: batch,
        };
        gather.run(output, self.geometry.out_pixels(), effort);
    }

    fn weight_gradient(
        &mut self,
        input: &[f32],
        grad_output: &[f32],
        grads: ConvGradients<'_>,
        batch: usize,
        effort: Effort,
    ) {
        self.pad(input, batch, effort);
        let outer = Outer {
            table: &self.forward,
            tiles: &self.row_tiles,
            source: self.source(input, batch),
            zeros: &self.zeros,
            grad_output,
            channels: self.geometry.out_channels,
            images: batch,
        };
        outer.run(grads.weight, grads.bias, effort);
    }

    fn input_gradient(
        &mut self,
        grad_output: &[f32],
        weight: &[f32],
        grad_input: &mut [f32],
        batch: usize,
        effort: Effort,
    ) {
        if self.backward.is_empty() {
            self.backward = SumTable::backward(&self.geometry);
        }
        let ConvGeometry { height, width, in_channels, out_channels, .. } = self.geometry;
        let weight = self.geometry.panels().of(weight);
        if self.backward.iter().any(|table| table.taps.is_empty()) {
            grad_input.fill(0.0); // for the pixels that the kernel steps over
        }
        for table in self.backward.iter().filter(|table| !table.taps.is_empty()) {
            let across = Panels::new(table.taps.len() * out_channels, in_channels);
            if self.transposed.len() < across.len() {
                self.transposed = Buffer::zeros(across.len());
            }
            let transposed = &mut self.transposed;
            transpose::transpose_taps(weight, &table.taps, in_channels, transposed, effort);
            let gather = Gather {
                table,
                source: grad_output,
                zeros: &self.zeros,
                weight: across.of(&self.transposed),
                epilogue: Epilogue::default(),
                images: batch,
            };
            gather.run(grad_input, height * width, effort);
        }
    }
}
