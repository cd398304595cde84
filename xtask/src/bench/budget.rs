//! The budgets of DESIGN section 8 that this bench measures, as ratios.

use super::plan::{
    BROWSER_CPU, BROWSER_GPU, CONVNETJS, JAX, JAX_GPU, NATIVE_CPU_2, NATIVE_GPU, NATIVE_NARROW,
    TFJS,
};
use super::results::{Rates, Results};

pub struct Budget {
    pub what: &'static str,
    network: &'static str,
    /// The fastest of these is ours.
    ours: &'static [&'static str],
    /// The fastest of these is the measure.
    peers: &'static [&'static str],
    pub must: f64,
    pub aim: f64,
    /// Holds on a hardware GPU only.
    on_hardware: bool,
}

const fn budget(
    what: &'static str,
    network: &'static str,
    ours: &'static [&'static str],
    peers: &'static [&'static str],
    must: f64,
    aim: f64,
) -> Budget {
    Budget {
        what,
        network,
        ours,
        peers,
        must,
        aim,
        on_hardware: false,
    }
}

/// How the note of an engine on a software adapter ends.
const SOFTWARE: &str = ", software";
const TFJS_WEBGPU: &[&str] = &["tfjs-webgpu"];
const FASTER_IN_BROWSER: &[&str] = &[BROWSER_CPU, BROWSER_GPU];

const BUDGETS: &[Budget] = &[
    budget(
        "2-8-8-1 in Chromium: CPU engine against ConvNetJS",
        "small",
        &[BROWSER_CPU],
        &[CONVNETJS],
        12.0,
        18.0,
    ),
    budget(
        "2-32-32-32-1 in Chromium: CPU engine against TensorFlow.js, its fastest",
        "wide",
        &[BROWSER_CPU],
        TFJS,
        12.0,
        20.0,
    ),
    Budget {
        on_hardware: true,
        ..budget(
            "population on a hardware GPU: GPU engine against JAX jit(vmap(scan))",
            "population",
            &[NATIVE_GPU],
            &[JAX_GPU],
            3.0,
            10.0,
        )
    },
    budget(
        "2-8-8-1 natively: CPU engine against JAX jit(scan)",
        "small",
        &[NATIVE_CPU_2],
        &[JAX],
        6.0,
        10.0,
    ),
    budget(
        "2-32-32-32-1 natively: CPU engine against JAX jit(scan)",
        "wide",
        &[NATIVE_CPU_2],
        &[JAX],
        1.2,
        2.0,
    ),
    budget(
        "population natively on two cores: CPU engine against JAX jit(vmap(scan))",
        "population",
        &[NATIVE_CPU_2],
        &[JAX],
        2.5,
        5.0,
    ),
    budget(
        "population, a browser's worker against one native core, same vector width",
        "population",
        &[BROWSER_CPU],
        &[NATIVE_NARROW],
        0.75,
        0.95,
    ),
    budget(
        "population in Chromium: GPU engine against tfjs-webgpu on the same adapter",
        "population",
        &[BROWSER_GPU],
        TFJS_WEBGPU,
        100.0,
        1000.0,
    ),
    // Where the adapter is a software one, the page trains on the CPU.
    budget(
        "population in Chromium: the faster engine against tfjs-webgpu",
        "population",
        FASTER_IN_BROWSER,
        TFJS_WEBGPU,
        100.0,
        1000.0,
    ),
];

/// What was found for a budget.
pub struct Verdict {
    pub budget: &'static Budget,
    pub outcome: Result<Ratio, String>,
}

#[derive(Clone, PartialEq, Debug)]
pub struct Ratio {
    pub ours: f64,
    pub peer: f64,
    pub peer_name: &'static str,
    /// Best round against best round.
    pub best: f64,
    /// The least and the greatest ratio of two windows of the same round.
    pub range: (f64, f64),
}

impl Ratio {
    fn of(ours: &Rates, peer: &Rates, peer_name: &'static str) -> Self {
        let each = ours.each.iter().zip(&peer.each).map(|(a, b)| a / b);
        let range = each.fold((f64::INFINITY, 0.0_f64), |(least, most), ratio| {
            (least.min(ratio), most.max(ratio))
        });
        Self {
            ours: ours.best(),
            peer: peer.best(),
            peer_name,
            best: ours.best() / peer.best(),
            range,
        }
    }
}

impl Verdict {
    pub fn word(&self) -> &'static str {
        match &self.outcome {
            Ok(ratio) if ratio.best >= self.budget.aim => "aim met",
            Ok(ratio) if ratio.best >= self.budget.must => "must met",
            Ok(_) => "missed",
            Err(_) => "not measured",
        }
    }
}

pub fn verdicts(results: &Results) -> Vec<Verdict> {
    let verdict = |budget: &'static Budget| Verdict {
        budget,
        outcome: budget.outcome(results),
    };
    BUDGETS.iter().map(verdict).collect()
}

impl Budget {
    fn outcome(&self, results: &Results) -> Result<Ratio, String> {
        let (ours, name) = fastest(results, self.ours, self.network)?;
        if self.on_hardware && ours.note.ends_with(SOFTWARE) {
            return Err(format!("{name} had a software adapter: {}", ours.note));
        }
        let (peer, name) = fastest(results, self.peers, self.network)?;
        Ok(Ratio::of(ours, peer, name))
    }
}

/// The contender with the greatest rate; or, if none has one, why the last has not.
fn fastest<'a>(
    results: &'a Results,
    contenders: &[&'static str],
    network: &str,
) -> Result<(&'a Rates, &'static str), String> {
    let mut best: Option<(&Rates, &'static str)> = None;
    let mut problem = String::new();
    for &name in contenders {
        match results.rates(name, network) {
            Ok(rates) if best.is_none_or(|(best, _)| rates.best() > best.best()) => {
                best = Some((rates, name));
            }
            Ok(_) => {}
            Err(why) => problem = why,
        }
    }
    best.ok_or(problem)
}

#[cfg(test)]
mod tests {
    use super::{BUDGETS, Results, verdicts};

    fn results(rows: &str) -> Results {
        Results::parse(&format!(r#"{{ "page": null, "rows": [{rows}] }}"#)).unwrap()
    }

    fn row(contender: &str, network: &str, rates: &str) -> String {
        format!(
            r#"{{ "part": "", "contender": "{contender}", "network": "{network}", "rates": {rates}, "note": "" }}"#
        )
    }

    #[test]
    fn the_fastest_peer_is_the_measure() {
        let rows = [
            row("actiscope-cpu", "wide", "[60, 150]"),
            row("tfjs-cpu", "wide", "[1, 2]"),
            row("tfjs-wasm", "wide", "[5, 10]"),
        ];
        let verdicts = verdicts(&results(&rows.join(",")));
        let ratio = verdicts[1].outcome.as_ref().unwrap();
        assert_eq!((ratio.best, ratio.peer_name), (15.0, "tfjs-wasm"));
        assert_eq!(ratio.range, (12.0, 15.0));
        assert_eq!(verdicts[1].word(), "must met");
    }

    #[test]
    fn words_follow_must_and_aim() {
        for (ours, expect) in [(119, "missed"), (120, "must met"), (180, "aim met")] {
            let rows = [
                row("actiscope-cpu", "small", &format!("[{ours}]")),
                row("convnetjs", "small", "[10]"),
            ];
            assert_eq!(
                verdicts(&results(&rows.join(",")))[0].word(),
                expect,
                "{ours}"
            );
        }
    }

    #[test]
    fn a_missing_peer_is_no_failure() {
        let rows = row("cpu-2", "small", "[10]")
            + r#", { "part": "", "contender": "jax", "network": "small", "problem": "no python3" }"#;
        let verdicts = verdicts(&results(&rows));
        assert_eq!(verdicts[3].outcome.as_ref().unwrap_err(), "jax: no python3");
        assert_eq!(verdicts[3].word(), "not measured");
    }

    #[test]
    fn a_software_adapter_is_no_hardware() {
        let gpu = |note: &str| {
            row("gpu", "population", "[50]")
                .replace(r#""note": """#, &format!(r#""note": "{note}""#))
        };
        let jax = row("jax-gpu", "population", "[10]");
        for (note, expect) in [
            ("x through vulkan, hardware", "must met"),
            ("x through vulkan, software", "not measured"),
        ] {
            let verdicts = verdicts(&results(&format!("{}, {jax}", gpu(note))));
            assert_eq!(verdicts[2].word(), expect, "{note}");
        }
    }

    #[test]
    fn aims_are_beyond_musts() {
        assert!(BUDGETS.iter().all(|budget| budget.aim > budget.must));
    }
}
