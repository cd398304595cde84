//! What the page tells of a comparison, over the real engine in process.

use actiscope_core::compare::Target;
use expect_test::expect_file;

use super::state::State;
use super::store::{asked, shown};
use crate::run::Start;
use crate::run::tests::desk::{Desk, scenario};

/// As in the shell's test, whose table is the same file.
const LINK: &str = "#v=1&h=6-6&lr=0.1&n=64&t=0.25";

#[test]
fn its_table_is_the_shells_byte_by_byte() {
    let desk = Desk::open(scenario(LINK), Start::At(0));
    let state = State {
        vary: "a=sigmoid,tanh,relu".into(),
        own_initializers: false,
        seeds: 4,
        n_steps: 200,
        ..State::default()
    };
    let asked = asked(&state, desk.scenario()).expect("lanes");
    let fleet = desk.engine.new_fleet();
    fleet.open(asked.spec);
    desk.settle();
    let told = shown(
        fleet,
        (asked.names, asked.n_second),
        Target::Loss(0.5),
        None,
    );
    assert!(told.is_done);
    expect_file!["../../../crates/cli/tests/lanes.csv"].assert_eq(&told.then.table_csv());
}
