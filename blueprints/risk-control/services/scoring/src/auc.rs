//! How well scores tell fraud from the rest: the area under the ROC curve. It is the probability
//! that a fraud has a higher score than an honest payment, both taken by chance; where they have
//! the same, it counts half.

/// The area, by the sum of the ranks of the frauds (Mann and Whitney); `None` where one of the two
/// kinds is missing.
#[must_use]
pub fn auc(scored: &[(f64, bool)]) -> Option<f64> {
    let mut sorted = scored.to_vec();
    sorted.sort_by(|(one, _), (other, _)| one.total_cmp(other));
    let (mut frauds, mut honest, mut ranks, mut before) = (0.0, 0.0, 0.0, 0.0);
    for same in sorted.chunk_by(|(one, _), (other, _)| one.total_cmp(other).is_eq()) {
        let count = same.iter().fold(0.0, |count, _| count + 1.0);
        let among = same.iter().filter(|(_, fraud)| *fraud);
        let among = among.fold(0.0, |count, _| count + 1.0);
        // All that have the same score share the mean of their ranks, which begin with 1.
        ranks += among * f64::midpoint(before + 1.0, before + count);
        before += count;
        frauds += among;
        honest += count - among;
    }
    let pairs: f64 = frauds * honest;
    (pairs > 0.0).then(|| (ranks - frauds * (frauds + 1.0) / 2.0) / pairs)
}
