//! Where things stand in the picture: callers left of those they call, in columns, so that few lines cross.
//!
//! The usual way of layered drawings (Sugiyama, Tagawa and Toda, 1981): columns by the longest way from a caller, lines
//! over several columns led through places in each, and columns put in order by the mean place of their neighbours.

use std::collections::BTreeSet;

/// How often columns are put in order, there and back. Mean places settle within a few rounds.
const ROUNDS: usize = 12;

/// What stands in a column: a service, by its number, or a line that passes, by its.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Item {
    Service(usize),
    Passing(usize),
}

/// The columns from left to right, each from top to bottom.
pub(super) type Columns = Vec<Vec<Item>>;

/// Columns of `count` services, between which `lines` lead. Lines that would lead back to the left (events in answer to
/// a call) are left aside.
pub(super) fn columns(count: usize, lines: &[(usize, usize)]) -> Columns {
    let forward = forward(count, lines);
    let column = ranks(count, lines, &forward);
    let mut columns: Columns = vec![Vec::new(); column.iter().max().map_or(0, |last| last + 1)];
    for (service, at) in column.iter().enumerate() {
        columns[*at].push(Item::Service(service));
    }
    for line in &forward {
        let (from, to) = lines[*line];
        for passed in &mut columns[column[from] + 1..column[to]] {
            passed.push(Item::Passing(*line));
        }
    }
    let neighbours = Neighbours { lines, forward: &forward };
    for round in 0..ROUNDS {
        for step in 1..columns.len() {
            let (fixed, moved) =
                if round % 2 == 0 { (step - 1, step) } else { (columns.len() - step, columns.len() - step - 1) };
            let fixed = columns[fixed].clone();
            neighbours.sort(&fixed, &mut columns[moved]);
        }
    }
    columns
}

/// The lines, by number, that can all lead to the right.
fn forward(count: usize, lines: &[(usize, usize)]) -> BTreeSet<usize> {
    let mut taken = BTreeSet::new();
    for (number, (from, to)) in lines.iter().enumerate() {
        let (mut open, mut seen) = (vec![*to], vec![false; count]);
        while let Some(service) = open.pop() {
            if !std::mem::replace(&mut seen[service], true) {
                let next = taken.iter().map(|line: &usize| lines[*line]).filter(|(from, _)| *from == service);
                open.extend(next.map(|(_, to)| to));
            }
        }
        if !seen[*from] {
            taken.insert(number);
        }
    }
    taken
}

/// The column of each service: one behind the last of those that lead to it.
fn ranks(count: usize, lines: &[(usize, usize)], forward: &BTreeSet<usize>) -> Vec<usize> {
    let mut ranks = vec![0; count];
    // The longest way has fewer steps than there are services.
    for _ in 0..count {
        for line in forward {
            let (from, to) = lines[*line];
            ranks[to] = ranks[to].max(ranks[from] + 1);
        }
    }
    ranks
}

struct Neighbours<'a> {
    lines: &'a [(usize, usize)],
    forward: &'a BTreeSet<usize>,
}

impl Neighbours<'_> {
    /// Puts `moved` in the order of the mean places of its neighbours in `fixed`; what has none stays where it is.
    fn sort(&self, fixed: &[Item], moved: &mut [Item]) {
        let mut keyed: Vec<(f64, Item)> =
            moved.iter().enumerate().map(|(at, item)| (self.mean(fixed, *item, at), *item)).collect();
        keyed.sort_by(|a, b| a.0.total_cmp(&b.0));
        for (place, (_, item)) in moved.iter_mut().zip(keyed) {
            *place = item;
        }
    }

    fn mean(&self, fixed: &[Item], item: Item, at: usize) -> f64 {
        let places = fixed.iter().enumerate().filter(|(_, other)| self.joined(item, **other));
        let (mut sum, mut count) = (0.0, 0.0);
        for (place, _) in places {
            sum += f64::from(u32::try_from(place).unwrap_or(u32::MAX));
            count += 1.0;
        }
        if count > 0.0 { sum / count } else { f64::from(u32::try_from(at).unwrap_or(u32::MAX)) }
    }

    /// Whether a line leads between two things of neighbouring columns.
    fn joined(&self, one: Item, other: Item) -> bool {
        let ends = |line: usize, service: usize| self.lines[line].0 == service || self.lines[line].1 == service;
        match (one, other) {
            (Item::Passing(a), Item::Passing(b)) => a == b,
            (Item::Passing(line), Item::Service(s)) | (Item::Service(s), Item::Passing(line)) => ends(line, s),
            (Item::Service(a), Item::Service(b)) => self.forward.iter().any(|line| {
                let pair = self.lines[*line];
                pair == (a, b) || pair == (b, a)
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Item::{Passing, Service};
    use super::columns;

    #[test]
    fn callers_stand_left_of_what_they_call_and_long_lines_pass_between() {
        // gateway 0 -> orders 1 -> users 2, gateway -> users.
        let lines = [(0, 1), (1, 2), (0, 2)];
        assert_eq!(columns(3, &lines), [vec![Service(0)], vec![Service(1), Passing(2)], vec![Service(2)]]);
    }

    #[test]
    fn lines_that_lead_back_are_left_aside() {
        assert_eq!(columns(2, &[(0, 1), (1, 0)]), [vec![Service(0)], vec![Service(1)]]);
    }

    #[test]
    fn columns_are_put_in_order_so_that_lines_do_not_cross() {
        // 0 -> 3 and 1 -> 2 would cross in the order of numbers.
        let placed = columns(4, &[(0, 3), (1, 2)]);
        assert_eq!(placed, [vec![Service(0), Service(1)], vec![Service(3), Service(2)]]);
    }
}
