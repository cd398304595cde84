//! A user's own table: a text, and what was read in it.

use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize, Serializer};

use super::dialect::Dialect;
use super::error::CsvError;
use super::reader::reader;
use super::reading::Reading;
use super::samples::Samples;
use super::sheet::Sheet;

/// A table that is taken apart once, and read once for each way of reading it, however often it is cloned and asked:
/// clones share text and samples. Two that share are equal at a glance, others are compared by their texts.
///
/// It travels as its text, and is read where it arrives when it is first asked. Where the same table is
/// known already, [`DataSource::share`](crate::data::DataSource::share) spares that.
#[derive(Clone, Debug, Deserialize)]
#[serde(from = "String")]
pub struct CsvTable(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    text: String,
    sheets: Known<Dialect, Sheet>,
    samples: Known<Reading, Samples>,
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
    pub(in crate::data) fn samples(&self, reading: &Reading) -> Result<Arc<Samples>, CsvError> {
        let Inner { text, samples, .. } = &*self.0;
        let reader = reader()?;
        samples.get(reading, || {
            (reader.samples)(text, &*self.sheet(reading.dialect)?, reading)
        })
    }

    pub(super) fn sheet(&self, dialect: Dialect) -> Result<Arc<Sheet>, CsvError> {
        let Inner { text, sheets, .. } = &*self.0;
        let reader = reader()?;
        sheets.get(&dialect, || (reader.sheet)(text, dialect))
    }
}

/// What was made of a text last, by what was asked.
#[derive(Debug)]
struct Known<K, T>(Mutex<Vec<(K, Made<T>)>>);

type Made<T> = Result<Arc<T>, CsvError>;

impl<K, T> Known<K, T> {
    /// More are kept than one goes to and fro between by undoing.
    const MOST: usize = 3;
}

impl<K: PartialEq + Clone, T> Known<K, T> {
    fn get(&self, key: &K, make: impl FnOnce() -> Result<T, CsvError>) -> Made<T> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(at) = known.iter().position(|(of, _)| of == key) {
            known[..=at].rotate_right(1);
        } else {
            known.truncate(Self::MOST - 1);
            known.insert(0, (key.clone(), make().map(Arc::new)));
        }
        known[0].1.clone()
    }
}

impl From<String> for CsvTable {
    fn from(text: String) -> Self {
        Self(Arc::new(Inner {
            text,
            sheets: Known(Mutex::default()),
            samples: Known(Mutex::default()),
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
    use super::super::{samples, sheet};
    use super::*;
    use crate::activation::ActivationSpec;
    use crate::data::{ColumnUse, DataShape, DataSource, DataSpec};
    use crate::nn::spec::{Initializer, Loss, Optimizer};
    use crate::scenario::link::{table_travels, to_link};
    use crate::scenario::{Chosen, Edit, Effect, Scenario, Setting};

    /// How many sheets, and how many samples of one, this thread has read.
    fn n_read() -> [usize; 2] {
        [sheet::n_read(), samples::n_read()]
    }

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
        let before = n_read();
        let scenario = digits();
        assert_eq!(n_read(), [before[0] + 1, before[1] + 1]);
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
        assert_eq!(n_read(), [before[0] + 1, before[1] + 1]);
    }

    #[test]
    fn another_reading_takes_the_same_text_apart_no_more() {
        let first = digits();
        let before = n_read();
        let mut second = first.clone();
        let mut data = first.data.clone();
        data.reading.set_use(3, Some(ColumnUse::LeaveOut));
        assert_eq!(Edit::Data(data).apply(&mut second), Effect::Restart);
        second.check().expect("a sound scenario");
        assert_eq!(second.network.n_inputs, 63);
        assert_ne!(first, second);
        // To and fro, as undoing goes.
        for scenario in [&first, &second, &first, &second] {
            assert_eq!(scenario.check(), Ok(()));
        }
        assert_eq!(n_read(), [before[0], before[1] + 1]);
    }

    #[test]
    fn what_cannot_be_read_is_tried_once() {
        let mut scenario = Scenario::default();
        scenario.data.source = DataSource::Csv("1,2\n3,oops\n4,5\n".into());
        let before = n_read();
        assert!(scenario.check().is_err());
        assert!(scenario.clone().check().is_err());
        assert_eq!(scenario.data.shape(), DataShape::UNREADABLE);
        assert_eq!(n_read(), [before[0] + 1, before[1] + 1]);
    }

    #[test]
    fn what_arrives_again_is_not_read_again() {
        let mut engine = digits();
        let page = engine.clone();
        let before = n_read();
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
        assert_eq!(n_read(), before);
    }
}
