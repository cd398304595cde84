//! Traces that tests make: files as a recorder writes them, with units that die when they are told to.

use actiscope_core::interop::safetensors::{Dtype, Tensor, write};
use actiscope_core::interop::trace::Trace;

const N_BINS: usize = 160;
const N_SAMPLES: u32 = 64;

/// What is to be made.
#[derive(Clone, Debug)]
pub struct Made {
    /// Units of the hidden layers; an output of 10 comes after them.
    pub hidden: Vec<usize>,
    pub steps: Vec<i64>,
    pub learning_rate: f32,
    /// The record from which on so many of each layer's units are dead.
    pub dies_at: usize,
    pub share_dead: f64,
    /// The record from which on numbers are not finite.
    pub ruined_at: Option<usize>,
    pub has_gradients: bool,
    /// Sizes of the first layer's weights beyond two: it is a convolution.
    pub kernel: Vec<usize>,
}

impl Default for Made {
    fn default() -> Self {
        Self {
            hidden: vec![48, 32],
            steps: vec![0, 1, 2, 4, 8, 16, 32, 64, 128, 200],
            learning_rate: 0.3,
            dies_at: 5,
            share_dead: 0.5,
            ruined_at: None,
            has_gradients: true,
            kernel: Vec::new(),
        }
    }
}

impl Made {
    pub fn trace(&self) -> Trace {
        Trace::read(self.bytes()).expect("it is a trace")
    }

    pub fn bytes(&self) -> Vec<u8> {
        let n_records = self.steps.len();
        let t = [n_records];
        let series = |name: String, of: &dyn Fn(usize) -> f32| {
            let values: Vec<f32> = (0..n_records).map(of).collect();
            Tensor::f32(name, &t, &values)
        };
        let is_ruined = |record: usize| self.ruined_at.is_some_and(|at| record >= at);
        let loss = |record: usize| match is_ruined(record) {
            true => f32::NAN,
            // It peaks where units die.
            false if record == self.dies_at => 6.0,
            false => 2.3 / (1.0 + 0.1 * record as f32),
        };
        let mut tensors = vec![
            Tensor::i64("step", &t, &self.steps),
            series("loss".into(), &loss),
            series("train_loss".into(), &loss),
            series("learning_rate".into(), &|_| self.learning_rate),
            series("metric.accuracy".into(), &|record| {
                0.1 + 0.01 * record as f32
            }),
        ];
        let mut layers = Vec::new();
        let mut from = 64;
        let sizes = self.hidden.iter().copied().chain([10]);
        for (l, n_units) in sizes.enumerate() {
            let is_output = l == self.hidden.len();
            let name = |of: &str| format!("layer.{}.{of}", l + 1);
            let n_dead = (self.share_dead * n_units as f64) as usize;
            let is_dead = |record: usize, unit: usize| {
                !is_output && record >= self.dies_at && unit.is_multiple_of(2) && unit / 2 < n_dead
            };
            let counts = |of: &str, count: &dyn Fn(usize, usize) -> u32| {
                let all = each(n_records, n_units, count);
                let bytes: Vec<u8> = all.iter().flat_map(|&n| (n as u16).to_le_bytes()).collect();
                Tensor::new(name(of), Dtype::U16, &[n_records, n_units], bytes)
            };
            let zeros = |record, unit| match is_dead(record, unit) {
                true => N_SAMPLES,
                false => (unit as u32 * 7) % N_SAMPLES,
            };
            tensors.push(counts("n_zero", &zeros));
            tensors.push(counts("n_small", &|record, unit| match unit % 11 {
                3 => N_SAMPLES,
                _ => zeros(record, unit),
            }));
            tensors.push(counts("n_negative", &zeros));
            tensors.push(counts("n_not_finite", &|record, _| {
                u32::from(is_ruined(record) && l > 0)
            }));
            for of in [
                "z_mean",
                "z_std",
                "z_min",
                "z_max",
                "mean_abs_slope",
                "bias",
                "w_norm",
                "g_norm",
            ] {
                let values = each(n_records, n_units, &|record, unit| {
                    0.1 + 0.01 * (record + unit) as f32
                });
                tensors.push(Tensor::f32(name(of), &[n_records, n_units], &values));
            }
            let bins = each(n_records, N_BINS, &|_, bin| match bin {
                60..100 => 40 - 80_u32.abs_diff(bin as u32) * 2,
                _ => 0,
            });
            let bytes: Vec<u8> = bins.iter().flat_map(|n| n.to_le_bytes()).collect();
            tensors.push(Tensor::new(
                name("z_histogram"),
                Dtype::U32,
                &[n_records, N_BINS],
                bytes,
            ));
            let gradient = |record: usize| match self.has_gradients {
                true => 0.03 / (1.0 + (l + record) as f32),
                false => f32::NAN,
            };
            tensors.push(series(name("z_gradient_rms"), &gradient));
            tensors.push(series(name("weight_gradient_rms"), &gradient));
            tensors.push(series(name("weight_rms"), &|_| 0.1));
            // One update moves the weights far where units die.
            tensors.push(series(
                name("update_rms"),
                &|record| match self.has_gradients {
                    true if record + 1 == self.dies_at || record == self.dies_at => 0.02,
                    true => 1e-4,
                    false => f32::NAN,
                },
            ));
            let shape = match l {
                0 => [&[n_units, from], &self.kernel[..]].concat(),
                _ => vec![n_units, from],
            };
            let shape: Vec<String> = shape.iter().map(usize::to_string).collect();
            let function = if is_output { "identity" } else { "relu" };
            let class = if is_output { "Linear" } else { "ReLU" };
            layers.push(format!(
                r#"{{"module":"net.{}","class":"{class}","is_module":true,"call":1,"activation":"{function}","args":{{}},"normalized":"","weights":"net.{}","kind":"linear","shape":[{}],"samples":{N_SAMPLES},"positions":1,"units":{n_units},"of":{n_units},"output":{is_output}}}"#,
                2 * l + 1,
                2 * l,
                shape.join(",")
            ));
            from = n_units;
        }
        let layers = format!("[{}]", layers.join(","));
        let args = format!(r#"{{"lr":{},"momentum":0.9}}"#, self.learning_rate);
        let metadata = [
            ("format", "actiscope-trace"),
            ("version", "1"),
            ("framework", "pytorch"),
            ("framework_version", "2.15.0"),
            ("model", "MLP"),
            ("parameters", "116618"),
            ("optimizer", "SGD"),
            ("optimizer_args", &*args),
            (
                "cost",
                r#"{"probe_seconds":0.4,"total_seconds":8.0,"probes_left_out":0}"#,
            ),
            ("layers", &*layers),
        ];
        write(&metadata, &tensors)
    }
}

/// Row by row: of each record and unit.
fn each<T>(n_records: usize, n_units: usize, of: &dyn Fn(usize, usize) -> T) -> Vec<T> {
    let records = (0..n_records).flat_map(|record| (0..n_units).map(move |unit| (record, unit)));
    records.map(|(record, unit)| of(record, unit)).collect()
}
