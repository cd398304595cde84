//! Prints the lines of code by which other libraries name our functions, for
//! `tests/reference/names_elsewhere.py` to run: id, framework, values of the parameters and code, a tab between.

use actiscope_core::activation::{ActivationSpec, Framework, catalogue};

fn main() {
    for entry in catalogue() {
        let spec = ActivationSpec::new(entry.id);
        let names = spec.param_names();
        let usual = spec.params.clone();
        // Away from every library's default, too.
        let other: Vec<f64> = usual.iter().map(|value| value + 0.125).collect();
        let mut cases = vec![usual];
        if !other.is_empty() {
            cases.push(other);
        }
        for values in &cases {
            for framework in Framework::ALL {
                let code = entry.elsewhere().line(framework).with(&names, values);
                println!("{}\t{}\t{values:?}\t{code}", entry.id, framework.name());
            }
        }
    }
}
