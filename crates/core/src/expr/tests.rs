//! Properties of expressions: random ones are printed and read back, simplified, derived, compiled;
//! random bytes are read; what is wrong is explained.

use expect_test::{Expect, expect};
use fearless_simd::Level;
use proptest::prelude::*;

use super::builder::Builder;
use super::node::{Binary, Comparison, Node, Unary};
use super::*;
use crate::activation::{Activation, ActivationSpec, catalogue};

const PARAMS: [(&str, f64); 2] = [("alpha", 0.7), ("beta", 1.3)];

/// Puts two expressions together.
fn join(a: &Expr, b: &Expr, node: impl Fn(node::Id, node::Id) -> Node) -> Expr {
    let mut builder = Builder::default();
    let (a, b) = (builder.import(a), builder.import(b));
    let root = builder.intern(node(a, b));
    builder.finish(root)
}

fn leaf() -> impl Strategy<Value = Expr> {
    prop_oneof![
        4 => Just("z"),
        1 => Just("alpha"),
        1 => Just("beta"),
        1 => Just("pi"),
        2 => Just("2"),
        1 => Just("0.5"),
        1 => Just("3"),
        1 => Just("1e-7"),
    ]
    .prop_map(|text| Expr::parse(text).expect("a leaf"))
}

/// Any expression of the grammar.
fn any_expr() -> impl Strategy<Value = Expr> {
    let unary: Vec<Unary> = Unary::CALLS
        .iter()
        .map(|&(op, _)| op)
        .chain([Unary::Neg])
        .collect();
    let binary = vec![
        Binary::Add,
        Binary::Sub,
        Binary::Mul,
        Binary::Div,
        Binary::Pow,
        Binary::Min,
        Binary::Max,
    ];
    grown(unary, binary)
}

/// Expressions without those operations that jump, or have poles where the numeric slope is useless.
fn tame_expr() -> impl Strategy<Value = Expr> {
    let unary = vec![
        Unary::Neg,
        Unary::Abs,
        Unary::Sin,
        Unary::Cos,
        Unary::Sigmoid,
        Unary::Tanh,
        Unary::Sech2,
        Unary::Softplus,
        Unary::Erf,
    ];
    let binary = vec![
        Binary::Add,
        Binary::Sub,
        Binary::Mul,
        Binary::Min,
        Binary::Max,
    ];
    grown(unary, binary)
}

fn grown(unary: Vec<Unary>, binary: Vec<Binary>) -> impl Strategy<Value = Expr> {
    let comparisons = vec![
        Comparison::Lt,
        Comparison::Le,
        Comparison::Gt,
        Comparison::Ge,
        Comparison::Eq,
        Comparison::Ne,
    ];
    leaf().prop_recursive(5, 40, 3, move |inner| {
        let unary = proptest::sample::select(unary.clone());
        let binary = proptest::sample::select(binary.clone());
        let comparison = proptest::sample::select(comparisons.clone());
        prop_oneof![
            3 => (unary, inner.clone())
                .prop_map(|(op, a)| join(&a, &a, |a, _| Node::Unary(op, a))),
            4 => (binary, inner.clone(), inner.clone())
                .prop_map(|(op, a, b)| join(&a, &b, |a, b| Node::Binary(op, a, b))),
            1 => (comparison, inner.clone(), inner.clone(), inner.clone(), inner.clone())
                .prop_map(|(op, x, y, a, b)| {
                    let mut builder = Builder::default();
                    let [x, y, a, b] = [x, y, a, b].map(|expr| builder.import(&expr));
                    let condition = builder.raw_compare(op, x, y);
                    let root = builder.intern(Node::Where(condition, a, b));
                    builder.finish(root)
                }),
        ]
    })
}

/// Values at `z` and a little to both sides; `None` where they are not finite or grow large.
fn around(expr: &Expr, z: f64, step: f64) -> Option<[f64; 5]> {
    let values = [-2.0, -1.0, 0.0, 1.0, 2.0].map(|i| expr.eval(z + i * step, &PARAMS));
    let is_tame = values.iter().all(|v| v.is_finite() && v.abs() < 1e4);
    is_tame.then_some(values)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..Default::default() })]

    #[test]
    fn printing_and_reading_is_the_identity(expr in any_expr()) {
        let text = expr.to_string();
        prop_assert_eq!(Expr::parse(&text), Ok(expr), "{}", text);
    }

    #[test]
    fn simplified_expressions_are_read_back_too(expr in any_expr()) {
        let simple = expr.simplify();
        let text = simple.to_string();
        prop_assert_eq!(Expr::parse(&text), Ok(simple), "{}", text);
    }

    #[test]
    fn simplifying_keeps_the_value(expr in any_expr(), z in -4.0..4.0) {
        let simple = expr.simplify();
        let (before, after) = (expr.eval(z, &PARAMS), simple.eval(z, &PARAMS));
        // Terms may cancel, and steps amplify a last digit: compare where neighbours agree.
        if let Some(near) = around(&expr, z, 1e-9) {
            let spread = near.iter().map(|v| (v - before).abs()).fold(0.0, f64::max);
            if spread < 1e-6 {
                let tolerance = 1e-6 * (1.0 + before.abs());
                prop_assert!((after - before).abs() <= tolerance,
                    "{} is {}, {} is {}", expr, before, simple, after);
            }
        }
    }

    #[test]
    fn derivatives_are_the_numeric_ones(expr in tame_expr(), z in -3.0..3.0) {
        let step = 1e-4;
        let Some([a, b, _, d, e]) = around(&expr, z, step) else { return Ok(()) };
        // Two estimates that agree: there is no kink between them.
        let (wide, narrow) = ((e - a) / (4.0 * step), (d - b) / (2.0 * step));
        let left = (expr.eval(z, &PARAMS) - b) / step;
        let right = (d - expr.eval(z, &PARAMS)) / step;
        let is_smooth = (wide - narrow).abs() < 1e-5 * (1.0 + narrow.abs())
            && (left - right).abs() < 1e-2 * (1.0 + narrow.abs());
        let derived = expr.derivative("z").eval(z, &PARAMS);
        if is_smooth {
            prop_assert!((derived - narrow).abs() <= 2e-4 * (1.0 + narrow.abs()),
                "d({}) is {} = {}, numerically {}", expr, expr.derivative("z"), derived, narrow);
        }
    }

    #[test]
    fn programs_compute_what_eval_does(expr in tame_expr(), z in -3.0_f32..3.0) {
        let program = compile(&[&expr], &["alpha", "beta"]);
        let mut out = [0.0];
        program.run(Level::new(), &[0.7, 1.3], &[z], &mut [&mut out]);
        // At f32's own inputs, and not where a last digit decides a branch or blows up.
        let params = [("alpha", f64::from(0.7_f32)), ("beta", f64::from(1.3_f32))];
        let at = |z: f64| expr.eval(z, &params);
        let (exact, z) = (at(f64::from(z)), f64::from(z));
        let spread = (at(z + 1e-5) - exact).abs().max((at(z - 1e-5) - exact).abs());
        let largest = largest_part(&expr, z, &params);
        let is_tame = spread < 1e-3 && largest < 1e3;
        if is_tame && !has_close_call(&expr, z, &params, 1e-6 * (1.0 + largest)) {
            let tolerance = 3e-5 * (1.0 + largest) + 10.0 * spread;
            prop_assert!((f64::from(out[0]) - exact).abs() <= tolerance,
                "{} at {}: got {}, not {}", expr, z, out[0], exact);
        }
    }

    #[test]
    fn no_text_makes_the_parser_panic(text in ".{0,80}") {
        check_reading(&text);
    }

    #[test]
    fn no_bytes_make_the_parser_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        check_reading(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn no_soup_of_tokens_makes_the_parser_panic(
        tokens in proptest::collection::vec(proptest::sample::select(vec![
            "z", "alpha", "(", ")", ",", "+", "-", "*", "/", "^", "<", "==", "where", "max(",
            "exp(", "1", ".5", "1e9", "pi", "sigmiod", "x", "λ", " ",
        ]), 0..60)
    ) {
        check_reading(&tokens.concat());
    }
}

/// The largest magnitude on the way to the value: what rounding is relative to.
fn largest_part(expr: &Expr, z: f64, params: &[(&str, f64)]) -> f64 {
    (1..=expr.n_nodes())
        .map(|n| {
            let part = Expr::from_nodes(expr.nodes()[..n].to_vec());
            part.eval(z, params).abs()
        })
        .fold(0.0, f64::max)
}

/// Whether rounding by `reach` decides a branch or a step on the way to the value.
fn has_close_call(expr: &Expr, z: f64, params: &[(&str, f64)], reach: f64) -> bool {
    let value =
        |id: node::Id| Expr::from_nodes(expr.nodes()[..=id as usize].to_vec()).eval(z, params);
    expr.nodes().iter().any(|node| match *node {
        Node::Compare(_, a, b) => (value(a) - value(b)).abs() <= reach,
        // A comparison is 0 or 1, and looked at by itself.
        Node::Where(condition, ..) => {
            let is_exact = matches!(expr.nodes()[condition as usize], Node::Compare(..));
            !is_exact && value(condition).abs() <= reach
        }
        Node::Unary(Unary::Sign, a) => value(a).abs() <= reach,
        Node::Unary(Unary::Floor, a) => (value(a) - libm::round(value(a))).abs() <= reach,
        _ => false,
    })
}

/// Whatever is read can be used; whatever is not has a message that can be shown.
fn check_reading(text: &str) {
    match Expr::parse(text) {
        Ok(expr) => {
            let slope = expr.derivative("z");
            let _ = (
                slope.to_string(),
                slope.eval(0.5, &PARAMS),
                slope.derivative("z"),
            );
        }
        Err(error) => {
            assert!(text.get(error.span.clone()).is_some(), "{error:?}");
            assert!(error.to_string().starts_with("column "));
        }
    }
}

#[test]
fn slopes_of_the_catalogue_are_the_numeric_ones() {
    for entry in catalogue() {
        let a = Activation::resolve(&ActivationSpec::new(entry.id)).expect("resolves");
        // Off the whole numbers, where the kinks are.
        for i in -400..400 {
            let (z, step) = (f64::from(i) * 0.02 + 0.007, 1e-5);
            let numeric = (a.f(z + step) - a.f(z - step)) / (2.0 * step);
            assert!((a.slope(z) - numeric).abs() < 1e-8, "{} at {z}", entry.id);
            for (index, &value) in a.params.iter().enumerate() {
                let f_at = |value: f64| {
                    let mut params = a.params.clone();
                    params[index] = value;
                    a.f_with(z, &params)
                };
                let numeric = (f_at(value + step) - f_at(value - step)) / (2.0 * step);
                let derived = a.d_param(index, z);
                assert!(
                    (derived - numeric).abs() < 1e-7,
                    "{} by parameter at {z}",
                    entry.id
                );
            }
        }
    }
}

#[test]
fn programs_of_the_catalogue_are_finite_and_true_far_out() {
    let z: Vec<f32> = (-1000..=1000).map(|i| i as f32).collect();
    for entry in catalogue() {
        let a = Activation::resolve(&ActivationSpec::new(entry.id)).expect("resolves");
        let (mut f, mut slope) = (vec![0.0; z.len()], vec![0.0; z.len()]);
        let outs = &mut [&mut f[..], &mut slope[..]];
        a.program().run(Level::new(), &a.params_f32(), &z, outs);
        for i in 0..z.len() {
            let at = f64::from(z[i]);
            // sin(omega z) in f32 is off by the rounding of omega z.
            let tolerance = |exact: f64| 2e-6 * exact.abs() + 2e-6;
            for (got, exact) in [(f[i], a.f(at)), (slope[i], a.slope(at))] {
                assert!(
                    (f64::from(got) - exact).abs() <= tolerance(exact),
                    "{} at {at}: got {got}, not {exact}",
                    entry.id
                );
            }
        }
    }
}

#[test]
fn programs_do_not_depend_on_where_a_value_stands() {
    // Whole vectors, blocks and the rest take different ways through the machine.
    let a = Activation::resolve(&ActivationSpec::new("mish")).expect("resolves");
    let program = a.program_with_alpha();
    let z: Vec<f32> = (0..1_003).map(|i| (i as f32 - 500.0) / 90.0).collect();
    let run = |z: &[f32]| {
        let mut outs = [vec![0.0; z.len()], vec![0.0; z.len()], vec![0.0; z.len()]];
        let mut slices: Vec<&mut [f32]> = outs.iter_mut().map(|o| &mut o[..]).collect();
        program.run(Level::new(), &[], z, &mut slices);
        outs
    };
    let whole = run(&z);
    for n in [0, 1, 7, 8, 9, 80, 96, 257] {
        let start = 3;
        let part = run(&z[start..start + n]);
        for (whole, part) in whole.iter().zip(&part) {
            assert_eq!(&whole[start..start + n], &part[..], "{n} values");
        }
    }
}

#[test]
fn programs_write_what_needs_no_computing() {
    let check = |texts: &[&str], expected: &[f32]| {
        let exprs: Vec<Expr> = texts
            .iter()
            .map(|t| Expr::parse(t).expect("a formula"))
            .collect();
        let exprs: Vec<&Expr> = exprs.iter().collect();
        let program = compile(&exprs, &["alpha"]);
        let mut outs = vec![vec![0.0; 11]; texts.len()];
        let mut slices: Vec<&mut [f32]> = outs.iter_mut().map(|o| &mut o[..]).collect();
        program.run(Level::new(), &[3.0], &[2.0; 11], &mut slices);
        for (out, &expected) in outs.iter().zip(expected) {
            assert_eq!(out, &vec![expected; 11], "{texts:?}");
        }
    };
    check(&["z", "1", "alpha"], &[2.0, 1.0, 3.0]);
    check(&["z", "z", "z * z", "z^2"], &[2.0, 2.0, 4.0, 4.0]);
    check(
        &["alpha^2 + 1", "exp(alpha - 3)", "expm1(alpha - 3)"],
        &[10.0, 1.0, 0.0],
    );
    check(
        &["sech2(z - 2)", "tanh(z - 2)", "tanh(z - 2) + 1"],
        &[1.0, 0.0, 1.0],
    );
    check(&["(z > 1) + (z >= 2) + (z == 2) + (z != 2)"], &[3.0]);
    check(
        &["where((z > 1) * (z < 3), 5, 6)", "where(z != 2, 5, 6)"],
        &[5.0, 6.0],
    );
}

#[test]
fn programs_of_large_formulas_run() {
    // Many values alive at once: more than the stack's scratch holds.
    let text = (1..60)
        .map(|i| format!("sin({i} * z)"))
        .collect::<Vec<_>>()
        .join(" + ");
    let expr = Expr::parse(&text).expect("a formula");
    let exprs: Vec<Expr> = std::iter::successors(Some(expr), |e| Some(e.derivative("z")))
        .take(4)
        .collect();
    let outputs: Vec<&Expr> = exprs.iter().collect();
    let program = compile(&outputs, &[]);
    let z: Vec<f32> = (0..50).map(|i| i as f32 * 0.01).collect();
    let mut outs = vec![vec![0.0; 50]; 4];
    let mut slices: Vec<&mut [f32]> = outs.iter_mut().map(|o| &mut o[..]).collect();
    program.run(Level::new(), &[], &z, &mut slices);
    for (order, (out, expr)) in outs.iter().zip(&exprs).enumerate() {
        for (i, &got) in out.iter().enumerate() {
            let exact = expr.eval(f64::from(z[i]), &[]);
            // Sums of 59 terms of up to 59^order each.
            let tolerance = 1e-5 * 59.0 * 59.0_f64.powi(order as i32);
            assert!(
                (f64::from(got) - exact).abs() < tolerance,
                "order {order} at {}",
                z[i]
            );
        }
    }
}

#[test]
fn kinks_have_pytorchs_slopes() {
    let check = |text: &str, z: f64, expected: f64| {
        let slope = Expr::parse(text).expect("a formula").derivative("z");
        assert_eq!(
            slope.eval(z, &[("alpha", 0.3)]),
            expected,
            "{text} at {z}: {slope}"
        );
    };
    check("max(z, 0)", 0.0, 0.0);
    check("max(0, z)", 0.0, 0.0);
    check("min(z, 6)", 6.0, 0.0);
    check("abs(z)", 0.0, 0.0);
    check("max(z, -z)", 0.0, 0.0);
    check("max(z, 3 * z)", 0.0, 2.0);
    check("where(z > 0, z, alpha * z)", 0.0, 0.3);
}

#[test]
fn signs_bind_as_in_python() {
    let check = |text: &str, expected: f64| {
        let expr = Expr::parse(text).expect("a formula");
        assert_eq!(expr.eval(3.0, &[]), expected, "{text}");
    };
    check("-z^2", -9.0);
    check("2^-1", 0.5);
    check("2^3^2", 512.0);
    check("-2^2", -4.0);
    check("(-2)^2", 4.0);
    check("z - 1 - 1", 1.0);
    check("12 / z / 2", 2.0);
    check("2 + z * 2 > 7", 1.0);
    check("--z", 3.0);
}

#[test]
fn what_is_wrong_is_explained() {
    let check = |text: &str, expected: Expect| {
        expected.assert_eq(&Expr::parse(text).expect_err("is wrong").to_string());
    };
    check(
        "",
        expect!["column 1: the formula is empty: write one in z, for example max(z, 0)"],
    );
    check(
        "where(z>0, sigmiod(z), 0)",
        expect![[r#"
        column 12: unknown function `sigmiod`: did you mean sigmoid?
          where(z>0, sigmiod(z), 0)
                     ^^^^^^^"#]],
    );
    check(
        "z + slop",
        expect![[r#"
        column 5: unknown name `slop`: the variable is z; parameters are single letters or Greek letters by name, such as a, alpha, beta, lambda
          z + slop
              ^^^^"#]],
    );
    check(
        "max(z, 0",
        expect![[r#"
        column 9: a comma or a closing parenthesis is missing here: the formula ends too early
          max(z, 0
                  ^"#]],
    );
    check(
        "max(z)",
        expect![[r#"
        column 1: `max` takes 2 arguments, here are 1
          max(z)
          ^^^"#]],
    );
    check(
        "2z",
        expect![[r#"
        column 2: an operator is missing before `z`: write * between factors
          2z
           ^"#]],
    );
    check(
        "z z",
        expect![[r#"
        column 3: an operator is missing before `z`: write * between factors
          z z
            ^"#]],
    );
    check(
        "z(2)",
        expect![[r#"
        column 2: an operator is missing before `(`: write * between factors
          z(2)
           ^"#]],
    );
    check(
        "relu(z)",
        expect![[r#"
        column 1: unknown function `relu`: write max(z, 0)
          relu(z)
          ^^^^"#]],
    );
    check(
        "exp + 1",
        expect![[r#"
        column 1: `exp` is a function: write exp(z)
          exp + 1
          ^^^"#]],
    );
    check(
        "x^2",
        expect![[r#"
        column 1: unknown name `x`: the variable is z
          x^2
          ^"#]],
    );
    check(
        "e^z",
        expect![[r#"
        column 1: unknown name `e`: write exp(1)
          e^z
          ^"#]],
    );
    check(
        "0 < z < 1",
        expect![[r#"
        column 7: comparisons do not chain: for both, multiply them, as in (0 < z) * (z < 1)
          0 < z < 1
                ^"#]],
    );
    check(
        "z * (1 + )",
        expect![[r#"
        column 10: a number, z, a parameter or a function is missing here: found `)`
          z * (1 + )
                   ^"#]],
    );
    check(
        "z) + 1",
        expect![[r#"
        column 2: an operator or the end is missing here: found `)`
          z) + 1
           ^"#]],
    );
    check(
        "z # 1",
        expect![[r#"
        column 3: `#` is not used in formulas: operators are + - * / ^ < <= > >= == !=
          z # 1
            ^"#]],
    );
    check(
        "1e999 * z",
        expect![[r#"
        column 1: `1e999` is not a number that can be held: write one between 1e-308 and 1e308
          1e999 * z
          ^^^^^"#]],
    );
    check(
        "λ * zed",
        expect![[r#"
        column 5: unknown name `zed`: the variable is z; parameters are single letters or Greek letters by name, such as a, alpha, beta, lambda
          λ * zed
              ^^^"#]],
    );
}

#[test]
fn limits_hold_before_the_stack_ends() {
    let check = |text: String, expected: &str| {
        let error = Expr::parse(&text).expect_err("is too much").to_string();
        assert!(error.contains(expected), "{error}");
    };
    check("(".repeat(1_000) + "z", "nested more than 64 deep");
    check("-".repeat(1_000) + "z", "nested more than 64 deep");
    check("z^".repeat(600) + "z", "nested more than 64 deep");
    check("z + ".repeat(2_000) + "z", "bytes");
    let many: Vec<String> = (0..450).map(|i| i.to_string()).collect();
    check(many.join("+"), "more than 400 different parts");
    // Long but flat is fine, and so is what follows from it.
    let text = "z + ".repeat(350) + "z";
    let expr = Expr::parse(&text).expect("a long sum");
    assert_eq!(expr.simplify().to_string(), "351 * z");
    assert_eq!(expr.to_string(), text);
}
