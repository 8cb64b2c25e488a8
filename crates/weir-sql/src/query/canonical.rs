//! The function that finds the person behind the node an event arrived with.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, UInt32Array};
use arrow::datatypes::{DataType, UInt32Type};
use datafusion::common::ScalarValue;
use datafusion::error::Result as SqlResult;
use datafusion::logical_expr::{
    ColumnarValue, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};

/// `canonical(node)`, over one state of identity.
pub(super) fn function(nodes: Arc<Vec<u32>>) -> ScalarUDF {
    let signature = Signature::exact(vec![DataType::UInt32], Volatility::Immutable);
    ScalarUDF::new_from_impl(Canonical { nodes, signature })
}

#[derive(Debug)]
struct Canonical {
    nodes: Arc<Vec<u32>>,
    signature: Signature,
}

impl Canonical {
    /// A node that identity has never heard of is its own person.
    fn person(&self, node: u32) -> u32 {
        self.nodes.get(node as usize).copied().unwrap_or(node)
    }
}

impl PartialEq for Canonical {
    fn eq(&self, other: &Canonical) -> bool {
        Arc::ptr_eq(&self.nodes, &other.nodes)
    }
}

impl Eq for Canonical {}

impl Hash for Canonical {
    fn hash<H: Hasher>(&self, state: &mut H) {
        Arc::as_ptr(&self.nodes).hash(state);
    }
}

impl ScalarUDFImpl for Canonical {
    fn name(&self) -> &str {
        "canonical"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _arguments: &[DataType]) -> SqlResult<DataType> {
        Ok(DataType::UInt32)
    }

    fn invoke_with_args(&self, arguments: ScalarFunctionArgs) -> SqlResult<ColumnarValue> {
        match &arguments.args[0] {
            ColumnarValue::Scalar(ScalarValue::UInt32(node)) => {
                Ok(ColumnarValue::Scalar(ScalarValue::UInt32(node.map(|node| self.person(node)))))
            }
            other => {
                let nodes = other.to_array(arguments.number_rows)?;
                let people: UInt32Array = nodes.as_primitive::<UInt32Type>().unary(|node| self.person(node));
                Ok(ColumnarValue::Array(Arc::new(people) as ArrayRef))
            }
        }
    }
}
