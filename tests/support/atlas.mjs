// What the tests ask of the Atlas, by the names that screen readers use.

import { atlas } from "./views.mjs";

export const TABS = ["Table", "Depth", "Softmax", "Cost"];

export const crosshair = (page) => page.getByRole("slider", { name: "z of the crosshair" });
export const card = (page) => page.getByRole("region", { name: "About the function" });
export const functions = (page) => page.getByRole("listbox", { name: "Functions" });
/** A row of the list of functions. */
export const row = (page, name) => functions(page).getByRole("option", { name, exact: true });
export const ownFormula = (page) => page.getByRole("textbox", { name: "Your own f(z)" });
export const search = (page) => page.getByRole("searchbox", { name: "Search functions" });
/** A tab of the strip under the charts. */
export const stripTab = (page, name) => atlas(page).getByRole("radio", { name, exact: true });
/** What the view tells those who hear it: what was copied, why something was refused. */
export const said = (page) => page.locator(".unseen[role=status]");

/** What a key of the address holds, or null. */
export const kept = (page, key) => new URLSearchParams(new URL(page.url()).hash.slice(1)).get(key);
