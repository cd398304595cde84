//! What a lane is called, by what it changes of the base.

use crate::scenario::{Chosen, Edit, Scenario, function_label};

/// "activation Tanh, BatchNorm on": what edits of the base set, in the words of the settings. In files, where nothing
/// else says what the values are of.
pub fn changes(base: &Scenario, edits: &[Edit]) -> String {
    joined(base, edits, |edit, before, after| match edit {
        Edit::Whole(_) => edit.describe_in(before),
        _ => edit.describe_in(after),
    })
}

/// "Tanh, BatchNorm on": the same where there is little room. A choice is known by its own name.
pub fn lane_name(base: &Scenario, edits: &[Edit]) -> String {
    joined(base, edits, |edit, before, after| match edit {
        Edit::Activation(activation) => function_label(&activation.function).to_owned(),
        Edit::Initializer(initializer) => initializer.label().to_owned(),
        Edit::Optimizer(optimizer) => optimizer.label().to_owned(),
        Edit::Whole(_) => edit.describe_in(before),
        _ => edit.describe_in(after),
    })
}

/// What is said of each edit, with the scenario before and after it: what it sets may be a parameter of a function that
/// the one before it has chosen.
fn joined(
    base: &Scenario,
    edits: &[Edit],
    said: fn(&Edit, &Scenario, &Scenario) -> String,
) -> String {
    let mut scenario = base.clone();
    let texts = edits.iter().map(|edit| {
        let before = scenario.clone();
        edit.apply(&mut scenario);
        said(edit, &before, &scenario)
    });
    match &texts.collect::<Vec<String>>()[..] {
        [] => "no change".into(),
        texts => texts.join(", "),
    }
}
