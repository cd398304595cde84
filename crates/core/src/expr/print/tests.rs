//! What the printers print, and that others can read it.

use std::process::Command;

use expect_test::{Expect, expect};

use super::*;
use crate::activation::{Activation, ActivationSpec, catalogue};
use crate::expr::Expr;

fn parse(text: &str) -> Expr {
    Expr::parse(text).expect("a formula")
}

/// Each function of the catalogue, its slope, its curvature and its derivatives by parameters.
fn catalogue_exprs() -> Vec<(String, Expr, Activation)> {
    let mut exprs = Vec::new();
    for entry in catalogue() {
        let a = Activation::resolve(&ActivationSpec::new(entry.id)).expect("resolves");
        let mut push = |what: &str, expr: &Expr| {
            exprs.push((format!("{}_{what}", entry.id), expr.clone(), a.clone()));
        };
        push("f", &a.f);
        push("df", &a.df);
        push("d2f", &a.d2f);
        for name in &a.param_names {
            push(&format!("by_{name}"), &a.f.derivative(name));
        }
    }
    exprs
}

fn params_of(activation: &Activation) -> Vec<&str> {
    activation.param_names.iter().map(String::as_str).collect()
}

#[test]
fn grammar_is_printed_with_the_fewest_parentheses() {
    let check = |text: &str, expected: &str| assert_eq!(parse(text).to_string(), expected);
    check("((z)+(1))*2", "(z + 1) * 2");
    check("z-(a-b)-c", "z - (a - b) - c");
    check("-z^2", "-z^2");
    check("(-z)^2", "(-z)^2");
    check("(-2)^2^z", "(-2)^2^z");
    check("(2^z)^2", "(2^z)^2");
    check("2^-z*3", "2^-z * 3");
    check("-(-z)", "-(-z)");
    check("z/(a*b)/c", "z / (a * b) / c");
    check("where(0<z,(z>1)*z,1e-9)", "where(0 < z, (z > 1) * z, 1e-9)");
    check("max(min(z,6),-.5)+pi", "max(min(z, 6), -0.5) + pi");
    check("2 ** z", "2^z");
    check("α·z − 1", "alpha * z - 1");
}

#[test]
fn derivatives_read_as_a_person_would_write_them() {
    let check = |text: &str, expected: Expect| {
        expected.assert_eq(&parse(text).derivative("z").to_string());
    };
    check("z^3 / 6 - z", expect!["z^2 / 2 - 1"]);
    check("max(z, 0)", expect!["where(z > 0, 1, 0)"]);
    check(
        "where(z > 0, z, alpha * expm1(z / alpha))",
        expect!["where(z > 0, 1, exp(z / alpha))"],
    );
    check("sigmoid(z)", expect!["sigmoid(z) * sigmoid(-z)"]);
    check("z - tanh(z)", expect!["tanh(z)^2"]);
    check("z / (1 + abs(z))", expect!["1 / (1 + abs(z))^2"]);
    check("softplus(beta * z) / beta", expect!["sigmoid(beta * z)"]);
    check(
        "z * (1 + erf(z / sqrt(2))) / 2",
        expect!["(1 + erf(z / sqrt(2)) + 2 * z * exp(-z^2 / 2) / sqrt(2 * pi)) / 2"],
    );
    check(
        "z * min(max(z + 3, 0), 6) / 6",
        expect![
            "(min(max(z + 3, 0), 6) + z * where(max(z + 3, 0) < 6, where(z + 3 > 0, 1, 0), 0)) / 6"
        ],
    );
    check(
        "z * tanh(softplus(z))",
        expect!["tanh(softplus(z)) + z * sech2(softplus(z)) * sigmoid(z)"],
    );
    check(
        "alpha^z + z^alpha",
        expect!["alpha^z * log(alpha) + alpha * z^(alpha - 1)"],
    );
    check(
        "max(z, z^2)",
        expect!["where(z > z^2, 1, where(z^2 > z, 2 * z, (1 + 2 * z) / 2))"],
    );
    check(
        "log(1 + z^2) + log1p(z) + sqrt(z) + floor(z)",
        expect!["2 * z / (1 + z^2) + 1 / (1 + z) + 1 / (2 * sqrt(z))"],
    );
    check(
        "exp(-z^2 / 2) * cos(omega * z)",
        expect!["-exp(-z^2 / 2) * z * cos(omega * z) - exp(-z^2 / 2) * sin(omega * z) * omega"],
    );
}

fn check_wgsl(name: &str, outputs: &[&Expr], params: &[&str]) {
    let source = wgsl_helpers().to_owned() + &wgsl_function(name, outputs, params);
    let module = naga::front::wgsl::parse_str(&source)
        .unwrap_or_else(|e| panic!("{name}: {}\n{source}", e.emit_to_string(&source)));
    let flags = naga::valid::ValidationFlags::all();
    let capabilities = naga::valid::Capabilities::empty();
    naga::valid::Validator::new(flags, capabilities)
        .validate(&module)
        .unwrap_or_else(|e| panic!("{name}: {}\n{source}", e.emit_to_string(&source)));
}

#[test]
fn naga_validates_the_whole_catalogue() {
    for (name, expr, activation) in catalogue_exprs() {
        check_wgsl(&name, &[&expr], &params_of(&activation));
    }
    for entry in catalogue() {
        let a = Activation::resolve(&ActivationSpec::new(entry.id)).expect("resolves");
        check_wgsl("activate", &[&a.f, &a.df], &params_of(&a));
    }
}

#[test]
fn naga_validates_odd_formulas() {
    for text in [
        "-(-z)",
        "- -2 * z - -z",
        "log(-1) * z",
        "1 / 0 + z",
        "0 / 0",
        "-1 / 0",
        "z^-3 + z^40 + z^0.5 + 2^z + z^alpha",
        "(z > 0) * z + (z < alpha)",
        "where(z, 1, 2) + where((z > 0) * (z < 1), z, 0)",
        "(z > 0) > (z < 1)",
        "where(z > 0, z > 1, z < 1)",
        "1e300 * z + 1e-300",
        "sin(z) + cos(z) + floor(z) + sign(z) + erf(z) + log1p(z) + expm1(z) + sqrt(z)",
        "min(z, 1) + max(z, alpha)",
    ] {
        let expr = parse(text);
        let slope = expr.derivative("z");
        check_wgsl("odd", &[&expr, &slope], &["alpha"]);
    }
}

#[test]
fn wgsl_names_shared_parts() {
    let f = parse("z * tanh(softplus(z))");
    let text = wgsl_function("mish", &[&f, &f.derivative("z")], &[]);
    expect![[r#"
        fn mish(z: f32) -> vec2<f32> {
            let t0 = softplus(z);
            let t1 = stable_tanh(t0);
            return vec2<f32>(z * t1, t1 + z * sech2(t0) * sigmoid(z));
        }
    "#]]
    .assert_eq(&text);
    let f = parse("where(z > 0, z, alpha * expm1(z))");
    let text = wgsl_function(
        "elu",
        &[&f, &f.derivative("z"), &f.derivative("alpha")],
        &["alpha"],
    );
    expect![[r#"
        fn elu(z: f32, p_alpha: f32) -> vec3<f32> {
            let t0 = z > 0.0f;
            let t1 = expm1(z);
            return vec3<f32>(select(p_alpha * t1, z, t0), select(p_alpha * exp(z), 1.0f, t0), select(t1, 0.0f, t0));
        }
    "#]].assert_eq(&text);
}

#[test]
fn python_is_what_one_would_type() {
    let check = |text: &str, library, expected: Expect| {
        let expr = parse(text);
        let params = expr.parameters();
        let params: Vec<&str> = params.iter().map(String::as_str).collect();
        expected.assert_eq(&python_function("f", &expr, &params, library));
    };
    check(
        "where(z > 0, z, alpha * expm1(z))",
        Library::NumPy,
        expect![[r#"
            def f(z, alpha):
                return np.where(z > 0, z, alpha * np.expm1(z))
        "#]],
    );
    check(
        "where(z > 0, z, lambda * expm1(z))",
        Library::Torch,
        expect![[r#"
            def f(z, lambda_):
                lambda_ = torch.as_tensor(lambda_, dtype=z.dtype)
                return torch.where(z > 0, z, lambda_ * torch.expm1(z))
        "#]],
    );
    check(
        "max(z, 0) + (z > 1) * -z^2",
        Library::Torch,
        expect![[r#"
        def f(z):
            return torch.where(z > 0, z, 0) + torch.where(z > 1, 1.0, 0.0) * -z**2
    "#]],
    );
    check(
        "z * sigmoid(z) + erf(z / sqrt(2)) + softplus(z)^2",
        Library::NumPy,
        expect![[r#"
            def f(z):
                return z * (0.5 * (1 + np.tanh(0.5 * z))) + np.vectorize(math.erf)(z / 1.4142135623730951) + np.logaddexp(z, 0)**2
        "#]],
    );
}

#[test]
fn python_with_values_in_place_of_parameters() {
    let check = |text: &str, library, expected: Expect| {
        let body = python_body(&parse(text), &[("alpha", 0.5), ("beta", 2.0)], library);
        let parts = body
            .parts
            .iter()
            .map(|(name, value)| format!("{name} = {value}\n"));
        expected.assert_eq(&(parts.collect::<String>() + &body.result));
    };
    check(
        "where(z > 0, z, alpha * expm1(z / beta))",
        Library::Torch,
        expect!["torch.where(z > 0, z, 0.5 * torch.expm1(z / 2))"],
    );
    check(
        "where(z > 0, 1, alpha) * sqrt(beta) + softplus(z)",
        Library::Keras,
        expect!["ops.where(z > 0, 1.0, 0.5) * 1.4142135623730951 + ops.softplus(z)"],
    );
    // Only what depends on z is a tensor.
    check(
        "where(alpha > 0, max(z, 0), exp(z))",
        Library::Keras,
        expect!["ops.maximum(z, 0)"],
    );
    check(
        "alpha * beta",
        Library::Torch,
        expect!["torch.full_like(z, 1.0)"],
    );
    check(
        "alpha > 0",
        Library::Keras,
        expect!["ops.full_like(z, 1.0)"],
    );
    check(
        "z > alpha",
        Library::Torch,
        expect!["torch.where(z > 0.5, 1.0, 0.0)"],
    );
    check(
        "z * tanh(softplus(z)) + erf(softplus(z)) - sigmoid(z)",
        Library::Keras,
        expect![[r#"
            t0 = ops.softplus(z)
            z * ops.tanh(t0) + ops.erf(t0) - ops.sigmoid(z)"#]],
    );
}

/// Scalars in place of arrays and tensors: Python without NumPy and PyTorch can run the text.
const SHIM: &str = r#"
import json, math, sys

class Library:
    inf = math.inf
    def __getattr__(self, name): return getattr(math, name)
    def where(self, c, a, b): return a if c else b
    def maximum(self, a, b): return a if a > b else b
    def minimum(self, a, b): return a if a < b else b
    def abs(self, x): return math.fabs(x)
    def sign(self, x): return (x > 0) - (x < 0)
    def floor(self, x): return float(math.floor(x))
    def exp(self, x): return math.exp(x) if x < 709 else math.inf
    def expm1(self, x): return math.expm1(x) if x < 709 else math.inf
    def cosh(self, x): return math.cosh(x) if abs(x) < 350 else 1e160
    def logaddexp(self, a, b): return max(a, b) + math.log1p(math.exp(-abs(a - b)))
    def vectorize(self, f): return f
    # Only PyTorch's:
    def sigmoid(self, x): return 0.5 * (1 + math.tanh(0.5 * x))
    def as_tensor(self, x, dtype): return x
    def zeros_like(self, x): return 0.0

class Number(float):
    dtype = float

np = torch = Library()
"#;

#[test]
fn python_computes_what_eval_does() {
    let points = [-7.5, -3.0, -1.0, -0.2, 0.0, 1e-3, 0.7, 1.0, 2.5, 6.0, 20.0];
    let mut script = SHIM.to_owned();
    let mut expected = Vec::new();
    for (name, expr, activation) in catalogue_exprs() {
        let params = params_of(&activation);
        for (library, suffix) in [(Library::NumPy, "np"), (Library::Torch, "torch")] {
            let name = format!("{name}_{suffix}");
            script += &python_function(&name, &expr, &params, library);
            for z in points {
                let mut arguments = format!("Number({z:?})");
                for value in &activation.params {
                    arguments += &format!(", {value:?}");
                }
                script += &format!("print(json.dumps(float({name}({arguments}))))\n");
                let given: Vec<(&str, f64)> = params
                    .iter()
                    .copied()
                    .zip(activation.params.iter().copied())
                    .collect();
                expected.push((name.clone(), z, expr.eval(z, &given)));
            }
        }
    }
    let output = match Command::new("python3").arg("-c").arg(&script).output() {
        Ok(output) => output,
        Err(error) => {
            assert!(
                std::env::var_os("CI").is_none(),
                "python3 is needed: {error}"
            );
            eprintln!(
                "SKIPPED, python3 does not start: {error}. Install it to check exported Python."
            );
            return;
        }
    };
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "python3 says: {errors}");
    let printed = String::from_utf8_lossy(&output.stdout);
    let values: Vec<f64> = printed
        .lines()
        .map(|line| line.parse().expect("a number"))
        .collect();
    assert_eq!(values.len(), expected.len());
    for (got, (name, z, expected)) in values.into_iter().zip(expected) {
        // Other libraries, other last digits; sech2 by cosh.
        let tolerance = 1e-12 * expected.abs() + 1e-14;
        assert!(
            (got - expected).abs() <= tolerance,
            "{name}({z}): got {got}, not {expected}"
        );
    }
}

#[test]
fn mathml_sets_textbook_formulas() {
    let check = |text: &str, expected: Expect| expected.assert_eq(&mathml(&parse(text)));
    check(
        "sigmoid(z)",
        expect![
            "<mrow><mfrac><mrow><mn>1</mn></mrow><mrow><mn>1</mn><mo>+</mo><msup><mi>e</mi><mrow><mo>&#x2212;</mo><mi>z</mi></mrow></msup></mrow></mfrac></mrow>"
        ],
    );
    check(
        "where(z > 0, z, alpha * expm1(z))",
        expect![[
            r#"<mrow><mrow><mo>{</mo><mtable class="cases" columnalign="left"><mtr><mtd><mrow><mi>z</mi></mrow></mtd><mtd><mrow><mtext>if&#xa0;</mtext><mi>z</mi><mo>&gt;</mo><mn>0</mn></mrow></mtd></mtr><mtr><mtd><mrow><mi>α</mi><mo>&#x2062;</mo><mrow><mo>(</mo><msup><mi>e</mi><mrow><mi>z</mi></mrow></msup><mo>&#x2212;</mo><mn>1</mn><mo>)</mo></mrow></mrow></mtd><mtd><mrow><mtext>otherwise</mtext></mrow></mtd></mtr></mtable></mrow></mrow>"#
        ]],
    );
    check(
        "where(z > 3, z, where(z > -3, z * (z + 3) / 6, 0))",
        expect![[
            r#"<mrow><mrow><mo>{</mo><mtable class="cases" columnalign="left"><mtr><mtd><mrow><mi>z</mi></mrow></mtd><mtd><mrow><mtext>if&#xa0;</mtext><mi>z</mi><mo>&gt;</mo><mn>3</mn></mrow></mtd></mtr><mtr><mtd><mrow><mfrac><mrow><mi>z</mi><mo>&#x2062;</mo><mrow><mo>(</mo><mi>z</mi><mo>+</mo><mn>3</mn><mo>)</mo></mrow></mrow><mrow><mn>6</mn></mrow></mfrac></mrow></mtd><mtd><mrow><mtext>if&#xa0;</mtext><mi>z</mi><mo>&gt;</mo><mo>&#x2212;</mo><mn>3</mn></mrow></mtd></mtr><mtr><mtd><mrow><mn>0</mn></mrow></mtd><mtd><mrow><mtext>otherwise</mtext></mrow></mtd></mtr></mtable></mrow></mrow>"#
        ]],
    );
    check(
        "z * (1 + erf(z / sqrt(2))) / 2",
        expect![
            "<mrow><mfrac><mrow><mi>z</mi><mo>&#x2062;</mo><mrow><mo>(</mo><mn>1</mn><mo>+</mo><mi>erf</mi><mo>&#x2061;</mo><mrow><mo>(</mo><mfrac><mrow><mi>z</mi></mrow><mrow><msqrt><mrow><mn>2</mn></mrow></msqrt></mrow></mfrac><mo>)</mo></mrow><mo>)</mo></mrow></mrow><mrow><mn>2</mn></mrow></mfrac></mrow>"
        ],
    );
    check(
        "-2 * z^2 * exp(-z^2 / 2) - (1 - z)",
        expect![
            "<mrow><mo>&#x2212;</mo><mn>2</mn><mo>&#x2062;</mo><msup><mrow><mi>z</mi></mrow><mrow><mn>2</mn></mrow></msup><mo>&#x2062;</mo><msup><mi>e</mi><mrow><mo>&#x2212;</mo><mfrac><mrow><msup><mrow><mi>z</mi></mrow><mrow><mn>2</mn></mrow></msup></mrow><mrow><mn>2</mn></mrow></mfrac></mrow></msup><mo>&#x2212;</mo><mrow><mo>(</mo><mn>1</mn><mo>&#x2212;</mo><mi>z</mi><mo>)</mo></mrow></mrow>"
        ],
    );
    check(
        "tanh(alpha_2 * z)^2 * sech2(z) + sigmoid(z) * sigmoid(-z)",
        expect![
            "<mrow><msup><mi>tanh</mi><mrow><mn>2</mn></mrow></msup><mo>&#x2061;</mo><mrow><mo>(</mo><msub><mi>α</mi><mn>2</mn></msub><mo>&#x2062;</mo><mi>z</mi><mo>)</mo></mrow><mo>&#x2062;</mo><msup><mi>sech</mi><mn>2</mn></msup><mo>&#x2061;</mo><mrow><mo>(</mo><mi>z</mi><mo>)</mo></mrow><mo>+</mo><mi>&#x3c3;</mi><mo>&#x2061;</mo><mrow><mo>(</mo><mi>z</mi><mo>)</mo></mrow><mo>&#x2062;</mo><mrow><mo>(</mo><mn>1</mn><mo>&#x2212;</mo><mi>&#x3c3;</mi><mo>&#x2061;</mo><mrow><mo>(</mo><mi>z</mi><mo>)</mo></mrow><mo>)</mo></mrow></mrow>"
        ],
    );
    check(
        "2 * 3 + 0.1234567 * 2 + 1e-9 * abs(z) / pi",
        expect![
            "<mrow><mn>2</mn><mo>&#xb7;</mo><mn>3</mn><mo>+</mo><mn>0.123457</mn><mo>&#xb7;</mo><mn>2</mn><mo>+</mo><mfrac><mrow><mn>1</mn><mo>&#xb7;</mo><msup><mn>10</mn><mn>&#x2212;9</mn></msup><mo>&#x2062;</mo><mrow><mo>|</mo><mi>z</mi><mo>|</mo></mrow></mrow><mrow><mi>&#x3c0;</mi></mrow></mfrac></mrow>"
        ],
    );
    check(
        "max(z, 0) * floor(z) + sign(z) * log(z) + log1p(z)",
        expect![
            "<mrow><mi>max</mi><mo>&#x2061;</mo><mrow><mo>(</mo><mi>z</mi><mo>,</mo><mn>0</mn><mo>)</mo></mrow><mo>&#x2062;</mo><mrow><mo>&#x230a;</mo><mi>z</mi><mo>&#x230b;</mo></mrow><mo>+</mo><mi>sgn</mi><mo>&#x2061;</mo><mrow><mo>(</mo><mi>z</mi><mo>)</mo></mrow><mo>&#x2062;</mo><mi>ln</mi><mo>&#x2061;</mo><mrow><mo>(</mo><mi>z</mi><mo>)</mo></mrow><mo>+</mo><mi>ln</mi><mo>&#x2061;</mo><mrow><mo>(</mo><mn>1</mn><mo>+</mo><mi>z</mi><mo>)</mo></mrow></mrow>"
        ],
    );
    expect![[r#"<math display="block"><mrow><mi>f</mi><mo>&#x2061;</mo><mo stretchy="false">(</mo><mi>z</mi><mo stretchy="false">)</mo></mrow><mo>=</mo><mrow><mi>z</mi></mrow></math>"#]].assert_eq(&mathml_definition(0, &parse("z")));
    expect![[r#"<math display="block"><mrow><msup><mi>f</mi><mo>&#x2032;&#x2032;</mo></msup><mo>&#x2061;</mo><mo stretchy="false">(</mo><mi>z</mi><mo stretchy="false">)</mo></mrow><mo>=</mo><mrow><mo>&#x2212;</mo><mn>1</mn></mrow></math>"#]].assert_eq(&mathml_definition(2, &parse("-1")));
}

#[test]
fn mathml_is_well_formed() {
    for (name, expr, _) in catalogue_exprs() {
        let markup = mathml_definition(1, &expr);
        let mut open: Vec<&str> = Vec::new();
        for tag in markup.split('<').skip(1) {
            let (tag, _) = tag.split_once('>').expect("a tag ends");
            match tag.strip_prefix('/') {
                Some(closed) => assert_eq!(open.pop(), Some(closed), "{name}: {markup}"),
                None => open.push(tag.split(' ').next().unwrap_or(tag)),
            }
        }
        assert!(open.is_empty(), "{name}: {markup}");
    }
}
