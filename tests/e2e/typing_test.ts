import { deepEqual, equal, match, ok } from "node:assert/strict";
import { needing, SessionHome } from "../helpers/test_session.ts";

const BASH = ["bash", "--norc", "--noprofile", "-i"];

Deno.test("send, expect, key and shot drive a shell", async () => {
  await using home = new SessionHome();
  await home.start("sh", BASH);
  await home.looop(["expect", "sh", "\\$ $"]);
  const sent = await home.json(["send", "sh", "echo", "é日本😀", "$((6*7))"]);
  deepEqual(Object.keys(sent), ["id", "bytes", "offset", "seen"]);
  const found = await home.json([
    "expect",
    "sh",
    "^é日本😀 (\\d+)$",
    "--since",
    `${sent["offset"]}`,
  ]);
  deepEqual([found["matched"], found["text"], found["groups"]], [true, "é日本😀 42", ["42"]]);
  // The offset lies right behind the match: the same text is not found again from there.
  const again = ["expect", "sh", "42", "--since", `${found["offset"]}`, "--timeout", "300ms"];
  equal((await home.json(again, 124))["matched"], false);
  await home.looop(["key", "sh", "Up", "C-a", "C-k"]);
  await home.looop(["send", "sh", "-n", "--", "-n not typed out"]);
  await home.looop(["expect", "sh", "\\$ -n not typed out$", "--screen"]);
  match(
    await home.looop(["shot", "sh", "--trim"]),
    /^\$ echo é日本😀 \$\(\(6\*7\)\)\né日本😀 42\n/,
  );
  const shot = await home.json(["shot", "sh"]);
  deepEqual([shot["cols"], shot["rows"], (shot["lines"] as string[]).length], [80, 24, 24]);
});

Deno.test("send types one paste, which its text cannot end, where the program asked for pastes", async () => {
  await using home = new SessionHome();
  const program =
    `stty raw -echo; printf '\\033[?2004hready'; head -c 27 | od -An -c | tr -d ' \\n'; sleep 60`;
  await home.start("p", ["sh", "-c", program]);
  await home.looop(["expect", "p", "ready"]);
  await home.looop(["send", "p", "a\nb\x1b\x1b[201~c\u009b201~d"], 0);
  const read = await home.looop(["expect", "p", "033\\[200~.*033\\[201~.*$"]);
  equal(read, "033[200~a\\rb[201~c201~d033[201~\\r\n");
});

Deno.test("send says how much was taken of text that nobody reads, and exits 124", async () => {
  await using home = new SessionHome();
  await home.start("deaf", ["sh", "-c", "stty raw -echo; echo ready; sleep 60"]);
  await home.looop(["expect", "deaf", "ready"]);
  const text = "x".repeat(1_000_000);
  const ran = await home.home.looop(["send", "deaf", "-", "--json", "--timeout", "700ms"], {
    stdin: text,
  });
  equal(ran.code, 124, ran.stderr);
  match(ran.stderr, /took 0 bytes, 1000000 are left/);
  const { bytes, seen } = JSON.parse(ran.stdout);
  deepEqual([bytes, seen], [0, false]);
});

Deno.test("send says that its text was seen, on the prompt's line and wrapped over several", async () => {
  await using home = new SessionHome();
  await home.start("sh", BASH, { cols: 40 });
  await home.looop(["expect", "sh", "\\$ $"]);
  for (const text of ["echo short", `echo ${"long ".repeat(30)}`]) {
    // Its echo has a second. On a machine busy enough to need more, once in three tries will do.
    const tries = [];
    do tries.push(await home.json(["send", "sh", text])); while (
      tries.at(-1)!["seen"] !== true && tries.length < 3
    );
    equal(tries.at(-1)!["seen"], true, JSON.stringify(tries));
  }
  const key = await home.json(["key", "sh", "Enter"]);
  equal(typeof key["seen"], "boolean");
});

Deno.test("send to a program that shows nothing still types, and says that it was not seen", async () => {
  await using home = new SessionHome();
  await home.start("mute", [
    "bash",
    "-c",
    "stty -echo; echo ready; read -r x; sleep 1; echo got $x",
  ]);
  await home.looop(["expect", "mute", "ready"]);
  const ran = await home.home.looop(["send", "mute", "secret", "--json"]);
  equal(ran.code, 0);
  equal(JSON.parse(ran.stdout).seen, false);
  match(ran.stderr, /did not show it/);
  await home.looop(["expect", "mute", "^got secret$"]);
});

Deno.test("expect gives up at its timeout, at the session's end, and on an endless expression", async () => {
  await using home = new SessionHome();
  await home.start("x", ["bash", "-c", `echo ${"a".repeat(40)}b; sleep 60`]);
  await home.looop(["expect", "x", "never", "--timeout", "300ms"], 124);
  await home.looop(["expect", "x", "^(a+)+$", "--timeout", "1s"], 124);
  await home.looop(["expect", "x", "("], 2);
  await home.looop(["expect", "x", "aab$"]);
  await home.looop(["expect", "x", "aab$", "--from-now", "--timeout", "300ms"], 124);
  await home.start("y", ["bash", "-c", "sleep 0.5; echo bye"]);
  await home.looop(["expect", "y", "never"], 1);
  await home.looop(["expect", "y", "^bye$"]);
  match(await home.looop(["shot", "y", "--trim"]), /^bye\n$/);
});

Deno.test("verbs that type refuse the pulse, a session that ended, and an unknown key", async () => {
  await using home = new SessionHome();
  const pulse = await home.home.looop(["send", "pulse", "hi"]);
  equal(pulse.code, 1);
  match(pulse.stderr, /pulse.*;/);
  await home.start("gone", ["true"]);
  await home.looop(["wait", "gone"]);
  equal((await home.home.looop(["key", "gone", "Enter"])).code, 1);
  await home.start("sh", BASH);
  const wrong = await home.home.looop(["key", "sh", "C-Lft"]);
  equal(wrong.code, 2);
  match(wrong.stderr, /"C-Left"/);
  equal((await home.home.looop(["shot", "nobody"])).code, 1);
});

Deno.test(needing("vim", "keys, text and screen of vim at 300 columns"), async () => {
  await using home = new SessionHome();
  const file = `${home.home.dir}/note.txt`;
  await home.start("vim", ["vim", "-u", "NONE", "-N", file], { cols: 300, rows: 30 });
  await home.looop(["expect", "vim", "^~$", "--screen"]);
  await home.looop(["key", "vim", "i"]);
  await home.looop(["send", "vim", "-n", "word ".repeat(58).trim()]);
  await home.looop(["key", "vim", "Esc", "0", "C-Right", "i", "X", "Esc", ":", "w", "q", "Enter"]);
  await home.looop(["wait", "vim", "--timeout", "20s"]);
  equal(Deno.readTextFileSync(file), `word X${"word ".repeat(57).trim()}\n`);
});

Deno.test(needing("less", "arrow keys follow the cursor-key mode of less"), async () => {
  await using home = new SessionHome();
  const file = `${home.home.dir}/lines.txt`;
  Deno.writeTextFileSync(file, Array.from({ length: 99 }, (_, i) => `line ${i + 1}\n`).join(""));
  await home.start("less", ["less", file]);
  await home.looop(["expect", "less", "^line 23$", "--screen"]);
  await home.looop(["key", "less", "Down", "PageDown"]);
  await home.looop(["expect", "less", "^line 47$", "--screen"]);
  const shot = await home.looop(["shot", "less", "--svg"]);
  ok(shot.startsWith("<svg") && shot.includes(">line 47<"));
  await home.looop(["key", "less", "q"]);
  await home.looop(["wait", "less", "--timeout", "10s"]);
});

Deno.test("a program gets one answer to a query when nobody is attached", async () => {
  await using home = new SessionHome();
  const ask =
    `stty raw -echo; printf '\\033[6n\\033]11;?\\007\\033[c'; sleep 1; printf 'end\\r\\n'; `;
  await home.start("q", [
    "bash",
    "-c",
    ask + "read -rt 2 -d Z -n 200 x; printf '%q\\r\\n' \"$x\"; sleep 60",
  ]);
  const answer = await home.looop(["expect", "q", "^.*1;2c.*$"]);
  match(answer, /^\$'\\E\[1;1R\\E\]11;rgb:1515\/1717\/1c1c\\E\\\\\\E\[\?1;2c'\n$/);
});
