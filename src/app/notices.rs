//! Messages to the user: what went wrong or was done, each until it is dismissed or overtaken.

use leptos::prelude::*;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Said once and taken away again.
    Info,
    /// Stays until dismissed.
    Problem,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    pub id: u32,
    /// A later notice of the same topic takes the place of an earlier one.
    pub topic: &'static str,
    pub tone: Tone,
    pub text: String,
}

#[derive(Clone, Copy)]
pub struct Notices {
    pub shown: RwSignal<Vec<Notice>>,
    next_id: StoredValue<u32>,
}

const INFO_MS: u64 = 6_000;

impl Notices {
    pub fn none() -> Self {
        Self {
            shown: RwSignal::new(Vec::new()),
            next_id: StoredValue::new(0),
        }
    }

    pub fn info(self, topic: &'static str, text: impl Into<String>) {
        let id = self.add(topic, Tone::Info, text.into());
        set_timeout(
            move || self.dismiss(id),
            std::time::Duration::from_millis(INFO_MS),
        );
    }

    /// Like [`Notices::info`], with something to be chosen: it stays.
    pub fn offer(self, topic: &'static str, text: impl Into<String>) {
        self.add(topic, Tone::Info, text.into());
    }

    pub fn problem(self, topic: &'static str, text: impl Into<String>) {
        self.add(topic, Tone::Problem, text.into());
    }

    pub fn dismiss(self, id: u32) {
        self.shown
            .update(|shown| shown.retain(|notice| notice.id != id));
    }

    /// The matter is settled.
    pub fn clear(self, topic: &'static str) {
        if self
            .shown
            .with_untracked(|shown| shown.iter().any(|notice| notice.topic == topic))
        {
            self.shown
                .update(|shown| shown.retain(|notice| notice.topic != topic));
        }
    }

    fn add(self, topic: &'static str, tone: Tone, text: String) -> u32 {
        let id = self.next_id.get_value();
        self.next_id.set_value(id + 1);
        self.shown.update(|shown| {
            shown.retain(|notice| notice.topic != topic);
            shown.push(Notice {
                id,
                topic,
                tone,
                text,
            });
        });
        id
    }
}
