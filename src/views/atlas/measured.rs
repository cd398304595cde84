use actiscope_core::activation::cost::elsewhere_ns;

use crate::held::Held;

/// What was measured on this device: nanoseconds for f and f' of one value, by id. Empty until all are known.
#[derive(Clone, Copy)]
pub struct Measured(Held<Vec<(&'static str, f64)>>);

impl Measured {
    pub fn none() -> Self {
        Self(Held::new(Vec::new()))
    }

    pub fn of(self, id: &str) -> Option<f64> {
        let found = |known: &Vec<(&'static str, f64)>| {
            let found = known.iter().find(|(known, _)| *known == id);
            found.map(|(_, ns)| *ns)
        };
        self.0.with(found)
    }

    /// Measured here, and where that was not done yet on the machine that the build's numbers are of.
    pub fn or_elsewhere(self, id: &str) -> Option<f64> {
        self.of(id).or_else(|| elsewhere_ns(id))
    }

    pub fn is_done(self) -> bool {
        self.0.with_untracked(|known| !known.is_empty())
    }

    pub fn tell(self, all: Vec<(&'static str, f64)>) {
        self.0.set(all);
    }
}
