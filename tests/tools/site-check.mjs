// Opens pages of report sites in a real browser, as a reader would open them from disk: one browser for all.
//   node site-check.mjs [--looks DIR] SITE… [-- PAGE…]     only the pages whose path holds one of the words
// On each page, with the network off: nothing is asked for but the page, no error, no accessibility violation (axe, WCAG
// 2.2 A and AA), not wider than a small screen, nothing cut at the right of A4. Where there is a filter it works without
// script. With --looks, pictures for people: DIR/PATH.png, DIR/PATH-narrow.png (390 px) and DIR/PATH.pdf.
// Exit 0 when all holds, 1 when not, 2 on wrong usage.
import { existsSync, mkdirSync, readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import puppeteer from "puppeteer-core";

const asked = process.argv.slice(2);
const looks = asked[0] === "--looks" ? asked.splice(0, 2)[1] : "";
const bar = asked.includes("--") ? asked.indexOf("--") : asked.length;
const [sites, wanted] = [asked.slice(0, bar), asked.slice(bar + 1)];
const chromium = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser"].find((p) => p && existsSync(p));
if (!sites.length || !sites.every((site) => existsSync(site)) || !chromium) {
  console.error("usage: node site-check.mjs [--looks DIR] SITE… [-- PAGE…]   (needs chromium)");
  process.exit(2);
}
if (looks) mkdirSync(looks, { recursive: true });
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const pages = sites.flatMap((site) =>
  readdirSync(site, { recursive: true })
    .map(String)
    .filter((path) => path.endsWith(".html") && (!wanted.length || wanted.some((word) => `/${path}`.includes(word))))
    .sort()
    .map((path) => join(site, path)),
);
const faults = [];
const browser = await puppeteer.launch({
  executablePath: chromium,
  headless: true,
  // A page of a thousand findings takes its time on a busy machine.
  protocolTimeout: 600_000,
  args: ["--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--host-resolver-rules=MAP * ~NOTFOUND"],
});
for (const path of pages) {
  const expect = (holds, what) => {
    if (!holds) faults.push(`${path}: ${what}`);
  };
  try {
    await asRead(path, expect);
    await accessible(path, expect);
    await withoutScript(path, expect);
  } catch (error) {
    faults.push(`${path}: the check itself: ${error.stack}`);
  }
}
await browser.close();
for (const fault of faults) console.error(`site-check: ${fault}`);
for (const word of wanted.filter((word) => !pages.some((path) => path.includes(word)))) {
  console.error(`site-check: no page holds ${word}`);
  faults.push(word);
}
console.log(`site-check: ${pages.length} pages, ${faults.length} faults`);
process.exit(faults.length || !pages.length ? 1 : 0);

function address(path) {
  return pathToFileURL(resolve(path)).href;
}

async function asRead(path, expect) {
  const page = await browser.newPage();
  await page.setViewport({ width: 1320, height: 900 });
  const requests = [];
  page.on("request", (request) => requests.push(request.url()));
  page.on("console", (message) => expect(message.type() !== "error", `console: ${message.text()}`));
  page.on("pageerror", (error) => expect(false, `script: ${error.message}`));
  await page.setOfflineMode(true);
  await page.goto(address(path), { waitUntil: "load" });
  const foreign = requests.filter((url) => url !== address(path));
  expect(!foreign.length, `asks for ${foreign.join(", ")}`);
  const picture = looks && join(looks, path.replace(/^[./\\]+/, "").replace(/[/\\]/g, "_").replace(/\.html$/, ""));
  if (looks) {
    await page.screenshot({ path: `${picture}.png`, fullPage: true });
    await page.pdf({ path: `${picture}.pdf`, preferCSSPageSize: true, printBackground: true, timeout: 300_000 });
  }
  // Paper is as wide as A4 landscape without its margins: what is wider is cut.
  await page.emulateMediaType("print");
  await page.setViewport({ width: 1032, height: 700 });
  const cut = await page.evaluate(() =>
    [...document.querySelectorAll("table,svg,pre,h1,h2,p,dl,li")]
      .filter((element) => element.checkVisibility() && element.getBoundingClientRect().right > innerWidth + 1)
      .map((element) => `${element.tagName} ${element.className} ${Math.round(element.getBoundingClientRect().right)}`),
  );
  expect(!cut.length, `cut on paper: ${cut.slice(0, 3).join(" | ")}`);
  await page.emulateMediaType("screen");
  if (looks) {
    await page.setViewport({ width: 390, height: 844, isMobile: true, hasTouch: true });
    await page.screenshot({ path: `${picture}-narrow.png`, fullPage: true });
  }
  for (const width of [360, 390]) {
    // As a telephone shows it: its own viewport, no scrollbar, and what is too wide would make the whole page smaller.
    await page.setViewport({ width, height: 844, isMobile: true, hasTouch: true });
    const wide = await page.evaluate(() => Math.max(document.documentElement.scrollWidth, innerWidth) - screen.width);
    expect(wide <= 0, `at ${width} px the page is ${wide} px too wide`);
    const hidden = await page.evaluate(() =>
      [...document.querySelectorAll("h1,h2,h3,p,dt,dd,li,label,summary,a,button,select")]
        .filter((element) => element.checkVisibility() && !element.closest(".rk-scroll,.rk-seq,svg,pre,[tabindex]"))
        .filter((element) => element.getBoundingClientRect().right > innerWidth + 1)
        .map((element) => `${element.tagName} ${element.className} ${element.textContent.slice(0, 30)}`),
    );
    expect(!hidden.length, `at ${width} px beyond the edge: ${hidden.slice(0, 3).join(" | ")}`);
  }
  await page.close();
}

/** axe has to add its script, which the page's policy forbids: a page of its own without the policy. */
async function accessible(path, expect) {
  const page = await browser.newPage();
  await page.setBypassCSP(true);
  await page.setViewport({ width: 1320, height: 900 });
  await page.goto(address(path), { waitUntil: "load" });
  await page.evaluate(() => document.querySelectorAll("details").forEach((d) => (d.open = true)));
  await page.evaluate(axe);
  const found = await page.evaluate(() =>
    window.axe.run(document, {
      runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
      resultTypes: ["violations"],
    }),
  );
  expect(found.testEngine.name === "axe-core", "axe did not run");
  for (const violation of found.violations) {
    const places = violation.nodes.slice(0, 3).map((node) => node.target.join(" "));
    expect(false, `axe ${violation.id} (${violation.nodes.length}): ${violation.help}: ${places.join(" | ")}`);
  }
  await page.close();
}

/** Scripts of the page are off; the browser's own tools still look. */
async function withoutScript(path, expect) {
  const source = readFileSync(path, "utf8");
  const choice = source.match(/<option class="(f-([a-z_]+)-\d+)" value="([^"]*)">/);
  if (!choice) return;
  const [, kind, field] = choice;
  const page = await browser.newPage();
  await page.setViewport({ width: 1320, height: 900 });
  await page.setBypassCSP(true);
  // The policy of the page is kept; only its script is taken out, as if it were switched off.
  await page.setContent(source.replace(/<script>[\s\S]*?<\/script>/, ""));
  const seen = await page.evaluate(
    (kind, field) => {
      const form = document.querySelector("[data-filter]");
      const visible = form.checkVisibility();
      const select = form.querySelector(`select[name=${field}]`);
      select.selectedIndex = [...select.options].findIndex((option) => option.classList.contains(kind));
      const items = [...document.querySelectorAll("[data-item]")];
      const shown = items.filter((item) => item.checkVisibility());
      return {
        visible,
        wanted: items.filter((item) => item.classList.contains(kind)).length,
        shown: shown.length,
        right: shown.every((item) => item.classList.contains(kind)),
      };
    },
    kind,
    field,
  );
  expect(seen.visible, "the filter is hidden without script");
  expect(seen.right && seen.wanted === seen.shown && seen.shown > 0, `without script the filter shows ${JSON.stringify(seen)}`);
  await page.close();
}
