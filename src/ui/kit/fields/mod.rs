//! The page's form fields: native elements underneath, so that keyboard, touch and screen readers
//! work as everywhere, with our own looks.

use std::cell::Cell;

mod number;
mod segments;
mod select;
mod slider;
mod stepper;
mod stops;
mod switch;
mod toggle;

pub use number::NumberInput;
pub use segments::Segments;
pub use select::{Choice, ChoiceGroup, Select};
pub use slider::Slider;
pub use stepper::Stepper;
pub use stops::Stops;
pub use switch::Switch;
pub use toggle::Toggle;

thread_local! {
    static N_FIELDS: Cell<u32> = const { Cell::new(0) };
}

/// An id for a field of this name, which no other has: two views may have a field of one name.
fn id_of(label: &str) -> String {
    let n = N_FIELDS.replace(N_FIELDS.get() + 1);
    let mut id = format!("field-{n}");
    for word in label.split(|c: char| !c.is_ascii_alphanumeric()) {
        if !word.is_empty() {
            id.push('-');
            id.push_str(&word.to_ascii_lowercase());
        }
    }
    id
}
