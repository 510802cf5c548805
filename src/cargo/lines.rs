//! Splits what a process writes into lines: any bytes, any length.

use std::collections::VecDeque;

use tokio::io::{AsyncRead, AsyncReadExt};

/// Longer lines are told in pieces of at most this many bytes.
const LONGEST: usize = 16 * 1024;

/// The lines of a source.
pub struct Lines<S> {
    source: S,
    chunk: Vec<u8>,
    splitter: Splitter,
    whole: VecDeque<String>,
}

impl<S: AsyncRead + Unpin> Lines<S> {
    /// Of a source of bytes.
    pub fn of(source: S) -> Self {
        Self { source, chunk: vec![0; 8 * 1024], splitter: Splitter::default(), whole: VecDeque::new() }
    }

    /// Of a source that draws lines over each other, as moving progress does: each state counts.
    pub fn with_states(source: S) -> Self {
        Self { splitter: Splitter { states: true, ..Splitter::default() }, ..Self::of(source) }
    }

    /// The next line, without its end. A source that breaks counts as ended.
    pub async fn next(&mut self) -> Option<String> {
        while self.whole.is_empty() {
            match self.source.read(&mut self.chunk).await {
                Ok(length @ 1..) => self.whole.extend(self.splitter.push(&self.chunk[..length])),
                _ => return self.splitter.finish(),
            }
        }
        self.whole.pop_front()
    }
}

/// Bytes in, whole lines out.
#[derive(Debug, Default)]
struct Splitter {
    begun: Vec<u8>,
    /// Whether a carriage return ends a line, too.
    states: bool,
}

impl Splitter {
    /// The lines that `bytes` complete.
    fn push(&mut self, bytes: &[u8]) -> Vec<String> {
        let mut lines = Vec::new();
        let ends = |byte: &u8| *byte == b'\n' || (self.states && *byte == b'\r');
        for part in bytes.split_inclusive(ends) {
            self.begun.extend_from_slice(part);
            if part.last().is_some_and(ends) {
                lines.push(text(&std::mem::take(&mut self.begun)));
            }
            while self.begun.len() > LONGEST {
                let rest = self.begun.split_off(cut(&self.begun));
                lines.push(text(&std::mem::replace(&mut self.begun, rest)));
            }
        }
        lines
    }

    /// A last line that nothing ended.
    fn finish(&mut self) -> Option<String> {
        let rest = std::mem::take(&mut self.begun);
        (!rest.is_empty()).then(|| text(&rest))
    }
}

/// Where to cut a line that is too long: not inside a character.
fn cut(bytes: &[u8]) -> usize {
    let inside = |at: usize| bytes[at] & 0b1100_0000 == 0b1000_0000;
    (LONGEST - 3..=LONGEST).rev().find(|at| !inside(*at)).unwrap_or(LONGEST)
}

fn text(line: &[u8]) -> String {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    String::from_utf8_lossy(line.strip_suffix(b"\r").unwrap_or(line)).into_owned()
}

#[cfg(test)]
mod tests {
    use super::{LONGEST, Splitter};

    #[test]
    fn lines_come_whole_however_they_were_cut() {
        let mut splitter = Splitter::default();
        assert!(splitter.push(b"one").is_empty());
        assert_eq!(splitter.push(b" line\r\n\nnext"), ["one line", ""]);
        assert_eq!(splitter.finish().as_deref(), Some("next"));
    }

    #[test]
    fn states_drawn_over_each_other_are_lines() {
        let mut splitter = Splitter { states: true, ..Splitter::default() };
        assert_eq!(splitter.push(b"1/9\r2/9\rdone\n"), ["1/9", "2/9", "done"]);
    }

    #[test]
    fn what_is_no_text_is_replaced() {
        assert_eq!(Splitter::default().push(b"a\xffb\n"), ["a\u{fffd}b"]);
    }

    #[test]
    fn an_endless_line_comes_in_pieces_of_whole_characters() {
        let endless = format!("x{}", "é".repeat(LONGEST));
        let mut splitter = Splitter::default();
        let mut told = splitter.push(endless.as_bytes());
        assert!(told.len() > 1);
        told.extend(splitter.finish());
        assert_eq!(told.concat(), endless);
    }
}
