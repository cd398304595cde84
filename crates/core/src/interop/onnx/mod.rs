//! ONNX: networks out, opset 20, and in.
