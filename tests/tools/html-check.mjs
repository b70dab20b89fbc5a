// Checks one report.html in a real browser, as a reader would open it from disk.
//   node html-check.mjs REPORT.html OUT [--chromium PATH]
// With the network off: the page asks for nothing, runs no script but its own, has no accessibility violation (axe, WCAG
// 2.2 A and AA), every link leads somewhere, and it prints to A4 without a heading left alone at the foot of a sheet (needs
// poppler-utils). Without script: all of it is there and a link to a byte shows that byte.
// Writes OUT/NAME.png (whole page), OUT/NAME-top.png (first screen), OUT/NAME-narrow.png and OUT/NAME.pdf.
// Exit 0 when all holds, 1 when something does not, 2 on wrong usage.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import puppeteer from "puppeteer-core";

const [report, out, ...rest] = process.argv.slice(2);
if (!report || !out || !existsSync(report)) {
  console.error("usage: node html-check.mjs REPORT.html OUT [--chromium PATH]");
  process.exit(2);
}
const asked = rest[0] === "--chromium" ? rest[1] : process.env.CHROMIUM;
const chromium = [asked, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(
  (path) => path && existsSync(path),
);
if (!chromium) {
  console.error("html-check: no chromium found (Debian: apt-get install chromium)");
  process.exit(2);
}
mkdirSync(out, { recursive: true });
const url = pathToFileURL(resolve(report)).href;
const name = basename(report, ".html");
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const faults = [];
const expect = (holds, what) => {
  if (!holds) faults.push(what);
};

const browser = await puppeteer.launch({
  executablePath: chromium,
  headless: true,
  args: ["--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--host-resolver-rules=MAP * ~NOTFOUND"],
});

async function open({ script, width, hash = "" }) {
  const page = await browser.newPage();
  await page.setViewport({ width, height: 900 });
  await page.setJavaScriptEnabled(script);
  const requests = [];
  page.on("request", (request) => requests.push(request.url()));
  page.on("console", (message) => {
    if (message.type() === "error" && !page.intruding) faults.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => faults.push(`script: ${error.message}`));
  await page.setOfflineMode(true);
  await page.goto(url + hash, { waitUntil: "load" });
  return { page, requests };
}

try {
  await withScript();
  await withoutScript();
  await narrow();
} catch (error) {
  faults.push(`the check itself: ${error.stack}`);
} finally {
  await browser.close();
}
for (const fault of faults) console.error(`html-check: ${report}: ${fault}`);
if (!faults.length) console.log(`html-check: ${report}: in order`);
process.exit(faults.length ? 1 : 0);

async function withScript() {
  const { page, requests } = await open({ script: true, width: 1320 });
  const foreign = requests.filter((request) => request.split("#")[0] !== url);
  expect(foreign.length === 0, `asks for ${foreign.join(", ")}`);
  await page.screenshot({ path: `${out}/${name}-top.png` });
  await page.screenshot({ path: `${out}/${name}.png`, fullPage: true });
  const broken = await page.evaluate(() =>
    [...document.querySelectorAll("a[href^='#']")]
      .map((link) => link.getAttribute("href").slice(1))
      .filter((id) => !document.getElementById(id)),
  );
  expect(broken.length === 0, `links without target: ${broken.join(", ")}`);
  page.intruding = true;
  const refused = await page.evaluate(
    () =>
      new Promise((done) => {
        addEventListener("securitypolicyviolation", () => done(true));
        const script = document.createElement("script");
        script.textContent = "window.intruder = true";
        document.body.append(script);
        setTimeout(() => done(!window.intruder), 300);
      }),
  );
  expect(refused, "a foreign inline script runs");
  page.intruding = false;
  await filtering(page);
  await page.pdf({ path: `${out}/${name}.pdf`, preferCSSPageSize: true, printBackground: true, timeout: 300_000 });
  const headings = await page.evaluate(() => [...document.querySelectorAll("h2,h3,h4")].map((h) => h.textContent));
  onPaper(headings);
  await page.close();
  await accessible();
}

/** A4 on its side, and no heading that is left alone at the foot of a sheet. */
function onPaper(headings) {
  const pdf = `${out}/${name}.pdf`;
  const size = execFileSync("pdfinfo", [pdf], { encoding: "utf8" }).match(/Page size: +([\d.]+) x ([\d.]+)/);
  expect(size && Math.round(size[1]) === 842 && Math.round(size[2]) === 595, `not A4 on its side: ${size?.[0]}`);
  const bare = (text) => text.replace(/\s+/g, "");
  const known = new Set(headings.map(bare));
  const sheets = execFileSync("pdftotext", ["-layout", pdf, "-"], { encoding: "utf8" }).split("\f");
  expect(sheets.length > 2 && known.size > 3, "the paper edition is too short to say anything");
  for (const [at, sheet] of sheets.entries()) {
    const last = bare(sheet.trimEnd().split("\n").pop());
    expect(!known.has(last), `sheet ${at + 1} ends with the heading ${last}`);
  }
}

async function filtering(page) {
  const counted = await page.evaluate(() => {
    const cards = [...document.querySelectorAll("[data-item]")];
    const bar = document.querySelector("[data-filter]");
    if (!cards.length) return null;
    if (!bar || bar.hidden) return { bar: false };
    const field = bar.querySelector("[name=rule]");
    const rule = cards[0].dataset.rule;
    field.value = rule;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    const wanted = cards.filter((card) => card.dataset.rule === rule).length;
    const shown = cards.filter((card) => card.checkVisibility()).length;
    const groups = [...document.querySelectorAll("[data-group]")].filter((group) => group.checkVisibility());
    const empty = groups.filter((group) => ![...group.querySelectorAll("[data-item]")].some((c) => c.checkVisibility()));
    bar.reset();
    return new Promise((done) =>
      setTimeout(() => done({ bar: true, wanted, shown, empty: empty.length, all: cards.every((c) => c.checkVisibility()) }), 50),
    );
  });
  if (!counted) return;
  expect(counted.bar, "the filter does not appear");
  expect(counted.wanted === counted.shown, `the filter shows ${counted.shown} of ${counted.wanted} findings`);
  expect(!counted.empty && counted.all, "the filter leaves empty groups or does not reset");
}

/** axe needs to add its script, which the page's policy forbids, so it gets a page of its own without the policy. */
async function accessible() {
  for (const opened of [false, true]) {
    const page = await browser.newPage();
    await page.setBypassCSP(true);
    await page.setViewport({ width: 1320, height: 900 });
    await page.goto(url, { waitUntil: "load" });
    if (opened) await page.evaluate(() => document.querySelectorAll("details").forEach((d) => (d.open = true)));
    await page.evaluate(axe);
    const found = await page.evaluate(() =>
      window.axe.run(document, {
        runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
        resultTypes: ["violations"],
      }),
    );
    for (const violation of found.violations) {
      const places = violation.nodes.slice(0, 3).map((node) => node.target.join(" "));
      faults.push(`axe ${violation.id} (${violation.nodes.length}): ${violation.help}: ${places.join(" | ")}`);
    }
    expect(found.testEngine.name === "axe-core", "axe did not run");
    await page.close();
  }
}

async function withoutScript() {
  // Ids are read from the source: nothing can be evaluated in a page without script.
  const source = readFileSync(report, "utf8");
  const text = await browser.newPage();
  await text.setJavaScriptEnabled(false);
  await text.goto(url);
  const snapshot = await text.accessibility.snapshot({ interestingOnly: false });
  expect(JSON.stringify(snapshot).length > 1000, "the page is empty without script");
  await text.close();
  const targets = [
    source.match(/id="(F-\d+-byte-\d+)"/)?.[1],
    source.match(/id="(LOG-\d+)"/)?.[1],
    source.match(/<article [^>]*id="(F-\d+)"/)?.[1],
  ].filter(Boolean);
  for (const target of targets) {
    const { page } = await open({ script: false, width: 1320, hash: `#${target}` });
    const session = await page.createCDPSession();
    const { root } = await session.send("DOM.getDocument");
    const { nodeId } = await session.send("DOM.querySelector", { nodeId: root.nodeId, selector: `#${target}` });
    const { model } = await session.send("DOM.getBoxModel", { nodeId }).catch(() => ({ model: null }));
    const { cssVisualViewport: seen } = await session.send("Page.getLayoutMetrics");
    const top = model ? Math.min(model.border[1], model.border[5]) : Number.NaN;
    // Box models are relative to the viewport; the element has to be inside it.
    expect(top > -40 && top < seen.clientHeight, `without script #${target} is not in view (top ${top})`);
    const { matched } = await session
      .send("DOM.querySelector", { nodeId: root.nodeId, selector: `#${target}:target` })
      .then((found) => ({ matched: found.nodeId === nodeId }));
    expect(matched, `without script #${target} is not the target`);
    if (target.includes("byte")) await page.screenshot({ path: `${out}/${name}-byte.png` });
    await page.close();
  }
}

async function narrow() {
  const { page } = await open({ script: true, width: 360 });
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(wide <= 0, `at 360 px the page is ${wide} px too wide`);
  await page.screenshot({ path: `${out}/${name}-narrow.png` });
  await page.close();
}
