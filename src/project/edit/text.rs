//! Insertions into the text of a YAML document. Nothing that stands there is rewritten; whether the result says what
//! was meant is checked by who calls this.

use super::places::{Entry, Node};

/// A document as lines, with the line ending that it uses.
pub(super) struct Text {
    lines: Vec<String>,
    ending: &'static str,
}

impl Text {
    pub(super) fn new(text: &str) -> Self {
        let ending = if text.contains("\r\n") { "\r\n" } else { "\n" };
        Self { lines: text.lines().map(str::to_owned).collect(), ending }
    }

    pub(super) fn finish(self) -> String {
        self.lines.into_iter().map(|line| line + self.ending).collect()
    }

    /// Puts `lines` behind the last entry of a mapping in block style, indented as its entries are.
    pub(super) fn append_to_block(&mut self, entries: &[Entry], lines: &[String]) -> Option<()> {
        let (first, last) = (entries.first()?, entries.last()?);
        let end = self.end_of(last.line, first.column);
        self.insert(end + 1, first.column, lines);
        Some(())
    }

    /// Puts `lines` below the key of `parent`, which has no value yet, or the value `{}`.
    pub(super) fn fill(&mut self, parent: &Entry, lines: &[String]) -> Option<()> {
        let line = self.lines.get_mut(parent.line)?;
        let colon = line.find(':')? + 1;
        let (key, rest) = line.split_at(colon);
        let rest = rest.trim_start().strip_prefix("{}").unwrap_or(rest.trim_start()).trim_start();
        if !(rest.is_empty() || rest.starts_with('#')) {
            return None;
        }
        *line = if rest.is_empty() { key.to_owned() } else { format!("{key} {rest}") };
        self.insert(parent.line + 1, parent.column + 2, lines);
        Some(())
    }

    /// Puts `item` behind the last entry of a mapping in flow style, which begins behind the key of `parent`.
    pub(super) fn append_to_flow(&mut self, parent: &Entry, item: &str) -> Option<()> {
        let (line, at) = closing_brace(&self.lines, parent)?;
        let (before, after) = self.lines[line].split_at(at);
        let kept = before.trim_end();
        let space = if before.len() > kept.len() { " " } else { "" };
        let comma = if kept.ends_with(',') { "" } else { "," };
        self.lines[line] = format!("{kept}{comma} {item}{space}{after}");
        Some(())
    }

    /// Where a list ends whose key `entry` is: the line and, if it is in brackets, the place of the closing one.
    pub(super) fn closing_bracket(&self, entry: &Entry) -> Option<(usize, Option<usize>)> {
        let behind = self.lines.get(entry.line)?.get(entry.column + entry.key.len()..)?.trim_start();
        let value = behind.strip_prefix(':')?.trim_start();
        if !value.starts_with('[') {
            let is_item = |line: &String| line.trim_start().starts_with("- ");
            let items = self.lines.iter().skip(entry.line + 1).take_while(|line| is_item(line)).count();
            return (items > 0 && (value.is_empty() || value.starts_with('#'))).then_some((entry.line + items, None));
        }
        let lines = self.lines.iter().enumerate().skip(entry.line);
        let mut ends = lines.filter_map(|(number, line)| {
            let code = line.split_once(" #").map_or(line.as_str(), |(code, _)| code);
            Some((number, Some(code.find(']')?)))
        });
        ends.next()
    }

    /// Puts an item before the bracket that stands at this place.
    pub(super) fn append_item(&mut self, line: usize, at: usize, item: &str) -> Option<()> {
        let (before, after) = self.lines.get(line)?.split_at_checked(at)?;
        let kept = before.trim_end();
        let comma = if kept.ends_with(['[', ',']) || kept.is_empty() { "" } else { "," };
        let space = if kept.ends_with('[') || kept.is_empty() { "" } else { " " };
        self.lines[line] = format!("{kept}{comma}{space}{item}{after}");
        Some(())
    }

    /// Puts an item on a line of its own, below one that is written so.
    pub(super) fn append_dash(&mut self, line: usize, item: &str) -> Option<()> {
        let above = self.lines.get(line)?;
        let indent = above.len() - above.trim_start().len();
        self.insert(line + 1, indent, &[format!("- {item}")]);
        Some(())
    }

    /// Puts `lines` before the first of `later`, with the comment that stands above it left to it; else at the end.
    pub(super) fn insert_before(&mut self, document: &Node, later: &[&str], lines: &[String]) {
        let next = document.entries().iter().find(|entry| later.contains(&entry.key.as_str()));
        let mut at = next.map_or(self.lines.len(), |entry| entry.line);
        while next.is_some() && at > 0 && self.lines[at - 1].starts_with('#') {
            at -= 1;
        }
        self.insert(at, 0, lines);
        let above = at.checked_sub(1).and_then(|above| self.lines.get(above));
        if next.is_some() && above.is_some_and(|line| line.trim().is_empty()) {
            self.lines.insert(at + lines.len(), String::new());
        }
    }

    fn insert(&mut self, at: usize, indent: usize, lines: &[String]) {
        let indented = lines.iter().map(|line| format!("{:indent$}{line}", ""));
        self.lines.splice(at..at, indented);
    }

    /// The last line of the entry that begins in line `start`: what follows and is indented more than `column`, and
    /// comments that are indented as the entry is.
    fn end_of(&self, start: usize, column: usize) -> usize {
        let mut end = start;
        for (number, line) in self.lines.iter().enumerate().skip(start + 1) {
            let content = line.trim_start();
            let indent = line.len() - content.len();
            if content.is_empty() {
                continue;
            }
            let comment = content.starts_with('#');
            if indent > column || (comment && indent == column && column > 0) {
                end = number;
            } else if !comment {
                break;
            }
        }
        end
    }
}

/// The place of the brace that closes the flow mapping behind `parent`'s key.
fn closing_brace(lines: &[String], parent: &Entry) -> Option<(usize, usize)> {
    let mut depth = 0_u32;
    let mut quote = None;
    for (number, line) in lines.iter().enumerate().skip(parent.line) {
        let from = if number == parent.line { parent.column } else { 0 };
        let mut before = ' ';
        for (at, letter) in line.char_indices().skip(from) {
            match (quote, letter) {
                (Some(open), letter) if letter == open && before != '\\' => quote = None,
                (None, '#') if before.is_whitespace() => break,
                (None, '"' | '\'') if !before.is_alphanumeric() => quote = Some(letter),
                (None, '{') => depth += 1,
                (None, '}') if depth == 1 => return Some((number, at)),
                (None, '}') => depth = depth.checked_sub(1)?,
                _ => {}
            }
            before = letter;
        }
    }
    None
}
