use leptos::prelude::*;

use crate::engine::choice::{CHOICES, id, label, of_id};
use crate::run::Run;
use crate::ui::kit::fields::{Choice, ChoiceGroup, Select};

/// Which engine is to train.
#[component]
pub fn EngineField() -> impl IntoView {
    let run = expect_context::<Run>();
    let choices = CHOICES.map(|choice| Choice::new(id(choice), label(choice)));
    view! {
        <Select
            label="Train on"
            groups=vec![ChoiceGroup { heading: "", choices: choices.into() }]
            value=Signal::derive(move || id(run.engine_choice.get()).to_owned())
            on_choose=move |id: String| run.choose_engine(of_id(&id))
            hint="Auto takes the graphics processor if there is a real one. The run goes on where it is."
            inline=true
        />
    }
}
