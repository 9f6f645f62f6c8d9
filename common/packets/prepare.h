/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * What a program needs before it is run over a packet without an interface
 * (packets/prog_run.h): settings, elements of maps, and, where it looks routes
 * up, a network. They stand in a text, a lesson's prepare.txt:
 *
 *	prepare NAME              what follows, up to the next such line
 *	setting VARIABLE VALUE    a `const volatile` variable
 *	element MAP KEY VALUE     an element of a map
 *	socket MAP KEY            an AF_XDP socket, in a map of such
 *	network FILE              a shell script beside the text
 *	ingress IFINDEX           packets come in there; default: lo
 *
 * A value is a number, which has 4 bytes and the machine's order, or bytes in
 * hexadecimal with colons between them, like a MAC address. # begins a comment.
 */
#ifndef COMMON_PREPARE_H
#define COMMON_PREPARE_H

struct bpf_object;

/*
 * Each looks for the lines behind "prepare @name" in the text @path, in this
 * order. Returns 0; -EINVAL after one error line where there is no such name or
 * a line makes no sense; -ENOEXEC or -EIO after one where it cannot be done.
 */

/*
 * To be called first, as maps may name interfaces of the network. If there is
 * one, the process is in it afterwards, in a network namespace of its own,
 * which ends with the process. A process has one: asking for the same network
 * again changes nothing, for another is an error. Stores the interface where
 * packets come in, or 0.
 */
int prepare_network(const char *path, const char *name, unsigned int *ingress);

/* Settings of @obj, which is open and not loaded yet. */
int prepare_settings(const char *path, const char *name, struct bpf_object *obj);

/* Elements of maps of @obj, which is loaded; sockets live as long as we do. */
int prepare_elements(const char *path, const char *name, struct bpf_object *obj);

#endif /* COMMON_PREPARE_H */
