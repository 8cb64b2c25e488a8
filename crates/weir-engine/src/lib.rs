//! Cell segments, the expression evaluator, and the naive oracle that keeps it honest

pub mod oracle;
