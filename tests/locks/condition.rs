//! The shortest condition that holds for some combinations and not for others.

use std::collections::BTreeSet;

use super::combinations::Combination;

/// Combinations by their number.
pub type Set = BTreeSet<usize>;

/// More facts than these in one conjunction are never needed in practice.
const FACTS: usize = 3;

struct Conjunction {
    texts: Vec<String>,
    negations: usize,
    holds: Set,
}

/// A condition that holds in `wanted`, and does not in the rest of `within`; `None` if it always holds there.
pub fn between(all: &[Combination], wanted: &Set, within: &Set) -> Option<String> {
    if wanted == within {
        return None;
    }
    let fitting: Vec<Conjunction> =
        conjunctions(all, within).into_iter().filter(|c| !c.holds.is_empty() && c.holds.is_subset(wanted)).collect();
    let (mut left, mut parts) = (wanted.clone(), Vec::new());
    while !left.is_empty() {
        // The one that says most in the fewest words; of those, the first.
        let worth = |c: &&Conjunction| {
            let covered = c.holds.intersection(&left).count();
            (covered, std::cmp::Reverse((c.texts.len(), c.negations)))
        };
        let best = fitting.iter().rev().max_by_key(worth).expect("no condition tells these combinations apart");
        assert!(!best.holds.is_disjoint(&left), "no condition tells these combinations apart");
        left = &left - &best.holds;
        parts.push(best.texts.join(" and "));
    }
    Some(parts.join(" or "))
}

fn conjunctions(all: &[Combination], within: &Set) -> Vec<Conjunction> {
    let facts = all[0].facts.len();
    let mut literals = Vec::new();
    for fact in 0..facts {
        for wanted in [true, false] {
            let text = if wanted { &all[0].facts[fact].yes } else { &all[0].facts[fact].no };
            let holds = within.iter().copied().filter(|i| all[*i].facts[fact].holds == wanted).collect();
            literals.push(Conjunction { texts: vec![text.clone()], negations: usize::from(!wanted), holds });
        }
    }
    let mut made: Vec<(usize, Conjunction)> = Vec::new();
    let mut last: Vec<(usize, Conjunction)> =
        vec![(0, Conjunction { texts: Vec::new(), negations: 0, holds: within.clone() })];
    for _ in 0..FACTS {
        let mut longer = Vec::new();
        for (from, shorter) in &last {
            for (index, literal) in literals.iter().enumerate().skip(*from) {
                let holds: Set = &shorter.holds & &literal.holds;
                // A fact that changes nothing is not said.
                if holds.len() < shorter.holds.len() && !holds.is_empty() {
                    let texts = shorter.texts.iter().chain(&literal.texts).cloned().collect();
                    let negations = shorter.negations + literal.negations;
                    longer.push((index + 1, Conjunction { texts, negations, holds }));
                }
            }
        }
        made.append(&mut last);
        last = longer;
    }
    made.append(&mut last);
    made.into_iter().map(|(_, conjunction)| conjunction).collect()
}
