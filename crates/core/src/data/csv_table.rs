//! A user's own table: a CSV text, and what was read in it.

use std::sync::{Arc, OnceLock};

use serde::{Deserialize, Serialize, Serializer};

use super::csv::{self, CsvError};
use super::table::Table;

/// A CSV text that is read once, however often it is cloned and asked: clones share text and samples. Two
/// that share are equal at a glance, others are compared by their texts.
///
/// It travels as its text, and is read where it arrives when it is first asked. Where the same table is
/// known already, [`DataSource::share`](super::DataSource::share) spares that.
#[derive(Clone, Debug, Deserialize)]
#[serde(from = "String")]
pub struct CsvTable(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    text: String,
    samples: OnceLock<Result<Table, CsvError>>,
}

impl CsvTable {
    pub fn text(&self) -> &str {
        &self.0.text
    }

    /// A clone of the other one, or the other way round.
    pub fn is_shared_with(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// The samples, in the order of the text.
    pub(super) fn samples(&self) -> Result<&Table, CsvError> {
        let Inner { text, samples } = &*self.0;
        let samples = samples.get_or_init(|| csv::read(text));
        samples.as_ref().map_err(Clone::clone)
    }
}

impl From<String> for CsvTable {
    fn from(text: String) -> Self {
        Self(Arc::new(Inner {
            text,
            samples: OnceLock::new(),
        }))
    }
}

impl From<&str> for CsvTable {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

impl PartialEq for CsvTable {
    fn eq(&self, other: &Self) -> bool {
        self.is_shared_with(other) || self.text() == other.text()
    }
}

impl Serialize for CsvTable {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.text())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::activation::ActivationSpec;
    use crate::data::{DataShape, DataSource, DataSpec};
    use crate::nn::spec::{Initializer, Loss, Optimizer};
    use crate::scenario::link::{table_travels, to_link};
    use crate::scenario::{Chosen, Edit, Effect, Scenario, Setting};

    /// A scenario over a table of the size of scikit-learn's digits: 1,797 rows of 64 inputs and a class of ten.
    fn digits() -> Scenario {
        let row = |i: usize| {
            let inputs = (0..64).map(|k| ((i * 31 + k * 7) % 17).to_string());
            let fields: Vec<String> = inputs.chain([(i % 10).to_string()]).collect();
            fields.join(",")
        };
        let rows: Vec<String> = (0..1_797).map(row).collect();
        let mut scenario = Scenario::default();
        scenario.data.source = DataSource::Csv(rows.join("\n").into());
        scenario.fit_to_data();
        scenario
    }

    fn table(scenario: &Scenario) -> &CsvTable {
        match &scenario.data.source {
            DataSource::Csv(table) => table,
            other => panic!("{other:?} is no table"),
        }
    }

    /// Every kind of edit but one of the data's source.
    fn edits(scenario: &Scenario) -> Vec<Edit> {
        let other = Scenario {
            seed: 9,
            ..scenario.clone()
        };
        vec![
            Edit::Activation(ActivationSpec::new("elu")),
            Edit::Set(Setting::LearningRate, 0.1),
            Edit::Optimizer(Optimizer::ADAM),
            Edit::Set(Setting::BatchSize, 8.0),
            Edit::Loss(Loss::Mse),
            Edit::Set(Setting::ClipNorm, 1.0),
            Edit::Set(Setting::BatchNorm, 1.0),
            Edit::Initializer(Initializer::Zeros),
            Edit::Hidden(vec![4]),
            Edit::Data(DataSpec {
                standardize: true,
                ..scenario.data.clone()
            }),
            Edit::Layer(1),
            Edit::Whole(Box::new(other)),
        ]
    }

    #[test]
    fn a_table_is_read_once_whatever_is_done_with_its_scenario() {
        let before = csv::n_read();
        let scenario = digits();
        assert_eq!(csv::n_read(), before + 1);
        scenario.check().expect("a sound scenario");
        assert_eq!(scenario.data.shape().n_inputs, 64);
        for edit in edits(&scenario) {
            let mut after = scenario.clone();
            edit.apply(&mut after);
            assert_eq!(after.check(), Ok(()), "{edit:?}");
            assert!(table(&after).is_shared_with(table(&scenario)), "{edit:?}");
            assert!(!edit.describe_in(&scenario).is_empty());
            let _ = after.is_same_run(&scenario);
            let _ = scenario.effect_of_becoming(&after);
        }
        let shape = scenario.data.shape();
        let judges = Loss::table()
            .iter()
            .filter(|loss| loss.value.fit_to(shape) == loss.value);
        // All but Huber's and a ReLU's.
        assert_eq!(judges.count(), 5);
        assert!(!table_travels(&scenario));
        assert!(to_link(&scenario).len() < 100);
        scenario.data.generate(1).expect("samples");
        assert_eq!(csv::n_read(), before + 1);
    }

    #[test]
    fn what_cannot_be_read_is_tried_once() {
        let mut scenario = Scenario::default();
        scenario.data.source = DataSource::Csv("1,2\n3,oops\n".into());
        let before = csv::n_read();
        assert!(scenario.check().is_err());
        assert!(scenario.clone().check().is_err());
        assert_eq!(scenario.data.shape(), DataShape::UNREADABLE);
        assert_eq!(csv::n_read(), before + 1);
    }

    #[test]
    fn what_arrives_again_is_not_read_again() {
        let mut engine = digits();
        let page = engine.clone();
        let before = csv::n_read();
        let standardized = DataSpec {
            standardize: true,
            ..page.data.clone()
        };
        let sent = [
            Edit::Data(standardized),
            Edit::Whole(Box::new(page.clone())),
        ];
        for edit in sent {
            let bytes = postcard::to_stdvec(&edit).expect("plain data");
            let edit: Edit = postcard::from_bytes(&bytes).expect("an edit");
            assert_eq!(edit.apply(&mut engine), Effect::Restart);
            engine.check().expect("a sound scenario");
            assert!(table(&engine).is_shared_with(table(&page)));
        }
        assert_eq!(csv::n_read(), before);
    }
}
