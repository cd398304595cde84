// brain.js updates after every sample: a step here is as many samples as the others' batch. Its loss is
// a squared error, its output has the hidden units' function, and it has a momentum.

/* global brain */

import { lanes } from "./convnet.mjs";

export async function start(data) {
  const samples = data.x.map((x, i) => ({
    input: new Float32Array(x),
    output: new Float32Array([data.y[i]]),
  }));
  return (network) => {
    const net = new brain.NeuralNetwork({
      hiddenLayers: network.hidden,
      activation: network.activation,
    });
    // One pass makes its arrays; `trainPattern` is then what its `train` calls for each sample.
    net.train(samples, { iterations: 1, errorThresh: 1e-9, learningRate: data.learning_rate });
    let next = 0;
    return {
      note: lanes(network, "updates after every sample"),
      async train(n_steps) {
        for (let i = 0; i < n_steps * network.batch_size; i++) {
          net.trainPattern(samples[next]);
          next = (next + 1) % samples.length;
        }
        return net.trainPattern(samples[next], true);
      },
    };
  };
}
