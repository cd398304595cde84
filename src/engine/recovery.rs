//! After the engine is lost: when to stop trying.

/// Losses within [`WINDOW_MS`] after which the page stops starting engines by itself.
const MAX_LOSSES: usize = 3;
const WINDOW_MS: f64 = 30_000.0;

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Recovery {
    lost_at_ms: Vec<f64>,
}

impl Recovery {
    /// The engine was lost. Whether to start another, or to leave it to the user.
    pub fn lost(&mut self, now_ms: f64) -> bool {
        self.lost_at_ms.retain(|at_ms| now_ms - at_ms < WINDOW_MS);
        self.lost_at_ms.push(now_ms);
        self.lost_at_ms.len() <= MAX_LOSSES
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gives_up_in_the_end_and_much_later_tries_again() {
        let mut recovery = Recovery::default();
        for lost_at_ms in [0.0, 1_000.0, 2_000.0] {
            assert!(recovery.lost(lost_at_ms));
        }
        assert!(!recovery.lost(3_000.0));
        assert!(recovery.lost(90_000.0));
    }
}
