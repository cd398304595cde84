//! How far a fleet has come, on standard error: a bar on a terminal, elsewhere a line at each tenth.

use std::io::{IsTerminal, Write};
use std::time::Instant;

use actiscope_core::text::count;

/// Characters of the bar.
const WIDTH: u64 = 24;

/// Shows how far a fleet has come.
pub struct Progress {
    /// "4,096 networks x 500 steps".
    what: String,
    n_lane_steps: u64,
    /// Those of an earlier run of the command.
    before: u64,
    began: Instant,
    style: Style,
    /// Tenths that were told.
    n_told: Option<u64>,
}

#[derive(Clone, Copy, PartialEq)]
enum Style {
    Bar,
    Lines,
    Nothing,
}

impl Progress {
    /// Without lines, nothing is told where standard error is no terminal.
    pub fn new(n_networks: usize, n_steps: u64, has_lines: bool) -> Self {
        let style = match (std::io::stderr().is_terminal(), has_lines) {
            (true, _) => Style::Bar,
            (false, true) => Style::Lines,
            (false, false) => Style::Nothing,
        };
        Self {
            what: format!(
                "{} networks x {} steps",
                count(n_networks as u64),
                count(n_steps)
            ),
            n_lane_steps: n_networks as u64 * n_steps,
            before: 0,
            began: Instant::now(),
            style,
            n_told: None,
        }
    }

    /// So many updates are done already.
    pub fn begin(&mut self, before: u64) {
        (self.before, self.began) = (before, Instant::now());
        self.show(0);
    }

    /// Of all networks together, since the beginning.
    pub fn show(&mut self, made: u64) {
        let done = (self.before + made).min(self.n_lane_steps);
        let n_all = self.n_lane_steps.max(1);
        let percent = 100 * done / n_all;
        let text = match self.rate_and_rest(made, done) {
            Some((rate, rest_s)) => format!(
                "{}: {percent} %, {} steps/s, {} s left",
                self.what,
                count(rate as u64),
                count(rest_s as u64)
            ),
            None => format!("{}: {percent} %", self.what),
        };
        // Nobody to tell it to is no reason to end.
        match self.style {
            Style::Nothing => {}
            Style::Bar => {
                let n_full = WIDTH * done / n_all;
                let bar: String = (0..WIDTH)
                    .map(|i| if i < n_full { '#' } else { '.' })
                    .collect();
                let _ = write!(std::io::stderr(), "\r[{bar}] {text}\x1b[K");
            }
            Style::Lines if self.n_told != Some(percent / 10) => {
                self.n_told = Some(percent / 10);
                let _ = writeln!(std::io::stderr(), "{text}");
            }
            Style::Lines => {}
        }
    }

    pub fn end(&self) {
        if self.style == Style::Bar {
            let _ = write!(std::io::stderr(), "\r\x1b[K");
        }
    }

    fn rate_and_rest(&self, made: u64, done: u64) -> Option<(f64, f64)> {
        let took_s = self.began.elapsed().as_secs_f64();
        let rate = made as f64 / took_s;
        let is_known = made > 0 && took_s > 0.5;
        is_known.then(|| (rate, (self.n_lane_steps - done) as f64 / rate))
    }
}
