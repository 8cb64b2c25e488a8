//! Numbers that meet text are compared as text.
//!
//! A column's type follows from the file's values, so the same mapping may see a number today and text tomorrow: an invoice number is
//! an integer in a file without cancellations ("C536379"). SQL would then try to read `''`, `'C%'` or an item's id
//! as a number, and stop. Here `"InvoiceNo" LIKE 'C%'`, `"CustomerID" <> ''`, `NULLIF("CustomerID", '')` and joins of an
//! integer with a text mean the same under either type.
//!
//! A literal that does fit the other side's type (`"Quantity" > '5'`, `"day" >= '2011-01-01'`) is read as that type, as
//! SQL has it.

use arrow::datatypes::DataType;
use datafusion::common::config::ConfigOptions;
use datafusion::common::tree_node::Transformed;
use datafusion::common::{DFSchema, ExprSchema};
use datafusion::error::Result as SqlResult;
use datafusion::logical_expr::expr::{Case, InList, Like, ScalarFunction};
use datafusion::logical_expr::expr_rewriter::FunctionRewrite;
use datafusion::logical_expr::{BinaryExpr, Expr, ExprSchemable, Operator, cast};

/// The rewrite, run before DataFusion looks for common types.
#[derive(Debug)]
pub(super) struct CompareAsText;

impl FunctionRewrite for CompareAsText {
    fn name(&self) -> &str {
        "compare_as_text"
    }

    fn rewrite(
        &self,
        expr: Expr,
        schema: &DFSchema,
        _config: &ConfigOptions,
    ) -> SqlResult<Transformed<Expr>> {
        Ok(match expr {
            Expr::Like(like) => Transformed::yes(Expr::Like(of_like(like, schema))),
            Expr::SimilarTo(like) => Transformed::yes(Expr::SimilarTo(of_like(like, schema))),
            Expr::BinaryExpr(binary) if binary.op.supports_propagation() || is_like(binary.op) => {
                Transformed::yes(Expr::BinaryExpr(of_binary(binary, schema)))
            }
            Expr::InList(list) => Transformed::yes(Expr::InList(of_list(list, schema))),
            Expr::Case(case) => Transformed::yes(Expr::Case(of_case(case, schema))),
            Expr::ScalarFunction(function) if function.func.name() == "nullif" => {
                Transformed::yes(of_nullif(function, schema))
            }
            other => Transformed::no(other),
        })
    }
}

fn is_like(op: Operator) -> bool {
    use Operator::{ILikeMatch, LikeMatch, NotILikeMatch, NotLikeMatch};
    matches!(op, LikeMatch | ILikeMatch | NotLikeMatch | NotILikeMatch)
}

fn is_pattern(op: Operator) -> bool {
    use Operator::{RegexIMatch, RegexMatch, RegexNotIMatch, RegexNotMatch};
    is_like(op) || matches!(op, RegexMatch | RegexIMatch | RegexNotMatch | RegexNotIMatch)
}

fn of_like(mut like: Like, schema: &DFSchema) -> Like {
    like.expr = Box::new(as_text(*like.expr, schema));
    like
}

fn of_binary(binary: BinaryExpr, schema: &DFSchema) -> BinaryExpr {
    let BinaryExpr { left, op, right } = binary;
    let (left, right) = match () {
        () if is_pattern(op) => (as_text(*left, schema), *right),
        () if clash(&left, &right, schema) => (as_text(*left, schema), *right),
        () if clash(&right, &left, schema) => (*left, as_text(*right, schema)),
        () => (*left, *right),
    };
    BinaryExpr::new(Box::new(left), op, Box::new(right))
}

fn of_list(mut list: InList, schema: &DFSchema) -> InList {
    if list.list.iter().any(|item| clash(&list.expr, item, schema)) {
        list.expr = Box::new(as_text(*list.expr, schema));
        list.list = list.list.into_iter().map(|item| as_text(item, schema)).collect();
    }
    list
}

/// `CASE x WHEN 'a' …`; a CASE without x holds comparisons of its own.
fn of_case(mut case: Case, schema: &DFSchema) -> Case {
    let Some(base) = case.expr.take() else { return case };
    let clashes = case.when_then_expr.iter().any(|(when, _)| clash(&base, when, schema));
    if clashes {
        for (when, _) in &mut case.when_then_expr {
            let value = std::mem::take(when.as_mut());
            **when = as_text(value, schema);
        }
    }
    case.expr = Some(if clashes { Box::new(as_text(*base, schema)) } else { base });
    case
}

/// A number never equals a text that is none, so `NULLIF(number, '')` is the number.
fn of_nullif(function: ScalarFunction, schema: &DFSchema) -> Expr {
    match function.args.as_slice() {
        [value, Expr::Literal(..)] if clash(value, &function.args[1], schema) => value.clone(),
        _ => Expr::ScalarFunction(function),
    }
}

/// Whether one side is typed, the other is text, and that text is not sure to fit the type.
fn clash(typed: &Expr, text: &Expr, schema: &DFSchema) -> bool {
    let (Some(typed), Some(text_type)) = (type_of(typed, schema), type_of(text, schema)) else {
        return false;
    };
    let is_typed = typed.is_numeric() || typed.is_temporal() || typed == DataType::Boolean;
    if !is_typed || !text_type.is_string() {
        return false;
    }
    match text {
        Expr::Literal(value, _) => !value.is_null() && value.cast_to(&typed).is_err(),
        _ => typed.is_numeric(),
    }
}

fn as_text(expr: Expr, schema: &DFSchema) -> Expr {
    match type_of(&expr, schema) {
        Some(t) if t.is_numeric() || t.is_temporal() || t == DataType::Boolean => cast(expr, DataType::Utf8),
        _ => expr,
    }
}

fn type_of(expr: &Expr, schema: &dyn ExprSchema) -> Option<DataType> {
    expr.get_type(schema).ok()
}
