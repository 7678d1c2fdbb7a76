/**
 * looop's own config, policy and ledgers: who writes them behind looop's back changes what it does next,
 * what it may spend, or what it believes was answered. Reading them is free.
 *
 * @module
 */
import { absolutePath, isWithin, type Place } from "./place.ts";
import { asks, type GateRule, hasFlag, operands } from "./rule.ts";
import type { Argument, SimpleCommand } from "./simple_command.ts";

/** What a call that changes a file has in nearly any language. */
const WRITE_SIGN =
  "(['\"][rwax]?b?[wax+]\\+?b?['\"]|[wW]rit|append|dump|unlink|remove|rename|replace\\(|copy|move|symlink|chmod|truncate|>)";

/** Wherever a path that ends so may lie: a profile's folder has any name. */
const OWN_NAME =
  /(^|\/)(looop\.json|PLAYBOOK\.md|cost\.jsonl|\.decides|\.tick-backoff|\.intent|goals\/[^/]+\.md|sensors\/[^/]+\.sh|asks\/[^/]+\.json)$/;

/** The same names inside a program's text: `open("looop.json", "w")`. */
const NAME_IN_CODE =
  "(looop\\.json|PLAYBOOK\\.md|cost\\.jsonl|\\.decides|\\.tick-backoff|\\.intent|goals/\\S*\\.md|sensors/\\S*\\.sh|asks/\\S*\\.json)";

/** Code that names one of them and writes, in whatever order: the language is not parsed. */
const CODE_THAT_WRITES = new RegExp(
  `${NAME_IN_CODE}[^]*${WRITE_SIGN}|${WRITE_SIGN}[^]*${NAME_IN_CODE}`,
);

/** `print > "looop.json"` of awk, `w looop.json` of sed. */
const AWK_THAT_WRITES = new RegExp(`>\\s*"[^"]*${NAME_IN_CODE}`);
const SED_THAT_WRITES = new RegExp(`[wW]\\s*\\S*${NAME_IN_CODE}`);

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

const INTERPRETERS =
  /^(python[\d.]*|ipython|perl|ruby|node|deno|bun|php|lua|Rscript|pwsh|osascript|tclsh|expect)$/;

/** Programs that write whatever an archive names. */
const UNPACKERS = /^(g?tar|bsdtar|unzip|cpio|7z[ar]?)$/;

/** Programs whose last operand is written. */
const COPIERS = /^(g?cp|g?mv|g?ln|g?install|rsync|scp|ditto)$/;

export const OWN_FILE_RULES: readonly GateRule[] = [
  asks(
    "own-files",
    (command, place) =>
      command.writesTo.some((target) => isOwn(target, command, place)) ||
      changed(command).some((target) => isOwn(target, command, place)) ||
      landing(command).some((target) => isOwnHere(target, command, place)) ||
      replacesDataDir(command, place) || writesInCode(command),
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

/** Code for an interpreter that writes one of the files. */
function writesInCode({ program, words, input }: SimpleCommand): boolean {
  const text = words.join("\n") + (input.kind === "literal" ? `\n${input.text}` : "");
  if (/^([gmn]?awk|busybox)$/.test(program)) return AWK_THAT_WRITES.test(text);
  if (/^g?sed$/.test(program)) return SED_THAT_WRITES.test(text);
  return INTERPRETERS.test(program) && CODE_THAT_WRITES.test(text);
}

/** `cp -r x/. .`, `tar xf x`, `patch < x` in the data dir: what lands there is not named. */
function replacesDataDir({ program, args, words, folders }: SimpleCommand, place: Place): boolean {
  const isDataDir = (path: string) =>
    folders.some((folder) => absolutePath(path, folder, place) === dataDirOf(place));
  if (program === "patch") {
    return operands(words, "-d -i -p").length === 0 && !hasFlag(words, "d", "directory", "help") &&
      isDataDir(".");
  }
  // For what has no name the folder counts where the command most likely is.
  const isHere = (path: string) =>
    absolutePath(path, folders.at(-1) ?? "/", place) === dataDirOf(place);
  if (UNPACKERS.test(program)) return unpacksInto(program, words).some(isHere);
  if (program === "git") {
    // `--directory` would lead below, to what the patch names; it may as well name all of it.
    return words.some((word) => /^(apply|am)$/.test(word)) &&
      !hasFlag(words, "", "stat", "numstat", "summary", "check", "help") && isHere(".");
  }
  if (!COPIERS.test(program)) return false;
  const { targets, sources } = copied(args);
  return targets.some(({ value }) => isDataDir(value)) &&
    sources.some(({ value }) => /\/\.?$/.test(value));
}

/** Where an archive is unpacked; nowhere where it is only listed or made. */
function unpacksInto(program: string, words: readonly string[]): readonly string[] {
  const [mode = ""] = words;
  const isListed = /tar$/.test(program)
    ? !(/^-?[a-zA-Z]*x/.test(mode) ||
      words.some((word) => /^(-[a-zA-Z]*x|--(extract|get)$)/.test(word)))
    : program === "unzip"
    ? hasFlag(words, "lptvZ")
    : program === "cpio"
    ? !hasFlag(words, "ip", "extract", "pass-through")
    : !/^[ex]$/.test(mode);
  if (isListed || hasFlag(words, "O", "to-stdout")) return [];
  const named = words.flatMap((word, at) => {
    const attached = /^(?:--directory=|-C|-o(?=[^]))([^]+)$/.exec(word)?.[1];
    if (attached !== undefined) return [attached];
    return /^(-C|-d|-D|--directory)$/.test(words[at - 1] ?? "") ? [word] : [];
  });
  return named.length > 0 ? named : ["."];
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
