//! As Mermaid, which forges and editors draw in Markdown.

use std::fmt::Write as _;

use super::{Graph, Node, Protocol};

/// Words that Mermaid reads as something else where a node's name stands.
const RESERVED: [&str; 7] = ["call", "class", "click", "default", "end", "graph", "style"];

/// A flowchart from left to right: calls are arrows, events dashed ones with their names, databases cylinders.
#[must_use]
pub fn mermaid(graph: &Graph) -> String {
    let mut text = "flowchart LR\n".to_owned();
    if graph.services.iter().any(|node| node.exposed) {
        text += "  outside((outside))\n";
    }
    for node in &graph.services {
        let _ = writeln!(text, "  {}{}", id(&node.name), shape(node));
        if node.stores {
            let _ = writeln!(text, "  {}_data[(data)]", id(&node.name));
        }
    }
    for node in graph.services.iter().filter(|node| node.exposed) {
        let _ = writeln!(text, "  outside --> {}", id(&node.name));
    }
    for call in &graph.calls {
        let _ = writeln!(text, "  {} --> {}", id(&call.from), id(&call.to));
    }
    for (from, to, events) in graph.event_lines() {
        let _ = writeln!(text, "  {} -. \"{}\" .-> {}", id(from), events.join(", "), id(to));
    }
    for node in graph.services.iter().filter(|node| node.stores) {
        let _ = writeln!(text, "  {0} --- {0}_data", id(&node.name));
    }
    text
}

fn id(name: &str) -> String {
    let id = name.replace('-', "_");
    if RESERVED.contains(&name) || name == "outside" { id + "_" } else { id }
}

/// Services of other projects are round, gRPC is told.
fn shape(node: &Node) -> String {
    let name = &node.name;
    match (&node.template, node.protocol) {
        (None, _) => format!("([{name}])"),
        (Some(_), Protocol::Grpc) => format!("[\"{name} (gRPC)\"]"),
        (Some(_), Protocol::Http) => format!("[{name}]"),
    }
}
