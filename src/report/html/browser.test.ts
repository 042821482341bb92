import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import axe from "axe-core";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Assessment } from "../../assess/index.ts";
import { hostileNames } from "../testing/hostile.ts";
import { largeAssessment } from "../testing/large.ts";
import { sampleAssessment } from "../testing/sample.ts";
import { renderHtml } from "./page.ts";

const executablePath = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find((path) => existsSync(path));
if (executablePath === undefined) process.stderr.write("SKIPPED: no Chromium is installed, so the report is not tried in a browser\n");

const switches = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"];
const quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync"];
const many = 10_000;

/** Findings whose every word comes from somebody hostile, more of them than stand on the page at first. */
function hostileFindings(): Assessment {
  const sample = sampleAssessment();
  const findings = [...hostileNames, ...hostileNames].map((name, row) => ({
    artefact: `${row}${name}`,
    row,
    column: name,
    place: name,
    reason: name,
  }));
  const results = sample.results.map((result) =>
    result.claim === "contaminated-data/conflicting-labels" ? { ...result, findings, findingsTotal: findings.length } : result,
  );
  return { ...sample, results };
}

describe.skipIf(executablePath === undefined)("the report in Chromium", () => {
  const folder = mkdtempSync(join(tmpdir(), "sextant-browser-"));
  const sizes = { report: 0, large: 0, hostile: 0 };
  let browser: Browser;

  beforeAll(async () => {
    for (const [name, assessment] of [
      ["report", sampleAssessment()],
      ["large", largeAssessment(many, 12)],
      ["hostile", hostileFindings()],
    ] as const) {
      const page = await renderHtml(assessment);
      sizes[name] = page.length;
      writeFileSync(join(folder, `${name}.html`), page);
    }
    browser = await chromium.launch({ executablePath: executablePath ?? "", args: [...switches, ...quiet] });
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  type Options = Parameters<Browser["newPage"]>[0] & { readonly file?: keyof typeof sizes; readonly hash?: string };
  const opened = async ({ file = "report", hash = "", ...options }: Options, use: (page: Page) => Promise<void>) => {
    const address = pathToFileURL(join(folder, `${file}.html`)).href;
    const page = await browser.newPage(options);
    const complaints: string[] = [];
    page.on("console", (message) => complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("request", (request) => {
      const asked = request.url();
      if (asked.split("#")[0] !== address && !/^(data|blob):/.test(asked)) complaints.push(`asked for ${asked}`);
    });
    await page.goto(address + hash);
    await use(page);
    await page.close();
    expect(complaints, "errors, policy violations and requests").toEqual([]);
  };

  const focused = (page: Page) => page.evaluate("document.activeElement?.getAttribute('href') ?? document.activeElement?.tagName");
  const visible = (page: Page, selector: string) =>
    page.evaluate<number>(`[...document.querySelectorAll(${JSON.stringify(selector)})].filter((each) => each.checkVisibility()).length`);

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

  it.each([
    ["report", 390],
    ["report", 768],
    ["report", 1200],
    ["large", 390],
  ] as const)("the %s does not overflow sideways at %i pixels, with everything open", async (file, width) => {
    await opened({ file, viewport: { width, height: 800 } }, async (page) => {
      await page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true");
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
      expect(await shown("button, form, .values")).not.toContain(true);
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

  it("works without scripts: links lead, and the first findings stand there with their number", async () => {
    await opened({ file: "large", javaScriptEnabled: false }, async (page) => {
      await page.locator("table a.cell").first().click();
      expect(new URL(page.url()).hash).not.toBe("");
      expect(await page.locator(".findings").first().textContent()).toContain("The first 12 of 30,000; 10,000 of them were kept.");
      expect(await page.locator("#filters").isVisible()).toBe(false);
    });
  });

  interface Violation {
    readonly id: string;
    readonly nodes: readonly { readonly html: string }[];
  }

  /** Every rule that the library has, its best practices and experiments with them. */
  const violations = async (page: Page) => {
    await page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true");
    await page.evaluate(axe.source);
    const rules = "Object.fromEntries(axe.getRules().map(({ ruleId }) => [ruleId, { enabled: true }]))";
    const found = await page.evaluate<{ violations: readonly Violation[] }>(
      `axe.run(document, { resultTypes: ["violations"], rules: ${rules} }).then(({ violations }) => ({ violations }))`,
    );
    return found.violations.map(({ id, nodes }) => `${id}: ${nodes.length} times, first ${nodes[0]?.html.slice(0, 200)}`);
  };

  it.each([
    ["report", 1280, "light"],
    ["report", 1280, "dark"],
    ["report", 390, "light"],
    ["large", 1280, "light"],
    ["large", 390, "dark"],
  ] as const)("axe finds nothing in the %s at %i pixels, %s", async (file, width, colorScheme) => {
    await opened({ file, colorScheme, viewport: { width, height: 900 } }, async (page) => {
      const browse = page.locator(".findings .tools button").first();
      if (file === "large") {
        await page.evaluate("document.querySelector('.findings').closest('details').open = true");
        await browse.click();
        await page.locator(".findings [role=status]").first().waitFor();
      }
      expect(await violations(page)).toEqual([]);
    });
  });

  describe("with 10,000 findings", () => {
    const browsing = (use: (page: Page, findings: ReturnType<Page["locator"]>) => Promise<void>) =>
      opened({ file: "large", viewport: { width: 1200, height: 900 } }, async (page) => {
        await page.evaluate("document.querySelector('.findings').closest('details').open = true");
        const findings = page.locator(".findings").first();
        await findings.getByRole("button", { name: /^Browse all 10,000/ }).click();
        await findings.getByRole("status").waitFor();
        await use(page, findings);
      });

    it("is no larger than a picture would be", () => {
      expect(sizes.large - sizes.report).toBeLessThan(2_000_000);
    });

    it("shows a page of them at a time, and reaches each one", async () => {
      await browsing(async (page, findings) => {
        expect(await findings.getByRole("status").textContent()).toBe("1 to 50 of 10,000");
        expect(await focused(page)).toBe("INPUT");
        const rows = await page.evaluate<string[]>(`(() => {
          const findings = document.querySelector(".findings");
          const on = findings.querySelector("[aria-label^=On]");
          const seen = [];
          do {
            seen.push(...[...findings.querySelectorAll("tbody tr")].map((row) => row.textContent));
          } while (on.getAttribute("aria-disabled") === "false" && (on.click(), true));
          return seen;
        })()`);
        expect(rows).toHaveLength(many);
        expect(new Set(rows).size).toBe(many);
        expect(await findings.locator("tbody tr").count()).toBe(50);
      });
    });

    it("finds those that hold some words, and sets code as code", async () => {
      await browsing(async (_, findings) => {
        await findings.getByRole("searchbox").fill("as row 0,");
        expect(await findings.getByRole("status").textContent()).toBe("1 to 1 of 1 that match, of 10,000");
        expect(await findings.locator("tbody code").textContent()).toBe(">50K");
        await findings.getByRole("searchbox").fill("nothing like it");
        expect(await findings.getByRole("status").textContent()).toBe("Nothing matches");
      });
    });

    it("gives all of them as CSV, where no cell is a formula", async () => {
      await browsing(async (page, findings) => {
        const [file] = await Promise.all([page.waitForEvent("download"), findings.getByRole("button", { name: /^CSV/ }).click()]);
        expect(file.suggestedFilename()).toBe("findings-of-contaminated-data-conflicting-labels-applicants.csv");
        const lines = readFileSync(await file.path(), "utf8")
          .trim()
          .split("\r\n");
        expect(lines).toHaveLength(many + 1);
        expect(lines[0]).toBe("Row,Column,Place,Finding,Sure");
        expect(lines[3]).toMatch(/^15838,'=HYPERLINK\(1\),,"same inputs as row /);
        expect(lines.every((line) => !/(^|,)"?[=+@]/.test(line))).toBe(true);
      });
    });

    it("prints the page of them that is shown, and says which", async () => {
      await browsing(async (page, findings) => {
        await page.emulateMedia({ media: "print" });
        expect(await visible(page, ".findings tbody tr")).toBeGreaterThanOrEqual(50);
        expect(await findings.getByRole("status").isVisible()).toBe(true);
      });
    });
  });

  it("shows hostile findings as the text that they are, by pages too", async () => {
    await opened({ file: "hostile" }, async (page) => {
      await page.evaluate("document.querySelector('.findings').closest('details').open = true");
      const findings = page.locator(".findings").first();
      await findings.getByRole("button", { name: /^Browse all/ }).click();
      await findings.getByRole("status").waitFor();
      expect(await findings.locator("tbody tr").count()).toBe(2 * hostileNames.length);
      const names = await page.evaluate<string[]>(
        "[...new Set([...document.querySelectorAll('.findings tbody *')].map((each) => each.tagName))].sort()",
      );
      expect(names).toEqual(["CODE", "TD", "TH", "TR"]);
      expect(await findings.locator("tbody").textContent()).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    });
  });

  it("moves nothing for those who asked for that, and cuts no plot in print", async () => {
    const styled = (page: Page, selector: string, property: string) =>
      page.evaluate<string>(`getComputedStyle(document.querySelector("${selector}")).getPropertyValue("${property}")`);
    await opened({ reducedMotion: "reduce" }, async (page) => {
      expect(await styled(page, "html", "scroll-behavior")).toBe("auto");
      expect(await styled(page, ".cell", "transition-duration")).toBe("0s");
      await page.emulateMedia({ media: "print" });
      for (const selector of [".forest", ".chart"]) expect(await styled(page, selector, "break-inside")).toBe("avoid");
    });
    await opened({ reducedMotion: "no-preference" }, async (page) => expect(await styled(page, "html", "scroll-behavior")).toBe("smooth"));
  });

  it("filters claims by verdict, threat, owner and words, and keeps the choice in the address", async () => {
    await opened({ file: "large" }, async (page) => {
      const shown = () => visible(page, "article.claim");
      const all = await shown();
      await page.locator("[name=status]").selectOption("unmet");
      await expect.poll(() => page.url()).toContain("status=unmet");
      const unmet = await shown();
      expect(unmet).toBeGreaterThan(0);
      expect(unmet).toBeLessThan(all);
      expect(await visible(page, "article.claim .result:not(.unmet)")).toBe(0);
      await page.locator("[name=q]").fill("candidate 8 ");
      await expect.poll(() => page.url()).toContain("candidate");
      expect(await shown()).toBe(1);
      expect(await visible(page, ".result")).toBe(1);
      const { hash } = new URL(page.url());
      await page.locator("[type=reset]").click();
      await expect.poll(() => new URL(page.url()).hash).toBe("");
      expect(await shown()).toBe(all);
      await page.evaluate(`location.hash = ${JSON.stringify(hash)}`);
      await page.locator(".filters.active").waitFor();
      expect(await shown()).toBe(1);
      expect(await page.locator("#filters [role=status]").textContent()).toMatch(/^1 of \d+ claims shown$/);
    });
  });

  it("opens at what an address names, whatever folds or filters hide it", async () => {
    const hash = "#result-weak-algorithm.size.candidate_209_20on_20applicants";
    await opened({ file: "large", hash }, async (page) => {
      expect(await page.locator(`[id="${hash.slice(1)}"]`).isVisible()).toBe(true);
      await page.evaluate("location.hash = '#?status=unmet'");
      await page.locator(".filters.active").waitFor();
      await page.evaluate("location.hash = '#claim-membership-inference.loss-screen'");
      await page.locator("[id='claim-membership-inference.loss-screen']").waitFor({ state: "visible" });
    });
  });

  it("copies a claim's id", async () => {
    await opened({ permissions: ["clipboard-read", "clipboard-write"] }, async (page) => {
      await page.getByRole("button", { name: "Copy weak-algorithm/size" }).click();
      await page
        .getByRole("button", { name: "Copy weak-algorithm/size" })
        .filter({ hasText: /copied|selected/ })
        .waitFor();
    });
  });
});
