/**
 * What would take local things away for good: files outside the temporary folders, disks' contents,
 * services, packages, schedules.
 *
 * @module
 */
import { isTemporary, type Place } from "./place.ts";
import { asks, type GateRule, hasFlag, isHelp, operands } from "./rule.ts";
import type { Argument, SimpleCommand } from "./simple_command.ts";

/** Files whose overwriting changes who may do what. */
const TRUSTED_FILE =
  /^(~|\/home\/[^/]+|\/Users\/[^/]+|\/root)\/\.(ssh|gnupg|aws|kube|bashrc|zshrc|profile|bash_profile|zshenv|zprofile|netrc|npmrc|pypirc|gitconfig|config\/git)|^\/(etc|boot|usr|bin|sbin|lib\w*|System|Library)\//;

/** What `: > file` empties is more than a mark or a log. */
const DOCUMENT =
  /\.(md|txt|rst|tex|org|csv|tsv|json|ya?ml|toml|xml|html|db|sqlite3?|sql|[jt]sx?|py|rb|go|rs|java|c|h|cpp|docx?|xlsx?|pdf|key|pem|env)$/i;

/** Files that a download or an edit in place writes. */
function written({ program, words }: SimpleCommand): readonly string[] {
  if (/^(curl|wget2?|aria2c)$/.test(program)) {
    return words.flatMap((word, at) => {
      const attached = /^(?:--output(?:-document)?=|-\w*?[oO])([^]+)$/.exec(word)?.[1];
      if (attached !== undefined) return [attached];
      return /^(-\w*[oO]|--output|--output-document|--out)$/.test(words[at - 1] ?? "")
        ? [word]
        : [];
    });
  }
  return /^(g?sed|perl|ruby)$/.test(program) && hasFlag(words, "i", "in-place")
    ? operands(words)
    : [];
}

export const FILE_RULES: readonly GateRule[] = [
  asks("delete-files", (command, place) => {
    const { program, words } = command;
    if (!/^(rm|srm|unlink|shred|rimraf|trash|trash-put|del-cli)$/.test(program)) return false;
    // BSD's rm takes a later --help for the name of a file.
    if (isHelp(words) && words.length === 1) return false;
    return !areTemporary(operandArguments(command), command, place);
  }),
  asks("delete-files", (command, place) => {
    if (!/^(find|fd|fdfind)$/.test(command.program) || !command.words.includes("-delete")) {
      return false;
    }
    const first = command.words.findIndex((word) => word.startsWith("-"));
    const roots = command.args.slice(0, first);
    return roots.length === 0 || !areTemporary(roots, command, place);
  }),
  asks("overwrite-files", (command, place) => {
    const { program, words } = command;
    if (program === "truncate") {
      return !areTemporary(operandArguments(command, "-s -r"), command, place);
    }
    if (program === "dd") {
      const target = command.args.find(({ value }) => value.startsWith("of="));
      return target !== undefined && target.value !== "of=/dev/null" &&
        !areTemporary([{ ...target, value: target.value.slice(3) }], command, place);
    }
    // Behind `{}` of `find -exec` stands what the input fills in.
    if (program === "mv") {
      return operands(words).filter((word) => word !== "<input>").at(-1) === "/dev/null";
    }
    if (/^(cp|ln|install|cat)$/.test(program) && operands(words)[0] === "/dev/null") {
      const targets = program === "cat" ? command.writesTo : operandArguments(command).slice(1);
      return targets.length > 0 && !areTemporary(targets, command, place);
    }
    if (/^(:|true)$/.test(program)) {
      const documents = command.writesTo.filter(({ value }) => DOCUMENT.test(value));
      return documents.length > 0 && !areTemporary(documents, command, place);
    }
    if (program === "rsync") {
      return words.some((word) => /^--(del|remove-source)/.test(word)) &&
        !hasFlag(words, "n", "dry-run");
    }
    return false;
  }),
  asks(
    "overwrite-trusted-file",
    (command) =>
      command.writesTo.some(({ value }) => TRUSTED_FILE.test(value)) ||
      written(command).some((path) => TRUSTED_FILE.test(path)) ||
      (/^(tee|cp|mv|install|ln|sponge)$/.test(command.program) &&
        TRUSTED_FILE.test(
          operands(command.words).at(command.program === "tee" ? 0 : -1) ?? "",
        )),
  ),
  asks(
    "change-owner-or-mode",
    ({ program, words }) =>
      /^(chmod|chown|chgrp|setfacl|chattr)$/.test(program) && hasFlag(words, "R", "recursive") &&
      (operands(words).slice(1).some((word) => /^(\/|~|\.\.)/.test(word)) ||
        (program === "chmod" &&
          words.some((word) => /^(0{1,4}|[augo]*-rwx|[augo]*=)$/.test(word)))),
  ),
  asks("schedule", ({ program, words }) => {
    if (program === "crontab") return !hasFlag(words, "l") && !isHelp(words);
    return /^(at|batch)$/.test(program) && !hasFlag(words, "lc") && !isHelp(words);
  }),
  asks("service", ({ program, words }) => {
    if (program === "systemctl" || program === "service" || program === "launchctl") {
      return words.some((word) =>
        /^(stop|disable|enable|mask|restart|start|kill|isolate|edit|revert|unload|load|bootout|bootstrap|remove)$/
          .test(word)
      );
    }
    return false;
  }),
  asks(
    "end-processes",
    ({ program, args, words }) =>
      program === "kill" && !hasFlag(words, "lL") &&
        (words.findLastIndex((word) => /^\+?0*1$/.test(word)) > 0 || words[0] === "1" ||
          args.some(({ value, isComputed }) => isComputed && /\bsessions\//.test(value))) ||
      /^(pkill|killall|killall5|skill|slay)$/.test(program) && !isHelp(words) &&
        !/^(-0|-l|--list)$/.test(words[0] ?? "") ||
      (program === "kill" && words.some((word) => /^(-1|0)$/.test(word)) && words.length > 1),
  ),
  asks(
    "remove-packages",
    ({ program, words }) =>
      /^(apt|apt-get|aptitude|dpkg|yum|dnf|zypper|pacman|apk|brew|snap|flatpak|port|rpm)$/.test(
        program,
      ) && !/^(search|info|show|list|-s|--simulate|--dry-run)$/.test(words[0] ?? "") &&
      (words.some((word) =>
        /^(remove|purge|autoremove|erase|uninstall|del|-R\w*|-P|--purge|--remove|-e)$/.test(word)
      )),
  ),
  asks(
    "accounts-and-firewall",
    ({ program, words }) =>
      (program === "passwd" && !hasFlag(words, "S", "status")) ||
      /^(userdel|usermod|groupdel|deluser|delgroup|chpasswd|visudo|iptables-restore|dscl)$/
        .test(program) ||
      (/^(iptables|ip6tables|nft|ufw|firewall-cmd|pfctl)$/.test(program) &&
        !words.some((word) =>
          /^(-[nvxw]*[LS][nvx]*|list|status|--list\S*|-s\w*|--state|--get-\S+)$/.test(word)
        )),
  ),
  asks(
    "storage",
    ({ program, words }) =>
      /^(lvremove|vgremove|pvremove|lvreduce|mdadm|umount|losetup)$/.test(program) &&
        words.length > 0 && !words.some((word) =>
          /^(-[alhVDEQ]+|--(all|list|help|detail|examine|query|version))$/.test(word) &&
          !(program === "umount" && /^(-\w*[al]|--all)/.test(word))
        ) ||
      (/^(zfs|zpool|btrfs)$/.test(program) &&
        words.some((word) =>
          /^(destroy|rollback|delete|labelclear|remove|detach)$/.test(word)
        )) ||
      (program === "tmutil" && /^(delete|disable)/.test(words[0] ?? "")),
  ),
];

function operandArguments(command: SimpleCommand, takes = ""): readonly Argument[] {
  const names = operands(command.words, takes);
  return command.args.filter(({ value }) => names.includes(value));
}

/** True when every target surely is temporary, wherever the command may run. */
function areTemporary(targets: readonly Argument[], command: SimpleCommand, place: Place): boolean {
  return targets.every((target) =>
    !target.isComputed &&
    command.folders.every((folder) => isTemporary(target.value, folder, place))
  );
}
