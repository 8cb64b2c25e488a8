//! Looking at what a mapping would give: the same rows and counts as when it is run.

use super::*;
use crate::mapping::Preview;

const CSV: &str = "\
u,t,b,paid
ada,2024-11-05 10:00:00,view,
,2024-11-05 11:00:00,view,
bea,,view,
cam,2024-11-05 12:00:00,purchase,19.5
dee,yesterday,purchase,5
eve,2024-11-05 13:00:00,dance,7
";

const SQL: &str =
    r#"SELECT u AS id_user_id, t AS time, b AS behavior, paid AS amount, 'shop' AS channel FROM input"#;

fn previewed(csv: &str, rows: usize) -> Preview {
    let files = files(&[("in.csv", csv.as_bytes())]);
    plan_events(&files.session().unwrap(), SQL).unwrap().preview(context(), rows).unwrap()
}

fn shown(preview: &Preview) -> String {
    let line = |row: &crate::PreviewRow| {
        let user = row.selected["id_user_id"].as_str().unwrap_or("-");
        let mapped = row.mapped.as_ref().map(|row| format!("{} {}", row["behavior"], row["amount"]));
        format!("{} {user} {}", row.number, mapped.or_else(|| row.reason.clone()).unwrap_or_default())
    };
    let lines = |rows: &[crate::PreviewRow]| rows.iter().map(line).collect::<Vec<_>>().join("\n");
    format!("{}\nrefused\n{}", lines(&preview.rows), lines(&preview.refused))
}

#[test]
fn the_first_rows_are_shown_and_those_refused_wherever_they_stand() {
    insta::assert_snapshot!(shown(&previewed(CSV, 2)), @r#"
    1 ada "view" null
    2 - no_identifier
    refused
    2 - no_identifier
    3 bea no_time
    "#);
    insta::assert_snapshot!(shown(&previewed(CSV, 99)), @r#"
    1 ada "view" null
    2 - no_identifier
    3 bea no_time
    4 cam "purchase" 19.5
    5 dee bad_time
    6 eve "dance" 7
    refused
    2 - no_identifier
    3 bea no_time
    5 dee bad_time
    "#);
}

#[test]
fn a_preview_counts_what_the_import_counts() {
    for repeated in [1, 40, 3000] {
        let (head, rows) = CSV.split_once('\n').unwrap();
        let csv = format!("{head}\n{}", rows.repeat(repeated));
        let preview = previewed(&csv, 50);
        let (_, ledger) = files(&[("in.csv", csv.as_bytes())]).events(SQL, context()).unwrap();
        assert_eq!(preview.ledger, ledger, "{repeated} times");
        assert_eq!(preview.rows.len(), (6 * repeated).min(50));
        assert_eq!(preview.refused.len(), (3 * repeated).min(50));
        assert!(preview.refused.is_sorted_by_key(|row| row.number));
    }
}

#[test]
fn tags_are_previewed_too() {
    let files = files(&[("in.csv", b"u,level,born\nada,gold,1990-02-01\n,silver,1991-01-01\n")]);
    let sql = "SELECT u AS id_user_id, level, CAST(born AS DATE) AS born FROM input";
    let preview = plan_tags(&files.session().unwrap(), sql).unwrap().preview(10).unwrap();
    let mapped: Vec<_> = preview.rows.iter().map(|row| serde_json::json!(row.mapped).to_string()).collect();
    insta::assert_snapshot!(mapped.join("\n"), @r#"
    {"id_user_id":"ada","day":null,"level":"gold","born":"1990-02-01"}
    null
    "#);
    assert_eq!((preview.ledger.read, preview.ledger.rejected()), (2, 1));
}

#[test]
fn the_head_of_a_file_is_shown_as_it_is() {
    let files = files(&[(
        "in.csv",
        b"n,x,name,at,ok\n1,0.5,tea,2024-11-05,true\n2,1.5,,2024-11-06,false\n3,2,cup,2024-11-07,true\n",
    )]);
    let head = files.session().unwrap().head(2).unwrap();
    let columns: Vec<_> = head.columns.iter().map(|(name, holds)| format!("{name} {holds}")).collect();
    insta::assert_snapshot!(columns.join(", "), @"n integer, x number, name text, at date, ok boolean");
    insta::assert_snapshot!(serde_json::json!(head.rows).to_string(), @r#"[[1,0.5,"tea","2024-11-05",true],[2,1.5,null,"2024-11-06",false]]"#);
}
