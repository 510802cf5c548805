//! Which numbers fields have. The committed `.proto` file is what clients were compiled from, so it decides:
//!
//! - what is in it keeps its number, for as long as its type stays;
//! - what is new gets a number above all that were ever given;
//! - what is gone leaves its number, and its name, reserved.

use super::committed::Message;

/// A field, or a value of an enum, that there shall be.
#[derive(Debug)]
pub(super) struct Wanted {
    pub(super) name: String,
    /// Its type; empty for a value of an enum.
    pub(super) kind: String,
}

/// Fields with their numbers.
#[derive(Debug, Default)]
pub(super) struct Numbered {
    numbers: Vec<(String, i32)>,
    reserved_numbers: Vec<i32>,
    reserved_names: Vec<String>,
}

pub(super) fn assign(committed: &Message, wanted: &[Wanted], first: i32) -> Numbered {
    let mut next = committed.highest().map_or(first, |highest| first.max(highest + 1));
    let mut numbered = Numbered::default();
    for field in wanted {
        let number = committed.number(&field.name, &field.kind).unwrap_or_else(|| {
            next += 1;
            next - 1
        });
        numbered.numbers.push((field.name.clone(), number));
    }
    let in_use = |number: &i32| numbered.numbers.iter().any(|(_, used)| used == number);
    let is_wanted = |name: &String| wanted.iter().any(|field| field.name == *name);
    // What is not the template's is the user's own: it is merged, and neither written nor reserved here.
    let gone = committed.of_template.iter().filter(|field| field.number >= first && !in_use(&field.number));
    numbered.reserved_numbers =
        committed.reserved_numbers.iter().copied().chain(gone.clone().map(|f| f.number)).collect();
    numbered.reserved_numbers.sort_unstable();
    numbered.reserved_numbers.dedup();
    let names = committed.reserved_names.iter().chain(gone.map(|field| &field.name));
    numbered.reserved_names = names.filter(|name| !is_wanted(name)).cloned().collect();
    numbered.reserved_names.sort_unstable();
    numbered.reserved_names.dedup();
    numbered
}

impl Numbered {
    pub(super) fn number(&self, name: &str) -> i32 {
        self.numbers.iter().find(|(known, _)| known == name).map_or(0, |(_, number)| *number)
    }

    /// The statements that keep others from taking what is gone.
    pub(super) fn reserved(&self) -> Vec<String> {
        let numbers: Vec<String> = self.reserved_numbers.iter().map(i32::to_string).collect();
        let names: Vec<String> = self.reserved_names.iter().map(|name| format!("\"{name}\"")).collect();
        [numbers, names].iter().filter(|l| !l.is_empty()).map(|l| format!("reserved {};", l.join(", "))).collect()
    }
}
