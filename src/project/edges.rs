//! Who calls whom, and who hears from whom, as the services declare it.

use super::event::EventName;
use super::{DnsLabel, Service};

impl Service {
    /// The services that it calls: those that it `uses`, and those whose entities its own refer to. Each once.
    #[must_use]
    pub fn calls(&self) -> Vec<DnsLabel> {
        let fields = self.entities.values().flat_map(|entity| entity.fields.values());
        let referred = fields.filter_map(|field| DnsLabel::try_from(field.target_elsewhere()?.0).ok());
        let mut calls: Vec<DnsLabel> = Vec::new();
        for name in self.uses.iter().cloned().chain(referred) {
            if name != self.name && !calls.contains(&name) {
                calls.push(name);
            }
        }
        calls
    }

    /// Whether it calls the service of this name.
    #[must_use]
    pub fn calls_service(&self, name: &DnsLabel) -> bool {
        self.calls().contains(name)
    }

    /// The events of `publisher` that it hears.
    pub fn hears<'a>(&'a self, publisher: &'a Self) -> impl Iterator<Item = &'a EventName> {
        self.subscribes.iter().filter(|event| publisher.publishes.contains_key(*event))
    }
}

/// The services, each behind all that it calls, in waves that don't depend on each other: their numbers. What calls
/// in a circle, and what calls that, is in no wave.
#[must_use]
pub fn waves(services: &[&Service]) -> Vec<Vec<usize>> {
    let mut waiting: Vec<usize> = (0..services.len()).collect();
    let mut waves = Vec::new();
    loop {
        let waits = |one: usize| waiting.iter().any(|other| services[one].calls_service(&services[*other].name));
        let (now, later): (Vec<usize>, Vec<usize>) = waiting.iter().partition(|one| !waits(**one));
        if now.is_empty() {
            return waves;
        }
        waves.push(now);
        waiting = later;
    }
}

/// Services that call each other in a circle, the first again at the end; `None` where no such are.
#[must_use]
pub fn circle<'a>(services: &[&'a Service]) -> Option<Vec<&'a DnsLabel>> {
    let free: Vec<usize> = waves(services).concat();
    let stuck: Vec<&Service> = (0..services.len()).filter(|i| !free.contains(i)).map(|i| services[i]).collect();
    // Each of them calls at least one other of them: following the calls comes back sooner or later.
    let mut way = vec![*stuck.first()?];
    loop {
        let last = way.last()?;
        let next = *stuck.iter().find(|other| last.calls_service(&other.name))?;
        let known = way.iter().position(|one| one.name == next.name);
        way.push(next);
        if let Some(start) = known {
            return Some(way[start..].iter().map(|one| &one.name).collect());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::project::load::parse_service;

    fn services(declared: &[(&str, &str)]) -> Vec<Service> {
        let parse = |(name, rest): &(&str, &str)| {
            let head = format!("apiVersion: msvc/v1\nkind: Service\nname: {name}\ntemplate: {{ name: rest }}\n");
            parse_service(&(head + rest), "msvc.yaml").unwrap()
        };
        declared.iter().map(parse).collect()
    }

    #[test]
    fn references_are_calls_too() {
        let all = services(&[(
            "orders",
            "uses: [stock]\nentities: { order: { fields: { by: { type: uuid, references: users/user }, \
             at: { type: uuid, references: stock/shelf } } } }",
        )]);
        let calls: Vec<String> = all[0].calls().iter().map(ToString::to_string).collect();
        assert_eq!(calls, ["stock", "users"]);
    }

    #[test]
    fn services_come_behind_those_that_they_call() {
        let all = services(&[("gateway", "uses: [orders, users]"), ("orders", "uses: [users]"), ("users", "")]);
        let all: Vec<&Service> = all.iter().collect();
        assert_eq!(waves(&all), [vec![2], vec![1], vec![0]]);
        assert_eq!(circle(&all), None);
    }

    #[test]
    fn a_circle_is_told_as_its_way() {
        let all = services(&[
            ("gateway", "uses: [orders]"),
            ("orders", "uses: [users]"),
            ("users", "uses: [stock]"),
            ("stock", "uses: [orders]"),
        ]);
        let all: Vec<&Service> = all.iter().collect();
        let way: Vec<&str> = circle(&all).unwrap().into_iter().map(DnsLabel::as_str).collect();
        assert_eq!(way, ["orders", "users", "stock", "orders"]);
    }
}
