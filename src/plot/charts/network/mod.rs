//! The network: every unit a tile with its response map, an outline and a shape for its health, and
//! edges by weight. What health is can be read without colour: alive is round, saturated is a
//! dashed square, dead is a square with a cross.

mod draw;
mod edges;
mod fit;
mod keys;
mod layout;
mod maps;
mod tile;

use actiscope_core::health::Health;
use actiscope_core::protocol::{LayerSnapshot, UnitSnapshot};

pub use draw::network_scene;
pub use edges::{Edge, strongest_edges};
pub use keys::{Move, neighbour};
pub use layout::{Detail, LayerLayout, NetworkLayout, NetworkShape, UnitAt};
pub use maps::MapAtlas;
pub use tile::{draw_tile_outline, draw_unit_tile, tile_scene};

use crate::plot::kit::ticks::{percent, short};

/// What the network panel shows.
#[derive(Clone, Copy, Debug)]
pub struct NetworkData<'a> {
    pub shape: &'a NetworkShape,
    /// Of the snapshot: hidden layers, then the output layer. Empty before the first.
    pub layers: &'a [LayerSnapshot],
    pub selected: Option<UnitAt>,
    /// Under the pointer.
    pub hovered: Option<UnitAt>,
    /// Has the keyboard.
    pub focused: Option<UnitAt>,
    pub flashes: &'a [Flash],
}

/// A unit whose health has just changed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Flash {
    pub at: UnitAt,
    /// What it became.
    pub health: Health,
    /// 0 at the change, 1 when the flash is over.
    pub progress: f64,
}

/// A flash lasts this long, once.
pub const FLASH_MS: f64 = 600.0;

impl Flash {
    /// The flash of a change `elapsed_ms` ago; `None` when it is over.
    pub fn new(at: UnitAt, health: Health, elapsed_ms: f64) -> Option<Self> {
        (0.0..FLASH_MS).contains(&elapsed_ms).then(|| Self {
            at,
            health,
            progress: elapsed_ms / FLASH_MS,
        })
    }
}

impl NetworkData<'_> {
    fn unit(&self, at: UnitAt) -> Option<&UnitSnapshot> {
        self.layers.get(at.layer)?.units.get(at.unit)
    }

    fn health(&self, at: UnitAt) -> Health {
        self.unit(at).map_or(Health::Alive, |unit| unit.health)
    }

    /// Units of a hidden layer with this health.
    fn count(&self, layer: usize, health: Health) -> usize {
        self.layers.get(layer).map_or(0, |layer| {
            let units = layer.units.iter();
            units.filter(|unit| unit.health == health).count()
        })
    }
}

/// `Layer 1 unit 3, dead: z from −3.2 to −0.1, mean −1.4; 100 % of samples at or below 0.`
pub fn describe_network_unit(at: UnitAt, unit: &UnitSnapshot) -> String {
    let health = match unit.health {
        Health::Alive => "alive",
        Health::Saturated => "saturated",
        Health::Dead => "dead",
    };
    format!(
        "Layer {} unit {}, {health}: z from {} to {}, mean {}; {} of samples at or below 0.",
        at.layer + 1,
        at.unit + 1,
        short(f64::from(unit.z_min)),
        short(f64::from(unit.z_max)),
        short(f64::from(unit.z_mean)),
        percent(f64::from(unit.negative_fraction))
    )
}

/// The panel in words.
pub fn describe_network(data: &NetworkData) -> String {
    let shape = data.shape;
    let hidden: Vec<String> = shape.hidden.iter().map(usize::to_string).collect();
    let mut text = format!(
        "Network with {} inputs, hidden layers of {} units and {} outputs.",
        shape.n_inputs,
        hidden.join(", "),
        shape.n_outputs
    );
    if shape.n_inputs == 1 {
        text = text.replace("1 inputs", "1 input");
    }
    if shape.n_outputs == 1 {
        text = text.replace("1 outputs", "1 output");
    }
    if data.layers.is_empty() {
        return text;
    }
    let n_units: usize = shape.hidden.iter().sum();
    let all = |health| -> usize {
        (0..shape.hidden.len())
            .map(|layer| data.count(layer, health))
            .sum()
    };
    text += &format!(
        " Of {n_units} units {} are alive, {} saturated and {} dead.",
        all(Health::Alive),
        all(Health::Saturated),
        all(Health::Dead)
    );
    let dead: Vec<String> = (0..shape.hidden.len())
        .filter_map(|layer| match data.count(layer, Health::Dead) {
            0 => None,
            n if n == shape.hidden[layer] => Some(format!("all of layer {}", layer + 1)),
            n => Some(format!(
                "{n} of {} in layer {}",
                shape.hidden[layer],
                layer + 1
            )),
        })
        .collect();
    if !dead.is_empty() {
        text += &format!(" Dead are {}.", dead.join(", "));
    }
    text
}

#[cfg(test)]
mod tests;
