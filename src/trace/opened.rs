//! A trace with all that is said of it.

use std::sync::Arc;

use actiscope_core::interop::trace::{Trace, TraceView, compare};

/// A trace that is open, and others of the same model beside it.
#[derive(Clone, Debug)]
pub struct Opened {
    /// Of its file.
    pub name: String,
    pub n_bytes: usize,
    pub trace: Arc<Trace>,
    pub view: Arc<TraceView>,
    /// In the order in which they were given.
    pub others: Vec<(String, Arc<Trace>)>,
}

/// What another trace is to the open one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Became {
    /// It takes the place of the open one.
    Another,
    /// The same run, recorded further.
    Longer,
    /// The same model, trained another way: it tells what came of the change.
    Beside,
}

/// Each is made once, and only compared with itself.
impl PartialEq for Opened {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.trace, &other.trace) && Arc::ptr_eq(&self.view, &other.view)
    }
}

impl Opened {
    pub fn new(name: String, n_bytes: usize, trace: Trace) -> Self {
        let view = Arc::new(TraceView::new(&trace, &[]));
        Self {
            name,
            n_bytes,
            trace: Arc::new(trace),
            view,
            others: Vec::new(),
        }
    }

    /// The last record.
    pub fn last(&self) -> usize {
        self.trace.n_records().saturating_sub(1)
    }

    /// What is open when another trace is given. `is_update`: it is the same run, though it may have been recorded at
    /// other steps.
    pub fn take(self, given: Self, is_update: bool) -> (Self, Became) {
        let is_same_model = compare(&self.trace, &given.trace).is_some();
        if is_same_model && (is_update || is_same_run(&self.trace, &given.trace)) {
            let longer = given.with(self.others);
            return (longer, Became::Longer);
        }
        if !is_same_model || is_update {
            return (given, Became::Another);
        }
        let mut others = self.others.clone();
        // One that was read on takes the place of what it was.
        others.retain(|(_, other)| !is_same_run(other, &given.trace));
        others.push((given.name, given.trace));
        (self.with(others), Became::Beside)
    }

    /// Without the trace that was added last; none if there is no other.
    pub fn without_last(&self) -> Option<Self> {
        let (_, rest) = self.others.split_last()?;
        Some(self.clone().with(rest.to_vec()))
    }

    fn with(self, others: Vec<(String, Arc<Trace>)>) -> Self {
        let traces: Vec<&Trace> = others.iter().map(|(_, trace)| &**trace).collect();
        let view = Arc::new(TraceView::new(&self.trace, &traces));
        Self {
            view,
            others,
            ..self
        }
    }
}

/// The shorter one is the beginning of the longer one.
fn is_same_run(a: &Trace, b: &Trace) -> bool {
    let records = |trace: &Trace| -> Vec<(u64, u32)> {
        let losses = trace.loss.iter().map(|loss| loss.to_bits());
        trace.steps.iter().copied().zip(losses).collect()
    };
    let (a, b) = (records(a), records(b));
    // A trace that was saved meanwhile ends with a record that a later one has not.
    let n = a.len().min(b.len());
    let n = if n > 2 { n - 1 } else { n };
    n > 0 && a.iter().take(n).eq(b.iter().take(n))
}
