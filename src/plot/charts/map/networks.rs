//! The networks of a cell: their losses over the steps, and how the layers of each are at the end.

use actiscope_core::observe::HistoryPoint;

use crate::plot::charts::layers::LayerRow;
use crate::plot::kit::geometry::{Point, Rect, Scale, Size, clip_polyline_y, point};
use crate::plot::kit::scene::{Paint, Scene, Shape, Stroke};
use crate::plot::kit::sketch::{Sketch, plain, right};
use crate::plot::kit::text;
use crate::plot::kit::theme::Theme;
use crate::plot::kit::ticks::{log_ticks, percent, short};

/// Losses are drawn between these.
const LEAST: f64 = 1e-5;
const MOST: f64 = 1e2;
/// Gradients: what is less lies at the left end.
const GRADIENTS: (f64, f64) = (1e-4, 10.0);

/// Loss over the steps, by decades: each network a thin line, their median a bold one.
pub fn losses_scene(
    size: Size,
    theme: &Theme,
    networks: &[&[HistoryPoint]],
    n_steps: u64,
) -> Scene {
    let (t, font_px) = (theme, theme.tick_px());
    let mut sketch = Sketch::new(size);
    let losses = networks.iter().flat_map(|points| points.iter());
    let losses = losses.map(|point| f64::from(point.loss));
    let (mut low, mut high) = (f64::INFINITY, 0.0_f64);
    for loss in losses.filter(|loss| loss.is_finite() && *loss > 0.0) {
        (low, high) = (low.min(loss), high.max(loss));
    }
    if low > high {
        return sketch.scene;
    }
    let low = low.clamp(LEAST, 0.1);
    let high = high.clamp(2.0 * low, MOST).max(1.0);
    let left = text::width("0.001", font_px, false) + 6.0;
    let beside = text::width("0.000", font_px, true) + 8.0;
    let plot = Rect::new(
        left,
        font_px / 2.0,
        (size.width - left - beside).max(1.0),
        (size.height - font_px).max(1.0),
    );
    let x = Scale::linear((0.0, n_steps.max(1) as f64), (plot.x, plot.right()));
    let y = Scale::log((0.8 * low, 1.2 * high), (plot.bottom(), plot.y));
    for tick in log_ticks(&y, font_px, true) {
        sketch.hairline_h((plot.x, plot.right()), tick.px, t.line2);
        let at = point(plot.x - 5.0, tick.px);
        sketch.text(&tick.label, at, right(font_px, t.ink3));
    }
    let px = |step: u64, loss: f64| {
        point(
            x.px_clamped(step as f64),
            y.px_from_data(loss.clamp(1e-9, 1e9)),
        )
    };
    let mut draw = |line: Vec<Point>, stroke: Stroke| {
        for part in clip_polyline_y(&line, plot.y, plot.bottom()) {
            sketch.line(part, stroke);
        }
    };
    if networks.len() > 1 {
        for points in networks {
            let line = points.iter().filter(|p| p.loss.is_finite());
            let line = line.map(|p| px(p.step, f64::from(p.loss)));
            draw(line.collect(), Stroke::solid(t.ink3.fade(0.6), 1.0));
        }
    }
    let median = median(networks);
    draw(
        median
            .iter()
            .filter(|(_, loss)| loss.is_finite())
            .map(|(step, loss)| px(*step, *loss))
            .collect(),
        Stroke::solid(t.ink, 2.0 * t.scale),
    );
    if let Some((step, loss)) = median.last().filter(|(_, loss)| loss.is_finite()) {
        let at = px(*step, *loss);
        let at = point(at.x, at.y.clamp(plot.y, plot.bottom()));
        sketch.scene.shapes.push(Shape::Circle {
            center: at,
            radius: 3.0 * t.scale,
            paint: Paint::fill(t.ink),
        });
        let words = short(*loss);
        sketch.text(
            &words,
            point(at.x + 7.0, at.y),
            plain(font_px, t.ink).bold(),
        );
    }
    sketch.scene
}

/// At each step at which the longest was recorded. A network that ended before it has diverged.
fn median(networks: &[&[HistoryPoint]]) -> Vec<(u64, f64)> {
    let Some(longest) = networks.iter().max_by_key(|points| points.len()) else {
        return Vec::new();
    };
    let at = |step: u64| {
        let mut losses: Vec<f64> = networks
            .iter()
            .filter_map(|points| {
                let n_before = points.partition_point(|point| point.step <= step);
                let last = points.get(n_before.checked_sub(1)?)?;
                let is_over = last.step < step && n_before == points.len();
                let loss = f64::from(last.loss);
                Some(if is_over || !loss.is_finite() {
                    f64::INFINITY
                } else {
                    loss
                })
            })
            .collect();
        losses.sort_by(f64::total_cmp);
        let n = losses.len();
        match n {
            0 => f64::INFINITY,
            n if n % 2 == 1 => losses[n / 2],
            n => 0.5 * (losses[n / 2 - 1] + losses[n / 2]),
        }
    };
    longest
        .iter()
        .map(|point| (point.step, at(point.step)))
        .collect()
}

/// A row for each layer: its units as one bar, and the RMS of its gradient, each network a dot and their mean by
/// factors a bold one. Where there are many layers rows are thin, and only the ends are named.
pub fn cell_layers_scene(size: Size, theme: &Theme, networks: &[Vec<LayerRow>]) -> Scene {
    let (t, font_px) = (theme, theme.tick_px());
    let mut sketch = Sketch::new(size);
    let Some(first) = networks.first().filter(|rows| !rows.is_empty()) else {
        return sketch.scene;
    };
    let n_rows = first.len();
    let row_px = ((size.height - 1.6 * font_px) / n_rows as f64).min(1.9 * font_px);
    let is_named = row_px >= 1.2 * font_px;
    let names_px = text::width("layer 10", font_px, false) + 6.0;
    let share_px = text::width("100 %", font_px, false) + 6.0;
    let value_px = text::width("0.0000", font_px, false) + 4.0;
    let bar = (names_px, 0.22 * size.width);
    let plot = (bar.0 + bar.1 + share_px + 8.0, size.width - value_px - 6.0);
    let x = Scale::log(GRADIENTS, plot);
    for decade in [1e-4, 1e-2, 1.0] {
        let px = x.px_from_data(decade);
        sketch.hairline_v(px, (0.0, n_rows as f64 * row_px), t.line2);
        let look = plain(font_px, t.ink3).align(crate::plot::kit::scene::Align::Center);
        let label = short(decade);
        sketch.text(
            &label,
            point(px, n_rows as f64 * row_px + 0.9 * font_px),
            look,
        );
    }
    for (i, row) in first.iter().enumerate() {
        let y = (i as f64 + 0.5) * row_px;
        let of_row: Vec<&LayerRow> = networks.iter().filter_map(|rows| rows.get(i)).collect();
        if is_named || i == 0 || i + 1 == n_rows {
            let name = match row.is_output {
                true => "output".to_owned(),
                false => format!("layer {}", i + 1),
            };
            sketch.text(&name, point(0.0, y), plain(font_px, t.ink2));
        }
        if !row.is_output {
            let n_units: usize = of_row.iter().map(|row| row.n_units).sum();
            let share = |of: fn(&LayerRow) -> usize| {
                let n: usize = of_row.iter().map(|row| of(row)).sum();
                n as f64 / n_units.max(1) as f64
            };
            let (dead, saturated) = (share(|row| row.dead), share(|row| row.saturated));
            let height = (0.45 * row_px).clamp(2.0, 7.0 * t.scale);
            let mut left = bar.0;
            for (part, color) in [
                (dead, t.dead),
                (saturated, t.saturated),
                (1.0 - dead - saturated, t.alive.fade(0.4)),
            ] {
                let width = part * bar.1;
                sketch.fill(Rect::new(left, y - height / 2.0, width, height), 0.0, color);
                left += width;
            }
            if is_named && dead + saturated > 0.0 {
                let color = if dead > 0.0 { t.dead } else { t.saturated };
                let words = percent(dead + saturated);
                sketch.text(&words, point(bar.0 + bar.1 + 4.0, y), plain(font_px, color));
            }
        }
        let gradients = of_row.iter().map(|row| row.gradient_rms);
        let gradients: Vec<f64> = gradients
            .filter(|rms| *rms > 0.0 && rms.is_finite())
            .collect();
        if gradients.is_empty() {
            continue;
        }
        if gradients.len() > 1 {
            for rms in &gradients {
                sketch.scene.shapes.push(Shape::Circle {
                    center: point(x.px_clamped(*rms), y),
                    radius: 1.8 * t.scale,
                    paint: Paint::fill(t.ink3.fade(0.6)),
                });
            }
        }
        let mean =
            (gradients.iter().map(|rms| rms.ln()).sum::<f64>() / gradients.len() as f64).exp();
        let px = x.px_clamped(mean);
        sketch.line(
            vec![point(plot.0, y), point(px, y)],
            Stroke::solid(t.ink, 1.25 * t.scale),
        );
        sketch.scene.shapes.push(Shape::Circle {
            center: point(px, y),
            radius: 3.0 * t.scale,
            paint: Paint::fill(t.ink),
        });
        if is_named {
            sketch.text(&short(mean), point(size.width, y), right(font_px, t.ink2));
        }
    }
    sketch.scene
}
