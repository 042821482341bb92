/** The model server of examples/service in a process of its own, which ends with its input. Prints its address. */
interface ServerModule {
  startServer(): Promise<{ readonly url: string }>;
}
const { startServer } = (await import(new URL("../../examples/service/server.js", import.meta.url).href)) as ServerModule;
const { url } = await startServer();
console.log(url);
process.stdin.on("end", () => process.exit()).resume();
