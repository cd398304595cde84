//! A scenario as the end of a link: `#v=1&d=spiral&h=16-16&a=leaky_relu,alpha:0.1&lr=0.03`.
//!
//! Parts equal to [`Scenario::default`] are left out, the others stand in one order, numbers are
//! exact. [`from_link`] reads anything: what it cannot use it reports and replaces by the default.

use super::{Edit, Scenario, Setting};
use crate::activation::Function;
use crate::data::{DataSource, Reading};
use crate::nn::given::Given;

mod fields;
pub mod percent;

use fields::PartProblem;

/// The version of the link form, `v=`.
pub const VERSION: &str = "1";

/// What stands for a limit, a unit or a speed that is not set.
pub(super) const NONE: &str = "none";

/// What stands for the principal components in place of two inputs.
pub const PRINCIPAL: &str = "pc";

/// What stands for weights that a link has no room for.
const TOO_LONG: &str = "long";

/// The longest table (or list of points), in bytes once encoded, that travels in a link.
pub const TABLE_BYTES: usize = 8_000;

/// Something in a link that was not used.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{key}={value}: {problem}; {used}")]
pub struct LinkProblem {
    pub key: String,
    /// As the link has it, shortened.
    pub value: String,
    /// What is wrong and what would be right.
    pub problem: String,
    /// What is used instead: "1.2 is used".
    pub used: String,
}

/// The link's end, from the `#` on.
///
/// A user's table or points of more than [`TABLE_BYTES`] do not travel ([`table_travels`]); the link then
/// says that there were some, and whoever opens it is told.
pub fn to_link(scenario: &Scenario) -> String {
    link_with(scenario, TABLE_BYTES)
}

/// [`to_link`] with the user's table whatever its length, for what is kept and not sent.
pub fn to_whole_link(scenario: &Scenario) -> String {
    link_with(scenario, usize::MAX)
}

fn link_with(scenario: &Scenario, table_bytes: usize) -> String {
    let mut defaults = Scenario::default();
    // What a reader makes of the loss if the link names none.
    defaults.training.loss = defaults.training.loss.usual_for(scenario.data.shape());
    let mut link = format!("#v={VERSION}");
    for setting in Setting::all() {
        let is_own = matches!(setting, Setting::Csv | Setting::Reading | Setting::Points);
        if is_own && !own_data_travels(&scenario.data.source, table_bytes) {
            continue;
        }
        let text = match setting {
            Setting::Given if !weights_travel(scenario, table_bytes) => Some(TOO_LONG.into()),
            _ => fields::text(scenario, setting),
        };
        if text == fields::text(&defaults, setting) {
            continue;
        }
        // A table that is read as it looks has no reading.
        if let Some(text) = text.filter(|text| !text.is_empty()) {
            link.push_str(&format!("&{}={}", setting.key(), percent::encode(&text)));
        }
    }
    link
}

/// False for a user's table, or points, too long for a link.
pub fn table_travels(scenario: &Scenario) -> bool {
    own_data_travels(&scenario.data.source, TABLE_BYTES)
}

/// What is too long for a link, and how a reader is told of it; `None` where all of the scenario travels.
pub fn left_out(scenario: &Scenario) -> Option<&'static str> {
    match (
        table_travels(scenario),
        weights_travel(scenario, TABLE_BYTES),
    ) {
        (false, _) => Some("table"),
        (true, false) => Some("file of weights"),
        (true, true) => None,
    }
}

/// Whether the weights to begin with, if there are any, take at most so many bytes once encoded.
fn weights_travel(scenario: &Scenario, most: usize) -> bool {
    // Four letters for three bytes, some of which are escaped.
    let n_bytes = |given: &Given| given.n_numbers() * 4 * 3 / 2 + given.name().len();
    scenario
        .network
        .given_weights()
        .is_none_or(|given| n_bytes(given) <= most)
}

/// Whether what is the user's own takes at most so many bytes once encoded. Nothing much longer than that is
/// looked through.
fn own_data_travels(source: &DataSource, most: usize) -> bool {
    match source {
        DataSource::Csv(table) => {
            table.text().len() <= most && percent::encode(table.text()).len() <= most
        }
        // A point is two numbers at least, each with a sign before it.
        DataSource::Points(points) => {
            points.len() <= most / 4 && percent::encode(&points.to_text()).len() <= most
        }
        _ => true,
    }
}

/// The scenario of a link, and what in it could not be used. Takes a whole address or its end from
/// `#` on. The scenario passes [`Scenario::check`].
pub fn from_link(link: &str) -> (Scenario, Vec<LinkProblem>) {
    let fragment = link.split_once('#').map_or(link, |(_, fragment)| fragment);
    let mut draft = Draft::default();
    for pair in fragment.split('&').filter(|pair| !pair.trim().is_empty()) {
        draft.read_pair(pair.trim());
    }
    draft.join_own_data();
    draft.join_formula();
    draft.fit();
    draft.join_weights();
    draft.mend();
    (draft.scenario, draft.problems)
}

/// The edit that sets a setting of `base` to what a link's value says.
///
/// # Errors
/// What is wrong with the text, and what would be right. Whether the scenario can be run so is for
/// [`Scenario::check`] to say.
pub fn read_edit(base: &Scenario, setting: Setting, text: &str) -> Result<Edit, String> {
    let mut draft = Draft {
        scenario: base.clone(),
        ..Draft::default()
    };
    fields::read(setting, text, &mut draft)?;
    if draft.asks_for.is_some() || !draft.own.is_empty() {
        return Err("data of your own are the base's alone".into());
    }
    draft.join_formula();
    match draft.problems.into_iter().next() {
        Some(problem) => Err(problem.problem),
        None => Ok(setting.edit_of(&draft.scenario)),
    }
}

/// A scenario while its link is read.
#[derive(Default)]
struct Draft {
    scenario: Scenario,
    /// Settings that the link names, with their values as it has them.
    given: Vec<(Setting, String)>,
    has_loss: bool,
    /// The data set is to be the user's own: this.
    asks_for: Option<Setting>,
    /// What the link has of that.
    own: Vec<(Setting, DataSource)>,
    formula: Option<String>,
    formula_values: String,
    /// To begin with: whose they are depends on all of the network.
    weights: Option<String>,
    problems: Vec<LinkProblem>,
}

impl Draft {
    fn read_pair(&mut self, pair: &str) {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        if key == "v" {
            if value != VERSION {
                let problem = format!("only version {VERSION} is known here");
                self.report(
                    key,
                    value,
                    problem,
                    format!("it is read as version {VERSION}"),
                );
            }
            return;
        }
        let Some(setting) = Setting::from_key(key) else {
            let problem = "there is no such key".into();
            return self.report(key, value, problem, "it is left out".into());
        };
        if let Some(first) = self.given(setting) {
            let used = format!("the first, {}, is used", shortened(first));
            return self.report(key, value, "the key is given twice".into(), used);
        }
        self.given.push((setting, value.to_owned()));
        let read = match percent::decode(value) {
            Some(text) => fields::read(setting, &text, self),
            None => Err("a % must stand before two hexadecimal digits".into()),
        };
        if let Err(problem) = read {
            self.report(key, value, problem, self.used(setting));
        }
    }

    /// Takes what is the user's own in place of a generated data set.
    fn join_own_data(&mut self) {
        let named = self.given(Setting::DataSet).is_some();
        for (setting, source) in std::mem::take(&mut self.own) {
            let is_meant = self.asks_for == Some(setting) || !named;
            let is_first = self.scenario.data.source.info().is_some();
            if is_meant && is_first {
                self.scenario.data.source = source;
            } else {
                let problem = "the link names another data set too".into();
                self.report_setting(setting, problem);
            }
        }
        let data = &mut self.scenario.data;
        let is_table = matches!(data.source, DataSource::Csv(_));
        if !is_table && data.reading != Reading::default() {
            data.reading = Reading::default();
            if self.asks_for != Some(Setting::Csv) {
                self.report_setting(Setting::Reading, "the link has no table".into());
            }
        }
        // What is there and could not be read is reported already.
        let is_missing = |setting: &Setting| self.given(*setting).is_none();
        let problem = match self.asks_for.filter(is_missing) {
            Some(Setting::Csv) => "the table was too long for the link: open its file again",
            Some(_) => "there were too many points for the link",
            None => return,
        };
        self.report_setting(Setting::DataSet, problem.into());
    }

    /// Takes the formula in place of a function of the catalogue.
    fn join_formula(&mut self) {
        let values = std::mem::take(&mut self.formula_values);
        let Some(formula) = self.formula.take() else {
            if self.given(Setting::FormulaParams).is_some() {
                self.report_setting(Setting::FormulaParams, "the link has no formula".into());
            }
            return;
        };
        match fields::formula(&formula, &values, self) {
            Err(problem) => self.report_setting(Setting::Formula, problem),
            Ok(()) if self.given(Setting::Activation).is_some() => {
                self.report_setting(Setting::Activation, "the link has a formula too".into());
            }
            Ok(()) => {}
        }
    }

    /// Takes the weights that the link holds, if they are of its network.
    fn join_weights(&mut self) {
        let Some(text) = self.weights.take() else {
            return;
        };
        let read = match &*text {
            TOO_LONG => Err("the weights were too long for the link: open their file again".into()),
            text => fields::given(text, &self.scenario.network),
        };
        match read {
            Ok(given) => self.scenario.network.given = Some(given),
            Err(problem) => self.report_setting(Setting::Given, problem),
        }
    }

    /// Sets the network's ends by the data and the loss, and the loss by the data if the link names none.
    fn fit(&mut self) {
        let shape = self.scenario.data.shape();
        let Scenario {
            network, training, ..
        } = &mut self.scenario;
        if !self.has_loss {
            training.loss = training.loss.usual_for(shape);
        }
        network.n_inputs = shape.n_inputs;
        network.n_outputs = shape.n_outputs(training.loss);
    }

    /// Puts parts that do not fit each other back to their default, and reports them.
    fn mend(&mut self) {
        // Putting back one part can unfit another (a table and its class weights), hence again.
        for _ in Setting::all() {
            let Err(errors) = self.scenario.check() else {
                return;
            };
            for error in errors {
                error.setting.reset(&mut self.scenario);
                self.report_setting(error.setting, error.problem.to_string());
            }
            self.fit();
        }
        self.scenario = Scenario::default();
    }

    fn given(&self, setting: Setting) -> Option<&str> {
        let given = self.given.iter().find(|(given, _)| *given == setting);
        given.map(|(_, value)| &**value)
    }

    /// Reports a part of a value, `beta1:2`, if it could not be used.
    fn note(&mut self, setting: Setting, part: &str, done: Result<(), PartProblem>) {
        let (problem, used) = match done {
            Ok(()) => return,
            Err(PartProblem::Name(problem)) => (problem, "it is left out"),
            Err(PartProblem::Value(problem)) => (problem, "its default is used"),
        };
        self.report(setting.key(), part, problem, used.into());
    }

    fn report_setting(&mut self, setting: Setting, problem: String) {
        let value = self.given(setting).unwrap_or_default().to_owned();
        let used = self.used(setting);
        self.report(setting.key(), &value, problem, used);
    }

    fn report(&mut self, key: &str, value: &str, problem: String, used: String) {
        self.problems.push(LinkProblem {
            key: shortened(key),
            value: shortened(value),
            problem,
            used,
        });
    }

    /// "1.2 is used".
    fn used(&self, setting: Setting) -> String {
        if setting == Setting::Given {
            return "weights are drawn".into();
        }
        if setting == Setting::Reading {
            return "a table is read as it looks".into();
        }
        // What stands in place of a table or a formula is a data set or a function of the catalogue.
        let stands_in = match setting {
            Setting::Csv | Setting::Points => Setting::DataSet,
            Setting::Formula | Setting::FormulaParams | Setting::Activation => {
                match self.scenario.network.activation.function {
                    Function::Catalogue(_) => Setting::Activation,
                    Function::Formula(_) => Setting::Formula,
                }
            }
            setting => setting,
        };
        let text = fields::text(&self.scenario, stands_in).unwrap_or_default();
        format!("{} is used", shortened(&text))
    }
}

/// At most 40 characters of a text that may be anything, on one line.
fn shortened(text: &str) -> String {
    let printable = |c: char| if c.is_control() { ' ' } else { c };
    let mut short: String = text.chars().take(40).map(printable).collect();
    if text.chars().nth(40).is_some() {
        short.push_str("...");
    }
    short
}
