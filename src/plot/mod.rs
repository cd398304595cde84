//! Charts: data in, a picture as plain data out. No browser and no UI framework below this line, but for
//! `kit::canvas`, which paints a picture on the page.
//!
//! # From data to the screen
//! Each panel has a module with
//! - a data struct that borrows from the snapshot (`CurveData`, `HistoryData`, ...),
//! - `x_scene(size, theme, &data) -> Scene`, the panel as a picture of CSS size `size`,
//! - a geometry (`CurveGeometry::new(size, theme, &data)`): the scales and rectangles that the picture
//!   is drawn by. The page asks it what is under a pointer; it costs next to nothing to make,
//! - `describe_x(&data) -> String`, the text alternative.
//!
//! The test at the end of this file is the least that it takes.
//!
//! In the browser `kit::canvas::paint(&canvas, &scene, device_pixel_ratio)` shows it; [`kit::svg::svg`] makes a file
//! of it. plotters draws the charts: `draw_x(area, ...)` takes any plotters drawing area, and
//! [`kit::record::record`] (or `kit::canvas::with_canvas`) gives one.
//!
//! # The panels
//! | panel | module | what one can ask the geometry |
//! |---|---|---|
//! | f, f', z, zones | [`charts::curve`] | `z_at` |
//! | loss and health over steps | [`charts::history`] | `step_at` |
//! | gradient and z by layer | [`charts::layers`] | `row_at` |
//! | by layer: z and a over time, updates, theory | [`charts::depth`] | `StripsGeometry`, `DotsGeometry`: `row_at`, `step_at` |
//! | network | [`charts::network`] | `unit_at`, `tile`, `map_cells`; keys: [`charts::network::neighbour`] |
//! | decision boundary and data | [`charts::field`] | `data_at`, `sample_at` |
//! | a classifier: threshold, ranking, reliability, softmax | [`charts::classify`] | `ThresholdGeometry`: `logit_of_px`, `handle`; `RankingGeometry`: `point_at` |
//! | z of one unit | [`charts::unit`] | its `x` scale |
//! | drift of a unit's z | [`charts::story`] | its scales |
//! | the product along a path | [`charts::terms`] | |
//! | a trace of somebody's own model | [`charts::trace`] | `RowsGeometry`: `tile_at`; `DepthGeometry`: `record_at` |
//! | timeline | [`charts::timeline`] | `step_at`, `group_at` |
//!
//! # Rules
//! Lengths are CSS pixels. [`kit::theme::Theme`] has the colours (the same as the style sheet's tokens:
//! [`kit::theme::Theme::css_tokens`]) and `scale`, which makes text and strokes larger for a projector. Text
//! is measured by a table ([`kit::text`]), so a picture is the same everywhere and nothing touches the DOM.
//! Texts never overlap: each module tests that over all sizes.
//! `cargo run --example gallery -- OUT_DIR` writes every panel as SVG in several sizes and themes.

pub mod charts;
pub mod kit;

#[cfg(test)]
mod tests {
    use crate::plot::charts::curve::{CurveData, CurveGeometry, CurveSamples, curve_scene};
    use crate::plot::kit::geometry::{point, size};
    use crate::plot::kit::theme::Theme;

    #[test]
    fn a_picture_is_made_of_plain_data() {
        // Once for each change of the function, not for each frame.
        let relu = |z: f64| if z > 0.0 { (z, 1.0) } else { (0.0, 0.0) };
        let samples = CurveSamples::new((-4.0, 4.0), Some(1.0), relu);

        let mut data = CurveData {
            name: "ReLU",
            samples: &samples,
            z: None,
            crosshair: None,
        };
        let panel = size(400.0, 300.0);
        let geometry = CurveGeometry::new(panel, &Theme::LIGHT, &data);
        data.crosshair = geometry.z_at(point(200.0, 100.0));
        let scene = curve_scene(panel, &Theme::LIGHT, &data);
        assert!(!scene.shapes.is_empty());
    }
}
