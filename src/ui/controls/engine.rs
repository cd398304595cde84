use leptos::prelude::*;

use crate::engine::choice::{CHOICES, id, label, of_id};
use crate::run::Store;
use crate::ui::kit::fields::{Choice, ChoiceGroup, Select};

/// Which engine is to train.
#[component]
pub fn EngineField() -> impl IntoView {
    let store = expect_context::<Store>();
    let choices = CHOICES.map(|choice| Choice::new(id(choice), label(choice)));
    view! {
        <Select
            label="Train on"
            groups=vec![ChoiceGroup { heading: "", choices: choices.into() }]
            value=Signal::derive(move || id(store.engine_choice.get()).to_owned())
            on_choose=move |id: String| store.choose_engine(of_id(&id))
            hint="Auto takes the graphics processor if there is a real one. The run goes on where it is."
            inline=true
        />
    }
}
