//! Whether a lane has a dead unit, and nothing else of its health: what a population that is only asked for its ends has
//! to know on the way. A unit lives if one sample of the probe set has a slope, so that a few samples tell of most lanes
//! that all their units live; only where one has not answered yet the next ones are carried forward.

use actiscope_core::data::Dataset;
use actiscope_core::nn::spec::NetworkSpec;
use fearless_simd::{Level, Simd, dispatch};

use super::batch::{Batch, gather, n_cols};
use super::forward::{Statistics, forward};
use super::lane::Lane;
use super::linear::LANES;
use super::probe::n_samples;
use super::scratch::Scratch;

/// Samples that are carried forward at a time.
const PIECE: usize = 4 * LANES;

/// The probe set in pieces, and the memory to run a lane on one of them.
#[derive(Clone, Debug)]
pub struct DeathWatch {
    level: Level,
    pieces: Vec<Piece>,
    scratch: Scratch,
    /// Units that no sample had a slope of so far, over all hidden layers.
    silent: Vec<usize>,
}

#[derive(Clone, Debug)]
struct Piece {
    n: usize,
    /// `[n_inputs, n_cols]`.
    x: Vec<f32>,
    y: Vec<f32>,
}

impl DeathWatch {
    pub fn new(level: Level, data: &Dataset, spec: &NetworkSpec) -> Self {
        let n = n_samples(data);
        // A normalised unit is judged by what all samples do together.
        let size = if spec.batch_norm { n } else { PIECE };
        let pieces = (0..n).step_by(size.max(1)).map(|first| {
            let samples = first..(first + size).min(n);
            let (n, n_cols) = (samples.len(), n_cols(samples.len()));
            let mut piece = Piece {
                n,
                x: vec![0.0; data.n_inputs * n_cols],
                y: vec![0.0; n_cols],
            };
            let (x, y) = (&data.x_train, &data.y_train);
            gather(samples, data.n_inputs, x, y, &mut piece.x, &mut piece.y);
            piece
        });
        Self {
            level,
            pieces: pieces.collect(),
            scratch: Scratch::new(spec, spec.batch_norm, n_cols(size.min(n))),
            silent: Vec::new(),
        }
    }

    /// Whether a hidden unit has a slope of exactly 0 for every sample of the probe set, as
    /// [`Prober::judge`](super::probe::Prober::judge) finds it.
    pub fn has_dead(&mut self, lane: &Lane) -> bool {
        dispatch!(self.level, simd => self.has_dead_with(simd, lane))
    }

    #[inline(always)]
    fn has_dead_with<S: Simd>(&mut self, simd: S, lane: &Lane) -> bool {
        let n_hidden = lane.spec.network.hidden.iter().sum();
        self.silent.clear();
        self.silent.extend(0..n_hidden);
        for piece in &self.pieces {
            let n_cols = piece.y.len();
            let batch = Batch {
                x: &piece.x,
                y: &piece.y,
                n: piece.n,
                n_cols,
            };
            let (network, params) = (&lane.network, &lane.state.params);
            let scratch = &mut self.scratch;
            let statistics = Statistics::Batch;
            forward(simd, network, params, statistics, None, batch, scratch);
            self.silent.retain(|unit| {
                let slopes = &scratch.slope[unit * n_cols..][..piece.n];
                slopes.iter().all(|&slope| slope == 0.0)
            });
            if self.silent.is_empty() {
                return false;
            }
        }
        !self.silent.is_empty()
    }
}
