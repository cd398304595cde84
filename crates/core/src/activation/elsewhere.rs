//! How each function's derivative follows, and what other libraries call the function: one line of code in
//! PyTorch, Keras and JAX, with what it does otherwise than one would think. Data, in the order of the entries.
//!
//! `tests/names_elsewhere.rs` holds every line to values that the libraries themselves computed.

/// What a reader of a function takes along.
#[derive(Debug, PartialEq)]
pub struct Elsewhere {
    /// Of its entry.
    pub id: &'static str,
    /// How f' follows from f, in words and signs that need no setting.
    pub derivation: &'static str,
    pub pytorch: Line,
    pub keras: Line,
    pub jax: Line,
}

/// One line of code.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Line {
    /// An expression in `z`, or a module or layer to call with it; `{alpha}` stands for the value of alpha.
    pub code: &'static str,
    /// Defaults and habits that differ from ours; empty where there are none.
    pub note: &'static str,
}

/// Whose line it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Framework {
    PyTorch,
    Keras,
    Jax,
}

impl Framework {
    pub const ALL: [Self; 3] = [Self::PyTorch, Self::Keras, Self::Jax];

    pub fn name(self) -> &'static str {
        match self {
            Self::PyTorch => "PyTorch",
            Self::Keras => "Keras",
            Self::Jax => "JAX",
        }
    }
}

impl Elsewhere {
    pub fn line(&self, framework: Framework) -> Line {
        match framework {
            Framework::PyTorch => self.pytorch,
            Framework::Keras => self.keras,
            Framework::Jax => self.jax,
        }
    }
}

impl Line {
    /// The code with these values of the parameters, as a Python float each.
    pub fn with(&self, names: &[String], values: &[f64]) -> String {
        let mut code = self.code.to_owned();
        for (name, value) in names.iter().zip(values) {
            code = code.replace(&format!("{{{name}}}"), &format!("{value:?}"));
        }
        code
    }
}

const fn line(code: &'static str) -> Line {
    Line { code, note: "" }
}

const fn but(code: &'static str, note: &'static str) -> Line {
    Line { code, note }
}

pub static ELSEWHERE: &[Elsewhere] = &[
    Elsewhere {
        id: "relu",
        derivation: "The larger of two has the slope of the one that wins: z has 1, the constant 0 has 0. At the tie PyTorch takes 0, and so do we.",
        pytorch: line("nn.ReLU()"),
        keras: line("activations.relu(z)"),
        jax: line("jax.nn.relu(z)"),
    },
    Elsewhere {
        id: "leaky_relu",
        derivation: "Two straight lines, so two constants: z has slope 1 and αz has α. At 0 itself it is α, the left one.",
        pytorch: but("nn.LeakyReLU(negative_slope={alpha})", "0.01 if left out"),
        keras: but(
            "layers.LeakyReLU(negative_slope={alpha})",
            "0.3 if left out, 0.2 in activations.leaky_relu",
        ),
        jax: but(
            "jax.nn.leaky_relu(z, negative_slope={alpha})",
            "0.01 if left out; slope at 0 is 1",
        ),
    },
    Elsewhere {
        id: "prelu",
        derivation: "As Leaky ReLU by z. By α it is z on the left and 0 on the right: that is what trains α.",
        pytorch: but("nn.PReLU(init={alpha})", "0.25 if left out, one α a layer"),
        keras: but(
            "layers.PReLU(alpha_initializer=initializers.Constant({alpha}))",
            "0 if left out, one α a unit; slope at 0 is 0",
        ),
        jax: but(
            "jnp.where(z > 0, z, {alpha} * z)",
            "no name of its own: α is yours to train",
        ),
    },
    Elsewhere {
        id: "relu6",
        derivation: "ReLU's slope, and 0 again from 6 on: a constant wins there, as it does below 0.",
        pytorch: line("nn.ReLU6()"),
        keras: line("activations.relu6(z)"),
        jax: line("jax.nn.relu6(z)"),
    },
    Elsewhere {
        id: "elu",
        derivation: "z has slope 1. Below 0, α(eᶻ − 1) has slope αeᶻ, which is f(z) + α: once f is known its slope costs one addition.",
        pytorch: line("nn.ELU(alpha={alpha})"),
        keras: line("activations.elu(z, alpha={alpha})"),
        jax: line("jax.nn.elu(z, alpha={alpha})"),
    },
    Elsewhere {
        id: "celu",
        derivation: "By the chain rule the 1/α inside cancels the α outside: the slope is exp(z/α), and 1 at 0 for every α.",
        pytorch: line("nn.CELU(alpha={alpha})"),
        keras: line("activations.celu(z, alpha={alpha})"),
        jax: line("jax.nn.celu(z, alpha={alpha})"),
    },
    Elsewhere {
        id: "selu",
        derivation: "ELU's slope times λ = 1.0507. From the left it comes to λα = 1.758 at 0, from the right to λ: a corner.",
        pytorch: line("nn.SELU()"),
        keras: line("activations.selu(z)"),
        jax: line("jax.nn.selu(z)"),
    },
    Elsewhere {
        id: "gelu",
        derivation: "z times Φ(z), so by the product rule Φ(z) + zφ(z): Φ is the normal distribution, and the bell curve φ is its slope.",
        pytorch: line("nn.GELU()"),
        keras: line("activations.gelu(z)"),
        jax: but(
            "jax.nn.gelu(z, approximate=False)",
            "the tanh form if left out",
        ),
    },
    Elsewhere {
        id: "gelu_tanh",
        derivation: "Product rule for z and 1 + tanh(u), chain rule for u: tanh has the slope sech²(u), and u has √(2/π)(1 + 0.134145z²).",
        pytorch: line("nn.GELU(approximate=\"tanh\")"),
        keras: line("activations.gelu(z, approximate=True)"),
        jax: line("jax.nn.gelu(z)"),
    },
    Elsewhere {
        id: "silu",
        derivation: "Product rule: σ(z) + zσ(z)σ(−z), for the slope of σ is σ(z)(1 − σ(z)), and 1 − σ(z) is σ(−z).",
        pytorch: line("nn.SiLU()"),
        keras: line("activations.silu(z)"),
        jax: line("jax.nn.silu(z)"),
    },
    Elsewhere {
        id: "swish",
        derivation: "As SiLU, with β from the chain rule: σ(βz) + βzσ(βz)σ(−βz).",
        pytorch: but(
            "z * torch.sigmoid({beta} * z)",
            "no name of its own; nn.SiLU has β = 1",
        ),
        keras: but(
            "z * ops.sigmoid({beta} * z)",
            "activations.swish is SiLU: β = 1",
        ),
        jax: but(
            "z * jax.nn.sigmoid({beta} * z)",
            "jax.nn.swish is SiLU: β = 1",
        ),
    },
    Elsewhere {
        id: "mish",
        derivation: "Product rule, then the chain rule twice: softplus has the slope σ, tanh has sech², hence tanh(s) + zsech²(s)σ(z) with s = softplus(z).",
        pytorch: line("nn.Mish()"),
        keras: line("activations.mish(z)"),
        jax: line("jax.nn.mish(z)"),
    },
    Elsewhere {
        id: "softplus",
        derivation: "ln(1 + eᵘ) has the slope eᵘ/(1 + eᵘ) = σ(u); with u = βz the β inside cancels the one outside.",
        pytorch: but("nn.Softplus(beta={beta})", "a straight line where βz > 20"),
        keras: but(
            "ops.softplus({beta} * z) / {beta}",
            "activations.softplus has no β",
        ),
        jax: but(
            "jax.nn.softplus({beta} * z) / {beta}",
            "jax.nn.softplus has no β",
        ),
    },
    Elsewhere {
        id: "hard_swish",
        derivation: "Between −3 and 3 it is z(z + 3)/6, a parabola with slope (2z + 3)/6. Outside it is 0 or z.",
        pytorch: line("nn.Hardswish()"),
        keras: line("activations.hard_silu(z)"),
        jax: line("jax.nn.hard_silu(z)"),
    },
    Elsewhere {
        id: "sigmoid",
        derivation: "1/(1 + e⁻ᶻ) has the slope e⁻ᶻ/(1 + e⁻ᶻ)², which is σ(z)(1 − σ(z)) = σ(z)σ(−z): once f is known, one product.",
        pytorch: line("nn.Sigmoid()"),
        keras: line("activations.sigmoid(z)"),
        jax: line("jax.nn.sigmoid(z)"),
    },
    Elsewhere {
        id: "tanh",
        derivation: "sinh/cosh by the quotient rule: (cosh² − sinh²)/cosh² = 1/cosh²(z) = 1 − tanh²(z).",
        pytorch: line("nn.Tanh()"),
        keras: line("activations.tanh(z)"),
        jax: line("jnp.tanh(z)"),
    },
    Elsewhere {
        id: "softsign",
        derivation: "Quotient rule: (1 + |z| − z·sgn z)/(1 + |z|)², and z·sgn z is |z|, so that 1/(1 + |z|)² is left.",
        pytorch: line("nn.Softsign()"),
        keras: line("activations.softsign(z)"),
        jax: line("jax.nn.soft_sign(z)"),
    },
    Elsewhere {
        id: "hard_tanh",
        derivation: "z where it lies between −1 and 1, a constant elsewhere: slope 1 or 0.",
        pytorch: line("nn.Hardtanh()"),
        keras: line("activations.hard_tanh(z)"),
        jax: but("jax.nn.hard_tanh(z)", "slope at ±1 is 1"),
    },
    Elsewhere {
        id: "hard_sigmoid",
        derivation: "z/6 + 1/2 between −3 and 3, a constant elsewhere: slope 1/6 or 0.",
        pytorch: line("nn.Hardsigmoid()"),
        keras: but("activations.hard_sigmoid(z)", "Keras 2 had 0.2z + 0.5"),
        jax: line("jax.nn.hard_sigmoid(z)"),
    },
    Elsewhere {
        id: "identity",
        derivation: "z grows as fast as z: slope 1.",
        pytorch: line("nn.Identity()"),
        keras: line("activations.linear(z)"),
        jax: line("jax.nn.identity(z)"),
    },
    Elsewhere {
        id: "log_sigmoid",
        derivation: "ln σ(z) has the slope σ(z)σ(−z)/σ(z) = σ(−z).",
        pytorch: line("nn.LogSigmoid()"),
        keras: line("activations.log_sigmoid(z)"),
        jax: line("jax.nn.log_sigmoid(z)"),
    },
    Elsewhere {
        id: "tanh_shrink",
        derivation: "1 − (1 − tanh²(z)) = tanh²(z): what tanh keeps back.",
        pytorch: line("nn.Tanhshrink()"),
        keras: line("activations.tanh_shrink(z)"),
        jax: but("z - jnp.tanh(z)", "no name of its own"),
    },
    Elsewhere {
        id: "sine",
        derivation: "sin has the slope cos, and the chain rule puts ω before it: ω cos(ωz).",
        pytorch: but("torch.sin({omega} * z)", "no module of its own"),
        keras: but("ops.sin({omega} * z)", "no name of its own"),
        jax: line("jnp.sin({omega} * z)"),
    },
];
