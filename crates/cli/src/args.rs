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
    Compare(Compare),
    Sweep(Box<Sweep>),
    Doctor(Doctor),
    Lesson(Lesson),
    Export(Export),
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

/// Dead and saturated units and the gradient flow of a network over given samples, or of a trace
#[derive(clap::Args)]
pub struct Health {
    /// A case as in reference/health.json, or a trace that a recorder wrote of your own model
    #[arg(value_name = "CASE.json OR TRACE")]
    pub file: PathBuf,
    /// What judges a case: the f64 text-book (oracle) or the f32 engine (cpu)
    #[arg(long, default_value = "oracle")]
    pub backend: Backend,
    /// Exit with 1 where a trace, at its end, has
    #[arg(long, value_name = "WHAT")]
    pub fail_on: Option<FailOn>,
}

/// What a trace is not to have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    /// a dead unit
    Dead,
    /// a dead or saturated unit
    Saturated,
    /// a layer all of whose units are dead
    DeadLayer,
    /// numbers that are not finite, at any step
    NotFinite,
    /// a finding that does harm
    Finding,
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
    /// A link ('#v=1&lr=0.5', or a whole address), a file with a link or a scenario as JSON, a run that was saved, or a
    /// network (ONNX, safetensors)
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

/// Train lanes that differ in some settings, each over several seeds, and compare them
#[derive(clap::Args)]
pub struct Compare {
    /// What all lanes share: a link, or a file with a link or a scenario as JSON
    #[arg(value_name = "LINK OR FILE")]
    pub scenario: String,
    /// What they differ in, in the words of links, for example a=sigmoid,tanh,relu; if given again, every
    /// pair is a lane
    #[arg(long, value_name = "KEY=VALUES", required_unless_present = "preset")]
    pub vary: Vec<String>,
    /// A usual comparison in place of --vary: three, eight, init, opt, lr, bn or depth
    #[arg(long, value_name = "ID", conflicts_with = "vary")]
    pub preset: Option<String>,
    /// Give each function the initializer that it is paired with
    #[arg(long)]
    pub own_initializers: bool,
    /// Seeds of each lane
    #[arg(long, default_value_t = 16)]
    pub seeds: u32,
    /// Updates of each network
    #[arg(long)]
    pub steps: u64,
    /// A loss to be reached, for example 0.1, or an accuracy, for example accuracy:0.95
    #[arg(long, default_value = "0.1", allow_hyphen_values = true)]
    pub target: String,
    /// Write the table, a line for each lane
    #[arg(long, value_name = "FILE")]
    pub csv: Option<PathBuf>,
    /// Write the numbers of each network, a line for each lane and seed
    #[arg(long, value_name = "FILE")]
    pub networks: Option<PathBuf>,
    /// Write the loss over the steps, a line for each lane and look
    #[arg(long, value_name = "FILE")]
    pub curves: Option<PathBuf>,
    #[command(flatten)]
    pub engine: FleetEngine,
}

/// Train a network for every pair of values of two settings
#[derive(clap::Args)]
pub struct Sweep {
    /// What all networks share: a link, or a file with a link or a scenario as JSON
    #[arg(value_name = "LINK OR FILE", required_unless_present = "merge")]
    pub scenario: Option<String>,
    /// The setting along x as setting:from:to:n, with :log for equal factors, for example lr:1e-3:10:64:log
    #[arg(long, value_name = "AXIS", required_unless_present = "merge")]
    pub x: Option<String>,
    /// The setting along y, for example alpha:0:0.5:64
    #[arg(long, value_name = "AXIS", required_unless_present = "merge")]
    pub y: Option<String>,
    /// What is told and drawn: loss, accuracy, dead, saturated, either, first_death or diverged [default: loss]
    #[arg(long, value_name = "MEASURE")]
    pub measure: Option<String>,
    /// Updates of each network
    #[arg(long, required_unless_present = "merge")]
    pub steps: Option<u64>,
    /// Networks for each pair of values
    #[arg(long, default_value_t = 1)]
    pub seeds: u32,
    /// Write a picture of the map
    #[arg(long, value_name = "FILE")]
    pub png: Option<PathBuf>,
    /// Write a line for each pair of values and seed
    #[arg(long, value_name = "FILE")]
    pub csv: Option<PathBuf>,
    /// Where to keep what is done, so that the same command goes on after Ctrl-C
    /// [default: beside the file that is written]
    #[arg(long, value_name = "FILE")]
    pub state: Option<PathBuf>,
    /// Train one part of it alone, for example 3/16, and write it to the file of -o
    #[arg(long, value_name = "I/N", requires = "output")]
    pub part: Option<String>,
    /// Where to write a part
    #[arg(short, long, value_name = "FILE", requires = "part", conflicts_with_all = ["png", "csv"])]
    pub output: Option<PathBuf>,
    /// Put parts together in place of training
    #[arg(long, value_name = "PART", num_args = 1.., conflicts_with_all = ["scenario", "x", "y", "steps", "seeds", "part", "state", "backend", "threads"])]
    pub merge: Vec<PathBuf>,
    #[command(flatten)]
    pub engine: FleetEngine,
}

/// What trains the networks of a fleet.
#[derive(Clone, Copy, Debug, clap::Args)]
pub struct FleetEngine {
    /// What trains
    #[arg(long, default_value = "cpu")]
    pub backend: RunBackend,
    /// Threads of the processor [default: all cores]
    #[arg(long)]
    pub threads: Option<std::num::NonZeroUsize>,
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

/// Read a lesson, tell what is wrong by line, and measure what it claims
#[derive(clap::Args)]
pub struct Lesson {
    /// A lesson as in www/lessons
    #[arg(value_name = "LESSON.toml")]
    pub file: PathBuf,
    /// Exit with 2 where a claim does not hold
    #[arg(long)]
    pub check: bool,
}

/// Hand a network over, trained so many steps: to PyTorch, Keras, scikit-learn, ONNX, TensorBoard, or to be gone on with
#[derive(clap::Args)]
pub struct Export {
    /// A link, a file with a link or a scenario as JSON, a run that was saved, or a network (ONNX, safetensors)
    #[arg(value_name = "LINK OR FILE")]
    pub scenario: String,
    /// What reads it. run: all of it, to go on from exactly there; safetensors: parameters alone
    #[arg(long, value_name = "FORMAT")]
    pub to: To,
    /// Where to write it
    #[arg(short, long, value_name = "PATH")]
    pub output: PathBuf,
    /// Updates to make before
    #[arg(long, default_value_t = 0)]
    pub steps: u32,
    /// The program that trains the network again, in place of one that holds it: pytorch or keras
    #[arg(long)]
    pub training: bool,
    /// Write 256 random samples and what the network says of them, as JSON
    #[arg(long, value_name = "FILE")]
    pub answers: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum To {
    Run,
    Safetensors,
    Onnx,
    Pytorch,
    Keras,
    Sklearn,
    Tensorboard,
}
