//! As a picture that every browser shows, in light and dark.

use std::fmt::Write as _;

use super::layout::{self, Item};
use super::{Graph, Node, Protocol};

/// Sizes in pixels.
const LETTER: f64 = 7.8;
const SMALL_LETTER: f64 = 6.2;
const HEIGHT: f64 = 44.0;
const ROW: f64 = 64.0;
/// Least room between columns, for the lines.
const GAP: f64 = 110.0;
const MARGIN: f64 = 24.0;
/// How far events run below calls between the same services.
const ASIDE: f64 = 9.0;
/// Room for a cylinder, at the right end of a box.
const CYLINDER: f64 = 22.0;

const STYLE: &str = "\
    text { font: 13px ui-sans-serif, system-ui, sans-serif; fill: #1f2328 }\n\
    .small { font-size: 11px; fill: #59636e }\n\
    .box { fill: #f6f8fa; stroke: #59636e }\n\
    .exposed { stroke: #0969da; stroke-width: 2 }\n\
    .elsewhere { stroke-dasharray: 4 3 }\n\
    .line { fill: none; stroke: #59636e }\n\
    .event { stroke: #8250df; stroke-dasharray: 5 4 }\n\
    .name { fill: #8250df; font-size: 11px; paint-order: stroke; stroke: #fff; stroke-width: 4 }\n\
    @media (prefers-color-scheme: dark) {\n\
    text { fill: #f0f6fc } .small { fill: #9198a1 } .box { fill: #151b23; stroke: #9198a1 }\n\
    .exposed { stroke: #4493f8 } .line { stroke: #9198a1 } .event { stroke: #ab7df8 }\n\
    .name { fill: #ab7df8; stroke: #0d1117 }\n\
    }\n";

/// A picture from left to right: calls are lines, events dashed ones with their names, what is exposed has a strong
/// frame, what stores a cylinder.
#[must_use]
pub fn svg(graph: &Graph) -> String {
    let drawing = Drawing::of(graph);
    let mut text = String::new();
    let (width, height) = drawing.size();
    let _ = writeln!(
        text,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.0} {height:.0}\" width=\"{width:.0}\" \
         height=\"{height:.0}\" role=\"img\">\n<title>Services of {}</title>\n<style>\n{STYLE}</style>\n\
         <defs><marker id=\"to\" viewBox=\"0 0 8 8\" refX=\"8\" refY=\"4\" markerWidth=\"8\" markerHeight=\"8\" \
         orient=\"auto\"><path class=\"line\" d=\"M0 0 8 4 0 8\"/></marker></defs>",
        escaped(&graph.name)
    );
    drawing.lines(&mut text);
    drawing.boxes(&mut text);
    text + "</svg>\n"
}

/// A line between two services, by their numbers; an event has names.
struct Line {
    from: usize,
    to: usize,
    events: Option<String>,
}

struct Drawing<'a> {
    nodes: &'a [Node],
    lines: Vec<Line>,
    columns: layout::Columns,
    /// The left edge and the width of each column.
    spans: Vec<(f64, f64)>,
}

impl<'a> Drawing<'a> {
    fn of(graph: &'a Graph) -> Self {
        let nodes = &graph.services;
        let number = |name: &str| nodes.iter().position(|node| node.name == name).unwrap_or_default();
        let calls = graph.calls.iter().map(|c| Line { from: number(&c.from), to: number(&c.to), events: None });
        let events = graph.event_lines().into_iter().map(|(from, to, names)| Line {
            from: number(from),
            to: number(to),
            events: Some(names.join(", ")),
        });
        let lines: Vec<Line> = calls.chain(events).collect();
        let pairs: Vec<(usize, usize)> = lines.iter().map(|line| (line.from, line.to)).collect();
        let columns = layout::columns(nodes.len(), &pairs);
        let (mut left, mut spans) = (MARGIN, Vec::new());
        for (number, column) in columns.iter().enumerate() {
            left += if number > 0 { gap(&lines, column) } else { 0.0 };
            let widths = column.iter().map(|item| if let Item::Service(s) = item { width(&nodes[*s]) } else { 0.0 });
            let widest = widths.fold(0.0, f64::max);
            spans.push((left, widest));
            left += widest;
        }
        Self { nodes, lines, columns, spans }
    }

    fn size(&self) -> (f64, f64) {
        let right = self.spans.last().map_or(MARGIN, |(left, width)| left + width);
        (right + MARGIN, self.tallest() * ROW + MARGIN)
    }

    /// Rows of the fullest column.
    fn tallest(&self) -> f64 {
        self.columns.iter().map(|column| number(column.len())).fold(0.0, f64::max)
    }

    /// Left edge, width and middle of what stands in a column.
    fn place(&self, wanted: Item) -> Option<(f64, f64, f64)> {
        let (column, row) = self
            .columns
            .iter()
            .enumerate()
            .find_map(|(column, items)| Some((column, items.iter().position(|item| *item == wanted)?)))?;
        let (left, width) = self.spans[column];
        Some((left, width, self.middle(column, row)))
    }

    /// How far down the middle of a row is; columns are centred.
    fn middle(&self, column: usize, row: usize) -> f64 {
        let first = (self.tallest() - number(self.columns[column].len())) / 2.0;
        f64::midpoint(MARGIN, ROW) + (first + number(row)) * ROW
    }

    fn boxes(&self, text: &mut String) {
        for (number, node) in self.nodes.iter().enumerate() {
            let Some((left, _, middle)) = self.place(Item::Service(number)) else { continue };
            let mut class = "box".to_owned();
            class += if node.exposed { " exposed" } else { "" };
            class += if node.template.is_none() { " elsewhere" } else { "" };
            let (top, width) = (middle - HEIGHT / 2.0, width(node));
            let _ = writeln!(
                text,
                "<rect class=\"{class}\" x=\"{left:.0}\" y=\"{top:.0}\" width=\"{width:.0}\" height=\"{HEIGHT:.0}\" \
                 rx=\"6\"/>\n<text x=\"{:.0}\" y=\"{:.0}\">{}</text>\n<text class=\"small\" x=\"{:.0}\" y=\"{:.0}\">{}</text>",
                left + 12.0,
                middle - 2.0,
                escaped(&node.name),
                left + 12.0,
                middle + 13.0,
                escaped(&made_of(node)),
            );
            if node.stores {
                cylinder(text, left + width - CYLINDER, middle);
            }
        }
    }

    fn lines(&self, text: &mut String) {
        for (number, line) in self.lines.iter().enumerate() {
            let places = [self.place(Item::Service(line.from)), self.place(Item::Service(line.to))];
            let [Some((from, _, y0)), Some((to, _, y1))] = places else { continue };
            let (class, aside) = if line.events.is_some() { ("line event", ASIDE) } else { ("line", 0.0) };
            let begin = (from + width(&self.nodes[line.from]), y0 + aside);
            let end = (to, y1 + aside);
            let (path, name) = if from < to {
                let points = self.points(number, begin, end);
                (forward(&points), middle(&points[points.len() - 2..]))
            } else {
                (back(begin, end), middle(&[begin, end]))
            };
            let _ = writeln!(text, "<path class=\"{class}\" marker-end=\"url(#to)\" d=\"{path}\"/>");
            if let Some(events) = &line.events {
                let (x, y) = (name.0, name.1 - 5.0);
                let events = escaped(events);
                let _ = writeln!(
                    text,
                    "<text class=\"name\" text-anchor=\"middle\" x=\"{x:.0}\" y=\"{y:.0}\">{events}</text>"
                );
            }
        }
    }

    /// Where a line to the right leads: through the places that are kept free for it.
    fn points(&self, line: usize, from: (f64, f64), to: (f64, f64)) -> Vec<(f64, f64)> {
        let mut points = vec![from];
        for (column, items) in self.columns.iter().enumerate() {
            if let Some(row) = items.iter().position(|item| *item == Item::Passing(line)) {
                let (left, width) = self.spans[column];
                points.extend([left, left + width].map(|x| (x, self.middle(column, row))));
            }
        }
        points.push(to);
        points
    }
}

/// A curve to the right.
fn forward(points: &[(f64, f64)]) -> String {
    let mut path = format!("M{:.0} {:.0}", points[0].0, points[0].1);
    for pair in points.windows(2) {
        let ((x0, y0), (x1, y1)) = (pair[0], pair[1]);
        let half = f64::midpoint(x0, x1);
        let _ = write!(path, " C{half:.0} {y0:.0} {half:.0} {y1:.0} {x1:.0} {y1:.0}");
    }
    path
}

fn middle(ends: &[(f64, f64)]) -> (f64, f64) {
    (f64::midpoint(ends[0].0, ends[1].0), f64::midpoint(ends[0].1, ends[1].1))
}

/// A curve to the left, around the boxes.
fn back(from: (f64, f64), to: (f64, f64)) -> String {
    let ((x0, y0), (x1, y1)) = (from, to);
    let low = y0.max(y1) + ROW / 1.6;
    format!("M{x0:.0} {y0:.0} C{:.0} {low:.0} {:.0} {low:.0} {x1:.0} {y1:.0}", x0 + GAP / 2.0, x1 - GAP / 2.0)
}

/// Room before a column, so that the names of the events that come into it fit.
fn gap(lines: &[Line], column: &[Item]) -> f64 {
    let into = lines.iter().filter(|line| column.contains(&Item::Service(line.to)));
    let names = into.filter_map(|line| line.events.as_ref());
    names.map(|names| number(names.chars().count()) * SMALL_LETTER + 2.0 * MARGIN).fold(GAP, f64::max)
}

fn cylinder(text: &mut String, x: f64, middle: f64) {
    let top = middle - 7.0;
    let _ = writeln!(
        text,
        "<path class=\"line\" d=\"M{x:.0} {top:.0} v14 a7 3 0 0 0 14 0 v-14 a7 3 0 0 0 -14 0 a7 3 0 0 0 14 0\">\
         <title>stores data</title></path>"
    );
}

fn made_of(node: &Node) -> String {
    match (&node.template, node.protocol) {
        (None, _) => "elsewhere".to_owned(),
        (Some(template), Protocol::Grpc) if template == "grpc" => "gRPC".to_owned(),
        (Some(template), Protocol::Grpc) => format!("{template}, gRPC"),
        (Some(template), Protocol::Http) => template.clone(),
    }
}

fn width(node: &Node) -> f64 {
    let letters = number(node.name.chars().count().max(made_of(node).chars().count()));
    24.0 + letters * LETTER + if node.stores { CYLINDER } else { 0.0 }
}

fn number(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
