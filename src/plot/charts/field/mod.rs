//! What the network answers over the input plane, with the data on it. A boundary line and the shapes
//! of the points say what the colours say.

mod contour;
mod geometry;
mod key;

use plotters::coord::Shift;
use plotters::drawing::DrawingArea;
use plotters_backend::DrawingBackend;

pub use contour::contour;
pub use geometry::FieldGeometry;
pub use key::{class_key_scene, field_key_scene};

use crate::plot::kit::color::Color;
use crate::plot::kit::geometry::{Point, Size, clip_polyline_y, point};
use crate::plot::kit::pen::{Pen, TextLook};
use crate::plot::kit::record::{Drawn, record};
use crate::plot::kit::scene::{Align, Bitmap, Paint, Scene, Shape, Stroke};
use crate::plot::kit::theme::Theme;
use crate::plot::kit::ticks::{count, percent, short};

/// What the decision panel shows.
#[derive(Clone, Copy, Debug)]
pub struct FieldData<'a> {
    /// `[cells, cells]`, top row first (x2 = +extent), as in a snapshot. Empty before the first.
    pub field: &'a [f32],
    /// Half the side of the square of input space.
    pub extent: f64,
    /// Its middle.
    pub center: [f64; 2],
    /// `[n, n_inputs]`: the first two are drawn.
    pub x: &'a [f32],
    pub y: &'a [f32],
    pub n_inputs: usize,
    /// The first so many samples are trained on; the rest is drawn hollow.
    pub n_train: usize,
    /// 0 for regression.
    pub n_classes: usize,
    pub accuracy: Option<f64>,
    /// From this probability on class 1 is said: where the boundary of two classes is.
    pub threshold: f64,
    /// What lies to the right and upwards, where that is not x1 and x2.
    pub axes: Option<[&'a str; 2]>,
}

/// What a number of the field means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldKind {
    /// Of class 1.
    Probability,
    /// The likeliest class.
    Class,
    /// The answer itself, over the plane.
    Number,
    /// The answer itself, over one input: a curve.
    Line,
}

impl FieldData<'_> {
    pub fn kind(&self) -> FieldKind {
        match (self.n_classes, self.n_inputs) {
            (0, 1) => FieldKind::Line,
            (0, _) => FieldKind::Number,
            (1 | 2, _) => FieldKind::Probability,
            _ => FieldKind::Class,
        }
    }

    /// Cells a side.
    fn cells(&self) -> usize {
        let side = (self.field.len() as f64).sqrt().round() as usize;
        if side * side == self.field.len() {
            side
        } else {
            0
        }
    }

    /// The largest number that has to be told apart from 0, for the scale of colours and of the curve.
    fn largest(&self) -> f64 {
        self.field
            .iter()
            .chain(self.y)
            .map(|v| f64::from(v.abs()))
            .filter(|v| v.is_finite())
            .fold(0.0, f64::max)
            .max(1e-6)
    }
}

/// Every sample with where it lies: (x1, x2), or (x, y) where there is one input.
fn samples<'a>(data: &'a FieldData) -> impl Iterator<Item = (usize, Point)> + 'a {
    let n_inputs = data.n_inputs.max(1);
    data.x
        .chunks_exact(n_inputs)
        .zip(data.y)
        .enumerate()
        .map(move |(i, (x, y))| {
            let second = x.get(1).unwrap_or(y);
            (i, point(f64::from(x[0]), f64::from(*second)))
        })
}

/// The panel as a picture.
pub fn field_scene(size: Size, theme: &Theme, data: &FieldData) -> Scene {
    let mut scene = field_ground_scene(size, theme, data);
    scene.append(field_points_scene(size, theme, data), Point::default());
    scene
}

/// Only what changes from step to step: the field and its boundary.
pub fn field_ground_scene(size: Size, theme: &Theme, data: &FieldData) -> Scene {
    let g = FieldGeometry::new(size, theme, data);
    let mut scene = Scene::new(size);
    let cells = data.cells();
    if data.kind() != FieldKind::Line && cells > 0 {
        scene.bitmaps.push(field_bitmap(theme, data));
        scene.shapes.push(Shape::Image {
            bitmap: 0,
            source: scene.bitmaps[0].rect(),
            target: g.plot,
            radius: 0.0,
            is_smooth: data.kind() != FieldKind::Class,
        });
    }
    scene.append(
        record(size, |area| draw_frame(area, size, theme, data, &g)),
        Point::default(),
    );
    scene
}

/// Only what stays while training goes on: the data.
pub fn field_points_scene(size: Size, theme: &Theme, data: &FieldData) -> Scene {
    let g = FieldGeometry::new(size, theme, data);
    let mut scene = Scene::new(size);
    let n = data.y.len();
    let radius = (0.012 * g.plot.width * (300.0 / n.max(1) as f64).min(1.0).sqrt()).clamp(1.4, 4.0)
        * theme.scale;
    let largest = data.largest();
    for (i, at) in samples(data) {
        let center = g.px_from_data(at);
        if !g.plot.inset(-0.5).contains(center) {
            continue;
        }
        let y = f64::from(data.y[i]);
        let class = if data.n_classes == 0 { 0 } else { y as usize };
        let color = match data.kind() {
            FieldKind::Line => theme.ink2,
            FieldKind::Number => theme.diverging().at(y / largest),
            FieldKind::Probability | FieldKind::Class => theme.series(class),
        };
        let paint = if i >= data.n_train {
            Paint::fill(theme.bg).and_stroke(Stroke::solid(color, 1.25 * theme.scale))
        } else if data.kind() == FieldKind::Number {
            Paint::fill(color).and_stroke(Stroke::solid(theme.ink2, 1.0 * theme.scale))
        } else {
            Paint::fill(color).and_stroke(Stroke::solid(theme.bg, 1.0 * theme.scale))
        };
        scene.shapes.push(marker(class, center, radius, paint));
    }
    scene
}

/// The shape of a class: eight of them, then the same in another order, so that no two of sixteen classes share
/// both shape and colour ([`Theme::series`]), and no two that follow each other share either.
pub fn marker(class: usize, center: Point, radius: f64, paint: Paint) -> Shape {
    let Point { x, y } = center;
    // All about as heavy as the circle.
    let corners = |reach: f64, offsets: &[(f64, f64)]| Shape::Path {
        points: offsets
            .iter()
            .map(|(dx, dy)| point(x + dx * reach, y + dy * reach))
            .collect(),
        is_closed: true,
        paint,
    };
    const PLUS: [(f64, f64); 12] = [
        (-0.35, -1.0),
        (0.35, -1.0),
        (0.35, -0.35),
        (1.0, -0.35),
        (1.0, 0.35),
        (0.35, 0.35),
        (0.35, 1.0),
        (-0.35, 1.0),
        (-0.35, 0.35),
        (-1.0, 0.35),
        (-1.0, -0.35),
        (-0.35, -0.35),
    ];
    /// By an eighth of a turn.
    fn turned((dx, dy): (f64, f64)) -> (f64, f64) {
        let half = std::f64::consts::FRAC_1_SQRT_2;
        (half * (dx - dy), half * (dx + dy))
    }
    match (class + 3 * (class / Theme::N_SERIES)) % 8 {
        0 => Shape::Circle {
            center,
            radius,
            paint,
        },
        1 => corners(1.35 * radius, &[(0.0, -1.0), (0.9, 0.65), (-0.9, 0.65)]),
        2 => corners(
            0.9 * radius,
            &[(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)],
        ),
        3 => corners(
            1.3 * radius,
            &[(0.0, -1.0), (1.0, 0.0), (0.0, 1.0), (-1.0, 0.0)],
        ),
        4 => corners(1.35 * radius, &[(0.0, 1.0), (-0.9, -0.65), (0.9, -0.65)]),
        5 => corners(1.3 * radius, &PLUS),
        6 => corners(
            1.3 * radius,
            &[(-1.0, -0.45), (1.0, -0.45), (1.0, 0.45), (-1.0, 0.45)],
        ),
        _ => corners(1.3 * radius, &PLUS.map(turned)),
    }
}

/// The field as an image, a pixel a cell.
pub fn field_bitmap(theme: &Theme, data: &FieldData) -> Bitmap {
    let cells = data.cells();
    let mut bitmap = Bitmap::new(cells, cells);
    let largest = data.largest();
    for (i, &v) in data.field.iter().enumerate() {
        let mut c = color_of(theme, data, largest, f64::from(v));
        let stripe = (i % cells + i / cells) % 4;
        if data.kind() == FieldKind::Class && v >= Theme::N_SERIES as f32 && stripe < 2 {
            // Striped: its colour is that of an earlier class.
            c = theme.bg.mix(c, 0.35);
        }
        bitmap.set(i % cells, i / cells, [c.r, c.g, c.b, 255]);
    }
    bitmap
}

/// The ground where the network answers `v`.
pub fn field_color(theme: &Theme, data: &FieldData, v: f64) -> Color {
    color_of(theme, data, data.largest(), v)
}

/// Softer than the points, so that these stand out. What is not a number is the paper.
fn color_of(theme: &Theme, data: &FieldData, largest: f64, v: f64) -> Color {
    /// The strongest colour of the ground.
    const STRENGTH: f64 = 0.72;
    if !v.is_finite() {
        return theme.bg;
    }
    match data.kind() {
        FieldKind::Probability => theme.diverging().at((2.0 * v - 1.0) * STRENGTH),
        FieldKind::Class if (0.0..data.n_classes as f64).contains(&v) => {
            theme.bg.mix(theme.series(v as usize), 0.5)
        }
        FieldKind::Class => theme.bg,
        FieldKind::Number | FieldKind::Line => theme.diverging().at(v / largest * STRENGTH),
    }
}

fn draw_frame<DB: DrawingBackend>(
    area: &DrawingArea<DB, Shift>,
    size: Size,
    theme: &Theme,
    data: &FieldData,
    g: &FieldGeometry,
) -> Drawn<DB> {
    let pen = Pen::new(area, size);
    let cells = data.cells();
    match data.kind() {
        FieldKind::Probability => {
            let scale = g.plot.width / cells.max(1) as f64;
            let logits: Vec<f32> = data.field.iter().map(|&p| logit(p)).collect();
            for line in contour(&logits, cells, logit(data.threshold as f32)) {
                let px: Vec<Point> = line
                    .iter()
                    .map(|p| point(g.plot.x + p.x * scale, g.plot.y + p.y * scale))
                    .collect();
                pen.line(&px, Stroke::solid(theme.ink, 1.5 * theme.scale))?;
            }
        }
        FieldKind::Line => line_of_answers(&pen, theme, data, g)?,
        FieldKind::Class | FieldKind::Number => {}
    }
    for (x, y) in [
        ((g.plot.x, g.plot.right()), g.plot.y),
        ((g.plot.x, g.plot.right()), g.plot.bottom()),
    ] {
        pen.hairline_h(x, y, theme.line)?;
    }
    for x in [g.plot.x, g.plot.right()] {
        pen.hairline_v(x, (g.plot.y, g.plot.bottom()), theme.line)?;
    }
    if !g.has_ticks {
        return Ok(());
    }
    let look = TextLook::new(theme.tick_px(), theme.ink3);
    let y = g.plot.bottom() + 4.0 + 0.75 * theme.tick_px();
    for tick in &g.x1_ticks {
        pen.text(&tick.label, point(tick.px, y), look.align(Align::Center))?;
    }
    for tick in &g.x2_ticks {
        let at = point(g.plot.x - 6.0, tick.px);
        pen.text(&tick.label, at, look.align(Align::Right))?;
    }
    Ok(())
}

/// The number whose sigmoid is `p`: between cells it runs straighter than `p`, so the boundary lies where
/// it should. Ends at 15, where `p` in f32 is about to be 1.
fn logit(p: f32) -> f32 {
    let p = f64::from(p);
    libm::log(p / (1.0 - p)).clamp(-15.0, 15.0) as f32
}

/// The network's answer over its one input.
fn line_of_answers<DB: DrawingBackend>(
    pen: &Pen<DB>,
    theme: &Theme,
    data: &FieldData,
    g: &FieldGeometry,
) -> Drawn<DB> {
    let zero = g.x2.px_from_data(0.0);
    pen.hairline_h((g.plot.x, g.plot.right()), zero, theme.line2)?;
    let cells = data.cells();
    let line: Vec<Point> = data.field[..cells]
        .iter()
        .enumerate()
        .map(|(i, &v)| {
            let x = g.plot.x + (i as f64 + 0.5) / cells as f64 * g.plot.width;
            point(x, g.x2.px_from_data(f64::from(v)))
        })
        .collect();
    for part in clip_polyline_y(&line, g.plot.y, g.plot.bottom()) {
        pen.line(&part, Stroke::solid(theme.accent, 2.0 * theme.scale))?;
    }
    Ok(())
}

/// The panel in words.
pub fn describe_field(data: &FieldData) -> String {
    let n = data.y.len();
    let range = |i: usize| {
        let (low, high) = (data.center[i] - data.extent, data.center[i] + data.extent);
        format!("from {} to {}", short(low), short(high))
    };
    let mut text = match data.kind() {
        FieldKind::Line => format!("Answer of the network for x {}", range(0)),
        _ => {
            let [x1, x2] = data.axes.unwrap_or(["x₁", "x₂"]);
            if data.center[0] == data.center[1] {
                format!("Answer of the network for {x1} and {x2} {}", range(0))
            } else {
                let (first, second) = (range(0), range(1));
                format!("Answer of the network for {x1} {first} and {x2} {second}")
            }
        }
    };
    text += &format!(", with {} samples", count(n as u64));
    if data.n_train < n {
        let n_test = (n - data.n_train) as u64;
        text += &format!(", {} of them held out for testing", count(n_test));
    }
    text.push('.');
    if data.n_classes > 0 {
        let per_class: Vec<String> = (0..data.n_classes.max(2))
            .map(|class| {
                let is_class = |y: &&f32| **y as usize == class;
                let n = data.y.iter().filter(is_class).count() as u64;
                format!("class {class} has {}", count(n))
            })
            .collect();
        text += &format!(" By class: {}.", per_class.join(", "));
    }
    if data.kind() == FieldKind::Probability && !data.field.is_empty() {
        let is_over = |p: &&f32| f64::from(**p) >= data.threshold;
        let over = data.field.iter().filter(is_over).count() as f64;
        let share = percent(over / data.field.len() as f64);
        text += &format!(" Class 1 is answered on {share} of the plane.");
    }
    if let Some(accuracy) = data.accuracy {
        text += &format!(" Right are {:.1} %.", 100.0 * accuracy);
    }
    text
}

#[cfg(test)]
mod tests;
