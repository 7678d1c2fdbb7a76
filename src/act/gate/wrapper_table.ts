/**
 * The programs that run what stands behind them, and how their own options are told from it.
 *
 * @module
 */

/** Options that take a value as the next word, of programs that run the rest of their line. */
export const PREFIXES: Readonly<
  Record<string, { readonly takes: string; readonly skip?: number }>
> = {
  sudo: {
    takes: "-u -g -h -p -C -T -r -t -U -D -R --user --group --host --prompt --chdir --chroot",
  },
  doas: { takes: "-u -C" },
  nohup: { takes: "" },
  builtin: { takes: "" },
  command: { takes: "" },
  exec: { takes: "-a" },
  time: { takes: "-f -o --format --output" },
  nice: { takes: "-n --adjustment" },
  ionice: { takes: "-c -n -P -u --class --classdata" },
  chrt: { takes: "", skip: 1 },
  taskset: { takes: "", skip: 1 },
  timeout: { takes: "-k -s --kill-after --signal", skip: 1 },
  gtimeout: { takes: "-k -s --kill-after --signal", skip: 1 },
  stdbuf: { takes: "-i -o -e --input --output --error" },
  setsid: { takes: "" },
  setpriv: { takes: "" },
  unbuffer: { takes: "" },
  chronic: { takes: "" },
  caffeinate: { takes: "-t -w" },
  "systemd-run": { takes: "-p -u -E --property --unit --setenv" },
  "systemd-inhibit": { takes: "--what --who --why --mode" },
  strace: { takes: "-e -o -s -p" },
  ltrace: { takes: "-e -o -s -p" },
  proxychains: { takes: "-f" },
  proxychains4: { takes: "-f" },
  torsocks: { takes: "" },
  chroot: { takes: "", skip: 1 },
  unshare: { takes: "" },
  nsenter: { takes: "-t --target" },
  runuser: { takes: "-u -g" },
  fakeroot: { takes: "" },
  direnv: { takes: "", skip: 2 },
  npx: { takes: "-p --package" },
  bunx: { takes: "" },
  pnpx: { takes: "" },
  uvx: { takes: "--from --with" },
  busybox: { takes: "" },
  toybox: { takes: "" },
  coproc: { takes: "" },
  "dbus-run-session": { takes: "" },
  xargs: {
    takes: "-I -J -R -n -P -L -d -s -a -E --max-args --max-procs --delimiter " +
      "--max-chars --arg-file",
  },
  parallel: { takes: "-j -I -N -n -a --jobs --colsep --delay --timeout --results --joblog" },
};

/** `npm exec x`, `uv run x` …: program and first word(s), then a command. */
export const RUNNERS =
  /^((npm|pnpm|yarn|bun) (exec|dlx|x)|bundle exec|(uv|poetry|pipenv|pipx|hatch|rye|pdm) run|(mise|asdf|nix|op|doppler|aws-vault|chamber|dotenv|devbox|rtx) (exec|x|run|shell)|git bisect run|git submodule foreach|rustup run \S+|conda run|firejail|bwrap)\b/;

/** Options of interpreters and tools whose value is shell text: `su -c`, `script -c`, `watch CMD`. */
export const SHELL_TEXT_OPTIONS: Readonly<Record<string, readonly string[]>> = {
  su: ["-c", "--command"],
  runuser: ["-c", "--command"],
  script: ["-c", "--command"],
  flock: ["-c", "--command"],
  sg: ["-c"],
  rsync: ["-e", "--rsync-path"],
  "nix-shell": ["--run", "--command"],
  npx: ["-c", "--call"],
  vim: ["-c"],
  nvim: ["-c"],
  git: ["--exec", "-x", "--upload-pack", "--receive-pack"],
  ssh: ["-o"],
  tar: ["--checkpoint-action", "--to-command", "--use-compress-program", "-I"],
  sort: ["--compress-program"],
};
