//! A run as a program for PyTorch.

use super::super::functions::Functions;
use super::super::pytorch::{self, Network, load, own_function};
use super::{Repeat, decoded, loss, optimizer, random, schedule};
use crate::activation::Framework;
use crate::interop::Model;
use crate::nn::spec::Order;

pub fn script(repeat: &Repeat, model: &Model) -> String {
    let functions = Functions::new(model, Framework::PyTorch);
    let training = repeat.training();
    let has_dropout = training.dropout > 0.0;
    let needs_own_norm = model.network.batch_norm && repeat.has_batch_of_one();
    let network = Network {
        model,
        functions: &functions,
        norm: if needs_own_norm {
            "BatchNorm"
        } else {
            "nn.BatchNorm1d"
        },
        has_dropout,
        standardizes: false,
        answers: false,
    };
    let mut parts = vec![format!("{}\n\n{}", head(repeat), repeat.constants(model))];
    parts.extend(random::batches(training));
    if has_dropout {
        parts.extend([random::dropout(), dropout_class()]);
    }
    if needs_own_norm {
        parts.push(norm_class());
    }
    parts.extend(functions.own.iter().map(own_function));
    parts.push(network.class());
    parts.push(loss::pytorch(training, model.network.n_outputs));
    parts.extend(has_penalty(repeat).then(penalty));
    parts.extend(schedule(&training.schedule));
    parts.extend([
        decoded(),
        load(),
        train(repeat, model),
        pytorch::weights(model),
        repeat.samples(),
        main(repeat),
    ]);
    parts.join("\n\n\n") + "\n"
}

fn head(repeat: &Repeat) -> String {
    let functools = match repeat.training().order {
        Order::Shuffled => "import functools\n",
        Order::Sequential => "",
    };
    format!(
        r#"{}

import base64
{functools}import math
import sys

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn"#,
        repeat.about("PyTorch", "torch numpy", "")
    )
}

fn dropout_class() -> String {
    r#"class Dropout(nn.Module):
    """nn.Dropout with the masks of the run."""

    step = 0  # Of all layers.

    def __init__(self, layer):
        super().__init__()
        self.layer = layer

    def forward(self, a):
        if not self.training:
            return a
        return a * torch.from_numpy(dropout_mask(Dropout.step, self.layer, *a.shape))"#
        .to_owned()
}

fn norm_class() -> String {
    r#"class BatchNorm(nn.BatchNorm1d):
    """One sample alone, which PyTorch refuses, has the variance 0: what is left is beta."""

    def forward(self, u):
        if not self.training or len(u) > 1:
            return super().forward(u)
        with torch.no_grad():
            self.running_mean.lerp_(u[0], self.momentum)
            self.running_var.mul_(1 - self.momentum)
        return 0 * self.weight * u + self.bias"#
        .to_owned()
}

fn has_penalty(repeat: &Repeat) -> bool {
    repeat.training().l1 > 0.0 || repeat.training().l2 > 0.0
}

fn penalty() -> String {
    r#"def penalty(network):
    """L1 and L2 of the weights; biases go free."""
    layers = [part for part in network.children() if isinstance(part, nn.Linear)]
    weights = [layer.weight for layer in layers]
    return sum(L1 * w.abs().sum() + L2 / 2 * w.square().sum() for w in weights)"#
        .to_owned()
}

fn train(repeat: &Repeat, model: &Model) -> String {
    let training = repeat.training();
    let (class, arguments) = optimizer::pytorch(training.optimizer);
    let mut lines = vec![
        "def train(network, n_steps):".to_owned(),
        "    \"\"\"Yields the loss of every batch, before its update.\"\"\"".to_owned(),
        "    x_train = torch.from_numpy(decoded(X_TRAIN).reshape(-1, N_INPUTS))".to_owned(),
        "    y_train = torch.from_numpy(decoded(Y_TRAIN))".to_owned(),
    ];
    let (params, rate) = match repeat.rates(model) {
        None => ("network.parameters()", ", lr=LEARNING_RATE"),
        Some(_) => {
            lines.extend([
                "    groups = [".to_owned(),
                "        {\"params\": network.get_submodule(name).parameters(), \"lr\": rate}"
                    .to_owned(),
                "        for name, rate in RATES.items()".to_owned(),
                "    ]".to_owned(),
            ]);
            ("groups", "")
        }
    };
    lines.push(super::super::python::list(
        1,
        &format!("optimizer = torch.optim.{class}("),
        &[format!("{params}{rate}{arguments}")],
        ")",
    ));
    let has_schedule = !training.schedule.is_constant();
    if has_schedule {
        lines.push(
            "    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, rate_factor)".to_owned(),
        );
    }
    lines.extend([
        "    network.train()".to_owned(),
        "    for step in range(n_steps):".to_owned(),
        "        rows = batch(step)".to_owned(),
    ]);
    if training.dropout > 0.0 {
        lines.push("        Dropout.step = step".to_owned());
    }
    lines.push("        optimizer.zero_grad()".to_owned());
    lines.push("        loss = loss_of(network(x_train[rows]), y_train[rows])".to_owned());
    lines.push(match has_penalty(repeat) {
        true => "        (loss + penalty(network)).backward()".to_owned(),
        false => "        loss.backward()".to_owned(),
    });
    if training.clip_norm.is_some() {
        lines.push("        nn.utils.clip_grad_norm_(network.parameters(), CLIP_NORM)".to_owned());
    }
    lines.push("        optimizer.step()".to_owned());
    if has_schedule {
        lines.push("        schedule.step()".to_owned());
    }
    lines.push("        yield loss.item()".to_owned());
    lines.join("\n")
}

fn main(repeat: &Repeat) -> String {
    let test = match repeat.has_test() {
        false => "",
        true => {
            r#"
    network.eval()
    x_test = torch.from_numpy(decoded(X_TEST).reshape(-1, N_INPUTS))
    with torch.no_grad():
        loss = loss_of(network(x_test), torch.from_numpy(decoded(Y_TEST)))
    print(f"test loss {loss.item():.6f}")"#
        }
    };
    format!(
        r#"if __name__ == "__main__":
    network = load()
    n_steps = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    for step, loss in enumerate(train(network, n_steps)):
        print(f"{{step:6d}}  {{loss:.6f}}"){test}"#
    )
}
