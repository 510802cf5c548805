//! Quantities of Kubernetes as numbers, near enough to compare sums of them.

/// The number that a quantity such as `250m` or `64Mi` stands for.
pub(super) fn number(text: &str) -> Option<f64> {
    const UNITS: [(&str, f64); 15] = [
        ("Ki", 1024.0),
        ("Mi", 1_048_576.0),
        ("Gi", 1_073_741_824.0),
        ("Ti", 1_099_511_627_776.0),
        ("Pi", 1_125_899_906_842_624.0),
        ("Ei", 1_152_921_504_606_846_976.0),
        ("n", 1e-9),
        ("u", 1e-6),
        ("m", 1e-3),
        ("k", 1e3),
        ("M", 1e6),
        ("G", 1e9),
        ("T", 1e12),
        ("P", 1e15),
        ("E", 1e18),
    ];
    if let Ok(plain) = text.parse() {
        return Some(plain);
    }
    let (digits, factor) = UNITS.iter().find_map(|(unit, factor)| Some((text.strip_suffix(unit)?, factor)))?;
    digits.parse::<f64>().ok().map(|n| n * factor)
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn units_are_counted_in() {
        let near = |text: &str, wanted: f64| (number(text).unwrap() - wanted).abs() < 1e-9;
        assert!(near("250m", 0.25) && near("1.5", 1.5) && near("2k", 2000.0) && near("2e3", 2000.0));
        assert!(near("64Mi", 67_108_864.0) && near("1G", 1e9));
        assert_eq!(number("many"), None);
    }
}
