#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# xdp_monitor_user --prometheus: the page is what Prometheus wants, has the exact
# numbers, and is served whatever clients do; a real Prometheus reads it. That
# one comes from metrics.fetch.

load ../helpers

setup_file()
{
	local index

	need_sandbox
	echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6
	# Plain tracepoints know a number only: one that nobody else has.
	index=$((1000000 + $(od -An -N3 -tu4 /dev/urandom) * 4))
	ip link add mon0 index $index type veth peer name mon1 index $((index + 1))
	ip link add dst0 index $((index + 2)) type veth peer name dst1
	for dev in mon0 mon1 dst0 dst1; do
		ip link set $dev up
	done
}

teardown_file()
{
	"$TOP/testenv/testenv.sh" teardown --all
}

setup()
{
	mkdir -p /sys/fs/bpf/xdp
	cd "$TOP/tracing01-xdp-monitor" || return
	before=$(snapshot)
	need_cmd curl python3
	need_feature libmicrohttpd
}

teardown()
{
	end "${client-}"
	end "${prometheus-}"
	end "${server-}"
	for dev in mon0 dst1; do
		../basic02-prog-by-name/xdp_prog_user -q -d $dev --unload-all
	done
	rm -rf /sys/fs/bpf/mon0 /run/tmp/said /run/tmp/report /run/tmp/page \
		/run/tmp/again /run/tmp/client /run/tmp/prometheus
}

# serve [OPTION]...: in the background, at a port that the kernel chooses
serve()
{
	# A background command of bash is deaf to SIGINT.
	"$TOP/testenv/lab_user" run ./xdp_monitor_user --prometheus 0 -i 0.05 "$@" \
		>/run/tmp/report 2>/run/tmp/said 3>&- &
	server=$!
	wait_for grep -q '^note: metrics are at ' /run/tmp/said
	url=$(sed -n 's/^note: metrics are at //p' /run/tmp/said)
}

scrape()
{
	curl -sS --max-time 60 "$@" "$url"
}

# stop [SIGNAL]: it ends as commands do, and says nothing
stop()
{
	local rc=0

	kill -s "${1-TERM}" "$server"
	wait_for has_ended "$server"
	wait "$server" || rc=$?
	server=
	[ "$rc" -eq 0 ]
	run ! grep -v -e '^note: metrics are at ' -e '^note: this kernel has no' \
		-e '^note: attached to ' -e '^note: detached from ' /run/tmp/said
	rm /run/tmp/said /run/tmp/report
}

# sum_of NAME [LABEL]...: of the samples of a page that have these labels
sum_of()
{
	local name=$1

	shift
	python3 -c '
import re, sys
total = 0
for line in sys.stdin:
    found = re.fullmatch(r"(\w+)(?:\{(.*)\})? (\S+)\n", line)
    if found and found[1] == sys.argv[1] and \
            set(sys.argv[2:]) <= set((found[2] or "").split(",")):
        total += int(found[3])
print(total)' "$name" "${@/%/\"}"
}

# value NAME [LABEL]...: the same of the page as it is now; no page is not 0
value()
{
	local page

	page=$(scrape) && sum_of "$@" <<<"$page"
}

# is NUMBER NAME [LABEL]...: packets take a moment to arrive
is()
{
	local want=$1

	shift
	wait_for counted "$want" "$@" && return
	# The kernel calls nobody for a tracepoint that is passed inside another:
	# xdp_monitor_missed_events_total.
	printf 'want %s of %s, have:\n' "$want" "$*" >&2
	scrape | grep '^[^#].* [1-9]' >&2
	ip -s link show mon0 >&2
	return 1
}

counted()
{
	[ "$(value "${@:2}")" = "$1" ]
}

# send COUNT: as many UDP packets to port 9 come in on mon0
send()
{
	python3 - "$1" <<-'END'
	import socket, sys

	out = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
	out.bind(("mon1", 0))
	frame = bytes.fromhex("020000000002" "020000000004" "0800"
	    "450000800000000040110000c0000201c0000202" "04000009006c0000") + bytes(100)
	for number in range(int(sys.argv[1])):
	    out.send(frame)
	END
}

# provoke PROGRAM COUNT [FOLDER/OBJECT]: as many packets get to it
provoke()
{
	../basic02-prog-by-name/xdp_prog_user -q -d mon0 --force \
		--filename "${3-xdp_provoke_kern.o}" --progname "$1"
	send "$2"
}

# http [OPTION]... PATH: the status and headers
http()
{
	curl -sS --max-time 60 -o /run/tmp/page -D - "${@:1:$# - 1}" \
		"${url%/metrics}${*: -1}" | tr -d '\r'
}

@test "the page: status, type, and every sample in a family that is described" {
	serve -d mon0
	run http /metrics
	[ "${lines[0]}" = "HTTP/1.1 200 OK" ]
	grep -qx 'Content-Type: text/plain; version=0.0.4; charset=utf-8' <<<"$output"
	grep -qx "Content-Length: $(stat -c %s /run/tmp/page)" <<<"$output"
	python3 - <<-'END'
	import re

	family, kind, families, samples = None, None, [], set()
	for line in open("/run/tmp/page"):
	    if found := re.fullmatch(r"# HELP (\w+) \S.*\n", line):
	        family, kind = found[1], None
	        assert family not in families, line
	        families.append(family)
	    elif found := re.fullmatch(r"# TYPE (\w+) (counter|gauge)\n", line):
	        assert found[1] == family and not kind, line
	        kind = found[2]
	        assert (kind == "counter") == family.endswith("_total"), line
	    else:
	        found = re.fullmatch(r"(\w+)(\{\w+=\"\w+\"(,\w+=\"\w+\")*\}) \d+\n", line)
	        assert found and found[1] == family and kind, line
	        assert 'interface="mon0"' in found[2], line
	        assert line.split()[0] not in samples, line
	        samples.add(line.split()[0])
	assert len(families) > 5 and len(samples) > 10
	END
	stop
	rm /run/tmp/page
	unchanged "$before"
}

@test "other paths and methods" {
	serve -d mon0
	run http -I /metrics
	[ "${lines[0]}" = "HTTP/1.1 200 OK" ]
	[[ $output =~ 'Content-Length: '[1-9] ]]
	run http '/metrics?a=b'
	[ "${lines[0]}" = "HTTP/1.1 200 OK" ]
	run http /
	[ "${lines[0]}" = "HTTP/1.1 200 OK" ]
	[ "$(cat /run/tmp/page)" = "metrics are at /metrics" ]
	for path in /metrics/ /metric //metrics /favicon.ico; do
		run http $path
		[ "${lines[0]}" = "HTTP/1.1 404 Not Found" ]
		grep -q 'at /metrics' /run/tmp/page
	done
	for method in POST PUT DELETE OPTIONS; do
		run http -X $method --data-binary @xdp_monitor_user /metrics
		grep -qx "HTTP/1.1 405 Method Not Allowed" <<<"$output"
		grep -qx "Allow: GET, HEAD" <<<"$output"
	done
	run http --http1.0 /metrics
	[[ ${lines[0]} == "HTTP/1."*" 200 OK" ]]
	stop
}

@test "what is provoked is counted, to the packet" {
	serve -d mon0
	provoke xdp_abort_func 17 ../basic02-prog-by-name/xdp_prog_kern.o
	is 17 xdp_exceptions_total 'action="XDP_ABORTED' 'interface="mon0'
	provoke xdp_unknown_func 42
	is 42 xdp_exceptions_total 'action="XDP_UNKNOWN'
	is 59 xdp_exceptions_total
	provoke xdp_nowhere_func 33
	is 33 xdp_redirect_errors_total 'errno="EINVAL'
	provoke xdp_loopback_func 11
	is 11 xdp_redirect_errors_total 'errno="EOPNOTSUPP'
	is 44 xdp_redirect_packets_total 'result="error'
	is 0 xdp_redirect_packets_total 'result="success'

	# Through a map, to a veth whose peer takes them, and then is too narrow.
	../basic02-prog-by-name/xdp_prog_user -q -d dst1 --force
	../packet03-redirecting/xdp_redirect_user -q -d mon0 --force \
		--progname xdp_redirect_map_func
	../packet03-redirecting/xdp_redirect_user add -q -d mon0 -r dst0 \
		-L 02:00:00:00:00:04 -R 02:00:00:00:00:02
	send 50
	is 50 xdp_devmap_xmit_packets_total
	is 0 xdp_devmap_xmit_drops_total
	ip link set dst1 mtu 68
	send 60
	is 110 xdp_devmap_xmit_packets_total
	is 60 xdp_devmap_xmit_drops_total
	is 110 xdp_redirect_packets_total 'result="success'
	ip link set dst1 mtu 1500
	stop
}

@test "packets for other CPUs, by the CPUs they come from and go to" {
	need_feature cpumap
	../packet04-cpumap/xdp_cpumap_user -q -d mon0 --cpus 0 --drop-port 9
	serve -d mon0
	send 70
	is 70 xdp_cpumap_enqueue_packets_total 'to="0'
	is 70 xdp_cpumap_enqueue_packets_total
	is 0 xdp_cpumap_enqueue_drops_total
	is 70 xdp_cpumap_kthread_packets_total 'cpu="0'
	is 70 xdp_cpumap_kthread_xdp_drop_total
	is 0 xdp_cpumap_kthread_xdp_pass_total
	[ "$(value xdp_cpumap_enqueue_bulks_total)" -gt 0 ]
	# Of one page: woken once more, the CPU runs with nothing to do.
	scrape >/run/tmp/page
	[ "$(sum_of xdp_cpumap_kthread_runs_total </run/tmp/page)" -ge \
		"$(sum_of xdp_cpumap_kthread_sleeps_total </run/tmp/page)" ]
	# Only pairs that have something to do with each other.
	[ "$(grep -c '^xdp_cpumap_enqueue_packets_total{' /run/tmp/page)" -le "$(nproc)" ]
	stop
	../packet04-cpumap/xdp_cpumap_user -q -d mon0 --unload
}

# bats test_tags=slow
@test "counters never fall, and no sample gets lost" {
	serve -d mon0
	provoke xdp_unknown_func 1
	scrape >/run/tmp/page
	for ((i = 0; i < 8; i++)); do
		send 20
		scrape >/run/tmp/again
		python3 - <<-'END'
		def counters(name):
		    return dict(line.rsplit(" ", 1) for line in open(name)
		        if line[0] != "#" and "_total" in line)
		before = counters("/run/tmp/page")
		now = counters("/run/tmp/again")
		for name in before:
		    assert int(now[name]) >= int(before[name]), name
		END
		mv /run/tmp/again /run/tmp/page
	done
	# One more was sent at first.
	is 161 xdp_exceptions_total 'action="XDP_UNKNOWN'
	stop
}

@test "what is not wanted or not there has no family" {
	serve -d mon0 --errors-only
	scrape >/run/tmp/page
	run ! grep 'result="success"' /run/tmp/page
	grep -q 'result="error"' /run/tmp/page
	grep -qx 'xdp_monitor_tracepoint_attached{interface="mon0",tracepoint="xdp_redirect"} 0' \
		/run/tmp/page
	grep -qx 'xdp_monitor_tracepoint_attached{interface="mon0",tracepoint="xdp_exception"} 1' \
		/run/tmp/page
	stop
	# As on a kernel without it
	hidden=/sys/kernel/tracing/events/xdp/xdp_devmap_xmit
	[ -e $hidden/format ] || skip "no tracefs here"
	mount -t tmpfs none $hidden
	serve -d mon0 --plain
	scrape >/run/tmp/page
	umount $hidden
	run ! grep xdp_devmap_xmit_ /run/tmp/page
	grep -q '^xdp_exceptions_total{' /run/tmp/page
	grep -qx 'xdp_monitor_tracepoint_attached{interface="mon0",tracepoint="xdp_devmap_xmit"} 0' \
		/run/tmp/page
	stop
}

@test "without --dev it is about the machine, and nothing is labelled" {
	serve
	scrape >/run/tmp/page
	run ! grep interface= /run/tmp/page
	grep -qx 'xdp_monitor_tracepoint_attached{tracepoint="xdp_exception"} 1' \
		/run/tmp/page
	stop
}

@test "the table is printed too, and with --quiet not; JSON is" {
	serve -d mon0
	wait_for grep -q ^XDP-event /run/tmp/report
	stop
	./xdp_monitor_user -q -d mon0 -i 0.05 -n 3 --prometheus 9155 >/run/tmp/report
	[ ! -s /run/tmp/report ]
	./xdp_monitor_user -q -d mon0 -i 0.05 -n 3 --json --prometheus 9155 \
		>/run/tmp/report
	[ "$(wc -l </run/tmp/report)" -eq 3 ]
	./xdp_monitor_user --help | grep -q -e '--prometheus \[ADDR:\]PORT'
}

# listening: where, in this network namespace
listening()
{
	ss -Hltn | awk '{ print $4 }'
}

@test "nobody outside can reach it, unless an address says so" {
	need_cmd ss
	serve -d mon0
	[[ $url =~ ^'http://127.0.0.1:'([1-9][0-9]*)/metrics$ ]]
	[ "$(listening)" = "127.0.0.1:${BASH_REMATCH[1]}" ]
	stop
	for address in 127.0.0.2 0.0.0.0 '[::1]' '[::]'; do
		if [[ $address == *:* && ! -e /proc/net/if_inet6 ]]; then
			continue
		fi
		[[ $address != '[::1]' ]] ||
			echo 0 >/proc/sys/net/ipv6/conf/lo/disable_ipv6
		serve -d mon0 --prometheus "$address:0"
		[[ $url == "http://$address:"* ]]
		[[ $(listening) == "$address:"* || $(listening) == "*:"* ]]
		scrape -g | grep -q ^xdp_exceptions_total
		# Every address: those of IPv4 too.
		[[ $address != '[::]' ]] ||
			curl -sSf "http://127.0.0.1:${url##*:}" | grep -q ^xdp_exc
		stop
	done
}

@test "a port in use, an address of somebody else, and what is none" {
	serve -d mon0
	busy=${url#http://}
	run --separate-stderr ./xdp_monitor_user -d mon0 --prometheus "${busy%/*}"
	[ "$status" -eq 1 ]
	one_line_error "cannot serve metrics at '${busy%/*}': Address already in use"
	run --separate-stderr ./xdp_monitor_user -d mon0 --prometheus 192.0.2.77:9100
	[ "$status" -eq 1 ]
	one_line_error "cannot serve metrics at '192.0.2.77:9100': Cannot assign"
	for bad in x 65536 -1 127.0.0.1 localhost:9100 ::1:9100 '[::1]' ' 1' :9100; do
		run --separate-stderr ./xdp_monitor_user -d mon0 --prometheus="$bad"
		[ "$status" -eq 2 ]
		one_line_error "bad value '$bad' for --prometheus"
	done
	stop
	unchanged "$before"
}

@test "two scrapers at once, many times" {
	serve -d mon0
	provoke xdp_unknown_func 5
	is 5 xdp_exceptions_total 'action="XDP_UNKNOWN'
	scrape >/run/tmp/page
	python3 - "$url" <<-'END'
	import sys, threading, urllib.request

	page = open("/run/tmp/page", "rb").read()
	bad = []
	def ask():
	    for number in range(50):
	        got = urllib.request.urlopen(sys.argv[1], timeout=60).read()
	        if got != page:
	            bad.append(got)
	threads = [threading.Thread(target=ask) for number in range(2)]
	[thread.start() for thread in threads]
	[thread.join() for thread in threads]
	assert not bad, bad[0].decode()
	END
	stop
}

# bats test_tags=slow
@test "clients that are slow, silent or many stop nobody" {
	serve -d mon0
	python3 - "$url" <<-'END'
	import socket, sys, time, urllib.parse, urllib.request

	url = urllib.parse.urlsplit(sys.argv[1])
	def connect():
	    client = socket.create_connection((url.hostname, url.port))
	    client.sendall(b"GET /metrics HTTP/1.1\r\nHost: ")
	    return client
	def is_open(client):
	    try:
	        return client.recv(1, socket.MSG_DONTWAIT) != b""
	    except BlockingIOError:
	        return True
	    except ConnectionError:
	        return False
	def answered():
	    page = urllib.request.urlopen(sys.argv[1], timeout=60).read()
	    assert page.startswith(b"# HELP xdp_"), page

	# More than there may be: the oldest had to go, nobody waits for the rest.
	clients = [connect() for number in range(100)]
	answered()
	assert not is_open(clients[66]) and is_open(clients[-1])
	# A byte now and then does not keep one of them there for ever.
	end = time.monotonic() + 60
	while is_open(clients[-1]):
	    assert time.monotonic() < end
	    time.sleep(0.5)
	    try:
	        clients[-1].send(b"x")
	    except ConnectionError:
	        pass
	answered()
	END
	stop
	unchanged "$before"
}

# half_a_request: a client that has asked, and not to the end
half_a_request()
{
	python3 - "$url" >/run/tmp/client 3>&- <<-'END' &
	import socket, sys, urllib.parse

	url = urllib.parse.urlsplit(sys.argv[1])
	client = socket.create_connection((url.hostname, url.port))
	client.sendall(b"GET /metrics HTTP/1.1\r\nHost: ")
	print("asked", flush=True)
	client.recv(1)
	print("ended", flush=True)
	END
	client=$!
	wait_for grep -q asked /run/tmp/client
}

@test "signals end it while somebody asks, and --duration; nothing is left" {
	for signal in INT TERM HUP; do
		serve -d mon0
		half_a_request
		stop $signal
		wait_for grep -q ended /run/tmp/client
		wait_for has_ended "$client"
		client=
		run ! scrape
		rm /run/tmp/client
		unchanged "$before"
	done
	./xdp_monitor_user -q -d mon0 --duration 0.2 --prometheus 9155
	unchanged "$before"
}

@test "an interface that is removed ends it" {
	ip link add gone0 type veth peer name gone1
	serve -d gone0
	ip link del gone0
	rc=0
	wait_for has_ended "$server"
	wait "$server" || rc=$?
	server=
	[ "$rc" -eq 1 ]
	grep -q "^error: interface 'gone0' is gone" /run/tmp/said
	run ! scrape
}

# need_prometheus: unpacked in the cache folder; sets folder
need_prometheus()
{
	# shellcheck source=tests/vm/kernel.sh
	. "$TOP/tests/vm/kernel.sh"
	folder=$(tool_folder prometheus)/usr/bin
	[ -d "$folder" ] || skip "no Prometheus here: ${NOT_FETCHED:-not fetched}"
	"$folder/promtool" --version >/run/tmp/said 2>&1 ||
		skip "the Prometheus in '$folder' does not run here"
	rm /run/tmp/said
}

@test "promtool finds nothing to complain of" {
	need_prometheus
	need_feature cpumap
	../packet04-cpumap/xdp_cpumap_user -q -d mon0 --cpus 0
	serve -d mon0
	send 10
	is 10 xdp_cpumap_enqueue_packets_total
	provoke xdp_nowhere_func 3
	is 3 xdp_redirect_errors_total
	scrape >/run/tmp/page
	run "$folder/promtool" check metrics </run/tmp/page
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	stop
}

# yaml NUMBER: that block of the text
yaml()
{
	awk -v number="$1" '
		/^#\+end_src/ { inside = 0 }
		inside
		/^#\+begin_src yaml/ { inside = ++count == number }' metrics.org
}

@test "promtool takes the configuration and the rules of the text" {
	need_prometheus
	yaml 1 >/run/tmp/page
	"$folder/promtool" check config /run/tmp/page
	yaml 2 >/run/tmp/again
	run "$folder/promtool" check rules /run/tmp/again
	[ "$status" -eq 0 ]
	[[ $output == *"6 rules found"* ]]
	# Each family that they ask for is on the page.
	serve -d mon0
	scrape >/run/tmp/page
	while read -r name; do
		grep -q "^# TYPE $name " /run/tmp/page
	done < <(grep -o 'xdp_[a-z_]*' /run/tmp/again | sort -u)
	stop
}

# query EXPRESSION: its value, as Prometheus has it
query()
{
	curl -sS --max-time 60 http://127.0.0.1:9090/api/v1/query \
		--data-urlencode "query=$1" | jq -r '.data.result[].value[1]'
}

# becomes VALUE EXPRESSION: within a minute: Prometheus scrapes each second
becomes()
{
	local i

	for ((i = 0; i < 120; i++)); do
		[ "$(query "$2")" != "$1" ] || return 0
		sleep 0.5
	done
	printf 'want %s, have %s: %s\n' "$1" "$(query "$2")" "$2" >&2
	return 1
}

# bats test_tags=slow
@test "a real Prometheus scrapes it, and returns the exact counters" {
	need_prometheus
	need_cmd jq
	serve -d mon0
	provoke xdp_unknown_func 42
	provoke xdp_nowhere_func 33
	mkdir /run/tmp/prometheus
	cat >/run/tmp/prometheus/config.yml <<-END
	global:
	  scrape_interval: 1s
	scrape_configs:
	  - job_name: xdp
	    static_configs:
	      - targets: ["$(sed 's|^http://||; s|/.*||' <<<"$url")"]
	END
	GOMAXPROCS=1 "$folder/prometheus" --log.level=warn \
		--config.file=/run/tmp/prometheus/config.yml \
		--storage.tsdb.path=/run/tmp/prometheus/data \
		--web.listen-address=127.0.0.1:9090 >/run/tmp/client 2>&1 3>&- &
	prometheus=$!
	wait_for curl -sSf http://127.0.0.1:9090/-/ready ||
		wait_for curl -sSf http://127.0.0.1:9090/-/ready
	becomes 1 'up{job="xdp"}'
	becomes 42 'xdp_exceptions_total{action="XDP_UNKNOWN",interface="mon0"}'
	becomes 33 'xdp_redirect_errors_total{errno="EINVAL"}'
	becomes 33 'xdp_redirect_packets_total{result="error"}'
	provoke xdp_unknown_func 8
	becomes 50 'sum(xdp_exceptions_total)'
	# It knows of each family what it is.
	curl -sS http://127.0.0.1:9090/api/v1/metadata >/run/tmp/page
	[ "$(jq -r '.data.xdp_exceptions_total[0].type' /run/tmp/page)" = counter ]
	[ "$(jq -r '.data.xdp_monitor_tracepoint_attached[0].type' /run/tmp/page)" = gauge ]
	stop
	becomes 0 'up{job="xdp"}'
	end "$prometheus"
	prometheus=
	run ! grep -v 'Received SIGTERM' /run/tmp/client
	rm -r /run/tmp/prometheus
}
