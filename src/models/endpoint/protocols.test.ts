import { describe, expect, it } from "vitest";
import { protocolNames } from "./binding.ts";
import { openEndpoint } from "./open.ts";
import { accessOf, addressOf, applicants, bound, contact, scratch } from "./testing/bindings.ts";
import { score, startFake } from "./testing/fake.ts";

const path = { "open-inference": "", mlflow: "", "tf-serving": "", mapping: "/score" } as const;

describe.each(protocolNames)("an endpoint that speaks %s", (protocol) => {
  it("answers each row as its model does, and the second time nothing is asked", async () => {
    await using fake = await startFake({ protocol });
    const table = applicants(300);
    const url = `${fake.url}${path[protocol]}`;
    const [address, access] = [addressOf(url, protocol), accessOf(url, scratch())];
    const binding = await bound({ address, access, table });
    await using model = await openEndpoint(binding, {});
    const { labels, probabilities } = await model.predict(table);
    const [income, debt] = ["income", "debt"].map((name) => (table.columns[name] as { values: Float64Array }).values);
    const expected = Array.from({ length: 300 }, (_, row) => score(income?.[row] ?? 0, debt?.[row] ?? 0));
    expect([...labels]).toEqual(expected.map((p) => Number(p > 0.5)));
    expect(Array.from(expected, (_, row) => probabilities?.[2 * row + 1])).toEqual(expected.map((p) => expect.closeTo(p, 6)));
    const asked = fake.rows;
    expect(asked).toBe(300 - 8 + 16); // eight probes, each alone and then together, are answers too
    const again = await contact({ address, access, table });
    expect(again).toMatchObject({ spent: asked, unanswered: { test: 0 } });
    await using other = await openEndpoint(again.binding, {});
    expect([...(await other.predict(table)).labels]).toEqual([...labels]);
    expect(fake.rows).toBe(asked);
  });
});
