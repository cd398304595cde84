//! Everything that a scenario's run can be changed by, while it runs.

mod activation;
pub mod data;
mod engine;
mod formula;
mod layers;
mod more;
mod schedule;
mod seed;
pub mod setting_slider;
pub mod shared;
mod stop;
pub mod table_dialog;
mod training;

use leptos::prelude::*;

use table_dialog::TableDialogState;

#[component]
pub fn Controls() -> impl IntoView {
    let table = expect_context::<TableDialogState>();
    view! {
        <form class="controls" aria-label="Controls" on:submit=|event| event.prevent_default()>
            <div class="group">
                <activation::ActivationControls />
                <training::LearningRate />
            </div>
            <div class="group">
                <training::OptimizerSelect />
                <training::BatchSize />
                <training::LossSelect />
            </div>
            <div class="group">
                <data::DataSelect table />
                <data::Noise />
            </div>
            <div class="group">
                <layers::Layers />
                <training::InitializerSelect />
                <training::BatchNorm />
                <training::Dropout />
                <seed::Seed />
            </div>
            <more::More />
        </form>
    }
}
