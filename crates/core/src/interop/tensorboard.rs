//! Event files of TensorBoard.
