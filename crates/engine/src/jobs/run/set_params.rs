//! Parameters that are set in the middle of a run: new weights for dead units, and what was typed by hand.

use actiscope_core::health::Health;
use actiscope_core::nn::init::layer_weights;
use actiscope_core::nn::layout::ParamLayout;
use actiscope_core::protocol::ParamValue;
use actiscope_core::random::{Random, Stream};
use actiscope_core::scenario::Scenario;

use crate::backend::Backend;
use crate::cpu::LaneState;
use crate::cpu::probe::Judgement;

/// New weights may be dead again: so often they are drawn anew.
const MAX_ROUNDS: u32 = 8;

/// Gives every dead unit new incoming weights from the scenario's initializer, bias 0, normalisation as
/// at the beginning, and no memory of the optimizer. The other units are left alone. `nth` separates
/// the draws of several revivals.
pub fn revive(backend: &mut Backend, scenario: &Scenario, nth: u32, judgement: &mut Judgement) {
    let layout = ParamLayout::new(&scenario.network);
    for round in 0..MAX_ROUNDS {
        backend.judge(judgement);
        if judgement.count(Health::Dead) == 0 {
            return;
        }
        let mut state = backend.state().clone();
        for (l, verdicts) in judgement.verdicts.iter().enumerate() {
            let sub_stream = (nth * MAX_ROUNDS + round) * 64 + l as u32;
            let random = Random::new(u64::from(scenario.seed), Stream::Revive, sub_stream);
            let layer = &layout.layers[l];
            let network = &scenario.network;
            let weights = layer_weights(
                network.initializer,
                network.gain,
                layer.n_in,
                layer.n_out,
                &random,
            );
            for (unit, _) in verdicts
                .iter()
                .enumerate()
                .filter(|&(_, &h)| h == Health::Dead)
            {
                let row = unit * layer.n_in..(unit + 1) * layer.n_in;
                let first = layer.weights.start + row.start;
                for (i, &weight) in (first..).zip(&weights[row]) {
                    set(&mut state, i, weight as f32);
                }
                set(&mut state, layer.biases.start + unit, 0.0);
                if !layer.gamma.is_empty() {
                    set(&mut state, layer.gamma.start + unit, 1.0);
                    set(&mut state, layer.beta.start + unit, 0.0);
                }
            }
        }
        backend.restore(backend.step(), &state);
    }
}

/// Sets parameters that the network has; the others are left alone.
pub fn set_params(backend: &mut Backend, scenario: &Scenario, values: &[ParamValue]) {
    let layout = ParamLayout::new(&scenario.network);
    let mut state = backend.state().clone();
    for ParamValue { at, value } in values {
        if let Some(index) = at.index_in(&layout) {
            set(&mut state, index, *value);
        }
    }
    backend.restore(backend.step(), &state);
}

/// Sets a parameter and clears what the optimizer remembers of it.
fn set(state: &mut LaneState, i: usize, value: f32) {
    state.params[i] = value;
    for slot in [&mut state.first, &mut state.second] {
        if let Some(slot) = slot.get_mut(i) {
            *slot = 0.0;
        }
    }
}
