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
    if (program === "mv") return operands(words).at(-1) === "/dev/null";
    if (program === "rsync") {
      return words.some((word) => /^--(del|remove-source)/.test(word)) &&
        !hasFlag(words, "n", "dry-run");
    }
    return false;
  }),
  asks(
    "overwrite-trusted-file",
    ({ program, words, writesTo }) =>
      writesTo.some(({ value }) => TRUSTED_FILE.test(value)) ||
      (/^(tee|cp|mv|install|ln|sponge)$/.test(program) &&
        TRUSTED_FILE.test(
          program === "tee" ? operands(words)[0] ?? "" : operands(words).at(-1) ?? "",
        )),
  ),
  asks(
    "change-owner-or-mode",
    ({ program, words }) =>
      /^(chmod|chown|chgrp|setfacl|chattr)$/.test(program) && hasFlag(words, "R", "recursive") &&
      operands(words).slice(1).some((word) => /^(\/|~|\.\.)/.test(word)),
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
      /^(pkill|killall|killall5|skill|slay)$/.test(program) && !isHelp(words) ||
      (program === "kill" && words.some((word) => /^(-1|0)$/.test(word)) && words.length > 1),
  ),
  asks(
    "remove-packages",
    ({ program, words }) =>
      /^(apt|apt-get|aptitude|dpkg|yum|dnf|zypper|pacman|apk|brew|snap|flatpak|port|rpm)$/.test(
        program,
      ) &&
      (words.some((word) =>
        /^(remove|purge|autoremove|erase|uninstall|del|-R\w*|-P|--purge|--remove|-e)$/.test(word)
      )),
  ),
  asks(
    "accounts-and-firewall",
    ({ program, words }) =>
      /^(userdel|usermod|groupdel|deluser|delgroup|passwd|chpasswd|visudo|iptables-restore|dscl)$/
        .test(program) ||
      (/^(iptables|ip6tables|nft|ufw|firewall-cmd|pfctl)$/.test(program) &&
        !words.some((word) => /^(-L|-S|list|status|--list-all|-s|--state)$/.test(word))),
  ),
  asks(
    "storage",
    ({ program, words }) =>
      /^(lvremove|vgremove|pvremove|lvreduce|mdadm|umount|losetup)$/.test(program) &&
        words.length > 0 ||
      (/^(zfs|zpool|btrfs)$/.test(program) &&
        words.some((word) => /^(destroy|rollback|delete|labelclear|remove|detach)$/.test(word))) ||
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
