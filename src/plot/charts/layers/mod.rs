//! How the gradient fares from layer to layer: its RMS on a log axis, a row a layer in the order of
//! the network, with the health of the layer's units and, where there is room, the spread of z.

mod geometry;

use actiscope_core::health::Health;
use actiscope_core::health::mean_field::Fate;
use actiscope_core::protocol::LayerSnapshot;
use plotters::coord::Shift;
use plotters::drawing::DrawingArea;
use plotters_backend::DrawingBackend;

use geometry::PADDING_PX;
pub use geometry::{LayersGeometry, ZColumn};

use crate::plot::charts::depth::signal::fate_in_words;
use crate::plot::kit::geometry::{Point, Rect, Size, point};
use crate::plot::kit::pen::{Pen, TextLook};
use crate::plot::kit::record::{Drawn, record};
use crate::plot::kit::scene::{Align, Scene, Stroke};
use crate::plot::kit::theme::Theme;
use crate::plot::kit::ticks::{count, short};

/// What the chart by layer shows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LayersData {
    /// Hidden layers, then the output layer.
    pub rows: Vec<LayerRow>,
    /// The row that is selected.
    pub selected: Option<usize>,
    /// The row under the pointer.
    pub pointed: Option<usize>,
}

/// One layer.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct LayerRow {
    pub is_output: bool,
    pub n_units: usize,
    pub dead: usize,
    pub saturated: usize,
    /// RMS of dL/dz.
    pub gradient_rms: f64,
    pub z_mean: f64,
    pub z_std: f64,
}

impl LayersData {
    /// From a snapshot's layers.
    pub fn new(layers: &[LayerSnapshot]) -> Self {
        let rows = layers
            .iter()
            .enumerate()
            .map(|(l, layer)| {
                let count = |health| layer.units.iter().filter(|u| u.health == health).count();
                LayerRow {
                    is_output: l + 1 == layers.len(),
                    n_units: layer.units.len(),
                    dead: count(Health::Dead),
                    saturated: count(Health::Saturated),
                    gradient_rms: f64::from(layer.z_gradient_rms),
                    z_mean: f64::from(layer.z_mean),
                    z_std: f64::from(layer.z_std),
                }
            })
            .collect();
        Self {
            rows,
            ..Self::default()
        }
    }

    /// The first hidden layer's gradient over that of the last; `None` with fewer than two, and where there
    /// is none.
    fn hidden_ratio(&self) -> Option<f64> {
        let hidden: Vec<&LayerRow> = self.rows.iter().filter(|row| !row.is_output).collect();
        let [first, .., last] = hidden[..] else {
            return None;
        };
        (last.gradient_rms > 0.0).then(|| first.gradient_rms / last.gradient_rms)
    }

    /// `layer 2 · gradient RMS 0.01 · z −0.3 ± 1.1 · 3 of 8 dead, 1 saturated`
    pub fn read_out(&self, row: usize) -> Option<String> {
        let LayerRow {
            n_units,
            dead,
            saturated,
            gradient_rms,
            z_mean,
            z_std,
            ..
        } = self.rows.get(row)?;
        let mut text = format!(
            "{} · gradient RMS {} · z {} ± {}",
            self.name(row),
            short(*gradient_rms),
            short(*z_mean),
            short(*z_std)
        );
        if *n_units > 0 {
            text += &format!(" · {dead} of {n_units} dead, {saturated} saturated");
        }
        Some(text)
    }

    /// A row a layer.
    pub fn csv(&self) -> String {
        let mut text =
            String::from("layer,units,dead_units,saturated_units,gradient_rms,z_mean,z_std\n");
        for (i, row) in self.rows.iter().enumerate() {
            text += &format!(
                "{},{},{},{},{},{},{}\n",
                self.name(i),
                row.n_units,
                row.dead,
                row.saturated,
                row.gradient_rms,
                row.z_mean,
                row.z_std
            );
        }
        text
    }

    fn name(&self, row: usize) -> String {
        if self.rows[row].is_output {
            "output".into()
        } else {
            format!("layer {}", row + 1)
        }
    }
}

/// The chart as a picture.
pub fn layers_scene(size: Size, theme: &Theme, data: &LayersData) -> Scene {
    record(size, |area| draw_layers(area, size, theme, data))
}

pub fn draw_layers<DB: DrawingBackend>(
    area: &DrawingArea<DB, Shift>,
    size: Size,
    theme: &Theme,
    data: &LayersData,
) -> Drawn<DB> {
    let geometry = LayersGeometry::new(size, theme, data);
    let chart = Chart {
        pen: Pen::new(area, size),
        theme,
        data,
        geometry: &geometry,
    };
    chart.axes()?;
    chart.trend()?;
    for row in 0..data.rows.len() {
        chart.row(row)?;
    }
    chart.crosshair()
}

struct Chart<'a, DB: DrawingBackend> {
    pen: Pen<'a, DB>,
    theme: &'a Theme,
    data: &'a LayersData,
    geometry: &'a LayersGeometry,
}

impl<DB: DrawingBackend> Chart<'_, DB> {
    fn axes(&self) -> Drawn<DB> {
        let (g, t) = (self.geometry, self.theme);
        if let Some(row) = self.data.selected.and_then(|row| g.rows.get(row)) {
            self.pen.fill(*row, t.accent_bg)?;
        }
        let z_axis = g.z.as_ref().map(|z| (&z.ticks, z.plot));
        let axes = [(&g.gradient_ticks, g.gradient_plot)]
            .into_iter()
            .chain(z_axis);
        let look = TextLook::new(t.tick_px(), t.ink3).align(Align::Center);
        for (ticks, plot) in axes {
            let y = plot.bottom() + 4.0 + 0.75 * t.tick_px();
            for tick in ticks {
                let is_zero = tick.value == 0.0;
                let color = if is_zero { t.line } else { t.line2 };
                self.pen
                    .hairline_v(tick.px, (plot.y, plot.bottom()), color)?;
                self.pen.text(&tick.label, point(tick.px, y), look)?;
            }
        }
        if let Some(z) = &g.z {
            let look = look.align(Align::Left);
            for (caption, x) in [
                ("gradient RMS", g.gradient_plot.x),
                ("z, mean ± std", z.plot.x),
            ] {
                self.pen.text(caption, point(x, g.caption_y), look)?;
            }
        }
        let Some(output) = self.data.rows.iter().position(|row| row.is_output) else {
            return Ok(());
        };
        let row = g.rows[output];
        self.pen.hairline_h((0.0, row.right()), row.y, t.line2)
    }

    /// Where rows are too close to be read one by one, a line from dot to dot leads the eye.
    fn trend(&self) -> Drawn<DB> {
        if self.geometry.text_every == 1 {
            return Ok(());
        }
        let dots: Vec<Point> = self
            .data
            .rows
            .iter()
            .enumerate()
            .filter(|(_, row)| row.gradient_rms > 0.0 && row.gradient_rms.is_finite())
            .map(|(i, row)| self.geometry.dot(i, row.gradient_rms))
            .collect();
        let stroke = Stroke::solid(self.theme.ink3, 1.0 * self.theme.scale);
        self.pen.line(&dots, stroke)
    }

    fn row(&self, index: usize) -> Drawn<DB> {
        let (g, t) = (self.geometry, self.theme);
        let row = &self.data.rows[index];
        let area = g.rows[index];
        let y = area.center().y;
        let has_text = index.is_multiple_of(g.text_every);
        if has_text {
            self.texts(index, y)?;
        }
        self.health(row, area)?;
        self.gradient(index, row)?;
        if let Some(z) = &g.z {
            let ends = [row.z_mean - row.z_std, row.z_mean + row.z_std];
            if ends.iter().all(|v| v.is_finite()) {
                let [a, b] = ends.map(|v| z.scale.px_clamped(v));
                let line = [point(a, y), point(b, y)];
                let width = (0.4 * area.height).clamp(1.5, 6.0 * t.scale);
                self.pen
                    .line(&line, Stroke::solid(t.hist.fade(0.8), width))?;
                let x = z.scale.px_clamped(row.z_mean);
                let tick = Rect::new(x - 1.0, y - width, 2.0, 2.0 * width);
                self.pen.fill(tick, t.ink)?;
            }
        }
        Ok(())
    }

    fn crosshair(&self) -> Drawn<DB> {
        let (g, t) = (self.geometry, self.theme);
        let Some((index, text)) = self
            .data
            .pointed
            .and_then(|i| Some((i, self.data.read_out(i)?)))
        else {
            return Ok(());
        };
        let bottom = g.rows.last().map_or(0.0, Rect::bottom);
        let row = g.rows[index];
        let within = Rect::new(PADDING_PX, row.y, row.width - 2.0 * PADDING_PX, row.height);
        let (y, offset) = (
            row.center().y,
            0.5 * row.height.max(1.6 * t.label_px()) + 4.0,
        );
        let y_text = if y + 2.0 * offset < bottom {
            y + offset
        } else {
            y - offset
        };
        self.pen
            .hairline_h((g.gradient_plot.x, row.right()), y, t.ink3)?;
        crate::plot::charts::depth::strips::boxed(
            &self.pen,
            t,
            &text,
            point(row.center().x, y_text),
            &within,
        )
    }

    fn texts(&self, index: usize, y: f64) -> Drawn<DB> {
        let (g, t) = (self.geometry, self.theme);
        let row = &self.data.rows[index];
        let name = match (g.has_long_names, row.is_output) {
            (true, _) => self.data.name(index),
            (false, true) => "out".into(),
            (false, false) => (index + 1).to_string(),
        };
        let look = TextLook::new(t.label_px(), t.ink2);
        self.pen.text(&name, point(PADDING_PX, y), look)?;
        if let Some(x) = g.dead_text
            && row.dead > 0
        {
            let look = TextLook::new(t.tick_px(), t.dead);
            self.pen
                .text(&format!("{} dead", row.dead), point(x, y), look)?;
        }
        let look = TextLook::new(t.tick_px(), t.ink2).align(Align::Right);
        let (value, color) = match row.gradient_rms {
            0.0 => ("none".to_owned(), t.dead),
            v if !v.is_finite() => ("diverged".to_owned(), t.dead),
            v => (short(v), t.ink2),
        };
        let look = TextLook { color, ..look };
        self.pen.text(&value, point(g.value_right, y), look)
    }

    /// Shares of dead, saturated and alive units, in this order from the left.
    fn health(&self, row: &LayerRow, area: Rect) -> Drawn<DB> {
        let (g, t) = (self.geometry, self.theme);
        if row.n_units == 0 {
            return Ok(());
        }
        let height = (area.height - 1.0).clamp(1.0, 8.0 * t.scale);
        let y = area.center().y - height / 2.0;
        let alive = row.n_units - (row.dead + row.saturated).min(row.n_units);
        let mut x = g.health.x;
        for (n, color) in [
            (row.dead, t.dead),
            (row.saturated, t.saturated.fade(0.75)),
            (alive, t.alive.fade(0.35)),
        ] {
            let width = g.health.width * n as f64 / row.n_units as f64;
            if n > 0 {
                self.pen.fill(Rect::new(x, y, width, height), color)?;
            }
            x += width;
        }
        Ok(())
    }

    fn gradient(&self, index: usize, row: &LayerRow) -> Drawn<DB> {
        let (g, t) = (self.geometry, self.theme);
        let dot = g.dot(index, row.gradient_rms);
        let room = g.rows[index].height;
        let radius = (0.3 * room).clamp(1.5, 4.5 * t.scale);
        if row.gradient_rms == 0.0 {
            return self
                .pen
                .ring(dot, radius, Stroke::solid(t.dead, 1.5 * t.scale));
        }
        if !row.gradient_rms.is_finite() {
            return Ok(());
        }
        let stroke = Stroke::solid(t.ink, (0.25 * room).clamp(0.75, 2.0 * t.scale));
        let from = point(g.gradient_plot.x, dot.y);
        self.pen.line(&[from, dot], stroke)?;
        self.pen.disc(dot, radius, t.ink)
    }
}

/// The chart in words.
pub fn describe_layers(data: &LayersData) -> String {
    let Some(last) = data.rows.len().checked_sub(1) else {
        return "Gradient by layer. Nothing has been measured yet.".into();
    };
    let value = |i: usize| match data.rows[i].gradient_rms {
        0.0 => "none".to_owned(),
        v => short(v),
    };
    let least = (0..=last)
        .filter(|&i| data.rows[i].gradient_rms.is_finite())
        .min_by(|&a, &b| {
            let rms = |i: usize| data.rows[i].gradient_rms;
            rms(a).total_cmp(&rms(b))
        })
        .unwrap_or(0);
    let mut text = format!(
        "RMS of the gradient by layer: {} at {}, {} at {}, least at {}: {}.",
        value(0),
        data.name(0),
        value(last),
        data.name(last),
        data.name(least),
        value(least)
    );
    if let Some(ratio) = data.hidden_ratio() {
        let fate = fate_in_words(Fate::of(ratio));
        let last_hidden = data.name(last - 1);
        text += &format!(
            " Through the hidden layers it {fate}: layer 1 gets {} of what {last_hidden} gets.",
            short(ratio)
        );
    }
    for (what, number) in [
        ("Dead", (|row| row.dead) as fn(&LayerRow) -> usize),
        ("Saturated", |row| row.saturated),
    ] {
        let layers: Vec<String> = (0..=last)
            .filter(|&i| number(&data.rows[i]) > 0)
            .map(|i| {
                let row = &data.rows[i];
                let n = count(number(row) as u64);
                format!("{n} of {} in {}", row.n_units, data.name(i))
            })
            .collect();
        if !layers.is_empty() {
            text += &format!(" {what} units: {}.", layers.join(", "));
        }
    }
    text
}

#[cfg(test)]
mod tests;
