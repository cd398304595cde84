//! Optimizers in somebody else's words: those of [`optimizer`](crate::nn::optimizer), which are PyTorch's.

use super::super::python::float;
use crate::nn::spec::Optimizer;

/// A class of PyTorch with its arguments, but for parameters and learning rate.
pub fn pytorch(optimizer: Optimizer) -> (&'static str, String) {
    match optimizer {
        Optimizer::Sgd => ("SGD", String::new()),
        Optimizer::Momentum { momentum } => ("SGD", format!(", momentum={}", float(momentum))),
        // PyTorch refuses Nesterov without momentum, which is SGD.
        Optimizer::Nesterov { momentum: 0.0 } => ("SGD", String::new()),
        Optimizer::Nesterov { momentum } => (
            "SGD",
            format!(", momentum={}, nesterov=True", float(momentum)),
        ),
        Optimizer::RmsProp { alpha, eps } => (
            "RMSprop",
            format!(", alpha={}, eps={}", float(alpha), float(eps)),
        ),
        Optimizer::Adam { beta1, beta2, eps } => ("Adam", adam(beta1, beta2, eps)),
        Optimizer::AdamW {
            beta1,
            beta2,
            eps,
            weight_decay,
        } => {
            let decay = float(weight_decay);
            (
                "AdamW",
                format!("{}, weight_decay={decay}", adam(beta1, beta2, eps)),
            )
        }
    }
}

fn adam(beta1: f64, beta2: f64, eps: f64) -> String {
    format!(
        ", betas=({}, {}), eps={}",
        float(beta1),
        float(beta2),
        float(eps)
    )
}

/// How Keras says it: (its definition where Keras' own is another, the class). A rate that changes, or is a layer's own, is
/// one that Keras' own momentum has taken in already.
pub fn keras(optimizer: Optimizer, rate_changes: bool, by_layer: bool) -> (Option<String>, String) {
    match optimizer {
        Optimizer::Sgd if !by_layer => (None, "keras.optimizers.SGD(".to_owned()),
        Optimizer::Momentum { momentum } if !by_layer && !rate_changes => {
            let momentum = float(momentum);
            (None, format!("keras.optimizers.SGD(momentum={momentum}, "))
        }
        Optimizer::Nesterov { momentum } if !by_layer && !rate_changes => {
            let momentum = float(momentum);
            (
                None,
                format!("keras.optimizers.SGD(momentum={momentum}, nesterov=True, "),
            )
        }
        _ => {
            let own = Own::new(optimizer);
            let class = format!("{}(", own.name);
            (Some(own.definition(by_layer)), class)
        }
    }
}

/// An optimizer for Keras with the arithmetic of PyTorch.
struct Own {
    name: &'static str,
    about: &'static str,
    /// What it remembers of each parameter.
    slots: &'static [&'static str],
    /// Lines of one update.
    update: Vec<String>,
}

impl Own {
    fn new(optimizer: Optimizer) -> Self {
        let assign = |slot: &str, value: &str| format!("{slot}.assign({value})");
        let step = |by: &str| format!("variable.assign(variable - learning_rate * {by})");
        match optimizer {
            Optimizer::Sgd => Self {
                name: "SGD",
                about: "Straight down the gradient.",
                slots: &[],
                update: vec![step("gradient")],
            },
            Optimizer::Momentum { momentum } => Self {
                name: "Momentum",
                about: "PyTorch's: the velocity is of gradients, and the learning rate comes after it.",
                slots: &["velocity"],
                update: vec![
                    assign(
                        "velocity",
                        &format!("{} * velocity + gradient", float(momentum)),
                    ),
                    step("velocity"),
                ],
            },
            Optimizer::Nesterov { momentum } => Self {
                name: "Nesterov",
                about: "PyTorch's: the velocity is of gradients, and the learning rate comes after it.",
                slots: &["velocity"],
                update: vec![
                    assign(
                        "velocity",
                        &format!("{} * velocity + gradient", float(momentum)),
                    ),
                    step(&format!("(gradient + {} * velocity)", float(momentum))),
                ],
            },
            Optimizer::RmsProp { alpha, eps } => Self {
                name: "RMSprop",
                about: "PyTorch's: epsilon is added to the root, not under it.",
                slots: &["square"],
                update: vec![
                    assign("square", &mean(alpha, "square", "gradient**2")),
                    step(&format!("gradient / (ops.sqrt(square) + {})", float(eps))),
                ],
            },
            Optimizer::Adam { beta1, beta2, eps } => Self {
                name: "Adam",
                about: "PyTorch's: epsilon is added after the corrections, not before.",
                slots: &["first", "second"],
                update: adam_update(beta1, beta2, eps),
            },
            Optimizer::AdamW {
                beta1,
                beta2,
                eps,
                weight_decay,
            } => {
                let decay = float(weight_decay);
                let decayed = format!("variable.assign(variable * (1 - learning_rate * {decay}))");
                let mut update = vec![decayed];
                update.extend(adam_update(beta1, beta2, eps));
                Self {
                    name: "AdamW",
                    about: "PyTorch's: epsilon is added after the corrections, not before.",
                    slots: &["first", "second"],
                    update,
                }
            }
        }
    }

    fn definition(&self, by_layer: bool) -> String {
        let mut lines = vec![
            format!("class {}(keras.optimizers.Optimizer):", self.name),
            format!("    \"\"\"{}\"\"\"", self.about),
        ];
        let has_more = by_layer || !self.slots.is_empty();
        if has_more {
            lines.extend([
                String::new(),
                "    def build(self, variables):".to_owned(),
                "        super().build(variables)".to_owned(),
            ]);
        }
        if by_layer {
            lines.push(
                "        self.layers = [v.path.split(\"/\")[-2] for v in variables]".to_owned(),
            );
        }
        for slot in self.slots {
            lines.push(format!("        self.{slot} = ["));
            lines.push(format!(
                "            self.add_variable_from_reference(v, name=\"{slot}\") for v in variables"
            ));
            lines.push("        ]".to_owned());
        }
        lines.push(String::new());
        lines.push("    def update_step(self, gradient, variable, learning_rate):".to_owned());
        if has_more {
            // On TensorFlow it is not the variable that was built with, and has no path: Keras' own optimizers ask so, too.
            lines.push("        index = self._get_variable_index(variable)".to_owned());
        }
        if by_layer {
            lines.push(
                "        learning_rate = learning_rate * RATES[self.layers[index]]".to_owned(),
            );
        }
        for slot in self.slots {
            lines.push(format!("        {slot} = self.{slot}[index]"));
        }
        lines.extend(self.update.iter().map(|line| format!("        {line}")));
        lines.join("\n")
    }
}

fn adam_update(beta1: f64, beta2: f64, eps: f64) -> Vec<String> {
    let (b1, b2, eps) = (float(beta1), float(beta2), float(eps));
    vec![
        format!("first.assign({})", mean(beta1, "first", "gradient")),
        format!("second.assign({})", mean(beta2, "second", "gradient**2")),
        "step = ops.cast(self.iterations + 1, \"float32\")".to_owned(),
        format!("mean = first / (1 - ops.power({b1}, step))"),
        format!("root = ops.sqrt(second / (1 - ops.power({b2}, step)))"),
        format!("variable.assign(variable - learning_rate * mean / (root + {eps}))"),
    ]
}

/// `beta * slot + (1 - beta) * value`.
fn mean(beta: f64, slot: &str, value: &str) -> String {
    let beta = float(beta);
    format!("{beta} * {slot} + (1 - {beta}) * {value}")
}
