import { lookup } from "node:dns";
import { readFileSync } from "node:fs";
import { BlockList, isIP, type LookupFunction } from "node:net";
import { brotliDecompressSync, gunzipSync, inflateSync, zstdDecompressSync } from "node:zlib";
import type { Dispatcher } from "undici";
import { Problem } from "../../base/index.ts";
import type { Access } from "./binding.ts";
import { answerInvalid, Failure, failureOf, type Headers, statusFailure, tookTooLong, tooLong } from "./failures.ts";
import { proxiesFor } from "./proxy.ts";

/** One question over HTTP. */
export interface Question {
  /** From the address's root, with what stands behind `?`. */
  readonly path: string;
  /** JSON; null asks with GET. */
  readonly body: string | null;
  /** No answer is longer, packed or unpacked. */
  readonly mostBytes: number;
}

export interface Http extends AsyncDisposable {
  /** The text of an answer with status 200. Throws a Failure. One attempt. */
  send(question: Question): Promise<string>;
}

/**
 * Kept connections to one host, with a client that nothing else loads: no redirect is followed, no certificate left unchecked, and of proxies only that asked
 * which `environment` names for the host. Throws ENDPOINT_UNREACHABLE where it names none that can be.
 */
export async function openHttp(
  { url, credentials, ca, timeoutMs, inFlight }: Access,
  secrets: Secrets,
  environment: { readonly [name: string]: string | undefined } = {},
): Promise<Http> {
  const { EnvHttpProxyAgent, Pool } = await import("undici");
  const address = new URL(url);
  const { host, origin } = address;
  const proxies = proxiesFor(address, environment);
  const asked = proxies === null ? host : `${host}, by way of the environment's proxy,`;
  const headers = headersOf(credentials, secrets);
  const hidden = hiddenTexts(address, credentials, secrets);
  const tls = { timeout: timeoutMs, ...(ca === null ? {} : { ca: readFileSync(ca, "utf8") }) };
  const settings = {
    connections: inFlight,
    pipelining: 1,
    allowH2: false,
    keepAliveTimeout: 10_000,
    connect: { ...tls, lookup: lookupAllowed },
  } as const;
  const pool =
    proxies === null
      ? new Pool(origin, settings)
      : new EnvHttpProxyAgent({
          ...settings,
          httpProxy: proxies.uri,
          httpsProxy: proxies.uri,
          noProxy: proxies.noProxy,
          requestTls: tls,
          proxyTls: { timeout: timeoutMs },
        });
  const deadlines = openDeadlines(timeoutMs);
  const refused = isMetadata(address.hostname.replace(/^\[|\]$/g, ""));
  return {
    send({ path, body, mostBytes }) {
      if (refused) return Promise.reject(new Failure(metadataProblem(), { neverSent: true }));
      return new Promise((resolve, reject) => {
        const fail = (error: unknown, sent: boolean) => reject(failureOf(error, asked, sent));
        const handler = receiver({
          host,
          timeoutMs,
          mostBytes,
          redact: (text, which) => redacted(text, hidden.filter(which ?? (() => true))),
          deadlines,
          resolve,
          fail,
        });
        const method = body === null ? "GET" : "POST";
        // `timeoutMs` bounds the whole, so that no other time does.
        const times = { headersTimeout: 0, bodyTimeout: 0 };
        pool.dispatch({ origin, path, method, headers: body === null ? headers.get : headers.post, body, ...times }, handler);
      });
    },
    async [Symbol.asyncDispose]() {
      deadlines.close();
      await pool.destroy().catch(() => undefined);
    },
  };
}

/** What environment variables hold, by their names. */
export interface Secrets {
  readonly [name: string]: string;
}

/** The credentials' values. Throws ENDPOINT_CREDENTIAL_MISSING where a variable is not set, or holds what no header may. */
export function secretsFor(credentials: Access["credentials"], environment: { readonly [name: string]: string | undefined }): Secrets {
  return Object.fromEntries(
    credentials.map(({ env, header }) => {
      const value = environment[env];
      if (value !== undefined && value !== "" && /^[\t\x20-\x7e\x80-\xff]*$/.test(value)) return [env, value];
      const what = value === undefined || value === "" ? "is not set" : "holds what no header may hold";
      throw new Problem(
        "ENDPOINT_CREDENTIAL_MISSING",
        `the environment variable ${env}, which the header ${header} is made from, ${what}`,
        {
          remedy: `Set it in the shell that runs sextant: \`export ${env}=...\`.`,
        },
      );
    }),
  );
}

function headersOf(credentials: Access["credentials"], secrets: Secrets) {
  const own = credentials.map(({ header, env, scheme }): [string, string] => [header, headerValue(scheme, secrets[env] ?? "")]);
  const get = { accept: "application/json", ...Object.fromEntries(own) };
  return { get, post: { ...get, "content-type": "application/json" } };
}

const headerValue = (scheme: "Bearer" | "Basic" | null, secret: string) =>
  scheme === null ? secret : `${scheme} ${scheme === "Basic" ? Buffer.from(secret).toString("base64") : secret}`;

/** What a server may repeat and nobody is shown: credentials, and what an address holds behind `?`; as they are, as JSON has them, and as they are sent. Longest first. */
function hiddenTexts({ search, searchParams }: URL, credentials: Access["credentials"], secrets: Secrets): string[] {
  const own = credentials.flatMap(({ env, scheme }) => {
    const secret = secrets[env] ?? "";
    return scheme === "Basic" ? [secret, secret.slice(secret.indexOf(":") + 1)] : [secret];
  });
  const inAddress = [search.slice(1), ...searchParams.values()].filter(isTelling);
  const written = [...own, ...inAddress].flatMap((text) => [text, JSON.stringify(text).slice(1, -1), Buffer.from(text).toString("base64")]);
  return [...new Set(written)].filter((text) => text !== "").toSorted((a, b) => b.length - a.length);
}

/** `?version=2` holds no secret, and a 2 stands in many an answer: what is shorter is hidden in complaints alone, and only where it is a credential. */
const isTelling = (text: string) => text.length >= 8;

const redacted = (text: string, hidden: readonly string[]): string =>
  hidden.reduce((shown, secret) => shown.replaceAll(secret, "(credential)"), text);

interface Receiving {
  readonly host: string;
  readonly timeoutMs: number;
  readonly mostBytes: number;
  readonly deadlines: Deadlines;
  /** Without what was sent in confidence: all of it, or the parts that `which` says. */
  redact(text: string, which?: (hidden: string) => boolean): string;
  resolve(text: string): void;
  /** `sent`: a part of the question may have left. */
  fail(error: unknown, sent: boolean): void;
}

/** Collects one answer within its bounds. */
function receiver({ host, timeoutMs, mostBytes, deadlines, redact, resolve, fail }: Receiving): Dispatcher.DispatchHandler {
  const chunks: Buffer[] = [];
  let bytes = 0;
  let status = 0;
  let headers: Headers = {};
  let sent = false;
  // Until a connection is free it has no controller: the deadline then waits for one.
  const deadline = deadlines.add(() => tookTooLong(host, timeoutMs));
  return {
    onRequestStart(controller) {
      sent = true;
      deadline.reach(controller);
    },
    onResponseStart(_controller, code, found) {
      status = code;
      headers = found as Headers;
    },
    onResponseData(controller, chunk) {
      bytes += chunk.length;
      if (bytes > mostBytes) return controller.abort(tooLong(host, mostBytes));
      chunks.push(chunk);
    },
    onResponseEnd() {
      deadline.end();
      try {
        const text = unpacked(chunks, headers["content-encoding"], mostBytes, host);
        if (status !== 200) return fail(statusFailure(status, headers, redact(text).slice(0, 2000), host), sent);
        resolve(redact(text, isTelling));
      } catch (error) {
        fail(error, sent);
      }
    },
    onResponseError(_controller, error) {
      deadline.end();
      fail(error, sent);
    },
  };
}

const unpackers: Readonly<Record<string, (packed: Buffer, options: { maxOutputLength: number }) => Buffer>> = {
  gzip: gunzipSync,
  "x-gzip": gunzipSync,
  deflate: inflateSync,
  br: brotliDecompressSync,
  zstd: zstdDecompressSync,
};

/** Nothing packed is asked for; some servers pack all the same. */
function unpacked(chunks: readonly Buffer[], encoding: string | undefined, most: number, host: string): string {
  const [first] = chunks;
  const whole = chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks);
  const name = encoding?.trim().toLowerCase();
  if (name === undefined || name === "" || name === "identity") return whole.toString("utf8");
  const unpack = unpackers[name];
  if (unpack === undefined)
    throw new Failure(answerInvalid(`${host} packs its answer in a way that was not asked for (${name.slice(0, 40)})`));
  try {
    return unpack(whole, { maxOutputLength: most }).toString("utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE") throw tooLong(host, most);
    throw new Failure(answerInvalid(`${host} says that its answer is packed as ${name}, and it is not`));
  }
}

interface Deadlines {
  add(why: () => Failure): { reach(controller: Dispatcher.DispatchController): void; end(): void };
  close(): void;
}

/** One clock for all attempts: a timer for each would cost more than the rest. An attempt ends at most a twentieth late. */
function openDeadlines(timeoutMs: number): Deadlines {
  interface Running {
    readonly until: number;
    readonly why: () => Failure;
    controller?: Dispatcher.DispatchController;
  }
  const running = new Set<Running>();
  const look = () => {
    const now = performance.now();
    for (const each of running) {
      if (now < each.until) break; // in the order they began
      if (each.controller === undefined) continue;
      running.delete(each);
      each.controller.abort(each.why());
    }
  };
  const timer = setInterval(look, Math.max(5, Math.min(1000, timeoutMs / 20))).unref();
  return {
    add(why) {
      const own: Running = { until: performance.now() + timeoutMs, why };
      running.add(own);
      return {
        reach(controller) {
          own.controller = controller;
        },
        end: () => running.delete(own),
      };
    },
    close: () => clearInterval(timer),
  };
}

/** Link-local addresses, also as IPv6 writes those of IPv4 (a block list knows the mapped ones itself), and Amazon's own. */
const linkLocal = new BlockList();
linkLocal.addSubnet("169.254.0.0", 16, "ipv4");
linkLocal.addSubnet("64:ff9b::a9fe:0", 112, "ipv6");
linkLocal.addSubnet("fe80::", 10, "ipv6");
linkLocal.addSubnet("fd00:ec2::", 32, "ipv6");

/** Clouds answer there with the machine's own credentials. No model does. */
function isMetadata(address: string): boolean {
  const plain = address.replace(/%.*$/, ""); // without the name of a network card
  const family = isIP(plain);
  return family !== 0 && linkLocal.check(plain, family === 6 ? "ipv6" : "ipv4");
}

const metadataProblem = () =>
  new Problem("ENDPOINT_REFUSED", "the address is link-local: clouds give out the machine's own credentials there", {
    remedy: "Declare the address that the service has in its network.",
  });

const lookupAllowed: LookupFunction = (hostname, options, callback) =>
  lookup(hostname, options, (error, address, family) => {
    const found = Array.isArray(address) ? address.map((each) => each.address) : [address];
    if (error === null && found.some(isMetadata)) return callback(new Failure(metadataProblem(), { neverSent: true }), address, family);
    callback(error, address, family);
  });
