#!/usr/bin/env bash
# Installs looop for the user who runs it:
#
#   curl -fsSL <address of this file> | bash
#   ./install.sh                       # from a checkout: builds what is checked out
#
# What can be set:
#   LOOOP_INSTALL_DIR   where the program goes; ~/.local/bin where unset
#   LOOOP_VERSION       a version such as 0.13.0; the latest release where unset
#   LOOOP_REPO          the GitHub project whose releases are taken (owner/name)
#   LOOOP_RELEASE_URL   another place that is laid out like GitHub's releases
#   DENO                a Deno (2.5 or newer), for systems that no binary fits
#
# A binary is installed only when its checksum is the one that the release names. Where no binary
# fits or can be built, a launcher is installed that runs the same program with Deno.

# Everything is inside functions and the last line starts it: half a download does nothing.
set -euo pipefail

# The one place that names the project's address. A release's own copy of this file is stamped with the
# project that made the release; this one, in the sources, belongs to none.
: "${LOOOP_REPO:=}"
readonly JSR_PACKAGE=@looop/cli
readonly DENO_FROM_NPM=2.9.6

say() { printf '%s\n' "$*" >&2; }
fail() {
  say "install.sh: $*"
  exit 1
}

usage() {
  cat <<'END'
Usage: install.sh [-h | --help]

Installs looop for the user who runs it; in a checkout it builds what is checked out.
It takes no other argument. What can be set, in the environment:

  LOOOP_INSTALL_DIR   where the program goes; ~/.local/bin where unset
  LOOOP_VERSION       a version such as 0.13.0; the latest release where unset
  LOOOP_REPO          the GitHub project whose releases are taken (owner/name)
  LOOOP_RELEASE_URL   another place that is laid out like GitHub's releases
  DENO                a Deno (2.5 or newer), for systems that no binary fits
END
}

# Prints the target that fits this machine; fails where no binary is made for it.
detect_target() {
  local os arch
  os=$(uname -s)
  arch=$(uname -m)
  # An Intel shell on an Apple chip.
  if [[ $os == Darwin && $arch == x86_64 && $(sysctl -n sysctl.proc_translated 2>/dev/null) == 1 ]]; then
    arch=arm64
  fi
  case $arch in
    x86_64 | amd64) arch=x86_64 ;;
    arm64 | aarch64) arch=aarch64 ;;
    *) return 1 ;;
  esac
  case $os in
    Linux)
      # Binaries are made for glibc; a system with musl alone takes the launcher.
      if [[ ! -e /lib64/ld-linux-x86-64.so.2 && ! -e /lib/ld-linux-aarch64.so.1 ]] &&
        compgen -G '/lib/ld-musl-*' >/dev/null; then
        return 1
      fi
      printf '%s-unknown-linux-gnu\n' "$arch"
      ;;
    Darwin) printf '%s-apple-darwin\n' "$arch" ;;
    *) return 1 ;;
  esac
}

# Prints where a file of the wanted release lies.
asset_url() {
  local base=${LOOOP_RELEASE_URL:-https://github.com/$LOOOP_REPO/releases}
  base=${base%/}
  case $base in
    https://* | http://127.0.0.1:* | http://localhost:*) ;;
    *) fail "LOOOP_RELEASE_URL is $base: only https is taken" ;;
  esac
  if [[ -n $version ]]; then
    printf '%s/download/v%s/%s\n' "$base" "$version" "$1"
  else
    printf '%s/latest/download/%s\n' "$base" "$1"
  fi
}

# Fetches a file of the release. 0: it is there; 1: the release has no such file; anything else ends.
fetch() {
  local url status scheme
  if [[ -z ${LOOOP_RELEASE_URL:-}$LOOOP_REPO ]]; then
    say "This copy of install.sh names no project whose releases to take; LOOOP_REPO=owner/name does."
    return 1
  fi
  url=$(asset_url "$1") || exit 1
  scheme=${url%%:*}
  if command -v curl >/dev/null; then
    status=$(curl --silent --show-error --location --retry 2 --connect-timeout 20 \
      --proto "=$scheme" --proto-redir "=$scheme" --output "$2" --write-out '%{http_code}' "$url") ||
      fail "cannot fetch $url (curl ended with $?); is the network there?"
    case $status in
      200) return 0 ;;
      404 | 410) return 1 ;;
      *) fail "cannot fetch $url: the server said $status" ;;
    esac
  elif command -v wget >/dev/null; then
    wget --quiet --tries=3 --output-document="$2" "$url" && return 0
    status=$?
    [[ $status -eq 8 ]] && return 1
    fail "cannot fetch $url (wget ended with $status); is the network there?"
  fi
  fail "cannot fetch $url: neither curl nor wget is there"
}

sha256_of() {
  if command -v sha256sum >/dev/null; then
    sha256sum <"$1" | cut -d' ' -f1
  elif command -v shasum >/dev/null; then
    shasum -a 256 <"$1" | cut -d' ' -f1
  elif command -v openssl >/dev/null; then
    openssl dgst -sha256 -r <"$1" | cut -d' ' -f1
  else
    fail "cannot check what was fetched: none of sha256sum, shasum, openssl is there"
  fi
}

# Fetches a file of the release and checks it against the release's checksums.
# 0: it is there and right; 1: the release has no such file; a wrong one ends.
fetch_checked() {
  local wanted found
  wanted=$(awk -v name="$1" '$2 == name || $2 == "*" name { print $1; exit }' "$work/SHA256SUMS")
  if [[ ! $wanted =~ ^[0-9a-f]{64}$ ]]; then
    say "The release names no checksum for $1: it is not taken."
    return 1
  fi
  if ! fetch "$1" "$work/$1"; then
    say "The release lists $1 but does not have it."
    return 1
  fi
  found=$(sha256_of "$work/$1") || exit 1
  [[ $found == "$wanted" ]] ||
    fail "$1 is not what the release made (SHA-256 $found instead of $wanted): nothing was installed; try again, and if it stays so, tell the project"
}

# True when a program answers as looop does, and in the wanted version.
answers() {
  local said
  said=$(cd "$work" && "$1" version </dev/null 2>"$work/complaint") || return 1
  [[ ( -z $version && $said == "looop "* ) || $said == "looop $version" ]] && return 0
  printf 'it says it is %s\n' "$said" >"$work/complaint"
  return 1
}

# Makes $work/looop from the release. 1: it has no binary that runs here.
binary_from_release() {
  local target
  target=$(detect_target) || {
    say "There is no binary for $(uname -s) on $(uname -m)."
    return 1
  }
  say "Fetching looop ${version:-(latest)} for $target"
  fetch_checked "looop-$target.gz" || return 1
  gzip -dc "$work/looop-$target.gz" >"$work/looop" || fail "cannot unpack looop-$target.gz"
  chmod 755 "$work/looop"
  answers "$work/looop" && return 0
  say "The binary does not run here: $(head -n 1 "$work/complaint")"
  rm -f "$work/looop"
  return 1
}

# True for a Deno that can run looop.
is_fit_deno() {
  local number
  [[ -n $1 ]] && command -v "$1" >/dev/null || return 1
  number=$("$1" --version 2>/dev/null | awk 'NR == 1 { print $2 }') || return 1
  [[ $number =~ ^([0-9]+)\.([0-9]+)\. ]] || return 1
  ((BASH_REMATCH[1] > 2 || (BASH_REMATCH[1] == 2 && BASH_REMATCH[2] >= 5)))
}

# Sets `deno` to one that is there, or gets one from npm into the share folder.
find_deno() {
  local candidate
  for candidate in "${DENO:-}" deno "$HOME/.deno/bin/deno" "$share/deno/node_modules/.bin/deno"; do
    if is_fit_deno "$candidate"; then
      deno=$(command -v "$candidate")
      break
    fi
  done
  if [[ -z ${deno:-} ]]; then
    command -v npm >/dev/null ||
      fail "no Deno (2.5 or newer) and no npm to get one: install Deno, or set DENO to its path, and run this again"
    say "Fetching Deno $DENO_FROM_NPM from npm"
    mkdir -p "$share/deno"
    npm install --silent --no-fund --no-audit --prefix "$share/deno" "deno@$DENO_FROM_NPM" >&2 </dev/null ||
      fail "npm could not install Deno $DENO_FROM_NPM"
    deno=$share/deno/node_modules/.bin/deno
    is_fit_deno "$deno" || fail "the Deno that npm installed does not run here"
  fi
  # The program itself, not a script of npm's in front of it.
  deno=$("$deno" eval --no-config 'console.log(Deno.execPath())' </dev/null)
}

# Makes $work/looop, a launcher of the program whose entry is $1; the program writes it itself.
write_launcher() {
  (cd "$work" && "$deno" run -A --quiet --no-config "$1" _launcher "$work/launcher" </dev/null) >/dev/null ||
    return 1
  mv "$work/launcher/looop" "$work/looop"
  chmod 755 "$work/looop"
  answers "$work/looop" || fail "the launcher does not run: $(head -n 1 "$work/complaint")"
}

# Keeps the bundle in $1 under a name of its own, so that one in use is never changed, and makes the launcher.
launcher_from_bundle() {
  local sum kept
  [[ -f $1/main.js ]] || fail "the bundle holds no main.js"
  cat "$1"/*.js >"$work/all.js"
  sum=$(sha256_of "$work/all.js") || exit 1
  kept=$share/bundle-${sum:0:16}
  mkdir -p "$share" || exit 1
  if [[ ! -d $kept ]]; then
    rm -rf "$share/.new.$$"
    { cp -R "$1" "$share/.new.$$" && mv "$share/.new.$$" "$kept"; } || fail "cannot fill $kept"
  fi
  write_launcher "$kept/main.js" || fail "the bundle does not run with $deno"
}

launcher_from_release() {
  say "Taking the release's bundle, to be run by Deno"
  fetch_checked looop-bundle.tar.gz || return 1
  find_deno
  mkdir "$work/bundle"
  tar -xzf "$work/looop-bundle.tar.gz" -C "$work/bundle" || fail "cannot unpack looop-bundle.tar.gz"
  launcher_from_bundle "$work/bundle"
}

launcher_from_jsr() {
  find_deno
  say "Taking $JSR_PACKAGE from JSR, to be run by Deno"
  write_launcher "jsr:$JSR_PACKAGE${version:+@$version}" ||
    fail "no release and no JSR package could be had: see what stands above"
}

# Builds what is checked out: a binary where Deno has or gets a runtime for it, else a bundle.
from_checkout() {
  find_deno
  say "Building from $checkout"
  if (cd "$checkout" && DENO=$deno "$deno" run -A --quiet src/ship/compile.ts --output "$work/looop") \
    >/dev/null 2>"$work/complaint" </dev/null && answers "$work/looop"; then
    return 0
  fi
  say "No binary can be built here: $(tr -s '[:space:]' ' ' <"$work/complaint" | cut -c1-300)"
  (cd "$checkout" && "$deno" run -A --quiet src/ship/bundle.ts "$work/bundle" </dev/null) >/dev/null ||
    fail "the checkout cannot be bundled: see what stands above"
  launcher_from_bundle "$work/bundle"
}

# Puts $work/looop in its place in one step; one that runs keeps running.
put_in_place() {
  [[ ! -d $dir/looop ]] || fail "$dir/looop is a folder: nothing was installed"
  mv -f "$work/looop" "$dir/looop"
}

explain() {
  local shown found
  shown=$("$dir/looop" version </dev/null) || fail "$dir/looop was installed but does not run"
  say "Installed $shown as $dir/looop"
  case :$PATH: in
    *":$dir:"*)
      found=$(command -v looop || true)
      if [[ -n $found && ! $found -ef $dir/looop ]]; then
        say "Another looop comes first on your PATH: $found"
      fi
      ;;
    *)
      say "It is not on your PATH yet. Add this to your shell's start-up file:"
      say "  export PATH=$(printf %q "$dir"):\"\$PATH\""
      ;;
  esac
  say "Next: looop doctor, then looop demo, then looop"
  if [[ -d $share ]]; then
    say "To uninstall: rm -f $(printf %q "$dir/looop"); rm -rf $(printf %q "$share")"
  else
    say "To uninstall: rm -f $(printf %q "$dir/looop")"
  fi
  say "Your goals and journal stay in ${XDG_STATE_HOME:-$HOME/.local/state}/looop until you remove them."
}

clean_up() { rm -rf "$work"; }

main() {
  local argument
  for argument in "$@"; do
    if [[ $argument == -h || $argument == --help ]]; then
      usage
      exit 0
    fi
  done
  if (($# > 0)); then
    say "install.sh: it takes no argument \"$1\": nothing was installed; see install.sh --help"
    exit 2
  fi
  [[ -n ${HOME:-} ]] || fail "HOME is not set"
  dir=${LOOOP_INSTALL_DIR:-$HOME/.local/bin}
  [[ $dir == /* ]] || dir=$PWD/$dir
  share=${XDG_DATA_HOME:-$HOME/.local/share}/looop
  version=${LOOOP_VERSION:-}
  version=${version#v}
  [[ -z $version || $version =~ ^[0-9][0-9A-Za-z.+-]*$ ]] ||
    fail "LOOOP_VERSION is \"$version\"; write a version such as 0.13.0"
  deno='' checkout=''
  # Beside the program's place: the last step is a rename, and programs may run from there.
  mkdir -p "$dir" || fail "cannot make $dir"
  work=$(mktemp -d "$dir/.looop-install.XXXXXX") || fail "cannot write in $dir"
  trap clean_up EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM

  local self=${BASH_SOURCE[0]:-}
  if [[ -n $self && -f $self ]]; then
    checkout=$(cd "$(dirname "$self")" && pwd -P)
    [[ -f $checkout/main.ts && -f $checkout/src/ship/compile.ts ]] || checkout=
  fi
  if [[ -n $checkout && -z $version && -z ${LOOOP_RELEASE_URL:-} ]]; then
    from_checkout
  elif fetch SHA256SUMS "$work/SHA256SUMS"; then
    binary_from_release || launcher_from_release ||
      fail "the release holds nothing that runs here: nothing was installed"
  else
    say "There is no release ${version:-} at $(asset_url '')"
    if [[ -n $checkout && -z $version ]]; then from_checkout; else launcher_from_jsr; fi
  fi
  put_in_place
  explain
}

main "$@"
