use actiscope_core::activation::ActivationSpec;
use actiscope_core::nn::spec::Optimizer;
use actiscope_core::protocol::RunCommand;
use actiscope_core::scenario::{Edit, Effect, Scenario, Setting};
use leptos::prelude::*;

use crate::memo::Memo;
use crate::run::Run;

/// An edit with which a run can take another course.
struct Fork {
    label: &'static str,
    edit: fn(&Scenario) -> Edit,
}

const FORKS: [Fork; 9] = [
    Fork {
        label: "Leaky ReLU",
        edit: |_| Edit::Activation(ActivationSpec::new("leaky_relu")),
    },
    Fork {
        label: "ELU",
        edit: |_| Edit::Activation(ActivationSpec::new("elu")),
    },
    Fork {
        label: "GELU",
        edit: |_| Edit::Activation(ActivationSpec::new("gelu")),
    },
    Fork {
        label: "tanh",
        edit: |_| Edit::Activation(ActivationSpec::new("tanh")),
    },
    Fork {
        label: "half the learning rate",
        edit: |scenario| Edit::Set(Setting::LearningRate, scenario.training.learning_rate / 2.0),
    },
    Fork {
        label: "a tenth of the learning rate",
        edit: |scenario| {
            Edit::Set(
                Setting::LearningRate,
                scenario.training.learning_rate / 10.0,
            )
        },
    },
    Fork {
        label: "momentum 0.9",
        edit: |_| Edit::Optimizer(Optimizer::MOMENTUM),
    },
    Fork {
        label: "gradient norm at most 1",
        edit: |_| Edit::Set(Setting::ClipNorm, 1.0),
    },
    Fork {
        label: "batch normalization",
        edit: |_| Edit::Set(Setting::BatchNorm, 1.0),
    },
];

impl Fork {
    /// The edit, where it changes a run of `scenario` and keeps its weights: whatever begins anew forks
    /// nothing.
    fn of(&self, scenario: &Scenario) -> Option<Edit> {
        let edit = (self.edit)(scenario);
        let mut after = scenario.clone();
        let effect = edit.apply(&mut after);
        let is_fork = effect == Effect::Live && !after.is_same_run(scenario);
        (is_fork && after.check().is_ok()).then_some(edit)
    }
}

/// At an earlier step: what to go on with from there, other than as it was.
#[component]
pub fn ForkMenu() -> impl IntoView {
    let run = expect_context::<Run>();
    let is_back = Memo::new(move |_| {
        !run.wants_training.get()
            && run.snapshot.with(|snapshot| {
                snapshot
                    .as_ref()
                    .is_some_and(|snapshot| snapshot.step < snapshot.last_step)
            })
    });
    // Each is a trial edit: none is made where the menu cannot be opened.
    let offered = Memo::new(move |_| {
        if !is_back.get() {
            return Vec::new();
        }
        run.scenario.with(|scenario| {
            let offered = FORKS.iter().map(|fork| fork.of(scenario).is_some());
            offered.collect::<Vec<bool>>()
        })
    });
    let chosen = RwSignal::new(String::new());
    let go_on = move |index: String| {
        let fork = index.parse().ok().and_then(|index: usize| FORKS.get(index));
        let edit = fork.and_then(|fork| run.scenario.with_untracked(|now| fork.of(now)));
        if let Some(edit) = edit {
            run.dispatch_all(vec![RunCommand::Edit(edit), RunCommand::Train]);
        }
    };
    let options = FORKS.iter().enumerate().map(|(i, fork)| {
        let is_offered = move || offered.with(|offered| offered.get(i) == Some(&true));
        view! {
            <option value=i.to_string() disabled=move || !is_offered() hidden=move || !is_offered()>
                {fork.label}
            </option>
        }
    });
    view! {
        <div class="field select fork">
            <div class="box">
            <select
                aria-label="From here with"
                title="Another course from this step on, with the weights of this step"
                disabled=move || !is_back.get()
                prop:value=chosen
                on:change=move |event| {
                    go_on(event_target_value(&event));
                    // A menu rather than a setting.
                    chosen.set(String::new());
                    chosen.notify();
                }
            >
                <option value="">"From here with …"</option>
                {options.collect_view()}
            </select>
            </div>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_offered_changes_the_run_and_keeps_its_weights() {
        let mut scenario = Scenario::default();
        let offered = |scenario: &Scenario| -> Vec<&str> {
            let forks = FORKS.iter().filter(|fork| fork.of(scenario).is_some());
            forks.map(|fork| fork.label).collect()
        };
        let at_first = offered(&scenario);
        assert!(at_first.contains(&"Leaky ReLU") && at_first.contains(&"half the learning rate"));
        scenario.network.activation = ActivationSpec::new("elu");
        scenario.training.learning_rate = 1e-4;
        let then = offered(&scenario);
        assert!(!then.contains(&"ELU") && !then.contains(&"half the learning rate"));
        for fork in &FORKS {
            if let Some(edit) = fork.of(&scenario) {
                assert_eq!(edit.apply(&mut scenario.clone()), Effect::Live);
            }
        }
    }
}
