/** Rows of each whole batch of an epoch; what is left over is left out. */
export function shares(n_samples, batch_size) {
  const n_batches = Math.floor(n_samples / batch_size);
  return Array.from({ length: n_batches }, (_, batch) =>
    Array.from({ length: batch_size }, (_, i) => batch * batch_size + i),
  );
}
