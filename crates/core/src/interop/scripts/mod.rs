//! A network as a program of PyTorch, Keras or scikit-learn.
