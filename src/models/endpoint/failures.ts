import { Problem, type ProblemCode, quoted } from "../../base/index.ts";

/** An attempt that gave no answer. */
export class Failure extends Error {
  override readonly name = "Failure";
  readonly problem: Problem;
  /** Asking again may help. */
  readonly isPassing: boolean;
  /** No byte of the question left this machine's hands: it counts as not asked. */
  readonly neverSent: boolean;
  /** The server says when to come back, in milliseconds; null: it does not. */
  readonly retryAfterMs: number | null;

  constructor(problem: Problem, { isPassing = false, neverSent = false, retryAfterMs = null as number | null } = {}) {
    super(problem.message);
    this.problem = problem;
    this.isPassing = isPassing;
    this.neverSent = neverSent;
    this.retryAfterMs = retryAfterMs;
  }
}

const failure = (code: ProblemCode, what: string, remedy: string, how: ConstructorParameters<typeof Failure>[1] = {}) =>
  new Failure(new Problem(code, what, { remedy }), how);

export const answerInvalid = (what: string, remedy = "Check that `protocol`, `url` and `model` are those of this server."): Problem =>
  new Problem("ENDPOINT_ANSWER_INVALID", what, { remedy });

const remedies = {
  reach: "Start the service, or correct `url`; then run it again: what was answered is kept.",
  slow: "Raise `timeoutMs`, or lower `batch` or `inFlight`; then run it again: what was answered is kept.",
  tls: "If its certificate comes from an authority of your own, name that one's file: `ca: FILE`. Certificates are never left unchecked.",
  refused: "Correct what the server complains of: the credentials, `model`, `version` or the inputs.",
  failed: "Look into the server's log; then run it again: what was answered is kept.",
} as const;

export const tookTooLong = (host: string, milliseconds: number) =>
  failure("ENDPOINT_TIMEOUT", `${host} did not answer within ${milliseconds} ms`, remedies.slow, { isPassing: true });

export const tooLong = (host: string, most: number) =>
  failure("ENDPOINT_ANSWER_INVALID", `${host} answers with more than ${most} bytes, which is no answer to these rows`, remedies.failed);

/** What OpenSSL and Node say of a certificate. */
const certificates: Readonly<Record<string, string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: "it signed itself",
  SELF_SIGNED_CERT_IN_CHAIN: "the authority that signed it is not trusted",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "the authority that signed it is not known",
  UNABLE_TO_GET_ISSUER_CERT: "the authority that signed it is not known",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "the authority that signed it is not known",
  CERT_HAS_EXPIRED: "it has expired",
  CERT_NOT_YET_VALID: "it is not valid yet",
  CERT_REVOKED: "it was revoked",
  ERR_TLS_CERT_ALTNAME_INVALID: "it is another host's",
};

const unreached: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nothing listens there",
  ENOTFOUND: "no host has that name",
  EAI_AGAIN: "its name cannot be looked up now",
  EHOSTUNREACH: "no way leads there",
  ENETUNREACH: "no way leads there",
  EADDRNOTAVAIL: "no way leads there",
  UND_ERR_CONNECT_TIMEOUT: "it does not take up the connection",
};

/** Whatever undici, the network or TLS reports, as a person may read it. `sent`: a part of the question may have left, whatever went wrong then. */
export function failureOf(error: unknown, host: string, sent: boolean): Failure {
  if (error instanceof Failure) return error;
  const { code = "", message = String(error), cause } = (error ?? {}) as NodeJS.ErrnoException & { cause?: unknown };
  const inner = cause !== undefined && code === "" ? (cause as NodeJS.ErrnoException).code : undefined;
  const known = inner ?? code;
  const certificate = certificates[known];
  if (certificate !== undefined)
    return failure("ENDPOINT_TLS", `the certificate of ${host} cannot be trusted: ${certificate}`, remedies.tls, { neverSent: !sent });
  if (known.startsWith("ERR_SSL") || known === "EPROTO")
    return failure(
      "ENDPOINT_TLS",
      `${host} does not speak TLS as it should (${known})`,
      "Check whether `url` begins with http:// or https://.",
      { neverSent: !sent },
    );
  const why = unreached[known];
  if (why !== undefined)
    return failure("ENDPOINT_UNREACHABLE", `${host} cannot be reached: ${why}`, remedies.reach, { isPassing: true, neverSent: !sent });
  const refusal = proxyRefusal(message, host);
  if (refusal !== null) return refusal;
  if (known.startsWith("HPE_") || (error as Error).name === "HTTPParserError")
    return failure("ENDPOINT_ANSWER_INVALID", `${host} does not answer in HTTP/1.1`, "Check that `url` is that of the service.");
  const what = `${host} broke off the connection (${quoted(known || message, 60)})`;
  return failure("ENDPOINT_UNREACHABLE", what, remedies.reach, { isPassing: true });
}

/** What undici says of a proxy that did not open the way; no byte of the question was sent then. */
function proxyRefusal(message: string, host: string): Failure | null {
  const [, tunnel, asked] = /^Proxy response \((\d{3})\)|^Proxy Authentication Required \((407)\)/.exec(message) ?? [];
  const status = Number(tunnel ?? asked);
  if (Number.isNaN(status)) return null;
  const how = { isPassing: passing.has(status), neverSent: true };
  const remedy =
    status === 407
      ? "Put the proxy's own credentials into its address in the environment: `http://NAME:PASSWORD@HOST:PORT`."
      : "Ask whoever runs the proxy, or name the host in NO_PROXY where it can be reached without.";
  return failure("ENDPOINT_REFUSED", `${host} cannot be reached: the proxy answers with status ${status}`, remedy, how);
}

const passing = new Set([408, 425, 429, 500, 502, 503, 504]);

/** An answer whose status is not 200. `said` is a part of its text, without credentials. */
export function statusFailure(status: number, headers: Headers, said: string, host: string): Failure {
  const shown = said.trim() === "" ? "" : `: it says ${quoted(said.trim(), 200)}`;
  if (status >= 300 && status < 400) {
    const to = headers.location === undefined ? "" : ` to ${placeOf(headers.location)}`;
    return failure(
      "ENDPOINT_REDIRECTS",
      `${host} sends elsewhere${to} (status ${status})`,
      "Redirects are not followed: declare the address that answers as `url`.",
    );
  }
  const what = `${host} answers with status ${status}${shown}`;
  if (!passing.has(status)) return failure("ENDPOINT_REFUSED", what, remedies.refused);
  return failure("ENDPOINT_FAILED", what, remedies.failed, { isPassing: true, retryAfterMs: retryAfter(headers["retry-after"]) });
}

export interface Headers {
  readonly [name: string]: string | undefined;
}

/** The host of an address, and no more: the rest may hold what is not meant for reports. */
function placeOf(location: string): string {
  try {
    return quoted(new URL(location).origin, 120);
  } catch {
    return "another path";
  }
}

/** Seconds, or a date (RFC 9110, 10.2.3). */
function retryAfter(text: string | undefined): number | null {
  if (text === undefined) return null;
  const milliseconds = /^\d{1,9}$/.test(text.trim()) ? 1000 * Number(text) : Date.parse(text) - Date.now();
  return Number.isFinite(milliseconds) ? Math.max(0, milliseconds) : null;
}
