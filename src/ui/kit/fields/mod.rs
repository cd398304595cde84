//! The page's form fields: native elements underneath, so that keyboard, touch and screen readers
//! work as everywhere, with our own looks.

mod select;
mod slider;
mod stepper;
mod stops;
mod switch;
mod toggle;

pub use select::{Choice, ChoiceGroup, Select};
pub use slider::Slider;
pub use stepper::Stepper;
pub use stops::Stops;
pub use switch::Switch;
pub use toggle::Toggle;

/// An id for a field of this name, unique as long as names are.
fn id_of(label: &str) -> String {
    let mut id = String::from("field");
    for word in label.split(|c: char| !c.is_ascii_alphanumeric()) {
        if !word.is_empty() {
            id.push('-');
            id.push_str(&word.to_ascii_lowercase());
        }
    }
    id
}
