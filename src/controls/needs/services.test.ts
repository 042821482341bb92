import { expect, test } from "vitest";
import type { Scope } from "../define.ts";
import { making } from "../testing/contamination-vector.ts";
import { eachServiceRecipe, ofEachService } from "./services.ts";

/** A system with services of a model: each may be asked (`true`) or is declared by an address alone. */
const scopeWith = (services: Readonly<Record<string, boolean>>): Scope => {
  const declared = Object.keys(services).map((id) => ({ id, model: id.startsWith("other") ? "other" : "boosted" }));
  const open = declared.filter(({ id }) => services[id]);
  return {
    budget: "quick",
    model: { id: "boosted" },
    dataset: { id: "people" },
    system: {
      declaration: { services: declared },
      services: open.map(({ id, model }) => ({
        id,
        model,
        artefact: `service:${id}`,
        digest: `sha256:${id}`,
        bindings: { people: { id } },
      })),
    },
  } as unknown as Scope;
};

test("every service of the model that may be asked is planned, none of another's; those that are not are named with why", async () => {
  const scope = scopeWith({ first: true, plain: false, "other-one": true, second: true, quiet: true });
  const planned = ofEachService(scope, ({ service, node }) =>
    service.id === "quiet" ? { missing: "service “quiet” declares no load", remedy: "Say it." } : node,
  );
  if ("missing" in planned || planned.kind !== "derived") throw new Error("nothing is missing");
  const { unasked, ...each } = planned.inputs;
  expect(Object.values(each)).toMatchObject([{ id: "service:first" }, { id: "service:second" }]);
  expect(unasked).toEqual({
    kind: "value",
    value: [
      { service: "plain", why: "service “plain” is declared without an endpoint that may be asked" },
      { service: "quiet", why: "service “quiet” declares no load" },
    ],
  });
  expect(await eachServiceRecipe.make({ unasked: [], "service 0": "a", "service 2": "b" }, making())).toEqual({
    each: ["a", "b"],
    unasked: [],
  });
});

test("where none can be asked, it says what is missing, of the first that lacks something or of all", () => {
  const asIs = ({ node }: { node: never }) => node;
  expect(ofEachService(scopeWith({ plain: false }), asIs as never)).toMatchObject({
    missing: expect.stringContaining("no service answers with model “boosted”"),
  });
  const lacking = ofEachService(scopeWith({ first: true }), () => ({ missing: "no load", remedy: "Say it." }));
  expect(lacking).toMatchObject({ missing: "no load" });
});
