//! Warnings below an answer.

use weir_app::Warning;

/// One line per warning, the first after an empty one.
pub fn lines(warnings: &[Warning]) -> String {
    let mut text = String::new();
    for Warning { message, at, .. } in warnings {
        text.push_str(&format!("\nwarning: {message} (at {at})"));
    }
    if text.is_empty() { text } else { format!("\n{text}") }
}
