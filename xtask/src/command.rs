//! Running other programs: in view, into a log, or for their output.

use crate::workspace;
use anyhow::{Context, Result, bail};
use std::ffi::OsStr;
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// A command that is not disturbed by the cargo that runs xtask: without the variables that describe
/// xtask's own package, on which a nested cargo would build other packages anew.
pub fn program(name: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(name);
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
            command.env_remove(&name);
        }
    }
    command
}

/// Cargo in the clone's root.
pub fn cargo() -> Command {
    let mut cargo = program("cargo");
    cargo.current_dir(workspace::root());
    cargo
}

/// Runs a command whose output the user sees.
pub fn run(command: &mut Command) -> Result<()> {
    let line = describe(command);
    let status = command.status().with_context(|| cannot_start(&line))?;
    if !status.success() {
        bail!("`{line}` failed ({status})");
    }
    Ok(())
}

/// Standard output of a command, or `None` where it does not start or fails.
pub fn output(command: &mut Command) -> Option<String> {
    let output = command
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    output.status.success().then_some(text)
}

/// Standard output of a command; the error has what it wrote of its own fault.
pub fn output_of(command: &mut Command) -> Result<String> {
    let line = describe(command);
    let output = command
        .env("RUST_BACKTRACE", "0")
        .stdin(Stdio::null())
        .output()
        .with_context(|| cannot_start(&line))?;
    if !output.status.success() {
        let fault = String::from_utf8_lossy(&output.stderr);
        bail!("`{line}` failed ({})\n{}", output.status, fault.trim_end());
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// A log that several commands write to, one after the other; errors quote its end.
pub struct Log {
    path: PathBuf,
}

impl Log {
    /// Starts an empty log.
    pub fn create(folder: &Path, name: &str) -> Result<Self> {
        std::fs::create_dir_all(folder)
            .with_context(|| format!("cannot create {}", folder.display()))?;
        let path = folder.join(format!("{name}.log"));
        File::create(&path).with_context(|| format!("cannot write {}", path.display()))?;
        Ok(Self { path })
    }

    /// Runs a command silently; the error has the last lines it wrote.
    pub fn run(&self, command: &mut Command) -> Result<()> {
        self.run_for(command, Duration::from_secs(3600))
    }

    /// All that was written so far.
    pub fn text(&self) -> String {
        let bytes = std::fs::read(&self.path).unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// Like [`Log::run`], but ends the command after `limit`.
    pub fn run_for(&self, command: &mut Command, limit: Duration) -> Result<()> {
        let line = describe(command);
        let mut file = File::options()
            .append(true)
            .open(&self.path)
            .with_context(|| format!("cannot write {}", self.path.display()))?;
        writeln!(file, "\n$ {line}").context("cannot write the log")?;
        let begin = file.metadata().map_or(0, |metadata| metadata.len());
        let mut child = command
            // A stack trace of another program would push its message out of the quoted lines.
            .env("RUST_BACKTRACE", "0")
            .stdin(Stdio::null())
            .stdout(file.try_clone().context("cannot write the log")?)
            .stderr(file)
            .spawn()
            .with_context(|| cannot_start(&line))?;
        let start = Instant::now();
        loop {
            if let Some(status) = child.try_wait()? {
                if status.success() {
                    return Ok(());
                }
                bail!("`{line}` failed ({status})\n{}", self.tail(begin));
            }
            if start.elapsed() > limit {
                child.kill()?;
                child.wait()?;
                bail!(
                    "`{line}` did not end within {}\n{}",
                    human(limit),
                    self.tail(begin)
                );
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// The last lines of what was written after the first `begin` bytes.
    fn tail(&self, begin: u64) -> String {
        let bytes = std::fs::read(&self.path).unwrap_or_default();
        let from = usize::try_from(begin).unwrap_or(0).min(bytes.len());
        let text = String::from_utf8_lossy(&bytes[from..]);
        let lines: Vec<&str> = text.lines().collect();
        let mut tail = format!("(its last lines, of {}:)", self.path.display());
        for line in &lines[lines.len().saturating_sub(15)..] {
            tail.push_str("\n    ");
            tail.push_str(line);
        }
        tail
    }
}

fn cannot_start(line: &str) -> String {
    format!("`{line}` cannot be started; is it installed and on PATH?")
}

/// The command line as one would type it.
pub fn describe(command: &Command) -> String {
    let mut line = command.get_program().to_string_lossy().into_owned();
    for argument in command.get_args() {
        line.push(' ');
        line.push_str(&argument.to_string_lossy());
    }
    line
}

/// A program of this name on PATH, as an absolute path.
pub fn on_path(program: &str) -> Option<PathBuf> {
    std::env::split_paths(&std::env::var_os("PATH")?)
        .filter(|folder| folder.is_absolute())
        .map(|folder| folder.join(program))
        .find(|path| path.is_file())
}

/// A duration as people say it.
pub fn human(duration: Duration) -> String {
    let s = duration.as_secs_f64();
    if s < 59.5 {
        format!("{s:.1} s")
    } else {
        format!(
            "{} min {:02} s",
            s.round() as u64 / 60,
            s.round() as u64 % 60
        )
    }
}

#[cfg(test)]
mod tests {
    use super::{Log, human, output_of};
    use std::process::Command;
    use std::time::Duration;

    #[test]
    fn durations_read_well() {
        assert_eq!(human(Duration::from_millis(1240)), "1.2 s");
        assert_eq!(human(Duration::from_millis(59_700)), "1 min 00 s");
        assert_eq!(human(Duration::from_secs(171)), "2 min 51 s");
    }

    #[test]
    fn a_failed_command_quotes_its_last_lines() {
        let folder = std::env::temp_dir().join(format!("xtask-log-{}", std::process::id()));
        let log = Log::create(&folder, "probe").unwrap();
        let error = log
            .run(Command::new("sh").args(["-c", "echo the reason >&2; exit 3"]))
            .unwrap_err()
            .to_string();
        assert!(error.contains("the reason"), "{error}");
        assert!(error.contains("exit status: 3"), "{error}");
        let mut command = Command::new("sh");
        let error = output_of(command.args(["-c", "echo why >&2; exit 3"])).unwrap_err();
        assert!(error.to_string().ends_with("\nwhy"), "{error}");
        let error = log
            .run_for(Command::new("sleep").arg("20"), Duration::from_millis(60))
            .unwrap_err()
            .to_string();
        assert!(error.contains("did not end within 0.1 s"), "{error}");
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
