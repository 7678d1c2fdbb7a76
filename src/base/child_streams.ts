/**
 * The three streams of a child.
 *
 * @module
 */

/**
 * One buffer is used again and again for a stream. Left to itself, Deno makes a new one of 64 KiB for
 * each read and tells V8 of the bytes in it alone, so that the pulse grew by a megabyte a beat before
 * anything was collected.
 */
const BUFFER_BYTES = 16 * 1024;

/** Writes a child's whole standard input, if there is one, and closes it. */
export async function feedChild(child: Deno.ChildProcess, text: string | undefined): Promise<void> {
  if (text === undefined) return;
  const writer = child.stdin.getWriter();
  try {
    await writer.write(new TextEncoder().encode(text));
    await writer.close();
  } catch {
    // A child need not read all of its input; its exit code tells how it went.
  }
}

/**
 * Reads a child's output to its end, or until `stop` aborts.
 *
 * @param onBytes Gets each piece; what it keeps of it, it must copy.
 */
export async function pumpOutput(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  onBytes: (bytes: Uint8Array) => void,
  stop?: AbortSignal,
): Promise<void> {
  const reader = stream.getReader({ mode: "byob" });
  const cancel = () => void reader.cancel().catch(() => {});
  stop?.addEventListener("abort", cancel, { once: true });
  try {
    let buffer = new ArrayBuffer(BUFFER_BYTES);
    for (;;) {
      const { done, value } = await reader.read(new Uint8Array(buffer));
      if (done || value === undefined) return;
      onBytes(value);
      buffer = value.buffer;
    }
  } catch {
    // A cancelled or broken pipe: what was read stands.
  } finally {
    stop?.removeEventListener("abort", cancel);
  }
}

/** Reads a child's output to its end, as text. */
export async function readOutput(stream: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  await pumpOutput(stream, (bytes) => (text += decoder.decode(bytes, { stream: true })));
  return text + decoder.decode();
}
