use std::sync::Arc;

use actiscope_core::expr::print::{Library, python_function, wgsl_function, wgsl_helpers};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::state::Id;
use super::store::{Atlas, Ready};
use crate::ui::kit::copy::CopyButton;
use crate::ui::kit::lazy::chunk;

#[derive(Clone, Copy)]
enum Form {
    NumPy,
    PyTorch,
    Wgsl,
    Formula,
}

impl Form {
    const ALL: [Self; 4] = [Self::NumPy, Self::PyTorch, Self::Wgsl, Self::Formula];

    fn name(self) -> &'static str {
        match self {
            Self::NumPy => "NumPy",
            Self::PyTorch => "PyTorch",
            Self::Wgsl => "WGSL",
            Self::Formula => "Formula",
        }
    }
}

/// The function as code of one's own. What prints it is loaded when a hand comes near: a browser lets a page copy only
/// shortly after a press.
#[component]
pub fn Copies(id: Id) -> impl IntoView {
    let atlas = expect_context::<Atlas>();
    let ready = move || {
        let drawn = atlas.drawn.get_untracked();
        drawn.into_iter().find(|ready| ready.id == Some(id))
    };
    let prepare = move || {
        spawn_local(async move {
            // One that fails is tried again by the press, which tells of it.
            let _ = printed(Form::Formula, ready()).await;
        });
    };
    let button = move |form: Form| {
        view! {
            <CopyButton
                label=form.name()
                what=form.name()
                said=atlas.said
                text=Box::new(move || Box::pin(printed(form, ready())))
            />
        }
    };
    view! {
        <div class="copies" role="group" aria-label="Copy as" on:pointerenter=move |_| prepare()>
            <span aria-hidden="true">"Copy as"</span>
            {Form::ALL.map(button).collect_view()}
        </div>
    }
}

chunk! {
    atlas_copies,
    fn printed(form: Form, ready: Option<Arc<Ready>>) -> String {
        ready.map_or_else(String::new, |ready| match form {
            Form::NumPy => python(&ready, Library::NumPy),
            Form::PyTorch => python(&ready, Library::Torch),
            Form::Wgsl => wgsl(&ready),
            Form::Formula => ready.activation.f.to_string(),
        })
    }
}

fn python(ready: &Ready, library: Library) -> String {
    let names: Vec<&str> = ready
        .activation
        .param_names
        .iter()
        .map(String::as_str)
        .collect();
    let import = match library {
        Library::NumPy => "import math\nimport numpy as np\n",
        Library::Torch => "import torch\n",
        Library::Keras => "from keras import ops\n",
    };
    let f = python_function("f", &ready.activation.f, &names, library);
    let slope = python_function("slope", &ready.activation.df, &names, library);
    format!("{import}\n\n{f}\n\n{slope}")
}

fn wgsl(ready: &Ready) -> String {
    let a = &ready.activation;
    let names: Vec<&str> = a.param_names.iter().map(String::as_str).collect();
    let function = wgsl_function("f_and_slope", &[&a.f, &a.df], &names);
    format!("{}\n{function}", wgsl_helpers())
}
