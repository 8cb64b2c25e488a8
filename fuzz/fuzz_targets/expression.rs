//! Text of expressions: parses, and prints as what parses to the same again; or is refused.

#![no_main]

#[path = "../../crates/weir-core/tests/common/printed.rs"]
mod printed;

use libfuzzer_sys::fuzz_target;
use weir_core::expr::parse_expr;

fuzz_target!(|text: &str| {
    if let Ok(expr) = parse_expr(text) {
        printed::prints_and_parses_again(&expr, text);
    }
});
