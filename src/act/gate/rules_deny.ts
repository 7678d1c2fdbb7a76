/**
 * What no yes should allow: disks overwritten, everything deleted, the machine switched off, a
 * download run unseen.
 *
 * @module
 */
import { takesEverything } from "./place.ts";
import { denies, type GateRule, hasFlag, isHelp, operands } from "./rule.ts";
import type { SimpleCommand } from "./simple_command.ts";
import { isShell, sourcesInput } from "./wrappers.ts";

/** Block devices of Linux and macOS; a partition counts like its disk. */
const DISK =
  /^\/dev\/(sd[a-z]|hd[a-z]|vd[a-z]|xvd[a-z]|nvme\d|mmcblk\d|r?disk\d|dm-\d|md\d|loop\d|mapper\/|disk\/)/;

/** Files of the kernel that switch the machine off. */
const SWITCHES = /^(\/proc\/sysrq-trigger|\/sys\/power\/state)$/;

const INTERPRETERS =
  /^(python[\d.]*|perl|ruby|node|deno|bun|php|lua|osascript|Rscript|pwsh|tclsh|R|julia|elixir)$/;

const FORMATTERS = /^(mkfs(\..+)?|mke2fs|mkswap|newfs(_.+)?|wipefs|blkdiscard|mkdosfs|mkntfs)$/;

export const DENY_RULES: readonly GateRule[] = [
  denies("write-to-disk-device", ({ program, words, writesTo }) => {
    if (writesTo.some(({ value }) => DISK.test(value))) return true;
    if (/^(dd|dcfldd|dc3dd)$/.test(program)) {
      return words.some((word) =>
        /^(of|wipe|hwipe)=/.test(word) && DISK.test(word.replace(/^\w+=/, ""))
      );
    }
    if (program === "nwipe") return words.some((word) => DISK.test(word));
    if (program === "qemu-img" || program === "bmaptool") {
      return /^(convert|dd|copy)$/.test(words[0] ?? "") && DISK.test(operands(words).at(-1) ?? "");
    }
    if (/^(tee|cp|mv|shred|install|ddrescue|pv|badblocks|sponge|truncate)$/.test(program)) {
      return DISK.test(operands(words).at(-1) ?? "") ||
        (/^(tee|shred|sponge|truncate)$/.test(program) && words.some((word) => DISK.test(word)));
    }
    return false;
  }),
  denies("format-disk", ({ program, words }) => {
    if (isHelp(words)) return false;
    if (program === "nvme") return /^(format|sanitize)$/.test(words[0] ?? "");
    if (program === "hdparm") {
      return words.some((word) => /^--(security-erase|trim-sector|make-bad-sector)/.test(word));
    }
    if (program === "wipefs") return hasFlag(words, "ao", "all", "offset");
    if (FORMATTERS.test(program)) return !/^(-V|-n)$/.test(words[0] ?? "");
    if (program === "diskutil") {
      return /^(erase|partition|reformat|secureErase|zeroDisk|randomDisk)/i.test(words[0] ?? "") ||
        (words[0] === "apfs" && /^(delete|erase)/i.test(words[1] ?? ""));
    }
    if (program === "cryptsetup") {
      return words.some((word) => /^(luksFormat|luksErase|erase)$/.test(word));
    }
    if (/^(fdisk|sfdisk|sgdisk|gdisk|cfdisk|parted)$/.test(program)) {
      return words.some((word) => DISK.test(word)) &&
        !words.some((word) => /^(-l|--list|-p|--print|-d|--dump|print|-x)$/.test(word));
    }
    return false;
  }),
  denies("delete-everything", ({ program, words, args, folders }, place) => {
    const here = folders.at(-1) ?? place.dataDir;
    const takes = (word: string) => takesEverything(word, here, place);
    if (program === "rm" || program === "srm" || program === "rimraf" || program === "trash") {
      const targets = operands(words);
      const isRecursive = program !== "rm" || hasFlag(words, "rR", "recursive");
      return targets.some((word) => takes(word) && (isRecursive || /[*?]/.test(word)));
    }
    if (program === "find" && args.some(({ value }) => value === "-delete")) {
      return isUnfilteredFind(words) && findRoots(words).some(takes);
    }
    if (program === "mv") {
      return operands(words).slice(0, -1).some(takes);
    }
    if (program === "rsync" && words.some((word) => word.startsWith("--del"))) {
      return takes(operands(words).at(-1) ?? "x") && operands(words)[0]?.includes("empty") === true;
    }
    return false;
  }),
  denies("delete-everything", (command, place) => {
    // `find / -exec rm -rf {} +` and `find ~ | xargs rm` name the root in another command; what is
    // seen here is `-exec rm`, whose targets are all below the root.
    if (command.program !== "find" || !isUnfilteredFind(command.words)) return false;
    const at = command.words.findIndex((word) => /^-(exec|execdir|ok|okdir)$/.test(word));
    if (at === -1) return false;
    const isRemoval = /(^|\/)(rm|shred|unlink)$/.test(command.words[at + 1] ?? "");
    const here = command.folders.at(-1) ?? place.dataDir;
    return isRemoval && findRoots(command.words).some((root) => takesEverything(root, here, place));
  }),
  denies("power", ({ program, words }) => {
    if (isHelp(words)) return false;
    switch (program) {
      case "shutdown":
        return !words.includes("-c") && !words.includes("--show");
      case "reboot":
      case "halt":
      case "poweroff":
        return true;
      case "init":
      case "telinit":
        return /^[016sS]$/.test(words[0] ?? "");
      case "systemctl":
      case "loginctl":
        return words.some((word) =>
          /^(poweroff|reboot|halt|kexec|suspend|hibernate|hybrid-sleep|suspend-then-hibernate|soft-reboot|emergency|rescue)$/
            .test(word)
        );
      case "rtcwake":
        return !hasFlag(words, "n", "dry-run") && !/(^| |=)(no|show|disable|on)( |$)/.test(
          words.join(" "),
        );
      case "pm-suspend":
      case "pm-hibernate":
      case "pm-suspend-hybrid":
        return true;
      case "kexec":
        return hasFlag(words, "e", "exec");
      case "busctl":
      case "dbus-send":
      case "gdbus":
      case "qdbus":
        return words.some((word) =>
          /(^|\.)(Reboot|PowerOff|Halt|Suspend|Hibernate|HybridSleep|KExec)(WithFlags)?$/.test(word)
        );
      case "pmset":
        return /^(sleepnow|relative|schedule|restoredefaults)$/.test(words[0] ?? "");
      default:
        return false;
    }
  }),
  denies(
    "power",
    ({ program, words, writesTo }) =>
      writesTo.some(({ value }) => SWITCHES.test(value)) ||
      (/^(tee|cp|dd|sponge)$/.test(program) &&
        words.some((word) => SWITCHES.test(word.replace(/^of=/, "")))),
  ),
  denies("download-into-shell", (command) => {
    const { program, isDownload, input, args } = command;
    if (isDownload) return true; // `eval "$(curl …)"`, `bash -c "$(curl …)"`: the name is the download.
    const isInterpreter = isShell(program) || INTERPRETERS.test(program);
    if (input.kind === "download" && sourcesInput(command)) return true;
    if (isInterpreter && input.kind === "download" && readsProgramFromInput(command)) return true;
    if (isInterpreter || program === "source" || program === "." || program === "eval") {
      return args.some((arg) =>
        arg.isDownload && (!isInterpreter || /^(<\(|\$\(|`)/.test(arg.value.trim()))
      );
    }
    return (program === "xargs" || program === "parallel") && input.kind === "download" &&
      args.some(({ value }) => isShell(value.replace(/^.*\//, "")));
  }),
];

/** A shell or interpreter without a script of its own runs what it is fed. */
function readsProgramFromInput({ program, words }: SimpleCommand): boolean {
  if (isShell(program)) {
    if (words.some((word) => /^-\w*c$/.test(word))) return false;
    if (words.some((word) => /^-\w*s\w*$/.test(word))) return true;
    const script = operands(words, "-o +o -O +O --rcfile --init-file")[0];
    return script === undefined || script === "-" || script.startsWith("/dev/");
  }
  if (words.some((word) => /^(-c|-e|-m|-n|-p|-ne|-pe|-i|--eval|--print|-r|eval)$/.test(word))) {
    return false;
  }
  const own = operands(words)[0];
  return own === undefined || own === "-" || own === "/dev/stdin" ||
    (program === "deno" && words[0] === "run" && words.at(-1) === "-");
}

function findRoots(words: readonly string[]): readonly string[] {
  const first = words.findIndex((word) => /^[-(!]/.test(word) && !/^-[HLPDO]/.test(word));
  const roots = words.slice(0, first === -1 ? words.length : first)
    .filter((word) => !word.startsWith("-"));
  return roots.length > 0 ? roots : ["."];
}

function isUnfilteredFind(words: readonly string[]): boolean {
  return !words.some((word) =>
    /^-(i?name|i?path|i?regex|[acm]?newer|[acm](time|min)|size|empty|user|group|perm|wholename|inum|links|lname)/
      .test(word)
  );
}
