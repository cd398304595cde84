//! The layers at one record, from the input down: what a page draws of each on its row.

pub use super::histogram::{Bar, Histogram};
use super::words::{short, units};
use super::{Framework, Layer, LayerAbout, Trace};
use crate::interop::json::Json;
use crate::observe::Health;

/// Tiles of a layer; of more units each stands for a group of 2, 4, 8 ...
pub const MAX_TILES: usize = 512;
/// Layers whose rows have all of their tiles.
pub const MAX_OPEN_ROWS: usize = 12;

/// Where a unit's tile stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// Dead first by step of death, then saturated, then by the share of samples that pass: area is share.
    #[default]
    Sorted,
    /// As in the model, so that a tile keeps its place over time.
    Model,
}

/// All layers at one record.
#[derive(Clone, Debug, PartialEq)]
pub struct Rows {
    pub record: usize,
    /// "step 28".
    pub step: String,
    pub rows: Vec<Row>,
    /// "369 of 640 (57 %)".
    pub dead: String,
    pub saturated: String,
    /// "loss 1.99 on the probe, accuracy 0.277".
    pub said: String,
}

/// One layer at one record.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    pub layer: usize,
    /// "layer 1", "output".
    pub name: String,
    /// Its activation's name in the code: "net.1".
    pub code: String,
    /// "64 → 256 ReLU"; of a convolution "3 → 32, 3 × 3 ReLU".
    pub shape: String,
    pub is_output: bool,
    /// No count of the output layer.
    pub n_alive: usize,
    pub n_saturated: usize,
    pub n_dead: usize,
    pub tiles: Vec<Tile>,
    /// "each tile is 4 units"; empty where it is one.
    pub note: String,
    pub histogram: Histogram,
    pub z_spread: Measured,
    pub gradient: Measured,
    pub update: Measured,
}

/// A unit, or a group of them.
#[derive(Clone, Debug, PartialEq)]
pub struct Tile {
    /// Units, in the order of the row.
    pub units: Vec<usize>,
    /// Of the one in the middle.
    pub health: Health,
    /// Mean share of probe samples on which the slope is not 0.
    pub passing: f32,
}

/// A number with its dot on a log axis.
#[derive(Clone, Debug, PartialEq)]
pub struct Measured {
    /// "0.0388", "none" of what is exactly 0, "not recorded", "not finite".
    pub text: String,
    /// Along the column's axis, 0 to 1; none where there is no such number. 0 of what is exactly 0.
    pub at: Option<f32>,
    /// Exactly 0 where it should not be, or not finite.
    pub is_bad: bool,
}

/// Powers of ten at which the axes of the columns end.
const Z_AXIS: (f32, f32) = (-1.0, 2.0);
const GRADIENT_AXIS: (f32, f32) = (-5.0, 0.0);
const UPDATE_AXIS: (f32, f32) = (-6.0, 0.0);

impl Trace {
    /// What is drawn of a record. `z_end` is [`TraceView::z_end`](super::TraceView).
    pub fn rows(&self, record: usize, order: Order, z_end: f32) -> Rows {
        let rows = (0..self.layers.len()).filter_map(|layer| self.row(layer, record, order, z_end));
        let share = |n| crate::text::share(n, self.n_units());
        let told = |value: Option<&f32>| value.map_or_else(String::new, |&value| short(value));
        let mut said = format!("loss {} on the probe", told(self.loss.get(record)));
        for (name, values) in &self.metrics {
            if let Some(value) = values.get(record).filter(|value| !value.is_nan()) {
                said.push_str(&format!(", {name} {}", short(*value)));
            }
        }
        Rows {
            record,
            step: format!("step {}", self.step(record)),
            rows: rows.collect(),
            dead: share(self.n_dead(record)),
            saturated: share(self.n_saturated(record)),
            said,
        }
    }

    fn row(&self, layer: usize, record: usize, order: Order, z_end: f32) -> Option<Row> {
        let of = self.layers.get(layer)?;
        let n = |counts: &[u32]| counts.get(record).map_or(0, |&n| n as usize);
        let (n_dead, n_saturated) = (n(&of.dead), n(&of.saturated));
        let n_units = of.about.n_units;
        let (tiles, group) = match of.about.is_output {
            true => (Vec::new(), 1),
            false => self.tiles(layer, record, order),
        };
        let value = |values: &[f32]| values.get(record).copied().unwrap_or(f32::NAN);
        Some(Row {
            layer,
            name: if of.about.is_output {
                "output".into()
            } else {
                self.layer_name(layer)
            },
            code: of.about.name(),
            shape: of.about.described(),
            is_output: of.about.is_output,
            n_alive: n_units.saturating_sub(n_dead + n_saturated),
            n_saturated,
            n_dead,
            tiles,
            note: note(of, group),
            histogram: self.histogram(layer, record, z_end),
            z_spread: Measured::new(value(&of.z_spread), Z_AXIS),
            gradient: Measured::new(value(&of.z_gradient_rms), GRADIENT_AXIS),
            update: Measured::new(value(&of.update_ratio), UPDATE_AXIS),
        })
    }

    /// And how many units each stands for.
    fn tiles(&self, layer: usize, record: usize, order: Order) -> (Vec<Tile>, usize) {
        let units = self.ordered(layer, record, order);
        let group = units.len().div_ceil(MAX_TILES).next_power_of_two();
        let tile = |units: &[usize]| {
            let passing = units.iter().map(|&unit| self.passing(layer, record, unit));
            let middle = units.get(units.len() / 2).copied().unwrap_or_default();
            Tile {
                health: self.health(layer, record, middle),
                passing: passing.sum::<f32>() / units.len() as f32,
                units: units.to_vec(),
            }
        };
        (units.chunks(group).map(tile).collect(), group)
    }

    /// The units of a layer in the order in which they are shown.
    pub fn ordered(&self, layer: usize, record: usize, order: Order) -> Vec<usize> {
        let n_units = self
            .layers
            .get(layer)
            .map_or(0, |layer| layer.about.n_units);
        let mut units: Vec<usize> = (0..n_units).collect();
        if order == Order::Sorted {
            units.sort_by_cached_key(|&unit| match self.health(layer, record, unit) {
                Health::Dead => (0, self.since(layer, record, unit) as u32),
                Health::Saturated => (1, self.passing(layer, record, unit).to_bits()),
                // Positive floats are ordered as their bits are.
                Health::Alive => (2, self.passing(layer, record, unit).to_bits()),
            });
        }
        units
    }
}

fn note(layer: &Layer, group: usize) -> String {
    let mut parts = Vec::new();
    let every = layer.about.every();
    if every > 1 {
        parts.push(format!(
            "every {every}th of {} units was recorded",
            layer.about.of
        ));
    }
    if group > 1 {
        parts.push(format!("each tile is {group} {}", units(group)));
    }
    parts.join("; ")
}

impl Measured {
    /// `ends`: powers of ten.
    fn new(value: f32, ends: (f32, f32)) -> Self {
        let (low, high) = ends;
        let (text, at, is_bad) = if value.is_nan() {
            ("not recorded".into(), None, false)
        } else if value.is_infinite() {
            ("not finite".into(), None, true)
        } else if value == 0.0 {
            ("none".into(), Some(0.0), true)
        } else {
            let at = (libm::log10f(value.abs()) - low) / (high - low);
            (short(value), Some(at.clamp(0.0, 1.0)), false)
        };
        Self { text, at, is_bad }
    }
}

impl LayerAbout {
    /// By which one finds it in the code: "net.1", "relu 2 in Net.forward", "dense_1"; of the output the layer with its
    /// weights.
    pub fn name(&self) -> String {
        let is_named = self.is_module || self.framework == Framework::Keras;
        if self.function == "identity" {
            self.weights.clone()
        } else if is_named {
            self.module.clone()
        } else {
            let call = if self.call > 1 {
                format!(" {}", self.call)
            } else {
                String::new()
            };
            format!("{}{call} in {}.forward", self.function, self.class)
        }
    }

    /// "64 → 256 ReLU".
    pub fn described(&self) -> String {
        let framework = self.framework;
        let function = match self.function.as_str() {
            "identity" => "",
            _ if self.is_module && framework == Framework::PyTorch => &self.class,
            function => function,
        };
        // The framework's own order of a weight's sizes.
        let sizes = match (framework, &self.shape[..]) {
            (Framework::PyTorch, [to, from, kernel @ ..]) if self.kind.contains("transpose") => {
                Some((to, from, kernel))
            }
            (Framework::PyTorch, [to, from, kernel @ ..]) => Some((from, to, kernel)),
            (Framework::Keras, [kernel @ .., from, to]) => Some((from, to, kernel)),
            _ => None,
        };
        let Some((from, to, kernel)) = sizes else {
            return format!("{} {} {function}", self.of, units(self.of))
                .trim_end()
                .to_owned();
        };
        let mut text = format!("{from} → {to}");
        if !kernel.is_empty() {
            let kernel: Vec<String> = kernel.iter().map(usize::to_string).collect();
            text.push_str(&format!(", {}", kernel.join(" × ")));
        }
        format!("{text} {function}").trim_end().to_owned()
    }

    /// As it is written in the code: `nn.LeakyReLU(0.01)` of PyTorch has the arguments `0.01`.
    pub(super) fn args_told(&self) -> String {
        let told = |(name, value): &(String, Json)| {
            let value = match value {
                Json::Number(value) => super::code::python(*value),
                Json::Text(text) => crate::interop::json::quoted(text),
                Json::Bool(true) => "True".into(),
                Json::Bool(false) => "False".into(),
                _ => return None,
            };
            let is_place = name.bytes().all(|byte| byte.is_ascii_digit());
            Some(if is_place {
                value
            } else {
                format!("{name}={value}")
            })
        };
        let told: Vec<String> = self.args.iter().filter_map(told).collect();
        told.join(", ")
    }
}
