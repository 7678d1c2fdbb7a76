/**
 * Data and messages that leave: HTTP calls that write, mail and posts, databases, copies to other hosts.
 *
 * @module
 */
import { asks, type GateRule, hasFlag, isHelp, operands } from "./rule.ts";
import type { SimpleCommand } from "./simple_command.ts";
import { writesSql } from "./sql.ts";
import { CODE_WITH_EFFECT } from "./code_with_effect.ts";

const MONGO_WRITE =
  /\b(drop\w*|delete\w*|remove\w*|update\w*|insert\w*|replace\w*|rename\w*|bulkWrite|findAndModify|findOneAnd\w+|save|create\w*|shutdown\w*)\s*\(/;

const REDIS_READ =
  /^(get|mget|getrange|exists|keys|scan|[hsz]scan|info|ping|ttl|pttl|type|llen|lrange|lindex|lpos|scard|smembers|s?m?ismember|sinter|sunion|sdiff|srandmember|hget|hmget|hgetall|hlen|hkeys|hvals|hexists|hstrlen|zrange\w*|zrevrange\w*|zcard|zcount|zscore|zmscore|zrank|zrevrank|strlen|getbit|bitcount|pfcount|dbsize|memory|monitor|time|xlen|xrange|xrevrange|xinfo|object|lastsave|role|client (list|info|id|getname)|config get|slowlog (get|len)|cluster (info|nodes|slots)|acl (list|whoami|users|cat)|command|latency (latest|history|doctor))\b/i;

/**
 * A pipe into a command stands behind what is printed, outside of its strings: `print $1 "|" $2` holds
 * none, `print | "sh"` and `print $1 | cmd` do.
 */
const AWK_THAT_RUNS =
  /\bsystem\s*\(|\bprintf?\b(?:[^"|;}]|"(?:[^"\\]|\\.)*")*\|(?!\|)|\|&?\s*getline/;

export const DATA_RULES: readonly GateRule[] = [
  asks("http-write", ({ program, words }) => {
    if (isHelp(words)) return false;
    if (program === "curl" || program === "curlie") return requests(words).some(isWritingCurl);
    if (program === "grpcurl") return hasFlag(words, "d");
    if (program === "wget" || program === "wget2") {
      return words.some((word, at) =>
        /^--(post|body)-/.test(word) ||
        (/^--method/.test(word) &&
          !/^(get|head|options)$/i.test(word.split("=")[1] ?? words[at + 1] ?? ""))
      );
    }
    if (/^(http|https|xh|xhs|httpie)$/.test(program)) {
      const [method = "", ...items] = operands(words, "-a --auth -A --session -o --output");
      return /^(post|put|patch|delete)$/i.test(method) ||
        (!/^(get|head|options)$/i.test(method) &&
          items.some((item) => /^[\w.-]+(:=|=(?!=)|@)/.test(item)));
    }
    return false;
  }),
  asks(
    "http-write",
    ({ writesTo }) => writesTo.some(({ value }) => /^\/dev\/(tcp|udp)\//.test(value)),
  ),
  asks("message", ({ program, words }) =>
    !isHelp(words) && (
      /^(mail|mailx|s-nail|mutt|neomutt|sendmail|msmtp|ssmtp|swaks|sendemail|himalaya|wall|write|telegram-send|slackcat|slack|toot|twurl|rainbowstream|apprise|signal-cli|discord|irc|pushover|gotify|mosquitto_pub|wa|matrix-commander|osascript|lpr|lp)$/
        .test(program) ||
      (program === "ntfy" && /^(pub|publish|send)$/.test(words[0] ?? "")) ||
      (program === "aws" && /^(ses|sesv2|sns) (send|publish)/.test(words.join(" ")))
    )),
  asks("database", (command) => {
    const { program, words, input } = command;
    if (isHelp(words)) return false;
    if (program === "pg_restore" && hasFlag(words, "l", "list")) return false;
    if (/^(dropdb|dropuser|createdb|pg_restore|mysqlimport|mongorestore|influxd)$/.test(program)) {
      return true;
    }
    if (program === "mysqladmin") {
      return words.some((word) => /^(drop|shutdown|kill|flush.*|reload|password)$/.test(word));
    }
    if (
      /^(psql|mysql|mariadb|sqlite3?|duckdb|clickhouse-client|clickhouse|cockroach|sqlcmd|bq|usql|pgcli|mycli|litecli|trino|presto|snowsql|cqlsh|influx)$/
        .test(program)
    ) {
      return writesSql(words.filter((word) => !/^\w+:\/\//.test(word)).join(" ; ")) ||
        words.some((word) => /^(-\w*f|--file)/.test(word)) || isFedUnseen(command) ||
        (input.kind === "literal" && writesSql(input.text));
    }
    if (/^(mongo|mongosh)$/.test(program)) {
      return MONGO_WRITE.test(words.join(" ")) || isFedUnseen(command) || words.some((word) =>
        word.endsWith(".js")
      ) ||
        (input.kind === "literal" && MONGO_WRITE.test(input.text));
    }
    if (program === "redis-cli" || program === "valkey-cli") {
      const line = operands(words, "-h -p -a -n -u -s --user --pass").join(" ");
      const isScan = /^--(scan|stat|bigkeys|memkeys|hotkeys|latency)/;
      if (words.some((word) => isScan.test(word)) && !isFedUnseen(command)) return false;
      return isFedUnseen(command) || (line !== "" && !REDIS_READ.test(line)) ||
        (input.kind === "literal" && !REDIS_READ.test(input.text));
    }
    return false;
  }),
  asks("copy-to-host", ({ program, words, input }) => {
    if (/^(nc|ncat|netcat)$/.test(program)) return input.kind !== "none" && !hasFlag(words, "z");
    if (/^(socat|websocat)$/.test(program)) return input.kind !== "none";
    if (
      !/^(scp|rsync|rcp|sftp|ftp|lftp|ncftpput|croc|magic-wormhole|wormhole|transfer)$/.test(
        program,
      ) || isHelp(words)
    ) return false;
    if (program === "rsync" && hasFlag(words, "n", "dry-run")) return false;
    if (/^(scp|rcp|rsync)$/.test(program)) {
      const target =
        operands(words, "-e -i -P -o -F -l -c -S --rsh --exclude --include --filter").at(-1) ?? "";
      return /^([\w.-]+@)?[\w.-]+::?/.test(target) && !/^[./~]/.test(target) ||
        /^(scp|rsync):\/\//.test(target);
    }
    return true;
  }),
  asks("code-in-another-language", ({ program, words, input }) => {
    if (/^(awk|gawk|mawk|nawk)$/.test(program)) {
      return words.some((word) => AWK_THAT_RUNS.test(word));
    }
    if (/^g?sed$/.test(program)) {
      return words.some((word) => /(^|;|\d|\/)e\s*$|^\d*e\s/.test(word) && !word.startsWith("-"));
    }
    if (
      !/^(python[\d.]*|perl|ruby|node|deno|bun|php|lua|Rscript|pwsh|osascript|tclsh|expect|ipython|R|julia|elixir|iex|emacs|emacsclient|groovy|guile|scala|swift|raku)$/
        .test(program)
    ) return false;
    const text = words.join("\n") + (input.kind === "literal" ? input.text : "");
    return CODE_WITH_EFFECT.test(text) ||
      (program === "perl" || program === "ruby") && /`[^`]+`/.test(text);
  }),
];

/** What `--next` and `-:` part are requests of their own. */
function requests(words: readonly string[]): readonly (readonly string[])[] {
  const at = words.findIndex((word) => /^(--next|-:)$/.test(word));
  return at === -1 ? [words] : [words.slice(0, at), ...requests(words.slice(at + 1).slice(0, 500))];
}

function isWritingCurl(words: readonly string[]): boolean {
  if (words.some((word) => /^(telnet|gopher):/.test(word))) return true;
  const methods = words.flatMap((word, at) => {
    const attached = /^(?:-[a-zA-Z]*?X|--request=)(.*)$/.exec(word)?.[1];
    if (attached !== undefined && !/^--request/.test(word)) {
      return [attached || (words[at + 1] ?? "")];
    }
    return attached !== undefined ? [attached] : word === "--request" ? [words[at + 1] ?? ""] : [];
  });
  if (methods.some((method) => !/^(get|head|options)$/i.test(method))) return true;
  if (hasFlag(words, "K", "config")) return true; // Its options lie in a file.
  if (
    hasFlag(words, "FT", "form", "form-string", "upload-file", "mail-from", "mail-rcpt", "quote") ||
    words.some((word) => /^(smtp|imap|ftp)s?:/.test(word))
  ) {
    return hasFlag(
      words,
      "FTQ",
      "form",
      "form-string",
      "upload-file",
      "mail-from",
      "mail-rcpt",
      "quote",
    );
  }
  const hasData = words.some((word) =>
    /^(-[a-zA-Z]*d|--data|--json|--url-query$)/.test(word) && !/^--url-query/.test(word)
  );
  return hasData && !hasFlag(words, "G", "get") && methods.length === 0;
}

function isFedUnseen({ input }: SimpleCommand): boolean {
  return input.kind === "unknown" || input.kind === "download";
}
