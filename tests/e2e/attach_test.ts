import { match, ok } from "node:assert/strict";
import { request } from "../../src/session/channel.ts";
import { needing, SessionHome } from "../helpers/test_session.ts";
import { BASH, Tmux } from "../helpers/tmux.ts";

Deno.test(needing("tmux", "attach redraws, types, follows the size and leaves"), async () => {
  await using home = new SessionHome();
  await home.start("sh", BASH);
  await home.looop(["send", "sh", "echo before-$((1+1))"]);
  await home.looop(["expect", "sh", "^before-2$"]);
  using tmux = new Tmux(home);
  tmux.looop("attach", "sh");
  await tmux.shows(/^before-2$/m);
  tmux.type("tput cols; tput lines");
  await tmux.shows(/^90\n20$/m);
  tmux.run("resize-window", "-x", "70", "-y", "15");
  tmux.run("send-keys", "C-l");
  await home.looop(["expect", "sh", "^\\$", "--screen"]);
  tmux.type("tput cols; tput lines");
  await tmux.shows(/^70\n15$/m);
  const second = await home.home.looop(["attach", "sh"]);
  match(second.stderr, /not a terminal.*watch/);
  tmux.run("send-keys", "C-\\", "C-\\");
  await tmux.shows(/\[detached; .*attach sh/);
  await tmux.isRestored("+");
  const shot = await home.json(["shot", "sh"]);
  ok(shot["cols"] === 70 && shot["rows"] === 15, "the size stays");
});

Deno.test(
  needing("tmux", "a second attach is told who is there; detach throws out the first"),
  async () => {
    await using home = new SessionHome();
    await home.start("sh", BASH);
    using tmux = new Tmux(home);
    tmux.looop("attach", "sh");
    await tmux.shows(/^\$ ?$/m);
    using other = new Tmux(home);
    other.looop("attach", "sh");
    await other.shows(/pid \d+ since \d\d:\d\d is attached to "sh"; `looop detach sh`/);
    match((await home.home.looop(["detach", "sh"])).stderr, /pid \d+ .*was thrown out/);
    await tmux.shows(/\[thrown out of "sh"\]/);
    await tmux.isRestored("+");
    other.looop("attach", "sh");
    await other.shows(/^\$ ?$/m);
    other.type("exit");
    await other.shows(/\[the session "sh" ended\]/);
    await other.isRestored("+");
  },
);

Deno.test(
  needing("tmux", "the terminal is restored after SIGTERM and SIGKILL of attach"),
  async () => {
    await using home = new SessionHome();
    await home.start("raw", [
      "bash",
      "-c",
      "stty raw -echo; printf '\\e[?1049h\\e[?25lhere'; sleep 60",
    ]);
    using tmux = new Tmux(home);
    for (const signal of ["SIGTERM", "SIGKILL"] as const) {
      tmux.type("clear");
      tmux.looop("attach", "raw");
      await tmux.shows(/^here/m);
      const { busy } = await request(`${home.sessionsDir}/raw`, "attach");
      Deno.kill(Number(/pid (\d+)/.exec(String(busy))![1]), signal);
      await tmux.isRestored(signal === "SIGTERM" ? "+" : "=");
      match(tmux.run("display-message", "-p", "#{alternate_on} #{cursor_flag}"), /^0 1/);
    }
  },
);

Deno.test(
  needing("tmux", "an attached terminal that is stopped holds up nobody and is drawn anew later"),
  async () => {
    await using home = new SessionHome();
    await home.start("s", BASH, { cols: 90, rows: 20 });
    using tmux = new Tmux(home);
    tmux.looop("attach", "s");
    await tmux.shows(/^\$$/m);
    const { busy } = await request(`${home.sessionsDir}/s`, "attach");
    const attached = Number(/pid (\d+)/.exec(String(busy))![1]);
    Deno.kill(attached, "SIGSTOP");
    try {
      const flood = "head -c 3000000 /dev/zero | tr '\\0' x; clear; echo still $((40+2)) here";
      await home.looop(["send", "s", flood]);
      await home.looop(["expect", "s", "still 42 here"]);
      match(await home.looop(["shot", "s", "--trim"]), /^still 42 here\n/);
    } finally {
      Deno.kill(attached, "SIGCONT");
    }
    await tmux.shows(/^still 42 here\n\$\s*$/);
    tmux.type("echo and $((1+1)) more");
    await tmux.shows(/^and 2 more$/m);
  },
);

Deno.test(
  needing("tmux", "a session outlives the terminal of its starter, which hangs up on all in it"),
  async () => {
    await using home = new SessionHome();
    home.home.configure("true", {
      runners: { script: { tick: "true", interactive: "cat" } },
    });
    home.adopt("s");
    {
      using tmux = new Tmux(home);
      tmux.looop("start-session", "s", "hello");
      await tmux.shows(/^s$/m);
      tmux.looop("watch", "s");
    }
    await home.looop(["send", "s", "after the hang-up"]);
    await home.looop(["expect", "s", "after the hang-up\\nafter the hang-up"]);
    await home.looop(["kill", "s"]);
    await home.looop(["wait", "s"], 129);
  },
);
