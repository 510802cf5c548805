use sqlx::types::Uuid;

use super::{Interaction, Model, Scored};

/// Users are 1 to 4, products 11 to 14.
fn model() -> Model {
    let interactions = [
        (1, 11, true),
        (1, 12, true),
        (2, 11, true),
        (2, 12, false),
        (2, 13, true),
        (3, 11, false),
        (4, 14, false),
    ];
    Model::new(interactions.map(|(user, product, bought)| Interaction {
        user: Uuid::from_u128(user),
        product: Uuid::from_u128(product),
        bought,
    }))
}

fn close(found: &[Scored], expected: &[(u128, f64)]) {
    let products: Vec<_> = found.iter().map(|(product, _)| product.as_u128()).collect();
    let others: Vec<_> = expected.iter().map(|(product, _)| *product).collect();
    assert_eq!(products, others, "{found:?}");
    for ((_, score), (_, expected)) in found.iter().zip(expected) {
        assert!((score - expected).abs() < 1e-4, "{score}, not {expected}");
    }
}

/// Worked out by hand. The columns, by users 1 to 3: 11 is (3, 3, 1), 12 is (3, 1, 0), 13 is
/// (0, 3, 0); their lengths are √19 = 4.3589, √10 = 3.1623 and 3.
/// 11 and 12: (9 + 3) / (4.3589 * 3.1623) = 0.8706; 11 and 13: 9 / (4.3589 * 3) = 0.6882.
#[test]
fn likeness_is_that_worked_out_by_hand() {
    close(
        &model().like(Uuid::from_u128(11)),
        &[(12, 0.8706), (13, 0.6882)],
    );
    close(&model().like(Uuid::from_u128(14)), &[]);
    close(&model().like(Uuid::from_u128(99)), &[]);
}

/// User 3 has looked at 11: the same. User 1 has bought 11 and 12, which user 2 has, too: 13 is
/// like 11 by 0.6882 and like 12 by 1 * 3 / (3.1623 * 3) = 0.3162, each three times: 3.0134.
#[test]
fn recommendations_are_those_worked_out_by_hand() {
    close(
        &model().for_user(Uuid::from_u128(3)),
        &[(12, 0.8706), (13, 0.6882)],
    );
    close(&model().for_user(Uuid::from_u128(1)), &[(13, 3.0134)]);
    // Nobody else has looked at what user 4 has.
    close(&model().for_user(Uuid::from_u128(4)), &[]);
    close(&model().for_user(Uuid::from_u128(99)), &[]);
}

#[test]
fn popular_is_what_most_have_bought_or_seen() {
    let all = [(11, 7.0), (12, 4.0), (13, 3.0), (14, 1.0)];
    close(&model().popular(Uuid::from_u128(99)), &all);
    close(
        &model().popular(Uuid::from_u128(1)),
        &[(13, 3.0), (14, 1.0)],
    );
    close(&Model::new([]).popular(Uuid::nil()), &[]);
}
