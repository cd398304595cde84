//! The parts of a scenario, as links and messages name them.

use super::Scenario;

/// One part of a scenario that can be wrong, or be put back to its default.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    Seed,
    DataSet,
    Csv,
    Points,
    Samples,
    Noise,
    TestShare,
    Standardize,
    Hidden,
    Activation,
    Formula,
    FormulaParams,
    PreluSharing,
    BatchNorm,
    Initializer,
    Gain,
    Loss,
    ClassWeights,
    Optimizer,
    LearningRate,
    BatchSize,
    Order,
    L1,
    L2,
    ClipNorm,
    Layer,
    Unit,
    Axes,
    Speed,
}

/// In the order of a link: (field, key in links, name in messages).
const FIELDS: [(Field, &str, &str); 29] = [
    (Field::Seed, "s", "Seed"),
    (Field::DataSet, "d", "Data set"),
    (Field::Csv, "csv", "Table"),
    (Field::Points, "pts", "Points"),
    (Field::Samples, "n", "Samples"),
    (Field::Noise, "nz", "Noise"),
    (Field::TestShare, "t", "Test share"),
    (Field::Standardize, "std", "Standardize"),
    (Field::Hidden, "h", "Layers and units"),
    (Field::Activation, "a", "Activation"),
    (Field::Formula, "f", "Formula"),
    (Field::FormulaParams, "p", "Formula's parameters"),
    (Field::PreluSharing, "pr", "PReLU's alpha"),
    (Field::BatchNorm, "bn", "BatchNorm"),
    (Field::Initializer, "i", "Initializer"),
    (Field::Gain, "g", "Gain"),
    (Field::Loss, "l", "Loss"),
    (Field::ClassWeights, "cw", "Class weights"),
    (Field::Optimizer, "o", "Optimizer"),
    (Field::LearningRate, "lr", "Learning rate"),
    (Field::BatchSize, "b", "Batch size"),
    (Field::Order, "or", "Order"),
    (Field::L1, "l1", "L1"),
    (Field::L2, "l2", "L2"),
    (Field::ClipNorm, "clip", "Gradient norm limit"),
    (Field::Layer, "vl", "Layer shown"),
    (Field::Unit, "vu", "Unit shown"),
    (Field::Axes, "ax", "Axes shown"),
    (Field::Speed, "sp", "Steps a second"),
];

impl Field {
    /// Every field, in the order of a link.
    pub fn all() -> impl Iterator<Item = Self> {
        FIELDS.iter().map(|(field, ..)| *field)
    }

    /// `lr`: the key in links.
    pub fn key(self) -> &'static str {
        FIELDS[self as usize].1
    }

    /// "Learning rate": the name in messages.
    pub fn label(self) -> &'static str {
        FIELDS[self as usize].2
    }

    pub fn from_key(key: &str) -> Option<Self> {
        FIELDS.iter().find(|f| f.1 == key).map(|f| f.0)
    }

    /// Puts this part of a scenario back to what it is in [`Scenario::default`]. The loss becomes one
    /// that can judge the data.
    pub fn reset(self, scenario: &mut Scenario) {
        let Scenario {
            seed,
            data,
            network,
            training,
            view,
        } = Scenario::default();
        match self {
            Self::Seed => scenario.seed = seed,
            Self::DataSet | Self::Csv | Self::Points => scenario.data.source = data.source,
            Self::Samples => scenario.data.n_samples = data.n_samples,
            Self::Noise => scenario.data.noise = data.noise,
            Self::TestShare => scenario.data.test_share = data.test_share,
            Self::Standardize => scenario.data.standardize = data.standardize,
            Self::Hidden => scenario.network.hidden = network.hidden,
            Self::Activation | Self::Formula | Self::FormulaParams => {
                scenario.network.activation = network.activation;
            }
            Self::PreluSharing => scenario.network.prelu_sharing = network.prelu_sharing,
            Self::BatchNorm => scenario.network.batch_norm = network.batch_norm,
            Self::Initializer => scenario.network.initializer = network.initializer,
            Self::Gain => scenario.network.gain = network.gain,
            Self::Loss => scenario.training.loss = training.loss,
            Self::ClassWeights => scenario.training.class_weights = training.class_weights,
            Self::Optimizer => scenario.training.optimizer = training.optimizer,
            Self::LearningRate => scenario.training.learning_rate = training.learning_rate,
            Self::BatchSize => scenario.training.batch_size = training.batch_size,
            Self::Order => scenario.training.order = training.order,
            Self::L1 => scenario.training.l1 = training.l1,
            Self::L2 => scenario.training.l2 = training.l2,
            Self::ClipNorm => scenario.training.clip_norm = training.clip_norm,
            Self::Layer => scenario.view.layer = view.layer,
            Self::Unit => scenario.view.unit = view.unit,
            Self::Axes => scenario.view.axes = view.axes,
            Self::Speed => scenario.view.steps_per_second = view.steps_per_second,
        }
        if matches!(self, Self::DataSet | Self::Csv | Self::Points | Self::Loss) {
            scenario.fit_to_data();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_the_order_of_the_fields() {
        for (i, field) in Field::all().enumerate() {
            assert_eq!(field as usize, i);
            assert_eq!(Field::from_key(field.key()), Some(field));
        }
    }
}
