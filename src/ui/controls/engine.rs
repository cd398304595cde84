use leptos::prelude::*;

use crate::engine::Engine;
use crate::engine::choice::{CHOICES, id, keep, label, of_id};
use crate::ui::kit::fields::{Choice, ChoiceGroup, Select};

/// Which engine is to train.
#[component]
pub fn EngineField() -> impl IntoView {
    let engine = expect_context::<Engine>();
    let choices = CHOICES.map(|choice| Choice::new(id(choice), label(choice)));
    view! {
        <Select
            label="Train on"
            groups=vec![ChoiceGroup { heading: "", choices: choices.into() }]
            value=Signal::derive(move || id(engine.choice.get()).to_owned())
            on_choose=move |id: String| {
                if let Some(choice) = of_id(&id) {
                    keep(choice);
                    engine.choose(choice);
                }
            }
            hint="Auto takes the graphics processor where it keeps the speed that is asked for, or is the faster one. The run goes on where it is."
            inline=true
        />
    }
}
