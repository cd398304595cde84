//! A comparison as text.

use super::{Column, Comparison};
use crate::csv::{CsvWriter, field, field_f32};

impl Comparison {
    /// A line for each lane: what it changes, its seeds, those that diverged, those that reached the target, and
    /// median and quartiles of each column.
    pub fn table_csv(&self) -> String {
        let of_columns = Column::ALL.iter().flat_map(|column| {
            let key = column.key();
            ["median", "q1", "q3"].map(|part| format!("{key}_{part}"))
        });
        let names: Vec<String> = ["changes", "seeds", "diverged", "reached"]
            .into_iter()
            .map(str::to_owned)
            .chain(of_columns)
            .collect();
        let mut table = CsvWriter::new(names.iter().map(String::as_str));
        for lane in &self.lanes {
            let counts = [lane.seeds.len(), lane.n_diverged(), lane.n_reached()];
            let mut fields = vec![lane.changes.clone()];
            fields.extend(counts.map(|n| n.to_string()));
            for column in Column::ALL {
                let spread = lane.spread(column);
                fields.extend([
                    field(spread.map(|spread| spread.median)),
                    field(spread.map(|spread| spread.q1)),
                    field(spread.map(|spread| spread.q3)),
                ]);
            }
            table.row(fields);
        }
        table.into_text()
    }

    /// A line for each lane and seed, with its numbers at the last look. Where it diverged they are those that it
    /// diverged with.
    pub fn seeds_csv(&self) -> String {
        let mut table = CsvWriter::new([
            "changes",
            "seed",
            "steps",
            "steps_to_target",
            "loss",
            "accuracy",
            "test_loss",
            "test_accuracy",
            "dead",
            "saturated",
            "gradient_ratio",
            "diverged",
        ]);
        for lane in &self.lanes {
            for seed in &lane.seeds {
                let newest = &seed.newest;
                let share = |n: u16| f64::from(n) / f64::from(newest.n_units.max(1));
                table.row([
                    lane.changes.clone(),
                    seed.seed.to_string(),
                    newest.step.to_string(),
                    seed.arrived_at
                        .map_or_else(String::new, |step| step.to_string()),
                    field_f32(newest.loss),
                    field_f32(newest.accuracy),
                    field_f32(seed.test_loss),
                    field_f32(seed.test_accuracy),
                    field(share(newest.n_dead)),
                    field(share(newest.n_saturated)),
                    field_f32(seed.gradient_ratio),
                    u8::from(seed.has_diverged()).to_string(),
                ]);
            }
        }
        table.into_text()
    }

    /// A line for each lane and look: median and quartiles of the loss over the seeds that had not diverged.
    pub fn curves_csv(&self) -> String {
        let mut table = CsvWriter::new(["changes", "step", "median", "q1", "q3", "diverged"]);
        for lane in &self.lanes {
            for point in &lane.curve {
                table.row([
                    lane.changes.clone(),
                    point.step.to_string(),
                    field(point.loss.median),
                    field(point.loss.q1),
                    field(point.loss.q3),
                    point.n_diverged.to_string(),
                ]);
            }
        }
        table.into_text()
    }
}
