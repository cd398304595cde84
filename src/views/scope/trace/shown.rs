use std::sync::Arc;

use actiscope_core::interop::trace::{Framework, LayerAbout, Rows};
use leptos::prelude::*;

use super::recorder::Recorder;
use crate::app::App;
use crate::app::theme::Colours;
use crate::held::Held;
use crate::memo::Memo;
use crate::plot::charts::trace::depth::DepthData;
use crate::plot::charts::trace::look::{LayerLook, looks};
use crate::plot::charts::trace::rows::RowsData;
use crate::plot::kit::theme::Theme;
use crate::trace::Traces;
use crate::trace::opened::Opened;

/// What follows of a trace alone.
#[derive(Debug)]
pub struct Base {
    pub opened: Opened,
    pub looks: Vec<LayerLook>,
    /// `[T]`: where the records lie along the axis of steps, 0 to 1.
    pub at: Vec<f32>,
    /// By layer: what stands below its name.
    pub notes: Vec<Vec<String>>,
    /// Of the other traces: where along the axis, and the loss there.
    pub others: Vec<Vec<(f32, f32)>>,
}

impl PartialEq for Base {
    fn eq(&self, other: &Self) -> bool {
        self.opened == other.opened
    }
}

impl Base {
    fn new(opened: Opened) -> Self {
        let (trace, view) = (&opened.trace, &opened.view);
        let losses = |tried: &actiscope_core::interop::trace::Tried| {
            let losses = tried.loss.iter();
            losses
                .map(|&(step, loss)| (trace.along(step), loss))
                .collect()
        };
        Self {
            looks: looks(&view.charts, trace.layers.len()),
            at: view.ticks.iter().map(|tick| tick.at).collect(),
            notes: trace
                .layers
                .iter()
                .map(|layer| notes(&layer.about))
                .collect(),
            others: view.others.iter().map(losses).collect(),
            opened,
        }
    }

    pub fn depth(&self, record: usize) -> DepthData<'_> {
        let view = &self.opened.view;
        DepthData {
            charts: &view.charts,
            looks: &self.looks,
            at: &self.at,
            steps: &self.opened.trace.steps,
            marks: &view.marks,
            record,
            loss_peak: view.loss_peak,
            others: &self.others,
        }
    }
}

/// The kernel of a convolution; how many of a layer's units were recorded.
fn notes(about: &LayerAbout) -> Vec<String> {
    let mut notes = Vec::new();
    // The framework's own order of sizes: channels first, or last.
    let kernel = match (about.framework, &about.shape[..]) {
        (Framework::PyTorch, [_, _, kernel @ ..]) | (Framework::Keras, [kernel @ .., _, _]) => {
            kernel
        }
        _ => &[],
    };
    if !kernel.is_empty() {
        let sizes: Vec<String> = kernel.iter().map(usize::to_string).collect();
        notes.push(format!("{} conv", sizes.join(" × ")));
    }
    if about.every() > 1 {
        notes.push(format!("1 in {} seen", about.every()));
    }
    notes
}

/// What follows of the open trace and of the record on show. Handles: copying it copies no state.
#[derive(Clone, Copy)]
pub struct Shown {
    pub app: App,
    pub traces: Traces,
    pub recorder: Recorder,
    pub base: Memo<Option<Arc<Base>>>,
    /// At the record on show.
    pub rows: Memo<Option<Arc<Rows>>>,
    /// Layer and tile under the pointer, or under the keys.
    pub pointed: Held<Option<(usize, usize)>>,
    /// Layers whose tiles are shown though there are many layers.
    pub unfolded: Held<Vec<usize>>,
    /// What a status region reads out.
    pub said: RwSignal<String>,
    colours: Colours,
}

impl Shown {
    pub fn follow() -> Self {
        let traces = expect_context::<Traces>();
        let base = Memo::new(move |_| {
            let open = traces.open.get();
            open.map(|open| Arc::new(Base::new(open)))
        });
        let rows = Memo::new(move |_| {
            let (record, order) = (traces.record.get(), traces.order.get());
            base.with(|base: &Option<Arc<Base>>| {
                let opened = &base.as_ref()?.opened;
                let record = record.min(opened.last());
                Some(Arc::new(opened.trace.rows(
                    record,
                    order,
                    opened.view.z_end,
                )))
            })
        });
        Self {
            app: expect_context::<App>(),
            traces,
            recorder: Recorder::follow(),
            base,
            rows,
            pointed: Held::new(None),
            unfolded: Held::new(Vec::new()),
            said: RwSignal::new(String::new()),
            colours: expect_context::<Colours>(),
        }
    }

    /// The colours of now. Tracked.
    pub fn theme(self) -> Theme {
        self.colours.version.track();
        self.colours.drawn()
    }

    /// What the rows are drawn of; nothing where there is no trace. Tracked.
    pub fn with_rows<T>(self, draw: impl FnOnce(&RowsData) -> T) -> Option<T> {
        let (rows, base) = (self.rows.get()?, self.base.get()?);
        let unfolded = self.unfolded.get();
        Some(draw(&RowsData {
            rows: &rows,
            looks: &base.looks,
            notes: &base.notes,
            order: self.traces.order.get(),
            unfolded: &unfolded,
            pointed: self.pointed.get(),
            selected: self.traces.unit.get(),
        }))
    }

    /// What there is to say of a tile. Tracked.
    pub fn tile_line(self, layer: usize, tile: usize) -> Option<String> {
        let (rows, base) = (self.rows.get()?, self.base.get()?);
        let row = rows.rows.get(layer)?;
        let units = &row.tiles.get(tile)?.units;
        let trace = &base.opened.trace;
        Some(match units[..] {
            [unit] => trace.unit_line(layer, unit, rows.record),
            [first, ..] => format!(
                "{} units. {}",
                units.len(),
                trace.unit_line(layer, first, rows.record)
            ),
            [] => return None,
        })
    }

    /// The unit that a tile stands for: of a group the middle one, whose health it shows.
    pub fn unit_of(self, layer: usize, tile: usize) -> Option<usize> {
        let rows = self.rows.get_untracked()?;
        let units = &rows.rows.get(layer)?.tiles.get(tile)?.units;
        units.get(units.len() / 2).copied()
    }
}
