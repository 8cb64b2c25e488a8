//! A report as CSV (RFC 4180): one row for each number, so that any table program can pivot it.

use super::report::TrackReport;

const HEADER: &str = "section,date,state,to_date,to_state,count,total\r\n";

/// The report of a track as CSV.
pub fn report_csv(report: &TrackReport) -> String {
    let mut text = HEADER.to_owned();
    for at in &report.states.at {
        for (state, count) in report.states.states.iter().zip(&at.counts) {
            row(
                &mut text,
                &["states", &at.date.to_string(), state, "", "", &count.to_string(), &at.total.to_string()],
            );
        }
    }
    let flow = &report.flow;
    let (from, to, total) = (flow.from.to_string(), flow.to.to_string(), flow.flow.total.to_string());
    for (state, counts) in flow.flow.states.iter().zip(&flow.flow.matrix) {
        for (to_state, count) in flow.flow.states.iter().zip(counts) {
            row(&mut text, &["flow", &from, state, &to, to_state, &count.to_string(), &total]);
        }
    }
    paths(report, &mut text);
    for alert in &report.alerts {
        let section = if alert.is_breached { "alert_breached" } else { "alert" };
        let (part, whole) = (alert.found.part.to_string(), alert.found.whole.to_string());
        row(&mut text, &[section, &report.to.to_string(), &alert.alert.name, "", "", &part, &whole]);
    }
    text
}

/// A path is written with its states one after the other; those that are not listed are one row.
fn paths(report: &TrackReport, text: &mut String) {
    let Some(paths) = &report.paths else { return };
    let dates: Vec<String> = paths.dates.iter().map(ToString::to_string).collect();
    let (dates, total) = (dates.join(" > "), paths.paths.total.to_string());
    for (states, count) in paths.listed() {
        row(text, &["path", &dates, &states.join(" > "), "", "", &count.to_string(), &total]);
    }
    let (others, count) = paths.others();
    if others > 0 {
        row(text, &["other_paths", &dates, &others.to_string(), "", "", &count.to_string(), &total]);
    }
}

fn row(text: &mut String, fields: &[&str]) {
    let fields: Vec<String> = fields.iter().map(|field| quoted(field)).collect();
    text.push_str(&fields.join(","));
    text.push_str("\r\n");
}

/// What begins like a formula is data here, and table programs must not run it.
fn quoted(field: &str) -> String {
    let is_formula = field.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let field = if is_formula { format!("'{field}") } else { field.to_owned() };
    if field.contains(['"', ',', '\n', '\r']) {
        return format!("\"{}\"", field.replace('"', "\"\""));
    }
    field
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn fields_are_quoted_where_they_must_be() {
        let check = |field: &str, expected: &str| assert_eq!(quoted(field), expected);
        check("old", "old");
        check("a,b", "\"a,b\"");
        check("say \"hi\"", "\"say \"\"hi\"\"\"");
        check("=1+1", "'=1+1");
    }
}
