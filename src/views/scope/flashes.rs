use actiscope_core::health::Health;
use leptos::prelude::*;

use crate::browser;
use crate::plot::charts::network::{FLASH_MS, Flash, UnitAt};
use crate::run::Run;

/// Units whose health has just changed while training, each for a moment and once.
#[derive(Clone, Copy)]
pub struct Flashes {
    /// (unit, what it became, when).
    begun: StoredValue<Vec<(UnitAt, Health, f64)>>,
    frame: Trigger,
}

impl Flashes {
    /// Watches the snapshots for deaths and revivals.
    pub fn follow(run: Run) -> Self {
        let flashes = Self {
            begun: StoredValue::new(Vec::new()),
            frame: Trigger::new(),
        };
        let before = StoredValue::new((0_u32, 0_u64, Vec::<Vec<Health>>::new()));
        Effect::new(move |_| {
            let Some(snapshot) = run.snapshot.get() else {
                return;
            };
            let now: Vec<Vec<Health>> = snapshot
                .layers
                .iter()
                .map(|layer| layer.units.iter().map(|unit| unit.health).collect())
                .collect();
            let (run, step, old) = before.get_value();
            // A seek is no event.
            if run == snapshot.run && step < snapshot.step && snapshot.is_training {
                flashes.compare(&old, &now);
            }
            before.set_value((snapshot.run, snapshot.step, now));
        });
        flashes
    }

    pub fn track(self) {
        self.frame.track();
    }

    /// Asks for the next frame.
    pub fn go_on(self) {
        self.frame.notify();
    }

    /// Those that are not over.
    pub fn now(self) -> Vec<Flash> {
        let now_ms = browser::now_ms();
        self.begun.update_value(|begun| {
            begun.retain(|(.., at_ms)| now_ms - at_ms < FLASH_MS);
        });
        self.begun.with_value(|begun| {
            let flash = |&(at, health, at_ms)| Flash::new(at, health, now_ms - at_ms);
            begun.iter().filter_map(flash).collect()
        })
    }

    fn compare(self, old: &[Vec<Health>], now: &[Vec<Health>]) {
        if browser::matches_media("(prefers-reduced-motion: reduce)") {
            return;
        }
        let at_ms = browser::now_ms();
        for (layer, (old, now)) in old.iter().zip(now).enumerate() {
            for (unit, (from, to)) in old.iter().zip(now).enumerate() {
                // To and from saturation is no event of that weight.
                if from != to && (*from == Health::Dead || *to == Health::Dead) {
                    let at = UnitAt { layer, unit };
                    self.begun
                        .update_value(|begun| begun.push((at, *to, at_ms)));
                }
            }
        }
    }
}
