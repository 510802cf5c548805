//! How the rooms tell what they are doing, without knowing how it is shown.

/// Receives what is worth telling while work goes on. `ui` shows it; tests collect it.
pub trait Progress: Send + Sync {
    /// A line that stays: something was done.
    fn message(&self, line: &str);
    /// A line that stays: something the user should look at, though the work goes on.
    fn warning(&self, line: &str);
    /// Detail, shown with `-v` only.
    fn detail(&self, line: &str);
    /// Begins a task, shown as running until its handle is finished or dropped.
    fn task(&self, name: &str) -> Box<dyn Task>;
}

/// A running task. Dropping it without an end leaves no line behind.
pub trait Task: Send + Sync {
    /// Replaces what is said beside the task's name, for example what it waits for now.
    fn update(&self, text: &str);
    /// Ends the task well; `text` says the result, for example how much was done.
    fn done(self: Box<Self>, text: &str);
    /// Ends the task badly; the error itself comes as the command's result.
    fn failed(self: Box<Self>, text: &str);
}

/// Tells nobody.
pub struct Silent;

impl Progress for Silent {
    fn message(&self, _: &str) {}
    fn warning(&self, _: &str) {}
    fn detail(&self, _: &str) {}
    fn task(&self, _: &str) -> Box<dyn Task> {
        Box::new(Self)
    }
}

impl Task for Silent {
    fn update(&self, _: &str) {}
    fn done(self: Box<Self>, _: &str) {}
    fn failed(self: Box<Self>, _: &str) {}
}
