//! The map in words, for those who do not see it.

use actiscope_core::text::number;

use super::slices::lower;
use super::{MapData, Tint};
use crate::text::count;

/// "Learning rate 1.68, alpha 0.0063: dead or saturated units 42 %."
pub fn cell_words(data: &MapData, (ix, iy): (u32, u32)) -> String {
    let [x_name, y_name] = data.names;
    let (x, y) = (data.map.x.value(ix), data.map.y.value(iy));
    let what = match data.own_tint((ix, iy)) {
        Tint::At(_) => format!("{} ", lower(data.value.label())),
        _ => String::new(),
    };
    format!(
        "{x_name} {}, {} {}: {what}{}",
        number(x, 3),
        lower(y_name),
        number(y, 3),
        value_words(data, (ix, iy))
    )
}

/// "42 %", or why there is no number.
fn value_words(data: &MapData, (ix, iy): (u32, u32)) -> String {
    match data.own_tint((ix, iy)) {
        Tint::Unknown => "not trained yet".to_owned(),
        Tint::Diverged => "diverged".to_owned(),
        Tint::Nothing => "no unit died".to_owned(),
        Tint::At(_) => {
            let value = data.map.value(ix, iy, data.value).unwrap_or_default();
            data.key.text(value)
        }
    }
}

/// A slice as a table: a line for each of its cells.
#[derive(Clone, Debug, PartialEq)]
pub struct SliceTable {
    /// "Row at alpha 0.0063".
    pub title: String,
    /// "Learning rate", "Dead units".
    pub heads: [String; 2],
    pub lines: Vec<[String; 2]>,
}

/// The row and the column through a cell.
pub fn slice_tables(data: &MapData, (ix, iy): (u32, u32)) -> [SliceTable; 2] {
    let [x_name, y_name] = data.names;
    let (x, y) = (&data.map.x, &data.map.y);
    let table = |title: String, name: &str, lines: Vec<[String; 2]>| SliceTable {
        title,
        heads: [name.to_owned(), data.value.label().to_owned()],
        lines,
    };
    let row = (0..x.n).map(|ix| [number(x.value(ix), 3), value_words(data, (ix, iy))]);
    let column = (0..y.n).map(|iy| [number(y.value(iy), 3), value_words(data, (ix, iy))]);
    [
        table(
            format!("Row at {} {}", lower(y_name), number(y.value(iy), 3)),
            x_name,
            row.collect(),
        ),
        table(
            format!("Column at {} {}", lower(x_name), number(x.value(ix), 3)),
            y_name,
            column.collect(),
        ),
    ]
}

/// The whole map in two sentences.
pub fn describe_map(data: &MapData) -> String {
    let [x_name, y_name] = data.names;
    let (x, y) = (&data.map.x, &data.map.y);
    let (n_known, n_diverged) = data.map.counts();
    let values = data.map.values(data.value).into_iter().flatten().flatten();
    let range = values.fold(None, |range: Option<(f64, f64)>, value| {
        Some(range.map_or((value, value), |(low, high)| {
            (low.min(value), high.max(value))
        }))
    });
    let range = range.map_or_else(
        || "nothing is known of it yet".to_owned(),
        |(low, high)| format!("from {} to {}", data.key.text(low), data.key.text(high)),
    );
    format!(
        "{} over {} from {} to {} and {} from {} to {}: {range}. {} networks were trained, {} diverged.",
        data.value.label(),
        lower(x_name),
        number(x.from, 3),
        number(x.to, 3),
        lower(y_name),
        number(y.from, 3),
        number(y.to, 3),
        count(n_known as u64),
        count(n_diverged as u64)
    )
}
