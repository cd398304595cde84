//! Health of the f32 engine against PyTorch's numbers: the verdicts are equal.

mod common;

use common::engine::{Kind, ready};
use common::looks::check_health;
use common::reference::health_cases;
use fearless_simd::Level;

#[test]
fn verdicts_are_those_of_pytorch() {
    let cases = health_cases();
    assert_eq!(cases.len(), 5);
    for case in &cases {
        ready(check_health(&Kind::Cpu(Level::new()), case));
    }
}
