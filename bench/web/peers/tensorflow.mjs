// TensorFlow.js on one of its backends, in the fastest of two forms, tried out on each network:
//
// - by hand: forward and backward pass written with the fewest operations (fused products, the learning
//   rate and 1 / batch folded into the output's gradient, no loss computed);
// - by gradient: its own optimizer on its own derivative of the loss.
//
// A population is one tensor more in rank: weights are [lanes, inputs, units], and each layer is one
// batched product. Data lie on the device in batches before the clock starts; nothing is read back but
// one loss when the steps are done.

/* global tf */

import { shares } from "./shares.mjs";

export async function start(data, backend) {
  if (backend === "wasm") {
    tf.wasm.setWasmPaths("/modules/@tensorflow/tfjs-backend-wasm/dist/");
  }
  if (!(await use(backend))) {
    throw new Error(`TensorFlow.js cannot start its backend ${backend} here`);
  }
  return async (network) => {
    await use(backend);
    const forms = [byHand(network, data), byGradient(network, data)];
    for (const form of forms) {
      form.seconds = await time(form);
    }
    const best = forms.reduce((a, b) => (b.seconds < a.seconds ? b : a));
    return {
      note: best.name,
      async train(n_steps) {
        await use(backend);
        return run(best, n_steps);
      },
    };
  };
}

async function use(backend) {
  if (tf.getBackend() === backend) {
    return true;
  }
  const is_there = await tf.setBackend(backend);
  await tf.ready();
  return is_there;
}

/** Seconds a step, the best of a few windows after the first. */
async function time(form) {
  let best = Infinity;
  let n_steps = 1;
  const end = performance.now() + 1500;
  do {
    const begin = performance.now();
    await run(form, n_steps);
    const seconds = (performance.now() - begin) / 1000;
    best = Math.min(best, seconds / n_steps);
    n_steps = seconds < 0.05 ? 2 * n_steps : n_steps;
  } while (performance.now() < end);
  return best;
}

async function run(form, n_steps) {
  for (let i = 0; i < n_steps; i++) {
    form.step();
  }
  const loss = form.loss();
  const [value] = await loss.data();
  loss.dispose();
  return value;
}

function byHand(network, data) {
  const model = new Model(network, data);
  const { layers, relu } = model;
  const scale = tf.scalar(data.learning_rate / network.batch_size);
  const isPopulation = network.n_lanes > 1;
  const step = () =>
    tf.tidy(() => {
      const { x, y } = model.next();
      const a = model.forward(x);
      let dz = tf.mul(tf.sub(tf.sigmoid(a[layers.length]), y), scale);
      for (let i = layers.length - 1; i >= 0; i--) {
        const { weights, biases } = layers[i];
        const dWeights = tf.matMul(a[i], dz, true, false);
        const dBiases = tf.sum(dz, isPopulation ? 1 : 0, isPopulation);
        if (i > 0) {
          const da = tf.matMul(dz, weights, false, true);
          const slope = relu ? tf.step(a[i]) : tf.sub(1, tf.square(a[i]));
          dz = tf.mul(da, slope);
        }
        weights.assign(tf.sub(weights, dWeights));
        biases.assign(tf.sub(biases, dBiases));
      }
    });
  return { name: "by hand", step, loss: () => model.loss() };
}

function byGradient(network, data) {
  const model = new Model(network, data);
  const optimizer = tf.train.sgd(data.learning_rate);
  const variables = model.layers.flatMap(({ weights, biases }) => [weights, biases]);
  // The sum over lanes of each lane's mean over its batch.
  const step = () => tf.tidy(() => void optimizer.minimize(() => model.lossOfNext(), false, variables));
  return { name: "by gradient", step, loss: () => model.loss() };
}

class Model {
  constructor({ hidden, activation, batch_size, n_lanes }, data) {
    this.relu = activation === "relu";
    this.isPopulation = n_lanes > 1;
    this.nLanes = n_lanes;
    this.batchSize = batch_size;
    const lead = this.isPopulation ? [n_lanes] : [];
    const sizes = [2, ...hidden, 1];
    this.layers = sizes.slice(1).map((n_out, i) => {
      const n_in = sizes[i];
      const limit = Math.sqrt(6 / (n_in + n_out));
      return {
        weights: tf.variable(tf.randomUniform([...lead, n_in, n_out], -limit, limit)),
        biases: tf.variable(tf.zeros(this.isPopulation ? [n_lanes, 1, n_out] : [n_out])),
      };
    });
    // The samples are the same for all lanes; inputs are laid out for each, which its product wants.
    this.batches = shares(data.x.length, batch_size).map((rows) => {
      const x = tf.tensor2d(rows.map((i) => data.x[i]));
      const y = tf.tensor2d(rows.map((i) => [data.y[i]]));
      return {
        x: this.isPopulation ? tf.tile(tf.expandDims(x), [n_lanes, 1, 1]) : x,
        y: this.isPopulation ? tf.expandDims(y) : y,
      };
    });
    this.at = 0;
  }

  next() {
    this.at = (this.at + 1) % this.batches.length;
    return this.batches[this.at];
  }

  /** Activations of every layer, inputs first; the last are logits. */
  forward(x) {
    const a = [x];
    for (const [i, { weights, biases }] of this.layers.entries()) {
      const isLast = i + 1 === this.layers.length;
      const h = a[i];
      if (this.isPopulation) {
        const z = tf.add(tf.matMul(h, weights), biases);
        a.push(isLast ? z : this.relu ? tf.relu(z) : tf.tanh(z));
      } else if (this.relu && !isLast) {
        a.push(tf.fused.matMul({ a: h, b: weights, bias: biases, activation: "relu" }));
      } else {
        const z = tf.fused.matMul({ a: h, b: weights, bias: biases });
        a.push(isLast ? z : tf.tanh(z));
      }
    }
    return a;
  }

  lossOfNext() {
    const { x, y } = this.next();
    const z = this.forward(x)[this.layers.length];
    // Binary cross-entropy of a logit: softplus(z) - y z.
    const losses = tf.sub(tf.softplus(z), tf.mul(y, z));
    return tf.div(tf.sum(losses), this.batchSize);
  }

  loss() {
    return tf.tidy(() => tf.div(this.lossOfNext(), this.nLanes));
  }
}
