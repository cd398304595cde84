//! The same runs natively and in WebAssembly (in Node.js): every loss, every parameter, every event, bit by
//! bit.

use std::path::{Path, PathBuf};
use std::process::Command;

#[path = "../examples/trace.rs"]
mod trace;

/// Prints the trace of each case on a line, as hexadecimal numbers.
const PRINT_TRACES: &str = "
const bytes = require('fs').readFileSync(process.argv[1]);
const module = new WebAssembly.Module(bytes);
const imports = {};
for (const { module: from, name } of WebAssembly.Module.imports(module)) {
  (imports[from] ??= {})[name] = () => { throw new Error(`${from}.${name} was called`); };
}
const { exports } = new WebAssembly.Instance(module, imports);
for (let i = 0; i < exports.n_cases(); i++) {
  const n = exports.make_trace(i);
  const trace = new Uint32Array(exports.memory.buffer, exports.trace_address(), n);
  console.log(Array.from(trace, (bits) => bits.toString(16)).join(' '));
}
";

/// What a command printed. Fails with what it said, and `advice`, if it did not succeed.
fn output_of(command: &mut Command, advice: &str) -> String {
    let output = command
        .output()
        .unwrap_or_else(|error| panic!("{command:?}: {error}. {advice}"));
    assert!(
        output.status.success(),
        "{command:?} failed. {advice}\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).expect("it prints ASCII")
}

fn wasm_module() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    // Where this test was compiled, target/debug/deps, the tests in a browser find compiled what both need.
    let test = std::env::current_exe().expect("this test is a file");
    let target_dir = test
        .ancestors()
        .nth(3)
        .expect("it lies in target/debug/deps");
    output_of(
        Command::new(env!("CARGO"))
            .args([
                "build",
                "--package",
                "actiscope-engine",
                "--example",
                "trace",
            ])
            .args(["--target", "wasm32-unknown-unknown", "--target-dir"])
            .arg(target_dir)
            // It would replace the flags of .cargo/config.toml, which turn SIMD128 on.
            .env_remove("RUSTFLAGS")
            .env_remove("CARGO_ENCODED_RUSTFLAGS")
            .current_dir(&root),
        "This test needs the target wasm32-unknown-unknown: `cargo xtask setup` installs it.",
    );
    target_dir.join("wasm32-unknown-unknown/debug/examples/trace.wasm")
}

#[test]
fn runs_are_the_same_bit_by_bit() {
    let printed = output_of(
        Command::new("node")
            .args(["-e", PRINT_TRACES])
            .arg(wasm_module()),
        "This test needs Node.js.",
    );
    let in_wasm: Vec<Vec<u32>> = printed
        .lines()
        .map(|line| {
            let numbers = line.split_whitespace();
            numbers
                .map(|bits| u32::from_str_radix(bits, 16).expect("hexadecimal"))
                .collect()
        })
        .collect();
    assert_eq!(in_wasm.len(), trace::n_cases());
    for (case, in_wasm) in in_wasm.iter().enumerate() {
        let native = trace::trace(case);
        assert!(native.len() > 100, "case {case} says too little");
        let differing = native.iter().zip(in_wasm).position(|(a, b)| a != b);
        assert_eq!(
            differing, None,
            "case {case}: the place of the first difference"
        );
        assert_eq!(native.len(), in_wasm.len(), "case {case}");
    }
}
