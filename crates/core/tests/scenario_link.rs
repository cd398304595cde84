//! Links: exact round trips, and messages for what a link says wrongly.

use actiscope_core::activation::{ActivationSpec, Function};
use actiscope_core::data::{
    Axes, ColumnUse, CsvTable, DataSource, Gaps, PointKind, PointSet, catalogue,
};
use actiscope_core::nn::schedule::Annealing;
use actiscope_core::nn::spec::{Initializer, Loss, Optimizer, Order, PreluSharing};
use actiscope_core::scenario::link::{from_link, table_travels, to_link, to_whole_link};
use actiscope_core::scenario::ranges::{self, Range};
use actiscope_core::scenario::{Chosen, Scenario, Setting, function_params};
use expect_test::{Expect, expect};
use proptest::prelude::*;
use proptest::sample::select;

#[track_caller]
fn assert_round_trip(scenario: &Scenario) {
    scenario
        .check()
        .unwrap_or_else(|errors| panic!("{scenario:?}: {errors:?}"));
    let link = to_link(scenario);
    let (read, problems) = from_link(&link);
    assert_eq!(problems, [], "{link}");
    assert_eq!(read, *scenario, "{link}");
    assert_eq!(to_link(&read), link);
}

/// The link of the default with one change; it must read back as it is.
fn check_link(change: impl FnOnce(&mut Scenario), expect: Expect) {
    let mut scenario = Scenario::default();
    change(&mut scenario);
    assert_round_trip(&scenario);
    expect.assert_eq(&to_link(&scenario));
}

/// Weights to begin with are in it, bit by bit; those that have no room are missed when it is opened.
#[test]
fn given_weights_are_in_a_link() {
    use actiscope_core::nn::given::Given;
    use actiscope_core::nn::layout::ParamLayout;
    let with = |hidden: Vec<usize>| {
        let mut scenario = Scenario::default();
        scenario.network.hidden = hidden;
        let layout = ParamLayout::new(&scenario.network);
        let params = (0..layout.n_params).map(|i| (i as f32).sin()).collect();
        scenario.network.given = Given::new("my net~1.onnx", &scenario.network, params, Vec::new());
        assert!(scenario.network.given.is_some());
        scenario
    };
    assert_round_trip(&with(vec![8, 8]));
    let large = with(vec![60, 60]);
    let (read, problems) = from_link(&to_link(&large));
    assert_eq!(read.network.given, None);
    assert_eq!(
        problems.iter().map(ToString::to_string).collect::<Vec<_>>(),
        [
            "iw=long: the weights were too long for the link: open their file again; weights are drawn"
        ]
    );
    assert_eq!(from_link(&to_whole_link(&large)), (large, Vec::new()));
    check_problems(
        "#v=1&iw=AAAA",
        expect![
            "iw=AAAA: these are no weights as a link holds them: the link is cut off or damaged; weights are drawn"
        ],
    );
    check_problems(
        "#v=1&iw=AAAAAAAA~x",
        expect![
            "iw=AAAAAAAA~x: these are no weights as a link holds them: the link is cut off or damaged; weights are drawn"
        ],
    );
    check_problems(
        "#v=1&h=6-x&iw=AAAAAAAA~x",
        expect![[r#"
        h=6-x: write the units of each hidden layer, as 8-8-8; for each choose a whole number from 1 to 128; 8-8-8 is used
        iw=AAAAAAAA~x: these are no weights as a link holds them: the link is cut off or damaged; weights are drawn"#]],
    );
}

fn catalogue_function(id: &str, params: &[f64]) -> ActivationSpec {
    ActivationSpec {
        function: Function::Catalogue(id.into()),
        params: params.into(),
    }
}

fn formula(text: &str, params: &[f64]) -> ActivationSpec {
    ActivationSpec {
        function: Function::Formula(text.into()),
        params: params.into(),
    }
}

#[test]
fn defaults_are_left_out() {
    check_link(|_| (), expect!["#v=1"]);
    check_link(
        |s| s.network.activation = catalogue_function("leaky_relu", &[0.01]),
        expect!["#v=1&a=leaky_relu"],
    );
    check_link(
        |s| s.training.optimizer = Optimizer::ADAM,
        expect!["#v=1&o=adam"],
    );
    check_link(
        |s| {
            s.data.source = DataSource::Sine;
            s.fit_to_data();
        },
        expect!["#v=1&d=sine"],
    );
}

#[test]
fn every_field_travels() {
    check_link(
        |s| {
            s.seed = u32::MAX;
            s.data.source = DataSource::Spiral;
            s.data.n_samples = 1_000;
            s.data.noise = 0.1 + 0.2;
            s.data.test_share = 0.25;
            s.data.standardize = true;
            s.network.hidden = vec![16, 8];
            s.network.activation = catalogue_function("prelu", &[0.2]);
            s.network.prelu_sharing = PreluSharing::Unit;
            s.network.batch_norm = true;
            s.network.initializer = Initializer::Uniform { a: 0.25 };
            s.network.gain = 1.5;
            s.training.loss = Loss::Focal {
                gamma: 1.5,
                alpha: 0.25,
            };
            s.training.class_weights = vec![1.0, 4.5];
            s.training.optimizer = Optimizer::AdamW {
                beta1: 0.8,
                beta2: 0.999,
                eps: 1e-7,
                weight_decay: 0.01,
            };
            s.training.learning_rate = 0.03;
            s.training.batch_size = 32;
            s.training.order = Order::Sequential;
            s.training.l1 = 1e-5;
            s.training.l2 = 0.001;
            s.training.clip_norm = Some(1.0);
            s.training.dropout = 0.25;
            s.view.layer = 1;
            s.view.unit = Some(7);
            s.view.steps_per_second = Some(30.0);
        },
        expect![
            "#v=1&s=4294967295&d=spiral&n=1000&nz=0.30000000000000004&t=0.25&std=1&h=16-8&a=prelu,alpha:0.2&pr=unit&bn=1&i=uniform,a:0.25&g=1.5&l=focal,gamma:1.5&cw=1,4.5&o=adamw,beta1:0.8,eps:1e-7&lr=0.03&b=32&or=sequential&l1=0.00001&l2=0.001&clip=1&dr=0.25&vl=2&vu=8&sp=30"
        ],
    );
}

#[test]
fn schedules_travel() {
    check_link(
        |s| s.training.schedule.warm_up = 200,
        expect!["#v=1&wu=200"],
    );
    check_link(
        |s| {
            s.training.schedule.annealing = Annealing::Step {
                every: 500.0,
                factor: 0.5,
            };
        },
        expect!["#v=1&sch=step,every:500"],
    );
    check_link(
        |s| {
            s.training.schedule.annealing = Annealing::Cosine {
                over: 3_000.0,
                floor: 0.05,
            };
        },
        expect!["#v=1&sch=cosine,over:3000,floor:0.05"],
    );
}

#[test]
fn stops_travel() {
    check_link(
        |s| {
            s.view.stop.step = Some(5_000.0);
            s.view.stop.loss = Some(0.01);
            s.view.stop.when_solved = true;
        },
        expect!["#v=1&st=5000&sl=0.01&ss=1"],
    );
}

#[test]
fn functions_of_layers_travel() {
    check_link(
        |s| {
            s.network.layer_activations = vec![
                None,
                Some(catalogue_function("tanh", &[])),
                Some(catalogue_function("leaky_relu", &[0.2])),
            ];
        },
        expect!["#v=1&as=none~tanh~leaky_relu,alpha:0.2"],
    );
    check_link(
        |s| s.network.layer_activations = vec![Some(formula("max(z, alpha * z)", &[0.1]))],
        expect!["#v=1&as=%28max%28z,%20alpha%20%2A%20z%29%29,alpha:0.1"],
    );
}

#[test]
fn own_formulas_and_tables_travel() {
    check_link(
        |s| s.network.activation = formula("where(z > 0, z, alpha * z)", &[0.1]),
        expect!["#v=1&f=where%28z%20%3E%200,%20z,%20alpha%20%2A%20z%29&p=alpha:0.1"],
    );
    check_link(
        |s| {
            s.data.source = DataSource::Csv("é#;\"b & c, 100 %\"\r\n1;2\n2;3.5".into());
            s.fit_to_data();
        },
        expect!["#v=1&d=csv&csv=%C3%A9%23%3B%22b%20%26%20c,%20100%20%25%22%0D%0A1%3B2%0A2%3B3.5"],
    );
}

#[test]
fn how_a_table_is_read_travels_with_it() {
    check_link(
        |s| {
            s.data.source = DataSource::Csv("mpg;cyl;name\n28,7;4;a\n15,5;8;b\n20,1;?;a\n".into());
            s.data.reading.target = Some(0);
            s.data.reading.gaps = Gaps::LeaveOut;
            s.data.reading.set_use(2, Some(ColumnUse::LeaveOut));
            s.fit_to_data();
        },
        expect![
            "#v=1&d=csv&csv=mpg%3Bcyl%3Bname%0A28,7%3B4%3Ba%0A15,5%3B8%3Bb%0A20,1%3B%3F%3Ba%0A&rd=target:1,out:3,gaps:out"
        ],
    );
    let table = "#v=1&d=csv&csv=a%3Bb%3Bc%0A1%3B2%3B3%0A2%3B3%3B4.5";
    check_problems(
        &format!("{table}&rd=target:9,gaps:out"),
        expect![
            "rd=target:9,gaps:out: there is no column 9: the table has 3; a table is read as it looks"
        ],
    );
    check_problems(
        &format!("{table}&rd=target:2,gaps:median,sofa:1,out"),
        expect![[r#"
            rd=gaps:median: choose out or mean; its default is used
            rd=sofa:1: write sep, dec, head, quotes, target, out, num, class, gaps or thin before the colon; it is left out
            rd=out: write a parameter as name:value; it is left out"#]],
    );
    check_problems(
        "#v=1&d=spiral&rd=target:2",
        expect!["rd=target:2: the link has no table; a table is read as it looks"],
    );
    check_problems(
        "#v=1&d=csv&rd=target:2",
        expect!["d=csv: the table was too long for the link: open its file again; circle is used"],
    );
    let (read, _) = from_link(&format!("{table}&rd=target:2,gaps:median"));
    assert_eq!(read.data.reading.to_text(), "target:2");
}

#[test]
fn collected_sets_travel_as_their_names() {
    let check = |link: &str, n_inputs: usize, n_outputs: usize| {
        let (read, problems) = from_link(link);
        assert_eq!(problems, []);
        assert_eq!(
            (read.network.n_inputs, read.network.n_outputs),
            (n_inputs, n_outputs)
        );
        assert_eq!(to_link(&read), link);
        let bytes = postcard::to_stdvec(&read).expect("plain data");
        assert!(bytes.len() < 300, "no samples travel: {}", bytes.len());
    };
    check("#v=1&d=iris", 4, 3);
    check("#v=1&d=digits&std=1", 64, 10);
}

#[test]
fn a_long_table_stays_behind_and_the_link_says_so() {
    let mut scenario = Scenario::default();
    scenario.data.source = DataSource::Csv("1.25,2,0\n3,4,1\n".repeat(600).into());
    scenario.data.noise = 0.2;
    scenario.check().expect("a sound table");
    assert!(!table_travels(&scenario));
    let link = to_link(&scenario);
    assert_eq!(link, "#v=1&d=csv&nz=0.2");
    check_problems(
        &link,
        expect!["d=csv: the table was too long for the link: open its file again; circle is used"],
    );
    let (read, _) = from_link(&link);
    assert_eq!(
        (read.data.source, read.data.noise),
        (DataSource::Circle, 0.2)
    );
}

/// What reading a link reports; the scenario passes its check.
fn check_problems(link: &str, expect: Expect) {
    let (scenario, problems) = from_link(link);
    scenario.check().expect("a link's scenario can be run");
    let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
    // What is in the catalogue, and in which order, is not judged here.
    let text = lines.join("\n").replace(&function_ids().join(", "), "ALL");
    expect.assert_eq(&text);
}

#[test]
fn problems_name_key_value_range_and_what_is_used() {
    check_problems("", expect![""]);
    check_problems("https://example.org/scope/?a=b#v=1&lr=0.5", expect![""]);
    check_problems(
        "#v=1&lr=50&b=32",
        expect!["lr=50: choose 0.0001 to 10; 1.6 is used"],
    );
    check_problems(
        "#lr=fast",
        expect!["lr=fast: choose 0.0001 to 10; 1.6 is used"],
    );
    check_problems(
        "#v=2&lr=0.5",
        expect!["v=2: only version 1 is known here; it is read as version 1"],
    );
    check_problems(
        "#v=1&colour=red",
        expect!["colour=red: there is no such key; it is left out"],
    );
    check_problems(
        "#v=1&lr=0.5&lr=0.6",
        expect!["lr=0.6: the key is given twice; the first, 0.5, is used"],
    );
    check_problems("#v=1&lr", expect!["lr=: choose 0.0001 to 10; 1.6 is used"]);
    check_problems(
        "#v=1&s=-1&n=100.5&nz=NaN&bn=yes&or=random",
        expect![[r#"
            s=-1: choose a whole number from 0 to 4294967295; 2 is used
            n=100.5: choose a whole number from 10 to 10000; 256 is used
            nz=NaN: choose 0 to 0.5; 0.1 is used
            bn=yes: choose 1 or 0; 0 is used
            or=random: choose shuffled or sequential; shuffled is used"#]],
    );
    check_problems(
        "#v=1&h=8-8-500",
        expect![
            "h=8-8-500: write the units of each hidden layer, as 8-8-8; for each choose a whole number from 1 to 128; 8-8-8 is used"
        ],
    );
    check_problems(
        "#v=1&h=",
        expect![
            "h=: write the units of each hidden layer, as 8-8-8; for each choose a whole number from 1 to 128; 8-8-8 is used"
        ],
    );
    check_problems(
        "#v=1&d=spirals&a=relux&o=adm",
        expect![[r#"
            d=spirals: there is no such data set: did you mean spiral?; circle is used
            a=relux: there is no such function: did you mean relu or relu6 or elu?; relu is used
            o=adm: there is no such optimizer: did you mean adam?; sgd is used"#]],
    );
    check_problems(
        "#v=1&a=leaky_relu,alpha:-5,beta:1,x",
        expect![[r#"
            a=alpha:-5: choose 0 to 1; its default is used
            a=beta:1: there is no parameter beta: it has alpha; it is left out
            a=x: write a parameter as name:value; it is left out"#]],
    );
    check_problems(
        "#v=1&o=adam,beta1:1.5,eps:1e-6,lr:2",
        expect![[r#"
            o=beta1:1.5: choose 0 to 0.999; its default is used
            o=lr:2: there is no parameter lr: it has beta1, beta2, eps; it is left out"#]],
    );
    check_problems(
        "#v=1&as=none~relux",
        expect![
            "as=none~relux: there is no such function: did you mean relu or relu6 or elu?; none is used"
        ],
    );
    check_problems(
        "#v=1&as=elu,alpha:-1~(z)",
        expect!["as=alpha:-1: choose 0 to 4; its default is used"],
    );
    check_problems(
        "#v=1&as=",
        expect!["as=: there is no such function: choose ALL; none is used"],
    );
    check_problems(
        "#v=1&as=(z",
        expect!["as=(z: there is no such function: choose ALL; none is used"],
    );
    check_problems("#v=1&dr=1", expect!["dr=1: choose 0 to 0.9; 0 is used"]);
    check_problems(
        "#v=1&clip=0&sp=fast",
        expect![[r#"
            clip=0: choose 0.001 to 1000, or none; none is used
            sp=fast: choose a whole number from 1 to 100000, or none; 60 is used"#]],
    );
    check_problems(
        "#v=1&f=where(z%3E0&p=alpha:1",
        expect![
            "f=where(z%3E0: column 10: a comma or a closing parenthesis is missing here: the formula ends too early; relu is used"
        ],
    );
    check_problems(
        "#v=1&p=alpha:1",
        expect!["p=alpha:1: the link has no formula; relu is used"],
    );
    check_problems(
        "#v=1&f=z&a=tanh",
        expect!["a=tanh: the link has a formula too; z is used"],
    );
    check_problems(
        "#v=1&f=%zz&csv=%ff",
        expect![[r#"
        f=%zz: a % must stand before two hexadecimal digits; relu is used
        csv=%ff: a % must stand before two hexadecimal digits; circle is used"#]],
    );
    check_problems(
        "#v=1&d=sine&l=bce",
        expect![
            "l=bce: Binary cross-entropy cannot judge numbers: choose Mean squared error; mse is used"
        ],
    );
    check_problems(
        "#v=1&cw=1,2,3",
        expect!["cw=1,2,3: 3 weights: give one to each of 2 classes; none is used"],
    );
    check_problems(
        "#v=1&vl=9&vu=3",
        expect!["vl=9: there is no layer 9: choose 1 to 3; 1 is used"],
    );
    check_problems(
        "#v=1&vu=9",
        expect!["vu=9: there is no unit 9: choose 1 to 8; none is used"],
    );
    check_problems(
        "#v=1&b=1&bn=1",
        expect![
            "b=1: BatchNorm has no variance to divide by in batches of 1: choose 2 or more; 16 is used"
        ],
    );
    check_problems(
        "#v=1&csv=1,2%0A3&cw=1,2",
        expect![
            "csv=1,2%0A3: 1 row of 2 cannot be used whole, the first because line 2 has more or fewer cells than most: leave such rows out, or fill the gaps; circle is used"
        ],
    );
    check_problems(
        "#v=1&d=xor&csv=1,2%0A3,4.5",
        expect!["csv=1,2%0A3,4.5: the link names another data set too; xor is used"],
    );
    check_problems(
        "#v=1&a=%00%0A%1B[31m",
        expect!["a=%00%0A%1B[31m: there is no such function: choose ALL; relu is used"],
    );
}

#[test]
fn axes_that_there_are_not_are_told() {
    check_problems(
        "#v=1&ax=2,1",
        expect!["ax=2,1: with up to 2 inputs there is no choice: leave them out; 1,2 is used"],
    );
    check_problems(
        "#v=1&d=csv&csv=1,2,3,0%0A2,3,4,1&ax=1,4",
        expect!["ax=1,4: choose two different inputs of 1 to 3, or pc; 1,2 is used"],
    );
    check_problems(
        "#v=1&ax=x",
        expect!["ax=x: write the numbers of two inputs, as 1,2, or pc; 1,2 is used"],
    );
    check_problems(
        "#v=1&ax=0,1",
        expect!["ax=0,1: write the numbers of two inputs, as 1,2, or pc; 1,2 is used"],
    );
}

#[test]
fn points_that_cannot_be_read_are_told() {
    let check = check_problems;
    check(
        "#v=1&d=points&pts=c2:100,200",
        expect!["pts=c2:100,200: give 3 numbers a point; circle is used"],
    );
    check(
        "#v=1&d=points&pts=c2:100,200,0,5,5,2",
        expect![
            "pts=c2:100,200,0,5,5,2: point 2: write a whole number from 0 to 1; circle is used"
        ],
    );
    check(
        "#v=1&d=points&pts=n:100,2e3,0",
        expect![
            "pts=n:100,2e3,0: point 1: write a whole number from -1000000000 to 1000000000; circle is used"
        ],
    );
    check(
        "#v=1&pts=c1:1,2,0",
        expect![
            "pts=c1:1,2,0: begin with c2: to c16: for classes, n: for numbers over a plane or y: for numbers over one input; circle is used"
        ],
    );
    check(
        "#v=1&d=points&pts=c2:",
        expect!["pts=c2:: there are no points: add one; circle is used"],
    );
    check(
        "#v=1&d=points",
        expect!["d=points: there were too many points for the link; circle is used"],
    );
    check(
        "#v=1&d=moons&pts=c2:1,2,0",
        expect!["pts=c2:1,2,0: the link names another data set too; moons is used"],
    );
}

#[test]
fn some_hundred_points_travel_and_more_are_kept_whole() {
    let mut points = PointSet::new(PointKind::Classes { n_classes: 2 });
    let add = |points: &mut PointSet, n: usize| {
        for i in 0..n {
            let t = i as f64;
            let (x, y) = (libm::sin(t), libm::cos(0.7 * t));
            points.add(&[x, y], (i % 2) as f64).expect("there is room");
        }
    };
    add(&mut points, 600);
    let mut scenario = Scenario::default();
    scenario.data.source = DataSource::Points(points.clone());
    assert!(table_travels(&scenario));
    assert_round_trip(&scenario);
    add(&mut points, 2_000);
    scenario.data.source = DataSource::Points(points);
    assert!(!table_travels(&scenario));
    assert_eq!(from_link(&to_whole_link(&scenario)), (scenario, Vec::new()));
}

#[test]
fn the_rest_is_kept() {
    let (read, problems) = from_link("#v=1&lr=50&b=32&o=adam,beta1:1.5,eps:1e-6&zoom=2&h=4-4");
    assert_eq!(problems.len(), 3);
    let mut expected = Scenario::default();
    expected.training.batch_size = 32;
    expected.training.optimizer = Optimizer::Adam {
        beta1: 0.9,
        beta2: 0.999,
        eps: 1e-6,
    };
    expected.network.hidden = vec![4, 4];
    assert_eq!(read, expected);
}

/// A number of a range: an end, a stop or any other.
fn number(range: Range) -> BoxedStrategy<f64> {
    let any = (0.0..=1.0).prop_map(move |share: f64| range.low + share * (range.high - range.low));
    let any = any.prop_map(move |value| range.clamp(value));
    prop_oneof![select(range.stops()), any].boxed()
}

fn chosen<T: Chosen + std::fmt::Debug>() -> impl Strategy<Value = T> {
    (0..T::table().len(), prop::collection::vec(0.0..=1.0, 4)).prop_map(
        |(entry, shares): (usize, Vec<f64>)| {
            let mut chosen = T::table()[entry].value.clone();
            for ((setting, value), share) in chosen.params_mut().into_iter().zip(shares) {
                if share > 0.5 {
                    let range = setting.range();
                    *value = range.clamp(range.low + share * (range.high - range.low));
                }
            }
            chosen
        },
    )
}

fn activation() -> impl Strategy<Value = ActivationSpec> {
    let function = prop_oneof![
        select(function_ids()).prop_map(|id| Function::Catalogue(id.into())),
        Just(Function::Formula("where(z >= 0, z, alpha*z + 1e-3)".into())),
        Just(Function::Formula("z".into())),
    ];
    (function, 0.0..=1.0).prop_map(|(function, share): (Function, f64)| {
        let params = function_params(&function).expect("a function");
        let value = |p: &actiscope_core::scenario::FunctionParam| {
            if share < 0.3 {
                p.default
            } else {
                p.range.low + share * (p.range.high - p.range.low)
            }
        };
        let params = params.iter().map(value).collect();
        ActivationSpec { function, params }
    })
}

fn source() -> impl Strategy<Value = DataSource> {
    let generated: Vec<DataSource> = catalogue().iter().map(|info| info.source.clone()).collect();
    let table =
        prop::collection::vec((-9.0..9.0, 0u32..20), 20..40).prop_map(|rows: Vec<(f64, u32)>| {
            let is_wide = rows.len().is_multiple_of(2);
            let (more, name) = if is_wide { ("2;", "s;") } else { ("", "") };
            let rows: Vec<String> = rows
                .iter()
                .map(|(x, y)| format!("{x};1;{more}{y}"))
                .collect();
            DataSource::Csv(CsvTable::from(format!(
                "p & q;\"r;%\";{name}y\r\n{}\n0;0;{more}0\n0;0;{more}1",
                rows.join("\n")
            )))
        });
    let numbers = prop::collection::vec(-1_500i32..1_500, 3..60);
    let points = (select(vec!["c2", "c7", "n", "y"]), numbers).prop_map(
        |(kind, numbers): (&str, Vec<i32>)| {
            let text = |i: usize, n: &i32| match (kind, i % 3) {
                ("c2" | "c7", 2) => n.rem_euclid(2).to_string(),
                _ => n.to_string(),
            };
            let n_in_row = if kind == "y" { 2 } else { 3 };
            let whole = &numbers[..numbers.len() / n_in_row * n_in_row];
            let texts: Vec<String> = whole.iter().enumerate().map(|(i, n)| text(i, n)).collect();
            let text = format!("{kind}:{}", texts.join(","));
            DataSource::Points(PointSet::from_text(&text).expect("points"))
        },
    );
    prop_oneof![4 => select(generated), 1 => table, 1 => points]
}

prop_compose! {
    fn scenario()(
        seed: u32,
        source in source(),
        (n_samples, noise, test_share, gain) in (number(Setting::Samples.range()), number(Setting::Noise.range()), number(Setting::TestShare.range()), number(Setting::Gain.range())),
        hidden in prop::collection::vec(1usize..=128, 1..=32),
        activation in activation(),
        initializer in chosen::<Initializer>(),
        loss in chosen::<Loss>(),
        optimizer in chosen::<Optimizer>(),
        (learning_rate, batch_size, l1, l2) in (number(Setting::LearningRate.range()), number(Setting::BatchSize.range()), number(Setting::L1.range()), number(Setting::L2.range())),
        clip_norm in prop::option::of(number(Setting::ClipNorm.range())),
        speed in prop::option::of(number(Setting::Speed.range())),
        flags: [bool; 6],
        weight in number(ranges::CLASS_WEIGHT),
    ) -> Scenario {
        let mut s = Scenario { seed, ..Scenario::default() };
        s.data.source = source;
        if flags[0] && matches!(s.data.source, DataSource::Csv(_)) {
            s.data.reading.target = Some(0);
            s.data.reading.gaps = Gaps::Mean;
        }
        s.data.n_samples = n_samples as usize;
        s.data.noise = noise;
        s.data.test_share = test_share;
        s.data.standardize = flags[0];
        s.network.hidden = hidden;
        s.network.activation = activation;
        s.network.batch_norm = flags[1];
        s.network.initializer = initializer;
        s.network.gain = gain;
        s.training.loss = loss;
        s.training.optimizer = optimizer;
        s.training.learning_rate = learning_rate;
        s.training.batch_size = (batch_size as usize).max(1 + usize::from(flags[1]));
        s.training.l1 = l1;
        s.training.l2 = l2;
        s.training.clip_norm = clip_norm;
        s.view.steps_per_second = speed;
        if flags[2] { s.network.prelu_sharing = PreluSharing::Unit; }
        if flags[3] { s.training.order = Order::Sequential; }
        if flags[4] {
            s.view.layer = s.network.hidden.len() - 1;
            s.view.unit = Some(s.network.hidden[s.view.layer] - 1);
        }
        s.fit_to_data();
        let n_inputs = s.network.n_inputs;
        if n_inputs > 2 {
            let pairs = [Axes::Principal, Axes::Inputs(1, n_inputs - 1), Axes::Inputs(2, 0)];
            s.view.axes = pairs[seed as usize % 3];
        }
        if flags[5] && matches!(s.training.loss, Loss::BceLogits | Loss::Focal { .. }) {
            s.training.class_weights = match (s.training.loss, s.network.n_outputs) {
                (_, 1) => vec![weight, 1.0],
                (Loss::Focal { .. }, n) => vec![weight; n],
                _ => vec![],
            };
        }
        s
    }
}

proptest! {
    #[test]
    fn valid_scenarios_travel_exactly(scenario in scenario()) {
        assert_round_trip(&scenario);
    }

    #[test]
    fn mutated_links_do_not_panic(
        scenario in scenario(),
        edits in prop::collection::vec((any::<prop::sample::Index>(), "[\\PC\n]{0,3}", 0usize..4), 1..6),
    ) {
        let mut link: Vec<char> = to_link(&scenario).chars().collect();
        for (at, text, cut) in edits {
            let at = at.index(link.len() + 1);
            let end = (at + cut).min(link.len());
            link.splice(at..end, text.chars());
        }
        let (read, _) = from_link(&link.into_iter().collect::<String>());
        prop_assert_eq!(read.check(), Ok(()));
        assert_round_trip(&read);
    }

    #[test]
    fn arbitrary_bytes_do_not_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let (read, _) = from_link(&String::from_utf8_lossy(&bytes));
        prop_assert_eq!(read.check(), Ok(()));
    }

    #[test]
    fn arbitrary_pairs_do_not_panic(
        pairs in prop::collection::vec(("(v|s|d|csv|pts|n|nz|t|std|h|a|f|p|pr|bn|i|g|l|cw|o|lr|b|or|l1|l2|clip|vl|vu|ax|sp)", "[-0-9a-z.,:%()]{0,12}"), 0..8),
    ) {
        let link: Vec<String> = pairs.iter().map(|(key, value)| format!("{key}={value}")).collect();
        let (read, _) = from_link(&link.join("&"));
        prop_assert_eq!(read.check(), Ok(()));
        assert_round_trip(&read);
    }
}

fn function_ids() -> Vec<&'static str> {
    actiscope_core::activation::catalogue()
        .iter()
        .map(|entry| entry.id)
        .collect()
}
