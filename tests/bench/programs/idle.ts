/** A program that waits for its end. @module */
await new Promise((resolve) => {
  Deno.addSignalListener("SIGTERM", () => resolve(undefined));
});
