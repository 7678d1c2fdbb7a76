/**
 * Where the program begins in the line of one that runs others, also where that is not sure: then every
 * reading that makes sense is judged, and the worst counts.
 *
 * @module
 */
import type { Argument } from "./simple_command.ts";

/** How a wrapper's own options are told from the command behind them. */
export interface OptionShape {
  /** Options that take the next word as their value, separated by spaces. */
  readonly takes: string;
  /** Letters of options that surely take none. */
  readonly flags?: string;
  /** Long options that surely take none, separated by spaces. */
  readonly plain?: string;
  /** Operands that stand before the command. */
  readonly skip?: number;
}

/**
 * Cuts off options, their values, `NAME=value` words and `skip` operands. Each option of which it is not
 * known whether it takes a value gives one more reading.
 */
export function readings(
  args: readonly Argument[],
  { takes, flags = "", plain = "", skip = 0 }: OptionShape,
): readonly (readonly Argument[])[] {
  const valued = takes.split(" ");
  const bare = plain.split(" ");
  const found: (readonly Argument[])[] = [];
  let left = skip;
  let unsure = 0;
  let hasComputed = false; // `docker run $OPTIONS image cmd`: any number of words.
  for (let at = 0; at < args.length; at++) {
    const { value } = args[at]!;
    if (value === "--" && found.length === 0) return [args.slice(at + 1 + left)];
    if (value.startsWith("-") && value.length > 1) {
      const kind = bare.includes(value) ? "flag" : kindOfOption(value, valued, flags);
      if (kind === "valued") at++;
      if (kind === "unsure") unsure++;
    } else if (left > 0) {
      left--;
      hasComputed ||= args[at]!.isComputed;
    } else if (!/^\w+=\S*$/.test(value)) {
      const isSure = found.length <= unsure;
      if (isSure || isKnownProgram(value)) found.push(args.slice(at));
      if (found.length > Math.min(unsure + (hasComputed ? 2 : 0), 6)) break;
    }
  }
  return found;
}

function kindOfOption(
  option: string,
  valued: readonly string[],
  flags: string,
): "valued" | "flag" | "unsure" {
  if (valued.includes(option)) return "valued";
  if (option.includes("=") || /^-\d+$/.test(option)) return "flag";
  if (option.startsWith("--")) return "unsure";
  const letters = [...option.slice(1)];
  for (const [at, letter] of letters.entries()) {
    if (valued.includes(`-${letter}`)) return at === letters.length - 1 ? "valued" : "flag";
    if (!flags.includes(letter)) return "unsure";
  }
  return "flag";
}

/** Programs that run a command which stands somewhere in their line, as words or as one string. */
const LAUNCHERS =
  /^(pkexec|gosu|su-exec|chpst|numactl|prlimit|perf|valgrind|hyperfine|gdb|rr|heaptrack|script|expect|watchexec|nodemon|concurrently|npm-run-all|cross-env|cross-env-shell|dotenv|dotenvx|env-cmd|envdir|envchain|faketime|retry|sem|setlock|softlimit|xvfb-run|ssh-agent|nix|nix-shell|guix|mamba|micromamba|conda|pixi|mise|rtx|asdf|doppler|aws-vault|chamber|infisical|sops|teller|op|devbox|tini|dumb-init|catatonit|proot|bwrap|firejail|eatmydata|cgexec|setarch|linux32|linux64|systemd-cat|ld-linux[\w.-]*|daemonize|start-stop-daemon|rush|tmux|zellij|kitty|wezterm|xdotool|ydotool|wtype|xterm|urxvt|gnome-terminal|konsole|alacritty|foot|entr|reflex|pdsh|pssh|parallel-ssh|clush|dsh|salt|salt-ssh|mosh|tsh)$/;

/** Tells whether `program` runs others in a way that is not told apart further. */
export function isLauncher(program: string): boolean {
  return LAUNCHERS.test(program);
}

/** Names by which a word is taken for the program that is run. */
const KNOWN =
  /^(git|hg|svn|jj|gh|glab|hub|rm|rmdir|mv|cp|dd|shred|unlink|tee|truncate|chmod|chown|find|fd|sed|awk|xargs|parallel|env|sudo|doas|su|timeout|nohup|nice|time|exec|eval|((ba|z|da|k|fi)?sh)|bash|ssh|scp|rsync|curl|wget|http|nc|npm|npx|pnpm|yarn|bun|bunx|deno|node|cargo|gem|bundle|rake|rails|pip|uv|uvx|poetry|twine|python[\d.]*|perl|ruby|php|lua|go|java|mvn|gradle|make|just|task|docker|podman|nerdctl|kubectl|oc|helm|terraform|tofu|pulumi|aws|gcloud|az|doctl|heroku|fly|flyctl|vercel|netlify|wrangler|ansible|ansible-playbook|psql|mysql|mariadb|sqlite3|mongosh?|redis-cli|dropdb|mkfs(\.\w+)?|wipefs|reboot|poweroff|halt|shutdown|systemctl|crontab|kill|pkill|killall|looop|ls|cat|echo|printf|grep|rg|test|true|false|sleep|head|tail|wc|sort|cd)$/;

/** Whether a gate's rule or a reader of words is behind the name. */
export function isKnownProgram(word: string): boolean {
  return KNOWN.test(word.replace(/^.*\//s, ""));
}

/** The command in a launcher's line: the first word that names a program, else the first operand. */
export function* launched(args: readonly Argument[]): Iterable<readonly Argument[]> {
  const known = args.findIndex(({ value }) => isKnownProgram(value));
  if (known !== -1) yield args.slice(known);
  const first = args.findIndex(({ value }) => !/^-|^\w+=/.test(value));
  if (first !== -1 && first !== known) yield args.slice(first);
}

/** Commands that stand in a launcher's line as one string, without what its own language puts before them. */
export function* launchedTexts(args: readonly Argument[]): Iterable<string> {
  for (const { value } of args.slice(0, 40)) {
    if (!/\s/.test(value.trim())) continue;
    yield value.replace(/^(--?[\w-]+=|\+?[:]?!|(spawn|shell|run)\s+(?:-\w+\s+)*)/, "")
      .replaceAll("\\n", "\n");
  }
}

/** Programs for which words behind `--`, and what an option `-c` holds, are text and no command. */
const KEEPS_ITS_WORDS =
  /^(git|hg|svn|jj|gh|glab|e?grep|fgrep|rg|ag|ack|echo|printf|cat|ls|cd|head|tail|less|more|test|\[|which|type|whatis|man|wc|sort|uniq|cut|touch|mkdir|cp|mv|ln|rm|stat|file|diff|du|df|jq|yq|g?sed|[gmn]?awk|set|looop|logger|notify-send|psql|mysql|sqlite3|python[\d.]*|perl|ruby|node|php|lua|basename|dirname|tee)$/;

/** `anything … -- git push`: what a program of no rule of ours most likely runs. */
export function behindDashes(program: string, args: readonly Argument[]): readonly Argument[] {
  if (KEEPS_ITS_WORDS.test(program)) return [];
  const at = args.findIndex(({ value }) => value === "--");
  return at !== -1 && isKnownProgram(args[at + 1]?.value ?? "") ? args.slice(at + 1) : [];
}

/** `anything --exec 'git push'`: likewise. */
export function* textsOfOptions(program: string, args: readonly Argument[]): Iterable<string> {
  if (KEEPS_ITS_WORDS.test(program)) return;
  const option = /^(?:-[cx]|--?(?:exec|command|cmd|run|shell)[\w-]*)(?:=([^]*))?$/;
  for (const [at, { value }] of args.entries()) {
    const found = option.exec(value);
    const text = found === null ? "" : found[1] ?? args[at + 1]?.value ?? "";
    if (/\s/.test(text) && isKnownProgram(text.split(/\s/)[0]!)) yield text;
  }
}
