// ConvNetJS: sample by sample, with its trainer adding gradients up over a batch. Its loss is a squared
// error, for one output; cross-entropy it has for two outputs only, which is more work.

/* global convnetjs */

export async function start(data) {
  const samples = data.x.map((x) => new convnetjs.Vol(x));
  const targets = data.y.map((y) => [y]);
  return (network) => {
    const layers = [{ type: "input", out_sx: 1, out_sy: 1, out_depth: 2 }];
    for (const n_units of network.hidden) {
      layers.push({ type: "fc", num_neurons: n_units, activation: network.activation });
    }
    layers.push({ type: "regression", num_neurons: 1 });
    const net = new convnetjs.Net();
    net.makeLayers(layers);
    const trainer = new convnetjs.Trainer(net, {
      method: "sgd",
      learning_rate: data.learning_rate,
      momentum: 0,
      batch_size: network.batch_size,
    });
    let next = 0;
    return {
      note: lanes(network, "squared error"),
      async train(n_steps) {
        let loss = 0;
        for (let i = 0; i < n_steps * network.batch_size; i++) {
          loss = trainer.train(samples[next], targets[next]).loss;
          next = (next + 1) % samples.length;
        }
        return loss;
      },
    };
  };
}

/** Says that one lane stands for the population, where there is one. */
export function lanes(network, note) {
  return network.n_lanes === 1 ? note : `${note}; one lane at a time`;
}
