//! Programs that leave: as they are printed, and as Python reads them. That they say and train what we do is for
//! `tests/interop`, with the libraries themselves.

use std::process::Command;

use actiscope_core::activation::catalogue;
use actiscope_core::data::Dataset;
use actiscope_core::interop::scripts::{self, Repeat, one_line_keras, one_line_pytorch};
use actiscope_core::interop::{Meaning, Model};
use actiscope_core::nn::init::{initial_params, initial_running};
use actiscope_core::nn::layout::ParamLayout;
use actiscope_core::scenario::Scenario;
use actiscope_core::scenario::link::from_link;
use expect_test::{Expect, expect, expect_file};
use proptest::prelude::{Strategy, any};
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

/// A scenario at its first step.
struct Case {
    scenario: Scenario,
    data: Dataset,
    params: Vec<f32>,
}

impl Case {
    fn new(link: &str) -> Self {
        let (scenario, problems) = from_link(link);
        assert!(problems.is_empty(), "{problems:?}");
        let data = scenario.data.generate(scenario.seed).expect("samples");
        let layout = ParamLayout::new(&scenario.network);
        let params = initial_params(&scenario.network, &layout, u64::from(scenario.seed));
        Self {
            params: params.iter().map(|&p| p as f32).collect(),
            scenario,
            data,
        }
    }

    fn model(&self) -> Model {
        let network = &self.scenario.network;
        let running = initial_running(network, &ParamLayout::new(network));
        let running = running.iter().map(|&r| r as f32).collect();
        let model = Model::new(&self.scenario, &self.data, self.params.clone(), running);
        model.expect("its own parameters")
    }

    fn repeat(&self) -> Repeat<'_> {
        Repeat {
            scenario: &self.scenario,
            data: &self.data,
            first_params: &self.params,
        }
    }

    /// All programs that there are of it.
    fn scripts(&self) -> Vec<String> {
        let model = self.model();
        let mut scripts = vec![
            scripts::pytorch(&model),
            scripts::keras(&model),
            self.repeat().pytorch_training().expect("fits"),
            self.repeat().keras_training().expect("fits"),
        ];
        scripts.extend(scripts::sklearn(&model));
        scripts
    }
}

#[test]
fn scripts_are_what_one_would_write() {
    let small = Case::new("#v=1&d=moons&n=12&h=3-2&a=leaky_relu,alpha:0.2&std=1&th=0.7");
    expect_file!["interop_scripts/network_pytorch.py"].assert_eq(&scripts::pytorch(&small.model()));
    let own =
        Case::new("#v=1&d=sine&n=12&h=3-2&f=where(z>0,z,alpha*expm1(z))&p=alpha:0.5&bn=1&stdy=1");
    expect_file!["interop_scripts/network_keras.py"].assert_eq(&scripts::keras(&own.model()));
    let tanh = Case::new("#v=1&d=moons&n=12&h=3-2&a=tanh&std=1&bn=1&l=softmax");
    let sklearn = scripts::sklearn(&tanh.model()).expect("tanh is there");
    expect_file!["interop_scripts/network_sklearn.py"].assert_eq(&sklearn);

    let run =
        Case::new("#v=1&d=moons&n=12&t=0.2&h=3-2&a=prelu&dr=0.1&o=adamw&l2=0.01&lrs=0.1&wu=5");
    let pytorch = run.repeat().pytorch_training().expect("fits");
    expect_file!["interop_scripts/train_pytorch.py"].assert_eq(&pytorch);
    let keras = run.repeat().keras_training().expect("fits");
    expect_file!["interop_scripts/train_keras.py"].assert_eq(&keras);
}

#[test]
fn a_line_of_code() {
    let check = |link: &str, dropout: f64, pytorch: Expect, keras: Expect| {
        let network = Case::new(link).scenario.network;
        let text = |line: Result<String, scripts::Inexpressible>| match line {
            Ok(line) => line,
            Err(error) => error.to_string(),
        };
        pytorch.assert_eq(&text(one_line_pytorch(&network, dropout)));
        keras.assert_eq(&text(one_line_keras(&network, dropout)));
    };
    check(
        "#v=1&h=8&a=relu",
        0.0,
        expect!["nn.Sequential(nn.Linear(2, 8), nn.ReLU(), nn.Linear(8, 1))"],
        expect![[r#"
            keras.Sequential([
                keras.Input((2,)),
                layers.Dense(8),
                layers.Activation("relu"),
                layers.Dense(1),
            ])"#]],
    );
    check(
        "#v=1&h=8-4&a=prelu&pr=unit&bn=1",
        0.2,
        expect![[r#"
            nn.Sequential(
                nn.Linear(2, 8),
                nn.BatchNorm1d(8),
                nn.PReLU(8, init=0.25),
                nn.Dropout(0.2),
                nn.Linear(8, 4),
                nn.BatchNorm1d(4),
                nn.PReLU(4, init=0.25),
                nn.Dropout(0.2),
                nn.Linear(4, 1),
            )"#]],
        expect![[r#"
            keras.Sequential([
                keras.Input((2,)),
                layers.Dense(8),
                layers.BatchNormalization(epsilon=1e-5, momentum=0.9),
                layers.PReLU(alpha_initializer=keras.initializers.Constant(0.25)),
                layers.Dropout(0.2),
                layers.Dense(4),
                layers.BatchNormalization(epsilon=1e-5, momentum=0.9),
                layers.PReLU(alpha_initializer=keras.initializers.Constant(0.25)),
                layers.Dropout(0.2),
                layers.Dense(1),
            ])"#]],
    );
    check(
        "#v=1&h=8&a=softplus,beta:2",
        0.0,
        expect!["nn.Sequential(nn.Linear(2, 8), nn.Softplus(beta=2.0), nn.Linear(8, 1))"],
        expect![
            "Keras has no class for Softplus, so that a line cannot say it. Take the whole script: it defines the function"
        ],
    );
    check(
        "#v=1&h=8&f=z*exp(-z^2)",
        0.0,
        expect![
            "PyTorch has no class for z*exp(-z^2), so that a line cannot say it. Take the whole script: it defines the function"
        ],
        expect![
            "Keras has no class for z*exp(-z^2), so that a line cannot say it. Take the whole script: it defines the function"
        ],
    );
}

#[test]
fn what_scikit_learn_cannot_say() {
    let check = |link: &str, expected: Expect| {
        let error = scripts::sklearn(&Case::new(link).model()).expect_err(link);
        expected.assert_eq(&error.to_string());
    };
    check(
        "#v=1&h=8&a=elu",
        expect![
            "scikit-learn knows identity, logistic, tanh and relu: it has no ELU (layer 1). Choose one of these, or take the script for PyTorch or Keras"
        ],
    );
    check(
        "#v=1&h=8-8&as=tanh~relu",
        expect![
            "scikit-learn has one function for all layers, and here there are Tanh and ReLU. Take the script for PyTorch or Keras"
        ],
    );
    check(
        "#v=1&h=8&l=mse",
        expect![
            "scikit-learn's networks end with a logistic function, softmax or the number itself, and this one with an output that is taken for a probability as it is. Choose cross-entropy, or for numbers squared error, or take the script for PyTorch or Keras"
        ],
    );
}

#[test]
fn a_network_of_another_shape_is_refused() {
    let case = Case::new("#v=1&h=8");
    let repeat = Repeat {
        first_params: &case.params[1..],
        ..case.repeat()
    };
    let error = repeat.pytorch_training().expect_err("one is missing");
    expect!["the network has 33 parameters, and 32 are given"].assert_eq(&error.to_string());
}

/// Python reads every script, and in it the names that we gave.
#[test]
fn python_reads_what_is_printed() {
    let mut scripts = Vec::new();
    for entry in catalogue() {
        let case = Case::new(&format!(
            "#v=1&h=3-3&n=20&a={}&wu=3&cw=1,2&clip=1",
            entry.id
        ));
        scripts.extend(case.scripts());
    }
    for loss in [
        "mse",
        "bce",
        "focal",
        "softmax",
        "huber",
        "sigmoid_mse",
        "relu_mse",
    ] {
        for optimizer in ["sgd", "momentum", "nesterov", "rmsprop", "adam", "adamw"] {
            let link = format!("#v=1&h=3&n=20&l={loss}&o={optimizer}&lrs=0.1,0.2&bn=1&dr=0.2&b=19");
            scripts.extend(Case::new(&link).scripts());
        }
    }
    let (tests, names) = named_scripts();
    let n_named = tests.len();
    scripts.extend(tests);
    let program = r#"
import ast, json, sys
scripts, names = json.load(sys.stdin)
trees = [ast.parse(script) for script in scripts]
named = trees[len(trees) - len(names):]
for tree, expected in zip(named, names):
    values = {
        node.targets[0].id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign)
    }
    assert ast.literal_eval(values["INPUT_NAMES"]) == expected[:2], expected
    assert sorted(ast.literal_eval(values["CLASS_NAMES"])) == sorted(expected[2:]), expected
print(len(trees))
"#;
    assert_eq!(n_named, names.len());
    let input = serde_json::json!([scripts, names]).to_string();
    match python(program, &input) {
        Some(printed) => assert_eq!(printed.trim(), scripts.len().to_string()),
        None => assert!(std::env::var_os("CI").is_none(), "python3 is needed"),
    }
}

/// Scripts whose inputs and classes have names that are anything: two inputs, then the classes.
fn named_scripts() -> (Vec<String>, Vec<Vec<String>>) {
    let (mut scripts, mut all_names) = (Vec::new(), Vec::new());
    let mut model = Case::new("#v=1&h=3&n=20&a=tanh&l=softmax").model();
    let mut runner = TestRunner::new_with_rng(
        Config::default(),
        TestRng::deterministic_rng(RngAlgorithm::ChaCha),
    );
    for _ in 0..60 {
        let tree = proptest::collection::vec(any::<String>(), 4).new_tree(&mut runner);
        let mut names = tree.expect("strings").current();
        names[0] += "'''\"\"\"\\\n{x} %s #";
        model.input_names = names[..2].to_vec();
        model.meaning = Meaning::Class {
            names: names[2..].to_vec(),
            threshold: 0.3,
        };
        scripts.push(scripts::pytorch(&model));
        scripts.push(scripts::keras(&model));
        scripts.push(scripts::sklearn(&model).expect("tanh"));
        all_names.extend([names.clone(), names.clone(), names]);
    }
    (scripts, all_names)
}

/// What a program of Python prints; `None` where there is no Python.
fn python(program: &str, input: &str) -> Option<String> {
    use std::io::Write as _;
    use std::process::Stdio;
    let child = Command::new("python3")
        .args(["-c", program])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let mut child = match child {
        Ok(child) => child,
        Err(error) => {
            eprintln!("SKIPPED, python3 does not start: {error}. Install it to check scripts.");
            return None;
        }
    };
    let mut stdin = child.stdin.take().expect("it is piped");
    stdin.write_all(input.as_bytes()).expect("python3 reads");
    drop(stdin);
    let output = child.wait_with_output().expect("python3 ends");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "python3 says: {errors}");
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// The tests with the libraries themselves go through the whole catalogue.
#[test]
fn tests_in_python_know_the_catalogue() {
    let support = include_str!("../../../tests/interop/support.py");
    for entry in catalogue() {
        let key = format!("\n    \"{}\": {{", entry.id);
        assert!(support.contains(&key), "{} is not in CATALOGUE", entry.id);
    }
}
