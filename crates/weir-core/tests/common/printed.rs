//! What holds of every expression that parses.

use serde_json::Value;
use weir_core::expr::{Expr, parse_expr};

#[track_caller]
pub fn prints_and_parses_again(expr: &Expr, from: &str) {
    let json = expr.to_json();
    let printed = json.to_string();
    let again = parse_expr(&printed);
    match is_exact(&json) {
        true => assert_eq!(again.as_ref(), Ok(expr), "{from}\n{printed}"),
        false => assert!(again.is_ok(), "{from}\n{printed}"),
    }
}

/// Whether all its numbers come back to the last bit. serde_json reads those of more than 15 digits, and those too large or small
/// to be written out, to within one unit in the last place; its feature `float_roundtrip` would change that.
fn is_exact(value: &Value) -> bool {
    match value {
        Value::Object(members) => members.values().all(is_exact),
        Value::Array(items) => items.iter().all(is_exact),
        Value::Number(number) if number.is_f64() => {
            let text = number.to_string();
            !text.contains('e') && text.bytes().filter(u8::is_ascii_digit).count() <= 15
        }
        _ => true,
    }
}
