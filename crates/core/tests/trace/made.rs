//! Traces as a recorder would write them, of units whose health is given.

use actiscope_core::health::Health;
use actiscope_core::interop::safetensors::{Dtype, Tensor, write};

pub const N_SAMPLES: u32 = 100;
const N_BINS: usize = 160;

/// What of a trace differs from test to test.
pub struct Made {
    pub format: &'static str,
    pub version: &'static str,
    pub framework: &'static str,
    pub steps: Vec<i64>,
    /// Of each record; 1 where it is shorter.
    pub loss: Vec<f32>,
    pub layers: Vec<MadeLayer>,
    /// A tensor that is left out.
    pub without: &'static str,
}

impl Default for Made {
    fn default() -> Self {
        Self {
            format: "actiscope-trace",
            version: "1",
            framework: "pytorch",
            steps: Vec::new(),
            loss: Vec::new(),
            layers: Vec::new(),
            without: "",
        }
    }
}

/// A ReLU layer whose units are what `health` says at each record.
pub struct MadeLayer {
    module: &'static str,
    n_units: usize,
    health: Box<dyn Fn(usize, usize) -> Health>,
}

impl MadeLayer {
    pub fn new(
        module: &'static str,
        n_units: usize,
        health: impl Fn(usize, usize) -> Health + 'static,
    ) -> Self {
        Self {
            module,
            n_units,
            health: Box::new(health),
        }
    }

    fn about(&self) -> String {
        let (module, n) = (self.module, self.n_units);
        format!(
            r#"{{"module":"{module}","class":"ReLU","is_module":{},"call":1,"activation":"relu","args":{{}},"normalized":"","output":false,"weights":"net.0","kind":"linear","shape":[{n},2],"samples":{N_SAMPLES},"positions":1,"of":{n},"units":{n}}}"#,
            !module.is_empty()
        )
    }

    /// Samples with slope 0: all of a dead unit, all but two of a saturated one, as many as its number of any other.
    fn n_zero(&self, record: usize, unit: usize) -> u16 {
        let n = N_SAMPLES as u16;
        match (self.health)(record, unit) {
            Health::Dead => n,
            Health::Saturated => n - 2,
            Health::Alive => n / 2 - (unit % 50) as u16,
        }
    }

    fn tensors(&self, i: usize, n_records: usize) -> Vec<Tensor<'static>> {
        let name = |of: &str| format!("layer.{}.{of}", i + 1);
        let shape = [n_records, self.n_units];
        let units =
            || (0..n_records).flat_map(|record| (0..self.n_units).map(move |unit| (record, unit)));
        let zero: Vec<u8> = units()
            .flat_map(|(r, u)| self.n_zero(r, u).to_le_bytes())
            .collect();
        let none = vec![0; zero.len()];
        let mut tensors: Vec<Tensor<'static>> = [
            ("n_zero", &zero),
            ("n_small", &zero),
            ("n_negative", &zero),
            ("n_not_finite", &none),
        ]
        .into_iter()
        .map(|(of, bytes)| Tensor::new(name(of), Dtype::U16, &shape, bytes.clone()))
        .collect();
        for (of, base) in [
            ("z_mean", 0.1),
            ("z_std", 1.0),
            ("z_min", -2.0),
            ("z_max", 2.0),
            ("mean_abs_slope", 0.5),
            ("bias", 0.0),
            ("w_norm", 1.0),
            ("g_norm", 0.01),
        ] {
            let values: Vec<f32> = units()
                .map(|(record, _)| base + record as f32 * 0.001)
                .collect();
            tensors.push(Tensor::f32(name(of), &shape, &values));
        }
        let bins = (0..n_records * N_BINS).flat_map(|i| (i as u32 % 7).to_le_bytes());
        let bins: Vec<u8> = bins.collect();
        tensors.push(Tensor::new(
            name("z_histogram"),
            Dtype::U32,
            &[n_records, N_BINS],
            bins,
        ));
        for (of, value) in [
            ("z_gradient_rms", 0.01),
            ("weight_gradient_rms", 0.02),
            ("weight_rms", 0.1),
            ("update_rms", 0.0001),
        ] {
            tensors.push(Tensor::f32(name(of), &[n_records], &vec![value; n_records]));
        }
        tensors
    }
}

impl Made {
    pub fn bytes(&self) -> Vec<u8> {
        let n = self.steps.len();
        let mut loss = self.loss.clone();
        loss.resize(n, 1.0);
        let mut tensors = vec![
            Tensor::i64("step", &[n], &self.steps),
            Tensor::f32("loss", &[n], &loss),
            Tensor::f32("train_loss", &[n], &vec![f32::NAN; n]),
            Tensor::f32("learning_rate", &[n], &vec![0.1; n]),
        ];
        for (i, layer) in self.layers.iter().enumerate() {
            tensors.extend(layer.tensors(i, n));
        }
        tensors.retain(|tensor| tensor.name != self.without);
        let layers: Vec<String> = self.layers.iter().map(MadeLayer::about).collect();
        let layers = format!("[{}]", layers.join(","));
        let metadata = [
            ("format", self.format),
            ("version", self.version),
            ("framework", self.framework),
            ("framework_version", "2.15.0"),
            ("model", "MLP"),
            ("parameters", "1234"),
            ("optimizer", "SGD"),
            ("optimizer_args", r#"{"lr":0.1,"momentum":0.9}"#),
            (
                "cost",
                r#"{"probe_seconds":1.2,"total_seconds":8.0,"probes_left_out":0}"#,
            ),
            ("layers", &layers),
        ];
        write(&metadata, &tensors)
    }
}
