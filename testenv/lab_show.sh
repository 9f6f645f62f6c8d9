# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # variables are shared by the lab_*.sh files
#
# What setup and status print.

# addresses END: of the families that the lab has
addresses()
{
	case $lab_family in
	4 | 6) lab_address "$lab_family" "$1" ;;
	*) printf '%s, %s' "$(lab_address 4 "$1")" "$(lab_address 6 "$1")" ;;
	esac
}

# show_pair [WORD]: what setup prints, with the addresses
show_pair()
{
	printf "lab '%s' is up%s\n" "$lab" "${1-}"
	printf '  outer end  %s (%s)\n' "$lab" "$(addresses 1)"
	printf '  inner end  veth0 in namespace %s (%s)\n' "$lab" \
		"$(addresses 2)"
}

show_end()
{
	local label=$1 dev=$2 number=$3 mode id name lines

	shift 3
	printf '  %s %s, %s, %s\n' "$label" "$dev" "$(lab_mac "$number")" \
		"$(addresses "$number")"
	lines=$(holds "$dev" "$@")
	[ -n "$lines" ] || printf '    no XDP program\n'
	while read -r mode id name; do
		[ -n "$mode" ] || continue
		printf '    %s XDP program %s, id %s\n' "$mode" "$name" "$id"
	done <<<"$lines"
}

show_text()
{
	local text="lab $lab: up, MTU $lab_mtu"

	[ -z "$1" ] || {
		printf 'lab %s: broken: %s\n' "$lab" "$1"
		return
	}
	text+=", $lab_queues queue$([ "$lab_queues" = 1 ] || echo s)"
	[ "$lab_vlan" = 0 ] || text+=", VLAN $lab_vlan"
	[ "$lab_bare" = 0 ] || text+=", bare"
	printf '%s\n' "$text"
	show_end outer "$lab" 1
	show_end inner veth0 2 in_ns
}

# json_end DEV NUMBER [COMMAND]
json_end()
{
	local dev=$1 number=$2 mode id name comma='' family

	shift 2
	printf '{"ifname": "%s", "mac": "%s"' "$dev" "$(lab_mac "$number")"
	for family in 4 6; do
		case $family$lab_family in
		46 | 64) continue ;;
		esac
		printf ', "ipv%d": "%s"' "$family" \
			"$(lab_address "$family" "$number")"
	done
	printf ', "programs": ['
	while read -r mode id name; do
		printf '%s{"id": %d, "name": "%s", "mode": "%s"}' "$comma" \
			"$id" "$name" "$mode"
		comma=', '
	done < <(holds "$dev" "$@")
	printf ']}'
}

show_json()
{
	if [ -n "$1" ]; then
		printf '{"name": "%s", "up": false, "problem": "%s"}\n' "$lab" "$1"
		return
	fi
	printf '{"name": "%s", "up": true, "namespace": "%s"' "$lab" "$lab"
	printf ', "number": %d, "mtu": %d, "queues": %d, "vlan": %d' \
		"$lab_number" "$lab_mtu" "$lab_queues" "$lab_vlan"
	[ "$lab_bare" = 1 ] && printf ', "bare": true' ||
		printf ', "bare": false'
	printf ', "outer": %s' "$(json_end "$lab" 1)"
	printf ', "inner": %s}\n' "$(json_end veth0 2 in_ns)"
}

show_status()
{
	local names=() name problem broken=0

	mapfile -t names < <(lab_names)
	if [ -n "$opt_name" ]; then
		[[ " ${names[*]-} " == *" $opt_name "* ]] ||
			bad "no lab '$opt_name'"
		names=("$opt_name")
	fi
	[ "${#names[@]}" -gt 0 ] || [ "$opt_json" = 1 ] ||
		echo "there is no lab"
	for name in ${names[@]+"${names[@]}"}; do
		problem=''
		if state_read "$name"; then
			problem=$(lab_problem)
			[ -n "$problem" ] || problem=$(lab_down | head -n 1)
		else
			problem="its state makes no sense"
			problem+=" (run: testenv.sh teardown --name $lab)"
		fi
		[ -z "$problem" ] || broken=1
		if [ "$opt_json" = 1 ]; then
			show_json "$problem"
		else
			show_text "$problem"
		fi
	done
	exit "$broken"
}
