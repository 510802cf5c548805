//! Progress on stderr: moving lines on a terminal, plain lines elsewhere.

use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use console::style;
use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::progress::{Silent, Task};

/// The bars of one printer.
pub(super) struct Bars {
    multi: MultiProgress,
    moving: bool,
    /// The one that stays below all others.
    pinned: Arc<Mutex<Option<ProgressBar>>>,
}

impl Bars {
    pub(super) fn new(moving: bool) -> Self {
        let target = if moving { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        Self { multi: MultiProgress::with_draw_target(target), moving, pinned: Arc::default() }
    }

    pub(super) fn moving(&self) -> bool {
        self.moving
    }

    pub(super) fn multi(&self) -> &MultiProgress {
        &self.multi
    }

    /// Prints a line above the bars. A stderr that is gone is nobody to tell.
    pub(super) fn line(&self, text: &str) {
        self.multi.suspend(|| {
            let _ = writeln!(std::io::stderr().lock(), "{text}");
        });
    }

    /// A line below all tasks; what is said in it may have colours of its own.
    pub(super) fn pinned(&self, name: &str) -> Box<dyn Task> {
        let bar = self.multi.add(ProgressBar::new_spinner());
        let style = ProgressStyle::with_template("{prefix:.bold} {wide_msg} {elapsed:.dim}");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
        bar.set_prefix(name.to_owned());
        bar.enable_steady_tick(Duration::from_secs(1));
        *self.pinned.lock().unwrap_or_else(PoisonError::into_inner) = Some(bar);
        Box::new(Pinned(self.pinned.clone()))
    }

    pub(super) fn task(&self, name: &str, quiet: bool) -> Box<dyn Task> {
        if quiet {
            return Box::new(Silent);
        }
        let bar = match &*self.pinned.lock().unwrap_or_else(PoisonError::into_inner) {
            Some(pinned) => self.multi.insert_before(pinned, ProgressBar::new_spinner()),
            None => self.multi.add(ProgressBar::new_spinner()),
        };
        if self.moving {
            bar.set_style(
                ProgressStyle::with_template("{spinner:.cyan} {prefix} {wide_msg:.dim} {elapsed:.dim}")
                    .unwrap_or_else(|_| ProgressStyle::default_spinner()),
            );
            bar.set_prefix(name.to_owned());
            bar.enable_steady_tick(Duration::from_millis(100));
        }
        Box::new(Running { bar, multi: self.multi.clone(), name: name.to_owned(), since: Instant::now() })
    }
}

/// A line below all others.
struct Pinned(Arc<Mutex<Option<ProgressBar>>>);

impl Pinned {
    fn bar(&self) -> Option<ProgressBar> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Task for Pinned {
    fn update(&self, text: &str) {
        if let Some(bar) = self.bar() {
            bar.set_message(text.to_owned());
        }
    }

    fn done(self: Box<Self>, _: &str) {}

    fn failed(self: Box<Self>, _: &str) {}
}

impl Drop for Pinned {
    fn drop(&mut self) {
        if let Some(bar) = self.0.lock().unwrap_or_else(PoisonError::into_inner).take() {
            bar.finish_and_clear();
        }
    }
}

struct Running {
    bar: ProgressBar,
    multi: MultiProgress,
    name: String,
    since: Instant,
}

impl Running {
    fn end(&self, mark: &str, text: &str) {
        self.bar.finish_and_clear();
        let seconds = self.since.elapsed().as_secs_f32();
        let time = if seconds >= 0.1 {
            style(format!(" {seconds:.1}s")).for_stderr().dim().to_string()
        } else {
            String::new()
        };
        let text = if text.is_empty() { String::new() } else { format!(" {text}") };
        self.multi.suspend(|| {
            let _ = writeln!(std::io::stderr().lock(), "{mark} {}{text}{time}", self.name);
        });
    }
}

impl Task for Running {
    fn update(&self, text: &str) {
        self.bar.set_message(text.to_owned());
    }

    fn done(self: Box<Self>, text: &str) {
        self.end(&style("✓").for_stderr().green().to_string(), text);
    }

    fn failed(self: Box<Self>, text: &str) {
        self.end(&style("✗").for_stderr().red().to_string(), text);
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
