//! A run as a program that makes it again in somebody else's library: the same samples, first weights and batches, so that
//! the loss of each batch is ours but for rounding.

mod keras;
mod loss;
mod optimizer;
mod pytorch;
mod random;

use super::python::{blob_f32, column, float, wrapped};
use super::pytorch::layer_name;
use crate::data::Dataset;
use crate::interop::{Model, ModelError};
use crate::nn::init::initial_running;
use crate::nn::layout::ParamLayout;
use crate::nn::schedule::{Annealing, Schedule};
use crate::nn::spec::{Order, TrainingSpec};
use crate::scenario::Scenario;

/// What a run is made of.
#[derive(Clone, Copy, Debug)]
pub struct Repeat<'a> {
    pub scenario: &'a Scenario,
    /// Its samples.
    pub data: &'a Dataset,
    /// `[n_params]`: what it begins with.
    pub first_params: &'a [f32],
}

impl Repeat<'_> {
    /// A program for PyTorch that trains this run again. `python train.py 100` prints the loss of each of 100 batches, before
    /// its update and without penalties; `train(load(), 100)` yields them.
    ///
    /// # Errors
    /// If the parameters are not of the scenario's network.
    pub fn pytorch_training(&self) -> Result<String, ModelError> {
        Ok(pytorch::script(self, &self.model()?))
    }

    /// The same for Keras 3.
    ///
    /// # Errors
    /// As [`Repeat::pytorch_training`].
    pub fn keras_training(&self) -> Result<String, ModelError> {
        Ok(keras::script(self, &self.model()?))
    }

    /// The network as it begins.
    fn model(&self) -> Result<Model, ModelError> {
        let network = &self.scenario.network;
        let running = initial_running(network, &ParamLayout::new(network));
        let running = running.iter().map(|&value| value as f32).collect();
        Model::new(
            self.scenario,
            self.data,
            self.first_params.to_vec(),
            running,
        )
    }

    fn training(&self) -> &TrainingSpec {
        &self.scenario.training
    }

    /// Whether some batch has one sample alone, of which there is no variance.
    fn has_batch_of_one(&self) -> bool {
        let n = self.data.n_train();
        let size = self.training().batch_size.clamp(1, n.max(1));
        size == 1 || n % size == 1
    }

    /// The head of a script, in words. `note`: what else there is to say.
    fn about(&self, library: &str, packages: &str, note: &str) -> String {
        let same = "It has the same samples, first weights and batches, so that the loss of each batch is the one that Actiscope shows. \
             Rounding differs, and grows: where the learning rate is large two runs part after some hundred steps.";
        let scaled = match (self.data.input_scale.is_empty(), self.data.target_scale) {
            (true, None) => "",
            _ => " Samples are standardized already.",
        };
        format!(
            "\"\"\"Trains a network of Actiscope again, with {library}.\n\n{}\n\n    pip install {packages}\n    python train.py 100\n\"\"\"",
            wrapped(&format!("{same}{scaled}{note}"), "")
        )
    }

    /// `NAME = value` lines of what is the same in every library.
    fn constants(&self, model: &Model) -> String {
        let training = self.training();
        let mut lines = vec![
            format!("N_INPUTS = {}", self.data.n_inputs),
            format!("N_TRAIN = {}", self.data.n_train()),
            format!("BATCH_SIZE = {}", training.batch_size),
        ];
        if training.order == Order::Shuffled || training.dropout > 0.0 {
            lines.insert(0, format!("SEED = {}", self.scenario.seed));
        }
        match self.rates(model) {
            Some(rates) => lines.push(rates),
            None => lines.push(format!("LEARNING_RATE = {}", float(training.learning_rate))),
        }
        let penalties = [("L1", training.l1), ("L2", training.l2)];
        if penalties.iter().any(|(_, size)| *size > 0.0) {
            lines.extend(penalties.map(|(name, size)| format!("{name} = {}", float(size))));
        }
        if let Some(norm) = training.clip_norm {
            lines.push(format!("CLIP_NORM = {}", float(norm)));
        }
        if training.dropout > 0.0 {
            lines.push(format!("DROPOUT = {}", float(training.dropout)));
        }
        lines.join("\n")
    }

    /// `RATES` by layer, where the learning rate is not one.
    fn rates(&self, model: &Model) -> Option<String> {
        let rates = ParamLayout::new(&self.scenario.network).rates(self.training());
        if rates.len() < 2 {
            return None;
        }
        let mut items = Vec::new();
        for (l, ((_, rate), layer)) in rates.iter().zip(model.layers()).enumerate() {
            let mut names = vec![layer_name(model, l)];
            names.extend(layer.norm.is_some().then(|| format!("norm_{}", l + 1)));
            let has_alphas = !layer.alphas.is_empty();
            names.extend(has_alphas.then(|| format!("activation_{}", l + 1)));
            items.extend(
                names
                    .iter()
                    .map(|name| format!("\"{name}\": {}", float(*rate))),
            );
        }
        let about = "# A learning rate of its own for each layer.\n";
        Some(about.to_owned() + &column(0, "RATES = {", &items, "}"))
    }

    /// Samples as text.
    fn samples(&self) -> String {
        let data = self.data;
        let mut text = String::from("# Samples: little-endian floats of 32 bits, as base64.\n");
        let all = [
            ("X_TRAIN", &data.x_train),
            ("Y_TRAIN", &data.y_train),
            ("X_TEST", &data.x_test),
            ("Y_TEST", &data.y_test),
        ];
        let all = all.into_iter().filter(|(_, values)| !values.is_empty());
        let lines: Vec<String> = all
            .map(|(name, values)| format!("{name} = {}", blob_f32(values)))
            .collect();
        text += &lines.join("\n");
        text
    }

    fn has_test(&self) -> bool {
        !self.data.y_test.is_empty()
    }
}

/// `rate_factor(step)`; nothing where the rate is always the same.
fn schedule(schedule: &Schedule) -> Option<String> {
    if schedule.is_constant() {
        return None;
    }
    let mut lines = vec![
        "def rate_factor(step):".to_owned(),
        "    \"\"\"What an update multiplies the learning rate by; the first has step 0.\"\"\""
            .to_owned(),
    ];
    let warm_up = schedule.warm_up;
    if warm_up > 0 {
        lines.push(format!("    if step < {warm_up}:"));
        lines.push(format!("        return (step + 1) / {warm_up}"));
        if schedule.annealing != Annealing::Constant {
            lines.push(format!("    step -= {warm_up}"));
        }
    }
    match schedule.annealing {
        Annealing::Constant => lines.push("    return 1.0".to_owned()),
        Annealing::Step { every, factor } => {
            lines.push(format!(
                "    return {} ** (step // {every:.0})",
                float(factor)
            ));
        }
        Annealing::Cosine { over, floor } => {
            lines.push(format!(
                "    falling = (1 + math.cos(math.pi * min(step / {over:.0}, 1))) / 2"
            ));
            lines.push(match floor {
                0.0 => "    return falling".to_owned(),
                floor => format!("    return {floor:?} + (1 - {floor:?}) * falling"),
            });
        }
    }
    Some(lines.join("\n"))
}

/// `decoded(text)`.
fn decoded() -> String {
    r#"def decoded(text):
    """Numbers from base64."""
    return np.frombuffer(base64.b64decode(text), "<f4").copy()"#
        .to_owned()
}
