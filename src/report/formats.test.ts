import { expect, test } from "vitest";
import { reportFormats } from "./formats.ts";
import { sampleAssessment } from "./testing/sample.ts";

test("each format renders the whole assessment", async () => {
  const sample = sampleAssessment();
  for (const [name, render] of Object.entries(reportFormats)) {
    const document = await render(sample, { colour: false });
    // A table of findings speaks of rows, not of the system.
    if (name !== "csv") expect(document, name).toContain("Credit scoring");
    expect(document.endsWith("\n"), name).toBe(true);
  }
});
