import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sampleAssessment } from "../testing/sample.ts";
import { renderHtml } from "./page.ts";

const executablePath = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find((path) => existsSync(path));
if (executablePath === undefined) process.stderr.write("SKIPPED: no Chromium is installed, so the report is not tried in a browser\n");

const switches = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"];
const quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync"];

describe.skipIf(executablePath === undefined)("the report in Chromium", () => {
  const folder = mkdtempSync(join(tmpdir(), "sextant-browser-"));
  const address = pathToFileURL(join(folder, "report.html")).href;
  let browser: Browser;

  beforeAll(async () => {
    writeFileSync(join(folder, "report.html"), await renderHtml(sampleAssessment()));
    browser = await chromium.launch({ executablePath: executablePath ?? "", args: [...switches, ...quiet] });
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const opened = async (options: Parameters<Browser["newPage"]>[0], use: (page: Page) => Promise<void>) => {
    const page = await browser.newPage(options);
    const complaints: string[] = [];
    page.on("console", (message) => complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("request", (request) => {
      if (request.url() !== address && !request.url().startsWith("data:")) complaints.push(`asked for ${request.url()}`);
    });
    await page.goto(address);
    await use(page);
    await page.close();
    expect(complaints, "errors, policy violations and requests").toEqual([]);
  };

  const focused = (page: Page) => page.evaluate("document.activeElement?.getAttribute('href') ?? document.activeElement?.tagName");

  it("asks nobody for anything, and breaks no policy of its own", async () => {
    await opened({}, async (page) => {
      expect(await page.locator("h1").textContent()).toContain("Credit scoring");
      expect(await page.locator("table a.cell").count()).toBe(27);
    });
  });

  it("is walked by the keyboard: arrows move in the matrix, Enter opens what a cell links to", async () => {
    await opened({}, async (page) => {
      await page.locator("table a.cell").first().focus();
      const before = await focused(page);
      await page.keyboard.press("ArrowRight");
      const after = await focused(page);
      expect(after).not.toBe(before);
      await page.keyboard.press("Enter");
      expect(new URL(page.url()).hash).toBe(after);
      await page.locator(`[id="${String(after).slice(1)}"]`).waitFor({ state: "visible", timeout: 10_000 });
    });
  });

  it.each([390, 768, 1200])("does not overflow sideways at %i pixels", async (width) => {
    await opened({ viewport: { width, height: 800 } }, async (page) => {
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(width);
    });
  });

  it("prints what is open, every limit and every step, and no more", async () => {
    await opened({ viewport: { width: 700, height: 1000 } }, async (page) => {
      await page.emulateMedia({ media: "print" });
      const shown = (selector: string) =>
        page.evaluate(`[...document.querySelectorAll(${JSON.stringify(selector)})].map((element) => element.checkVisibility())`);
      expect(await shown("details.sources:not([open]) .policy")).not.toContain(false);
      expect(await shown("#next .steps > li")).not.toContain(false);
      expect(await shown(".more:not([open]):not(.sources) > .charts, .repeats")).not.toContain(true);
      expect(await shown(".more[open] > .charts > :not(.repeats)")).toContain(true);
    });
  });

  it("is dark where the system is, and light where it is light", async () => {
    const luminance = async (colorScheme: "dark" | "light") => {
      let sum = 0;
      await opened({ colorScheme }, async (page) => {
        const colour = String(await page.evaluate("getComputedStyle(document.body).backgroundColor"));
        sum = (colour.match(/[\d.]+/g) ?? []).slice(0, 3).reduce((total, part) => total + Number(part), 0);
      });
      return sum;
    };
    expect(await luminance("light")).toBeGreaterThan(2 * (await luminance("dark")));
  });

  it("works without scripts", async () => {
    await opened({ javaScriptEnabled: false }, async (page) => {
      await page.locator("table a.cell").first().click();
      expect(new URL(page.url()).hash).not.toBe("");
    });
  });
});
