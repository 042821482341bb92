/** A process of its own that asks an endpoint about a table and may be killed at any moment: `asker.ts BINDING ROWS`. */
import { seededRandom } from "../../../base/index.ts";
import type { EndpointBinding } from "../binding.ts";
import { openEndpoint } from "../open.ts";
import { tableOf } from "./table.ts";

const [binding = "", rows = "0"] = process.argv.slice(2);
const table = tableOf(Number(rows), seededRandom(3, "applicants"));
await using model = await openEndpoint(JSON.parse(binding) as EndpointBinding, {});
const { labels } = await model.predict(table);
console.log(JSON.stringify([...labels]));
