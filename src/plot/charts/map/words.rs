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
        Tint::Unknown => "not trained yet".to_owned(),
        Tint::Diverged => "diverged".to_owned(),
        Tint::Nothing => "no unit died".to_owned(),
        Tint::At(_) => {
            let value = data.map.value(ix, iy, data.value).unwrap_or_default();
            format!("{} {}", lower(data.value.label()), data.key.text(value))
        }
    };
    format!(
        "{x_name} {}, {} {}: {what}",
        number(x, 3),
        lower(y_name),
        number(y, 3)
    )
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
