//! A few combinations in which any two answers meet that can meet at all.

use std::collections::BTreeSet;

use crate::support::combinations::Combination;

/// Two facts, by their numbers, and whether each holds.
type Pair = [(usize, bool); 2];

/// The fewest combinations, nearly, that hold all pairs; each next one is the one with most that are new.
pub fn choose(all: Vec<Combination>) -> Vec<Combination> {
    let mut left: BTreeSet<Pair> = all.iter().flat_map(pairs).collect();
    let (mut all, mut chosen) = (all, Vec::new());
    while !left.is_empty() {
        let new = |combination: &Combination| pairs(combination).filter(|pair| left.contains(pair)).count();
        // Of several the last, which has most options on.
        let best = (0..all.len()).max_by_key(|index| new(&all[*index])).unwrap();
        let best = all.remove(best);
        for pair in pairs(&best) {
            left.remove(&pair);
        }
        chosen.push(best);
    }
    chosen
}

fn pairs(combination: &Combination) -> impl Iterator<Item = Pair> {
    let facts = || combination.facts.iter().map(|fact| fact.holds).enumerate();
    facts().flat_map(move |one| facts().map(move |other| [one, other]))
}
