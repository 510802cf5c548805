//! The line at the bottom of the terminal that says how the services are while their logs go by.

use console::style;

use crate::local::Event;
use crate::progress::Task;
use crate::ui::Printer;

/// How a service is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// It is not started yet: others come first.
    Waiting,
    /// It was started, and is not ready yet.
    Starting,
    /// It answers.
    Ready,
    /// It ended by itself, or is replaced.
    Restarting,
    /// It was asked to end.
    Stopping,
    /// It ended as asked.
    Stopped,
}

/// The services, and the line.
pub(super) struct Status {
    services: Vec<(String, State)>,
    /// Those that the outside comes in by.
    exposed: Vec<String>,
    /// Where to begin: a service, and its address once it has one.
    entrance: (String, Option<String>),
    line: Option<Box<dyn Task>>,
}

impl Status {
    /// A line for the project called `name`; there is none where nobody would see it.
    pub(super) fn new(printer: &Printer, name: &str, exposed: Vec<String>) -> Self {
        Self { services: Vec::new(), exposed, entrance: (String::new(), None), line: printer.status(name) }
    }

    /// Takes in what happened.
    pub(super) fn take(&mut self, event: &Event) {
        match event {
            Event::Begun { services } => {
                self.services = services.iter().map(|name| (name.clone(), State::Waiting)).collect();
                // Of those that run, the one that uses the others.
                let exposed = services.iter().rev().find(|name| self.exposed.contains(name));
                self.entrance.0 = exposed.or(services.last()).cloned().unwrap_or_default();
            }
            Event::Starting { service } if self.state(service) == Some(State::Waiting) => {
                self.set(service, State::Starting);
            }
            Event::Ready { service, url, .. } => {
                if *service == self.entrance.0 {
                    self.entrance.1 = Some(url.clone());
                }
                self.set(service, State::Ready);
            }
            Event::Exited { service, .. } | Event::Replaced { service, .. } => self.set(service, State::Restarting),
            Event::Stopping { service } => self.set(service, State::Stopping),
            Event::Stopped { service } => self.set(service, State::Stopped),
            Event::Log { .. } | Event::Broken { .. } | Event::Starting { .. } => return,
        }
        if let Some(line) = &self.line {
            line.update(&self.text());
        }
    }

    fn state(&self, service: &str) -> Option<State> {
        self.services.iter().find(|(name, _)| name == service).map(|(_, state)| *state)
    }

    fn set(&mut self, service: &str, state: State) {
        for (_, known) in self.services.iter_mut().filter(|(name, _)| name == service) {
            *known = state;
        }
    }

    fn text(&self) -> String {
        let of = |state: State| -> Vec<&str> {
            self.services.iter().filter(|(_, s)| *s == state).map(|(name, _)| name.as_str()).collect()
        };
        let (ready, all) = (of(State::Ready).len(), self.services.len());
        let mut parts = Vec::new();
        let stopping = of(State::Stopping).len() + of(State::Stopped).len() > 0;
        if all == 1 && ready == 1 {
            parts.push(style("ready").green().to_string());
        } else if all > 1 && !stopping {
            let count = style(format!("{ready} of {all} ready"));
            parts.push(if ready == all { count.green() } else { count }.to_string());
        }
        for (state, what) in [
            (State::Starting, style("starting").yellow()),
            (State::Restarting, style("restarting").red()),
            (State::Waiting, style("waiting").dim()),
            (State::Stopping, style("stopping").yellow()),
        ] {
            match of(state)[..] {
                [] => {}
                _ if all == 1 => parts.push(what.to_string()),
                ref names => parts.push(format!("{} {what}: {}", names.len(), names.join(", "))),
            }
        }
        if stopping {
            parts.push(style("Ctrl-C again: at once").dim().to_string());
        } else if ready == all {
            parts.extend(self.entrance.1.clone());
            parts.push(style("Ctrl-C ends").dim().to_string());
        }
        parts.join(" · ")
    }
}

#[cfg(test)]
mod tests {
    use console::strip_ansi_codes;

    use super::Status;
    use crate::local::Event;

    #[test]
    fn the_line_counts_and_names() {
        let exposed = vec!["gateway".to_owned(), "users".to_owned()];
        let mut status = Status { services: Vec::new(), exposed, entrance: (String::new(), None), line: None };
        let mut after = |event: Event| {
            status.take(&event);
            strip_ansi_codes(&status.text()).into_owned()
        };
        let name = |name: &str| name.to_owned();
        let ready = |service: &str| Event::Ready {
            service: name(service),
            url: format!("http://{service}"),
            management: String::new(),
            docs: None,
            hint: None,
        };
        let services = ["users", "orders", "gateway"].map(name).to_vec();
        assert_eq!(after(Event::Begun { services }), "0 of 3 ready · 3 waiting: users, orders, gateway");
        assert_eq!(
            after(Event::Starting { service: name("users") }),
            "0 of 3 ready · 1 starting: users · 2 waiting: orders, gateway"
        );
        after(ready("users"));
        after(ready("orders"));
        assert_eq!(after(ready("gateway")), "3 of 3 ready · http://gateway · Ctrl-C ends");
        let replaced = Event::Replaced { service: name("orders"), reason: String::new() };
        assert_eq!(after(replaced), "2 of 3 ready · 1 restarting: orders");
        assert_eq!(after(Event::Starting { service: name("orders") }), "2 of 3 ready · 1 restarting: orders");
        after(ready("orders"));
        after(Event::Stopping { service: name("gateway") });
        assert_eq!(
            after(Event::Stopped { service: name("gateway") }),
            "Ctrl-C again: at once",
            "the next ones are asked at once"
        );
        assert_eq!(after(Event::Stopping { service: name("orders") }), "1 stopping: orders · Ctrl-C again: at once");
    }
}
