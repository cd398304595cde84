//! What was counted and measured of a unit at a record, read from the file's bytes where it is asked for: a large trace
//! has a hundred million of these numbers, and a page shows a few.

use super::Trace;

/// Over the probe samples of a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Count {
    /// f'(z) is exactly 0.
    Zero,
    /// |f'(z)| is under 5 % of max |f'|, those with 0 among them.
    Small,
    /// z <= 0.
    Negative,
    /// z is not finite.
    NotFinite,
}

impl Count {
    pub(super) const NAMES: [&str; 4] = ["n_zero", "n_small", "n_negative", "n_not_finite"];
}

/// A number of a unit; NaN where there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    ZMean,
    /// Population standard deviation.
    ZStd,
    ZMin,
    ZMax,
    /// Mean |f'(z)|.
    MeanAbsSlope,
    Bias,
    /// Norm of its incoming weights.
    WeightNorm,
    /// Norm of dL/dW of them.
    GradientNorm,
}

impl Column {
    pub(super) const NAMES: [&str; 8] = [
        "z_mean",
        "z_std",
        "z_min",
        "z_max",
        "mean_abs_slope",
        "bias",
        "w_norm",
        "g_norm",
    ];
}

/// Where a layer's numbers begin in the file.
#[derive(Clone, Copy, Debug)]
pub(super) struct Numbers {
    pub n_units: usize,
    /// U32 in place of U16.
    pub are_wide: bool,
    pub counts: [usize; 4],
    pub columns: [usize; 8],
    pub histogram: usize,
}

/// Bins of a layer's histogram of z at a record, even in asinh z from asinh(-1000) to asinh(1000).
pub(super) const N_BINS: usize = 160;

impl Numbers {
    pub fn count(&self, bytes: &[u8], count: Count, record: usize, unit: usize) -> u32 {
        let i = record * self.n_units + unit;
        let start = self.counts[count as usize];
        if self.are_wide {
            u32::from_le_bytes(at(bytes, start + 4 * i))
        } else {
            u16::from_le_bytes(at(bytes, start + 2 * i)).into()
        }
    }

    pub fn value(&self, bytes: &[u8], column: Column, record: usize, unit: usize) -> f32 {
        let i = record * self.n_units + unit;
        f32::from_le_bytes(at(bytes, self.columns[column as usize] + 4 * i))
    }

    pub fn bin(&self, bytes: &[u8], record: usize, bin: usize) -> u32 {
        u32::from_le_bytes(at(bytes, self.histogram + 4 * (record * N_BINS + bin)))
    }
}

/// 0 beyond the file, which was checked to hold all of it.
fn at<const N: usize>(bytes: &[u8], start: usize) -> [u8; N] {
    let found = bytes.get(start..).and_then(|rest| rest.first_chunk::<N>());
    found.copied().unwrap_or([0; N])
}

impl Trace {
    /// 0 where there is no such layer, record or unit.
    pub fn count(&self, layer: usize, count: Count, record: usize, unit: usize) -> u32 {
        match self.known(layer, record, unit) {
            Some(numbers) => numbers.count(&self.bytes, count, record, unit),
            None => 0,
        }
    }

    /// NaN where there is no such layer, record or unit.
    pub fn value(&self, layer: usize, column: Column, record: usize, unit: usize) -> f32 {
        match self.known(layer, record, unit) {
            Some(numbers) => numbers.value(&self.bytes, column, record, unit),
            None => f32::NAN,
        }
    }

    /// Share of the probe samples on which its slope is not 0.
    pub fn passing(&self, layer: usize, record: usize, unit: usize) -> f32 {
        let n_samples = self
            .layers
            .get(layer)
            .map_or(1, |layer| layer.about.n_samples);
        let n_zero = self.count(layer, Count::Zero, record, unit);
        n_samples.saturating_sub(n_zero) as f32 / n_samples as f32
    }

    /// `[N_BINS]`.
    pub(super) fn bins(&self, layer: usize, record: usize) -> Vec<u32> {
        match self.known(layer, record, 0) {
            Some(numbers) => (0..N_BINS)
                .map(|bin| numbers.bin(&self.bytes, record, bin))
                .collect(),
            None => Vec::new(),
        }
    }

    fn known(&self, layer: usize, record: usize, unit: usize) -> Option<&Numbers> {
        let numbers = &self.layers.get(layer)?.numbers;
        (record < self.n_records() && unit < numbers.n_units).then_some(numbers)
    }
}
