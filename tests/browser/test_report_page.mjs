// Opens report.html in headless Chromium as a reader would: from disk. Environment: MODULES (a folder
// with node_modules), CHROMIUM, WRITE_PAGES (the program that writes pages of made-up results) and
// FAULTLINE_BIN. Nothing here waits for a time to pass: what is waited for is what should happen.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const { MODULES, CHROMIUM, WRITE_PAGES, FAULTLINE_BIN, SCREENSHOTS } = process.env;
const { chromium } = createRequire(path.join(MODULES, "package.json"))("playwright-core");
const axe = readFileSync(path.join(MODULES, "node_modules/axe-core/axe.min.js"), "utf8");
const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
const scratch = mkdtempSync(path.join(tmpdir(), "faultline-browser-"));
const patience = 30_000;

function run(program, ...words) {
  const done = spawnSync(program, words, { encoding: "utf8", cwd: root });
  assert.ifError(done.error);
  return done;
}

async function opened(context, file) {
  const page = await context.newPage();
  page.setDefaultTimeout(patience);
  const troubles = [];
  page.on("console", (message) => { if (message.type() !== "log") troubles.push(message.text()); });
  page.on("pageerror", (error) => troubles.push(String(error)));
  page.on("dialog", (dialog) => { troubles.push(`dialog: ${dialog.message()}`); dialog.dismiss(); });
  page.on("request", (request) => { if (!/^(file|data|blob):/.test(request.url())) troubles.push(`asked for ${request.url()}`); });
  await page.goto(pathToFileURL(file).href);
  await page.waitForFunction(() => document.documentElement.dataset.ready === "true");
  return { page, troubles };
}

const transform = (page) => page.locator("svg.map > g").getAttribute("transform");

const tests = {
  async "a node tells its story, by mouse and by keyboard"(context) {
    const { page, troubles } = await opened(context, path.join(scratch, "shop.html"));
    await page.locator("g.node", { hasText: "fx_rates" }).click();
    const story = page.locator("#story");
    assert.match(await story.innerText(), /fx_rates[\s\S]*Damage 4\.93[\s\S]*rates_off/);
    assert.match(await story.innerText(), /rate_sane/);
    // On along the data with the arrows, and Enter for the story.
    await page.locator("g.node", { hasText: "fx_rates" }).focus();
    await page.keyboard.press("ArrowRight");
    assert.equal(await page.evaluate(() => document.activeElement.querySelector(".name").textContent), "stg_fx");
    await page.keyboard.press("Enter");
    assert.match(await story.innerText(), /^stg_fx/);
    // What is reached is found again from its end.
    await page.locator("#map-search").fill("forecast");
    await page.keyboard.press("Enter");
    assert.match(await story.innerText(), /sku_as_number from products: sum of units/);
    // One node alone is a stop of the Tab key.
    assert.equal(await page.locator('g.node[tabindex="0"]').count(), 1);
    assert.deepEqual(troubles, []);
  },

  async "the map zooms, fits and shows a part"(context) {
    const { page, troubles } = await opened(context, path.join(scratch, "shop.html"));
    const whole = await transform(page);
    await page.getByRole("button", { name: "Zoom in" }).click();
    assert.notEqual(await transform(page), whole);
    await page.getByRole("button", { name: "Fit" }).click();
    assert.equal(await transform(page), whole);
    const box = await page.locator("svg.map").boundingBox();
    await page.mouse.move(box.x + box.width - 20, box.y + 15);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width - 120, box.y + 60, { steps: 4 });
    await page.mouse.up();
    assert.notEqual(await transform(page), whole);
    assert.equal(await page.locator("g.node:visible").count() > 10, true);
    await page.locator("#map-search").fill("stores");
    await page.keyboard.press("Enter");
    await page.locator("#map-scope").selectOption("reach");
    assert.deepEqual(await page.locator(".map g.node .name").allTextContents(), ["stores", "revenue"]);
    assert.deepEqual(troubles, []);
  },

  async "tables sort, the heat map opens by segment, checks are copied"(context) {
    const { page, troubles } = await opened(context, path.join(scratch, "shop.html"));
    const first = () => page.locator("#ranked tbody tr th").first().innerText();
    assert.equal(await first(), "products");
    const damage = page.locator("#ranked thead button", { hasText: "Damage" });
    await damage.click();
    await damage.click();
    assert.equal(await first(), "stores");
    assert.equal(await page.locator("#ranked th[aria-sort]").getAttribute("aria-sort"), "ascending");
    await page.locator("#heat-metric").selectOption({ label: "revenue, by segment" });
    assert.match(await page.locator("#heat-rows thead").innerText(), /category=Coffee/);
    // The ranking's dots, and the curves.
    assert.equal(await page.locator("#ranked .whiskers circle").count(), 5);
    assert.equal(await page.locator("#dose-view figure").count(), 2);

    const copied = page.locator("#first .copyable").first();
    await copied.getByRole("button").click();
    await page.locator("#first .copy[data-done=true]").first().waitFor();
    const text = await page.evaluate(() => navigator.clipboard.readText());
    assert.deepEqual(JSON.parse(text), { id: "guard_rows_sales", node: "fct_sales", expect: "row_count", min: 48000, max: 53000 });
    // A page on disk knows where the run is.
    assert.equal(await page.locator("#silent code.replay").first().innerText(), `faultline replay 64 --from ${scratch}`);
    assert.deepEqual(troubles, []);
  },

  async "names that want to be markup stay names"(context) {
    const { page, troubles } = await opened(context, path.join(scratch, "hostile.html"));
    assert.doesNotMatch(await page.title(), /^pwned/);
    assert.equal(await page.locator("img, body svg[onload], iframe, object, embed").count(), 0);
    assert.equal(await page.locator("script:not(#data)").count(), 1);
    const names = await page.locator(".map g.node").evaluateAll((all) => all.map((one) => one.getAttribute("aria-label")));
    assert.equal(names.some((name) => name.startsWith("<script>document.title='pwned'</script>")), true);
    for (const group of await page.locator(".map g.node").all()) {
      await group.focus();
      await page.keyboard.press("Enter");
    }
    assert.match(await page.locator("#silent").innerText(), /"><svg onload=/);
    assert.doesNotMatch(await page.title(), /^pwned/);
    // A name of 10,000 letters widens no page.
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth), true);
    assert.deepEqual(troubles, []);
  },

  async "it can be read by everybody: no violations of WCAG that axe finds, light and dark"(_, browser) {
    for (const colorScheme of ["light", "dark"]) {
      const context = await browser.newContext({ colorScheme, reducedMotion: "reduce" });
      const { page } = await opened(context, path.join(scratch, "shop.html"));
      await page.locator("g.node", { hasText: "products" }).first().click();
      await page.evaluate(() => { for (const closed of document.querySelectorAll("details")) closed.open = true; });
      await page.evaluate(axe);
      // One rule takes the texts of an SVG without the gaps between them, and so finds no name in a name.
      const { violations } = await page.evaluate(() => window.axe.run({ rules: { "label-content-name-mismatch": { enabled: false } } }));
      const told = violations.flatMap((one) => one.nodes.map((node) => `${one.id}: ${node.html.slice(0, 120)} ${node.failureSummary}`));
      assert.deepEqual(told, [], colorScheme);
      await context.close();
    }
  },

  async "a page without scripts says the same"(_, browser) {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(pathToFileURL(path.join(scratch, "shop.html")).href);
    const text = await page.locator("body").innerText();
    for (const said of ["Deviated", "Trouble at products reaches forecast unseen", "guard_rows_sales", "Which node hurts most", "replay 64"])
      assert.ok(text.includes(said), said);
    await context.close();
  },

  async "500 nodes and 1,000 trials open, and every node can be found"(context) {
    const { page, troubles } = await opened(context, path.join(scratch, "large.html"));
    assert.equal(await page.locator(".map g.node").count(), 500);
    await page.locator("#map-search").fill("node_321");
    await page.keyboard.press("Enter");
    assert.match(await page.locator("#story").innerText(), /^node_321/);
    assert.equal(await page.locator("#ranked tbody tr:visible").count(), 25);
    await page.getByRole("button", { name: "Show all 500 rows" }).first().click();
    assert.equal(await page.locator("#ranked tbody tr:visible").count(), 500);
    assert.deepEqual(troubles, []);
  },

  async "the report of a real run, narrow, dark and printed"(context, browser) {
    const out = path.join(scratch, "run");
    // With every fault and check of the bundled scenario, each drawn twice: a page of them all.
    const bundled = path.join(root, "scenarios/store_sales");
    const scenario = path.join(scratch, "scenario.json");
    writeFileSync(scenario, readFileSync(path.join(bundled, "scenario.json"), "utf8")
      .replace('"pipeline.json"', () => JSON.stringify(path.join(bundled, "pipeline.json")))
      .replace('"replicates": 16', '"replicates": 2'));
    const done = run(FAULTLINE_BIN, "run", scenario, "--out", out, "--quiet");
    assert.equal(done.status, 1, done.stderr);
    const file = path.join(out, "report.html");
    assert.ok(existsSync(file));
    const { page, troubles } = await opened(context, file);
    assert.match(await page.locator("#first").innerText(), /products/);
    if (await page.locator(".map").count()) {
      await page.locator("#first a.node").first().click();
      assert.match(await page.locator("#story").innerText(), /^products/);
    }
    assert.deepEqual(troubles, []);
    const narrow = await browser.newContext({ viewport: { width: 390, height: 800 }, colorScheme: "dark", reducedMotion: "reduce" });
    const small = await opened(narrow, file);
    assert.equal(await small.page.evaluate(() => document.documentElement.scrollWidth <= 390), true);
    const [r, g, b] = await small.page.evaluate(() => getComputedStyle(document.body).backgroundColor.match(/\d+/g).map(Number));
    assert.ok(r + g + b < 200, "dark mode is dark");
    await small.page.emulateMedia({ media: "print" });
    assert.equal(await small.page.locator("nav").isVisible(), false);
    assert.deepEqual(small.troubles, []);
    if (SCREENSHOTS) {
      mkdirSync(SCREENSHOTS, { recursive: true });
      await page.screenshot({ path: path.join(SCREENSHOTS, "light.png"), fullPage: true });
      await small.page.emulateMedia({ media: "screen" });
      await small.page.screenshot({ path: path.join(SCREENSHOTS, "narrow-dark.png"), fullPage: true });
    }
    await narrow.close();
  },
};

let failed = 0;
try {
  const written = run(WRITE_PAGES, scratch);
  assert.equal(written.status, 0, written.stderr);
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    // Root, as in a container, has no sandbox; nothing here may go to the net.
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"],
  });
  try {
    const only = process.argv[2];
    for (const [name, test] of Object.entries(tests)) {
      if (only && !name.includes(only)) continue;
      const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, permissions: ["clipboard-read", "clipboard-write"] });
      try {
        await test(context, browser);
        console.log(`ok: ${name}`);
      } catch (error) {
        failed += 1;
        console.log(`FAILED: ${name}\n${error.stack}`);
      }
      await context.close();
    }
  } finally {
    await browser.close();
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
process.exit(failed ? 1 : 0);
