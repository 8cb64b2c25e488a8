//! SQL text as one statement.
//!
//! The dialect is PostgreSQL's: `properties->>'country' = 'China'` compares the member, as people expect. In DataFusion's
//! own dialect the arrow binds looser than `=`.

use datafusion::sql::parser::{DFParser, Statement};
use datafusion::sql::sqlparser::dialect::PostgreSqlDialect;
use weir_core::{Error, Result};

use crate::error::Translator;

/// Parses exactly one statement; `help` says what to write instead of none or several.
pub(crate) fn parse_one(sql: &str, help: &str, translator: &Translator) -> Result<Statement> {
    let parsed = DFParser::parse_sql_with_dialect(sql, &PostgreSqlDialect {});
    let mut statements = parsed.map_err(|error| translator.error(&error))?;
    let refused = |message: &str| Err(Error::new(translator.code, message).help(help));
    match (statements.pop_front(), statements.len()) {
        (Some(statement), 0) => Ok(statement),
        (None, _) => refused("there is no SQL statement"),
        (Some(_), _) => refused("there are several SQL statements"),
    }
}
