//! How the crowd of a unit's pre-activations drifted over the last steps before an event: least, quartiles,
//! mean and greatest, over the zones of the function.

use actiscope_core::health::story::DriftPoint;
use plotters::coord::Shift;
use plotters::drawing::DrawingArea;
use plotters_backend::DrawingBackend;

use crate::plot::charts::curve::{Zone, ZoneKind};
use crate::plot::kit::geometry::{Point, Rect, Scale, Size, clip_polyline_y, point};
use crate::plot::kit::pen::{Pen, TextLook};
use crate::plot::kit::record::{Drawn, record};
use crate::plot::kit::scene::{Align, Scene, Stroke};
use crate::plot::kit::text;
use crate::plot::kit::theme::Theme;
use crate::plot::kit::ticks::{Tick, count, linear_ticks, percent, short};

/// What the chart shows.
#[derive(Clone, Copy, Debug)]
pub struct DriftData<'a> {
    /// One a step; the event is at the last.
    pub points: &'a [DriftPoint],
    /// Of the function over at least the points' range.
    pub zones: &'a [Zone],
}

/// Scales and rectangles, CSS pixels.
#[derive(Clone, Debug, PartialEq)]
pub struct DriftGeometry {
    pub plot: Rect,
    /// Steps.
    pub x: Scale,
    pub z: Scale,
    pub z_ticks: Vec<Tick>,
}

/// Least and greatest z of all points, a little wider and with 0 in it; (-1, 1) without numbers.
pub fn z_range(points: &[DriftPoint]) -> (f64, f64) {
    let ends = points.iter().flat_map(|p| [p.z_min, p.z_max]);
    let (low, high) = ends
        .filter(|z| z.is_finite())
        .fold((0.0_f64, 0.0_f64), |(low, high), z| {
            (low.min(f64::from(z)), high.max(f64::from(z)))
        });
    if low == high {
        return (-1.0, 1.0);
    }
    let air = 0.06 * (high - low);
    (low - air, high + air)
}

impl DriftGeometry {
    pub fn new(size: Size, theme: &Theme, data: &DriftData) -> Self {
        let font_px = theme.tick_px();
        let top = font_px / 2.0;
        let bottom = (size.height - (8.0 + 1.25 * font_px)).max(top + 1.0);
        let z = Scale::linear(z_range(data.points), (bottom, top));
        let mut z_ticks = linear_ticks(&z, font_px, true);
        let widest = z_ticks
            .iter()
            .map(|tick| text::width(&tick.label, font_px, false))
            .fold(0.0, f64::max);
        let mut left = widest + 6.0;
        if left > 0.45 * size.width {
            // A chart too narrow for its numbers shows the shape alone.
            z_ticks.clear();
            left = 2.0;
        }
        // Room for the dot at the event.
        let right = (size.width - 4.0 * theme.scale).max(left + 1.0);
        let steps = |point: Option<&DriftPoint>| point.map_or(0.0, |point| point.step as f64);
        let (first, last) = (steps(data.points.first()), steps(data.points.last()));
        Self {
            plot: Rect::from_corners(point(left, top), point(right, bottom)),
            x: Scale::linear((first.min(last - 1.0), last), (left, right)),
            z,
            z_ticks,
        }
    }
}

/// The chart as a picture.
pub fn drift_scene(size: Size, theme: &Theme, data: &DriftData) -> Scene {
    record(size, |area| draw_drift(area, size, theme, data))
}

pub fn draw_drift<DB: DrawingBackend>(
    area: &DrawingArea<DB, Shift>,
    size: Size,
    theme: &Theme,
    data: &DriftData,
) -> Drawn<DB> {
    let g = DriftGeometry::new(size, theme, data);
    let pen = Pen::new(area, size);
    let plot = g.plot;
    for zone in data.zones {
        let ground = match zone.kind {
            ZoneKind::Dead => theme.zone,
            ZoneKind::Saturated => theme.zone_sat,
        };
        let (top, bottom) = (g.z.px_clamped(zone.high), g.z.px_clamped(zone.low));
        let corners = (point(plot.x, top), point(plot.right(), bottom));
        pen.fill(Rect::from_corners(corners.0, corners.1), ground)?;
    }
    let look = TextLook::new(theme.tick_px(), theme.ink3);
    for tick in &g.z_ticks {
        let color = if tick.value == 0.0 {
            theme.line
        } else {
            theme.line2
        };
        pen.hairline_h((plot.x, plot.right()), tick.px, color)?;
        let at = point(plot.x - 4.0, tick.px);
        pen.text(&tick.label, at, look.align(Align::Right))?;
    }
    let line_of = |z: &dyn Fn(&DriftPoint) -> f32| -> Vec<Point> {
        let points = data.points.iter();
        points
            .map(|p| {
                point(
                    g.x.px_from_data(p.step as f64),
                    g.z.px_from_data(f64::from(z(p))),
                )
            })
            .collect()
    };
    let bands = [
        (line_of(&|p| p.z_min), line_of(&|p| p.z_max), 0.28),
        (line_of(&|p| p.z_q1), line_of(&|p| p.z_q3), 0.5),
    ];
    for (low, high, alpha) in bands {
        let mut outline: Vec<Point> = high.into_iter().chain(low.into_iter().rev()).collect();
        outline.retain(|p| p.y.is_finite());
        if outline.len() > 2 {
            pen.polygon(&outline, theme.hist.fade(alpha))?;
        }
    }
    let mean = line_of(&|p| p.z_mean);
    for part in clip_polyline_y(&mean, plot.y, plot.bottom()) {
        pen.line(&part, Stroke::solid(theme.ink, 1.5 * theme.scale))?;
    }
    let Some((first, last)) = data.points.first().zip(data.points.last()) else {
        return Ok(());
    };
    let x = g.x.px_from_data(last.step as f64);
    let event = [point(x, plot.y), point(x, plot.bottom())];
    pen.line(
        &event,
        Stroke::dashed(theme.accent, 1.5 * theme.scale, [3.0, 2.0]),
    )?;
    if let Some(end) = mean.last().filter(|p| p.y.is_finite()) {
        pen.disc(*end, 3.0 * theme.scale, theme.ink)?;
    }
    let y = plot.bottom() + 4.0 + 0.75 * theme.tick_px();
    let label = count(last.step);
    let at = point(size.width, y);
    pen.text(&label, at, look.align(Align::Right))?;
    let start = count(first.step);
    let taken = text::width(&label, look.font_px, false) + text::width(&start, look.font_px, false);
    if first.step < last.step && plot.x + taken + look.font_px <= size.width {
        pen.text(&start, point(plot.x, y), look)?;
    }
    Ok(())
}

/// The chart in words.
pub fn describe_drift(data: &DriftData) -> String {
    let Some((first, last)) = data.points.first().zip(data.points.last()) else {
        return "Drift of z. Nothing is known of it.".into();
    };
    let at = |p: &DriftPoint| {
        format!(
            "from {} to {}, mean {}",
            short(f64::from(p.z_min)),
            short(f64::from(p.z_max)),
            short(f64::from(p.z_mean))
        )
    };
    let share = |p: &DriftPoint| percent(f64::from(p.zero_slope_share));
    if first.step == last.step {
        return format!(
            "At step {} z lies {}; {} of the samples have slope 0.",
            count(last.step),
            at(last),
            share(last)
        );
    }
    format!(
        "Drift of z over steps {} to {}: at first {}, in the end {}. Samples with slope 0: at first {}, in the end {}.",
        count(first.step),
        count(last.step),
        at(first),
        at(last),
        share(first),
        share(last)
    )
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use proptest::prelude::*;

    use super::*;
    use crate::plot::kit::check::texts_are_apart_and_inside;
    use crate::plot::kit::geometry::size;

    fn points(first: u64, n: u64, reach: f32) -> Vec<DriftPoint> {
        (0..n)
            .map(|i| {
                let down = reach * i as f32 / n as f32;
                DriftPoint {
                    step: first + i,
                    z_min: -2.0 - down,
                    z_q1: -1.0 - down,
                    z_q3: 0.2 - down,
                    z_max: 0.9 - down,
                    z_mean: -0.4 - down,
                    zero_slope_share: if i + 1 == n { 1.0 } else { 0.7 },
                }
            })
            .collect()
    }

    const DEAD: [Zone; 1] = [Zone {
        low: -100.0,
        high: 0.0,
        kind: ZoneKind::Dead,
    }];

    proptest! {
        #[test]
        fn texts_never_overlap_and_stay_inside(
            width in 110.0..600.0f64, height in 60.0..300.0f64, scale in 1.0..1.6f64,
            first in 0_u64..2_000_000, n in 1_u64..=32, reach in 0.0_f32..1e4,
        ) {
            let points = points(first, n, reach);
            let data = DriftData { points: &points, zones: &DEAD };
            let scene = drift_scene(size(width, height), &Theme::LIGHT.at_scale(scale), &data);
            texts_are_apart_and_inside(&scene);
        }
    }

    #[test]
    fn the_event_stands_at_the_right_end() {
        let points = points(149, 32, 1.0);
        let data = DriftData {
            points: &points,
            zones: &DEAD,
        };
        let g = DriftGeometry::new(size(200.0, 100.0), &Theme::LIGHT, &data);
        assert_eq!(g.x.px_from_data(180.0), g.plot.right());
        assert_eq!(g.x.px_from_data(149.0), g.plot.x);
        let scene = drift_scene(size(200.0, 100.0), &Theme::LIGHT, &data);
        for step in ["149", "180"] {
            assert!(scene.texts().any(|t| t.text == step), "{step}");
        }
    }

    #[test]
    fn what_is_not_finite_is_left_out() {
        let mut points = points(3, 5, 1.0);
        points[4].z_mean = f32::NAN;
        points[4].z_max = f32::INFINITY;
        let data = DriftData {
            points: &points,
            zones: &[],
        };
        let (low, high) = z_range(&points);
        assert!(low.is_finite() && high.is_finite());
        assert!(
            !drift_scene(size(200.0, 100.0), &Theme::DARK, &data)
                .shapes
                .is_empty()
        );
        let nothing = DriftData {
            points: &[],
            zones: &[],
        };
        drift_scene(size(200.0, 100.0), &Theme::DARK, &nothing);
        assert_eq!(
            describe_drift(&nothing),
            "Drift of z. Nothing is known of it."
        );
    }

    #[test]
    fn words_say_what_the_picture_shows() {
        let points = points(149, 32, 3.2);
        let data = DriftData {
            points: &points,
            zones: &DEAD,
        };
        expect!["Drift of z over steps 149 to 180: at first from −2 to 0.9, mean −0.4, in the end from −5.1 to −2.2, mean −3.5. Samples with slope 0: at first 70 %, in the end 100 %."].assert_eq(&describe_drift(&data));
        let data = DriftData {
            points: &points[31..],
            zones: &DEAD,
        };
        expect![
            "At step 180 z lies from −5.1 to −2.2, mean −3.5; 100 % of the samples have slope 0."
        ]
        .assert_eq(&describe_drift(&data));
    }
}
