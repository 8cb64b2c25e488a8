//! The shape of a column that may hold lists and objects, and the shape that holds two others.
//!
//! A key that holds an object here and a number there has no type that fits both. Such a column becomes text that
//! holds JSON, to be taken apart with `json_get_str(column, 'key')` and its like.

use std::sync::Arc;

use arrow::datatypes::{DataType, Field};
use serde_json::{Map, Value};

use super::kind::Kind;

/// What the values of one column are.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Shape {
    Scalar(Kind),
    List(Box<Shape>),
    Object(Vec<(String, Shape)>),
    /// No type fits all of them.
    Mixed,
}

impl Shape {
    pub fn of(value: &Value) -> Shape {
        match value {
            Value::Null => Shape::Scalar(Kind::Empty),
            Value::Bool(_) => Shape::Scalar(Kind::Boolean),
            Value::Number(n) if n.is_i64() => Shape::Scalar(Kind::Integer),
            Value::Number(n) if n.is_f64() => Shape::Scalar(Kind::Float),
            Value::Number(_) | Value::String(_) => Shape::Scalar(Kind::Text),
            Value::Array(values) => Shape::list(values),
            Value::Object(map) => Shape::object(map),
        }
    }

    fn list(values: &[Value]) -> Shape {
        let empty = Shape::Scalar(Kind::Empty);
        let element = values.iter().fold(empty, |shape, value| shape.join(Shape::of(value)));
        Shape::List(Box::new(element))
    }

    pub fn object(map: &Map<String, Value>) -> Shape {
        Shape::Object(map.iter().map(|(key, value)| (key.clone(), Shape::of(value))).collect())
    }

    pub fn join(self, other: Shape) -> Shape {
        match (self, other) {
            (Shape::Scalar(a), Shape::Scalar(b)) => Shape::Scalar(a.join(b)),
            (Shape::Scalar(Kind::Empty), shape) | (shape, Shape::Scalar(Kind::Empty)) => shape,
            (Shape::List(a), Shape::List(b)) => Shape::List(Box::new(a.join(*b))),
            (Shape::Object(a), Shape::Object(b)) => Shape::Object(join_keys(a, b)),
            _ => Shape::Mixed,
        }
    }

    /// The Arrow type; `None` if some part of it has none.
    pub fn data_type(&self) -> Option<DataType> {
        match self {
            Shape::Scalar(kind) => Some(kind.data_type()),
            Shape::List(element) => {
                Some(DataType::List(Arc::new(Field::new("item", element.data_type()?, true))))
            }
            Shape::Object(keys) if keys.is_empty() => None,
            Shape::Object(keys) => {
                let field = |(key, shape): &(String, Shape)| Some(Field::new(key, shape.data_type()?, true));
                Some(DataType::Struct(keys.iter().map(field).collect::<Option<_>>()?))
            }
            Shape::Mixed => None,
        }
    }
}

/// Keys keep the order in which they first appear.
pub(super) fn join_keys(mut a: Vec<(String, Shape)>, b: Vec<(String, Shape)>) -> Vec<(String, Shape)> {
    for (at, (key, shape)) in b.into_iter().enumerate() {
        // Objects of one file mostly have the same keys in the same order, so the same place is tried first.
        let same_place = a.get(at).is_some_and(|(known, _)| *known == key);
        let place = if same_place { Some(at) } else { a.iter().position(|(known, _)| *known == key) };
        match place {
            Some(place) => {
                let known = std::mem::replace(&mut a[place].1, Shape::Mixed);
                a[place].1 = known.join(shape);
            }
            None => a.push((key, shape)),
        }
    }
    a
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(lines: &[&str]) -> Shape {
        let values = lines.iter().map(|line| serde_json::from_str::<Value>(line).unwrap());
        values.fold(Shape::Scalar(Kind::Empty), |shape, value| shape.join(Shape::of(&value)))
    }

    #[track_caller]
    fn check(lines: &[&str], expected: &str) {
        let text = shape(lines).data_type().map_or("none".to_owned(), |data_type| data_type.to_string());
        assert_eq!(text, expected);
    }

    #[test]
    fn shapes_have_types() {
        check(&["1", "2"], "Int64");
        check(&["1", "2.5", "null"], "Float64");
        check(&["1", "\"x\""], "Utf8");
        check(&["18446744073709551615"], "Utf8");
        check(&["[1]", "[]", "[null, 2]"], "List(Int64)");
        check(&[r#"{"a":1}"#, r#"{"b":"x","a":2}"#], r#"Struct("a": Int64, "b": Utf8)"#);
        check(&[r#"{"a":{"b":1}}"#, r#"{"a":{"b":[1]}}"#], "none");
        check(&[r#"{"a":1}"#, "3"], "none");
        check(&["{}"], "none");
    }
}
