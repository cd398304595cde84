//! Numbers of fields and of kinds of data: `onnx.proto` of <https://github.com/onnx/onnx>, as far as it is used here.

pub mod model {
    pub const IR_VERSION: u32 = 1;
    pub const PRODUCER_NAME: u32 = 2;
    pub const PRODUCER_VERSION: u32 = 3;
    pub const GRAPH: u32 = 7;
    pub const OPSET_IMPORT: u32 = 8;
    pub const METADATA_PROPS: u32 = 14;
}

pub mod opset {
    pub const DOMAIN: u32 = 1;
    pub const VERSION: u32 = 2;
}

/// An entry of texts by name.
pub mod entry {
    pub const KEY: u32 = 1;
    pub const VALUE: u32 = 2;
}

pub mod graph {
    pub const NODE: u32 = 1;
    pub const NAME: u32 = 2;
    pub const INITIALIZER: u32 = 5;
    pub const INPUT: u32 = 11;
    pub const OUTPUT: u32 = 12;
}

pub mod node {
    pub const INPUT: u32 = 1;
    pub const OUTPUT: u32 = 2;
    pub const NAME: u32 = 3;
    pub const OP_TYPE: u32 = 4;
    pub const ATTRIBUTE: u32 = 5;
    pub const DOMAIN: u32 = 7;
}

pub mod attribute {
    pub const NAME: u32 = 1;
    pub const FLOAT: u32 = 2;
    pub const INT: u32 = 3;
    pub const TEXT: u32 = 4;
    pub const TENSOR: u32 = 5;
    pub const FLOATS: u32 = 7;
    pub const INTS: u32 = 8;
    pub const TEXTS: u32 = 9;
    pub const KIND: u32 = 20;

    pub const IS_FLOAT: i64 = 1;
    pub const IS_INT: i64 = 2;
    pub const IS_TEXT: i64 = 3;
}

pub mod tensor {
    pub const DIMS: u32 = 1;
    pub const DATA_TYPE: u32 = 2;
    pub const FLOAT_DATA: u32 = 4;
    pub const INT32_DATA: u32 = 5;
    pub const STRING_DATA: u32 = 6;
    pub const INT64_DATA: u32 = 7;
    pub const NAME: u32 = 8;
    pub const RAW_DATA: u32 = 9;
    pub const DOUBLE_DATA: u32 = 10;
    pub const EXTERNAL_DATA: u32 = 13;
    pub const DATA_LOCATION: u32 = 14;

    pub const IS_EXTERNAL: i64 = 1;
}

pub mod value_info {
    pub const NAME: u32 = 1;
    pub const TYPE: u32 = 2;
}

pub mod value_type {
    pub const TENSOR: u32 = 1;
    pub const ELEMENT: u32 = 1;
    pub const SHAPE: u32 = 2;
}

pub mod shape {
    pub const DIM: u32 = 1;
    pub const DIM_VALUE: u32 = 1;
    pub const DIM_NAME: u32 = 2;
}

/// Kinds of data of a tensor.
pub mod data {
    pub const F32: i64 = 1;
    pub const I32: i64 = 6;
    pub const I64: i64 = 7;
    pub const TEXT: i64 = 8;
    pub const BOOL: i64 = 9;
    pub const F16: i64 = 10;
    pub const F64: i64 = 11;
    pub const BF16: i64 = 16;
}
