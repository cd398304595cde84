//! The command line.

use std::path::PathBuf;

use clap::{ArgGroup, Parser, Subcommand, ValueEnum};

/// An oscilloscope for activation functions, from a shell.
///
/// Prints JSON on standard output. Exits 0, or 2 with one line that says what is wrong.
#[derive(Parser)]
#[command(name = "actiscope", version)]
pub struct Args {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Subcommand)]
pub enum Command {
    Eval(Eval),
    Train(Train),
    Health(Health),
    Metrics(Metrics),
    Run(Run),
    Doctor(Doctor),
}

/// Value and slope of an activation function, or softmax and its Jacobian
#[derive(clap::Args)]
#[command(group(ArgGroup::new("function").required(true).args(["activation", "formula", "softmax"])))]
pub struct Eval {
    /// A function of the catalogue, for example elu
    #[arg(long, value_name = "ID")]
    pub activation: Option<String>,
    /// Your own function of z, for example 'where(z>0,z,alpha*z)'
    #[arg(long)]
    pub formula: Option<String>,
    /// Softmax over the numbers of --z
    #[arg(long, conflicts_with = "param")]
    pub softmax: bool,
    /// A parameter of the function, for example alpha=0.4; may be repeated
    #[arg(long, value_name = "NAME=VALUE")]
    pub param: Vec<String>,
    /// Where to evaluate: numbers separated by commas
    #[arg(long, value_name = "NUMBERS", allow_hyphen_values = true)]
    pub z: String,
    /// Temperature of softmax [default: 1]
    #[arg(long, value_name = "T", conflicts_with_all = ["activation", "formula"], allow_hyphen_values = true)]
    pub temperature: Option<String>,
}

/// Train a network from given weights on given samples
#[derive(clap::Args)]
pub struct Train {
    /// A case as in reference/training.json
    #[arg(value_name = "CASE.json")]
    pub case: PathBuf,
    /// What trains: the f32 engine on the processor (cpu) or the graphics processor (gpu), or the f64
    /// text-book (oracle)
    #[arg(long, default_value = "cpu")]
    pub backend: Backend,
    /// Updates to make, in place of the case's number
    #[arg(long)]
    pub steps: Option<u64>,
}

/// Dead and saturated units and the gradient flow of a network over given samples
#[derive(clap::Args)]
pub struct Health {
    /// A case as in reference/health.json
    #[arg(value_name = "CASE.json")]
    pub case: PathBuf,
    /// What judges: the f64 text-book (oracle) or the f32 engine (cpu)
    #[arg(long, default_value = "oracle")]
    pub backend: Backend,
}

/// ROC, precision and recall, calibration and the best temperature of given predictions
#[derive(clap::Args)]
pub struct Metrics {
    /// Blocks `binary` {y, p} and `multiclass` {y, logits}, as in reference/metrics.json
    #[arg(value_name = "FILE.json")]
    pub file: PathBuf,
}

/// Run a scenario as the page runs it
#[derive(clap::Args)]
pub struct Run {
    /// A link ('#v=1&lr=0.5', or a whole address), or a file with a link or a scenario as JSON
    #[arg(value_name = "LINK OR FILE")]
    pub scenario: String,
    /// Updates to make
    #[arg(long)]
    pub steps: u32,
    /// What trains
    #[arg(long, default_value = "cpu")]
    pub backend: RunBackend,
    /// Print the loss of every batch instead, also as the bits of an f32
    #[arg(long)]
    pub losses: bool,
}

/// Why a scenario does not learn, and what cures it: each remedy is tried before it is offered
#[derive(clap::Args)]
pub struct Doctor {
    /// A link ('#v=1&lr=0.5', or a whole address), or a file with a link or a scenario as JSON
    #[arg(value_name = "LINK OR FILE")]
    pub scenario: String,
    /// Updates after which the run is examined
    #[arg(long)]
    pub steps: u32,
    /// Try nothing: name the cause and what could be tried
    #[arg(long)]
    pub no_trials: bool,
    /// Name symptoms alone, as a page does at every step while a run goes on
    #[arg(long, conflicts_with = "no_trials")]
    pub symptoms: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Backend {
    Cpu,
    Gpu,
    Oracle,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum RunBackend {
    Cpu,
    Gpu,
}
