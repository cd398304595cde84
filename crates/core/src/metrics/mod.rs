//! Metrics of classifiers: confusion, ROC, PR, ECE, temperature.
