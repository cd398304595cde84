//! Every chart of the page as an SVG file, in both themes and several sizes, to look at and to compare:
//! `cargo run --example gallery -- OUT_DIR`.

mod net;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use actiscope_core::data::DataSource;
use actiscope_page::plot::curve::{CurveData, CurveSamples, LiveZ, curve_scene};
use actiscope_page::plot::geometry::{Size, size};
use actiscope_page::plot::history::{HistoryData, history_scene};
use actiscope_page::plot::layers::{LayerRow, LayersData, layers_scene};
use actiscope_page::plot::marks::marks;
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
