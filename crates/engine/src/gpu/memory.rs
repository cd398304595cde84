//! Which arrays of a lane lie in workgroup memory, and which in the scratch buffer.

use std::fmt::Write as _;

use super::layout::{Purpose, Shape, StateArray};

/// Bytes of workgroup memory beside the arrays and the sums of the threads.
const RESERVED_BYTES: usize = 64;

/// An array that one lane works on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// Nobody uses it.
    Nowhere,
    Workgroup,
    /// From this value of the lane's part of the scratch buffer on.
    Scratch(usize),
    /// Where the state buffer has it.
    State(StateArray),
}

#[derive(Clone, Debug)]
struct Array {
    name: &'static str,
    len: usize,
    place: Place,
}

/// The places of all arrays of a lane.
#[derive(Clone, Debug)]
pub struct Memory {
    arrays: Vec<Array>,
    /// Values of a lane in the scratch buffer.
    pub scratch_size: usize,
    /// Bytes of workgroup memory in use.
    pub workgroup_bytes: usize,
}

impl Memory {
    /// `workgroup_bytes`: what the device allows.
    pub fn plan(shape: &Shape, workgroup_bytes: usize) -> Self {
        let row = shape.row();
        let if_norm = |n: usize| if shape.has_norm { n } else { 0 };
        let z_rows = match shape.keeps_z() {
            true => shape.n_units(),
            false => shape.n_outputs,
        };
        let n_gradient = match shape.purpose {
            Purpose::Predict => 0,
            Purpose::Train | Purpose::Probe => shape.params.n_params,
        };
        let d_a_rows = if shape.learns_alpha { shape.widest } else { 0 };
        // The most used first.
        let wanted = [
            ("p", shape.params.n_params),
            ("a", (shape.n_inputs + shape.n_hidden_units) * row),
            ("slope", shape.n_units() * row),
            ("z", z_rows * row),
            ("y", shape.batch_size),
            ("inv_std", if_norm(shape.n_hidden_units)),
            ("statistics", if_norm(2 * shape.n_hidden_units)),
            ("u_hat", if_norm(shape.n_hidden_units * row)),
            ("d_a", d_a_rows * row),
            ("g", n_gradient),
        ];
        let mut memory = Self {
            arrays: Vec::with_capacity(wanted.len()),
            scratch_size: 0,
            workgroup_bytes: 4 * shape.n_threads + RESERVED_BYTES,
        };
        for (name, len) in wanted {
            let n_bytes = (4 * len).next_multiple_of(16);
            let place = if len == 0 {
                Place::Nowhere
            } else if memory.workgroup_bytes + n_bytes <= workgroup_bytes {
                memory.workgroup_bytes += n_bytes;
                Place::Workgroup
            } else if name == "p" {
                Place::State(StateArray::Params)
            } else if name == "g" && shape.purpose == Purpose::Train {
                Place::State(StateArray::Gradient)
            } else {
                memory.scratch_size += len;
                Place::Scratch(memory.scratch_size - len)
            };
            memory.arrays.push(Array { name, len, place });
        }
        memory
    }

    /// WGSL: `get_` and `set_` of each array, a barrier that fits, and the way of parameters and gradient
    /// from and to the state buffer.
    pub fn wgsl(&self, shape: &Shape) -> String {
        let mut text = String::new();
        for Array { name, len, place } in &self.arrays {
            let at = match place {
                Place::Nowhere => {
                    text += &format!(
                        "fn get_{name}(i: u32) -> f32 {{ return 0.0f; }}\n\
                         fn set_{name}(i: u32, value: f32) {{}}\n"
                    );
                    continue;
                }
                Place::Workgroup => {
                    text += &format!("var<workgroup> local_{name}: array<f32, {len}>;\n");
                    format!("local_{name}[i]")
                }
                Place::Scratch(offset) => format!("scratch[scratch_base + {offset}u + i]"),
                Place::State(array) => {
                    format!("state[state_base + {}u + i]", array.offset(shape))
                }
            };
            text += &format!(
                "fn get_{name}(i: u32) -> f32 {{ return {at}; }}\n\
                 fn set_{name}(i: u32, value: f32) {{ {at} = value; }}\n"
            );
        }
        let is_local = |array: &Array| matches!(array.place, Place::Workgroup | Place::Nowhere);
        let storage = match self.arrays.iter().all(is_local) {
            true => "",
            false => "storageBarrier(); ",
        };
        let _ = writeln!(
            text,
            "fn memory_barrier() {{ {storage}workgroupBarrier(); }}"
        );
        let (mut load, mut store) = (String::new(), String::new());
        for (name, array) in [("p", StateArray::Params), ("g", StateArray::Gradient)] {
            if self
                .arrays
                .iter()
                .any(|a| a.name == name && a.place == Place::Workgroup)
            {
                let at = format!("state[state_base + {}u + i]", array.offset(shape));
                let _ = writeln!(load, "        local_{name}[i] = {at};");
                let _ = writeln!(store, "        {at} = local_{name}[i];");
            }
        }
        for (name, body) in [("load", load), ("store", store)] {
            let _ = writeln!(
                text,
                "fn {name}_params(me: u32) {{\n    for (var i = me; i < N_PARAMS; i += WORKGROUP) {{\n{body}    }}\n}}"
            );
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use actiscope_core::activation::ActivationSpec;
    use actiscope_core::nn::spec::{Initializer, NetworkSpec, PreluSharing};

    use super::*;

    fn plan(hidden: &[usize], batch_size: usize, workgroup_bytes: usize) -> Memory {
        let network = NetworkSpec {
            n_inputs: 2,
            hidden: hidden.to_vec(),
            n_outputs: 1,
            activation: ActivationSpec::new("relu"),
            layer_activations: Vec::new(),
            prelu_sharing: PreluSharing::Layer,
            batch_norm: false,
            initializer: Initializer::HeNormal,
            gain: 1.0,
            given: None,
        };
        Memory::plan(
            &Shape::new(&network, batch_size, Purpose::Train, false),
            workgroup_bytes,
        )
    }

    #[test]
    fn small_lanes_need_no_scratch() {
        let memory = plan(&[16, 16], 32, 16_384);
        assert_eq!(memory.scratch_size, 0);
        assert!(
            memory.workgroup_bytes <= 16_384,
            "{}",
            memory.workgroup_bytes
        );
    }

    #[test]
    fn large_lanes_keep_within_the_limit() {
        for width in [1, 16, 64, 128] {
            for depth in [1, 8, 32] {
                for batch_size in [1, 64, 1_000] {
                    let memory = plan(&vec![width; depth], batch_size, 16_384);
                    assert!(memory.workgroup_bytes <= 16_384);
                }
            }
        }
        assert!(plan(&[128; 32], 64, 16_384).scratch_size > 0);
    }
}
