// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Which lines of a verifier log are shown, as kernels 5.15 to 7.3 print it. */
#include "capture.h"
#include "log_verifier.h"
#include "tap.h"

static struct capture out;

static const char *decisive(const char *log)
{
	char message[4096];

	snprintf(message, sizeof(message),
		 "libbpf: prog 'bad': -- BEGIN PROG LOAD LOG --\n%s-- END PROG LOAD LOG --\n", log);
	verifier_log_keep(message);
	capture_begin(&out, 1);
	verifier_log_print(stdout);
	return capture_end(&out);
}

static void is_text(const char *got, const char *want, const char *name)
{
	if (!ok(!strcmp(got, want), name))
		printf("# got:\n%s# want:\n%s", got, want);
}

static void test_packet_access(void)
{
	is_text(decisive(
			"0: R1=ctx(off=0,imm=0) R10=fp0\n"
			"; void *data = (void *)(long)ctx->data;\n"
			"0: (61) r1 = *(u32 *)(r1 +0)          ; R1_w=pkt(off=0,r=0,imm=0)\n"
			"; return *(char *)data ? XDP_PASS : XDP_DROP;\n"
			"1: (71) r1 = *(u8 *)(r1 +0)\n"
			"invalid access to packet, off=0 size=1, R1(id=0,off=0,r=0)\n"
			"R1 offset is outside of the packet\n"
			"processed 2 insns (limit 1000000) max_states_per_insn 0 total_states 0\n"),
		"  ; return *(char *)data ? XDP_PASS : XDP_DROP;\n"
		"  1: (71) r1 = *(u8 *)(r1 +0)\n"
		"  invalid access to packet, off=0 size=1, R1(id=0,off=0,r=0)\n"
		"  R1 offset is outside of the packet\n",
		"source line, instruction and both sentences");
}

/* As Linux 7.3 has it, shortened */
static void test_report(void)
{
	is_text(decisive("; return data[0] ? XDP_PASS : XDP_DROP; @ bad_kern.c:11\n"
			 "1: (71) r1 = *(u8 *)(r1 +0)\n"
			 "invalid access to packet, off=0 size=1, R1(id=0,off=0,r=0)\n"
			 "\n"
			 "Verification failed: Memory Safety: Access outside bounds\n"
			 "\n"
			 "Reason:\n"
			 "  The verifier cannot prove offset + access_size <= object_size.\n"
			 "\n"
			 "At:\n"
			 "  Instruction context:\n"
			 "      0 | (61) r1 = *(u32 *)(r1 +0)\n"
			 "  >>> 1 | (71) r1 = *(u8 *)(r1 +0)\n"
			 "\n"
			 "Suggestion:\n"
			 "  Add or adjust a bounds check.\n"
			 "\n"
			 "processed 2 insns (limit 1000000)\n"),
		"  ; return data[0] ? XDP_PASS : XDP_DROP; @ bad_kern.c:11\n"
		"  1: (71) r1 = *(u8 *)(r1 +0)\n"
		"  invalid access to packet, off=0 size=1, R1(id=0,off=0,r=0)\n",
		"the report of newer kernels is left to -v");
}

static void test_states(void)
{
	is_text(decisive("func#0 @0\n"
			 "0: R1=ctx() R10=fp0\n"
			 "; int *p = lookup(&map, &key); @ bad_kern.c:12\n"
			 "3: (85) call bpf_map_lookup_elem#1    ; R0_w=map_value_or_null(id=1)\n"
			 "; return *p; @ bad_kern.c:13\n"
			 "4: (61) r0 = *(u32 *)(r0 +0)\n"
			 "R0 invalid mem access 'map_value_or_null'\n"
			 "verification time 12 usec\n"
			 "stack depth 4\n"
			 "processed 5 insns (limit 1000000) peak_states 0 mark_read 0\n"),
		"  ; return *p; @ bad_kern.c:13\n"
		"  4: (61) r0 = *(u32 *)(r0 +0)\n"
		"  R0 invalid mem access 'map_value_or_null'\n",
		"a sentence that begins with a register is no state");
}

static void test_arguments(void)
{
	is_text(decisive("; bpf_iter_num_new(0, 0, 3); @ bad_kern.c:9\n"
			 "4: (85) call bpf_iter_num_new#1\n"
			 "arg#0 expected pointer to an iterator on stack\n"
			 "processed 5 insns (limit 1000000)\n"),
		"  ; bpf_iter_num_new(0, 0, 3); @ bad_kern.c:9\n"
		"  4: (85) call bpf_iter_num_new#1\n"
		"  arg#0 expected pointer to an iterator on stack\n",
		"what is wrong with an argument");
	is_text(decisive("; for (;;) @ bad_kern.c:9\n"
			 "2: (05) goto pc-1\n"
			 "infinite loop detected at insn 2\n"
			 "cur state: R0=1 R10=fp0\n"
			 "old state: R0=1 R10=fp0\n"),
		"  ; for (;;) @ bad_kern.c:9\n"
		"  2: (05) goto pc-1\n"
		"  infinite loop detected at insn 2\n",
		"the states behind an endless loop are not shown");
	is_text(decisive("; x->y; @ bad_kern.c:9\n"
			 "3: <invalid CO-RE relocation>\n"
			 "failed to resolve CO-RE relocation <byte_off> [5]\n"),
		"  ; x->y; @ bad_kern.c:9\n"
		"  3: <invalid CO-RE relocation>\n"
		"  failed to resolve CO-RE relocation <byte_off> [5]\n",
		"an instruction that libbpf has poisoned");
	is_text(decisive("; *fp = 0; @ bad_kern.c:9\n"
			 "1: (bf) r10 = r1\n"
			 "frame pointer is read only\n"),
		"  ; *fp = 0; @ bad_kern.c:9\n"
		"  1: (bf) r10 = r1\n"
		"  frame pointer is read only\n",
		"a reason that begins like the name of a frame");
}

static void test_exits(void)
{
	is_text(decisive("from 7 to 9: R0=1 R1_w=scalar(umax=255) R10=fp0\n"
			 "; }\n"
			 "9: (95) exit\n"
			 "At program exit the register R0 has value (0x5; 0x0) should be 0\n"
			 "processed 9 insns (limit 1000000) max_states_per_insn 0\n"),
		"  ; }\n"
		"  9: (95) exit\n"
		"  At program exit the register R0 has value (0x5; 0x0) should be 0\n",
		"the line before the sentence, not the states");
	is_text(decisive("arg#0 reference type('UNKNOWN ') size cannot be determined: -22\n"
			 "0: R1=ctx(off=0,imm=0) R10=fp0\n"
			 "0: (b7) r0 = 2\n"
			 "unreachable insn 3\n"
			 "processed 0 insns (limit 1000000)\n"),
		"  0: (b7) r0 = 2\n"
		"  unreachable insn 3\n",
		"without -g there is no source line");
	is_text(decisive("unknown func bpf_nosuch#999\n"), "  unknown func bpf_nosuch#999\n",
		"a sentence alone");
	is_text(decisive(""), "", "an empty log");
}

static void test_keeping(void)
{
	decisive("");
	ok(!verifier_log_is_about("bad"), "a log without a reason is no log");
	decisive("0: (95) exit\nR0 !read_ok\n");
	ok(verifier_log_is_about("bad"), "the log is about its program");
	ok(!verifier_log_is_about("ba"), "not about one whose name is its beginning");
	ok(!verifier_log_is_about("badder"), "nor about a longer one");
	verifier_log_keep("libbpf: prog 'other': BPF program load failed: Permission denied\n");
	ok(verifier_log_is_about("bad"), "another message does not replace it");
}

int main(void)
{
	ok(!verifier_log_is_about("bad"), "no log at first");
	test_packet_access();
	test_report();
	test_states();
	test_exits();
	test_arguments();
	test_keeping();
	return tap_done();
}
