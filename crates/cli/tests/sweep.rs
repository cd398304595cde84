//! `actiscope sweep`: maps, in one piece and in parts, broken off and gone on with.

mod support;

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Output, Stdio};

use expect_test::{expect, expect_file};
use serde_json::Value;
use support::{actiscope, check_failed, check_failure, command, file};

const BASE: &str = "#v=1&h=4&n=64&a=leaky_relu";

/// A path for a file of this test that is not there yet.
fn fresh(name: &str) -> String {
    let path = file(name, "");
    std::fs::remove_file(&path).expect("it is there");
    path
}

fn args<'a>(steps: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let axes = ["--x", "lr:1e-3:10:8:log", "--y", "alpha:0:0.5:6"];
    [&["sweep", BASE][..], &axes, &["--steps", steps], more].concat()
}

/// The JSON of a sweep that has to succeed; how far it has come is told on standard error.
#[track_caller]
fn swept(args: &[&str]) -> Value {
    let Output {
        status,
        stdout,
        stderr,
    } = actiscope(args);
    let told = String::from_utf8_lossy(&stderr);
    assert_eq!(status.code(), Some(0), "{args:?}: {told}");
    serde_json::from_slice(&stdout).expect("valid JSON")
}

fn read(path: &str) -> Vec<u8> {
    std::fs::read(path).expect("the file was written")
}

#[test]
fn a_map_is_the_same_bytes_however_it_is_shared_out() {
    let (csv, png) = (fresh("whole.csv"), fresh("whole.png"));
    let more = [
        "--measure",
        "saturated",
        "--seeds",
        "3",
        "--csv",
        &csv,
        "--png",
        &png,
        "--threads",
        "1",
    ];
    let whole = swept(&args("40", &more));
    let rows = whole["values"].as_array().expect("rows");
    assert_eq!((rows.len(), rows[0].as_array().map(Vec::len)), (6, Some(8)));
    assert_eq!(
        (&whole["networks"], &whole["measure"]),
        (&144.into(), &"saturated".into())
    );
    assert_eq!(whole["y"]["values"][5], 0.5);
    let text = String::from_utf8(read(&csv)).expect("UTF-8");
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(
        lines[0],
        "x,y,seed,loss,accuracy,dead,saturated,first_death,diverged"
    );
    assert_eq!(lines.len(), 1 + 144);
    assert!(lines[1].starts_with("0.001,0,2,") && lines[144].starts_with("10,0.5,4,"));
    assert!(read(&png).starts_with(b"\x89PNG\r\n"));
    assert!(!Path::new(&format!("{csv}.state")).exists());

    let (csv_2, png_2) = (fresh("threads.csv"), fresh("threads.png"));
    let more = [
        "--measure",
        "saturated",
        "--seeds",
        "3",
        "--csv",
        &csv_2,
        "--png",
        &png_2,
        "--threads",
        "3",
    ];
    assert_eq!(swept(&args("40", &more)), whole);
    assert_eq!((read(&csv_2), read(&png_2)), (read(&csv), read(&png)));

    let parts = ["1/3", "2/3", "3/3"].map(|part| {
        let path = fresh(&format!("part-{}.part", &part[..1]));
        let more = [
            "--measure",
            "saturated",
            "--seeds",
            "3",
            "--part",
            part,
            "-o",
            &path,
        ];
        let told = swept(&args("40", &more));
        assert_eq!(
            (&told["part"], &told["networks"]),
            (&part.into(), &48.into())
        );
        path
    });
    let (csv_3, png_3) = (fresh("merged.csv"), fresh("merged.png"));
    // In any order.
    let merge = [
        "sweep", "--merge", &parts[2], &parts[0], &parts[1], "--csv", &csv_3, "--png", &png_3,
    ];
    assert_eq!(swept(&merge), whole);
    assert_eq!((read(&csv_3), read(&png_3)), (read(&csv), read(&png)));

    check_failure(
        &["sweep", "--merge", &parts[1]],
        expect!["actiscope: --merge: parts are missing: 1/3, 3/3"],
    );
    check_failure(
        &["sweep", "--merge", &parts[1], &parts[1]],
        expect!["actiscope: part-2.part: it is part 2/3, and so is part-2.part"],
    );
    let other = fresh("other.part");
    swept(&args(
        "41",
        &["--seeds", "3", "--part", "1/3", "-o", &other],
    ));
    check_failure(
        &["sweep", "--merge", &parts[1], &other],
        expect!["actiscope: other.part: it is a part of another sweep than part-2.part"],
    );
    let halves = fresh("halves.part");
    swept(&args(
        "40",
        &["--seeds", "3", "--part", "1/2", "-o", &halves],
    ));
    check_failure(
        &["sweep", "--merge", &parts[1], &halves],
        expect!["actiscope: halves.part: it is one of 2 parts, and part-2.part is one of 3"],
    );
}

/// The page's test of its map asks for the same.
#[test]
fn a_map_in_one_piece_or_in_four_is_the_pages_byte_by_byte() {
    let link = "#v=1&h=6-6&n=64&a=relu";
    let axes = ["--x", "lr:0.01:10:16:log", "--y", "depth:1:3:3"];
    let sweep = [
        &["sweep", link][..],
        &axes,
        &["--seeds", "2", "--steps", "40"],
    ]
    .concat();
    let saved = |args: &[&str], name: &str| {
        let csv = fresh(name);
        swept(&[args, &["--csv", &csv]].concat());
        String::from_utf8(read(&csv)).expect("UTF-8")
    };
    let whole = saved(&sweep, "page.csv");
    expect_file!["map.csv"].assert_eq(&whole);
    let parts = ["1/4", "2/4", "3/4", "4/4"].map(|part| {
        let path = fresh(&format!("page-{}.part", &part[..1]));
        swept(&[&sweep[..], &["--part", part, "-o", &path]].concat());
        path
    });
    let merge = ["sweep", "--merge"].into_iter();
    let merge: Vec<&str> = merge.chain(parts.iter().map(String::as_str)).collect();
    assert_eq!(saved(&merge, "page-merged.csv"), whole);
}

/// Ctrl-C, and the same command again.
#[cfg(unix)]
#[test]
fn a_sweep_that_was_interrupted_goes_on() {
    let (csv, state) = (fresh("broken.csv"), fresh("broken.state"));
    let axes = [
        "sweep",
        BASE,
        "--x",
        "lr:0.001:0.1:16:log",
        "--y",
        "alpha:0:0.5:16",
        "--steps",
        "3000",
    ];
    let with = |more: &[&str]| [&axes[..], more].concat().join("\n");
    let run = |text: &str| text.split('\n').map(str::to_owned).collect::<Vec<_>>();
    let broken = run(&with(&["--csv", &csv, "--state", &state, "--threads", "1"]));
    let broken: Vec<&str> = broken.iter().map(String::as_str).collect();

    let mut child = command(&broken)
        .stderr(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the binary runs");
    let mut told = BufReader::new(child.stderr.take().expect("a pipe")).lines();
    let is_on_its_way = |line: &str| [": 2", ": 3", ": 4"].iter().any(|at| line.contains(at));
    let line = told
        .by_ref()
        .map_while(Result::ok)
        .find(|line| is_on_its_way(line));
    assert!(line.is_some(), "a fifth of it is told");
    let id = child.id().to_string();
    let kill = std::process::Command::new("kill")
        .args(["-INT", &id])
        .status();
    assert!(kill.expect("kill runs").success());
    let rest: Vec<String> = told.map_while(Result::ok).collect();
    let status = child.wait().expect("it ends");
    if status.code() == Some(2) {
        let last = rest.last().expect("a line");
        assert!(
            last.contains("the same command goes on from there"),
            "{last}"
        );
        assert!(Path::new(&state).exists() && !Path::new(&csv).exists());

        // Another sweep does not take it.
        let other = args("3000", &["--state", &state]);
        check_failed(
            &other,
            actiscope(&other),
            expect![
                "actiscope: broken.state: it is of another sweep: give the same command, name another --state, or delete the file"
            ],
        );
        // Nor does anybody take what is damaged.
        let whole = read(&state);
        let damaged = fresh("damaged.state");
        std::fs::write(&damaged, &whole[..whole.len() - 7]).expect("it can be written");
        let again = run(&with(&["--state", &damaged]));
        let again: Vec<&str> = again.iter().map(String::as_str).collect();
        check_failed(
            &again,
            actiscope(&again),
            expect!["actiscope: damaged.state: the file is damaged: delete it to begin anew"],
        );
    }
    swept(&broken);
    assert!(!Path::new(&state).exists(), "what is done needs no state");
    let csv_2 = fresh("unbroken.csv");
    let unbroken = run(&with(&["--csv", &csv_2]));
    let unbroken: Vec<&str> = unbroken.iter().map(String::as_str).collect();
    swept(&unbroken);
    assert_eq!(read(&csv), read(&csv_2));
}

/// Lu, Shin, Su, Karniadakis, "Dying ReLU and Initialization", arXiv 1903.06733: nine hidden layers of width N over
/// one input. A network that is born dead answers 0 to everything, so that all of those have the same loss, that of
/// the answer 0, up to one step at the smallest rate.
#[test]
fn networks_are_born_dead_as_often_as_lu_et_al_found() {
    let check = |width: usize, measured: f64| {
        let csv = fresh(&format!("born-dead-{width}.csv"));
        let hidden = vec![width.to_string(); 9].join("-");
        // Targets 1 at inputs on both sides of 0.
        let points = "y:-1000,1000,-500,1000,500,1000,1000,1000";
        let link = format!("#v=1&d=points&pts={points}&h={hidden}&lr=0.0001&b=4");
        let axes = ["--x", "s:0:4032:64", "--y", "g:1:1:1", "--seeds", "64"];
        let more = ["--steps", "1", "--csv", &csv];
        swept(&[&["sweep", &link][..], &axes, &more].concat());
        let text = String::from_utf8(read(&csv)).expect("UTF-8");
        let losses = text
            .lines()
            .skip(1)
            .filter_map(|line| line.split(',').nth(3));
        let losses: Vec<f64> = losses.map(|loss| loss.parse().expect("a number")).collect();
        assert_eq!(losses.len(), 4_096);
        // The answer moves from 0 by the rate times the gradient, 2.
        let of_constant = (1.0_f64 - 1e-4 * 2.0).powi(2);
        let n_dead = losses
            .iter()
            .filter(|&&loss| (loss - of_constant).abs() < 1e-6)
            .count();
        let share = n_dead as f64 / 4_096.0;
        // Three standard errors of either.
        let band = 3.0 * (measured * (1.0 - measured) / 4_096.0).sqrt() + 0.003;
        assert!((share - measured).abs() < band, "width {width}: {share}");
    };
    check(2, 0.8795);
    check(4, 0.296);
    check(10, 0.0013);
}

/// The edge of chaos of ReLU (Poole et al. 2016, Schoenholz et al. 2017, He et al. 2015): at weights of variance 2 / n, and
/// no bias, a signal keeps its size through any depth. Targets are 0, so that the loss is the size of the output, and
/// one step with a gradient of next to nothing leaves it as it is.
#[test]
fn relu_keeps_its_signal_at_the_edge_of_chaos() {
    let csv = fresh("edge.csv");
    let points = "y:-1000,0,-500,0,500,0,1000,0";
    let link = format!("#v=1&d=points&pts={points}&h=64&lr=0.0001&clip=0.001&b=4");
    let axes = ["--x", "g:0.9:1.1:3:log", "--y", "depth:4:12:2"];
    let more = ["--seeds", "64", "--steps", "1", "--csv", &csv];
    swept(&[&["sweep", &link][..], &axes, &more].concat());
    let text = String::from_utf8(read(&csv)).expect("UTF-8");
    let rows: Vec<Vec<f64>> = (text.lines().skip(1))
        .map(|line| {
            line.split(',')
                .take(4)
                .map(|n| n.parse().expect("a number"))
                .collect()
        })
        .collect();
    // Mean over seeds, by gain and depth. In expectation it is (variance n / 2)^depth.
    let mean = |depth: usize, i: usize| {
        let seeds = &rows[(3 * depth + i) * 64..][..64];
        seeds.iter().map(|row| row[3]).sum::<f64>() / 64.0
    };
    let points: Vec<(f64, f64)> = (0..3)
        .map(|i| (rows[64 * i][0].ln(), (mean(1, i) / mean(0, i)).ln()))
        .collect();
    let crossing = points
        .windows(2)
        .find(|pair| pair[0].1 <= 0.0 && pair[1].1 > 0.0);
    let [(a, ya), (b, yb)] = crossing.expect("it shrinks, then grows") else {
        unreachable!("a window of two");
    };
    let gain = (a + (b - a) * -ya / (yb - ya)).exp();
    // He's initializer times the gain. Three standard errors of 64 seeds are 6 %.
    let variance = 2.0 * gain * gain;
    assert!((variance - 2.0).abs() < 0.12, "{variance}");
}

#[test]
fn what_cannot_be_swept() {
    let check = |more: &[&str], expect| {
        let axes = ["--x", "lr:1e-3:10:8:log"];
        check_failure(&[&["sweep", BASE][..], &axes, more].concat(), expect);
    };
    check(
        &["--steps", "5"],
        expect![
            "actiscope: the following required arguments were not provided: --y <AXIS>; see actiscope --help"
        ],
    );
    check(
        &["--y", "alpha:0:0.5", "--steps", "5"],
        expect![
            "actiscope: --y: 'alpha:0:0.5': write an axis as setting:from:to:n, with :log for equal factors"
        ],
    );
    check(
        &["--y", "lr:0.1:1:3", "--steps", "5"],
        expect!["actiscope: lr is on both axes: choose another setting for one of them"],
    );
    check(
        &["--y", "alpha:0:0.5:4", "--steps", "0"],
        expect!["actiscope: --steps: 0: choose 1 to 100000000"],
    );
    check(
        &["--y", "alpha:0:0.5:4", "--steps", "5", "--measure", "speed"],
        expect![
            "actiscope: --measure: there is no 'speed': choose loss, accuracy, dead, saturated, either, first_death, diverged"
        ],
    );
    check(
        &["--y", "alpha:0:0.5:9999", "--steps", "5"],
        expect!["actiscope: 79992 cells: choose 65536 at most"],
    );
    check(
        &[
            "--y",
            "alpha:0:0.5:4",
            "--steps",
            "5",
            "--part",
            "4/3",
            "-o",
            "x",
        ],
        expect!["actiscope: --part: '4/3': write i/n, i from 1 to n, and n 4096 at most"],
    );
    let foreign = file("foreign.part", "x,y\n");
    check_failure(
        &["sweep", "--merge", &foreign],
        expect!["actiscope: foreign.part: this is no sweep that this program has saved"],
    );
    check_failure(
        &["sweep", "--merge", "nowhere.part"],
        expect!["actiscope: nowhere.part: No such file or directory (os error 2)"],
    );
}
