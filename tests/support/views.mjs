// The views of the page, by their names.

const VIEWS = "Views";

export const viewTab = (page, name) => page.getByRole("navigation", { name: VIEWS }).getByRole("link", { name, exact: true });
export const scope = (page) => page.getByRole("main", { name: "Scope" });
export const atlas = (page) => page.getByRole("main", { name: "Atlas" });
export const compare = (page) => page.getByRole("main", { name: "Compare" });
export const map = (page) => page.getByRole("main", { name: "Map" });
export const classify = (page) => page.getByRole("main", { name: "Classify" });
export const lessons = (page) => page.getByRole("main", { name: "Lessons" });
