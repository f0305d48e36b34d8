// Opens a page in headless Chromium, tells what a user would meet there, as one line of JSON.
//
//   node browser.mjs FOLDER_OF_NODE_MODULES CHROMIUM PAGE [PICTURE_FOLDER]
//
// For each scheme and width: what the console said, which addresses were asked for, what axe-core
// finds, whether anything is wider than the window, where Tab goes.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { resolve } from "node:path";

const [modules, chromium, page, pictures] = process.argv.slice(2);
const require = createRequire(pathToFileURL(resolve(modules, "x.js")));
const { chromium: driver } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const address = pathToFileURL(resolve(page)).href;

const browser = await driver.launch({ executablePath: chromium, args: ["--no-sandbox"] });
const seen = [];
for (const [colorScheme, width] of [["light", 1280], ["dark", 1280], ["dark", 360]]) {
  const context = await browser.newContext({ colorScheme, viewport: { width, height: 900 } });
  const tab = await context.newPage();
  const told = { colorScheme, width, console: [], requests: [], tabs: [] };
  tab.on("console", (message) => told.console.push(message.text()));
  tab.on("pageerror", (error) => told.console.push(String(error)));
  tab.on("request", (request) => told.requests.push(request.url()));
  await tab.goto(address);
  if (pictures) {
    await tab.screenshot({ path: `${pictures}/${colorScheme}-${width}.png`, fullPage: true });
  }
  told.background = await tab.evaluate(
    () => getComputedStyle(document.documentElement).backgroundColor,
  );
  for (let at = 0; at < 40; at += 1) {
    await tab.keyboard.press("Tab");
    const focused = await tab.evaluate(() => {
      const on = document.activeElement;
      if (!on || on === document.body) return null;
      const box = on.getBoundingClientRect();
      const top = Math.round(box.top + scrollY);
      const style = getComputedStyle(on);
      const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
      return { tag: on.tagName, text: on.textContent.trim().slice(0, 40), top, ring };
    });
    if (!focused) break;
    told.tabs.push(focused);
  }
  await tab.evaluate(() => document.querySelectorAll("details").forEach((d) => { d.open = true; }));
  told.clipped = await tab.evaluate(clipped);
  told.overflow = await tab.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  told.asked = told.requests.filter((url) => !url.startsWith("data:") && url !== address);
  delete told.requests;
  await tab.evaluate(axe);
  const found = await tab.evaluate(() => axe.run(document));
  told.findings = found.violations.map(({ id, impact, nodes }) => ({
    id, impact, where: nodes.slice(0, 3).map((node) => node.html.slice(0, 160)),
  }));
  told.unsure = found.incomplete.map(({ id, nodes }) => `${id} ${nodes.length}`);
  told.passed = found.passes.length;
  seen.push(told);
  await context.close();
}
const tab = await (await browser.newContext()).newPage();
await tab.goto(address);
await tab.emulateMedia({ media: "print" });
const printed = await tab.evaluate(clipped);
await browser.close();
console.log(JSON.stringify({ seen, printed }));

// Texts of a picture that stick out of it or run into each other, in any picture that shows.
function clipped() {
  const found = [];
  for (const picture of document.querySelectorAll("svg.chart")) {
    const frame = picture.getBoundingClientRect();
    if (!frame.width) continue;
    const texts = [...picture.querySelectorAll("text")].map((text) => [
      text.textContent, text.getBoundingClientRect(),
    ]);
    for (const [words, box] of texts) {
      const out = box.left < frame.left - 1 || box.right > frame.right + 1
        || box.top < frame.top - 1 || box.bottom > frame.bottom + 1;
      if (out) found.push(`${words} sticks out of ${picture.getAttribute("aria-labelledby")}`);
      for (const [other, its] of texts) {
        const over = Math.min(box.right, its.right) - Math.max(box.left, its.left);
        const deep = Math.min(box.bottom, its.bottom) - Math.max(box.top, its.top);
        if (box !== its && words < other && over > 1 && deep > 3) {
          found.push(`${words} runs into ${other}`);
        }
      }
    }
  }
  return found;
}
