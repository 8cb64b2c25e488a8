//! A report as one HTML page that needs nothing else: no script, no other file, readable in light and in dark, titles in
//! English and Chinese. Numbers are those of the report; nothing is computed here but places of ink.

use std::fmt::Write as _;

use weir_core::state_model::{ENTERED, LEFT, NONE, Slot};

use super::report::TrackReport;

const STYLE: &str = include_str!("report.css");

/// Size of the chart.
const WIDTH: f64 = 920.0;
const HEIGHT: f64 = 320.0;

/// The report of a track as a page.
pub fn report_html(report: &TrackReport) -> String {
    let mut page = String::new();
    let name = escape(&report.record.name);
    let title = format!("{name} · Track report · 追踪报告");
    // A String takes whatever is written to it.
    let _ = write!(
        page,
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n"
    );
    head(report, &mut page);
    alerts(report, &mut page);
    section("Distribution", "状态分布", &mut page);
    chart(report, &mut page);
    distribution(report, &mut page);
    section("Flow", "人群流转", &mut page);
    flow(report, &mut page);
    paths(report, &mut page);
    page.push_str("</body>\n</html>\n");
    page
}

fn section(title: &str, title_zh: &str, page: &mut String) {
    let _ = writeln!(page, "<h2>{title} <span lang=\"zh\">{title_zh}</span></h2>");
}

fn head(report: &TrackReport, page: &mut String) {
    let record = &report.record;
    let _ = writeln!(page, "<h1>{}</h1>", escape(&record.name));
    if let Some(description) = &record.about.description {
        let _ = writeln!(page, "<p>{}</p>", escape(description));
    }
    let states = &report.states;
    let total = states.at.last().map_or(0, |at| at.total);
    let facts = [
        ("People 人数", count(total)),
        ("Model 模型", escape(&states.model)),
        ("Scope 维度", escape(&states.scope.to_string())),
        ("From 起", record.track.from.to_string()),
        ("To 止", report.to.to_string()),
    ];
    page.push_str("<dl>");
    for (term, value) in facts {
        let _ = write!(page, "<div><dt>{term}</dt><dd>{value}</dd></div>");
    }
    page.push_str("</dl>\n");
    if states.merged + states.erased > 0 {
        let _ = writeln!(
            page,
            "<p>Of those frozen {} merged and {} erased since. 冻结后合并 {}，删除 {}。</p>",
            count(states.merged),
            count(states.erased),
            count(states.merged),
            count(states.erased)
        );
    }
}

fn alerts(report: &TrackReport, page: &mut String) {
    if report.alerts.is_empty() {
        return;
    }
    section("Alerts", "预警", page);
    page.push_str("<ul class=\"alerts\">");
    for alert in &report.alerts {
        let (class, word) =
            if alert.is_breached { ("out", "out of band 越界") } else { ("in", "in band 正常") };
        let value = match alert.alert.is_share {
            true => format!(
                "{} ({} / {})",
                share(alert.found.part, alert.found.whole),
                count(alert.found.part),
                count(alert.found.whole)
            ),
            false => count(alert.found.part),
        };
        let band = escape(&alert.alert.band.to_json().to_string());
        let _ = write!(
            page,
            "<li class=\"{class}\"><b>{}</b>: {value}, {word} <code>{band}</code></li>",
            escape(&alert.alert.name)
        );
    }
    page.push_str("</ul>\n");
}

/// Title of a state, in English and Chinese where it has them.
fn title(report: &TrackReport, name: &str) -> String {
    let titled = |en: &str, zh: &str| format!("{en} <span lang=\"zh\">{zh}</span>");
    match name {
        NONE => return titled("None", "未触达"),
        ENTERED => return titled("Not in it yet", "未进入"),
        LEFT => return titled("No longer in it", "已离开"),
        _ => {}
    }
    let state = report.model.states.iter().find(|state| state.name == name);
    let titles = state.map(|state| (state.title.as_deref(), state.title_zh.as_deref()));
    match titles {
        Some((Some(en), Some(zh))) => titled(&escape(en), &escape(zh)),
        Some((Some(one), None) | (None, Some(one))) => escape(one),
        Some((None, None)) | None => escape(name),
    }
}

/// The class that colours a state; of states in one place on the way each has its own shade.
fn class(report: &TrackReport, at: usize) -> String {
    let states = &report.model.states;
    let Some(state) = states.get(at) else { return "s-none".to_owned() };
    let Some(slot) = state.slot else { return format!("s-{}", at % 6) };
    let before = states[..at].iter().filter(|other| other.slot == Some(slot)).count();
    format!("s-{} shade-{}", Slot::name(slot), before.min(3))
}

/// People by state over the dates, one band above the other.
fn chart(report: &TrackReport, page: &mut String) {
    let states = &report.states;
    let most = states.at.iter().map(|at| at.counts.iter().sum::<u64>()).max().unwrap_or(0).max(1);
    let _ = write!(
        page,
        "<svg viewBox=\"-70 -10 {} {}\" role=\"img\" aria-label=\"People by state over time\">",
        WIDTH + 90.0,
        HEIGHT + 40.0
    );
    for part in 0..=4 {
        let y = HEIGHT - HEIGHT * f64::from(part) / 4.0;
        let value = count(most * part as u64 / 4);
        let _ = write!(
            page,
            "<line x1=\"0\" x2=\"{WIDTH}\" y1=\"{y}\" y2=\"{y}\"/><text x=\"-8\" y=\"{}\" class=\"y\">{value}</text>",
            y + 4.0
        );
    }
    let mut below = vec![0_u64; states.at.len()];
    for place in (0..states.states.len()).rev() {
        let band = band(report, place, &mut below, most);
        let _ = write!(
            page,
            "<path class=\"{}\" d=\"{band}\"><title>{}</title></path>",
            class(report, place),
            plain(&title(report, &states.states[place]))
        );
    }
    for (x, label, anchor) in [(0.0, states.at.first(), "start"), (WIDTH, states.at.last(), "end")] {
        let date = label.map(|at| at.date.to_string()).unwrap_or_default();
        let _ =
            write!(page, "<text x=\"{x}\" y=\"{}\" text-anchor=\"{anchor}\">{date}</text>", HEIGHT + 20.0);
    }
    page.push_str("</svg>\n<ul class=\"legend\">");
    for (place, name) in states.states.iter().enumerate() {
        let _ = write!(page, "<li><i class=\"{}\"></i>{}</li>", class(report, place), title(report, name));
    }
    page.push_str("</ul>\n");
}

/// The outline of a band: along its upper edge, and back along the lower one.
fn band(report: &TrackReport, place: usize, below: &mut [u64], most: u64) -> String {
    let at = &report.states.at;
    let (first, last) = (at[0].date.0, at[at.len() - 1].date.0);
    let x = |i: usize| match last - first {
        0 => 0.0,
        days => WIDTH * f64::from(at[i].date.0 - first) / f64::from(days),
    };
    let y = |n: u64| HEIGHT - HEIGHT * n as f64 / most as f64;
    let lower: Vec<(f64, f64)> = below.iter().enumerate().map(|(i, n)| (x(i), y(*n))).collect();
    below.iter_mut().zip(at).for_each(|(sum, at)| *sum += at.counts[place]);
    let upper: Vec<(f64, f64)> = below.iter().enumerate().map(|(i, n)| (x(i), y(*n))).collect();
    // One date alone is as wide as the chart.
    let wide = |mut edge: Vec<(f64, f64)>| {
        if let [(_, y)] = edge[..] {
            edge.push((WIDTH, y));
        }
        edge
    };
    let outline = wide(upper).into_iter().chain(wide(lower).into_iter().rev());
    let points: Vec<String> = outline.map(|(x, y)| format!("{x:.1} {y:.1}")).collect();
    format!("M{}Z", points.join("L"))
}

fn distribution(report: &TrackReport, page: &mut String) {
    let states = &report.states;
    page.push_str(
        "<details><summary>Numbers 数据</summary><div class=\"wide\"><table><thead><tr><th>Date 日期</th>",
    );
    for name in &states.states {
        let _ = write!(page, "<th>{}</th>", title(report, name));
    }
    page.push_str("<th>Total 合计</th></tr></thead><tbody>");
    for at in &states.at {
        let people = at.counts.iter().sum();
        let _ = write!(page, "<tr><th>{}</th>", at.date);
        for n in &at.counts {
            let _ = write!(page, "<td>{}<small>{}</small></td>", count(*n), share(*n, people));
        }
        let _ = writeln!(page, "<td>{}</td></tr>", count(people));
    }
    page.push_str("</tbody></table></div></details>\n");
}

/// Every row and column with its sum.
fn flow(report: &TrackReport, page: &mut String) {
    let flow = &report.flow;
    let (from, to) = (flow.from, flow.to);
    let _ = write!(
        page,
        "<p>Rows: {from}, columns: {to}. 行：{from}，列：{to}。</p><div class=\"wide\"><table><thead><tr><th></th>"
    );
    for name in &flow.flow.states {
        let _ = write!(page, "<th>{}</th>", title(report, name));
    }
    page.push_str("<th>Total 合计</th></tr></thead><tbody>");
    let mut sums = vec![0; flow.flow.states.len()];
    for (name, row) in flow.flow.states.iter().zip(&flow.flow.matrix) {
        let total: u64 = row.iter().sum();
        let _ = write!(page, "<tr><th>{}</th>", title(report, name));
        for n in row {
            let _ = write!(page, "<td>{}<small>{}</small></td>", count(*n), share(*n, total));
        }
        let _ = writeln!(page, "<td>{}</td></tr>", count(total));
        sums.iter_mut().zip(row).for_each(|(sum, n)| *sum += n);
    }
    page.push_str("<tr><th>Total 合计</th>");
    let total: u64 = sums.iter().sum();
    for n in sums.iter().chain([&total]) {
        let _ = write!(page, "<td>{}</td>", count(*n));
    }
    page.push_str("</tr></tbody></table></div>\n");
}

fn paths(report: &TrackReport, page: &mut String) {
    let Some(paths) = &report.paths else { return };
    section("Paths", "流转路径", page);
    page.push_str("<div class=\"wide\"><table><thead><tr>");
    for date in &paths.dates {
        let _ = write!(page, "<th>{date}</th>");
    }
    page.push_str("<th>People 人数</th></tr></thead><tbody>");
    let people = paths.paths.total - paths.paths.merged - paths.paths.erased;
    for (states, n) in paths.listed() {
        page.push_str("<tr>");
        for name in states {
            let _ = write!(page, "<td class=\"t\">{}</td>", title(report, name));
        }
        let _ = writeln!(page, "<td>{}<small>{}</small></td></tr>", count(n), share(n, people));
    }
    let (others, n) = paths.others();
    if others > 0 {
        let _ = writeln!(
            page,
            "<tr><td class=\"t\" colspan=\"{}\">{} other paths 其他路径</td><td>{}<small>{}</small></td></tr>",
            paths.dates.len(),
            count(others),
            count(n),
            share(n, people)
        );
    }
    page.push_str("</tbody></table></div>\n");
}

fn count(n: u64) -> String {
    let digits = n.to_string();
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

fn share(part: u64, whole: u64) -> String {
    if whole == 0 {
        return "–".to_owned();
    }
    format!("{:.1} %", part as f64 * 100.0 / whole as f64)
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// A title without its elements, for where only text may stand.
fn plain(title: &str) -> String {
    title.replace("<span lang=\"zh\">", "").replace("</span>", "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_become_elements() {
        assert_eq!(escape("<b>\"a\" & b</b>"), "&lt;b&gt;&quot;a&quot; &amp; b&lt;/b&gt;");
        assert_eq!(plain("None <span lang=\"zh\">未触达</span>"), "None 未触达");
    }
}
