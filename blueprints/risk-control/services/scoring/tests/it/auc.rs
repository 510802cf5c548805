//! Areas that were worked out by hand.

use scoring::auc::auc;

fn is(scored: &[(f64, bool)], expected: f64) {
    let found = auc(scored).unwrap();
    assert!((found - expected).abs() < 1e-12, "{found}, not {expected}");
}

#[test]
fn five_points() {
    // Of the six pairs, the fraud of 0.9 wins three, that of 0.4 two of its three.
    let five = [
        (0.9, true),
        (0.5, false),
        (0.4, true),
        (0.3, false),
        (0.1, false),
    ];
    is(&five, 5.0 / 6.0);
    let reversed: Vec<(f64, bool)> = five.iter().rev().copied().collect();
    is(&reversed, 5.0 / 6.0);
}

#[test]
fn ties_count_half() {
    // The fraud of 0.5 has the same as one of three: half a pair of its three, and two whole ones.
    is(
        &[(0.5, true), (0.5, false), (0.2, false), (0.1, false)],
        2.5 / 3.0,
    );
    is(&[(0.5, true), (0.5, false), (0.5, true), (0.5, false)], 0.5);
}

#[test]
fn best_worst_and_nothing_to_compare() {
    is(&[(0.2, true), (0.1, false)], 1.0);
    is(&[(0.1, true), (0.2, false)], 0.0);
    assert_eq!(auc(&[(0.1, true)]), None);
    assert_eq!(auc(&[]), None);
}
