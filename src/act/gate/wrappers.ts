/**
 * Takes off what stands in front of a command (`sudo`, `env`, `xargs`, `bash -c`, `find -exec` …) and
 * hands what is behind it back to the reader, which judges both.
 *
 * @module
 */
import { type Argument, plainArgument } from "./simple_command.ts";
import type { Argv, ShellReader } from "./shell_reader.ts";
import {
  behindDashes,
  isLauncher,
  launched,
  launchedTexts,
  type OptionShape,
  readings,
  textsOfOptions,
} from "./launchers.ts";
import { CONTAINER_OPTIONS, PREFIXES, RUNNERS, SHELL_TEXT_OPTIONS } from "./wrapper_table.ts";

const SHELLS = /^(ba|z|da|k|mk|a|fi|rba|c|tc|ya|o|pdk)?sh$|^(ksh93|nu|xonsh|elvish)$/;

/** Tells whether `program` is a shell. */
export function isShell(program: string): boolean {
  return SHELLS.test(program);
}

/** Where a file's name stands for the standard input, or for a descriptor that may be anything. */
const INPUT_FILE = /^\/(dev\/(stdin|fd\/)|proc\/(self|\$\$?|\d+)\/fd\/)/;

/** Tells whether the shell runs its standard input in itself: `. /dev/stdin`. */
export function sourcesInput(
  { program, words }: { readonly program: string; readonly words: readonly string[] },
): boolean {
  return /^(\.|source)$/.test(program) && words.some((word) => INPUT_FILE.test(word));
}

/** Looks behind one program's name for more commands, and reads them. */
export function unwrap(
  first: Argument,
  args: readonly Argument[],
  found: Argv,
  reader: ShellReader,
): void {
  const program = first.value.replace(/^.*\/(?=[^/])/s, "");
  const run = (argv: readonly Argument[], assignments = found.assignments) => {
    if (argv.length > 0) reader.readArgv({ ...found, argv, assignments, writesTo: [] });
  };
  if (program === "env") return unwrapEnv(args, found, reader);
  if (program === "eval") return reader.readText(joined(args), found.input);
  if (sourcesInput({ program, words: args.map(({ value }) => value) })) {
    if (found.input.kind === "literal") reader.readText(found.input.text, { kind: "none" });
    return;
  }
  if (isShell(program)) return unwrapShell(args, found, reader);
  if (program === "find" || program === "fd" || program === "fdfind") {
    for (const argv of findExecs(args)) run([...argv, inputArgument]);
    return;
  }
  if (program === "ssh" || program === "autossh") unwrapSsh(args, found, reader);
  if (program === "watch" || program === "tmux" || program === "screen") {
    // Typed or run by a shell of their own, as one string or as words.
    for (const { value } of args) if (/\s/.test(value)) reader.readText(value, { kind: "none" });
    reader.readText(typedByTmux(args), { kind: "none" });
  }
  if (program === "screen") {
    const takes = args.map(({ value }) => value).filter(isScreenOption).join(" ");
    for (const argv of readings(args, { takes, flags: "dmDrRxAUqO" })) run(argv);
  }
  if (program === "alias" || program === "trap") {
    for (const { value } of args) {
      const text = program === "alias" ? value.replace(/^[^=]*=/, "") : value;
      if (program === "alias" && text !== value) {
        reader.learnAlias(value.slice(0, value.indexOf("=")), text);
      }
      if (text !== "-") reader.readText(text, { kind: "none" });
    }
    return;
  }
  for (const text of optionValues(program, args)) {
    // `exec=CMD` of tar, `:!CMD` of vim, `ProxyCommand=CMD` of ssh.
    reader.readText(text.replace(/^(exec=|:?!|\w*Command[= ])/, ""), { kind: "none" });
  }
  if (program === "command" && args.some(({ value }) => /^-\w*[vV]/.test(value))) return;
  if (/^(docker|podman|nerdctl|docker-compose)$/.test(program)) {
    const entry = args.flatMap((arg, at) => {
      const attached = /^--entrypoint=([^]+)$/.exec(arg.value)?.[1];
      if (attached !== undefined) return [{ ...arg, value: attached }];
      return args[at - 1]?.value === "--entrypoint" ? [arg] : [];
    });
    for (const argv of containerCommands(args)) run([...entry, ...argv]);
    return;
  }
  // `yarn surge` runs what `npx surge` does, unless the word is one of its own.
  if (/^(yarn|pnpm)$/.test(program) && !OWN_VERBS.test(args[0]?.value ?? "")) run(args);
  if (/^(minikube|microk8s|k0s|rke2)$/.test(program)) {
    const at = args.findIndex(({ value }) => value === "kubectl");
    if (at !== -1) return run(args.slice(at).filter(({ value }) => value !== "--"));
  }
  if (/^(kubectl|kubecolor|oc)$/.test(program) && args.some(({ value }) => value === "exec")) {
    return run(args.slice(args.findIndex(({ value }) => value === "--") + 1));
  }
  if (program === "parallel") return unwrapParallel(args, reader);
  const prefix = Object.hasOwn(PREFIXES, program) ? PREFIXES[program] : undefined;
  if (prefix !== undefined) {
    for (const rest of readings(args, prefix)) {
      run(program === "xargs" ? [...withInputReplaced(args, rest), inputArgument] : rest);
    }
    return;
  }
  if (isLauncher(program)) {
    for (const argv of launched(args)) run(argv);
    for (const text of launchedTexts(args)) reader.readText(text, found.input);
  } else {
    run(behindDashes(program, args));
    for (const text of textsOfOptions(program, args)) reader.readText(text, found.input);
  }
  const line = [program, ...args.map(({ value }) => value)].join(" ");
  const runner = RUNNERS.exec(line);
  if (runner === null) return;
  const used = runner[0].split(" ").length - 1;
  for (const rest of readings(args.slice(used), RUNNER_OPTIONS)) {
    if (rest.length === 1 && /\s/.test(rest[0]!.value)) {
      reader.readText(rest[0]!.value, found.input);
    } else run(rest);
  }
}

const OWN_VERBS =
  /^(-.*|add|remove|rm|install|i|link|unlink|patch\S*|up|upgrade|update|set|config|run|exec|dlx|why|init|info|cache|dedupe|pack|rebuild|workspaces?|version|import|audit|outdated|create|list|ls|global|store|fetch|prune|publish|npm|plugin|constraints|env|deploy|test|start)$/;

const RUNNER_OPTIONS: OptionShape = {
  takes: "-p --package -n --with --env --name --project --directory --extra --group --python",
  flags: "yqv",
};

/** Stands for words that come from somewhere else at run time. */
const inputArgument: Argument = {
  value: "<input>",
  isComputed: true,
  isDownload: false,
  hasGlob: false,
};

/** `screen -dmS name command`: the last letter takes the next word. */
function isScreenOption(word: string): boolean {
  return /^-[a-zA-Z]*[SceshptT]$/.test(word);
}

/**
 * `xargs -I{} git {} origin`: words with the replaced text are known only at run time, and text that a
 * shell would run is shown to the reader with a variable in its place.
 */
function withInputReplaced(
  args: readonly Argument[],
  rest: readonly Argument[],
): readonly Argument[] {
  const options = args.slice(0, args.length - rest.length).map(({ value }) => value);
  const names = options.flatMap((word, at) => {
    const found = /^(?:-\w*?[IJi]|--replace(?:=|$))([^]*)$/.exec(word);
    if (found === null) return [];
    return [found[1] || (/[IJ]$/.test(word) ? options[at + 1] ?? "{}" : "{}")];
  });
  const hasShell = rest.some(({ value }) =>
    /^(eval|ssh)$/.test(value) || isShell(value.replace(/^.*\//s, ""))
  );
  return rest.map((arg) => {
    const name = names.find((each) => arg.value.includes(each));
    if (name === undefined) return arg;
    const value = hasShell ? arg.value.replaceAll(name, "${_input}") : arg.value;
    return { ...arg, value, isComputed: true };
  });
}

/** `parallel git {} ::: a b`: a shell runs the joined words, once for each input. */
function unwrapParallel(args: readonly Argument[], reader: ShellReader): void {
  const rest = readings(args, PREFIXES.parallel!).at(-1) ?? [];
  const at = rest.findIndex(({ value }) => /^:::/.test(value));
  const text = joined(at === -1 ? rest : rest.slice(0, at));
  const inputs = at === -1 ? [] : rest.slice(at + 1);
  const isPlain = at !== -1 && rest[at]!.value === ":::" && inputs.length <= 20 &&
    inputs.every(({ value, isComputed, hasGlob }) =>
      !isComputed && !hasGlob && !/^:::/.test(value)
    );
  for (const input of isPlain ? inputs.map(({ value }) => value) : ["${_input}"]) {
    const filled = text.replace(/\{[\d./#%+-]*\}/g, () => input);
    reader.readText(filled === text ? `${text} ${input}` : filled, { kind: "unknown" });
  }
}

function unwrapEnv(args: readonly Argument[], found: Argv, reader: ShellReader): void {
  const assignments = [...found.assignments];
  for (let at = 0; at < args.length; at++) {
    const { value } = args[at]!;
    const split = /^(?:-[iv0]*S|--split-string=?)([^]*)$/.exec(value);
    if (split !== null) {
      const text = split[1] === "" ? joined(args.slice(at + 1)) : split[1]!;
      return reader.readText(text, found.input);
    }
    if (/^(-[iv0]*[uC]|--unset|--chdir)$/.test(value)) at++;
    else if (/^\w+=/.test(value)) assignments.push(value);
    else if (value === "--" || value.startsWith("-")) continue;
    else {
      return reader.readArgv({ ...found, argv: args.slice(at), assignments, writesTo: [] });
    }
  }
}

function unwrapShell(args: readonly Argument[], found: Argv, reader: ShellReader): void {
  for (let at = 0; at < args.length; at++) {
    const { value, isDownload } = args[at]!;
    if (/^[-+]\w*[oO]$/.test(value) && !value.includes("c")) at++;
    else if (/^-\w*c\w*$/.test(value) || value === "--command") {
      // The text may stand behind more options: `bash -c -e 'text'`.
      const rest = args.slice(at + 1);
      const textAt = rest.findIndex((each) => !/^[-+]/.test(each.value));
      if (textAt === -1) return;
      reader.readText(rest[textAt]!.value, found.input);
      // Behind the text and $0 stand the words that `"$@"` would run.
      const argv = rest.slice(textAt + 2);
      if (argv.length > 0 && /\$[@*1{]/.test(rest[textAt]!.value)) {
        reader.readArgv({ ...found, argv, writesTo: [] });
      }
      return;
    } else if (/^(--rcfile|--init-file)$/.test(value)) at++;
    else if (value.startsWith("-") && value !== "-") continue;
    else {
      if (INPUT_FILE.test(value)) break;
      if (isDownload || value !== "-") return; // A script on disk: out of sight.
    }
  }
  if (found.input.kind === "literal") reader.readText(found.input.text, { kind: "none" });
}

function unwrapSsh(args: readonly Argument[], found: Argv, reader: ShellReader): void {
  for (const atHost of readings(args, SSH_OPTIONS)) {
    // `ssh host -p 22 cmd` has options behind the host as well.
    const remote = atHost.slice(1);
    const behind = /^-/.test(remote[0]?.value ?? "") ? readings(remote, SSH_OPTIONS)[0] : undefined;
    const command = behind ?? (remote.every(({ value }) => /^-/.test(value)) ? [] : remote);
    if (command.length > 0) reader.readText(joined(command), found.input);
    else if (!args.some(({ value }) => /^-\w*[nN]/.test(value))) {
      // Without a command the host's shell runs what it is fed.
      reader.readArgv({ ...found, argv: [plainArgument("sh"), plainArgument("-s")], writesTo: [] });
    }
  }
}

const SSH_OPTIONS: OptionShape = {
  takes: "-b -c -D -E -e -F -I -i -J -L -l -m -M -O -o -p -Q -R -S -W -w",
  flags: "46AaCfGgKkNnqsTtVvXxYy",
};

function* findExecs(args: readonly Argument[]): Iterable<readonly Argument[]> {
  for (let at = 0; at < args.length; at++) {
    if (!/^(-exec|-execdir|-ok|-okdir|-x|-X|--exec|--exec-batch)$/.test(args[at]!.value)) continue;
    const rest = args.slice(at + 1);
    const end = rest.findIndex(({ value }) => value === ";" || value === "+");
    yield end === -1 ? rest : rest.slice(0, end);
  }
}

/** `tmux send-keys git Space push Enter` types its words one behind the other. */
function typedByTmux(args: readonly Argument[]): string {
  const from = args.findIndex(({ value }) => /^send(-keys)?$|^stuff$/.test(value));
  if (from === -1) return "";
  const words = args.slice(from + 1).map(({ value }) => value);
  return words.filter((word, at) => !word.startsWith("-") && words[at - 1] !== "-t")
    .map((word) => ({ Space: " ", Enter: "\n", "C-m": "\n" })[word] ?? word).join("");
}

/** `docker run image cmd`, `docker compose exec service cmd`. */
function containerCommands(args: readonly Argument[]): readonly (readonly Argument[])[] {
  const verb = args.slice(0, 12).findIndex(({ value }) => /^(run|exec)$/.test(value));
  return verb === -1 ? [] : readings(args.slice(verb + 1), CONTAINER_OPTIONS);
}

function* optionValues(program: string, args: readonly Argument[]): Iterable<string> {
  if (/^(vi|n?vim|ex|view)$/.test(program)) {
    for (const { value } of args) if (/^\+:?!/.test(value)) yield value.slice(1);
  }
  const options = SHELL_TEXT_OPTIONS[program] ?? [];
  for (const [at, { value }] of args.entries()) {
    const option = options.find((name) => value === name || value.startsWith(`${name}=`));
    const isCluster = /^-[a-zA-Z]+$/.test(value) && options.includes(`-${value.at(-1)}`);
    if (option !== undefined && value !== option) yield value.slice(option.length + 1);
    else if (option !== undefined || isCluster) yield args[at + 1]?.value ?? "";
  }
}

function joined(args: readonly Argument[]): string {
  return args.filter(({ value }, at) => !(at === 0 && value === "--")).map(({ value }) => value)
    .join(" ");
}
