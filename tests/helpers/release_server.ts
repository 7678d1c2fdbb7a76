/**
 * Stands in for the place where releases lie: files on a loopback port, laid out like GitHub's.
 *
 * @module
 */
import { gzipSync } from "node:zlib";

/** What is served: a path below the release's base, and its bytes or the status to answer. */
export type Served = Record<string, Uint8Array | string | number>;

/** A running server; `await using` ends it. */
export interface ReleaseServer extends AsyncDisposable {
  readonly url: string;
  /** Paths that were asked for, in order. */
  readonly asked: readonly string[];
}

/** Serves files on 127.0.0.1 at a free port. */
export function serveRelease(files: Served): ReleaseServer {
  const asked: string[] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, (request) => {
    const path = new URL(request.url).pathname.slice(1);
    asked.push(path);
    const found = files[path] ?? 404;
    return typeof found === "number"
      ? new Response("no", { status: found })
      : new Response(found as BodyInit);
  });
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    asked,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

/** Serves, for every request, an answer that breaks off in the middle. */
export function serveTruncated(sums: string): ReleaseServer {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const asked: string[] = [];
  const accepting = (async () => {
    for await (const connection of listener) {
      const buffer = new Uint8Array(4096);
      const length = await connection.read(buffer) ?? 0;
      const [, path = ""] =
        /^GET \/(\S*)/.exec(new TextDecoder().decode(buffer.subarray(0, length))) ??
          [];
      asked.push(path);
      const body = path.endsWith("SHA256SUMS") ? sums : "half of a ";
      const claimed = path.endsWith("SHA256SUMS") ? sums.length : 1000;
      await connection.write(new TextEncoder().encode(
        `HTTP/1.1 200 OK\r\nContent-Length: ${claimed}\r\nConnection: close\r\n\r\n${body}`,
      ));
      connection.close();
    }
  })();
  return {
    url: `http://127.0.0.1:${listener.addr.port}`,
    asked,
    [Symbol.asyncDispose]: async () => {
      listener.close();
      await accepting;
    },
  };
}

/** Returns a program, as a release carries it: it says a version, and which one it is. */
export function fakeBinary(version: string): Uint8Array<ArrayBuffer> {
  return gzip(`#!/bin/sh\n[ "$1" = version ] && echo "looop ${version}"\n`);
}

/** Compresses bytes as `gzip` does. */
export function gzip(content: string | Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(gzipSync(content));
}

/** Writes the list of checksums for some assets. */
export async function checksums(assets: Readonly<Record<string, Uint8Array>>): Promise<string> {
  const lines = Object.entries(assets).map(async ([name, bytes]) => {
    const digest = await crypto.subtle.digest("SHA-256", new Uint8Array(bytes));
    return `${new Uint8Array(digest).toHex()}  ${name}\n`;
  });
  return (await Promise.all(lines)).join("");
}
