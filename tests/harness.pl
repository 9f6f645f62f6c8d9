#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# harness.pl [OPTION]... "SUITE FILE"...: runs these test programs, so many at
# once, and counts. tests/run.sh calls it and says what the options are. What
# TAP means, and when a program has broken it, is TAP::Harness's to say; here
# stands what is shown of a run, and what is left of it.

use strict;
use warnings;
use Getopt::Long;
use TAP::Harness;

# On a terminal: a line for each program that is through, all that it said where
# something failed, and at the bottom how far the run is. Elsewhere: all of it, as
# one program runs at a time as it comes, else when the program is through.
package Show;

sub new {
	my ($class, %arg) = @_;
	return bless {%arg, running => {}, ended => 0, passed => 0, failures => [],
		skips => [], lessons => {}, failed_files => {}, ran => {}}, $class;
}

sub verbosity { return 0 }
sub prepare { return }
sub summary { return }

sub open_test {
	my ($self, $name, $parser) = @_;
	my $session = bless {show => $self, name => $name, parser => $parser,
		lines => [], tests => [], started => time}, 'Show::Session';
	$self->{running}{$name} = 1;
	$self->progress;
	$self->shown("# $name\n") if $self->{stream};
	return $session;
}

# What is printed for good, above the line at the bottom.
sub shown {
	my ($self, @lines) = @_;
	print "\r\e[K" if $self->{terminal};
	print @lines;
	$self->progress;
	return;
}

sub progress {
	my ($self) = @_;
	return unless $self->{terminal};
	my @running = map { (split / /)[1] } sort keys %{$self->{running}};
	my $line = sprintf '%d of %d, %d failed; now %s; then %d more', $self->{ended},
		$self->{count}, scalar @{$self->{failures}}, join(' ', @running) || '-',
		$self->{count} - $self->{ended} - @running;
	print "\r", substr($line, 0, $self->{width} - 1), "\e[K";
	return;
}

# The counts of the lesson that FILE is of, if it is one's.
sub lesson {
	my ($self, $file) = @_;
	my ($folder) = $file =~ m{^([^/]+)/[^/]+$} or return {};
	return {} if $folder eq 'template' || !-f "$folder/Makefile";
	return $self->{lessons}{$folder} ||= {passed => 0, failed => 0, skipped => 0, reasons => []};
}

package Show::Session;

sub header { return }
sub clear_for_close { return }

sub result {
	my ($self, $result) = @_;
	my $show = $self->{show};
	push @{$self->{lines}}, $result->raw . "\n";
	push @{$self->{tests}}, $result if $result->is_test;
	push @{$self->{tests}}, $result if $result->is_plan && $result->has_directive;
	$show->shown($result->raw . "\n") if $show->{stream};
	return;
}

# What was wrong with the program as a whole.
sub broken {
	my ($self) = @_;
	my ($show, $parser) = @$self{qw(show parser)};
	my $status = ($parser->wait & 127) ? 128 + ($parser->wait & 127) : $parser->exit;
	my $ran = scalar grep { $_->is_test } @{$self->{tests}};
	if ($status == 124 || $status == 137) {
		return "stopped: longer than $show->{limit} s, or killed (after $ran tests)";
	}
	my @wrong = $parser->parse_errors;
	push @wrong, "exit status $status without a failing test"
		if $status && !@wrong && !$self->{failed};
	return unless @wrong;
	return join(' ', @wrong) . ($status ? " (exit status $status)" : '');
}

# count KIND TEXT [REASON]
sub count {
	my ($self, $kind, $text, $reason) = @_;
	my $show = $self->{show};
	my $file = (split / /, $self->{name}, 2)[1];
	my $lesson = $show->lesson($file);
	$lesson->{$kind}++;
	$self->{$kind}++;
	$show->{passed}++ if $kind eq 'passed';
	push @{$show->{failures}}, "$file: $text" if $kind eq 'failed';
	return unless $kind eq 'skipped';
	push @{$show->{skips}}, "$file: $text: $reason";
	push @{$lesson->{reasons}}, $reason =~ /^no \w+ here/ ? $reason : "$text: $reason";
	return;
}

sub close_test {
	my ($self) = @_;
	my ($show, $parser, $name) = @$self{qw(show parser name)};
	my ($suite, $file) = split / /, $name, 2;
	my $seconds = time - $self->{started};
	delete $show->{running}{$name};
	$show->{ended}++;
	if (($parser->skip_all || '') eq 'claimed by another run') {
		$show->progress;
		return;
	}
	$show->{ran}{$name} = 1;
	if ($parser->exit == 77 && !@{$self->{tests}}) {
		$self->count('skipped', $file, 'it skipped itself, all of it');
	} else {
		for my $test (@{$self->{tests}}) {
			my $text = $test->is_test ? $test->description || '' : $file;
			my $reason = $test->explanation || '';
			$text =~ s/^- //;
			$reason =~ s/^[\s:]+//;
			if ($test->is_plan) {
				$self->count('skipped', $text, $reason || 'no reason');
			} elsif ($test->is_actual_ok) {
				$self->count($test->has_skip ? ('skipped', $text, $reason || 'no reason')
					: ('passed', $text));
			} else {
				$self->count($test->has_todo ? ('skipped', $text, "to do $reason")
					: ('failed', $text));
			}
		}
		if (my $what = $self->broken) {
			$self->count('failed', $what);
			push @{$self->{lines}}, "not ok - $file: $what\n";
			$show->shown($self->{lines}[-1]) if $show->{stream};
		}
	}
	$show->{failed_files}{$name} = 1 if $self->{failed};
	my @took = $seconds < 30 ? () : "# took $seconds s\n";
	if ($show->{stream}) {
		$show->shown(@took);
	} elsif ($show->{terminal} && !$self->{failed}) {
		$show->shown(sprintf "ok  %s: %d passed, %d skipped, %d s\n", $file,
			$self->{passed} || 0, $self->{skipped} || 0, $seconds);
	} else {
		$show->shown("# $name\n", @{$self->{lines}}, @took);
	}
	return;
}

package main;

my %arg = (jobs => 1, limit => 600, one => 'tests/run-one');
GetOptions(\%arg, 'jobs=i', 'limit=i', 'record=s', 'system=s', 'clang=s', 'failed=s',
	'verbose', 'claims') or exit 2;
my @names = @ARGV;
my $terminal = -t STDOUT && !$arg{verbose};
my $width = $terminal ? `tput cols 2>/dev/null` || 80 : 80;
my $show = Show->new(count => scalar @names, limit => $arg{limit}, terminal => $terminal,
	width => $width, stream => !$terminal && $arg{jobs} == 1 && !$arg{claims});
$| = 1;

# What was started ends with us, before us.
sub stop {
	my ($status) = @_;
	local $SIG{CHLD} = 'DEFAULT';
	if (open my $list, '<', "/proc/$$/task/$$/children") {
		kill 'TERM', split ' ', <$list> // '';
	}
	1 while wait != -1;
	exit $status;
}
$SIG{INT} = sub { stop(130) };
$SIG{TERM} = sub { stop(143) };
$SIG{HUP} = sub { stop(129) };

my %number = map { $names[$_] => $_ } 0 .. $#names;
my $harness = TAP::Harness->new({
	formatter => $show,
	jobs => $arg{jobs},
	merge => 1,
	rules => {par => '**'},
	exec => sub { return [$arg{one}, $number{$_[1]}, split / /, $_[1], 2] },
});
eval { $harness->runtests(@names); 1 } or push @{$show->{failures}}, $@ =~ s/\n.*//sr;
push @{$show->{failures}}, 'no tests were found'
	unless $show->{passed} + @{$show->{failures}} + @{$show->{skips}} || $arg{claims};

# How each lesson fared here.
sub record {
	my ($to) = @_;
	print $to "# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause\n";
	chomp(my $kernel = `uname -r`);
	my @day = gmtime;
	printf $to "kernel %s\nsystem %s\nclang %s\ndate %d-%02d-%02d\n", $kernel, $arg{system},
		$arg{clang}, $day[5] + 1900, $day[4] + 1, $day[3];
	my $lessons = $show->{lessons};
	for my $name (sort keys %$lessons) {
		printf $to "lesson %s passed %d failed %d skipped %d\n", $name,
			@{$lessons->{$name}}{qw(passed failed skipped)};
	}
	print $to sort map {
		my $name = $_;
		map { "skip $name $_\n" } @{$lessons->{$name}{reasons}};
	} keys %$lessons;
	return close $to;
}

# The programs that failed when they ran last, in this run or one before.
sub remember {
	my ($path) = @_;
	my %failed = %{$show->{failed_files}};
	if (open my $old, '<', $path) {
		while (my $name = <$old>) {
			chomp $name;
			$failed{$name} = 1 unless $show->{ran}{$name};
		}
	}
	unlink $path;
	return unless %failed && open my $new, '>', $path;
	print $new map { "$_\n" } sort keys %failed;
	return close $new;
}

if ($arg{record}) {
	my $to;
	push @{$show->{failures}}, "cannot write '$arg{record}': $!"
		unless open($to, '>', $arg{record}) && record($to);
}
remember($arg{failed}) if $arg{failed};
print "\r\e[K" if $terminal;
print "\n", (map { "failed: $_\n" } @{$show->{failures}}),
	(map { "skipped: $_\n" } @{$show->{skips}});
printf "%d passed, %d failed, %d skipped\n", $show->{passed}, scalar @{$show->{failures}},
	scalar @{$show->{skips}};
exit(@{$show->{failures}} ? 1 : 0);
