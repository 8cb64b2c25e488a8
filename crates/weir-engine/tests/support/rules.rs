//! The oracle answers every question of every written rule.

use weir_engine::oracle::Oracle;

use crate::support::fixture;

#[test]
fn the_oracle_keeps_every_rule() {
    let mut differences = Vec::new();
    for (name, fixture) in fixture::rules() {
        let oracle = Oracle::new(&fixture.world);
        differences.extend(fixture.differences(&oracle).iter().map(|d| format!("{name} {d}")));
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}
