// This project's engine, in a worker of its own as in the page.

export async function start(_data, engine) {
  const worker = new Worker("/web/peers/actiscope_worker.mjs", { type: "module" });
  const ask = (request) =>
    new Promise((resolve, reject) => {
      worker.onmessage = ({ data }) =>
        data.problem ? reject(new Error(data.problem)) : resolve(data);
      worker.onerror = (event) => reject(new Error(event.message));
      worker.postMessage(request);
    });
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
