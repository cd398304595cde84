// What goes out of the page as a file and what comes in: saved, reloaded, opened, gone on with; handed over and taken back.
// What the files hold is tested natively, and by the frameworks themselves in tests/interop.

import { readFileSync } from "node:fs";
import { expect, test } from "../support/fixture.mjs";
import { button, choice, counts, pause, rest, step } from "../support/scope.mjs";

const dialog = (page) => page.getByRole("dialog", { name: "Save, open, hand over" });
const files = (page) => button(page, "Files");
const said = (page) => dialog(page).getByRole("status");

/** Presses a button of the dialog that makes a file; its name and bytes. */
async function saved(page, hand, name) {
  const saving = page.waitForEvent("download");
  await hand.press(dialog(page).getByRole("button", { name, exact: true }));
  const download = await saving;
  await rest(page);
  return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
}

/** Drops files on the page. */
async function drop(page, ...given) {
  const transfer = await page.evaluateHandle((given) => {
    const transfer = new DataTransfer();
    for (const { name, bytes } of given) {
      transfer.items.add(new File([new Uint8Array(bytes)], name));
    }
    return transfer;
  }, given.map(({ name, bytes }) => ({ name, bytes: [...bytes] })));
  await page.locator(".app").dispatchEvent("drop", { dataTransfer: transfer });
}

/** Step, health and loss of the run, as the page has them. */
async function standing(page) {
  await rest(page);
  const loss = await page.locator(".panel.boundary .stats").textContent();
  expect(loss).toMatch(/loss\s*\d\.\d{3}/);
  return { step: await step(page), ...(await counts(page)), loss };
}

for (const [input, tag] of [["mouse", "@desk"], ["keys", "@desk"], ["touch", "@phone"]]) {
  test.describe(input, () => {
    test.use({ input });

    test("a run is saved, and goes on from its file after a reload", { tag }, async ({ page, open, hand }) => {
      await open("#v=1&lr=0.4&o=adam&at=150");
      await hand.press(files(page));
      const file = await saved(page, hand, "Save the run");
      expect(file.name).toBe("actiscope-circle-step150.run.safetensors");
      await expect(said(page)).toHaveText(/Saved actiscope-circle-step150\.run\.safetensors, \d+\.\d kB/);
      await page.keyboard.press("Escape");
      for (let i = 0; i < 3; i += 1) {
        await hand.press(button(page, "Step"));
      }
      const straight = await standing(page);
      expect(straight.step).toBe(153);

      // A visit later, at something else, that trains.
      await open("#v=1&a=tanh&h=4");
      await page.reload();
      await button(page, "Pause").waitFor();
      await drop(page, file);
      await expect(page.getByText(/run\.safetensors is open, at step 150, as it was saved/)).toBeVisible();
      await rest(page);
      expect(await step(page)).toBe(150);
      await expect(choice(page, "Optimizer")).toHaveValue("adam");
      for (let i = 0; i < 3; i += 1) {
        await hand.press(button(page, "Step"));
      }
      expect(await standing(page)).toEqual(straight);
    });
  });
}

test("an opened run is scrubbed, undone and done again", async ({ page, open, hand }) => {
  await open("#v=1&lr=0.4&at=120");
  await hand.press(files(page));
  const file = await saved(page, hand, "Save the run");
  await page.keyboard.press("Escape");
  await open("#v=1&a=tanh&at=20");
  await drop(page, file);
  await rest(page);
  await page.getByRole("slider", { name: "Timeline" }).focus();
  await page.keyboard.press("Home");
  await rest(page);
  expect(await step(page)).toBe(0);
  await page.keyboard.press("End");
  await rest(page);
  expect(await step(page)).toBe(120);
  await page.keyboard.press("Control+z");
  await rest(page);
  await expect(choice(page, "Activation")).toHaveValue("tanh");
  await page.keyboard.press("Control+y");
  await rest(page);
  await expect(choice(page, "Activation")).toHaveValue("relu");
});

test("ONNX goes out, and comes back as the same network", async ({ page, open, hand }) => {
  await open("#v=1&a=elu&lr=0.3&at=200");
  const before = await standing(page);
  await page.keyboard.press("Control+s");
  const file = await saved(page, hand, "ONNX: Model");
  expect(file.name).toBe("actiscope-circle-step200.onnx");
  await page.keyboard.press("Escape");
  // Another function, and the same shape: the file says what it is.
  await open("#v=1&lr=0.3&at=3");
  await drop(page, file);
  await expect(page.getByText(/\.onnx is open: 3 layers of 8, in a run of its own that begins with its weights/)).toBeVisible();
  await rest(page);
  expect(await step(page)).toBe(0);
  await expect(choice(page, "Activation")).toHaveValue("elu");
  expect((await standing(page)).loss).toEqual(before.loss);
  // Its weights are in the address, and outlive a reload.
  await page.reload();
  await pause(page);
  await hand.press(button(page, "Reset"));
  await rest(page);
  expect((await standing(page)).loss).toEqual(before.loss);
});

test("each format is a file, and what one cannot say it says", async ({ page, open, hand }) => {
  await open("#v=1&a=elu&lr=0.1&at=60");
  await hand.press(files(page));
  const expected = [
    ["PyTorch: Network", "network_pytorch.py", /nn\.ELU\(alpha=1\.0\)/],
    ["PyTorch: Training", "train_pytorch.py", /def train/],
    ["Keras 3: Network", "network_keras.py", /import keras/],
    ["Keras 3: Training", "train_keras.py", /import keras/],
    ["Parameters alone", "actiscope-circle-step60.safetensors", /hidden_1\.weight/],
    ["TensorBoard: Events", "events.out.tfevents.actiscope-circle-step60", /brain\.Event:2/],
  ];
  for (const [label, name, content] of expected) {
    const file = await saved(page, hand, label);
    expect(file.name).toBe(name);
    expect(file.bytes.toString("latin1")).toMatch(content);
  }
  await hand.press(dialog(page).getByRole("button", { name: "scikit-learn: Pipeline" }));
  await expect(said(page)).toHaveText(/scikit-learn knows identity, logistic, tanh and relu: it has no ELU/);
  await expect(dialog(page).getByLabel("PyTorch line")).toContainText("nn.ELU(alpha=1.0),");
  // The run went on meanwhile for nobody.
  await page.keyboard.press("Escape");
  await rest(page);
  expect(await step(page)).toBe(60);
});

test("a file that is none of these says so, and all stays", async ({ page, open }) => {
  await open("#v=1&lr=0.1&at=30");
  await drop(page, { name: "cat.jpg", bytes: Buffer.from([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3, 4, 5]) });
  await expect(page.getByText(/^cat\.jpg: /)).toBeVisible();
  await rest(page);
  expect(await step(page)).toBe(30);
});
