//! Every chart of the page as an SVG file, in both themes and several sizes, to look at and to compare:
//! `cargo run --example gallery -- OUT_DIR`.

mod net;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use actiscope_core::data::DataSource;
use actiscope_core::health::Health;
use actiscope_core::protocol::{LayerSnapshot, UnitSnapshot};
use actiscope_core::random::{Random, Stream};
use actiscope_page::plot::curve::{CurveData, CurveSamples, LiveZ, curve_scene};
use actiscope_page::plot::field::{FieldData, field_scene};
use actiscope_page::plot::geometry::{Size, size};
use actiscope_page::plot::history::{HistoryData, history_scene};
use actiscope_page::plot::layers::{LayerRow, LayersData, layers_scene};
use actiscope_page::plot::marks::marks;
use actiscope_page::plot::network::{
    Flash, NetworkData, NetworkLayout, NetworkShape, UnitAt, network_scene,
};
use actiscope_page::plot::scene::Scene;
use actiscope_page::plot::svg::svg;
use actiscope_page::plot::theme::Theme;
use actiscope_page::plot::timeline::{TimelineData, timeline_scene};
use actiscope_page::plot::unit::{UnitData, unit_scene};

use net::{Plan, Run, train};

const THEMES: [(&str, Theme); 3] = [
    ("light", Theme::LIGHT),
    ("dark", Theme::DARK),
    ("contrast", Theme::DARK_CONTRAST),
];
const SIZES: [(&str, Size); 3] = [
    ("small", size(300.0, 220.0)),
    ("panel", size(400.0, 360.0)),
    ("large", size(1200.0, 700.0)),
];

fn relu(z: f64) -> (f64, f64) {
    if z > 0.0 { (z, 1.0) } else { (0.0, 0.0) }
}

fn tanh(z: f64) -> (f64, f64) {
    let t = z.tanh();
    (t, 1.0 - t * t)
}

fn main() -> ExitCode {
    let Some(folder) = std::env::args().nth(1).map(PathBuf::from) else {
        eprintln!("usage: cargo run --example gallery -- OUT_DIR");
        return ExitCode::from(2);
    };
    match write_all(&folder) {
        Ok(n) => {
            println!("{n} pictures in {}", folder.display());
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{}: {error}", folder.display());
            ExitCode::from(2)
        }
    }
}

struct Gallery<'a> {
    folder: &'a Path,
    n: usize,
}

impl Gallery<'_> {
    /// Writes `draw`'s picture in every theme and size.
    fn add(&mut self, name: &str, draw: impl Fn(Size, &Theme) -> Scene) -> std::io::Result<()> {
        for (size_name, size) in SIZES {
            for (theme_name, theme) in THEMES {
                let file = format!("{name}-{size_name}-{theme_name}.svg");
                let scene = draw(size, &theme);
                std::fs::write(self.folder.join(file), svg(&scene, Some(theme.bg)))?;
                self.n += 1;
            }
        }
        Ok(())
    }
}

fn write_all(folder: &Path) -> std::io::Result<usize> {
    std::fs::create_dir_all(folder)?;
    let mut gallery = Gallery { folder, n: 0 };
    let dying = train(&Plan {
        source: DataSource::Circle,
        hidden: &[8, 8, 8],
        function: relu,
        max_abs_slope: 1.0,
        learning_rate: 1.2,
        n_steps: 240,
        seed: 2,
        map_cells: 20,
    });
    let flat = train(&Plan {
        source: DataSource::Spiral,
        hidden: &[8, 8, 8],
        function: tanh,
        max_abs_slope: 1.0,
        learning_rate: 2.0,
        n_steps: 600,
        seed: 1,
        map_cells: 20,
    });
    curves(&mut gallery, &dying, &flat)?;
    histories(&mut gallery, &dying, &flat)?;
    by_layer(&mut gallery, &dying, &flat)?;
    units(&mut gallery, &dying)?;
    networks(&mut gallery, &dying, &flat)?;
    fields(&mut gallery, &dying, &flat)?;
    Ok(gallery.n)
}

fn curves(gallery: &mut Gallery, dying: &Run, flat: &Run) -> std::io::Result<()> {
    let shown = [
        ("relu", "ReLU", relu as net::Function, dying, None),
        ("tanh", "tanh", tanh, flat, Some(-0.74)),
    ];
    for (file, name, function, run, crosshair) in shown {
        let layer = &run.snapshot.layers[0];
        let samples = CurveSamples::new((-4.0, 4.0), Some(1.0), function);
        let data = CurveData {
            name,
            samples: &samples,
            z: Some(LiveZ {
                of: "z of layer 1",
                histogram: &layer.z,
                zero_slope_share: Some(f64::from(layer.zero_slope_share)),
            }),
            crosshair,
        };
        gallery.add(&format!("curve-{file}"), |size, theme| {
            curve_scene(size, theme, &data)
        })?;
    }
    Ok(())
}

fn histories(gallery: &mut Gallery, dying: &Run, flat: &Run) -> std::io::Result<()> {
    for (file, run, is_log) in [("relu", dying, false), ("tanh", flat, true)] {
        let marks = marks(&run.events);
        let last_step = run.snapshot.last_step;
        let data = HistoryData {
            points: &run.snapshot.history,
            n_units: 24,
            last_step,
            marks: &marks,
            is_log,
            cursor: is_log.then_some(420),
            crosshair: is_log.then_some(150),
        };
        gallery.add(&format!("history-{file}"), |size, theme| {
            history_scene(size, theme, &data)
        })?;
        let timeline = TimelineData {
            step: last_step * 3 / 4,
            last_step,
            marks: &marks,
        };
        gallery.add(&format!("timeline-{file}"), |at, theme| {
            timeline_scene(size(at.width, 48.0), theme, &timeline)
        })?;
    }
    Ok(())
}

fn by_layer(gallery: &mut Gallery, dying: &Run, flat: &Run) -> std::io::Result<()> {
    for (file, run) in [("relu", dying), ("tanh", flat)] {
        let data = LayersData {
            selected: Some(1),
            ..LayersData::new(&run.snapshot.layers)
        };
        gallery.add(&format!("layers-{file}"), |size, theme| {
            layers_scene(size, theme, &data)
        })?;
    }
    let rows = (0..=32)
        .map(|l| LayerRow {
            is_output: l == 32,
            n_units: if l == 32 { 0 } else { 128 },
            dead: if l == 32 { 0 } else { (32 - l) * 2 },
            saturated: if l == 32 { 0 } else { l / 3 },
            gradient_rms: 10_f64.powf(0.28 * (l as f64 - 32.0) + 0.3 * (l as f64).sin()),
            z_mean: -0.2,
            z_std: 1.4_f64.powi(l as i32 / 4),
        })
        .map(|row| LayerRow {
            z_mean: -0.2 * row.z_std,
            ..row
        })
        .collect();
    let deep = LayersData {
        rows,
        selected: None,
    };
    gallery.add("layers-deep", |size, theme| {
        layers_scene(size, theme, &deep)
    })
}

fn units(gallery: &mut Gallery, dying: &Run) -> std::io::Result<()> {
    let samples = CurveSamples::new((-8.0, 8.0), Some(1.0), relu);
    let [now, before] = [0, 1].map(|l| &dying.snapshot.layers[l]);
    let unit = now.units[0];
    let data = UnitData {
        name: "layer 1 unit 1",
        health: unit.health,
        z: now.z_of_unit.as_ref().unwrap_or(&now.z),
        before: before.z_of_unit.as_ref(),
        z_mean: f64::from(unit.z_mean),
        z_std: f64::from(unit.z_std),
        zones: &samples.zones,
        z_range: (-4.0, 4.0),
    };
    gallery.add("unit", |at, theme| {
        unit_scene(size(at.width * 0.75, at.height * 0.4), theme, &data)
    })
}

fn networks(gallery: &mut Gallery, dying: &Run, flat: &Run) -> std::io::Result<()> {
    let shape = shape_of(&[8, 8, 8]);
    let dead = |run: &Run| {
        let layers = run.snapshot.layers.iter().enumerate();
        layers
            .flat_map(|(layer, l)| (0..l.units.len()).map(move |unit| UnitAt { layer, unit }))
            .find(|at| run.snapshot.layers[at.layer].units[at.unit].health == Health::Dead)
    };
    for (file, run, is_flashing) in [("relu", dying, true), ("tanh", flat, false)] {
        let flashes: Vec<Flash> = dead(run)
            .filter(|_| is_flashing)
            .and_then(|at| Flash::new(at, Health::Dead, 200.0))
            .into_iter()
            .collect();
        let data = NetworkData {
            shape: &shape,
            layers: &run.snapshot.layers,
            selected: (!is_flashing).then_some(UnitAt { layer: 1, unit: 2 }),
            hovered: None,
            focused: (!is_flashing).then_some(UnitAt { layer: 2, unit: 5 }),
            flashes: &flashes,
        };
        gallery.add(&format!("network-{file}"), |size, theme| {
            network_scene(size, theme, &data)
        })?;
    }
    for (file, hidden) in [
        ("wide", vec![32, 32, 32]),
        ("mixed", vec![64, 3, 128, 16]),
        ("deep", vec![8; 12]),
        ("most", vec![128; 32]),
    ] {
        let shape = shape_of(&hidden);
        gallery.add(&format!("network-{file}"), |size, theme| {
            let layout = NetworkLayout::new(size, theme, &shape);
            let layers = made_up_layers(&shape, layout.map_cells(1.0));
            let data = NetworkData {
                shape: &shape,
                layers: &layers,
                selected: None,
                hovered: None,
                focused: None,
                flashes: &[],
            };
            network_scene(size, theme, &data)
        })?;
    }
    Ok(())
}

fn shape_of(hidden: &[usize]) -> NetworkShape {
    NetworkShape {
        n_inputs: 2,
        hidden: hidden.to_vec(),
        n_outputs: 1,
    }
}

/// Layers too large to train here: random half planes for maps, more dead the deeper.
fn made_up_layers(shape: &NetworkShape, cells: usize) -> Vec<LayerSnapshot> {
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

fn fields(gallery: &mut Gallery, dying: &Run, flat: &Run) -> std::io::Result<()> {
    for (file, run) in [("circle", dying), ("spiral", flat)] {
        let data = FieldData {
            field: &run.snapshot.field,
            extent: f64::from(net::EXTENT),
            x: &run.loaded.x,
            y: &run.loaded.y,
            n_inputs: 2,
            n_train: run.loaded.n_train * 4 / 5,
            n_classes: run.loaded.n_classes,
            accuracy: run.snapshot.accuracy.map(f64::from),
        };
        gallery.add(&format!("field-{file}"), |size, theme| {
            field_scene(size, theme, &data)
        })?;
    }
    let cells = 60;
    let at = |k: usize| 2.4 * (k as f64 + 0.5) / cells as f64 - 1.2;
    let classes: Vec<f32> = (0..cells * cells)
        .map(|i| {
            let angle = at(i / cells).atan2(at(i % cells)) + 3.15;
            (angle / 6.3 * 5.0) as u8 as f32
        })
        .collect();
    let random = Random::new(3, Stream::Test, 0);
    let x: Vec<f32> = (0..400)
        .map(|i| random.uniform_in(i, -1.1, 1.1) as f32)
        .collect();
    let y: Vec<f32> = x
        .chunks_exact(2)
        .map(|p| (((p[1].atan2(p[0])) + 3.15) / 6.3 * -5.0 + 5.0) as u8 as f32)
        .collect();
    let five = FieldData {
        field: &classes,
        extent: 1.2,
        x: &x,
        y: &y,
        n_inputs: 2,
        n_train: 200,
        n_classes: 5,
        accuracy: None,
    };
    gallery.add("field-classes", |size, theme| {
        field_scene(size, theme, &five)
    })?;
    let sine: Vec<f32> = (0..cells * cells)
        .map(|i| (3.0 * at(i % cells)).sin() as f32 * 0.8)
        .collect();
    let y: Vec<f32> = (0..100)
        .map(|i| (3.0 * x[i]).sin() + 0.1 * random.normal(1000 + i as u64) as f32)
        .collect();
    let line = FieldData {
        field: &sine,
        x: &x[..100],
        y: &y,
        n_inputs: 1,
        n_train: 80,
        n_classes: 0,
        ..five
    };
    gallery.add("field-line", |size, theme| field_scene(size, theme, &line))
}
