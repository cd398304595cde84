//! What each layer was like at the steps that the page was shown, in bounded memory.

use actiscope_core::activation::ActivationSpec;
use actiscope_core::protocol::{LayerSnapshot, Snapshot};

use crate::plot::charts::depth::{Cell, Column};

/// Steps kept. With 33 layers they take about 2 MB.
const MAX_COLUMNS: usize = 400;

/// Columns at least a stride apart, but for the last; the stride doubles when there are too many.
#[derive(Clone, Debug, PartialEq)]
pub struct DepthLog {
    columns: Vec<Column>,
    /// The functions that the run has had, by [`Cell::function`].
    functions: Vec<ActivationSpec>,
    stride: u64,
    /// What was taken out, to be filled anew: small things that stay, made between large ones that go, would
    /// leave memory in holes.
    spare: Vec<Column>,
}

impl Default for DepthLog {
    fn default() -> Self {
        Self {
            columns: Vec::new(),
            functions: Vec::new(),
            stride: 1,
            spare: Vec::new(),
        }
    }
}

impl DepthLog {
    /// By step.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    pub fn functions(&self) -> &[ActivationSpec] {
        &self.functions
    }

    /// Adds what a snapshot tells, or mends what was told of the same step: a seek leads to the middle. `activations`: of
    /// the hidden layers, one for all of them or one each.
    pub fn take(&mut self, snapshot: &Snapshot, activations: &[&ActivationSpec]) {
        if snapshot.layers.is_empty() {
            return;
        }
        let step = snapshot.step;
        let at = self.columns.partition_point(|column| column.step < step);
        if self
            .columns
            .get(at)
            .is_some_and(|column| column.step == step)
        {
            let column = self.column(snapshot, activations);
            let old = std::mem::replace(&mut self.columns[at], column);
            self.spare.push(old);
            self.thin();
            return;
        }
        let is_last = at == self.columns.len();
        if !is_last {
            // Between two that stand close enough there is nothing to add.
            let before = at.checked_sub(1).map_or(0, |i| self.columns[i].step);
            if step - before < self.stride || self.columns[at].step - step < self.stride {
                return;
            }
        } else if let [.., before, last] = &self.columns[..]
            && last.step - before.step < self.stride
        {
            // The last stands at any distance; now it is no longer the last.
            self.spare.extend(self.columns.pop());
        }
        let column = self.column(snapshot, activations);
        self.columns.insert(at.min(self.columns.len()), column);
        self.thin();
    }

    /// Forgets what came after a step.
    pub fn forget_after(&mut self, step: u64) {
        let n_kept = self.columns.partition_point(|column| column.step <= step);
        self.spare.extend(self.columns.drain(n_kept..));
    }

    fn column(&mut self, snapshot: &Snapshot, activations: &[&ActivationSpec]) -> Column {
        let functions = activations.iter().map(|&activation| {
            let known = self.functions.iter().position(|known| known == activation);
            known.unwrap_or_else(|| {
                self.functions.push(activation.clone());
                self.functions.len() - 1
            })
        });
        let functions: Vec<usize> = functions.collect();
        let mut column = self.spare.pop().unwrap_or_default();
        column.step = snapshot.step;
        column
            .layers
            .resize_with(snapshot.layers.len(), Cell::default);
        for (l, (cell, layer)) in column.layers.iter_mut().zip(&snapshot.layers).enumerate() {
            fill(cell, layer);
            cell.function = *functions.get(l).or(functions.first()).unwrap_or(&0);
        }
        column
    }

    fn thin(&mut self) {
        while self.columns.len() > MAX_COLUMNS {
            self.stride *= 2;
            let (stride, last) = (self.stride, self.columns.last().map(|column| column.step));
            let mut next = 0;
            let goes = |column: &mut Column| {
                let keep = column.step >= next || Some(column.step) == last;
                if keep {
                    next = column.step + stride;
                }
                !keep
            };
            self.spare.extend(self.columns.extract_if(.., goes));
        }
        if self.functions.len() > MAX_COLUMNS {
            self.forget_unused_functions();
        }
    }

    /// A slider dragged through the run leaves a function at each of its stops.
    fn forget_unused_functions(&mut self) {
        let mut kept = Vec::new();
        for cell in self
            .columns
            .iter_mut()
            .flat_map(|column| &mut column.layers)
        {
            let function = &self.functions[cell.function];
            let known = kept.iter().position(|known| known == function);
            cell.function = known.unwrap_or_else(|| {
                kept.push(function.clone());
                kept.len() - 1
            });
        }
        self.functions = kept;
    }
}

fn fill(cell: &mut Cell, layer: &LayerSnapshot) {
    let n_alphas = layer.alphas.len();
    cell.set_histogram(&layer.z);
    cell.alpha = (n_alphas > 0).then(|| layer.alphas.iter().sum::<f32>() / n_alphas as f32);
    cell.gradient_rms = layer.z_gradient_rms;
    cell.update_ratio = layer.update_ratio;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::log::tests::snapshot;

    fn at(step: u64) -> Snapshot {
        Snapshot {
            step,
            layers: vec![LayerSnapshot::default()],
            unit_weights: None,
            ..snapshot(0..1, false)
        }
    }

    fn steps(log: &DepthLog) -> Vec<u64> {
        log.columns().iter().map(|column| column.step).collect()
    }

    #[test]
    fn a_long_run_keeps_evenly_spaced_columns_and_the_last() {
        let (mut log, relu) = (DepthLog::default(), ActivationSpec::new("relu"));
        for step in (0..=100_000).step_by(50) {
            log.take(&at(step), &[&relu]);
            assert!(log.columns().len() <= MAX_COLUMNS);
        }
        let steps = steps(&log);
        assert!(steps.len() > MAX_COLUMNS / 3, "{}", steps.len());
        assert_eq!((steps[0], steps.last()), (0, Some(&100_000)));
        let widest = steps.windows(2).map(|pair| pair[1] - pair[0]).max();
        assert!(widest <= Some(1_100), "{widest:?}");
        // What was taken out was filled anew.
        assert!(log.columns().len() + log.spare.len() <= MAX_COLUMNS + 2);
    }

    #[test]
    fn a_seek_mends_the_middle_and_a_fork_forgets_the_rest() {
        let (mut log, relu) = (DepthLog::default(), ActivationSpec::new("relu"));
        for step in [0, 10, 20, 30] {
            log.take(&at(step), &[&relu]);
        }
        log.take(&at(15), &[&relu]);
        assert_eq!(steps(&log), [0, 10, 15, 20, 30]);
        log.take(&at(15), &[&ActivationSpec::new("tanh")]);
        assert_eq!(steps(&log), [0, 10, 15, 20, 30]);
        assert_eq!(log.columns()[2].layers[0].function, 1);
        log.forget_after(15);
        assert_eq!(steps(&log), [0, 10, 15]);
        log.take(&at(16), &[&relu]);
        assert_eq!(steps(&log), [0, 10, 15, 16]);
    }

    #[test]
    fn functions_that_no_column_has_are_forgotten() {
        let mut log = DepthLog::default();
        for step in 0..5_000 {
            let alpha = step as f64 * 1e-4;
            let leaky = ActivationSpec::named("leaky_relu", &[("alpha", alpha)]);
            log.take(&at(step), &[&leaky]);
        }
        assert!(
            log.functions().len() <= 2 * MAX_COLUMNS,
            "{}",
            log.functions().len()
        );
        let last = &log.columns()[log.columns().len() - 1];
        assert_eq!(
            log.functions()[last.layers[0].function].params,
            [4_999.0 * 1e-4]
        );
    }
}
