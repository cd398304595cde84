//! Every panel with data that shows what it can.

use std::rc::Rc;

use actiscope_core::activation::{Activation, ActivationSpec, catalogue};
use actiscope_core::health::{Health, mean_field};
use actiscope_core::protocol::LayerSnapshot;
use actiscope_core::random::{Random, Stream};
use actiscope_core::scenario::Scenario;
use actiscope_page::plot::charts::curve::{CurveData, CurveSamples, LiveZ, curve_scene};
use actiscope_page::plot::charts::depth::dots_scene;
use actiscope_page::plot::charts::depth::signal::signal_dots;
use actiscope_page::plot::charts::field::{FieldData, field_key_scene, field_scene};
use actiscope_page::plot::charts::history::{HistoryData, history_scene};
use actiscope_page::plot::charts::layers::{LayersData, layers_scene};
use actiscope_page::plot::charts::network::{
    Flash, NetworkData, NetworkLayout, NetworkShape, UnitAt, network_scene,
};
use actiscope_page::plot::charts::timeline::{TimelineData, timeline_scene};
use actiscope_page::plot::charts::unit::{UnitData, unit_scene};
use actiscope_page::plot::kit::geometry::{self, Point, Size, point, size};
use actiscope_page::plot::kit::marks::marks;
use actiscope_page::plot::kit::scene::{Align, Scene, Shape, Text};
use actiscope_page::plot::kit::theme::Theme;

use crate::trained::{EXTENT, Run, scenario, train};

type Draw = Box<dyn Fn(Size, &Theme) -> Scene>;

/// The opening network, whose units die.
const DYING: &str = "v=1&t=0.2";
/// One whose units saturate.
const FLAT: &str = "v=1&t=0.2&d=spiral&a=tanh&lr=2&s=1";
/// So deep that its gradient vanishes on the way down.
const DEEP: &str = "v=1&a=sigmoid&i=glorot_uniform&lr=0.1";

/// A name for files, and how to draw it.
pub struct Picture {
    pub name: String,
    pub draw: Draw,
}

#[derive(Default)]
pub struct Pictures(Vec<Picture>);

impl Pictures {
    pub fn add(&mut self, name: impl Into<String>, draw: impl Fn(Size, &Theme) -> Scene + 'static) {
        self.0.push(Picture {
            name: name.into(),
            draw: Box::new(draw),
        });
    }
}

pub fn pictures() -> Vec<Picture> {
    let dying = Rc::new(train(scenario(DYING), 240, 20));
    let flat = Rc::new(train(scenario(FLAT), 600, 20));
    let mut all = Pictures::default();
    curves(&mut all, &dying, &flat);
    every_function(&mut all);
    histories(&mut all, &dying, &flat);
    by_layer(&mut all, &dying, &flat);
    signal(&mut all);
    units(&mut all, &dying);
    networks(&mut all, &dying, &flat);
    fields(&mut all, &dying, &flat);
    crate::classify::add(&mut all);
    all.0
}

fn samples_of(spec: &ActivationSpec, z_range: (f64, f64)) -> CurveSamples {
    let activation = Activation::resolve(spec).expect("an entry of the catalogue resolves");
    CurveSamples::of(&activation, z_range)
}

fn curves(all: &mut Pictures, dying: &Rc<Run>, flat: &Rc<Run>) {
    for (id, name, run, crosshair) in [
        ("relu", "ReLU", dying, None),
        ("tanh", "tanh", flat, Some(-0.74)),
    ] {
        let samples = samples_of(&ActivationSpec::new(id), (-4.0, 4.0));
        let run = Rc::clone(run);
        all.add(format!("curve-{id}"), move |size, theme| {
            let layer = &run.snapshot.layers[0];
            let z = LiveZ {
                of: "z of layer 1",
                histogram: &layer.z,
                zero_slope_share: Some(f64::from(layer.zero_slope_share)),
            };
            let data = CurveData {
                name,
                samples: &samples,
                z: Some(z),
                crosshair,
            };
            curve_scene(size, theme, &data)
        });
    }
}

/// The whole catalogue, side by side.
fn every_function(all: &mut Pictures) {
    all.add("curve-catalogue", |whole, theme| {
        let n_columns = (whole.width / 230.0).floor().max(1.0) as usize;
        let cell = size(whole.width / n_columns as f64, 190.0);
        let n_rows = catalogue().len().div_ceil(n_columns);
        let mut sheet = Scene::new(size(whole.width, cell.height * n_rows as f64));
        for (i, entry) in catalogue().iter().enumerate() {
            let corner = point(
                (i % n_columns) as f64 * cell.width,
                (i / n_columns) as f64 * cell.height,
            );
            let samples = samples_of(&ActivationSpec::new(entry.id), (-5.0, 5.0));
            let data = CurveData {
                name: entry.name,
                samples: &samples,
                z: None,
                crosshair: None,
            };
            let scene = curve_scene(size(cell.width - 16.0, cell.height - 28.0), theme, &data);
            sheet.shapes.push(Shape::Text(Text {
                at: point(corner.x, corner.y + 14.0),
                text: entry.name.to_owned(),
                font_px: theme.label_px(),
                is_bold: true,
                align: Align::Left,
                color: theme.ink2,
            }));
            sheet.append(
                scene,
                Point {
                    y: corner.y + 20.0,
                    ..corner
                },
            );
        }
        sheet
    });
}

fn histories(all: &mut Pictures, dying: &Rc<Run>, flat: &Rc<Run>) {
    for (file, run, is_log) in [("relu", dying, false), ("tanh", flat, true)] {
        let marks = Rc::new(marks(&run.events));
        let last_step = run.snapshot.last_step;
        let (of_history, run) = (Rc::clone(&marks), Rc::clone(run));
        all.add(format!("history-{file}"), move |size, theme| {
            let data = HistoryData {
                points: &run.snapshot.history,
                n_units: 24,
                last_step,
                ghosts: &[],
                marks: &of_history,
                is_log,
                is_log_x: false,
                cursor: is_log.then_some(420),
                crosshair: is_log.then_some(150),
            };
            history_scene(size, theme, &data)
        });
        all.add(format!("timeline-{file}"), move |at, theme| {
            let data = TimelineData {
                step: last_step * 3 / 4,
                last_step,
                marks: &marks,
            };
            timeline_scene(size(at.width, 48.0), theme, &data)
        });
    }
}

fn by_layer(all: &mut Pictures, dying: &Rc<Run>, flat: &Rc<Run>) {
    for (file, run) in [("relu", dying), ("tanh", flat)] {
        let data = LayersData {
            selected: Some(1),
            ..LayersData::new(&run.snapshot.layers)
        };
        all.add(format!("layers-{file}"), move |size, theme| {
            layers_scene(size, theme, &data)
        });
    }
    let deep = train(with_hidden(DEEP, &[64; 32]), 20, 0);
    let deep = LayersData::new(&deep.snapshot.layers);
    all.add("layers-deep", move |size, theme| {
        layers_scene(size, theme, &deep)
    });
}

/// What theory says of a deep sigmoid network, and how it begins.
fn signal(all: &mut Pictures) {
    let scenario = with_hidden(DEEP, &[8; 10]);
    let f = Activation::resolve(&scenario.network.activation).expect("the catalogue has it");
    let theory = mean_field::signal(&scenario.network, |z| f.f(z), |z| f.slope(z), 0.3);
    let layers = train(scenario, 0, 0).snapshot.layers;
    let dots = signal_dots(&layers, &theory);
    all.add("signal-sigmoid", move |size, theme| {
        dots_scene(size, theme, &dots)
    });
}

/// A dead unit, and what it was at first.
fn units(all: &mut Pictures, dying: &Rc<Run>) {
    let samples = samples_of(&ActivationSpec::new("relu"), (-8.0, 8.0));
    let at = first_dead(dying).expect("units of the opening network die");
    let mut scenario = scenario(DYING);
    scenario.view.layer = at.layer;
    scenario.view.unit = Some(at.unit);
    let [before, now] = [0, 240].map(|n| train(scenario.clone(), n, 0).snapshot.layers);
    all.add("unit", move |whole, theme| {
        let z_of = |layers: &[LayerSnapshot]| layers[at.layer].z_of_unit.clone();
        let (before, z) = (z_of(&before), z_of(&now).expect("the view names the unit"));
        let unit = now[at.layer].units[at.unit];
        let name = format!("layer {} unit {}", at.layer + 1, at.unit + 1);
        let data = UnitData {
            name: &name,
            health: unit.health,
            z: &z,
            before: before.as_ref(),
            z_mean: f64::from(unit.z_mean),
            z_std: f64::from(unit.z_std),
            zones: &samples.zones,
            z_range: (-4.0, 4.0),
        };
        unit_scene(size(whole.width * 0.75, whole.height * 0.4), theme, &data)
    });
}

fn first_dead(run: &Run) -> Option<UnitAt> {
    let layers = run.snapshot.layers.iter().enumerate();
    layers
        .flat_map(|(layer, l)| (0..l.units.len()).map(move |unit| UnitAt { layer, unit }))
        .find(|at| run.snapshot.layers[at.layer].units[at.unit].health == Health::Dead)
}

fn networks(all: &mut Pictures, dying: &Rc<Run>, flat: &Rc<Run>) {
    for (file, run, is_flashing) in [("relu", dying, true), ("tanh", flat, false)] {
        let run = Rc::clone(run);
        let flash = first_dead(&run)
            .filter(|_| is_flashing)
            .and_then(|at| Flash::new(at, Health::Dead, 200.0));
        all.add(format!("network-{file}"), move |size, theme| {
            let flashes: Vec<Flash> = flash.into_iter().collect();
            let data = NetworkData {
                shape: &shape_of(&[8, 8, 8]),
                layers: &run.snapshot.layers,
                selected: (!is_flashing).then_some(UnitAt { layer: 1, unit: 2 }),
                hovered: None,
                focused: (!is_flashing).then_some(UnitAt { layer: 2, unit: 5 }),
                flashes: &flashes,
            };
            network_scene(size, theme, &data)
        });
    }
    for (file, hidden) in [
        ("wide", vec![32, 32, 32]),
        ("mixed", vec![64, 3, 128, 16]),
        ("deep", vec![8; 12]),
        ("most", vec![128; 32]),
    ] {
        let shape = shape_of(&hidden);
        all.add(format!("network-{file}"), move |size, theme| {
            let layout = NetworkLayout::new(size, theme, &shape);
            let large = with_hidden(DYING, &hidden);
            let run = train(large, 5, layout.map_cells(1.0));
            let data = NetworkData {
                shape: &shape,
                layers: &run.snapshot.layers,
                selected: None,
                hovered: None,
                focused: None,
                flashes: &[],
            };
            network_scene(size, theme, &data)
        });
    }
}

/// The scenario of a link with other layers.
fn with_hidden(link: &str, hidden: &[usize]) -> Scenario {
    let mut scenario = scenario(link);
    scenario.network.hidden = hidden.to_vec();
    scenario
}

fn shape_of(hidden: &[usize]) -> NetworkShape {
    NetworkShape {
        n_inputs: 2,
        hidden: hidden.to_vec(),
        n_outputs: 1,
    }
}

fn fields(all: &mut Pictures, dying: &Rc<Run>, flat: &Rc<Run>) {
    for (file, run) in [("circle", dying), ("spiral", flat)] {
        let run = Rc::clone(run);
        all.add(format!("field-{file}"), move |size, theme| {
            let data = FieldData {
                field: &run.snapshot.field,
                extent: f64::from(EXTENT),
                x: &run.loaded.x,
                y: &run.loaded.y,
                n_inputs: 2,
                n_train: run.loaded.n_train,
                n_classes: run.loaded.n_classes,
                accuracy: run.snapshot.accuracy.map(f64::from),
                threshold: 0.5,
                center: [0.0, 0.0],
                axes: None,
            };
            let mut scene = field_scene(size, theme, &data);
            let key = geometry::size(size.width, 24.0 * theme.scale);
            scene.size.height += key.height;
            scene.append(field_key_scene(key, theme, &data), point(0.0, size.height));
            scene
        });
    }
    const CELLS: usize = 60;
    let at = |k: usize| 2.4 * (k as f64 + 0.5) / CELLS as f64 - 1.2;
    // One of five sectors, counted against the clock.
    let sector = |x: f64, y: f64| {
        let turn = y.atan2(x) / std::f64::consts::TAU + 0.5;
        (turn * 5.0).min(4.0).floor() as f32
    };
    let classes: Vec<f32> = (0..CELLS * CELLS)
        .map(|i| sector(at(i % CELLS), -at(i / CELLS)))
        .collect();
    let random = Random::new(3, Stream::Test, 0);
    let x: Vec<f32> = (0..400)
        .map(|i| random.uniform_in(i, -1.1, 1.1) as f32)
        .collect();
    let y: Vec<f32> = x
        .chunks_exact(2)
        .map(|p| sector(f64::from(p[0]), f64::from(p[1])))
        .collect();
    let inputs = x[..100].to_vec();
    all.add("field-classes", move |size, theme| {
        let data = FieldData {
            field: &classes,
            extent: 1.2,
            x: &x,
            y: &y,
            n_inputs: 2,
            n_train: 200,
            n_classes: 5,
            accuracy: None,
            threshold: 0.5,
            center: [0.0, 0.0],
            axes: None,
        };
        field_scene(size, theme, &data)
    });
    let answers: Vec<f32> = (0..CELLS * CELLS)
        .map(|i| 0.8 * (3.0 * at(i % CELLS)).sin() as f32)
        .collect();
    let targets: Vec<f32> = (0..100)
        .map(|i| (3.0 * inputs[i]).sin() + 0.1 * random.normal(1000 + i as u64) as f32)
        .collect();
    all.add("field-line", move |size, theme| {
        let data = FieldData {
            field: &answers,
            extent: 1.2,
            x: &inputs,
            y: &targets,
            n_inputs: 1,
            n_train: 80,
            n_classes: 0,
            accuracy: None,
            threshold: 0.5,
            center: [0.0, 0.0],
            axes: None,
        };
        field_scene(size, theme, &data)
    });
}
