//! Weights that a network begins with in place of drawn ones: those of a network that came from a file.

use std::ops::Range;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::init::initial_params;
use super::layout::ParamLayout;
use super::spec::NetworkSpec;

/// Clones share the numbers; two that share are equal at a glance. Others are equal that begin the same networks alike.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(from = "Numbers", into = "Numbers")]
pub struct Given(Arc<Numbers>);

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Numbers {
    name: String,
    /// Whose layout the numbers have.
    network: NetworkSpec,
    params: Vec<f32>,
    running: Vec<f32>,
}

impl Given {
    /// `name` says where they are from. `params` and `running` are in the order of the network's [`ParamLayout`]; `None` where
    /// they are not as many as it has.
    pub fn new(
        name: &str,
        network: &NetworkSpec,
        params: Vec<f32>,
        running: Vec<f32>,
    ) -> Option<Self> {
        let layout = ParamLayout::new(network);
        let is_whole = (params.len(), running.len()) == (layout.n_params, layout.n_running);
        is_whole.then(|| {
            Self(Arc::new(Numbers {
                name: name.to_owned(),
                network: NetworkSpec {
                    given: None,
                    ..network.clone()
                },
                params,
                running,
            }))
        })
    }

    /// Where they are from.
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// Numbers as [`Given::numbers_for`] gives them.
    pub fn from_numbers(name: &str, network: &NetworkSpec, mut numbers: Vec<f32>) -> Option<Self> {
        let layout = ParamLayout::new(network);
        let is_whole = numbers.len() == layout.n_params + layout.n_running;
        let running = is_whole.then(|| numbers.split_off(layout.n_params))?;
        Self::new(name, network, numbers, running)
    }

    /// Parameters, then running statistics, in the order that the functions of a network ask for that they fit.
    pub fn numbers_for(&self, network: &NetworkSpec) -> Vec<f32> {
        let layout = ParamLayout::new(network);
        let given = NetworkSpec {
            given: Some(self.clone()),
            ..network.clone()
        };
        let mut numbers = initial_params(&given, &layout, 0);
        numbers.extend(self.running());
        numbers.iter().map(|&number| number as f32).collect()
    }

    pub fn n_numbers(&self) -> usize {
        self.0.params.len() + self.0.running.len()
    }

    /// Whether a network can begin with them: it has layers as wide as theirs, and normalises as theirs did.
    pub fn fits(&self, network: &NetworkSpec) -> bool {
        let own = &self.0.network;
        (own.n_inputs, &own.hidden, own.n_outputs, own.batch_norm)
            == (
                network.n_inputs,
                &network.hidden,
                network.n_outputs,
                network.batch_norm,
            )
    }

    /// Puts them into the parameters of a network that they fit, in whatever order its functions ask for. An alpha that they
    /// do not have stays as it is.
    pub(super) fn put(&self, layout: &ParamLayout, params: &mut [f64]) {
        let own = ParamLayout::new(&self.0.network);
        let wide = |range: &Range<usize>| {
            let values = &self.0.params[range.clone()];
            values.iter().map(|&value| f64::from(value))
        };
        for (from, to) in own.layers.iter().zip(&layout.layers) {
            let kept = from.weights.start..from.beta.end;
            let place = &mut params[to.weights.start..to.beta.end];
            place
                .iter_mut()
                .zip(wide(&kept))
                .for_each(|(to, value)| *to = value);
            // One that is shared is each unit's.
            let alphas = wide(&from.alpha).cycle();
            let is_shared = from.alpha.len() == 1 || from.alpha.len() == to.alpha.len();
            let place = &mut params[to.alpha.clone()];
            if is_shared {
                place
                    .iter_mut()
                    .zip(alphas)
                    .for_each(|(to, value)| *to = value);
            }
        }
    }

    /// Running statistics of batch normalisation.
    pub(super) fn running(&self) -> impl Iterator<Item = f64> {
        self.0.running.iter().map(|&value| f64::from(value))
    }
}

impl NetworkSpec {
    /// The weights that it begins with in place of drawn ones, if there are any and they are of its shape.
    pub fn given_weights(&self) -> Option<&Given> {
        self.given.as_ref().filter(|given| given.fits(self))
    }

    /// Forgets weights that are of another shape.
    pub(crate) fn keep_given_that_fit(&mut self) {
        if self.given.is_some() && self.given_weights().is_none() {
            self.given = None;
        }
    }
}

impl PartialEq for Given {
    fn eq(&self, other: &Self) -> bool {
        let (own, others) = (&*self.0, &*other.0);
        Arc::ptr_eq(&self.0, &other.0)
            || own.name == others.name
                && self.fits(&others.network)
                && self.numbers_for(&others.network) == other.numbers_for(&others.network)
    }
}

impl From<Numbers> for Given {
    fn from(numbers: Numbers) -> Self {
        Self(Arc::new(numbers))
    }
}

impl From<Given> for Numbers {
    fn from(given: Given) -> Self {
        Arc::unwrap_or_clone(given.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::activation::ActivationSpec;
    use crate::nn::spec::PreluSharing;
    use crate::scenario::{Edit, Scenario, Setting};

    /// A network of two inputs, one hidden layer of three and one output, and weights 1, 2, 3 and so on.
    fn scenario(function: &str) -> Scenario {
        let mut scenario = Scenario::default();
        scenario.network.hidden = vec![3];
        scenario.network.activation = ActivationSpec::new(function);
        let layout = ParamLayout::new(&scenario.network);
        let params = (1..=layout.n_params).map(|n| n as f32).collect();
        let given = Given::new("mlp.onnx", &scenario.network, params, Vec::new());
        Edit::Given(given).apply(&mut scenario);
        scenario
    }

    fn first(scenario: &Scenario) -> Vec<f64> {
        let layout = ParamLayout::new(&scenario.network);
        initial_params(&scenario.network, &layout, 5)
    }

    #[test]
    fn a_network_begins_with_them_whatever_its_function() {
        let mut scenario = scenario("relu");
        let all: Vec<f64> = (1..=13).map(f64::from).collect();
        assert_eq!(first(&scenario), all);
        Edit::Set(Setting::Seed, 9.0).apply(&mut scenario);
        assert_eq!(first(&scenario), all);

        Edit::Activation(ActivationSpec::named("prelu", &[("alpha", 0.3)])).apply(&mut scenario);
        let with_alpha = [&all[..9], &[0.3], &all[9..]].concat();
        assert_eq!(first(&scenario), with_alpha);
        Edit::PreluSharing(PreluSharing::Unit).apply(&mut scenario);
        assert_eq!(first(&scenario)[9..12], [0.3; 3]);
    }

    #[test]
    fn a_learned_alpha_is_given_too() {
        let mut scenario = scenario("prelu");
        assert_eq!(first(&scenario)[9], 10.0);
        Edit::PreluSharing(PreluSharing::Unit).apply(&mut scenario);
        assert_eq!(first(&scenario)[9..12], [10.0; 3]);
    }

    #[test]
    fn another_shape_or_another_draw_forgets_them() {
        use crate::nn::spec::Initializer;
        let edits = [
            Edit::Hidden(vec![4]),
            Edit::Set(Setting::BatchNorm, 1.0),
            Edit::Set(Setting::Depth, 2.0),
            Edit::Initializer(Initializer::HeNormal),
            Edit::Set(Setting::Gain, 2.0),
            Edit::Given(None),
        ];
        for edit in edits {
            let mut scenario = scenario("relu");
            assert!(scenario.check().is_ok());
            edit.apply(&mut scenario);
            assert_eq!(scenario.network.given, None, "{edit:?}");
        }
    }

    #[test]
    fn they_travel_as_bytes_and_are_counted() {
        let given = scenario("relu").network.given.expect("it was set");
        let bytes = postcard::to_stdvec(&given).expect("plain data");
        let read: Given = postcard::from_bytes(&bytes).expect("just written");
        assert_eq!(read, given);
        let network = scenario("prelu").network;
        assert_eq!(Given::new("x", &network, vec![0.0; 13], Vec::new()), None);
    }
}
