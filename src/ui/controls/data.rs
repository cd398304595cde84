use actiscope_core::data::{self, DataSource, DataSpec};
use actiscope_core::scenario::{Edit, Setting};
use leptos::prelude::*;

use super::setting_slider::SettingSlider;
use super::table_dialog::TableDialogState;
use crate::memo::Memo;
use crate::run::Run;
use crate::run::points::{self, Points};
use crate::ui::kit::erased::Show;
use crate::ui::kit::fields::{Choice, ChoiceGroup, Select};

const OWN_TABLE: &str = "csv";
const OWN_POINTS: &str = "points";

#[component]
pub fn DataSelect(table: TableDialogState) -> impl IntoView {
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
    let of_catalogue = |is_generated: bool| {
        let infos = data::catalogue().iter();
        let infos = infos.filter(|info| info.source.is_generated() == is_generated);
        infos.map(|info| Choice::new(info.id, info.label)).collect()
    };
    let groups = vec![
        ChoiceGroup {
            heading: "",
            choices: of_catalogue(true),
        },
        ChoiceGroup {
            heading: "Collected",
            choices: of_catalogue(false),
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
                None => table.open(run),
            }
        />
        <Show when=move || source.with(|source| source.id() == OWN_TABLE)>
            <button
                type="button"
                class="quiet wide"
                on:click=move |_| table.open(run)
            >
                "Edit the table"
            </button>
        </Show>
    }
}

#[component]
pub fn Noise() -> impl IntoView {
    let run = expect_context::<Run>();
    let is_fixed = Memo::new(move |_| {
        run.scenario
            .with(|scenario| !scenario.data.source.is_generated())
    });
    view! {
        <SettingSlider
            setting=Setting::Noise
            is_disabled=is_fixed
            hint="How far noise moves the samples. A change begins the run anew."
        />
    }
}
