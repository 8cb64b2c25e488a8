//! Tracks over real data, beside the same figures in independent SQL.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{Weir, duckdb};

/// How long ago the last purchase was, one state for each stretch of time.
pub const RECENCY: &str = "kind: state_model
name: recency
states:
- {name: d30, when: {did: {behavior: [purchase], within: {days: 30}}}}
- {name: d90, when: {did: {behavior: [purchase], within: {days: 90}}}}
- {name: d180, when: {did: {behavior: [purchase], within: {days: 180}}}}
- {name: d365, when: {did: {behavior: [purchase], within: {days: 365}}}}
- {name: older, when: {did: {behavior: [purchase]}}}
";

/// The state of somebody by purchase days `n` and last purchase `last` as of `d`, in SQL.
pub const MODELS: [(&str, &[&str], &str); 2] = [
    (
        "retail",
        &["old", "new", "potential", "none"],
        "CASE WHEN n >= 2 THEN 'old' WHEN n = 1 THEN 'new' ELSE 'none' END",
    ),
    (
        "recency",
        &["d30", "d90", "d180", "d365", "older", "none"],
        "CASE WHEN d - last < 30 THEN 'd30' WHEN d - last < 90 THEN 'd90' WHEN d - last < 180 THEN 'd180' \
         WHEN d - last < 365 THEN 'd365' WHEN last IS NOT NULL THEN 'older' ELSE 'none' END",
    ),
];

/// The last days of the months of 2011.
pub fn month_ends() -> Vec<String> {
    let days = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    days.iter().enumerate().map(|(month, day)| format!("2011-{:02}-{day}", month + 1)).collect()
}

/// How many took each path over some dates, by SQL over the Parquet files.
pub fn paths_by_sql(python: &str, weir: &Weir, dates: &[String], state: &str) -> BTreeMap<String, u64> {
    let list: Vec<String> = dates.iter().map(|date| format!("DATE '{date}'")).collect();
    let sql = format!(
        "WITH dates AS (SELECT unnest([{}]) AS d), people AS (SELECT DISTINCT consumer FROM events),
              known AS (SELECT consumer, d, count(DISTINCT day) AS n, max(day) AS last FROM people CROSS JOIN dates
                        LEFT JOIN (SELECT consumer, day FROM events WHERE behavior = 'purchase') AS bought
                               USING (consumer)
                        WHERE day IS NULL OR day <= d GROUP BY consumer, d),
              every AS (SELECT consumer, d, coalesce(n, 0) AS n, last FROM people CROSS JOIN dates
                        LEFT JOIN known USING (consumer, d)),
              paths AS (SELECT consumer, string_agg({state}, '>' ORDER BY d) AS path FROM every GROUP BY consumer),
              counted AS (SELECT path, count(*) AS people FROM paths GROUP BY path)
         SELECT string_agg(path || '=' || people, ';') FROM counted",
        list.join(", ")
    );
    let text = duckdb(python, weir, &sql);
    let pair = |pair: &str| {
        let (path, people) = pair.split_once('=').unwrap();
        (path.to_owned(), people.parse().unwrap())
    };
    text.split(';').map(pair).collect()
}

/// The paths that Weir lists, and what is left over.
pub fn paths_of(answer: &Value) -> (BTreeMap<String, u64>, u64) {
    let text = |path: &Value| {
        let states: Vec<&str> =
            path["states"].as_array().unwrap().iter().map(|state| state.as_str().unwrap()).collect();
        (states.join(">"), path["count"].as_u64().unwrap())
    };
    let listed = answer["paths"].as_array().unwrap().iter().map(text).collect();
    (listed, answer["others"]["count"].as_u64().unwrap())
}

/// From the paths of everybody: how many went from each state at a date to each state at another.
pub fn matrix(paths: &BTreeMap<String, u64>, states: &[&str], from: usize, to: usize) -> Value {
    let mut matrix = vec![vec![0; states.len()]; states.len()];
    for (path, people) in paths {
        let along: Vec<&str> = path.split('>').collect();
        let place = |at: usize| states.iter().position(|state| *state == along[at]).unwrap();
        matrix[place(from)][place(to)] += people;
    }
    json!(matrix)
}
