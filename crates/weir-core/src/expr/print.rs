//! Expression → JSON.
impl crate::expr::Expr {
    /// placeholder
    pub fn to_json(&self) -> serde_json::Value {
        serde_json::Value::Null
    }
}
