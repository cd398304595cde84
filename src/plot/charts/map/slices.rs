//! The row and the column through the crosshair, on the axes of the map: the value as steps, each network a dot; of shares
//! of units what they are made of.

use actiscope_core::map::MapValue;
use actiscope_core::protocol::Measure;

use super::{Chart, Tint};
use crate::plot::kit::color::Color;
use crate::plot::kit::geometry::{Point, Rect, point};
use crate::plot::kit::scene::{Paint, Shape, Stroke};
use crate::plot::kit::sketch::{centred, plain, right};
use crate::plot::kit::text;
use actiscope_core::text::number;

/// A cell of a slice: from edge to edge along the map, from 0 to 1 along the value.
#[derive(Clone, Debug, PartialEq)]
struct Step {
    edges: (f64, f64),
    tint: Tint,
    /// Shares of dead and of dead or saturated units, where the value is such a share.
    layers: Option<[f64; 2]>,
    dots: Vec<f64>,
}

impl Chart<'_> {
    pub(super) fn row(&mut self, space: Rect) {
        let (g, t, font_px) = (self.g, self.theme, self.theme.tick_px());
        let place =
            move |along: f64, value: f64| point(along, space.bottom() - value * space.height);
        for at in [0.0, 0.5, 1.0] {
            let y = space.bottom() - at * space.height;
            self.sketch.hairline_h((space.x, space.right()), y, t.line2);
            if at != 0.5 || space.height > 5.0 * font_px {
                let label = self.data.key.text(self.data.key.at(at));
                self.sketch
                    .text(&label, point(space.x - 7.0, y), right(font_px, t.ink3));
            }
        }
        let Some((_, iy)) = self.data.at else { return };
        let steps = (0..self.data.map.x.n).map(|ix| self.step((ix, iy), g.x.edges(ix)));
        let steps: Vec<Step> = steps.collect();
        self.steps(&steps, &place, |a, b| {
            Rect::new(a, space.y, b - a, space.height)
        });
        if let Some((ix, _)) = self.data.at {
            self.value_here(ix, &steps, &place);
        }
        self.legend(
            point(space.x, space.bottom() + 1.1 * font_px),
            iy,
            space.width,
        );
    }

    pub(super) fn column(&mut self, space: Rect) {
        let (g, t, font_px) = (self.g, self.theme, self.theme.tick_px());
        let place = move |along: f64, value: f64| point(space.x + value * space.width, along);
        let y = space.bottom() + 5.0 + 0.75 * font_px;
        for (at, look) in [
            (0.0, plain(font_px, t.ink3)),
            (0.5, centred(font_px, t.ink3)),
            (1.0, right(font_px, t.ink3)),
        ] {
            let x = space.x + at * space.width;
            self.sketch
                .hairline_v(x, (space.y, space.bottom()), t.line2);
            let label = self.data.key.text(self.data.key.at(at));
            self.sketch.text(&label, point(x, y), look);
        }
        let Some((ix, iy)) = self.data.at else { return };
        let steps = (0..self.data.map.y.n).map(|iy| self.step((ix, iy), g.y.edges(iy)));
        let steps: Vec<Step> = steps.collect();
        self.steps(&steps, &place, |a, b| {
            Rect::new(space.x, a.min(b), space.width, (a - b).abs())
        });
        self.value_here(iy, &steps, &place);
        let words = format!(
            "at {} {}",
            lower(self.data.names[0]),
            number(self.data.map.x.value(ix), 3)
        );
        let at = point(space.right(), g.field.y - 0.8 * font_px);
        self.sketch.text(&words, at, right(font_px, t.ink2));
    }

    fn step(&self, (ix, iy): (u32, u32), edges: (f64, f64)) -> Step {
        let (data, key) = (self.data, &self.data.key);
        let known = data.stand_in((ix, iy));
        let tint = known.map_or(Tint::Unknown, |cell| data.own_tint(cell));
        let shares = [
            MapValue::Dead,
            MapValue::Saturated,
            MapValue::DeadOrSaturated,
        ];
        // As wide as the cell that stands in on the map.
        let layers = known
            .filter(|_| shares.contains(&data.value))
            .map(|(ix, iy)| {
                let share = |value| data.map.value(ix, iy, value).unwrap_or(0.0);
                [share(MapValue::Dead), share(MapValue::DeadOrSaturated)]
            });
        // Networks are dots of their own cell alone.
        let lasting = data
            .map
            .cell(ix, iy)
            .filter(|m: &&Measure| m.diverged_at.is_none());
        let dots = lasting
            .filter_map(|measure| data.value.of(measure))
            .map(|v| key.place(v));
        Step {
            edges,
            tint,
            layers: layers.filter(|_| matches!(tint, Tint::At(_))),
            dots: match data.map.seeds {
                1 => Vec::new(),
                _ => dots.collect(),
            },
        }
    }

    fn steps(
        &mut self,
        steps: &[Step],
        place: &dyn Fn(f64, f64) -> Point,
        whole: impl Fn(f64, f64) -> Rect,
    ) {
        let t = self.theme;
        let bar =
            |a: f64, b: f64, low: f64, high: f64| Rect::from_corners(place(a, low), place(b, high));
        for step in steps {
            let (a, b) = step.edges;
            if let Some([dead, either]) = step.layers {
                self.sketch
                    .fill(bar(a, b, 0.0, dead), 0.0, t.dead.fade(0.7));
                self.sketch
                    .fill(bar(a, b, dead, either), 0.0, t.saturated.fade(0.4));
            } else if let Tint::At(value) = step.tint {
                self.sketch
                    .fill(bar(a, b, 0.0, value), 0.0, t.hist.fade(0.25));
            }
        }
        // Runs of cells that diverged have one hatching.
        for run in steps.chunk_by(|a, b| a.tint == b.tint) {
            if let [first, ..] = run
                && first.tint == Tint::Diverged
            {
                let last = &run[run.len() - 1];
                self.hatch(whole(first.edges.0, last.edges.1));
            }
        }
        // Neighbours join; what has no value parts them.
        for run in steps.chunk_by(|a, b| is_value(a.tint) && is_value(b.tint)) {
            let corners = run.iter().filter_map(|step| match step.tint {
                Tint::At(value) => Some([place(step.edges.0, value), place(step.edges.1, value)]),
                _ => None,
            });
            let line: Vec<Point> = corners.flatten().collect();
            if !line.is_empty() {
                self.sketch.line(line, Stroke::solid(t.ink, 1.5 * t.scale));
            }
        }
        for step in steps {
            let middle = 0.5 * (step.edges.0 + step.edges.1);
            for dot in &step.dots {
                self.dot(place(middle, *dot), 1.2 * t.scale, t.ink.fade(0.5));
            }
        }
    }

    fn value_here(&mut self, i: u32, steps: &[Step], place: &dyn Fn(f64, f64) -> Point) {
        let t = self.theme;
        if let Some(Step {
            edges,
            tint: Tint::At(value),
            ..
        }) = steps.get(i as usize)
        {
            let at = place(0.5 * (edges.0 + edges.1), *value);
            self.dot(at, 5.0 * t.scale, t.bg);
            self.dot(at, 3.5 * t.scale, t.ink);
        }
    }

    fn dot(&mut self, center: Point, radius: f64, color: Color) {
        self.sketch.scene.shapes.push(Shape::Circle {
            center,
            radius,
            paint: Paint::fill(color),
        });
    }

    /// What the row shows, in its colours.
    fn legend(&mut self, at: Point, iy: u32, room: f64) {
        let (t, font_px) = (self.theme, self.theme.tick_px());
        let here = format!(
            "at {} {}",
            lower(self.data.names[1]),
            number(self.data.map.y.value(iy), 3)
        );
        let is_share = matches!(
            self.data.value,
            MapValue::Dead | MapValue::Saturated | MapValue::DeadOrSaturated
        );
        let parts: Vec<(&str, Color, bool)> = match is_share {
            true => vec![
                ("dead", t.dead, true),
                ("and", t.ink2, false),
                ("saturated", t.saturated, true),
            ],
            false => Vec::new(),
        };
        let tail = match self.data.map.seeds {
            1 => here,
            _ => format!("{here}, each seed a dot"),
        };
        let named = format!("{} →", self.data.names[0]);
        let space = 0.35 * font_px;
        let width = |label: &str, is_bold: bool| text::width(label, font_px, is_bold) + space;
        let before: f64 = parts
            .iter()
            .map(|(label, _, is_bold)| width(label, *is_bold))
            .sum();
        // Where there is no room for both, the name of the axis is what is needed.
        if before + width(&tail, false) + width(&named, false) > room {
            return;
        }
        let mut x = at.x;
        for (label, color, is_bold) in parts.into_iter().chain([(&*tail, t.ink2, false)]) {
            let look = plain(font_px, color);
            let look = if is_bold { look.bold() } else { look };
            self.sketch.text(label, point(x, at.y), look);
            x += width(label, is_bold);
        }
    }
}

fn is_value(tint: Tint) -> bool {
    matches!(tint, Tint::At(_))
}

/// "learning rate", within a sentence; "L2" and "BatchNorm" stay.
pub fn lower(name: &str) -> String {
    let word = name.split([' ', ',']).next().unwrap_or_default();
    let mut rest = word.chars().skip(1);
    let mut text = name.to_owned();
    if rest.all(|c| c.is_ascii_lowercase())
        && let Some(first) = text.get_mut(..1)
    {
        first.make_ascii_lowercase();
    }
    text
}
