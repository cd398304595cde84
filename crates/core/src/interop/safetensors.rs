//! Tensors by name in one file: https://huggingface.co/docs/safetensors.
