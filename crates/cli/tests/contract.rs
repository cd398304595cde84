//! The shell contract over all reference files, through the real binary.

mod support;

use expect_test::expect;
use serde_json::{Value, json};
use support::{answer, assert_close, check_failure, file, reference};

fn text(value: &Value) -> &str {
    value.as_str().expect("a string")
}

fn list(value: &Value) -> &[Value] {
    value.as_array().expect("a list")
}

/// `1,-2,0.5` of a list of numbers.
fn joined(numbers: &Value) -> String {
    let numbers: Vec<String> = list(numbers).iter().map(Value::to_string).collect();
    numbers.join(",")
}

#[test]
fn eval_agrees_with_pytorch() {
    let cases = reference("activations");
    let cases = list(&cases["activations"]);
    assert_eq!(cases.len(), 28);
    for case in cases {
        let z = format!("--z={}", joined(&case["z"]));
        let params = case["params"].as_object().expect("an object");
        let params: Vec<String> = params
            .iter()
            .map(|(k, v)| format!("--param={k}={v}"))
            .collect();
        let mut args = vec!["eval", "--activation", text(&case["activation"]), &z];
        args.extend(params.iter().map(String::as_str));
        let got = answer(&args);
        // The tolerances of core's own test over the same vectors.
        assert_close(
            &got,
            &json!({ "f": case["f"], "df": case["df"] }),
            1e-9,
            1e-3,
        );
    }
}

#[test]
fn softmax_agrees_with_pytorch() {
    let cases = reference("activations");
    let cases = list(&cases["softmax"]);
    assert_eq!(cases.len(), 19);
    for case in cases {
        let z = format!("--z={}", joined(&case["logits"]));
        let temperature = format!("--temperature={}", case["temperature"]);
        let got = answer(&["eval", "--softmax", &z, &temperature]);
        let mut expected = json!({ "p": case["p"] });
        if !case["jacobian"].is_null() {
            expected["jacobian"] = case["jacobian"].clone();
        }
        assert_close(&got, &expected, 1e-9, 1e-9);
    }
}

#[test]
fn formulas_stand_in_for_the_catalogue() {
    let args = ["--param", "alpha=0.4", "--z", "-1,0,2"];
    let own = [&["eval", "--formula", "where(z>0,z,alpha*z)"][..], &args].concat();
    let catalogue = [&["eval", "--activation", "leaky_relu"][..], &args].concat();
    assert_eq!(answer(&own), answer(&catalogue));
    assert_eq!(
        answer(&own),
        json!({ "f": [-0.4, 0.0, 2.0], "df": [0.4, 0.4, 1.0] })
    );
}

#[test]
fn the_oracle_trains_as_pytorch() {
    check_training("oracle", 1e-9);
}

/// f32 has a relative precision of 6e-8; sums of a step and 40 steps after each other multiply it by
/// less than 30 in every case.
const F32_TOLERANCE: f64 = 2e-6;

#[test]
fn the_simd_engine_trains_as_pytorch() {
    check_training("cpu", F32_TOLERANCE);
}

/// Losses and norms within a relative tolerance; final parameters within it of the larger of their size and
/// 1, since one near 0 is a sum of terms near 1.
fn check_training(backend: &str, tolerance: f64) {
    let files = ["training", "dropout_layers_schedules"].map(reference);
    assert_eq!(files.each_ref().map(|cases| list(cases).len()), [15, 13]);
    for case in files.iter().flat_map(list) {
        let name = format!("{backend}-{}.json", text(&case["name"]));
        let path = file(&name, &case.to_string());
        let got = answer(&["train", &path, "--backend", backend]);
        let expected = json!({
            "loss_before_each_step": case["loss_before_each_step"],
            "first_step_weight_gradient_norms": case["first_step_weight_gradient_norms"],
        });
        assert_close(&got, &expected, tolerance, 0.0);
        assert_close(&got["final"], &case["final"], tolerance, 1.0);
        // Fewer steps are a prefix of the run.
        let short = answer(&["train", &path, "--backend", backend, "--steps", "3"]);
        let losses = list(&got["loss_before_each_step"]);
        assert_eq!(short["loss_before_each_step"], json!(losses[..3]));
    }
}

#[test]
fn no_steps_leave_the_initial_parameters() {
    let cases = reference("training");
    for case in list(&cases) {
        let path = file(
            &format!("still-{}.json", text(&case["name"])),
            &case.to_string(),
        );
        let got = answer(&["train", &path, "--backend", "oracle", "--steps", "0"]);
        assert_eq!(got["final"], case["initial"]);
        assert_eq!(got["loss_before_each_step"], json!([]));
    }
}

#[test]
fn health_agrees_with_pytorch() {
    check_health("oracle", 1e-9);
    check_health("cpu", F32_TOLERANCE);
}

/// Verdicts exactly; gradients within a relative tolerance; means and deviations of z within it of the larger
/// of their size and 1, the size of the terms that they are sums of.
fn check_health(backend: &str, tolerance: f64) {
    let cases = reference("health");
    assert_eq!(list(&cases).len(), 5);
    for case in list(&cases) {
        let name = format!("health-{backend}-{}.json", text(&case["activation"]));
        let path = file(&name, &case.to_string());
        let got = answer(&["health", &path, "--backend", backend]);
        assert_close(&got, &json!({ "hidden": case["hidden"] }), tolerance, 1.0);
        for (got, expected) in list(&got["hidden"]).iter().zip(list(&case["hidden"])) {
            for key in ["weight_gradient_rms", "z_gradient_rms"] {
                assert_close(&got[key], &expected[key], tolerance, 0.0);
            }
        }
    }
}

#[test]
fn metrics_agree_with_scikit_learn() {
    let expected = reference("metrics");
    let path = file("metrics.json", &expected.to_string());
    let got = answer(&["metrics", &path]);
    let mut exact = expected.clone();
    for (block, keys) in [
        ("binary", &["y", "p"][..]),
        (
            "multiclass",
            &["y", "logits", "best_temperature", "ece15_at_best"],
        ),
    ] {
        let block = exact[block].as_object_mut().expect("an object");
        keys.iter()
            .for_each(|&key| drop(block.remove(key).expect("it is there")));
    }
    assert_close(&got, &exact, 1e-9, 0.0);
    // The reference's temperature is uncertain by about 1e-7: its optimizer stops when the loss changes by
    // less than 1e-14, and the loss is flat there.
    for key in ["best_temperature", "ece15_at_best"] {
        assert_close(
            &got["multiclass"][key],
            &expected["multiclass"][key],
            1e-6,
            0.0,
        );
    }
}

#[test]
fn arguments_that_do_not_fit() {
    let check = check_failure;
    check(
        &[],
        expect!["actiscope: a command is missing: see actiscope --help"],
    );
    check(
        &["evaluate"],
        expect!["actiscope: unrecognized subcommand 'evaluate'; did you mean eval or health?"],
    );
    check(
        &["zoom"],
        expect!["actiscope: unrecognized subcommand 'zoom'; see actiscope --help"],
    );
    check(
        &["eval", "--z=1"],
        expect![
            "actiscope: the following required arguments were not provided: <--activation <ID>|--formula <FORMULA>|--softmax>; see actiscope --help"
        ],
    );
    check(
        &["eval", "--activation", "elu"],
        expect![
            "actiscope: the following required arguments were not provided: --z <NUMBERS>; see actiscope --help"
        ],
    );
    check(
        &["eval", "--activation", "elu", "--formula", "z", "--z=1"],
        expect![
            "actiscope: the argument '--activation <ID>' cannot be used with '--formula <FORMULA>'; see actiscope --help"
        ],
    );
    check(
        &["eval", "--activation", "elu", "--zz=1"],
        expect!["actiscope: unexpected argument '--zz' found; did you mean --z?"],
    );
    check(
        &["eval", "--activation", "elu", "--z=1,x"],
        expect!["actiscope: --z: 'x' is not a finite number"],
    );
    check(
        &["eval", "--activation", "elu", "--z="],
        expect!["actiscope: --z: '' is not a finite number"],
    );
    check(
        &["eval", "--activation", "elu", "--z=inf"],
        expect!["actiscope: --z: 'inf' is not a finite number"],
    );
    check(
        &["eval", "--activation", "leaky", "--z=1"],
        expect![
            "actiscope: activation 'leaky': there is no such function: did you mean leaky_relu?"
        ],
    );
    check(
        &["eval", "--activation", "wave", "--z=1"],
        expect!["actiscope: activation 'wave': there is no such function: choose ALL"],
    );
    check(
        &["eval", "--activation", "elu", "--param", "beta=1", "--z=1"],
        expect!["actiscope: activation 'elu': there is no parameter 'beta': it has alpha"],
    );
    check(
        &["eval", "--activation", "relu", "--param", "beta=1", "--z=1"],
        expect!["actiscope: activation 'relu': there is no parameter 'beta': it has none"],
    );
    check(
        &["eval", "--activation", "elu", "--param", "alpha", "--z=1"],
        expect!["actiscope: --param: 'alpha': write a parameter as name=value"],
    );
    check(
        &[
            "eval",
            "--activation",
            "elu",
            "--param",
            "alpha=much",
            "--z=1",
        ],
        expect!["actiscope: --param alpha: 'much' is not a finite number"],
    );
    check(
        &[
            "eval",
            "--activation",
            "elu",
            "--param",
            "alpha=-9",
            "--z=1",
        ],
        expect!["actiscope: parameter `alpha` is -9: give a number from 0 to 4"],
    );
    check(
        &["eval", "--formula", "where(z>0,z", "--z=1"],
        expect![
            "actiscope: formula: column 12: a comma or a closing parenthesis is missing here: the formula ends too early"
        ],
    );
    check(
        &["eval", "--formula", "z +\n* 2", "--z=1"],
        expect![
            "actiscope: formula: column 5: a number, z, a parameter or a function is missing here: found `*`"
        ],
    );
    check(
        &["eval", "--softmax", "--z=1,2", "--temperature", "-1"],
        expect!["actiscope: --temperature: -1 is not above 0"],
    );
    check(
        &["eval", "--activation", "elu", "--z=1", "--temperature", "2"],
        expect![
            "actiscope: the argument '--activation <ID>' cannot be used with '--temperature <T>'; see actiscope --help"
        ],
    );
    check(
        &["train", "none.json"],
        expect!["actiscope: none.json: No such file or directory (os error 2)"],
    );
    check(
        &["train", "none.json", "--backend", "tpu"],
        expect![
            "actiscope: invalid value 'tpu' for '--backend <BACKEND>' [possible values: cpu, gpu, oracle]; did you mean gpu?"
        ],
    );
    check(
        &["train", "none.json", "--steps", "-1"],
        expect!["actiscope: unexpected argument '-1' found; see actiscope --help"],
    );
    check(
        &["health", "."],
        expect!["actiscope: .: Is a directory (os error 21)"],
    );
}

/// A case of `training.json` with one change.
fn changed(name: &str, change: impl FnOnce(&mut Value)) -> String {
    let mut case = list(&reference("training"))[0].clone();
    change(&mut case);
    file(name, &case.to_string())
}

#[test]
fn cases_that_cannot_be_trained() {
    let check = |name: &str, change: fn(&mut Value), expect| {
        let path = changed(name, change);
        check_failure(&["train", &path, "--backend", "oracle"], expect);
    };
    check(
        "act.json",
        |c| c["act"] = json!("tan"),
        expect![
            "actiscope: act.json: activation 'tan': there is no such function: did you mean tanh or gelu_tanh or hard_tanh?"
        ],
    );
    check(
        "loss.json",
        |c| c["loss"] = json!("mce"),
        expect![
            "actiscope: loss.json: loss 'mce': there is no such loss: did you mean cce or mse?"
        ],
    );
    check(
        "opt.json",
        |c| c["opt"]["kind"] = json!("sdg"),
        expect![
            "actiscope: opt.json: opt.kind 'sdg': there is no such optimizer: did you mean sgd?"
        ],
    );
    check(
        "layers.json",
        |c| c["layers"] = json!([2]),
        expect![
            "actiscope: layers.json: layers [2]: write inputs, hidden units and outputs, none 0"
        ],
    );
    check(
        "wide.json",
        |c| c["layers"] = json!([2, 5, 2, 1]),
        expect!["actiscope: wide.json: initial: weights[0] has length 4, the layers ask for 5"],
    );
    check(
        "x.json",
        |c| c["x"][3] = json!([1.0]),
        expect!["actiscope: x.json: x[3] has 1 numbers, the network 2 inputs"],
    );
    check(
        "y.json",
        |c| c["y"] = json!([[1.0]]),
        expect!["actiscope: y.json: x has 64 samples and y has 1"],
    );
    check(
        "class.json",
        |c| c["loss"] = json!("cce"),
        expect![
            "actiscope: class.json: y[0]: -0.000906520222549703 is not a class: there are 1, counted from 0"
        ],
    );
    check(
        "batch.json",
        |c| c["batch"] = json!(0),
        expect!["actiscope: batch.json: batch is 0: choose 1 or more"],
    );
    check(
        "type.json",
        |c| c["steps"] = json!("many"),
        expect![[
            r#"actiscope: type.json: invalid type: string "many", expected u64 at line 1 column 2188"#
        ]],
    );
    check(
        "missing.json",
        |c| drop(c.as_object_mut().expect("an object").remove("x")),
        expect!["actiscope: missing.json: missing field `x` at line 1 column 3602"],
    );
    check(
        "bias.json",
        |c| c["initial"]["biases"][1] = json!([0.0]),
        expect!["actiscope: bias.json: initial: biases[1] has length 1, the layers ask for 2"],
    );
    check(
        "norm.json",
        |c| c["batchnorm"] = json!(true),
        expect!["actiscope: norm.json: initial: batchnorm has length 0, the layers ask for 2"],
    );
    let path = file("broken.json", "{\"layers\": [2, 4,\n 1}");
    check_failure(
        &["train", &path],
        expect!["actiscope: broken.json: expected `,` or `]` at line 2 column 3"],
    );
    let path = changed("training.json", |_| ());
    check_failure(
        &["health", &path],
        expect!["actiscope: training.json: missing field `activation` at line 1 column 6245"],
    );
}

#[test]
fn predictions_that_cannot_be_judged() {
    let check = |name: &str, text: &str, expect| {
        check_failure(&["metrics", &file(name, text)], expect);
    };
    check(
        "empty.json",
        "{}",
        expect![
            "actiscope: empty.json: there is no block 'binary' {y, p} and no block 'multiclass' {y, logits}"
        ],
    );
    check(
        "y2.json",
        r#"{"binary": {"y": [0, 2], "p": [0.1, 0.2]}}"#,
        expect!["actiscope: y2.json: binary: y[1] is 2: write 0 or 1"],
    );
    check(
        "p.json",
        r#"{"binary": {"y": [0, 1], "p": [0.1, 1.2]}}"#,
        expect!["actiscope: p.json: binary: p[1] is 1.2: a probability lies between 0 and 1"],
    );
    check(
        "n.json",
        r#"{"binary": {"y": [0], "p": [0.1, 0.2]}}"#,
        expect![
            "actiscope: n.json: binary: 1 targets but 2 predictions: give one of each a sample"
        ],
    );
    check(
        "k.json",
        r#"{"multiclass": {"y": [0, 1], "logits": [[1, 2], [3]]}}"#,
        expect!["actiscope: k.json: multiclass: logits[1] has 1 numbers where logits[0] has 2"],
    );
    check(
        "c.json",
        r#"{"multiclass": {"y": [0, 5], "logits": [[1, 2], [3, 4]]}}"#,
        expect![
            "actiscope: c.json: multiclass: y[1] is 5, but there are 2 classes, numbered from 0"
        ],
    );
}

#[test]
fn help_lists_what_there_is() {
    let help = support::actiscope(&["--help"]);
    assert_eq!(help.status.code(), Some(0));
    let help = String::from_utf8(help.stdout).expect("UTF-8");
    expect![[r#"
        An oscilloscope for activation functions, from a shell.

        Prints JSON on standard output. Exits 0, or 2 with one line that says what is wrong.

        Usage: actiscope <COMMAND>

        Commands:
          eval     Value and slope of an activation function, or softmax and its Jacobian
          train    Train a network from given weights on given samples
          health   Dead and saturated units and the gradient flow of a network over given samples, or of a trace
          metrics  ROC, precision and recall, calibration and the best temperature of given predictions
          run      Run a scenario as the page runs it
          compare  Train lanes that differ in some settings, each over several seeds, and compare them
          sweep    Train a network for every pair of values of two settings
          doctor   Why a scenario does not learn, and what cures it: each remedy is tried before it is offered
          lesson   Read a lesson, tell what is wrong by line, and measure what it claims
          export   Hand a network over, trained so many steps: to PyTorch, Keras, scikit-learn, ONNX, TensorBoard, or to be gone on with
          help     Print this message or the help of the given subcommand(s)

        Options:
          -h, --help
                  Print help (see a summary with '-h')

          -V, --version
                  Print version
    "#]].assert_eq(&help);
}
