//! How the layers of a trace are told from each other: color, dash and number.

use actiscope_core::interop::trace::Chart;

use crate::plot::kit::color::Color;
use crate::plot::kit::look::Look;
use crate::plot::kit::scene::Stroke;
use crate::plot::kit::theme::Theme;

/// Of one layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LayerLook {
    /// Of a color and dash of its own.
    Slot(usize),
    Output,
    /// One of too many.
    Quiet,
}

/// Of each layer, by what the charts show of it.
pub fn looks(charts: &[Chart], n_layers: usize) -> Vec<LayerLook> {
    let mut looks = vec![LayerLook::Quiet; n_layers];
    let mut n_slots = 0;
    let lines = charts.iter().flat_map(|chart| &chart.lines);
    for line in lines.filter(|line| !line.is_quiet) {
        let look = line.layer.and_then(|layer| looks.get_mut(layer));
        match look {
            Some(look) if *look == LayerLook::Quiet => {
                *look = match &*line.label {
                    "out" => LayerLook::Output,
                    _ => LayerLook::Slot(n_slots),
                };
                n_slots += usize::from(*look != LayerLook::Output);
            }
            _ => {}
        }
    }
    looks
}

impl LayerLook {
    pub fn of(looks: &[Self], layer: usize) -> Self {
        looks.get(layer).copied().unwrap_or(Self::Quiet)
    }

    /// Of lines and dots.
    pub fn color(self, theme: &Theme) -> Color {
        match self {
            Self::Slot(slot) => Look::of(theme, Some(slot)).color,
            Self::Output => theme.ink2,
            Self::Quiet => theme.ink3,
        }
    }

    /// Of names and numbers.
    pub fn text(self, theme: &Theme) -> Color {
        match self {
            Self::Slot(slot) => Look::of(theme, Some(slot)).text,
            Self::Output | Self::Quiet => theme.ink,
        }
    }

    pub fn stroke(self, theme: &Theme) -> Stroke {
        let width = 1.5 * theme.scale;
        let dash = match self {
            Self::Slot(slot) => Look::of(theme, Some(slot)).dash,
            Self::Output => Some([7.0, 2.0].map(|px| px * theme.scale)),
            Self::Quiet => return Stroke::solid(theme.ink3.fade(0.4), theme.scale),
        };
        Stroke {
            dash,
            ..Stroke::solid(self.color(theme), width)
        }
    }
}
