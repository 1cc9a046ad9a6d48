// Looks at pages in a real browser: axe's rules, no request, no script; pictures on request.
//     node check.mjs [--pictures FOLDER] PAGE.html ...
import { readFileSync, mkdirSync } from "node:fs";
import { basename, resolve } from "node:path";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const args = process.argv.slice(2);
const pictures = args[0] === "--pictures" ? args.splice(0, 2)[1] : null;
if (pictures) mkdirSync(pictures, { recursive: true });

const sizes = { desktop: { width: 1280, height: 900 }, phone: { width: 390, height: 844 } };
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});
let faults = 0;
for (const path of args) {
  for (const [name, viewport] of Object.entries(sizes)) {
    for (const colorScheme of ["light", "dark"]) {
      const context = await browser.newContext({ viewport, colorScheme, deviceScaleFactor: pictures ? 1.5 : 1 });
      const page = await context.newPage();
      const said = [];
      page.on("request", (r) => { if (!r.url().startsWith("file:") && !r.url().startsWith("data:")) said.push(`requests ${r.url()}`); });
      page.on("console", (m) => { if (m.type() === "error") said.push(m.text()); });
      page.on("pageerror", (e) => said.push(String(e)));
      await page.goto("file://" + resolve(path));
      const wide = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth");
      if (wide > 1) said.push(`is ${wide} pixels wider than the window`);
      if (pictures) {
        await page.screenshot({ path: `${pictures}/${basename(path, ".html")}-${name}-${colorScheme}.png`, fullPage: true });
      }
      // The page's own policy lets no script run: axe comes in through the browser, which the policy does not bind.
      const client = await context.newCDPSession(page);
      await client.send("Runtime.evaluate", { expression: axe });
      const { result } = await client.send("Runtime.evaluate", {
        expression: "axe.run({runOnly: {type: 'tag', values: ['wcag2a','wcag2aa','wcag21a','wcag21aa','wcag22aa','best-practice']}})"
          + ".then(r => JSON.stringify(r.violations.concat(r.incomplete.filter(x => x.id !== 'color-contrast'))))",
        awaitPromise: true, returnByValue: true,
      });
      for (const v of JSON.parse(result.value)) {
        said.push(`${v.id} (${v.impact}): ${v.help}` + v.nodes.slice(0, 3).map((n) => `\n      ${n.html.slice(0, 160)}`).join(""));
      }
      if (said.length) {
        faults += said.length;
        console.log(`${path}, ${name}, ${colorScheme}`);
        for (const s of new Set(said)) console.log(`   ${s}`);
      }
      await context.close();
    }
  }
}
await browser.close();
console.log(faults ? `${faults} faults` : `${args.length} pages: no fault`);
process.exit(faults ? 1 : 0);
