//! Scrubbing asks for more steps than an engine can go to: one seek at a time, and then the latest. A seek is
//! answered by its number, wherever it led.

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seeking {
    /// The number of the seek that the engine is at.
    under_way: Option<u64>,
    next: Option<u64>,
}

impl Seeking {
    /// The user asks for a step. Whether to send that now; it is kept for later otherwise.
    pub fn ask(&mut self, step: u64) -> bool {
        if self.under_way.is_some() {
            self.next = Some(step);
        }
        self.under_way.is_none()
    }

    /// A seek was sent under this number.
    pub fn sent(&mut self, number: u64) {
        self.under_way = Some(number);
    }

    /// A snapshot was made when the engine had heard messages up to this number. What to seek next.
    pub fn answered(&mut self, heard: u64) -> Option<u64> {
        if self.under_way.is_none_or(|number| heard < number) {
            return None;
        }
        self.under_way = None;
        self.next.take()
    }

    /// Something else is to be sent: what to seek before it, so that all is done in the order of the asking.
    pub fn hasten(&mut self) -> Option<u64> {
        self.next.take()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_at_a_time_and_then_the_latest() {
        let mut seeking = Seeking::default();
        assert!(seeking.ask(10));
        seeking.sent(5);
        assert!(!seeking.ask(11) && !seeking.ask(12));
        assert_eq!(seeking.answered(4), None, "of before the seek");
        assert_eq!(seeking.answered(5), Some(12));
        seeking.sent(7);
        // Something came after it: it is answered all the same.
        assert_eq!(seeking.answered(9), None);
        assert!(seeking.ask(13));
    }

    #[test]
    fn what_waits_goes_before_what_follows() {
        let mut seeking = Seeking::default();
        assert!(seeking.ask(10));
        seeking.sent(5);
        assert_eq!(seeking.hasten(), None);
        assert!(!seeking.ask(11));
        assert_eq!(seeking.hasten(), Some(11));
        seeking.sent(6);
        assert_eq!(seeking.answered(5), None);
        assert_eq!(seeking.answered(6), None);
        assert!(seeking.ask(12));
    }
}
