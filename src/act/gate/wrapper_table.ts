/**
 * The programs that run what stands behind them, and how their own options are told from it.
 *
 * @module
 */
import type { OptionShape } from "./launchers.ts";

/** Programs that run the rest of their line. */
export const PREFIXES: Readonly<Record<string, OptionShape>> = {
  sudo: {
    takes: "-u -g -h -p -C -T -r -t -U -D -R --user --group --host --prompt --chdir --chroot " +
      "--close-from --command-timeout --role --type --other-user",
    flags: "AbBEeHiKklNnPSsVv",
  },
  doas: { takes: "-u -C -a", flags: "nsL" },
  nohup: { takes: "" },
  builtin: { takes: "" },
  command: { takes: "", flags: "pvV" },
  exec: { takes: "-a", flags: "cl" },
  time: { takes: "-f -o --format --output", flags: "apqvlhV" },
  nice: { takes: "-n --adjustment" },
  ionice: { takes: "-c -n -P -u --class --classdata", flags: "t" },
  chrt: { takes: "-T -P -D", flags: "abdefimoprRv", skip: 1 },
  taskset: { takes: "", flags: "acp", skip: 1 },
  timeout: { takes: "-k -s --kill-after --signal", flags: "fpv", skip: 1 },
  gtimeout: { takes: "-k -s --kill-after --signal", flags: "fpv", skip: 1 },
  stdbuf: { takes: "-i -o -e --input --output --error" },
  setsid: { takes: "", flags: "cfw" },
  setpriv: {
    takes: "--reuid --regid --ruid --euid --rgid --egid --groups --inh-caps --ambient-caps " +
      "--bounding-set --securebits --pdeathsig --selinux-label --apparmor-profile",
    flags: "d",
  },
  unbuffer: { takes: "", flags: "p" },
  chronic: { takes: "", flags: "ev" },
  caffeinate: { takes: "-t -w", flags: "disum" },
  "systemd-run": {
    takes: "-p -u -E -H -M --property --unit --setenv --uid --gid --slice --working-directory " +
      "--description",
    flags: "tPqGdSr",
  },
  "systemd-inhibit": { takes: "--what --who --why --mode" },
  strace: {
    takes: "-e -o -s -p -a -b -E -I -O -P -S -u -U -X",
    flags: "AcCdDfFhiknNqrtTvVwxyYzZ",
  },
  ltrace: { takes: "-e -o -s -p -a -A -D -F -l -n -u -w -x", flags: "bcCfhiLrStTV" },
  proxychains: { takes: "-f", flags: "q" },
  proxychains4: { takes: "-f", flags: "q" },
  torsocks: { takes: "", flags: "di" },
  chroot: { takes: "", skip: 1 },
  unshare: { takes: "-R -w -S -G", flags: "cfimnprTuUC" },
  nsenter: { takes: "-t --target -S -G", flags: "aCeFimnprTuUwZ" },
  runuser: { takes: "-u -g -G -s", flags: "flmp" },
  fakeroot: { takes: "-l -s -i -b", flags: "uhv" },
  sshpass: { takes: "-p -f -d -P", flags: "evhV" },
  direnv: { takes: "", skip: 2 },
  npx: { takes: "-p --package", flags: "yq" },
  bunx: { takes: "" },
  pnpx: { takes: "" },
  uvx: { takes: "--from --with", flags: "qv" },
  busybox: { takes: "" },
  toybox: { takes: "" },
  coproc: { takes: "" },
  "dbus-run-session": { takes: "" },
  watch: { takes: "-n -q --interval --equexit", flags: "bcdegrtwxv" },
  flock: { takes: "-w -E --timeout --conflict-exit-code", flags: "nsxeuoFvhV", skip: 1 },
  entr: { takes: "", flags: "acdnprsxz" },
  xargs: {
    takes: "-I -J -R -n -P -L -d -s -a -E -S --max-args --max-procs --delimiter " +
      "--max-chars --arg-file",
    flags: "0rtpxoieIl",
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
  vagrant: ["-c", "--command"],
  rsync: ["-e", "--rsync-path"],
  "nix-shell": ["--run", "--command"],
  npx: ["-c", "--call"],
  vim: ["-c"],
  vi: ["-c"],
  nvim: ["-c"],
  git: ["--exec", "-x", "--upload-pack", "--receive-pack"],
  ssh: ["-o"],
  tar: ["--checkpoint-action", "--to-command", "--use-compress-program", "-I"],
  sort: ["--compress-program"],
};

/** Options of `docker run` and `docker exec`; the first operand is the image or the container. */
export const CONTAINER_OPTIONS: OptionShape = {
  takes:
    "-e -v -w -u -p -h -l -m -c -a --name --network --net --env --env-file --volume --workdir " +
    "--user --publish --hostname --label --memory --cpus --mount --entrypoint --restart --platform " +
    "--add-host --dns --device --gpus --ip --link --pid --ipc --shm-size --tmpfs --ulimit " +
    "--volumes-from --log-driver --log-opt --pull --cap-add --cap-drop --security-opt --cidfile " +
    "--detach-keys --index",
  flags: "iTtdPq",
  plain: "--rm --interactive --tty --detach --init --privileged --read-only --publish-all " +
    "--no-deps --service-ports --build --quiet --no-healthcheck --sig-proxy",
  skip: 1,
};
