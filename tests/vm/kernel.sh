# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# shellcheck shell=bash
#
# Where stock kernels come from: the distribution's own packages, unpacked
# into a cache folder. What is installed on this machine, its /boot and its
# set-up of apt stay as they are. Sourced by tests/vm/check-vm, and by tests
# that want a tool which is not to be installed; find_kernel uses die().
#
# A tree holds the kernel (boot/vmlinuz-RELEASE, or usr/lib/modules/RELEASE/
# vmlinuz) and its modules (lib/modules/RELEASE, or usr/lib/modules/RELEASE).

VM_CACHE=${VM_CACHE:-/var/cache/xdp-tutorial}
KEYRING=/usr/share/keyrings/debian-archive-keyring.gpg

# suites: where kernels are looked for, "HOST SUITE" a line. Debian 12 has 6.1
# and 6.12 (the latter among its security updates), backports have newer ones.
suites()
{
	cat <<-END
	debian bookworm
	debian-security bookworm-security
	debian trixie-backports
	END
}

# mirror NAME: MIRROR/NAME, else where this machine gets its packages from; NAME is
# debian or debian-security. Fails where there is neither.
mirror()
{
	if [ -n "${MIRROR-}" ]; then
		printf '%s/%s\n' "${MIRROR%/}" "$1"
		return
	fi
	# shellcheck disable=SC2016 # apt fills it in
	apt-get indextargets --format '$(SITE)' 2>/dev/null | grep -m 1 "/$1/*\$"
}

# scratch_apt COMMAND ARGUMENT...: apt-get or apt-cache with lists, sources and
# a state of its own.
scratch_apt()
{
	local command=$1

	shift
	"$command" -q -o Dir::State="$VM_CACHE/apt" \
		-o Dir::State::status="$VM_CACHE/apt/status" \
		-o Dir::Cache="$VM_CACHE/apt/cache" \
		-o Dir::Etc::sourcelist="$VM_CACHE/apt/sources.list" \
		-o Dir::Etc::sourceparts=- -o Dir::Etc::preferencesparts=- \
		-o Dir::Etc::preferences=- \
		-o APT::Sandbox::User=root -o Acquire::Languages=none \
		-o Acquire::Retries=3 "$@"
}

# fetch_lists: what there is. Prints why not, and fails, if it cannot.
fetch_lists()
{
	local host suite site dir=$VM_CACHE/apt

	command -v apt-get >/dev/null || {
		echo "no apt-get here to fetch packages with"
		return 1
	}
	[ -r "$KEYRING" ] || {
		echo "no $KEYRING (install debian-archive-keyring)"
		return 1
	}
	mkdir -p "$dir/lists/partial" "$dir/cache/archives/partial" || return
	: >"$dir/status"
	: >"$dir/sources.list"
	while read -r host suite; do
		site=$(mirror "$host") || {
			echo "apt names no archive of $host here (MIRROR=URL does)"
			return 1
		}
		printf 'deb [signed-by=%s arch=amd64] %s %s main\n' \
			"$KEYRING" "$site" "$suite" >>"$dir/sources.list"
	done < <(suites)
	# Unreachable sources are a warning to apt, and the lists stay empty.
	if ! scratch_apt apt-get update >"$dir/log" 2>&1 ||
	   grep -q '^W: Failed to fetch' "$dir/log"; then
		printf 'cannot fetch the package lists: %s\n' \
			"$(grep -m 1 '^[EW]:' "$dir/log")"
		return 1
	fi
}

# releases: the releases that can be fetched, oldest first.
releases()
{
	scratch_apt apt-cache pkgnames linux-image- 2>/dev/null |
		sed -n 's/^linux-image-\([0-9].*-amd64\)$/\1/p' |
		grep -v -e '-rt-' -e '-cloud-' | sort -V
}

# matching NAME: of the releases on standard input the newest of that name
# (6.1 is 6.1.0-56-amd64, newest is any), or nothing.
matching()
{
	case $1 in
	newest) cat ;;
	*) awk -v name="$1" '$0 == name || index($0, name ".") == 1 ||
		index($0, name "-") == 1' ;;
	esac | sort -V | tail -n 1
}

# packages_of RELEASE: the image, and the packages it is split into from 7.0 on.
packages_of()
{
	printf 'linux-image-%s\n' "$1"
	scratch_apt apt-cache depends "linux-image-$1" 2>/dev/null |
		sed -n "s/^ *Depends: \(linux-\(binary\|modules\)-$1\)\$/\1/p"
}

# unpack_packages FOLDER PACKAGE...: downloads them there, and unpacks them into
# FOLDER/tree. Prints why not, and fails, if it cannot.
unpack_packages()
{
	local dir=$1 deb

	shift
	if ! (cd "$dir" && scratch_apt apt-get download "$@") \
		>"$VM_CACHE/apt/log" 2>&1; then
		printf 'cannot download %s: %s\n' "$1" \
			"$(grep -m 1 '^[EW]:' "$VM_CACHE/apt/log")"
		return 1
	fi
	for deb in "$dir"/*.deb; do
		dpkg -x "$deb" "$dir/tree" && continue
		echo "cannot unpack ${deb##*/}"
		return 1
	done
}

# fetch_kernel RELEASE: its packages, unpacked in the cache. A tree that is
# half there has no name of a release yet.
fetch_kernel()
{
	local release=$1 dir
	local -a packages

	mapfile -t packages < <(packages_of "$release")
	dir=$(mktemp -d "$VM_CACHE/.fetch.XXXXXX") || return
	if ! unpack_packages "$dir" "${packages[@]}"; then
		rm -rf "$dir"
		return 1
	fi
	scratch_apt apt-cache show "linux-image-$release" 2>/dev/null |
		sed -n 's/^Version: /Debian /p;T;q' >"$dir/tree/system"
	if ! prepare_modules "$dir/tree" "$release" ||
	   ! mv -T "$dir/tree" "$VM_CACHE/$release"; then
		echo "cannot prepare the modules of $release"
		rm -rf "$dir"
		return 1
	fi
	rm -rf "$dir"
}

# tool_folder PACKAGE: where its tree is, or would be.
tool_folder()
{
	printf '%s\n' "$VM_CACHE/tools/$1"
}

# fetch_tool PACKAGE: unpacked in the cache, never installed. Prints why not,
# and fails, if it is not there and cannot be fetched.
fetch_tool()
{
	local folder dir rc=0

	folder=$(tool_folder "$1")
	[ ! -d "$folder" ] || return 0
	mkdir -p "${folder%/*}" 2>/dev/null || {
		echo "cannot make '${folder%/*}'"
		return 1
	}
	(
		flock 9
		[ ! -d "$folder" ] || exit 0
		fetch_lists && dir=$(mktemp -d "$VM_CACHE/.fetch.XXXXXX") ||
			exit
		unpack_packages "$dir" "$1" && mv -T "$dir/tree" "$folder" || rc=1
		rm -rf "$dir"
		exit "$rc"
	) 9>"$VM_CACHE/.lock"
}

# module_folder TREE RELEASE: the folder that holds lib/modules.
module_folder()
{
	if [ -d "$1/lib/modules/$2" ]; then
		printf '%s\n' "$1"
	elif [ -d "$1/usr/lib/modules/$2" ]; then
		printf '%s\n' "$1/usr"
	else
		return 1
	fi
}

prepare_modules()
{
	local dir

	dir=$(module_folder "$1" "$2") || return
	[ -s "$dir/lib/modules/$2/modules.dep" ] || depmod -b "$dir" "$2"
}

# release_in TREE: the newest release that TREE holds, modules and all.
release_in()
{
	local dir

	for dir in "$1"/lib/modules/* "$1"/usr/lib/modules/*; do
		[ -d "$dir/kernel" ] || continue
		dir=${dir##*/}
		[ -r "$(image_of "$1" "$dir")" ] && printf '%s\n' "$dir"
	done | sort -V | tail -n 1
}

# image_of TREE RELEASE: its kernel.
image_of()
{
	local file

	for file in "$1/boot/vmlinuz-$2" "$1/usr/lib/modules/$2/vmlinuz" \
		"$1/lib/modules/$2/vmlinuz" "$1/vmlinuz"; do
		[ -r "$file" ] || continue
		printf '%s\n' "$file"
		return 0
	done
	return 1
}

# check_name NAME: ends with an error unless it may name a kernel. Sets tree and
# release if it is a folder.
check_name()
{
	if [[ $1 != */* ]]; then
		[[ $1 =~ ^([0-9][0-9A-Za-z.+~-]*|newest)$ ]] ||
			die "no kernel '$1': give a version, newest, or a folder"
		return 0
	fi
	tree=$(cd "$1" 2>/dev/null && pwd -P) || die "no folder '$1'"
	release=$(release_in "$tree")
	[ -n "$release" ] ||
		die "no kernel with its modules in '$1' (looked for" \
			"boot/vmlinuz-* and lib/modules/*)"
}

# find_kernel NAME: sets tree and release; NAME is a folder, a version or
# newest. Where there is none, $lacking says why. What the cache holds is
# used as it is, except for newest, which asks what there is.
find_kernel()
{
	local name=$1

	tree='' release='' lacking=''
	check_name "$name"
	if [[ $name == */* ]]; then
		prepare_modules "$tree" "$release" ||
			die "cannot list the modules of '$name' (depmod failed)"
		return 0
	fi
	[ "$name" = newest ] || release=$(cached | matching "$name")
	if [ -z "$release" ]; then
		mkdir -p "$VM_CACHE" 2>/dev/null || die "cannot make '$VM_CACHE'"
		exec {lock}>"$VM_CACHE/.lock" && flock "$lock"
		look_further "$name"
		exec {lock}>&-
	fi
	[ -n "$release" ] || return 1
	tree=$VM_CACHE/$release
}

# look_further NAME: to the network; without it, newest is what the cache has.
look_further()
{
	if ! lacking=$(fetch_lists); then
		[ "$1" != newest ] || release=$(cached | matching newest)
		return
	fi
	release=$(releases | matching "$1")
	if [ -z "$release" ]; then
		lacking="no package of a kernel $1 in" \
			lacking+=" $(suites | sed 's/.* //' | paste -sd ' ')"
		return
	fi
	[ ! -d "$VM_CACHE/$release" ] || return 0
	printf '# fetching %s\n' "$release"
	lacking=$(fetch_kernel "$release") || release=
}

# cached: the releases in the cache.
cached()
{
	local dir

	for dir in "$VM_CACHE"/*/system; do
		dir=${dir%/system}
		[ -d "$dir" ] && printf '%s\n' "${dir##*/}"
	done
}
