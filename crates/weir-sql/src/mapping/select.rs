//! A mapping's SQL, checked: exactly one SELECT over the import's tables.
//!
//! Deliberately absent: everything that is no query. A mapping cannot create, change, copy or set anything, and it
//! reads no file that was not named on the command line.

use arrow::datatypes::{DataType, FieldRef};
use datafusion::error::Result as SqlResult;
use datafusion::execution::SessionState;
use datafusion::logical_expr::LogicalPlan;
use datafusion::prelude::{DataFrame, SQLOptions};
use datafusion::sql::parser::Statement;
use datafusion::sql::sqlparser::ast::Statement as SqlStatement;
use weir_core::error::suggestion;
use weir_core::{Code, Error, Result};

use super::session::ImportSession;
use crate::error::{Translator, listing};
use crate::runtime::block_on;
use crate::statement::parse_one;
use crate::values::type_name;

/// What to write instead of anything else.
const WRITE_A_SELECT: &str = "write one SELECT … FROM input";

/// A checked SELECT.
pub(super) struct Select {
    pub frame: DataFrame,
    pub translator: Translator,
    /// The output columns.
    pub fields: Vec<FieldRef>,
}

impl Select {
    /// Plans a mapping's SQL.
    pub fn plan(session: &ImportSession, sql: &str) -> Result<Select> {
        let translator = session.translator();
        let statement = only_query(sql, &translator)?;
        let state = session.context.state();
        let plan =
            block_on(async { read_only(&state, statement).await.map_err(|error| translator.error(&error)) })?;
        let frame = DataFrame::new(state, plan);
        let fields: Vec<FieldRef> = frame.schema().fields().iter().cloned().collect();
        let select = Select { frame, translator, fields };
        select.check_duplicates()?;
        Ok(select)
    }

    fn check_duplicates(&self) -> Result<()> {
        for (at, field) in self.fields.iter().enumerate() {
            if self.fields[..at].iter().any(|before| before.name() == field.name()) {
                return Err(self.translator.duplicate_column(field.name()));
            }
        }
        Ok(())
    }

    /// The names of the output columns.
    pub fn names(&self) -> Vec<&str> {
        self.fields.iter().map(|field| field.name().as_str()).collect()
    }

    /// The position of an output column.
    pub fn position(&self, name: &str) -> Option<usize> {
        self.fields.iter().position(|field| field.name() == name)
    }

    /// The position of an output column that must be there. `known` names are what they say, never a misspelt other.
    pub fn required(&self, name: &str, known: &[&str]) -> Result<usize> {
        self.position(name).ok_or_else(|| {
            let names = self.names();
            let unknown = names.iter().copied().filter(|name| !known.contains(name));
            let help = suggestion(name, unknown).unwrap_or_else(|| listing("its columns", &names));
            let message = format!("the mapping gives no column \"{name}\"");
            Error::new(Code::InvalidMapping, message).at(name).help(help)
        })
    }

    /// Refuses a column whose type cannot be what its name says.
    pub fn check_type(&self, at: usize, takes: fn(&DataType) -> bool, what: &str) -> Result<()> {
        let field = &self.fields[at];
        if takes(field.data_type()) {
            return Ok(());
        }
        let (name, found) = (field.name(), type_name(field.data_type()));
        Err(Error::new(Code::InvalidMapping, format!("\"{name}\" must be {what}, but is {found}"))
            .at(name)
            .help("cast it in the mapping's SQL"))
    }
}

fn only_query(sql: &str, translator: &Translator) -> Result<Statement> {
    let statement = parse_one(sql, WRITE_A_SELECT, translator)?;
    match is_query(&statement) {
        true => Ok(statement),
        false => Err(Error::new(Code::InvalidMapping, "the mapping is not a SELECT").help(WRITE_A_SELECT)),
    }
}

fn is_query(statement: &Statement) -> bool {
    matches!(statement, Statement::Statement(inner) if matches!(inner.as_ref(), SqlStatement::Query(_)))
}

/// Plans a statement. SELECT … INTO is a query by syntax and a new table by plan, so the plan is checked as well.
async fn read_only(state: &SessionState, statement: Statement) -> SqlResult<LogicalPlan> {
    let plan = state.statement_to_plan(statement).await?;
    let options = SQLOptions::new().with_allow_ddl(false).with_allow_dml(false).with_allow_statements(false);
    options.verify_plan(&plan)?;
    Ok(plan)
}
