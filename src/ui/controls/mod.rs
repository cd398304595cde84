//! Everything that a scenario's run can be changed by, while it runs.

mod activation;
pub mod csv_dialog;
mod data;
mod engine;
mod formula;
mod layers;
mod more;
mod seed;
pub mod setting_slider;
pub mod shared;
mod training;

use leptos::prelude::*;

use csv_dialog::CsvDialogState;

#[component]
pub fn Controls() -> impl IntoView {
    let csv = expect_context::<CsvDialogState>();
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
                <data::DataSelect csv=csv />
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
