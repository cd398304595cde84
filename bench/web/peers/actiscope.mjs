// This project's engine, in a worker of its own as in the page.

function startWorker() {
  const worker = new Worker("/web/peers/actiscope_worker.mjs", { type: "module" });
  return (request) =>
    new Promise((resolve, reject) => {
      worker.onmessage = ({ data }) =>
        data.problem ? reject(new Error(data.problem)) : resolve(data);
      worker.onerror = (event) => reject(new Error(event.message));
      worker.postMessage(request);
    });
}

/** 10^9 operations a second of one thread of this browser. */
export async function peak() {
  return (await startWorker()("peak")).gflops;
}

export async function start(_data, engine) {
  const ask = startWorker();
  return async (network) => {
    const { note } = await ask({ engine, network, n_steps: 0 });
    return {
      note,
      async train(n_steps) {
        return (await ask({ engine, network, n_steps })).loss;
      },
    };
  };
}
