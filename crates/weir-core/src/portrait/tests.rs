use super::*;

fn sizes(subject: u64, base: u64, both: u64) -> Sizes {
    Sizes { subject, base, both }
}

#[track_caller]
fn near(found: Option<f64>, expected: f64) {
    let found = found.expect("a number");
    assert!((found - expected).abs() <= 1e-9 * expected.abs().max(1.0), "{found} is not {expected}");
}

/// Two samples beside each other, 15 of 100 and 10 of 200: Katz's formula by hand, exp(ln 3 ± z √(1/15 − 1/100 + 1/10 − 1/200)),
/// and χ² = 8.7272….
#[test]
fn apart_it_is_katz() {
    let found = Comparison::new(sizes(15, 10, 0), sizes(100, 200, 0));
    near(found.tgi, 300.0);
    let (low, high) = found.interval.unwrap();
    near(Some(low), 139.838_217_654_492_75);
    near(Some(high), 643.600_880_428_616_3);
    near(found.p, 0.003_134_850_581_453_062_6);
    assert_eq!(found.caution, None);
}

/// 120 of 400 within 280 of 2,000. Of 400,000 simulated samples of two binomials (400 × 0.3, 1,600 × 0.1) the logarithm of
/// the ratio deviates by 0.06095; the delta method says 0.06117, two samples beside each other would be 0.096.
#[test]
fn within_the_base_people_count_once() {
    let found = Comparison::new(sizes(120, 280, 120), sizes(400, 2_000, 400));
    near(found.tgi, 214.285_714_285_714_28);
    let (low, high) = found.interval.unwrap();
    near(Some(low), 190.075_926_143_669_73);
    near(Some(high), 241.579_079_889_534_1);
    let deviation = (high / low).ln() / 2.0 / Z;
    assert!((deviation - 0.060_949).abs() < 0.001, "{deviation}");
    assert!(found.p.unwrap() < 1e-20 && found.is_notable(Some(0.01)) && !found.is_notable(Some(0.06)));
}

/// Sums of fractions of binomials, exactly; the first is Fisher's tea, R. A. Fisher, The Design of Experiments (1935).
#[test]
fn few_people_are_tested_exactly() {
    let p = |(x, n), (y, m)| test((x, n), (y, m));
    near(p((3, 4), (1, 4)), 34.0 / 70.0);
    near(p((2, 15), (3, 5)), 0.072_626_418_988_648_09);
    near(p((8, 10), (1, 20)), 6.360_456_135_568_58e-5);
    near(p((1, 1_000), (30, 5_000)), {
        // Expected are 5.17 and 25.8: many enough for χ².
        let (share, difference): (f64, f64) = (31.0 / 6_000.0, 0.005);
        erfc(difference / (share * (1.0 - share) * (1.0 / 1_000.0 + 1.0 / 5_000.0)).sqrt() / 2_f64.sqrt())
    });
}

#[test]
fn nothing_is_divided_by_nobody() {
    let of = sizes(100, 1_000, 100);
    let check = |row, of, tgi: Option<f64>, caution| {
        let found = Comparison::new(row, of);
        assert_eq!((found.tgi, found.caution), (tgi, caution), "{row:?}");
        let (low, high) = found.interval.unwrap_or((0.0, 0.0));
        assert!(low.is_finite() && high.is_finite() && low <= high, "{found:?}");
        assert!(found.p.is_none_or(|p| (0.0..=1.0).contains(&p)), "{found:?}");
        found
    };
    let none = check(sizes(0, 0, 0), of, None, Some(Caution::NotInBase));
    assert_eq!((none.p, none.interval), (None, None));
    let absent = check(sizes(0, 300, 0), of, Some(0.0), Some(Caution::NotInSubject));
    assert!(absent.interval.unwrap().1 < 100.0 && absent.p.unwrap() < 1e-9);
    check(sizes(100, 1_000, 100), of, Some(100.0), None);
    check(sizes(100, 100, 100), of, Some(1_000.0), None);
    check(sizes(1, 2, 1), of, Some(500.0), Some(Caution::Few));
    let all = check(sizes(10, 10, 10), sizes(50, 50, 50), Some(100.0), Some(Caution::NoRest));
    assert_eq!((all.p, all.interval), (None, Some((100.0, 100.0))));
    let nobody = check(sizes(0, 300, 0), sizes(0, 1_000, 0), None, Some(Caution::NotInSubject));
    assert_eq!((nobody.share, nobody.interval), (None, None));
    check(sizes(5, 0, 0), sizes(10, 1_000, 0), None, Some(Caution::NotInBase));
}

/// The fifteen p-values of Benjamini and Hochberg's own example (1995, section 4): four are discoveries at 5 %.
#[test]
fn false_discoveries_are_controlled() {
    let p = [
        0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719,
        0.6528, 0.7590, 1.0,
    ];
    let mut tests: Vec<Option<f64>> = p.into_iter().map(Some).collect();
    tests.reverse();
    tests.insert(3, None);
    let rates = false_discovery(&tests);
    assert_eq!(rates.iter().flatten().filter(|q| **q <= 0.05).count(), 4);
    assert_eq!((rates[0], rates[3]), (Some(1.0), None));
    near(rates[15], 0.0015);
    near(rates[12], 0.035_625);
    // Not less than that of a smaller p: 0.0278 × 15 ÷ 6 is more than 0.0298 × 15 ÷ 7.
    near(rates[10], 0.063_857_142_857_142_86);
    assert_eq!(rates[9], rates[10]);
}
