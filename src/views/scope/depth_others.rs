//! The charts of the panel of layers that are not the first.

use actiscope_core::activation::Activation;
use actiscope_core::health::mean_field::{LayerSignal, signal};
use actiscope_core::nn::spec::NetworkSpec;
use leptos::prelude::*;

use crate::plot::charts::depth::dots::{self, Dots, DotsGeometry, dots_csv, dots_scene};
use crate::plot::charts::depth::signal::{describe_signal, signal_dots};
use crate::plot::charts::depth::strips::{
    Strips, StripsGeometry, describe_strips, strips_csv, strips_scene,
};
use crate::plot::charts::depth::update::{describe_update, update_dots};
use crate::plot::kit::geometry::{Point, Size};
use crate::plot::kit::scene::Scene;
use crate::plot::kit::theme::Theme;
use crate::plot::kit::ticks::short;
use crate::ui::kit::lazy::chunk;
use crate::views::scope::depth::{DepthChart, Source};

/// What draws and tells these charts.
#[derive(Clone, Copy)]
pub struct Others {
    pub draw: fn(Source, DepthChart, Size, &Theme, Option<Point>) -> Scene,
    pub read: fn(Source, DepthChart, Size, &Theme, Point) -> Option<String>,
    pub describe: fn(Source, DepthChart) -> String,
    /// What is drawn, in which unit.
    pub unit: fn(Source, DepthChart) -> String,
    pub theory: fn(&NetworkSpec, f64) -> Vec<LayerSignal>,
}

chunk! {
    depth,
    pub fn other_charts() -> Others {
        Others { draw, read, describe, unit, theory }
    }
}

fn draw(source: Source, chart: DepthChart, size: Size, theme: &Theme, at: Option<Point>) -> Scene {
    if is_over_time(chart) {
        return with_strips(source, chart, |data| {
            let crosshair = at.and_then(|at| StripsGeometry::new(size, theme, data).at(at));
            strips_scene(size, theme, &Strips { crosshair, ..*data })
        });
    }
    let mut data = dots(source, chart);
    data.pointed = at.and_then(|at| DotsGeometry::new(size, theme, &data).row_at(at));
    dots_scene(size, theme, &data)
}

fn read(source: Source, chart: DepthChart, size: Size, theme: &Theme, at: Point) -> Option<String> {
    if is_over_time(chart) {
        return with_strips(source, chart, |data| {
            let (step, layer) = StripsGeometry::new(size, theme, data).at(at)?;
            data.read_out(step, layer)
        });
    }
    let data = dots(source, chart);
    dots::read_out(&data, DotsGeometry::new(size, theme, &data).row_at(at)?)
}

fn describe(source: Source, chart: DepthChart) -> String {
    match chart {
        DepthChart::Update => describe_update(&dots(source, chart)),
        DepthChart::Signal => source
            .with_layers(|layers| source.theory.with(|theory| describe_signal(layers, theory))),
        _ => with_strips(source, chart, describe_strips),
    }
}

fn unit(source: Source, chart: DepthChart) -> String {
    match chart {
        DepthChart::Update => "RMS of update / RMS of weights, log".into(),
        DepthChart::Signal => "● measured ○ theory at step 0, log".into(),
        _ => with_strips(source, chart, |data| {
            let size = Size {
                width: 400.0,
                height: 300.0,
            };
            let (low, high) = StripsGeometry::new(size, &Theme::LIGHT, data).range;
            format!("each strip {} to {}", short(low), short(high))
        }),
    }
}

pub fn csv(source: Source, chart: DepthChart) -> String {
    match chart {
        DepthChart::Update => dots_csv(&dots(source, chart), &["update_rms_per_weight_rms"]),
        DepthChart::Signal => dots_csv(&dots(source, chart), &["z_rms", "chi"]),
        _ => with_strips(source, chart, strips_csv),
    }
}

fn theory(network: &NetworkSpec, x_mean_square: f64) -> Vec<LayerSignal> {
    // It tells of networks whose layers have one function.
    let [activation] = network.activations()[..] else {
        return Vec::new();
    };
    match Activation::resolve(activation) {
        Ok(f) => signal(network, |z| f.f(z), |z| f.slope(z), x_mean_square),
        // The scenario was checked: every function in it resolves.
        Err(_) => Vec::new(),
    }
}

fn is_over_time(chart: DepthChart) -> bool {
    matches!(chart, DepthChart::Z | DepthChart::A)
}

fn dots(source: Source, chart: DepthChart) -> Dots {
    let dots = source.with_layers(|layers| match chart {
        DepthChart::Update => {
            let ratios: Vec<f32> = layers.iter().map(|layer| layer.update_ratio).collect();
            let (step, _) = source.steps();
            let columns =
                |log: &crate::run::RunLog| update_dots(&ratios, log.depth.columns(), step);
            source.run.log.with_untracked(columns)
        }
        _ => source
            .theory
            .with_untracked(|theory| signal_dots(layers, theory)),
    });
    Dots {
        selected: source.selected(),
        ..dots
    }
}

fn with_strips<T>(source: Source, chart: DepthChart, then: impl FnOnce(&Strips) -> T) -> T {
    let (step, last_step) = source.steps();
    source.run.log.with_untracked(|log| {
        then(&Strips {
            columns: log.depth.columns(),
            functions: (chart == DepthChart::A).then(|| log.depth.functions()),
            domain_end: log.domain_end(last_step),
            is_log_x: source.prefs.is_log_steps.get_untracked(),
            cursor: (step < last_step).then_some(step),
            selected: source.selected(),
            crosshair: None,
        })
    })
}
