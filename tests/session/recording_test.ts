import { equal, match, ok } from "node:assert/strict";
import { join } from "node:path";
import { request } from "../../src/session/channel.ts";
import { killSession, resizeSession } from "../../src/session/end_session.ts";
import { openLog } from "../../src/session/log_file.ts";
import { LogLines } from "../../src/session/log_lines.ts";
import { findTail, readLog } from "../../src/session/read_log.ts";
import { waitForExit } from "../../src/session/wait_session.ts";
import { isRunning } from "../helpers/processes.ts";
import { SessionLab } from "../helpers/session_lab.ts";

Deno.test("no byte is lost: what the program wrote last is in the log, invalid UTF-8 as it came", async () => {
  await using lab = new SessionLab();
  const bytes = new Uint8Array(3_000_000);
  for (let i = 0; i < bytes.length; i++) bytes[i] = (i * 31 + (i >> 8)) & 0xff;
  Deno.writeFileSync(join(lab.root, "bytes"), bytes);
  await lab.start("raw", "stty raw; cat bytes; printf END");
  equal(await waitForExit(lab.sessionsDir, "raw", 30_000), 0);
  const log = Deno.readFileSync(join(lab.sessionsDir, "raw/output.log"));
  equal(log.length, bytes.length + 3);
  ok(log.subarray(0, bytes.length).every((byte, i) => byte === bytes[i]));
  const starts = Array.from(
    { length: 10 },
    (_, i) => lab.start(`s${i}`, `echo first; echo last-${i}`),
  );
  await Promise.all(starts);
  for (let i = 0; i < 10; i++) {
    equal(await waitForExit(lab.sessionsDir, `s${i}`, 20_000), 0);
    equal(lab.log(`s${i}`), `first\r\nlast-${i}\r\n`);
  }
});

Deno.test("a log beyond its limit loses its older half, and offsets stay valid", async () => {
  await using lab = new SessionLab();
  const script = "for i in $(seq 1 40000); do echo line-$i; done; cat";
  const { dir } = await lab.start("big", script, { logMaxBytes: 100_000 });
  await lab.until("all is written", () => lab.log("big").endsWith("line-40000\r\n"));
  // The cut waits for the screen, which is loaded while the command runs already.
  await lab.until("the log is cut", () => Deno.statSync(join(dir, "output.log")).size <= 100_000);
  using log = openLog(dir)!;
  const total = Array.from({ length: 40000 }, (_, i) => `line-${i + 1}\r\n`.length)
    .reduce((sum, length) => sum + length, 0);
  equal(log.end(), total);
  ok(log.base > total - 150_000);
  const gaps: number[] = [];
  const lines = new LogLines();
  const texts: { offset: number; text: string }[] = [];
  const options = { sessionsDir: lab.sessionsDir, id: "big", since: 5, isFollowing: false };
  for await (const chunk of readLog(dir, { ...options, onGap: (_, to) => gaps.push(to) })) {
    texts.push(...lines.push(chunk));
  }
  equal(gaps[0], log.base);
  equal(texts.at(-1)?.text, "line-40000");
  equal(texts.at(-1)?.offset, total - "line-40000\r\n".length);
  equal(findTail(log, 1), total - "line-40000\r\n".length);
  equal(findTail(log, 2), total - 2 * "line-40000\r\n".length);
  equal(findTail(log, 0), total);
});

Deno.test("a follower sees every byte of a flood that is cut while it reads, in order, and ends with it", async () => {
  await using lab = new SessionLab();
  const { dir } = await lab.start(
    "f",
    "read x; for i in 1 2 3 4 5 6 7 8; do seq 1 3000; sleep 0.1; done",
    {
      logMaxBytes: 60_000,
    },
  );
  const following = (async () => {
    let next = 0;
    let skipped = 0;
    const onGap = (from: number, to: number) => {
      skipped += to - from;
      next = to;
    };
    const options = { sessionsDir: lab.sessionsDir, id: "f", isFollowing: true, onGap };
    for await (const { offset, bytes } of readLog(dir, options)) {
      equal(offset, next);
      next += bytes.length;
    }
    return { next, skipped };
  })();
  await request(dir, "input", { bytes: btoa("\r") });
  const { next } = await following;
  using log = openLog(dir)!;
  equal(next, log.end());
});

Deno.test("a deleted log is written anew, whole; one cut short keeps its offsets", async () => {
  await using lab = new SessionLab();
  const { dir } = await lab.start("del", "echo before; while read x; do echo got $x; done");
  await lab.until("it has begun", () => lab.log("del").includes("before"));
  Deno.removeSync(join(dir, "output.log"));
  await new Promise((resolve) => setTimeout(resolve, 120)); // The recorder looks at most this often.
  await request(dir, "input", { bytes: btoa("one\r") });
  await lab.until("it is back", () => /before\r\n[^]*got one/.test(lab.log("del")));
  const size = lab.log("del").length;
  Deno.truncateSync(join(dir, "output.log"), 0);
  await request(dir, "input", { bytes: btoa("two\r") });
  await lab.until("it goes on", () => lab.log("del").includes("got two"));
  equal(lab.log("del").slice(0, size), "\0".repeat(size));
});

Deno.test("a session whose folder is removed ends at its next output: nobody could reach it", async () => {
  await using lab = new SessionLab();
  const { dir } = await lab.start("gone", "while :; do echo x; sleep 0.15; done");
  const supervisor = lab.session("gone")!.record.supervisor_pid!;
  await lab.until("it writes", () => lab.log("gone").includes("x"));
  Deno.removeSync(dir, { recursive: true });
  await lab.until("it is gone", () => lab.leftovers().length === 0 && !isRunning(supervisor));
});

Deno.test("sizes and times stand in the index by offset", async () => {
  await using lab = new SessionLab();
  const { dir } = await lab.start("idx", "echo a; cat");
  await lab.until("it has written", () => lab.log("idx").length === 3);
  await resizeSession(lab.sessionsDir, "idx", 77, 22);
  const records = Deno.readTextFileSync(join(dir, "output.idx")).trim().split("\n")
    .map((line) => JSON.parse(line));
  equal(records[0].slice(2).join("x"), "120x40");
  equal(records[0][0], 0);
  equal(records.at(-1)[0], 3);
  equal(records.at(-1).slice(2).join("x"), "77x22");
});

Deno.test("under `yes` memory stays flat, the log stays bounded and kill answers", async () => {
  await using lab = new SessionLab();
  const { dir } = await lab.start("yes", "yes", { logMaxBytes: 8_000_000 });
  const supervisor = lab.session("yes")!.record.supervisor_pid!;
  const rssKb = () =>
    Number(/VmRSS:\s+(\d+)/.exec(Deno.readTextFileSync(`/proc/${supervisor}/status`))?.[1]);
  const written = () => {
    using log = openLog(dir);
    return log?.end() ?? 0;
  };
  await lab.until("it floods", () => written() > 10_000_000);
  const before = rssKb();
  await lab.until("it goes on flooding", () => written() > 45_000_000, 60_000);
  ok(rssKb() < before * 1.5 + 30_000, `${before} -> ${rssKb()} KB`);
  ok(Deno.statSync(join(dir, "output.log")).size < 16_000_000);
  const start = performance.now();
  await killSession(lab.sessionsDir, "yes");
  ok(performance.now() - start < 3000);
});

const isRoot = Deno.uid() === 0 && Deno.build.os === "linux";
Deno.test({
  name:
    "on a full disk the session goes on, what found no room is counted, and recording resumes (root)",
  ignore: !isRoot,
  async fn() {
    const mount = Deno.makeTempDirSync({ prefix: "looop-tmpfs-" });
    const sh = (command: string) =>
      new Deno.Command("bash", { args: ["-c", command] }).outputSync();
    ok(sh(`mount -t tmpfs -o size=1m tmpfs ${mount}`).success);
    try {
      const parent = join(mount, "lab");
      Deno.mkdirSync(parent);
      await using lab = new SessionLab("sessions", parent);
      const script =
        "read x; head -c 6000000 /dev/zero | tr '\\0' a; echo; echo full; read x; echo after; read x; exit 6";
      const { dir } = await lab.start("full", script);
      const type = () => request(dir, "input", { bytes: btoa("\r") });
      await type();
      const filler = () => {
        try {
          Deno.writeFileSync(join(mount, "filler"), new Uint8Array(2_000_000));
        } catch {
          // That is what a full disk says.
        }
      };
      await lab.until(
        "bytes were lost",
        () => (lab.session("full")?.record.lost_bytes ?? 0) > 3_000_000,
      );
      filler();
      ok(sh(`mount -o remount,size=16m ${mount}`).success);
      await type();
      await lab.until("recording resumes", () => lab.log("full").includes("after"));
      equal(lab.session("full")?.isAlive, true);
      await type();
      equal(await waitForExit(lab.sessionsDir, "full", 20_000), 6);
      match(lab.log("full"), /full\r\n\r\nafter/);
      using log = openLog(dir)!;
      ok(log.end() > 6_000_000, "offsets count what was lost");
    } finally {
      sh(`umount ${mount}; rmdir ${mount}`);
    }
  },
});
