/**
 * looop's own config, policy and ledgers: who writes them behind looop's back changes what it does next,
 * what it may spend, or what it believes was answered. Reading them is free.
 *
 * @module
 */
import { absolutePath, isWithin, type Place } from "./place.ts";
import { asks, type GateRule, hasFlag, operands } from "./rule.ts";
import type { Argument, SimpleCommand } from "./simple_command.ts";

/** Wherever a path that ends so may lie: a profile's folder has any name. */
const OWN_NAME =
  /(^|\/)(looop\.json|PLAYBOOK\.md|cost\.jsonl|\.decides|\.tick-backoff|\.intent|goals\/[^/]+\.md|sensors\/[^/]+\.sh|asks\/[^/]+\.json)$/;

/** Below the data dir, in any case, for disks that know none. */
const OWN_BELOW_DATA_DIR =
  /^(looop\.json|playbook\.md|cost\.jsonl|\.decides|\.tick-backoff|\.intent|goals(\/.*\.md)?|sensors(\/.*\.sh)?|asks(\/.*)?)$/i;

/** One of each, for patterns over file names. */
const EXAMPLES = [
  ..."looop.json PLAYBOOK.md cost.jsonl .decides .tick-backoff .intent".split(" "),
  ..."goals goals/a.md sensors sensors/a.sh asks asks/a.json".split(" "),
] as const;

/** Programs that write, change or remove every file that they are given. */
const CHANGERS =
  /^(tee|sponge|touch|truncate|rm|srm|unlink|shred|trash|trash-put|rimraf|chmod|chown|ed|ex|vi|vim|nvim|patch)$/;

/** Programs whose last operand is written. */
const COPIERS = /^(g?cp|g?mv|g?ln|g?install|rsync|scp|ditto)$/;

export const OWN_FILE_RULES: readonly GateRule[] = [
  asks(
    "own-files",
    (command, place) =>
      command.writesTo.some((target) => isOwn(target, command, place)) ||
      changed(command).some((target) => isOwn(target, command, place)) ||
      landing(command).some((target) => isOwnHere(target, command, place)) ||
      replacesDataDir(command, place),
  ),
];

/** Files that the command names and changes. */
function changed({ program, words, args }: SimpleCommand): readonly Argument[] {
  const plain = args.filter(({ value }) => !value.startsWith("-"));
  if (CHANGERS.test(program)) return plain;
  if (/^(g?sed|perl|ruby|yq)$/.test(program)) return hasFlag(words, "i", "in-place") ? plain : [];
  if (program === "find") {
    // What `-exec sed -i … {} +` changes is named by the roots alone.
    const at = words.findIndex((word) => /^-(exec|execdir|ok|okdir)$/.test(word));
    const run = words[at + 1] ?? "";
    const isChange = CHANGERS.test(run) || /^(mv|ln)$/.test(run) ||
      (/^(g?sed|perl)$/.test(run) && hasFlag(words.slice(at + 2), "i", "in-place"));
    return at !== -1 && isChange ? args.slice(0, at).filter(({ value }) => !/^-/.test(value)) : [];
  }
  if (program === "sort") return hasFlag(words, "o", "output") ? args.map(withoutOption) : [];
  if (program === "dd") {
    return args.filter(({ value }) => value.startsWith("of="))
      .map((arg) => ({ ...arg, value: arg.value.slice(3) }));
  }
  if (/^(curl|wget2?|aria2c)$/.test(program)) {
    return args.map(withoutOption).filter(({ value }) => !/^@|:\/\//.test(value));
  }
  if (program === "git") {
    return words.some((word) => /^(mv|rm|checkout|restore)$/.test(word)) ? plain : [];
  }
  if (!COPIERS.test(program)) return [];
  const { targets, sources } = copied(args);
  return /(mv|ln)$/.test(program) || hasFlag(words, "", "remove-source-files")
    ? [...targets, ...sources]
    : targets;
}

/** Files that come to lie in a folder by the names of what is copied or fetched into it. */
function landing({ program, words, args }: SimpleCommand): readonly Argument[] {
  const into = (folder: Argument, from: Argument) => {
    const value = from.value.replace(/[?#].*$/s, "").replace(/\/+$/, "").replace(/^.*\//s, "");
    return { ...from, value: `${folder.value}/${value}` };
  };
  if (COPIERS.test(program)) {
    const { targets, sources } = copied(args);
    return targets.flatMap((folder) => sources.map((source) => into(folder, source)));
  }
  const isSaved = program === "curl"
    ? hasFlag(words, "OJ", "remote-name", "remote-name-all")
    : /^(wget2?|aria2c)$/.test(program) && !hasFlag(words, "O", "output-document");
  if (!isSaved) return [];
  const folders = args.filter((_, at) =>
    /^(-P|-d|--output-dir|--directory-prefix|--dir)$/.test(words[at - 1] ?? "")
  );
  return args.filter(({ value }) => /[./]/.test(value)).flatMap((url) =>
    [{ ...url, value: "." }, ...folders].map((folder) => into(folder, url))
  );
}

/** `cp a b dir`, `cp -t dir a b`, `cp --target-directory=dir a b`. */
function copied(
  args: readonly Argument[],
): { readonly targets: readonly Argument[]; readonly sources: readonly Argument[] } {
  const named = args.flatMap((arg, at) => {
    const attached = /^(?:-t|--target-directory=)([^]+)$/.exec(arg.value)?.[1];
    if (attached !== undefined) return [{ ...arg, value: attached }];
    return /^(-\w*t|--target-directory)$/.test(args[at - 1]?.value ?? "") ? [arg] : [];
  });
  const rest = args.filter(({ value }) => !value.startsWith("-"));
  const last = rest.at(-1);
  // `rsync -at a b` has a `-t` of another meaning: the last operand counts in any case.
  return {
    targets: last === undefined || rest.length < 2 ? named : [...named, last],
    sources: named.length > 0 ? rest : rest.slice(0, -1),
  };
}

/** `cp -r x/. .`, `rsync -a x/ .`, `patch < x` in the data dir: what lands there is not named. */
function replacesDataDir({ program, args, words, folders }: SimpleCommand, place: Place): boolean {
  const isDataDir = (path: string) =>
    folders.some((folder) => absolutePath(path, folder, place) === dataDirOf(place));
  if (program === "patch") {
    return operands(words, "-d -i -p").length === 0 && !hasFlag(words, "d", "directory", "help") &&
      isDataDir(".");
  }
  if (!COPIERS.test(program)) return false;
  const { targets, sources } = copied(args);
  return targets.some(({ value }) => isDataDir(value)) &&
    sources.some(({ value }) => /\/\.?$/.test(value));
}

function withoutOption(arg: Argument): Argument {
  return { ...arg, value: arg.value.replace(/^(--[\w-]+=|-[a-zA-Z]*?[oO]|-[a-zA-Z])/, "") };
}

function isOwn(target: Argument, command: SimpleCommand, place: Place): boolean {
  const { value } = target;
  if (value === "" || value.length > 4096) return false;
  return /^\$\{?LOOOP_(CONFIG|COST_LEDGER)\b/.test(value) || OWN_NAME.test(value) ||
    isOwnHere(target, command, place);
}

/** Tells whether it is one of this profile's files, or its config. */
function isOwnHere(target: Argument, { folders }: SimpleCommand, place: Place): boolean {
  if (target.value === "" || target.value.length > 4096) return false;
  const dataDir = dataDirOf(place);
  const configs = ["~/.config/looop/looop.json", "~/.config/looop.json"].map((path) =>
    absolutePath(path, "/", place)
  );
  return folders.some((folder, at) => {
    const path = absolutePath(target.value, folder, place);
    if (configs.includes(path)) return true;
    // A pattern means the folder where the command most likely is: `cd app && sed -i s/a/b/ *.md`.
    if (target.hasGlob && at === folders.length - 1) {
      const examples = [...EXAMPLES.map((name) => `${dataDir}/${name}`), ...configs];
      if (examples.some((example) => fitsGlob(example, path))) return true;
    }
    if (!isWithin(path, dataDir)) return false;
    const below = path.slice(dataDir.length + 1);
    return OWN_BELOW_DATA_DIR.test(below) ||
      (target.isComputed && /^(goals|sensors)\//i.test(below));
  });
}

function dataDirOf(place: Place): string {
  return absolutePath(place.dataDir, "/", place);
}

/** Compares segment by segment; what stands in brackets, and a pattern of many parts, may be anything. */
function fitsGlob(path: string, glob: string): boolean {
  const patterns = glob.split("/");
  const segments = path.split("/");
  return patterns.length === segments.length &&
    patterns.every((pattern, at) => {
      const parts = pattern.replace(/\[[^\]]*\]/g, "?").split(/\*+/);
      if (parts.length > 4) return true;
      const source = parts.map((part) =>
        part.replace(/[\\^$.|+(){}[\]]/g, "\\$&").replaceAll("?", ".")
      ).join(".*");
      const isHidden = segments[at]!.startsWith(".") && /^[*?]/.test(pattern);
      return !isHidden && new RegExp(`^${source}$`).test(segments[at]!);
    });
}
