// Another page, with the Scope in a frame of it.

import { rest } from "./scope.mjs";

/** A page of a course, on the same server, with the frame in it; rests where the link has `at=`. */
export async function course(page, url, link, width) {
  await page.route("**/course.html", (route) =>
    route.fulfill({
      contentType: "text/html",
      body: `<!doctype html><meta name="viewport" content="width=device-width"><title>Course</title><h1>Lesson</h1><input id="answer" autofocus>
        <iframe id="frame" title="Actiscope" src="${url}${link}" width="${width}" height="560" style="border:0;position:absolute;left:8px;top:120px"></iframe>`,
    }),
  );
  await page.goto(`${url}course.html`);
  const frame = page.frameLocator("#frame");
  await frame.getByRole("button", { name: /^(Pause|Train)$/ }).waitFor();
  if (/[?&#]at=/.test(link)) {
    await rest(frame);
  }
  return frame;
}
