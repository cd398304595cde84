//! A run as a program for Keras 3.

use super::super::functions::Functions;
use super::super::keras::{self, imports, layer_items, load, own_function};
use super::super::python::column;
use super::{Repeat, decoded, loss, optimizer, random, schedule};
use crate::activation::Framework;
use crate::interop::Model;
use crate::nn::spec::Order;

pub fn script(repeat: &Repeat, model: &Model) -> String {
    let functions = Functions::new(model, Framework::Keras);
    let training = repeat.training();
    let (own_optimizer, optimizer) = optimizer::keras(
        training.optimizer,
        !training.schedule.is_constant(),
        repeat.rates(model).is_some(),
    );
    let mut parts = vec![format!("{}\n\n{}", head(repeat), repeat.constants(model))];
    parts.extend(random::batches(training));
    parts.extend((training.dropout > 0.0).then(random::dropout));
    parts.extend(functions.own.iter().map(own_function));
    parts.push(build(repeat, model, &functions));
    parts.push(loss::keras(training, model.network.n_outputs));
    parts.extend(own_optimizer);
    parts.extend(schedule(&training.schedule));
    parts.extend([
        decoded(),
        load(),
        train(repeat, model, &optimizer),
        keras::weights(model),
        repeat.samples(),
        main(repeat),
    ]);
    parts.join("\n\n\n") + "\n"
}

fn head(repeat: &Repeat) -> String {
    let functools = match repeat.training().order {
        Order::Shuffled => "import functools\n",
        Order::Sequential => "",
    };
    let note = match repeat.scenario.network.batch_norm {
        true => " For use after training Keras gathers a variance that is smaller by (n - 1) / n.",
        false => "",
    };
    format!(
        "{}\n\nimport base64\n{functools}{}",
        repeat.about("Keras 3", "keras torch", note),
        imports(&["math", "sys"], "layers, ops")
    )
}

fn has_penalty(repeat: &Repeat) -> bool {
    repeat.training().l1 > 0.0 || repeat.training().l2 > 0.0
}

fn build(repeat: &Repeat, model: &Model, functions: &Functions) -> String {
    let penalty = has_penalty(repeat);
    let layers = model.layers().enumerate();
    let of_layers = layers.map(|(l, layer)| layer_items(model, functions, l, layer, penalty));
    let mut lines = vec!["def build():".to_owned()];
    if penalty {
        lines.push("    # Keras' L2 is not halved.".to_owned());
        lines.push("    penalty = keras.regularizers.L1L2(l1=L1, l2=L2 / 2)".to_owned());
    }
    if repeat.training().dropout == 0.0 {
        let mut items = vec!["keras.Input(shape=(N_INPUTS,))".to_owned()];
        items.extend(of_layers.flatten());
        lines.push(column(1, "return keras.Sequential([", &items, "])"));
        return lines.join("\n");
    }
    lines.insert(
        1,
        "    \"\"\"Masks of dropout come as inputs, one for each hidden layer.\"\"\"".to_owned(),
    );
    lines.push("    x = keras.Input(shape=(N_INPUTS,))".to_owned());
    lines.push("    masks = [keras.Input(shape=(n_units,)) for n_units in HIDDEN]".to_owned());
    let mut input = "x";
    for (l, items) in of_layers.enumerate() {
        for item in items {
            lines.push(format!("    a = {item}({input})"));
            input = "a";
        }
        if l < model.activations.len() {
            lines.push(format!("    a = layers.Multiply()([a, masks[{l}]])"));
        }
    }
    lines.push("    return keras.Model([x, *masks], a)".to_owned());
    let units: Vec<String> = model.network.hidden.iter().map(usize::to_string).collect();
    format!("HIDDEN = [{}]\n\n\n{}", units.join(", "), lines.join("\n"))
}

fn train(repeat: &Repeat, model: &Model, optimizer: &str) -> String {
    let training = repeat.training();
    let rate = match repeat.rates(model) {
        None => "LEARNING_RATE",
        Some(_) => "1.0",
    };
    let clip = match training.clip_norm {
        Some(_) => ", global_clipnorm=CLIP_NORM",
        None => "",
    };
    let mut lines = vec![
        "def train(model, n_steps):".to_owned(),
        "    \"\"\"Yields the loss of every batch, before its update.\"\"\"".to_owned(),
        "    x_train = decoded(X_TRAIN).reshape(-1, N_INPUTS)".to_owned(),
        "    y_train = decoded(Y_TRAIN)".to_owned(),
        format!("    optimizer = {optimizer}learning_rate={rate}{clip})"),
    ];
    if has_penalty(repeat) {
        lines.extend([
            "    # The loss that Keras tells has the penalty in it.".to_owned(),
            "    plain = keras.metrics.MeanMetricWrapper(loss_of, name=\"plain\")".to_owned(),
            "    model.compile(optimizer, loss_of, metrics=[plain])".to_owned(),
        ]);
    } else {
        lines.push("    model.compile(optimizer, loss_of)".to_owned());
    }
    lines.push("    for step in range(n_steps):".to_owned());
    if !training.schedule.is_constant() {
        lines.push(format!(
            "        optimizer.learning_rate = {rate} * rate_factor(step)"
        ));
    }
    lines.push("        rows = batch(step)".to_owned());
    let x = if training.dropout > 0.0 {
        lines.push("        sizes = enumerate(HIDDEN)".to_owned());
        lines.push(
            "        masks = [dropout_mask(step, i, len(rows), n) for i, n in sizes]".to_owned(),
        );
        "[x_train[rows], *masks]"
    } else {
        "x_train[rows]"
    };
    lines.push(format!("        x, y = {x}, y_train[rows]"));
    lines.push("        logs = model.train_on_batch(x, y, return_dict=True)".to_owned());
    let told = if has_penalty(repeat) { "plain" } else { "loss" };
    lines.push(format!("        yield float(logs[\"{told}\"])"));
    lines.join("\n")
}

fn main(repeat: &Repeat) -> String {
    let test = match (repeat.has_test(), repeat.training().dropout > 0.0) {
        (false, _) => String::new(),
        (true, has_dropout) => {
            let (masks, inputs) = match has_dropout {
                false => ("", "x_test"),
                true => (
                    "    masks = [np.ones((len(x_test), n)) for n in HIDDEN]\n",
                    "[x_test, *masks]",
                ),
            };
            format!(
                r#"
    x_test = decoded(X_TEST).reshape(-1, N_INPUTS)
{masks}    outputs = model.predict({inputs}, verbose=0)
    loss = loss_of(decoded(Y_TEST), ops.convert_to_tensor(outputs))
    print(f"test loss {{float(loss):.6f}}")"#
            )
        }
    };
    format!(
        r#"if __name__ == "__main__":
    model = load()
    n_steps = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    for step, loss in enumerate(train(model, n_steps)):
        print(f"{{step:6d}}  {{loss:.6f}}"){test}"#
    )
}
