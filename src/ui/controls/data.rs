use actiscope_core::data::{self, DataSource, DataSpec};
use actiscope_core::scenario::{Edit, Setting};
use leptos::prelude::*;

use super::csv_dialog::CsvDialogState;
use super::setting_slider::SettingSlider;
use crate::memo::Memo;
use crate::run::Run;
use crate::run::points::{self, Points};
use crate::ui::kit::erased::Show;
use crate::ui::kit::fields::{Choice, ChoiceGroup, Select};

const OWN_TABLE: &str = "csv";
const OWN_POINTS: &str = "points";

#[component]
pub fn DataSelect(csv: CsvDialogState) -> impl IntoView {
    let run = expect_context::<Run>();
    let editor = expect_context::<Points>();
    let source = Memo::new(move |_| run.scenario.with(|scenario| scenario.data.source.clone()));
    let hint = move || {
        source.with(|source| {
            source.info().map_or_else(
                || format!("{}.", source.label()),
                |info| info.teaches.to_owned(),
            )
        })
    };
    let generated = data::catalogue()
        .iter()
        .map(|info| Choice::new(info.id, info.label))
        .collect();
    let groups = vec![
        ChoiceGroup {
            heading: "",
            choices: generated,
        },
        ChoiceGroup {
            heading: "Yours",
            choices: vec![
                Choice::new(OWN_TABLE, "Your own CSV…"),
                Choice::new(OWN_POINTS, "Your own points"),
            ],
        },
    ];
    view! {
        <Select
            label="Data set"
            inline=true
            groups=groups
            value=Signal::derive(move || source.with(|source| source.id().to_owned()))
            hint=Signal::derive(hint)
            on_choose=move |id: String| match DataSource::from_id(&id) {
                Some(source) => {
                    run
                        .edit(
                            Edit::Data(DataSpec {
                                source,
                                ..run.scenario.with_untracked(|scenario| scenario.data.clone())
                            }),
                        );
                }
                None if id == OWN_POINTS => {
                    if points::make_own(run) {
                        editor.begin();
                    }
                }
                None => source.with_untracked(|source| csv.open(source)),
            }
        />
        <Show when=move || source.with(|source| source.id() == OWN_TABLE)>
            <button
                type="button"
                class="quiet wide"
                on:click=move |_| source.with_untracked(|source| csv.open(source))
            >
                "Edit the table"
            </button>
        </Show>
    }
}

#[component]
pub fn Noise() -> impl IntoView {
    let run = expect_context::<Run>();
    let is_own = Memo::new(move |_| {
        run.scenario
            .with(|scenario| scenario.data.source.info().is_none())
    });
    view! {
        <SettingSlider
            setting=Setting::Noise
            is_disabled=is_own
            hint="How far noise moves the samples. A change begins the run anew."
        />
    }
}
