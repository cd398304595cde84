//! Networks too large to train here: plausible numbers in their place.

use actiscope_core::health::Health;
use actiscope_core::protocol::{LayerSnapshot, UnitSnapshot};
use actiscope_core::random::{Random, Stream};
use actiscope_page::plot::charts::layers::{LayerRow, LayersData};
use actiscope_page::plot::charts::network::NetworkShape;

/// 32 layers through which the gradient vanishes.
pub fn deep_layers() -> LayersData {
    let row = |l: usize| {
        let is_output = l == 32;
        let z_std = 1.4_f64.powi(l as i32 / 4);
        LayerRow {
            is_output,
            n_units: if is_output { 0 } else { 128 },
            dead: if is_output { 0 } else { (32 - l) * 2 },
            saturated: if is_output { 0 } else { l / 3 },
            gradient_rms: 10_f64.powf(0.28 * (l as f64 - 32.0) + 0.3 * (l as f64).sin()),
            z_mean: -0.2 * z_std,
            z_std,
        }
    };
    LayersData {
        rows: (0..=32).map(row).collect(),
        ..LayersData::default()
    }
}

/// Random half planes for maps, more dead the deeper.
pub fn layers(shape: &NetworkShape, cells: usize) -> Vec<LayerSnapshot> {
    let sizes: Vec<usize> = [shape.n_inputs]
        .iter()
        .chain(&shape.hidden)
        .chain(&[shape.n_outputs])
        .copied()
        .collect();
    sizes
        .windows(2)
        .enumerate()
        .map(|(l, pair)| {
            let random = Random::new(1, Stream::Test, l as u32);
            let [n_in, n_out] = [pair[0], pair[1]];
            let is_hidden = l < shape.hidden.len();
            let unit = |u: usize| {
                let luck = random.uniform(50_000 + u as u64) * shape.hidden.len() as f64;
                UnitSnapshot {
                    health: match l as f64 - luck {
                        d if d > 0.5 => Health::Dead,
                        d if d > 0.2 => Health::Saturated,
                        _ => Health::Alive,
                    },
                    ..UnitSnapshot::default()
                }
            };
            let half_plane = |i: usize| {
                let (u, cell) = (i / (cells * cells), i % (cells * cells));
                let at = |k: usize| 2.0 * (k as f64 + 0.5) / cells as f64 - 1.0;
                let angle = std::f64::consts::TAU * random.uniform(70_000 + u as u64);
                let (x, y) = (at(cell % cells), at(cell / cells));
                let v = x * angle.cos() + y * angle.sin() + random.normal(80_000 + u as u64) / 2.0;
                (v.max(0.0) * 80.0).min(127.0) as i8
            };
            let n_units = if is_hidden { n_out } else { 0 };
            LayerSnapshot {
                units: (0..n_units).map(unit).collect(),
                weights: (0..n_in * n_out)
                    .map(|i| random.normal(i as u64) as f32)
                    .collect(),
                unit_maps: (0..n_units * cells * cells).map(half_plane).collect(),
                ..LayerSnapshot::default()
            }
        })
        .collect()
}
