//! The pre-activations of one unit: a small histogram with the zones of the function, mean and spread,
//! and, where it is told, how it was before.

use actiscope_core::health::Health;
use actiscope_core::protocol::Histogram;
use plotters::coord::Shift;
use plotters::drawing::DrawingArea;
use plotters_backend::DrawingBackend;

use crate::plot::charts::curve::{Zone, ZoneKind};
use crate::plot::charts::histogram;
use crate::plot::kit::geometry::{Point, Rect, Scale, Size, point};
use crate::plot::kit::pen::{Pen, TextLook};
use crate::plot::kit::record::{Drawn, record};
use crate::plot::kit::scene::{Align, Scene, Stroke};
use crate::plot::kit::text;
use crate::plot::kit::theme::Theme;
use crate::plot::kit::ticks::{Tick, linear_ticks, percent, short};

/// What the chart of one unit shows.
#[derive(Clone, Copy, Debug)]
pub struct UnitData<'a> {
    /// `layer 1 unit 3`.
    pub name: &'a str,
    pub health: Health,
    pub z: &'a Histogram,
    /// An earlier z of the unit: before it died, say. Drawn as an outline.
    pub before: Option<&'a Histogram>,
    pub z_mean: f64,
    pub z_std: f64,
    /// Of the network's function over at least the axis' range.
    pub zones: &'a [Zone],
    /// The ends of the axis, the same as the curve's to compare with it.
    pub z_range: (f64, f64),
}

/// Scales and rectangles of the chart of one unit, CSS pixels.
#[derive(Clone, Debug, PartialEq)]
pub struct UnitGeometry {
    pub plot: Rect,
    pub x: Scale,
    pub x_ticks: Vec<Tick>,
}

impl UnitGeometry {
    pub fn new(size: Size, theme: &Theme, data: &UnitData) -> Self {
        let font_px = theme.tick_px();
        let side = font_px.round();
        let bottom = size.height - (8.0 + 1.25 * font_px);
        let plot = Rect::new(
            side,
            2.0,
            (size.width - 2.0 * side).max(1.0),
            (bottom - 2.0).max(1.0),
        );
        let x = Scale::linear(data.z_range, (plot.x, plot.right()));
        Self {
            plot,
            x_ticks: linear_ticks(&x, font_px, false),
            x,
        }
    }
}

/// The chart as a picture.
pub fn unit_scene(size: Size, theme: &Theme, data: &UnitData) -> Scene {
    record(size, |area| draw_unit(area, size, theme, data))
}

pub fn draw_unit<DB: DrawingBackend>(
    area: &DrawingArea<DB, Shift>,
    size: Size,
    theme: &Theme,
    data: &UnitData,
) -> Drawn<DB> {
    let g = UnitGeometry::new(size, theme, data);
    let pen = Pen::new(area, size);
    for zone in data.zones {
        let ground = match zone.kind {
            ZoneKind::Dead => theme.zone,
            ZoneKind::Saturated => theme.zone_sat,
        };
        let rect = Rect::from_corners(
            point(g.x.px_clamped(zone.low), g.plot.y),
            point(g.x.px_clamped(zone.high), g.plot.bottom()),
        );
        pen.fill(rect, ground)?;
    }
    let look = TextLook::new(theme.tick_px(), theme.ink3).align(Align::Center);
    let tick_y = g.plot.bottom() + 4.0 + 0.75 * theme.tick_px();
    for tick in &g.x_ticks {
        if tick.value == 0.0 {
            pen.hairline_v(tick.px, (g.plot.y, g.plot.bottom()), theme.line)?;
        }
        let half = text::width(&tick.label, look.font_px, false) / 2.0;
        let x = tick.px.clamp(half, (size.width - half).max(half));
        pen.text(&tick.label, point(x, tick_y), look)?;
    }
    let room = Rect::new(
        g.plot.x,
        g.plot.y + 10.0 * theme.scale,
        g.plot.width,
        (g.plot.height - 10.0 * theme.scale).max(0.0),
    );
    let bars = histogram::bars(data.z, &g.x, room, data.zones);
    histogram::draw_bars(&pen, theme, &bars)?;
    if let Some(before) = data.before {
        let outline = outline(&histogram::bars(before, &g.x, room, &[]), room);
        pen.line(
            &outline,
            Stroke::dashed(theme.ink2, 1.25 * theme.scale, [3.0, 2.0]),
        )?;
    }
    pen.hairline_h((g.plot.x, g.plot.right()), g.plot.bottom(), theme.line)?;
    spread(&pen, theme, data, &g)
}

/// The tops of bars as one line, down to the ground between those that do not touch.
fn outline(bars: &[histogram::Bar], room: Rect) -> Vec<Point> {
    let ground = room.bottom();
    let mut line: Vec<Point> = Vec::new();
    for bar in bars {
        let rect = bar.rect;
        let touches = line.last().is_some_and(|p| rect.x - p.x <= 1.5);
        if !touches {
            if let Some(&last) = line.last() {
                line.push(point(last.x, ground));
            }
            line.push(point(rect.x, ground));
        }
        line.push(point(rect.x, rect.y));
        line.push(point(rect.right(), rect.y));
    }
    if let Some(&last) = line.last() {
        line.push(point(last.x, ground));
    }
    line
}

/// Mean (a triangle) and one standard deviation to both sides (a bar) above the bars.
fn spread<DB: DrawingBackend>(
    pen: &Pen<DB>,
    theme: &Theme,
    data: &UnitData,
    g: &UnitGeometry,
) -> Drawn<DB> {
    let ends = [data.z_mean - data.z_std, data.z_mean + data.z_std];
    if !ends.iter().all(|v| v.is_finite()) {
        return Ok(());
    }
    let y = g.plot.y + 4.0 * theme.scale;
    let [a, b] = ends.map(|v| g.x.px_clamped(v));
    let stroke = Stroke::solid(theme.ink2, 1.5 * theme.scale);
    pen.line(&[point(a, y), point(b, y)], stroke)?;
    let (x, half) = (g.x.px_clamped(data.z_mean), 4.0 * theme.scale);
    let triangle = [
        point(x - half, y - half),
        point(x + half, y - half),
        point(x, y + half),
    ];
    pen.polygon(&triangle, theme.ink)
}

/// The chart in words.
pub fn describe_unit(data: &UnitData) -> String {
    let health = match data.health {
        Health::Alive => "is alive",
        Health::Saturated => "is saturated",
        Health::Dead => "is dead",
    };
    let share = |kind| histogram::share_in_zones(data.z, data.zones, kind);
    let mut text = format!(
        "z of {} has mean {} and standard deviation {}. The unit {health}",
        data.name,
        short(data.z_mean),
        short(data.z_std)
    );
    for (kind, what) in [
        (ZoneKind::Dead, "where the slope is 0"),
        (ZoneKind::Saturated, "where the slope is next to 0"),
    ] {
        let share = share(kind);
        if share > 0.0 {
            text += &format!("; {} of z lies {what}", percent(share));
        }
    }
    text + "."
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use proptest::prelude::*;

    use super::*;
    use crate::plot::kit::check::texts_are_apart_and_inside;
    use crate::plot::kit::geometry::size;

    const ZONES: [Zone; 1] = [Zone {
        low: -4.0,
        high: 0.0,
        kind: ZoneKind::Dead,
    }];

    fn histogram(shift: usize) -> Histogram {
        let mut counts = vec![0; 32];
        counts[shift..shift + 4].copy_from_slice(&[3, 9, 12, 1]);
        Histogram {
            low: -4.0,
            high: 4.0,
            counts,
        }
    }

    fn data<'a>(z: &'a Histogram, before: Option<&'a Histogram>) -> UnitData<'a> {
        UnitData {
            name: "layer 1 unit 3",
            health: Health::Dead,
            z,
            before,
            z_mean: -1.2,
            z_std: 0.4,
            zones: &ZONES,
            z_range: (-4.0, 4.0),
        }
    }

    proptest! {
        #[test]
        fn texts_never_overlap_and_stay_inside(
            width in 120.0..600.0f64, height in 60.0..300.0f64, scale in 1.0..1.6f64,
            half in 1.0..2000.0f64,
        ) {
            let (now, before) = (histogram(8), histogram(14));
            let data = UnitData { z_range: (-half, half), ..data(&now, Some(&before)) };
            let scene = unit_scene(size(width, height), &Theme::LIGHT.at_scale(scale), &data);
            texts_are_apart_and_inside(&scene);
        }
    }

    #[test]
    fn outline_ends_on_the_ground() {
        let room = Rect::new(0.0, 10.0, 320.0, 40.0);
        let x = Scale::linear((-4.0, 4.0), (0.0, 320.0));
        let line = outline(&histogram::bars(&histogram(3), &x, room, &[]), room);
        assert_eq!(line.first().map(|p| p.y), Some(50.0));
        assert_eq!(line.last().map(|p| p.y), Some(50.0));
        assert!(line.windows(2).all(|w| w[0].x <= w[1].x));
        assert!(outline(&[], room).is_empty());
    }

    #[test]
    fn words_say_what_the_picture_shows() {
        let check = |data: &UnitData, expect: Expect| {
            expect.assert_eq(&describe_unit(data).replace(". ", ".\n"));
        };
        let (now, before) = (histogram(8), histogram(14));
        check(
            &data(&now, Some(&before)),
            expect![[r#"
            z of layer 1 unit 3 has mean −1.2 and standard deviation 0.4.
            The unit is dead; 100 % of z lies where the slope is 0."#]],
        );
        let alive = UnitData {
            health: Health::Alive,
            ..data(&before, None)
        };
        check(
            &alive,
            expect![[r#"
            z of layer 1 unit 3 has mean −1.2 and standard deviation 0.4.
            The unit is alive; 48 % of z lies where the slope is 0."#]],
        );
    }
}
