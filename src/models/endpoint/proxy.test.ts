import { createServer, type IncomingMessage, request } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { describe, expect, it } from "vitest";
import type { Failure } from "./failures.ts";
import { openHttp } from "./http.ts";
import { proxiesFor } from "./proxy.ts";
import { accessOf, scratch } from "./testing/bindings.ts";
import { authority, certificate } from "./testing/certificates.ts";
import { startFake } from "./testing/fake.ts";

/** A proxy that leads every name to one port here, and remembers what it was asked; with `status` it refuses. */
async function startProxy(port: number, status?: number) {
  const seen: string[] = [];
  const note = (how: string, { url = "", headers }: IncomingMessage) =>
    seen.push(`${how} ${url} ${headers["proxy-authorization"] ?? ""}`.trim());
  const sockets = new Set<Socket>();
  const server = createServer((asked, answer) => {
    note(asked.method ?? "", asked);
    if (status !== undefined) return void answer.writeHead(status).end();
    const { pathname, search } = new URL(asked.url ?? "");
    asked.pipe(
      request({ port, host: "127.0.0.1", method: asked.method, path: pathname + search, headers: asked.headers }, (found) => {
        answer.writeHead(found.statusCode ?? 500, found.headers);
        found.pipe(answer);
      }),
    );
  });
  server.on("connection", (socket) => sockets.add(socket));
  server.on("connect", (asked: IncomingMessage, socket: Socket) => {
    note("CONNECT", asked);
    if (status !== undefined) return socket.end(`HTTP/1.1 ${status} No\r\n\r\n`);
    const through = connect(port, "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 OK\r\n\r\n");
      through.pipe(socket).pipe(through);
    });
    sockets.add(through);
    through.on("error", () => socket.destroy());
    socket.on("error", () => through.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    seen,
    url: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const described = { path: "/v2/models/credit", body: null, mostBytes: 1e6 };
const portOf = ({ url }: { readonly url: string }) => Number(new URL(url).port);
const failing = (asking: Promise<string>) =>
  asking.then(
    () => null,
    (error: Failure) => error.problem,
  );

describe("a proxy that the environment names", () => {
  it("is asked for another machine over http://, with its own credentials, and the answer is the server's", async () => {
    await using fake = await startFake();
    await using proxy = await startProxy(portOf(fake));
    await using http = await openHttp(accessOf("http://models.example", scratch()), {}, { HTTP_PROXY: `http://jo:p%40ss@${proxy.url}` });
    expect(await http.send(described)).toMatch(/credit/);
    expect(proxy.seen).toEqual([`GET http://models.example/v2/models/credit Basic ${Buffer.from("jo:p@ss").toString("base64")}`]);
    expect(fake.headers.host).toBe("models.example");
  });

  it("opens the way over https://, and the server's certificate is checked behind it", async () => {
    await using fake = await startFake({ tls: certificate("signed") });
    await using proxy = await startProxy(portOf(fake));
    const environment = { https_proxy: proxy.url, HTTPS_PROXY: "http://127.0.0.1:9" };
    await using trusting = await openHttp(accessOf("https://localhost.example", scratch(), { ca: authority }), {}, environment);
    const problem = await failing(trusting.send(described));
    expect(problem).toMatchObject({ code: "ENDPOINT_TLS", message: expect.stringContaining("another host's") });
    expect(proxy.seen).toEqual(["CONNECT localhost.example:443"]);
  });

  it.each([
    [407, "https://models.example", "credentials into its address"],
    [403, "https://models.example", "NO_PROXY"],
    [407, "http://models.example", "credentials into its address"],
  ])("that refuses with status %i the way to %s is told, with what to do", async (status, url, remedy) => {
    await using proxy = await startProxy(9, status);
    await using http = await openHttp(accessOf(url, scratch()), {}, { HTTP_PROXY: proxy.url, HTTPS_PROXY: proxy.url });
    expect(await failing(http.send(described))).toMatchObject({
      code: "ENDPOINT_REFUSED",
      message: `models.example, by way of the environment's proxy, cannot be reached: the proxy answers with status ${status}`,
      remedy: expect.stringContaining(remedy),
    });
  });

  it("that is not there is told as what cannot be reached", async () => {
    await using http = await openHttp(accessOf("http://models.example", scratch()), {}, { http_proxy: "127.0.0.1:9" });
    expect(await failing(http.send(described))).toMatchObject({
      code: "ENDPOINT_UNREACHABLE",
      message: "models.example, by way of the environment's proxy, cannot be reached: nothing listens there",
    });
  });

  it("is not asked for this very machine, nor for a host that NO_PROXY names", async () => {
    await using fake = await startFake();
    const environment = { HTTP_PROXY: "http://127.0.0.1:9", NO_PROXY: "other.example, models.example" };
    await using near = await openHttp(accessOf(fake.url, scratch()), {}, environment);
    expect(await near.send(described)).toMatch(/credit/);
    await using far = await openHttp(accessOf("http://models.example", scratch()), {}, environment);
    expect((await failing(far.send(described)))?.message).not.toMatch(/nothing listens/);
  });

  it("counts by the address's own scheme, small letters first, and with or without a scheme of its own", () => {
    const at = (url: string, environment: Readonly<Record<string, string>>) => proxiesFor(new URL(url), environment);
    expect(at("https://a.example", { HTTP_PROXY: "http://p:1" })).toBeNull();
    expect(at("http://a.example", { HTTPS_PROXY: "http://p:1" })).toBeNull();
    expect(at("http://a.example", { http_proxy: " p:1 ", HTTP_PROXY: "q:1", no_proxy: "b" })).toEqual({ uri: "http://p:1", noProxy: "b" });
    expect(at("http://a.example", { http_proxy: "", HTTP_PROXY: "q:1" })).toEqual({ uri: "http://q:1", noProxy: "" });
    for (const url of ["http://localhost", "http://127.0.0.1:80", "http://[::1]", "http://a.localhost"])
      expect(at(url, { http_proxy: "p:1" }), url).toBeNull();
    for (const wrong of ["socks5://p:1", "http://", "file:///etc/passwd", "http://a b"])
      expect(() => at("http://a.example", { HTTP_PROXY: wrong }), wrong).toThrow(/HTTP_PROXY holds no address of a proxy/);
  });
});
