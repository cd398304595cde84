use actiscope_core::activation::{ActivationSpec, Function, catalogue, entry};
use actiscope_core::scenario::{Edit, FunctionParam, Scenario, Setting, function_params};
use leptos::prelude::*;

use super::formula::FormulaField;
use super::setting_slider::value_text;
use crate::memo::Memo;
use crate::run::Run;
use crate::ui::kit::erased::Show;
use crate::ui::kit::fields::{Choice, ChoiceGroup, Select, Slider, Stops, Switch};

const OWN_FORMULA: &str = "formula";
const ALPHA: &str = "alpha";

/// Which function the layer on show has, and its parameters.
#[component]
pub fn ActivationControls() -> impl IntoView {
    let run = expect_context::<Run>();
    let activation = Memo::new(move |_| {
        run.scenario
            .with(|scenario| scenario.network.activation_of(scenario.view.layer).clone())
    });
    let has_layers = Memo::new(move |_| run.scenario.with(|s| s.network.hidden.len() > 1));
    let function = Memo::new(move |_| activation.with(|spec| spec.function.clone()));
    let id = move || match function.get() {
        Function::Catalogue(id) => id,
        Function::Formula(_) => OWN_FORMULA.to_owned(),
    };
    let choose = move |id: String| {
        let spec = if id == OWN_FORMULA {
            activation.with_untracked(as_formula)
        } else {
            ActivationSpec::new(&id)
        };
        set_activation(run, spec);
    };
    let set_own = move |is_own: bool| {
        let edit = run.scenario.with_untracked(|scenario| {
            let layer = scenario.view.layer;
            let own = is_own.then(|| scenario.network.activation_of(layer).clone());
            Edit::activation_of_layer(scenario, layer, own)
        });
        run.edit(edit);
    };
    let groups = vec![
        ChoiceGroup {
            heading: "",
            choices: catalogue()
                .iter()
                .map(|entry| Choice::new(entry.id, entry.name))
                .collect(),
        },
        ChoiceGroup {
            heading: "Yours",
            choices: vec![Choice::new(OWN_FORMULA, "Your own formula…")],
        },
    ];
    let is_formula = Memo::new(move |_| matches!(function.get(), Function::Formula(_)));
    // A slider each, made anew only when the function is another: one that is held must stay.
    let others = move || {
        function.track();
        let params = activation.with_untracked(|spec| function_params(&spec.function));
        params
            .unwrap_or_default()
            .into_iter()
            .enumerate()
            .filter(|(_, param)| param.name != ALPHA)
            .map(|(index, param)| view! { <ParamSlider activation index param /> })
            .collect_view()
    };
    view! {
        <Select
            label="Activation"
            groups=groups
            value=Signal::derive(id)
            on_choose=choose
        />
        <Show when=move || has_layers.get()>
            <Switch
                label="For the layer shown alone"
                value=Signal::derive(move || run.scenario.with(has_own))
                hint="The layer that the curve shows gets a function of its own; the others keep theirs."
                on_change=set_own
            />
        </Show>
        <Show when=move || is_formula.get()>
            <FormulaField activation />
        </Show>
        <AlphaSlider activation />
        {others}
    }
}

/// The layer on show has a function of its own.
fn has_own(scenario: &Scenario) -> bool {
    let own = scenario.network.layer_activations.get(scenario.view.layer);
    own.is_some_and(Option::is_some)
}

/// Gives a function to the layer on show, where that has its own, or to all that have not.
pub fn set_activation(run: Run, spec: ActivationSpec) {
    let edit = run
        .scenario
        .with_untracked(|scenario| match has_own(scenario) {
            true => Edit::activation_of_layer(scenario, scenario.view.layer, Some(spec)),
            false => Edit::Activation(spec),
        });
    run.edit(edit);
}

fn set_param(run: Run, index: usize, value: f64) {
    let own = run.scenario.with_untracked(|scenario| {
        let activation = scenario.network.activation_of(scenario.view.layer);
        has_own(scenario).then(|| activation.clone())
    });
    match own {
        Some(mut spec) => {
            if let Some(param) = spec.params.get_mut(index) {
                *param = value;
            }
            set_activation(run, spec);
        }
        None => run.edit(Edit::Set(Setting::Param(index), value)),
    }
}

/// Always there: on ReLU, which is Leaky ReLU with alpha 0, it opens the leak.
#[component]
fn AlphaSlider(activation: Memo<ActivationSpec>) -> impl IntoView {
    let run = expect_context::<Run>();
    let index = Memo::new(move |_| {
        activation.with(|spec| spec.param_names().iter().position(|name| name == ALPHA))
    });
    let is_relu = Memo::new(move |_| activation.with(|spec| is_entry(spec, "relu")));
    let is_disabled = Memo::new(move |_| index.get().is_none() && !is_relu.get());
    let param = Memo::new(move |_| {
        let leaky = || Function::Catalogue("leaky_relu".into());
        activation
            .with(|spec| param_of(&spec.function, ALPHA))
            .or_else(|| param_of(&leaky(), ALPHA))
    });
    let stops = Memo::new(move |_| {
        param.with(|param| {
            let range = param.as_ref().map(|param| param.range);
            Stops::of_range(&range.unwrap_or(Setting::Noise.range()))
        })
    });
    let value = Memo::new(move |_| {
        let index = index.get();
        activation.with(|spec| {
            index
                .and_then(|index| spec.params.get(index))
                .copied()
                .unwrap_or(0.0)
        })
    });
    let words = move || {
        if is_disabled.get() {
            "none".to_owned()
        } else {
            value_text(value.get(), false)
        }
    };
    let set = move |value: f64| match index.get_untracked() {
        Some(index) => set_param(run, index, value),
        None if is_relu.get_untracked() => {
            let leaky = ActivationSpec::named("leaky_relu", &[(ALPHA, value)]);
            set_activation(run, leaky);
        }
        None => {}
    };
    view! {
        <Slider
            label="Alpha"
            stops=stops
            value=value
            text=Signal::derive(words)
            on_input=set
            is_disabled=is_disabled
            hint="The parameter alpha of the function: for ReLU and its kin the slope of the negative side."
        />
    }
}

#[component]
fn ParamSlider(
    activation: Memo<ActivationSpec>,
    index: usize,
    param: FunctionParam,
) -> impl IntoView {
    let run = expect_context::<Run>();
    let value =
        Memo::new(move |_| activation.with(|spec| spec.params.get(index).copied().unwrap_or(0.0)));
    let range = param.range;
    let mut label = param.name;
    if let Some(first) = label.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    view! {
        <Slider
            label=label
            stops=Stops::of_range(&range)
            value=value
            text=Signal::derive(move || value_text(value.get(), false))
            on_input=move |value: f64| set_param(run, index, value)
            usual=Some(param.default)
        />
    }
}

fn is_entry(spec: &ActivationSpec, wanted: &str) -> bool {
    matches!(&spec.function, Function::Catalogue(id) if id == wanted)
}

/// The parameter of this name of a function, if it has it.
fn param_of(function: &Function, name: &str) -> Option<FunctionParam> {
    let params = function_params(function).ok()?;
    params.into_iter().find(|param| param.name == name)
}

/// The same function as a formula to go on from.
fn as_formula(spec: &ActivationSpec) -> ActivationSpec {
    match &spec.function {
        Function::Formula(_) => spec.clone(),
        Function::Catalogue(id) => {
            let formula = entry(id).map_or("max(z, 0)", |entry| entry.formula);
            with_params_of(spec, formula)
        }
    }
}

/// A formula whose parameters have the values that `before` has for the same names.
pub fn with_params_of(before: &ActivationSpec, formula: &str) -> ActivationSpec {
    let mut spec = ActivationSpec::formula(formula);
    let old_names = before.param_names();
    for (name, value) in spec.param_names().iter().zip(&mut spec.params) {
        let old = old_names.iter().position(|old| old == name);
        if let Some(&old) = old.and_then(|index| before.params.get(index)) {
            *value = old;
        }
    }
    spec
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_formula_begins_as_the_function_it_follows() {
        let elu = ActivationSpec::named("elu", &[(ALPHA, 0.4)]);
        let formula = as_formula(&elu);
        assert_eq!(formula.param_names(), ["alpha"]);
        assert_eq!(formula.params, [0.4]);
        let both = with_params_of(&formula, "where(z > 0, beta * z, alpha * z)");
        let value = |name: &str| {
            let index = both.param_names().iter().position(|n| n == name);
            index.map(|index| both.params[index])
        };
        assert_eq!(value("alpha"), Some(0.4));
        assert_eq!(value("beta"), Some(1.0));
    }
}
