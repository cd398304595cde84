//! The data sets that the page brings along as a table: ids for links, labels for the page, what each teaches.

use super::{Collected, DataSource};

/// One of the data sets.
#[derive(Debug)]
pub struct DataInfo {
    /// Stable: links and the shell use it.
    pub id: &'static str,
    pub label: &'static str,
    pub source: DataSource,
    /// What one learns from it, in a sentence.
    pub teaches: &'static str,
    /// What one unit of noise is: the standard deviation that noise 1 has, in input units (2-D
    /// classes: of a sample's position) or in target units (regression). 0 for what is not generated.
    pub noise_unit: f64,
}

/// The data sets, in the order in which a menu shows them.
pub fn catalogue() -> &'static [DataInfo] {
    &CATALOGUE
}

static CATALOGUE: [DataInfo; 12] = [
    DataInfo {
        id: "circle",
        label: "Circle",
        source: DataSource::Circle,
        teaches: "A disc inside a ring: a few bent lines must close around it, so every unit that dies leaves a gap.",
        noise_unit: 1.0,
    },
    DataInfo {
        id: "xor",
        label: "XOR",
        source: DataSource::Xor,
        teaches: "Opposite corners belong together: no single line separates them, and one hidden layer is enough.",
        noise_unit: 1.0,
    },
    DataInfo {
        id: "two_gaussians",
        label: "Two gaussians",
        source: DataSource::TwoGaussians,
        teaches: "Two clouds that one line separates: even a network with most of its units dead manages it.",
        noise_unit: 1.0,
    },
    DataInfo {
        id: "spiral",
        label: "Spiral",
        source: DataSource::Spiral,
        teaches: "Two arms wound around each other: it takes depth and many units that are alive.",
        noise_unit: 0.4,
    },
    DataInfo {
        id: "moons",
        label: "Moons",
        source: DataSource::Moons,
        teaches: "Two crescents that reach into each other: smooth functions bend the border, piecewise linear ones fold it.",
        noise_unit: 0.7,
    },
    DataInfo {
        id: "rings",
        label: "Rings",
        source: DataSource::Rings,
        teaches: "Four rings of alternating class: the network must turn distance from the centre into a wave.",
        noise_unit: 0.5,
    },
    DataInfo {
        id: "checkerboard",
        label: "Checkerboard",
        source: DataSource::Checkerboard,
        teaches: "Sixteen squares of alternating class: many kinks are needed, and a sine has them for free.",
        noise_unit: 0.5,
    },
    DataInfo {
        id: "plane",
        label: "Plane",
        source: DataSource::Plane,
        teaches: "The target is a plane: an identity activation is enough, and a saturating one bends it at the edges.",
        noise_unit: 1.0,
    },
    DataInfo {
        id: "gaussian_bumps",
        label: "Gaussian bumps",
        source: DataSource::GaussianBumps,
        teaches: "Hills and hollows on flat ground: units must answer to a place and fall silent elsewhere.",
        noise_unit: 1.0,
    },
    DataInfo {
        id: "sine",
        label: "Sine",
        source: DataSource::Sine,
        teaches: "One input, two waves: one sees how many kinks each living unit adds to the fitted curve.",
        noise_unit: 1.0,
    },
    DataInfo {
        id: "iris",
        label: "Iris",
        source: DataSource::Collected(Collected::IRIS),
        teaches: "Four lengths of 150 flowers (Fisher 1936): one species stands apart, the other two reach into each other.",
        noise_unit: 0.0,
    },
    DataInfo {
        id: "digits",
        label: "Digits",
        source: DataSource::Collected(Collected::DIGITS),
        teaches: "1,797 handwritten digits of 8 x 8 pixels (Alpaydin, Kaynak 1998): 64 inputs from 0 to 16, which ask to be standardized.",
        noise_unit: 0.0,
    },
];

impl DataSource {
    /// The id of a data set of the catalogue, `csv` or `points`.
    pub fn id(&self) -> &'static str {
        match self {
            Self::Csv(_) => "csv",
            Self::Points(_) => "points",
            source => source.info().map_or("", |info| info.id),
        }
    }

    /// The name of a data set of the catalogue, or of what is a user's own.
    pub fn label(&self) -> &'static str {
        match self {
            Self::Csv(_) => "Your own table",
            Self::Points(_) => "Your own points",
            source => source.info().map_or("", |info| info.label),
        }
    }

    /// The data set of this id.
    pub fn from_id(id: &str) -> Option<Self> {
        let info = CATALOGUE.iter().find(|info| info.id == id)?;
        Some(info.source.clone())
    }

    /// The catalogue's entry; `None` for what is a user's own.
    pub fn info(&self) -> Option<&'static DataInfo> {
        CATALOGUE.iter().find(|info| info.source == *self)
    }
}
