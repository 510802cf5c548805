//! Which services are started, after which others, and where they find those.

use crate::error::{Error, Result};
use crate::project::{Project, Service, ServiceFile, edges};

/// The services called `names` (none: all) with those that they use, in waves: a service comes after all it uses.
///
/// # Errors
/// A name that no service has, services that use each other in a circle (exit code 2).
pub(super) fn waves<'a>(project: &'a Project, names: &[String]) -> Result<Vec<Vec<&'a ServiceFile>>> {
    let wanted = wanted(project, names)?;
    let services: Vec<&Service> = wanted.iter().map(|file| &file.service).collect();
    let waves = edges::waves(&services);
    let stuck = (0..wanted.len()).filter(|number| !waves.iter().any(|wave| wave.contains(number)));
    let circle: Vec<&str> = stuck.map(|number| services[number].name.as_str()).collect();
    if !circle.is_empty() {
        return Err(Error::invalid("services use each other in a circle")
            .cause(format!("none of these can start before the others: {}", circle.join(", "))));
    }
    Ok(waves.into_iter().map(|wave| wave.into_iter().map(|number| wanted[number]).collect()).collect())
}

/// Where `service` finds those of `running` that it uses, which listen on `ports`: the variable, and the address. Where
/// others are, the user's own environment says.
pub(super) fn addresses(service: &ServiceFile, running: &[&ServiceFile], ports: &[u16]) -> Vec<(String, String)> {
    let used = running.iter().zip(ports).filter(|(other, _)| uses(service, other));
    used.map(|(other, port)| (other.service.name.url_variable(), format!("http://127.0.0.1:{port}"))).collect()
}

/// Where those of `running` take events that handle some of `service`; `None` where nobody does. Every event goes to all
/// of them: they pass over what is not theirs.
pub(super) fn subscribers(service: &ServiceFile, running: &[&ServiceFile], ports: &[u16]) -> Option<String> {
    let hears = |other: &ServiceFile| other.service.hears(&service.service).next().is_some();
    let addresses = running.iter().zip(ports).filter(|(other, _)| hears(other));
    let addresses: Vec<String> = addresses.map(|(_, port)| format!("http://127.0.0.1:{port}/events")).collect();
    (!addresses.is_empty()).then(|| addresses.join(","))
}

fn uses(service: &ServiceFile, other: &ServiceFile) -> bool {
    service.service.calls_service(&other.service.name)
}

fn wanted<'a>(project: &'a Project, names: &[String]) -> Result<Vec<&'a ServiceFile>> {
    if names.is_empty() {
        return Ok(project.services.iter().collect());
    }
    let mut wanted: Vec<&ServiceFile> = Vec::new();
    let mut open = names.iter().map(|name| project.service(name)).collect::<Result<Vec<_>>>()?;
    while let Some(next) = open.pop() {
        if !wanted.iter().any(|s| s.service.name == next.service.name) {
            wanted.push(next);
            open.extend(project.services.iter().filter(|s| uses(next, s)));
        }
    }
    wanted.sort_by(|a, b| a.service.name.cmp(&b.service.name));
    Ok(wanted)
}

#[cfg(test)]
mod tests {
    use super::{addresses, subscribers, waves};
    use crate::project::event::EventName;
    use crate::project::{Project, ServiceFile, load::parse_service};

    fn project(services: &[(&str, &str)]) -> Project {
        let file = |(name, uses): &(&str, &str)| {
            let text = format!(
                "apiVersion: msvc/v1\nkind: Service\nname: {name}\ntemplate: {{ name: rest }}\nuses: [{uses}]\n"
            );
            let service = parse_service(&text, "msvc.yaml").unwrap();
            ServiceFile { dir: (*name).into(), service, document: serde_json::Value::Null }
        };
        Project { root: ".".into(), system: None, services: services.iter().map(file).collect() }
    }

    fn names(project: &Project, wanted: &[&str]) -> Vec<String> {
        let wanted: Vec<String> = wanted.iter().map(ToString::to_string).collect();
        let waves = waves(project, &wanted).unwrap();
        waves.iter().map(|w| w.iter().map(|s| s.service.name.as_str()).collect::<Vec<_>>().join(" ")).collect()
    }

    #[test]
    fn a_service_comes_after_all_it_uses() {
        let shop = project(&[("gateway", "orders, users"), ("mail", ""), ("orders", "users"), ("users", "")]);
        assert_eq!(names(&shop, &[]), ["mail users", "orders", "gateway"]);
        assert_eq!(names(&shop, &["orders"]), ["users", "orders"]);
    }

    #[test]
    fn a_service_is_told_where_those_are_that_it_uses() {
        let shop = project(&[("gateway", "user-profiles, elsewhere"), ("mail", ""), ("user-profiles", "")]);
        let running: Vec<_> = shop.services.iter().collect();
        let told = addresses(running[0], &running, &[1, 2, 3]);
        assert_eq!(told, [("USER_PROFILES_URL".to_owned(), "http://127.0.0.1:3".to_owned())]);
        assert_eq!(addresses(running[1], &running, &[1, 2, 3]), []);
    }

    #[test]
    fn who_publishes_is_told_who_wants_its_events() {
        let mut shop = project(&[("mail", ""), ("orders", ""), ("stock", ""), ("users", "")]);
        let publishes = ["order.placed", "order.paid"].map(|event| {
            (EventName::try_from(event.to_owned()).unwrap(), serde_json::from_str(r#"{"schema": {}}"#).unwrap())
        });
        shop.services[1].service.publishes = publishes.into_iter().collect();
        for (service, event) in [(0, "order.paid"), (2, "order.placed"), (3, "user.created")] {
            shop.services[service].service.subscribes = vec![EventName::try_from(event.to_owned()).unwrap()];
        }
        let running: Vec<_> = shop.services.iter().collect();
        let told = subscribers(running[1], &running, &[1, 2, 3, 4]);
        assert_eq!(told.as_deref(), Some("http://127.0.0.1:1/events,http://127.0.0.1:3/events"));
        assert_eq!(subscribers(running[0], &running, &[1, 2, 3, 4]), None);
    }

    #[test]
    fn circles_and_unknown_names_are_refused() {
        let shop = project(&[("orders", "users"), ("users", "orders")]);
        assert!(waves(&shop, &[]).unwrap_err().causes[0].contains("orders, users"));
        assert_eq!(waves(&shop, &["user".into()]).unwrap_err().hints, ["did you mean `users`?"]);
    }
}
