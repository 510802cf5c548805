//! One Cargo workspace out of those of its services: their `[workspace.dependencies]` are united feature by feature,
//! lints and profiles are taken from whoever has them.

use std::collections::BTreeSet;
use std::fmt::Write;

use toml_edit::{DocumentMut, Item, Table, TableLike, Value};

use crate::error::{Context, Error, Result};

const EMPTY: &str = "[workspace]\nresolver = \"3\"\nmembers = []\n";

/// What is said of the versions, whose comment in a service's manifest speaks of that service alone.
const VERSIONS: &str = "
# Versions that services and chassis share. Features are off unless they are used: they cost build time and bytes.
";

/// Lines of Cargo.toml are not longer.
const WIDTH: usize = 118;

/// The root's Cargo.toml in the making.
pub(super) struct Workspace(DocumentMut);

impl Workspace {
    pub(super) fn new() -> Result<Self> {
        Ok(Self(EMPTY.parse().failed(|| "could not begin a workspace")?))
    }

    /// Takes what concerns the workspace out of a service's Cargo.toml, and gives what is left: a member `depth`
    /// folders below the root.
    ///
    /// # Errors
    /// It can't be read, or wants another version of a crate than a service before it.
    pub(super) fn take(&mut self, service: &str, manifest: &str, depth: usize) -> Result<String> {
        let shown = || format!("the template's Cargo.toml of service `{service}` is not valid");
        let mut member: DocumentMut = manifest.parse().invalid(shown)?;
        for key in ["workspace", "profile"] {
            if let Some(Item::Table(table)) = member.remove(key) {
                self.adopt(key, table).map_err(|why| Error::invalid(shown()).cause(why))?;
            }
        }
        if let Some(dependencies) = member.get_mut("dependencies").and_then(Item::as_table_mut) {
            shared(dependencies, depth);
        }
        Ok(member.to_string().trim_end().to_owned() + "\n")
    }

    fn adopt(&mut self, key: &str, mut table: Table) -> Result<(), String> {
        table.remove("members");
        let own = self.0.as_table_mut();
        if let (Some(Item::Table(new)), Some(Item::Table(mine))) = (table.get_mut("dependencies"), own.get_mut(key)) {
            if let Some(Item::Table(there)) = mine.get_mut("dependencies") {
                unite(there, new)?;
            } else {
                new.decor_mut().set_prefix(VERSIONS);
            }
        }
        adopt(own, key, Item::Table(table));
        Ok(())
    }

    /// The manifest's text with these members.
    pub(super) fn text(mut self, members: &[String]) -> String {
        let list: String = members.iter().flat_map(|member| ["\n    \"", member, "\","]).collect();
        let list = if members.is_empty() { "[]".to_owned() } else { format!("[{list}\n]") };
        if let (Some(workspace), Ok(list)) = (self.0.get_mut("workspace"), list.parse::<Value>()) {
            workspace["members"] = Item::Value(list);
            if let Some(dependencies) = workspace.get_mut("dependencies").and_then(Item::as_table_mut) {
                dependencies.sort_values();
            }
        }
        self.0.to_string()
    }
}

/// What a service has beside it when it is alone lies in `crates/`: the chassis, and clients.
fn shared(dependencies: &mut Table, depth: usize) {
    for (_, dependency) in dependencies.iter_mut() {
        let Some(value) = dependency.get_mut("path").and_then(Item::as_value_mut) else { continue };
        let path = value.as_str().unwrap_or_default();
        *value = Value::from(format!("{}crates/{path}", "../".repeat(depth))).decorated(" ", " ");
    }
    dependencies.sort_values();
}

/// Puts in what is not there; of tables, their entries.
fn adopt(into: &mut Table, key: &str, item: Item) {
    match (into.get_mut(key), item) {
        (Some(Item::Table(there)), Item::Table(new)) => {
            for (key, item) in new {
                adopt(there, &key, item);
            }
        }
        (Some(_), _) => {}
        (None, item) => _ = into.insert(key, item),
    }
}

/// Brings the features of `new` into what is `there`.
fn unite(there: &mut Table, new: &Table) -> Result<(), String> {
    for (name, item) in new {
        if let Some(known) = there.get_mut(name)
            && known.to_string().trim() != item.to_string().trim()
        {
            let (mut one, other) = (Dependency::of(known), Dependency::of(item));
            if one.version != other.version {
                return Err(format!("{name} is wanted as {} and as {}", one.version, other.version));
            }
            one.default |= other.default;
            one.features.extend(other.features);
            let value = one.text(name).parse::<Value>().map_err(|e| e.to_string())?;
            *known = Item::Value(value.decorated(" ", ""));
        }
    }
    Ok(())
}

struct Dependency {
    version: String,
    default: bool,
    features: BTreeSet<String>,
}

impl Dependency {
    fn of(item: &Item) -> Self {
        let table = item.as_table_like();
        let text = |value: &Item| value.as_str().unwrap_or_default().to_owned();
        let entry = |key: &str| table.and_then(|table: &dyn TableLike| table.get(key));
        let features = entry("features").and_then(Item::as_array).into_iter().flatten();
        Self {
            version: entry("version").map_or_else(|| text(item), text),
            default: entry("default-features").and_then(Item::as_bool).unwrap_or(true),
            features: features.filter_map(|feature| feature.as_str().map(str::to_owned)).collect(),
        }
    }

    /// In the form that the templates have it in.
    fn text(&self, name: &str) -> String {
        let mut text = format!("{{ version = {:?}", self.version);
        if !self.default {
            text.push_str(", default-features = false");
        }
        let features: Vec<String> = self.features.iter().map(|feature| format!("{feature:?}")).collect();
        if features.is_empty() {
            return text + " }";
        }
        let line = format!("{text}, features = [{}] }}", features.join(", "));
        if name.len() + " = ".len() + line.len() <= WIDTH {
            return line;
        }
        text.push_str(", features = [");
        let mut width = WIDTH;
        for feature in features {
            if width + feature.len() + 2 > WIDTH {
                text.push_str("\n   ");
                width = 3;
            }
            width += feature.len() + 2;
            let _ = write!(text, " {feature},");
        }
        text + "\n] }"
    }
}

#[cfg(test)]
mod tests {
    use super::Workspace;

    const ORDERS: &str = "[package]
name = \"orders\"

[dependencies]
axum = { workspace = true }
chassis = { path = \"chassis\" }

[lints]
workspace = true

[workspace]
members = [\"chassis\"]

# What the service and its chassis share.
[workspace.dependencies]
axum = { version = \"0.8\", default-features = false, features = [\"json\"] }
serde = \"1\"

[workspace.lints.rust]
unsafe_code = \"forbid\"

# Hashing is slow.
[profile.dev.package.argon2]
opt-level = 3
";

    #[test]
    fn services_become_members_of_one_workspace() {
        let gateway = ORDERS
            .replace("orders", "gateway")
            .replace("default-features = false, features = [\"json\"]", "features = [\"http1\"]");
        let gateway = gateway.replace("serde = \"1\"", "uuid = \"1\"").replace(".argon2", ".blake2");
        let mut workspace = Workspace::new().unwrap();
        let member = workspace.take("orders", ORDERS, 2).unwrap();
        workspace.take("gateway", &gateway, 2).unwrap();
        let members = ["crates/chassis", "services/gateway", "services/orders"].map(str::to_owned);
        insta::assert_snapshot!(format!("{member}\n--- root\n{}", workspace.text(&members)));
    }

    #[test]
    fn different_versions_of_a_crate_are_refused() {
        let mut workspace = Workspace::new().unwrap();
        workspace.take("orders", ORDERS, 2).unwrap();
        let error = workspace.take("old", &ORDERS.replace("\"0.8\"", "\"0.7\""), 2).unwrap_err();
        assert_eq!(error.causes, ["axum is wanted as 0.8 and as 0.7"]);
    }

    #[test]
    fn a_system_without_services_is_a_workspace_too() {
        assert_eq!(Workspace::new().unwrap().text(&[]), super::EMPTY);
    }
}
