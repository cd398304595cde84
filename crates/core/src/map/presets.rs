//! Maps that are often asked for.

use super::MapValue;
use crate::activation::Function;
use crate::compare::{VaryError, vary};
use crate::scenario::{Edit, Scenario, Setting};

/// A map over two settings, and what it is to show.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Preset {
    pub id: &'static str,
    pub label: &'static str,
    /// What it has of its own, beside what the base has: settings as [`vary()`] takes them, `a=leaky_relu`.
    pub changes: &'static [&'static str],
    /// As [`axis`](super::axis()) takes them, without the number of values.
    pub x: &'static str,
    pub y: &'static str,
    pub value: MapValue,
    pub lines: &'static [Line],
}

/// A value of the upward axis that means something.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Line {
    pub y: f64,
    pub label: &'static str,
}

/// In the order of a menu.
pub static PRESETS: [Preset; 4] = [
    // Units of slope under 5 % count as saturated, which is where the block ends.
    Preset {
        id: "relu",
        label: "Where ReLU dies",
        changes: &["a=leaky_relu"],
        x: "lr:0.01:10:log",
        y: "alpha:0:1:log",
        value: MapValue::DeadOrSaturated,
        lines: &[Line {
            y: 0.05,
            label: "0.05: a smaller slope counts as saturated",
        }],
    },
    // Glorot's variance for equal widths, 1 / n, is half of He's (He et al. 2015, arXiv 1502.01852).
    Preset {
        id: "gain",
        label: "He against Glorot",
        changes: &["a=relu", "i=he_normal"],
        x: "lr:0.01:10:log",
        y: "g:0.1:10:log",
        value: MapValue::Dead,
        lines: &[
            Line {
                y: 1.0,
                label: "He: 1",
            },
            Line {
                y: 0.707,
                label: "Glorot: 0.71",
            },
        ],
    },
    // After Sohl-Dickstein 2024 (arXiv 2402.06184): one hidden layer of 16 tanh units, all samples a step, a rate for each
    // of the two layers.
    Preset {
        id: "border",
        label: "The border of trainability",
        changes: &["a=tanh", "h=16", "o=sgd", "b=256"],
        x: "lr1:0.001:1000000:log",
        y: "lr2:0.001:1000000:log",
        value: MapValue::Loss,
        lines: &[],
    },
    // LeCun's variance is 1 / n, so that the variance of a weight times n is the gain squared; tanh without biases
    // has chi = 1 at 1 (Poole et al. 2016, arXiv 1606.05340; Schoenholz et al. 2017, arXiv 1611.01232).
    Preset {
        id: "chaos",
        label: "The edge of chaos",
        changes: &["a=tanh", "i=lecun_normal", "o=adam", "lr=0.01"],
        x: "depth:1:16",
        y: "g:0.25:4:log",
        value: MapValue::Accuracy,
        lines: &[Line {
            y: 1.0,
            label: "theory: 1, the edge of chaos",
        }],
    },
];

impl Preset {
    pub fn of_id(id: &str) -> Option<&'static Self> {
        PRESETS.iter().find(|preset| preset.id == id)
    }

    /// Its changes of a base: those that the base does not have already.
    ///
    /// # Errors
    /// If the base cannot have one of them.
    pub fn edits(&self, base: &Scenario) -> Result<Vec<Edit>, VaryError> {
        let mut scenario = base.clone();
        let mut edits = Vec::new();
        for change in self.changes {
            for edit in vary(&scenario, change)?.into_iter().flatten() {
                let mut with = scenario.clone();
                edit.apply(&mut with);
                if with != scenario && !is_function_of(&edit, &scenario) {
                    scenario = with;
                    edits.push(edit);
                }
            }
        }
        Ok(edits)
    }
}

/// The scenario has that function, with parameters of its own.
fn is_function_of(edit: &Edit, scenario: &Scenario) -> bool {
    let Edit::Activation(activation) = edit else {
        return false;
    };
    activation.function == scenario.network.activation.function
}

/// Where a scenario lies on a map of a base: its numbers along `x` and `y`, if it is the base but for these. ReLU is
/// Leaky ReLU at alpha 0.
pub fn place_of(scenario: &Scenario, base: &Scenario, axes: [Setting; 2]) -> Option<[f64; 2]> {
    let mut scenario = scenario.clone();
    let is_alpha = axes.contains(&Setting::Param(0));
    if is_alpha && scenario.network.activation.function == Function::Catalogue("relu".into()) {
        scenario.network.activation.function = Function::Catalogue("leaky_relu".into());
        scenario.network.activation.params = vec![0.0];
    }
    let place = [axes[0].get(&scenario)?, axes[1].get(&scenario)?];
    let mut same = base.clone();
    same.view = scenario.view.clone();
    for (setting, value) in axes.into_iter().zip(place) {
        setting.set(&mut same, value);
    }
    (same == scenario).then_some(place)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::activation::ActivationSpec;
    use crate::map::axis;

    #[test]
    fn every_preset_is_a_map_of_any_base() {
        let mut other = Scenario::default();
        other.network.activation = ActivationSpec::new("selu");
        for base in [Scenario::default(), other] {
            for preset in &PRESETS {
                let mut of_map = base.clone();
                for edit in preset.edits(&base).expect(preset.id) {
                    edit.apply(&mut of_map);
                }
                assert!(of_map.check().is_ok(), "{}", preset.id);
                assert_eq!(preset.edits(&of_map).expect(preset.id), [], "{}", preset.id);
                for text in [preset.x, preset.y] {
                    let (ends, scale) = text
                        .strip_suffix(":log")
                        .map_or((text, "linear"), |t| (t, "log"));
                    let axis = axis(&of_map, &format!("{ends}:32:{scale}"));
                    assert!(axis.is_ok(), "{}: {axis:?}", preset.id);
                }
                assert_eq!(Preset::of_id(preset.id), Some(preset));
            }
        }
    }

    #[test]
    fn a_scenario_lies_on_a_map_of_its_kind() {
        let mut scope = Scenario::default();
        scope.network.activation = ActivationSpec::new("relu");
        let mut base = scope.clone();
        base.network.activation = ActivationSpec::new("leaky_relu");
        let axes = [Setting::LearningRate, Setting::Param(0)];
        let rate = scope.training.learning_rate;
        assert_eq!(place_of(&scope, &base, axes), Some([rate, 0.0]));
        scope.training.learning_rate = 3.0;
        assert_eq!(place_of(&scope, &base, axes), Some([3.0, 0.0]));
        scope.network.hidden = vec![3];
        assert_eq!(place_of(&scope, &base, axes), None);
    }
}
