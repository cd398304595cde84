//! After the engine is lost: from where a new one goes on, and when to stop trying.

use crate::text::count;

/// Losses within [`WINDOW_MS`] after which the page stops starting engines by itself.
const MAX_LOSSES: usize = 3;
const WINDOW_MS: f64 = 30_000.0;

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Recovery {
    checkpoint: Option<(u64, Vec<u8>)>,
    lost_at_ms: Vec<f64>,
}

impl Recovery {
    pub fn keep(&mut self, step: u64, bytes: Vec<u8>) {
        self.checkpoint = Some((step, bytes));
    }

    /// Another run begins: what was kept is not of it.
    pub fn forget_checkpoint(&mut self) {
        self.checkpoint = None;
    }

    pub fn checkpoint(&self) -> Option<&[u8]> {
        self.checkpoint.as_ref().map(|(_, bytes)| &bytes[..])
    }

    /// The engine was lost. Where to go on, in words, or `None` to leave it to the user.
    pub fn lost(&mut self, now_ms: f64) -> Option<String> {
        self.lost_at_ms.retain(|at_ms| now_ms - at_ms < WINDOW_MS);
        self.lost_at_ms.push(now_ms);
        if self.lost_at_ms.len() > MAX_LOSSES {
            return None;
        }
        Some(match &self.checkpoint {
            Some((step, _)) => format!("its last checkpoint, step {}", count(*step)),
            None => "the start of the run".into(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn goes_on_from_the_checkpoint_and_gives_up_in_the_end() {
        let mut recovery = Recovery::default();
        assert_eq!(recovery.lost(0.0).as_deref(), Some("the start of the run"));
        recovery.keep(1_200, vec![1, 2]);
        assert_eq!(recovery.checkpoint(), Some(&[1, 2][..]));
        let from = recovery.lost(1_000.0);
        assert_eq!(from.as_deref(), Some("its last checkpoint, step 1,200"));
        assert!(recovery.lost(2_000.0).is_some());
        assert!(recovery.lost(3_000.0).is_none());
        // Much later it is worth another try.
        assert!(recovery.lost(90_000.0).is_some());
        recovery.forget_checkpoint();
        assert_eq!(recovery.checkpoint(), None);
    }
}
