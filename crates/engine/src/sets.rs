//! Brings what a worker lacks until it is first asked to train on it: the samples of collected data sets
//! (`assets/README.md` has their licences), and what reads tables. Each is a chunk of its own; elsewhere they are part of
//! the program.

use actiscope_core::data::{CollectedSet, DataSource};
use actiscope_core::protocol::{FleetSpec, JobSpec, Lanes, RunCommand, ToEngine};
use actiscope_core::scenario::{Edit, Scenario};

use crate::jobs::NotLoaded;

/// Gives a scenario the samples that it names, or what reads its table. Where they cannot be loaded it is left without, and whoever trains it is
/// told so ([`actiscope_core::data::DataError::NotHere`]).
pub async fn bring(scenario: &mut Scenario) {
    bring_source(&mut scenario.data.source).await;
}

/// The same of all lanes of a fleet.
pub async fn bring_fleet(spec: &mut FleetSpec) {
    bring(&mut spec.base).await;
    if let Lanes::List(lanes) = &mut spec.lanes {
        for edit in lanes.iter_mut().flatten() {
            bring_edit(edit).await;
        }
    }
}

/// The same of what a message names.
pub(crate) async fn bring_message(message: &mut ToEngine) {
    match message {
        ToEngine::Open { spec, .. } => match spec {
            JobSpec::Run { scenario, .. } | JobSpec::Start(scenario) => bring(scenario).await,
            JobSpec::Fleet(spec) => bring_fleet(spec).await,
            // It brings its own when it is read.
            JobSpec::Recording { .. } => {}
        },
        ToEngine::Run(_, RunCommand::Load(scenario)) => bring(scenario).await,
        ToEngine::Run(_, RunCommand::Edit(edit)) => bring_edit(edit).await,
        _ => {}
    }
}

async fn bring_edit(edit: &mut Edit) {
    match edit {
        Edit::Data(data) => bring_source(&mut data.source).await,
        Edit::Whole(scenario) => bring(scenario).await,
        _ => {}
    }
}

async fn bring_source(source: &mut DataSource) {
    match source {
        DataSource::Collected(collected) if !collected.is_here() => {
            if let Ok(bytes) = bytes_of(collected.set()).await {
                // The bytes are those of the set: a test takes them.
                let _ = collected.take(bytes);
            }
        }
        // Without it the table says so when it is read.
        DataSource::Csv(_) => _ = reader().await,
        _ => {}
    }
}

#[cfg(split)]
#[wasm_split_helpers::wasm_split(tables, fallible)]
fn reader() -> Result<(), NotLoaded> {
    actiscope_core::data::install_reader();
    Ok(())
}

#[cfg(not(split))]
async fn reader() -> Result<(), NotLoaded> {
    actiscope_core::data::install_reader();
    Ok(())
}

fn bytes(set: CollectedSet) -> &'static [u8] {
    match set {
        CollectedSet::Iris => include_bytes!("../assets/iris.bin"),
        CollectedSet::Digits => include_bytes!("../assets/digits.bin"),
    }
}

#[cfg(split)]
#[wasm_split_helpers::wasm_split(sets, fallible)]
fn bytes_of(set: CollectedSet) -> Result<&'static [u8], NotLoaded> {
    Ok(bytes(set))
}

#[cfg(not(split))]
async fn bytes_of(set: CollectedSet) -> Result<&'static [u8], NotLoaded> {
    Ok(bytes(set))
}

#[cfg(test)]
mod tests {
    use actiscope_core::data::DataSpec;

    use super::*;
    use crate::wait::wait;

    /// scikit-learn 1.9: `load_iris().data.sum()`, `load_digits().data.sum()`, and how often each class is there.
    #[test]
    fn the_sets_are_those_of_scikit_learn() {
        let check = |link: &str, sum: f64, of_classes: &[usize]| {
            let (mut scenario, problems) = actiscope_core::scenario::link::from_link(link);
            assert_eq!(problems, []);
            scenario.check().expect("it needs no samples to be known");
            let at_rest = scenario.clone();
            assert!(scenario.data.generate(1).is_err(), "nobody brought them");
            assert_eq!(scenario.data.n_train(1), of_classes.iter().sum());
            wait(bring(&mut scenario));
            assert_eq!(scenario, at_rest);
            let data = scenario.data.generate(1).expect("they are here");
            let shape = scenario.data.shape();
            assert_eq!((data.n_inputs, data.target), (shape.n_inputs, shape.target));
            let total: f64 = data.x_train.iter().map(|&x| f64::from(x)).sum();
            assert!((total - sum).abs() < 1e-3, "{total}");
            let of_class =
                |class: usize| data.y_train.iter().filter(move |&&y| y as usize == class);
            let found: Vec<usize> = (0..of_classes.len()).map(|c| of_class(c).count()).collect();
            assert_eq!(found, of_classes);
            assert_eq!(data.class_names.len(), of_classes.len());
            assert_eq!(data.input_names.len(), data.n_inputs);
            let another = DataSpec {
                test_share: 0.3,
                ..scenario.data.clone()
            };
            let split = another.generate(2).expect("they are here");
            assert_eq!(split.n_train(), another.n_train(2));
        };
        check("#v=1&d=iris", 2_078.7, &[50, 50, 50]);
        let digits = [178, 182, 177, 183, 181, 182, 181, 179, 174, 180];
        check("#v=1&d=digits", 561_718.0, &digits);
    }
}
