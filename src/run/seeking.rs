//! Scrubbing asks for more steps than an engine can go to: one seek at a time, and then the latest.

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seeking {
    under_way: Option<u64>,
    next: Option<u64>,
}

impl Seeking {
    /// The user asks for a step. Whether to send that now.
    pub fn ask(&mut self, step: u64) -> bool {
        if self.under_way.is_some() {
            self.next = Some(step);
            return false;
        }
        self.under_way = Some(step);
        true
    }

    /// A snapshot of a step came. What to seek next.
    pub fn arrived(&mut self, step: u64) -> Option<u64> {
        if self.under_way != Some(step) {
            return None;
        }
        self.under_way = self.next.take();
        self.under_way
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_at_a_time_and_then_the_latest() {
        let mut seeking = Seeking::default();
        assert!(seeking.ask(10));
        assert!(!seeking.ask(11));
        assert!(!seeking.ask(12));
        assert_eq!(seeking.arrived(40), None);
        assert_eq!(seeking.arrived(10), Some(12));
        assert_eq!(seeking.arrived(12), None);
        assert!(seeking.ask(13));
    }
}
