//! What the page tells of a map, over the real engine in process.

use expect_test::expect_file;
use leptos::prelude::WithUntracked;

use super::state::State;
use super::store::shown;
use crate::run::Start;
use crate::run::tests::desk::{Desk, scenario};
use crate::views::kept::Choices;

/// As in the shell's test, whose table is the same file.
const LINK: &str = "#v=1&h=6-6&n=64&a=relu";

#[test]
fn its_table_is_the_shells_byte_by_byte() {
    let desk = Desk::open(scenario(LINK), Start::At(0));
    let state = State::of_keys(&|key| {
        let text = match key {
            "mp" => "none",
            "mx" => "lr:0.01:10:log",
            "my" => "depth:1:3",
            "mg" => "16",
            "ms" => "2",
            "mn" => "40",
            _ => return None,
        };
        Some(text.to_owned())
    });
    let base = state.base(&desk.scenario()).expect("it can be");
    let fleet = desk.engine.new_fleet();
    fleet.open(state.fleet(&base).expect("it is a map"));
    desk.settle();
    let told = fleet.spec.with_untracked(|spec| {
        let spec = spec.as_ref()?;
        (fleet.results)
            .with_untracked(|results| shown(spec, results, [String::new(), String::new()]))
    });
    let told = told.expect("it is a grid");
    assert!(told.is_done);
    expect_file!["../../../crates/cli/tests/map.csv"].assert_eq(&told.cells.csv());
}
