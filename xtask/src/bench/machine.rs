//! What the figures were taken on.

use super::table::number;
use crate::command::{output, program};
use crate::workspace;
use serde_json::{Value, json};
use std::process::Command;
use std::time::{SystemTime, UNIX_EPOCH};

/// Commit, processor, cores, load and time; `peaks`: 10^9 operations a second of one core, by the width of
/// its vectors.
pub fn about(peaks: &Value) -> Value {
    let git = |arguments: &[&str]| {
        let mut git = program("git");
        output(git.current_dir(workspace::root()).args(arguments))
    };
    let commit = git(&["rev-parse", "--short=12", "HEAD"]).unwrap_or_default();
    let changes = git(&["status", "--porcelain"]).unwrap_or_default();
    let seconds = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |time| time.as_secs());
    json!({
        "commit": commit.trim(),
        "has_changes": !changes.trim().is_empty(),
        "cpu": cpu(),
        "n_cores": std::thread::available_parallelism().map_or(0, usize::from),
        "gflops_of_a_core": peaks,
        "load": load(),
        "unix_seconds": seconds,
    })
}

pub fn describe(about: &Value) -> String {
    let text = |key: &str| about[key].as_str().unwrap_or("unknown").to_owned();
    let changes = match about["has_changes"].as_bool() {
        Some(true) => " with changes",
        _ => "",
    };
    let busy = match about["load"].as_f64() {
        Some(load) => format!(", load {load:.2} before the run"),
        None => String::new(),
    };
    let peaks: Vec<String> = about["gflops_of_a_core"]
        .as_object()
        .into_iter()
        .flatten()
        .filter_map(|(width, peak)| Some(format!("{} ({width})", number(peak.as_f64()?))))
        .collect();
    format!(
        "bench: commit {}{changes}, {}, {} cores{busy}\nbench: a core multiplies and adds at most at {} GFLOP/s",
        text("commit"),
        text("cpu"),
        about["n_cores"],
        peaks.join(", ")
    )
}

fn cpu() -> String {
    let linux = std::fs::read_to_string("/proc/cpuinfo")
        .ok()
        .and_then(|text| model_name(&text));
    let mac = || {
        let mut sysctl = Command::new("sysctl");
        output(sysctl.args(["-n", "machdep.cpu.brand_string"])).map(|text| text.trim().to_owned())
    };
    linux.or_else(mac).unwrap_or_else(|| "unknown".to_owned())
}

/// Of the first processor that `/proc/cpuinfo` lists.
fn model_name(cpuinfo: &str) -> Option<String> {
    let line = cpuinfo
        .lines()
        .find(|line| line.starts_with("model name"))?;
    Some(line.split_once(':')?.1.trim().to_owned())
}

/// Processes that wanted a core in the last minute, on the average.
fn load() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/loadavg").ok()?;
    text.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::{describe, model_name};
    use serde_json::json;

    #[test]
    fn the_processor_is_named() {
        let text = "processor\t: 0\nmodel name\t: Some CPU @ 2 GHz\nflags\t: fpu\n";
        assert_eq!(model_name(text).as_deref(), Some("Some CPU @ 2 GHz"));
        assert_eq!(model_name("processor\t: 0\n"), None);
    }

    #[test]
    fn the_machine_is_told() {
        let about = json!({
            "commit": "abc", "has_changes": true, "cpu": "Some CPU", "n_cores": 2, "load": 1.5,
            "gflops_of_a_core": { "128 bits": 40.0, "256 bits": null },
        });
        assert_eq!(
            describe(&about),
            "bench: commit abc with changes, Some CPU, 2 cores, load 1.50 before the run\n\
             bench: a core multiplies and adds at most at 40 (128 bits) GFLOP/s"
        );
    }
}
