#!/usr/bin/env bash
# Installs what a command of the Makefile needs, and does nothing when it is there.
#
#   scripts/setup.sh rust        compiler, system libraries
#   scripts/setup.sh run         ... and node: enough to build and open the application
#   scripts/setup.sh test        ... and virtual display, keyring, browser, PostgreSQL, test runners
#   scripts/setup.sh bench       as run, with PostgreSQL and its pgbench, virtual display, browser, PouchDB: what
#                                `make bench` compares with
#   scripts/setup.sh tool NAME VERSION    one more program of crates.io, for a command that few people call
#
# Made for Debian 12 or later, as root or with sudo. What it fetches besides Debian packages goes into
# target/tools and the node_modules beside each package.json, so that deleting the tree deletes it all.
set -euo pipefail
cd "$(dirname "$0")/.."

readonly RUST_VERSION=1.95.0
readonly NODE_MINIMUM=20.19.0
readonly NODE_VERSION=22.23.3
readonly NEXTEST_VERSION=0.9.143
readonly TAURI_DRIVER_VERSION=2.1.0
readonly TOOLS="$PWD/target/tools"
export PATH="$TOOLS/bin:$TOOLS/node/bin:$HOME/.cargo/bin:$PATH"

readonly RUST_PACKAGES=(
  build-essential ca-certificates curl file pkg-config
  libayatana-appindicator3-dev libdbus-1-dev libgtk-3-dev librsvg2-dev libssl-dev libwebkit2gtk-4.1-dev libxdo-dev
)
readonly BENCH_PACKAGES=(chromium git openssl util-linux xauth xvfb)
readonly RUN_PACKAGES=(dbus gnome-keyring fonts-dejavu-core sqlite3)
readonly TEST_PACKAGES=(
  chromium-headless-shell dbus-x11 git imagemagick libsecret-tools poppler-utils procps util-linux webkit2gtk-driver xauth xvfb
)

say() { printf 'setup: %s\n' "$*"; }
fail() { printf 'setup: %s\n' "$*" >&2; exit 1; }

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"
  elif command -v sudo >/dev/null; then sudo "$@"
  else fail "must install packages: run this as root, or install sudo. Wanted: $*"
  fi
}

at_least() { [ "$(printf '%s\n%s\n' "$1" "$2" | sort -V | head -n 1)" = "$1" ]; }

missing_packages() {
  local installed package
  installed=" $(dpkg-query -W -f '${db:Status-Abbrev}${Package} ' 2>/dev/null | sed 's/ii  */ /g') "
  for package in "$@"; do
    [[ "$installed" == *" $package "* ]] || printf '%s\n' "$package"
  done
}

apt_install() {
  local missing
  mapfile -t missing < <(missing_packages "$@")
  [ "${#missing[@]}" -gt 0 ] || return 0
  command -v apt-get >/dev/null || fail "this is not Debian: install the counterparts of: ${missing[*]}"
  say "installing with apt: ${missing[*]}"
  # Postponed until now, so that a satisfied machine never asks the network.
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 update -qq
  local options=(-o DPkg::Lock::Timeout=300 install -y -qq --no-install-recommends)
  # Once more if it fails: another apt at work may delete the archives this one has just fetched.
  as_root env DEBIAN_FRONTEND=noninteractive apt-get "${options[@]}" "${missing[@]}" >/dev/null ||
    as_root env DEBIAN_FRONTEND=noninteractive apt-get "${options[@]}" "${missing[@]}" >/dev/null ||
    fail "apt could not install: ${missing[*]}"
}

# Any PostgreSQL server from 15 on will do; which one is packaged depends on the Debian release.
install_postgres() {
  local binary version
  for binary in "${POSTGRES_BIN:-}"/initdb /usr/lib/postgresql/*/bin/initdb; do
    [ ! -x "$binary" ] || return 0
  done
  apt_install postgresql-common
  for version in 15 16 17 18; do
    if [ -n "$(apt-cache madison "postgresql-$version" 2>/dev/null)" ]; then
      apt_install "postgresql-$version"
      return 0
    fi
  done
  fail "found no postgresql package from 15 on: install one, or set POSTGRES_BIN to the folder of its initdb"
}

install_rust() {
  local version
  version="$(rustc --version 2>/dev/null | cut -d' ' -f2 || true)"
  if [ -n "$version" ] && at_least "${RUST_VERSION%.0}" "$version"; then return 0; fi
  if ! command -v rustup >/dev/null && [ -n "$(apt-cache madison rustup 2>/dev/null)" ]; then apt_install rustup; fi
  command -v rustup >/dev/null || fail "needs Rust $RUST_VERSION or later and found ${version:-none}.
  This Debian has no rustup package: install rustup as its authors describe, then
  rustup toolchain install $RUST_VERSION --profile minimal --component clippy --component rustfmt"
  say "installing Rust $RUST_VERSION with rustup (found ${version:-none})"
  rustup toolchain install "$RUST_VERSION" --profile minimal --component clippy --component rustfmt
  rustup default "$RUST_VERSION"
}

install_node() {
  local version architecture
  command -v npm >/dev/null || apt_install nodejs npm
  version="$(node --version | tr -d v)"
  if at_least "$NODE_MINIMUM" "$version"; then return 0; fi
  case "$(uname -m)" in
    x86_64) architecture=x64 ;;
    aarch64) architecture=arm64 ;;
    *) fail "needs Node $NODE_MINIMUM or later and found $version: install one and put it on the PATH" ;;
  esac
  say "installing Node $NODE_VERSION in target/tools/node (found $version, needs $NODE_MINIMUM)"
  npm install --silent --no-audit --no-fund --prefix "$TOOLS/node" "node-linux-$architecture@$NODE_VERSION"
  mkdir -p "$TOOLS/node/bin"
  ln -sf "../node_modules/node-linux-$architecture/bin/node" "$TOOLS/node/bin/node"
}

# Reinstalls when the lock file or the Node that ran it changed.
install_npm() { # folder
  local stamp="$1/node_modules/.installed-for" wanted
  [ -f "$1/package-lock.json" ] || { say "$1/package-lock.json is not there: skipping npm"; return 0; }
  wanted="$(sha256sum "$1/package-lock.json" | cut -d' ' -f1) $(node --version)"
  [ "$(cat "$stamp" 2>/dev/null)" != "$wanted" ] || return 0
  say "installing the packages of $1/package-lock.json"
  # Several packages carry a compiled part per system, as optional packages. Where a registry lacks the part for some
  # other system, the lock file cannot name it and `npm ci` refuses; `npm install` takes what the lock file does name.
  (cd "$1" && { npm ci --silent --no-audit --no-fund || npm install --no-save --loglevel error --no-audit --no-fund; })
  printf '%s\n' "$wanted" >"$stamp"
}

build_tool() { # name, version, further options of `cargo install`
  say "building $1 $2 into target/tools"
  cargo install --quiet --locked --root "$TOOLS" --version "$2" "${@:3}" "$1"
}

# Any nextest that knows our configuration will do, and building one takes minutes.
install_nextest() {
  local have
  have="$(cargo nextest --version 2>/dev/null | head -n 1 | cut -d' ' -f2 || true)"
  [ -n "$have" ] && at_least 0.9.100 "$have" || build_tool cargo-nextest "$NEXTEST_VERSION"
}

# Not every tool can print its version, but cargo remembers what it built.
install_tool() { # name, version, further options of `cargo install`
  grep -qsF "\"$1 $2 " "$TOOLS/.crates.toml" || build_tool "$@"
}

if [ "${1:-}" = tool ]; then
  install_tool "$2" "$3"
  exit 0
fi

readonly PROFILE="${1:-run}"
case "$PROFILE" in rust | run | test | bench) ;; *) fail "unknown profile '$PROFILE': rust, run, test, bench or tool" ;; esac

packages=("${RUST_PACKAGES[@]}")
case "$PROFILE" in run | test | bench) packages+=("${RUN_PACKAGES[@]}") ;; esac
case "$PROFILE" in test) packages+=("${TEST_PACKAGES[@]}") ;; bench) packages+=("${BENCH_PACKAGES[@]}") ;; esac
apt_install "${packages[@]}"
install_rust
case "$PROFILE" in run | test | bench)
  install_node
  install_npm ui
  ;;
esac
if [ "$PROFILE" = bench ]; then
  install_npm bench/pouchdb
  install_postgres
fi
if [ "$PROFILE" = test ]; then
  install_npm tests/ui
  install_postgres
  install_nextest
  # It only hands words on: optimising it takes longer than all it does.
  install_tool tauri-driver "$TAURI_DRIVER_VERSION" --debug
fi
say "$PROFILE: everything is there"
