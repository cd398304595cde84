//! `actiscope`, asked as anybody would ask it.

use crate::command::{cargo, output_of, program, run};
use crate::workspace;
use anyhow::{Context, Result};
use serde_json::Value;
use std::path::PathBuf;

pub struct Shell(PathBuf);

/// What a run has reached.
#[derive(Clone, Copy, Debug)]
pub struct Reached {
    /// Not finite where it diverged.
    pub loss: f64,
    /// None for numbers.
    pub accuracy: Option<f64>,
    pub has_diverged: bool,
}

impl Shell {
    /// `$ACTISCOPE_SHELL`, or one that is built.
    pub fn find() -> Result<Self> {
        if let Some(path) = std::env::var_os("ACTISCOPE_SHELL") {
            return Ok(Self(path.into()));
        }
        run(cargo().args(["build", "--release", "-p", "actiscope-cli"]))?;
        let name = format!("actiscope{}", std::env::consts::EXE_SUFFIX);
        Ok(Self(workspace::target().join("release").join(name)))
    }

    /// What is found of a scenario after so many steps. `less`: an option that asks for less than trials.
    pub fn doctor(&self, link: &str, n_steps: u64, less: Option<&str>) -> Result<Vec<Value>> {
        let n_steps = n_steps.to_string();
        let mut asked = program(&self.0);
        asked.args(["doctor", link, "--steps", &n_steps]);
        let answer = output_of(asked.args(less))?;
        let answer: Value = serde_json::from_str(&answer).context("actiscope doctor")?;
        Ok(answer["findings"].as_array().cloned().unwrap_or_default())
    }

    /// Where it stands with three seeds from `first_seed` on.
    pub fn train(&self, link: &str, first_seed: u32, n_steps: u64) -> Result<Vec<Reached>> {
        let n_steps = n_steps.to_string();
        let one = |seed| {
            let link = with_seed(link, seed);
            let answer = output_of(program(&self.0).args(["run", &link, "--steps", &n_steps]))?;
            let answer: Value = serde_json::from_str(&answer).context("actiscope run")?;
            Ok(Reached {
                loss: answer["loss"].as_f64().unwrap_or(f64::INFINITY),
                accuracy: answer["accuracy"].as_f64(),
                has_diverged: answer["diverged"].as_bool().unwrap_or(true),
            })
        };
        (first_seed..first_seed + 3).map(one).collect()
    }
}

/// The same link with another seed.
fn with_seed(link: &str, seed: u32) -> String {
    let parts = link.trim_start_matches('#').split('&');
    let parts = parts.filter(|part| !part.starts_with("s=") && !part.starts_with("v="));
    let rest: Vec<&str> = parts.collect();
    format!("#v=1&s={seed}&{}", rest.join("&"))
}

#[cfg(test)]
mod tests {
    use super::with_seed;

    #[test]
    fn a_link_takes_another_seed() {
        let check = |link, expect| assert_eq!(with_seed(link, 21), expect);
        check("#v=1&s=11&d=moons&std=1", "#v=1&s=21&d=moons&std=1");
        check("#v=1&d=moons", "#v=1&s=21&d=moons");
    }
}
