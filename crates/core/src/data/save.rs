//! Samples as a table that is read back as itself.

use super::table::Table;
use super::{DataError, DataSource, DataSpec, TargetKind};
use crate::csv::{CsvWriter, field};

impl DataSpec {
    /// All samples as CSV text with a header, in their order, as they are before anything is held out or standardised. A
    /// user's own table is its text.
    ///
    /// [`CsvTable`](super::CsvTable) reads them back bit by bit: the last column is named `label` where it holds classes,
    /// which are taken for classes then, and `value` where it holds numbers. A class that has no sample is not there.
    ///
    /// # Errors
    /// As [`DataSpec::generate`].
    pub fn to_csv(&self, seed: u32) -> Result<String, DataError> {
        if let DataSource::Csv(table) = &self.source {
            return Ok(table.text().to_owned());
        }
        let table = self.table(seed)?;
        let target_name = match table.target {
            TargetKind::Class { .. } => "label",
            TargetKind::Number => "value",
        };
        let names = table.input_names.iter().map(|name| &**name);
        let mut writer = CsvWriter::new(names.chain([target_name]));
        for (x, &y) in table.x.chunks_exact(table.n_inputs()).zip(&table.y) {
            let inputs = x.iter().map(|&value| field(value));
            writer.row(inputs.chain([target(&table, y)]));
        }
        Ok(writer.into_text())
    }
}

fn target(table: &Table, y: f64) -> String {
    match table.class_names.get(y as usize) {
        Some(name) if matches!(table.target, TargetKind::Class { .. }) => name.clone(),
        _ => field(y),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{CsvTable, PointSet, Reading, catalogue};
    use super::*;

    fn spec(source: DataSource) -> DataSpec {
        DataSpec {
            source,
            noise: 0.1,
            n_samples: 200,
            ..crate::scenario::Scenario::default().data
        }
    }

    /// A table is what it was, to the bit.
    fn check(spec: &DataSpec, seed: u32) {
        let written = spec.table(seed).expect("samples");
        let text = spec.to_csv(seed).expect("samples");
        let read = CsvTable::from(text).samples(&Reading::default());
        let read = &read.expect("a table").table;
        let bits = |values: &[f64]| values.iter().map(|v| v.to_bits()).collect::<Vec<_>>();
        assert_eq!(bits(&read.x), bits(&written.x), "{:?}", spec.source);
        assert_eq!(bits(&read.y), bits(&written.y), "{:?}", spec.source);
        assert_eq!(read.input_names, written.input_names);
        assert_eq!(
            (read.target, &read.class_names),
            (written.target, &written.class_names)
        );
    }

    #[test]
    fn generated_sets_come_back() {
        for info in catalogue().iter().filter(|info| info.source.is_generated()) {
            check(&spec(info.source.clone()), 5);
        }
    }

    proptest! {
        #[test]
        fn points_come_back(
            rows in prop::collection::vec([-1_000_000_000..1_000_000_000, -2_000..2_000, 0..3i32], 2..50),
            kind in prop::sample::select(vec!["c3", "n", "y"]),
        ) {
            // Each class has a point.
            let classes = [[0, 0, 0], [1, 1, 1], [2, 2, 2]];
            let numbers = rows.iter().chain(&classes).flat_map(|row| match kind {
                "y" => row[..2].to_vec(),
                _ => row.to_vec(),
            });
            let numbers: Vec<String> = numbers.map(|n| n.to_string()).collect();
            let points = PointSet::from_text(&format!("{kind}:{}", numbers.join(",")));
            check(&spec(DataSource::Points(points.expect("points"))), 1);
        }
    }
}
