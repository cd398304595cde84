//! A map as text.

use super::{Map, MapValue};
use crate::csv::{CsvWriter, field, field_f32};
use crate::scenario::Setting;

impl Map {
    /// A line for each cell and seed that was measured, row by row from the low ends: `x,y,seed,loss,accuracy,dead,
    /// saturated,first_death,diverged`. Dead and saturated are shares of the units; first death is a step, and
    /// diverged 0 or 1; a number that there is not is left empty.
    pub fn csv(&self) -> String {
        let mut table = CsvWriter::new([
            "x",
            "y",
            "seed",
            "loss",
            "accuracy",
            "dead",
            "saturated",
            "first_death",
            "diverged",
        ]);
        for (i, measure) in self.newest.iter().enumerate() {
            let Some(measure) = measure else {
                continue;
            };
            let (lane, seed) = (i as u32 / self.seeds, i as u32 % self.seeds);
            let (x, y) = (self.x.value(lane % self.x.n), self.y.value(lane / self.x.n));
            let of_axes = [(self.x.setting, x), (self.y.setting, y)];
            let by_axis = of_axes
                .iter()
                .rev()
                .find(|(setting, _)| *setting == Setting::Seed);
            let first_seed = by_axis.map_or(self.first_seed, |(_, seed)| *seed as u32);
            table.row([
                field(x),
                field(y),
                first_seed.wrapping_add(seed).to_string(),
                field_f32(measure.loss),
                field_f32(measure.accuracy),
                field(MapValue::Dead.of(measure)),
                field(MapValue::Saturated.of(measure)),
                measure
                    .first_death
                    .map_or_else(String::new, |step| step.to_string()),
                u8::from(measure.diverged_at.is_some()).to_string(),
            ]);
        }
        table.into_text()
    }
}
