use std::sync::Arc;

use actiscope_core::activation::{Activation, ActivationSpec, Function, entry};
use actiscope_core::expr::Expr;
use actiscope_core::expr::print::mathml_definition;
use actiscope_core::protocol::{LayerSnapshot, Snapshot};
use actiscope_core::scenario::{View, function_label};
use leptos::prelude::*;

use crate::frame::Urgency;
use crate::memo::Memo;
use crate::plot::charts::curve::{
    CurveData, CurveGeometry, CurveSamples, LiveZ, curve_csv, curve_scene, read_out,
    suggested_z_range,
};
use crate::plot::kit::geometry::{Size, point};
use crate::plot::kit::scene::Scene;
use crate::plot::kit::theme::Theme;
use crate::run::Run;
use crate::text;
use crate::ui::kit::chart::ChartPanel;
use crate::ui::kit::lazy::chunk;
use crate::ui::kit::throttle::throttled;

/// f, f' and the pre-activations that fall on them. Needs the engine for z alone: a slider shows on
/// the curve in the same frame.
#[component]
pub fn CurvePanel() -> impl IntoView {
    let run = expect_context::<Run>();
    let view = Memo::new(move |_| run.scenario.with(|scenario| scenario.view.clone()));
    let spec = Memo::new(move |_| {
        let spec = run
            .scenario
            .with(|scenario| scenario.network.activation_of(scenario.view.layer).clone());
        run.snapshot
            .with(|snapshot| with_learned(spec, snapshot.as_deref(), &view.get()))
    });
    let z_range = Memo::new(move |_| {
        let layer = run.snapshot.with(|snapshot| {
            layer_of(snapshot.as_deref(), &view.get()).map(|layer| layer.z.clone())
        });
        layer.map_or((-4.0, 4.0), |z| suggested_z_range(&z))
    });
    let samples = Memo::new(move |_| Arc::new(samples_of(&spec.get(), z_range.get())));
    let of = Memo::new(move |_| z_name(&view.get()));
    let name = Memo::new(move |_| spec.with(|spec| function_label(&spec.function).to_owned()));
    let shown = Shown {
        run,
        view,
        samples,
        of,
        name,
    };
    let draw = move |size: Size, theme: &Theme, pointer: Option<(f64, f64)>| {
        let mut scene = Scene::new(size);
        shown.with_data(&mut |data| {
            let crosshair =
                pointer.and_then(|(x, y)| CurveGeometry::new(size, theme, data).z_at(point(x, y)));
            scene = curve_scene(size, theme, &CurveData { crosshair, ..*data });
        });
        scene
    };
    let read = move |size: Size, theme: &Theme, (x, y): (f64, f64)| {
        let mut words = None;
        shown.with_data(&mut |data| {
            words = CurveGeometry::new(size, theme, data)
                .z_at(point(x, y))
                .and_then(|z| data.samples.at(z).map(|(f, df)| read_out(z, f, df)));
        });
        words
    };
    let depends = move || {
        samples.track();
        run.snapshot.track();
        view.track();
    };
    let label = throttled(2_000, move || {
        run.snapshot.with(|snapshot| {
            describe(
                &name.get(),
                &of.get(),
                layer_of(snapshot.as_deref(), &view.get()),
                view.get().unit,
            )
        })
    });
    let title = Signal::derive(move || format!("{}, with {}", name.get(), of.get()));
    let formula = Memo::new(move |_| spec.with(formula_of));
    view! {
        <ChartPanel
            name="curve"
            title=title
            above=view! { <div class="formula-set" inner_html=move || formula.get()></div> }.into_any()
            label=label
            depends=depends
            draw=draw
            read=read
            table=move || table(shown)
            urgency=Urgency::First
        />
    }
}

chunk! {
    saving,
    fn table(shown: Shown) -> String {
        let mut table = String::new();
        shown.with_data(&mut |data| table = curve_csv(data));
        table
    }
}

/// What the panel shows.
#[derive(Clone, Copy)]
struct Shown {
    run: Run,
    view: Memo<View>,
    samples: Memo<Arc<CurveSamples>>,
    /// Of which z the histogram is.
    of: Memo<String>,
    name: Memo<String>,
}

impl Shown {
    fn with_data(self, then: &mut dyn FnMut(&CurveData)) {
        let snapshot = self.run.snapshot.get_untracked();
        let view = self.view.get_untracked();
        let layer = layer_of(snapshot.as_deref(), &view);
        let of = self.of.get_untracked();
        then(&CurveData {
            name: &self.name.get_untracked(),
            samples: &self.samples.get_untracked(),
            z: layer.map(|layer| live_z(layer, view.unit, &of)),
            crosshair: None,
        });
    }
}

fn with_learned(spec: ActivationSpec, snapshot: Option<&Snapshot>, view: &View) -> ActivationSpec {
    match layer_of(snapshot, view) {
        Some(layer) => as_learned(spec, layer, view.unit),
        None => spec,
    }
}

/// PReLU with the alpha that the layer (or unit) has learned by now.
pub fn as_learned(
    mut spec: ActivationSpec,
    layer: &LayerSnapshot,
    unit: Option<usize>,
) -> ActivationSpec {
    if spec.learns_alpha()
        && let Some(learned) = layer.alphas.get(unit.unwrap_or(0)).or(layer.alphas.first())
        && let Some(alpha) = spec.params.first_mut()
    {
        *alpha = f64::from(*learned);
    }
    spec
}

fn layer_of<'a>(snapshot: Option<&'a Snapshot>, view: &View) -> Option<&'a LayerSnapshot> {
    let layer = snapshot?.layers.get(view.layer)?;
    (!layer.z.counts.is_empty()).then_some(layer)
}

fn live_z<'a>(layer: &'a LayerSnapshot, unit: Option<usize>, of: &'a str) -> LiveZ<'a> {
    match (&layer.z_of_unit, unit) {
        (Some(histogram), Some(_)) => LiveZ {
            of,
            histogram,
            zero_slope_share: None,
        },
        _ => LiveZ {
            of,
            histogram: &layer.z,
            zero_slope_share: Some(f64::from(layer.zero_slope_share)),
        },
    }
}

fn z_name(view: &View) -> String {
    match view.unit {
        Some(unit) => format!("z of layer {} unit {}", view.layer + 1, unit + 1),
        None => format!("z of layer {}", view.layer + 1),
    }
}

/// A curve over a range of z, with its zones.
pub fn samples_of(spec: &ActivationSpec, z_range: (f64, f64)) -> CurveSamples {
    match Activation::resolve(spec) {
        Ok(activation) => CurveSamples::of(&activation, z_range),
        // The scenario was checked: every function in it resolves.
        Err(_) => CurveSamples::new(z_range, None, |_| (f64::NAN, f64::NAN)),
    }
}

/// f(z) = ..., as in a book.
fn formula_of(spec: &ActivationSpec) -> String {
    let formula = match &spec.function {
        Function::Catalogue(id) => entry(id).map_or("", |entry| entry.formula),
        Function::Formula(formula) => formula,
    };
    Expr::parse(formula).map_or_else(|_| String::new(), |f| mathml_definition(0, &f))
}

fn describe(name: &str, of: &str, layer: Option<&LayerSnapshot>, unit: Option<usize>) -> String {
    let curve = format!("Curve of {name} and its slope.");
    let Some(layer) = layer else {
        return curve;
    };
    let measured = match unit.and_then(|unit| layer.units.get(unit)) {
        Some(unit) => format!(
            "from {} to {}, mean {}",
            text::number(f64::from(unit.z_min), 2),
            text::number(f64::from(unit.z_max), 2),
            text::number(f64::from(unit.z_mean), 2)
        ),
        None => format!(
            "mean {}, standard deviation {}; at {:.0} % of them the slope is 0",
            text::number(f64::from(layer.z_mean), 2),
            text::number(f64::from(layer.z_std), 2),
            100.0 * layer.zero_slope_share
        ),
    };
    format!("{curve} Histogram of {of}: {measured}.")
}
