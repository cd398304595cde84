//! Times every function of the catalogue on one core: the numbers of `activation::cost::ELSEWHERE_NS`.

use std::time::Instant;

use actiscope_core::activation::cost::{BLOCK, Timed};
use actiscope_core::activation::{Activation, ActivationSpec, catalogue};
use fearless_simd::Level;

#[expect(clippy::disallowed_methods, reason = "what is measured is time")]
fn main() {
    let level = Level::new();
    for entry in catalogue() {
        let activation = Activation::resolve(&ActivationSpec::new(entry.id));
        let mut timed = Timed::new(&activation.expect("an entry resolves"));
        let mut least = f64::INFINITY;
        for _ in 0..400 {
            let begin = Instant::now();
            std::hint::black_box(timed.run(level));
            least = least.min(begin.elapsed().as_secs_f64());
        }
        println!("    (\"{}\", {:.2}),", entry.id, 1e9 * least / BLOCK as f64);
    }
}
