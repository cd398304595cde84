"""What the contenders in Python share: they answer requests line by line, as bench/process.mjs asks."""

import json
import sys
import time


def serve(data_path, start):
    """Answers requests until standard input ends.

    `start(contender, network, data)` makes a run: an object with `note` and `train(n_steps)`, which
    returns the steps made (at least as many, where they come in chunks) and the loss once all are done.
    """
    with open(data_path) as file:
        data = json.load(file)
    runs = {}
    for line in sys.stdin:
        try:
            answer = train(json.loads(line), data, start, runs)
        except Exception as error:  # It is the answer, whatever it is.
            answer = {"problem": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)


def train(request, data, start, runs):
    key = json.dumps([request["contender"], request["network"]])
    if key not in runs:
        runs[key] = start(request["contender"], request["network"], data)
        # Compiles what is compiled at the first call.
        runs[key].train(1)
    run = runs[key]
    begin = time.perf_counter()
    n_steps, loss = run.train(request["n_steps"])
    seconds = time.perf_counter() - begin
    return {"n_steps": n_steps, "seconds": seconds, "loss": float(loss), "note": run.note}
