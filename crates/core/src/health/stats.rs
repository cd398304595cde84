//! What is measured of units and layers over the probe set.

use super::{Health, SlopeCounts};

/// One unit over the probe set.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct UnitStats {
    pub health: Health,
    pub z_mean: f64,
    /// Population standard deviation (divided by n, not n - 1).
    pub z_std: f64,
    pub z_min: f64,
    pub z_max: f64,
    /// Share of samples with z <= 0.
    pub negative_fraction: f64,
    /// Mean |f'(z)|.
    pub mean_abs_slope: f64,
    pub slopes: SlopeCounts,
}

/// One hidden layer over the probe set.
#[derive(Clone, Debug, PartialEq)]
pub struct LayerStats {
    pub units: Vec<UnitStats>,
    /// Over units and samples.
    pub z_mean: f64,
    /// Over units and samples, population.
    pub z_std: f64,
    /// Share of (unit, sample) pairs with f'(z) exactly 0.
    pub zero_slope_share: f64,
    /// Root mean square, over units and samples, of dL/dz, L the mean loss over the probe set.
    pub z_gradient_rms: f64,
    /// Root mean square of dL/dW over the layer's weights.
    pub weight_gradient_rms: f64,
}

impl UnitStats {
    /// `z` and `slopes` (f'(z)): `[n_samples]`.
    pub fn new(z: &[f64], slopes: &[f64], max_abs_slope: f64) -> Self {
        let n = z.len() as f64;
        let (z_mean, z_std) = mean_and_std(z);
        let counts = SlopeCounts::new(slopes.iter().copied(), max_abs_slope);
        Self {
            health: counts.health(),
            z_mean,
            z_std,
            z_min: z.iter().copied().fold(f64::INFINITY, f64::min),
            z_max: z.iter().copied().fold(f64::NEG_INFINITY, f64::max),
            negative_fraction: z.iter().filter(|&&z| z <= 0.0).count() as f64 / n,
            mean_abs_slope: slopes.iter().map(|s| s.abs()).sum::<f64>() / n,
            slopes: counts,
        }
    }
}

impl LayerStats {
    /// `z`, `slopes` and `d_z` (dL/dz): `[n_samples, n_units]`, row-major; `d_weights`: dL/dW.
    pub fn new(
        n_units: usize,
        z: &[f64],
        slopes: &[f64],
        d_z: &[f64],
        d_weights: &[f64],
        max_abs_slope: f64,
    ) -> Self {
        let of_unit = |values: &[f64], unit: usize| -> Vec<f64> {
            values.iter().skip(unit).step_by(n_units).copied().collect()
        };
        let units: Vec<UnitStats> = (0..n_units)
            .map(|unit| UnitStats::new(&of_unit(z, unit), &of_unit(slopes, unit), max_abs_slope))
            .collect();
        let (z_mean, z_std) = mean_and_std(z);
        let n_zero_slopes: u32 = units.iter().map(|unit| unit.slopes.n_zero).sum();
        Self {
            units,
            z_mean,
            z_std,
            zero_slope_share: f64::from(n_zero_slopes) / slopes.len() as f64,
            z_gradient_rms: rms(d_z),
            weight_gradient_rms: rms(d_weights),
        }
    }

    pub fn verdicts(&self) -> Vec<Health> {
        self.units.iter().map(|unit| unit.health).collect()
    }
}

/// Root mean square.
pub fn rms(values: &[f64]) -> f64 {
    libm::sqrt(values.iter().map(|v| v * v).sum::<f64>() / values.len() as f64)
}

/// Mean and population standard deviation.
fn mean_and_std(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let variance = values.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / n;
    (mean, libm::sqrt(variance))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two ReLU units over four samples: the first dead, the second half on.
    #[test]
    fn a_layer_by_hand() {
        let z = [-1.0, 1.0, -3.0, -1.0, -1.0, 3.0, -3.0, 1.0];
        let slopes = [0.0, 1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 1.0];
        let d_z = [0.0, 2.0, 0.0, 0.0, 0.0, -2.0, 0.0, 0.0];
        let layer = LayerStats::new(2, &z, &slopes, &d_z, &[3.0, -4.0], 1.0);
        assert_eq!(layer.verdicts(), [Health::Dead, Health::Alive]);
        let [first, second] = &layer.units[..] else {
            panic!("two units");
        };
        assert_eq!((first.z_mean, first.z_std), (-2.0, 1.0));
        assert_eq!((first.z_min, first.z_max), (-3.0, -1.0));
        assert_eq!((first.negative_fraction, first.mean_abs_slope), (1.0, 0.0));
        assert_eq!((second.z_mean, second.z_std), (1.0, libm::sqrt(2.0)));
        assert_eq!(
            (second.negative_fraction, second.mean_abs_slope),
            (0.25, 0.75)
        );
        let at_zero = UnitStats::new(&[0.0, 1e-9], &[0.0, 1.0], 1.0);
        assert_eq!(at_zero.negative_fraction, 0.5);
        assert_eq!(layer.z_mean, -0.5);
        assert_eq!(layer.z_std, libm::sqrt(3.75));
        assert_eq!(layer.zero_slope_share, 0.625);
        assert_eq!(layer.z_gradient_rms, 1.0);
        assert_eq!(layer.weight_gradient_rms, libm::sqrt(12.5));
    }
}
