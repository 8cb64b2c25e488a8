//! Markdown: tables with figures that people can read.

use std::fmt::Display;
use std::time::Duration;

/// A table.
pub fn table(head: &[&str], rows: &[Vec<String>]) -> String {
    let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
    let head: Vec<String> = head.iter().map(|&cell| cell.to_owned()).collect();
    let rule: Vec<String> = head.iter().enumerate().map(|(n, _)| rule(n)).collect();
    let rows: String = rows.iter().map(|row| line(row)).collect();
    format!("{}{}{rows}", line(&head), line(&rule))
}

/// The first column is text, the others are figures.
fn rule(column: usize) -> String {
    if column == 0 { "---".to_owned() } else { "---:".to_owned() }
}

/// A row of a table.
pub fn row(cells: &[&dyn Display]) -> Vec<String> {
    cells.iter().map(|cell| format!("{cell}")).collect()
}

/// `1234567` as `1,234,567`.
pub fn count(n: u64) -> String {
    let digits = n.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// In milliseconds.
pub fn millis(duration: Duration) -> String {
    format!("{:.1}", duration.as_secs_f64() * 1000.0)
}

/// The value below which so many in a hundred lie (nearest rank); nothing of nothing.
pub fn percentile<T: Copy + Ord>(values: &[T], percent: f64) -> Option<T> {
    let mut sorted = values.to_vec();
    sorted.sort_unstable();
    let rank = (sorted.len() as f64 * percent / 100.0).ceil() as usize;
    sorted.get(rank.max(1) - 1).copied()
}

/// The machine: processor, cores, and the filesystem that the data lie on.
pub fn machine(data: &std::path::Path) -> String {
    let cpu = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpu.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    let model = model.map_or("unknown processor", |(_, name)| name.trim());
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    format!("{model}, {cores} cores, data on {}", filesystem(data))
}

fn filesystem(path: &std::path::Path) -> String {
    let output = std::process::Command::new("stat").args(["-f", "-c", "%T"]).arg(path).output();
    let name = output.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned());
    name.unwrap_or_else(|_| "an unknown filesystem".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_readable() {
        for (n, text) in [(0, "0"), (999, "999"), (1000, "1,000"), (1234567, "1,234,567")] {
            assert_eq!(count(n), text);
        }
        assert_eq!(millis(Duration::from_micros(1250)), "1.2");
    }

    #[test]
    fn percentiles_are_values_that_occurred() {
        let values: Vec<u32> = (1..=100).rev().collect();
        assert_eq!([50.0, 99.0, 99.9, 100.0].map(|p| percentile(&values, p)), [50, 99, 100, 100].map(Some));
        assert_eq!(percentile(&[7], 1.0), Some(7));
        assert_eq!(percentile::<u32>(&[], 50.0), None);
    }

    #[test]
    fn tables_have_as_many_rules_as_columns() {
        let text = table(&["a", "b"], &[row(&[&1, &"x"])]);
        assert_eq!(text, "| a | b |\n| --- | ---: |\n| 1 | x |\n");
    }
}
