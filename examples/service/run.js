/** `npm run example:service`: starts the example's model server, assesses the example, and stops the server again. Arguments go to `sextant assess`. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { startServer } from "./server.js";

const sextant = fileURLToPath(new URL("../../bin/sextant.js", import.meta.url));
const here = fileURLToPath(new URL(".", import.meta.url));

/** The same port in each run, so that it is the same address; another where it is taken. */
const server = await startServer({ port: 18471 });
const child = spawn(process.execPath, [sextant, "assess", here, ...process.argv.slice(2)], {
  stdio: "inherit",
  env: { ...process.env, SEXTANT_OFFERS_URL: server.url },
});
process.on("SIGINT", () => undefined); // the child hears it too, and ends by itself
const [code] = await once(child, "close");
console.log(
  `The server was sent ${server.seen.rows.toLocaleString("en-GB")} rows in ${server.seen.requests.toLocaleString("en-GB")} requests.`,
);
await server.close();
// An honest example ends with something unmet or undecided, which is no failure of the command.
process.exitCode = [0, 1, 4].includes(code) ? 0 : (code ?? 70);
