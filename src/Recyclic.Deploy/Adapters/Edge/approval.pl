#!/usr/bin/perl
# What a key that may only approve can do on a host: see ApprovalKeyLine.cs for the line of authorized_keys that starts this, in a container
# without a network, with the state volume of one application and nothing else.
#   show                          prints the host's time, the generation and what approving goes by: which releases were deployed, of which
#                                 commits, how that ended. No step, no approval, no key of fingerprints, no text of a failed deploy.
#   approve ENVIRONMENT SECONDS   reads `GENERATION RECORD` from standard input, one line, and appends the record to the journal if it is an
#                                 approval for this environment, of now, that lasts no longer than SECONDS, and was not appended before.
#                                 It holds the deploy lock: this container has its name.
# Exits with 3 where it refuses, and says why.
use strict;
use warnings;
use Fcntl;
use IO::Handle;
use POSIX ();

my $state        = '/var/lib/recyclic';
my $most         = 1024 * 1024;
my $longest_text = 16384;
umask 077;
binmode $_ for *STDIN, *STDOUT;

sub refuse { print STDERR "refused: $_[0]\n"; exit 3 }

# JSON as our own serializer writes it: no white space, nothing but printable ASCII. A value is its kind, its text as it stands, and its parts.
sub value {
    my ($depth) = @_;
    die "is too deep\n" if $depth > 6;
    my $from = pos // 0;
    my %found;
    if (/\G\{/gc) {
        %found = (kind => 'object', of => {});
        unless (/\G\}/gc) {
            do {
                my $key = value($depth + 1);
                die "has a member without a name\n" unless $key->{kind} eq 'text' && /\G:/gc;
                die "has a member twice\n" if exists $found{of}{ $key->{text} };
                $found{of}{ $key->{text} } = value($depth + 1);
            } while (/\G,/gc);
            /\G\}/gc or die "is no JSON\n";
        }
    }
    elsif (/\G\[/gc) {
        %found = (kind => 'list', of => []);
        unless (/\G\]/gc) {
            do { push @{ $found{of} }, value($depth + 1) } while (/\G,/gc);
            /\G\]/gc or die "is no JSON\n";
        }
    }
    elsif (/\G"((?:[ !#-\[\]-~]++|\\(?:["\\\/bfnrt]|u[0-9A-Fa-f]{4}))*+)"/gc) {
        %found = (kind => 'text', text => $1);
        die "has a text that is too long\n" if length $1 > $longest_text;
    }
    elsif (/\G-?(?:0|[1-9][0-9]{0,18})(?:\.[0-9]{1,30})?(?:[eE][-+]?[0-9]{1,3})?/gc) { %found = (kind => 'number') }
    elsif (/\G(?:true|false|null)/gc)                                                   { %found = (kind => 'word') }
    else                                                                                { die "is no JSON\n" }
    $found{raw} = substr $_, $from, pos() - $from;
    return \%found;
}

sub parse {
    local $_ = shift;
    my $value = value(0);
    die "has something behind it\n" if (pos // 0) != length;
    die "is no object\n" unless $value->{kind} eq 'object';
    return $value->{of};
}

# What a member has to be. What is not named here is not taken.
my $name = sub { $_[0]{kind} eq 'text' };
my $hex = sub {
    my ($from, $to) = @_;
    return sub { $_[0]{kind} eq 'text' && $_[0]{text} =~ /\A[0-9a-f]{$from,$to}\z/ };
};
my $time = sub { $_[0]{kind} eq 'text' && $_[0]{text} =~ /\A\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,7})?\+00:00\z/a };
my $texts = sub {
    my ($value) = @_;
    return $value->{kind} eq 'list' && @{ $value->{of} } <= 2000 && !grep { $_->{kind} ne 'text' } @{ $value->{of} };
};
my $fingerprints = sub {
    my ($value) = @_;
    return $value->{kind} eq 'object' && keys %{ $value->{of} } <= 20000
        && !grep { $_->{kind} ne 'text' || $_->{text} !~ /\A#?[0-9a-f]{16,64}\z/ } values %{ $value->{of} };
};
my %record = (
    at       => $time,
    deploy   => sub { $_[0]{kind} eq 'text' && $_[0]{text} =~ /\A\d{8}T\d{9}-approval\z/a },
    kind     => sub { $_[0]{raw} eq '"Approve"' },
    by       => $name,
    approval => sub { $_[0]{kind} eq 'object' },
);
my %approval = (
    environment => $name, digestSet => $hex->(16, 16), tag => sub { $_[0]{kind} eq 'text' && $_[0]{text} =~ /\A[A-Za-z0-9_.-]{1,128}\z/ },
    approver => $name, expiresAt => $time, authors => $texts, model => $fingerprints, modelKey => $hex->(32, 32),
    passedOver => $texts, evidence => $texts,
);
my %optional = (repository => $name, commit => $hex->(40, 64), run => $name, override => $name, hotfix => $name);

sub check {
    my ($what, $given, $needed, $allowed) = @_;
    for my $member (keys %$given) {
        my $rule = $needed->{$member} || $allowed->{$member};
        refuse("$what has a member that is none of an approval's") unless $rule;
        refuse("$what: $member is not what it has to be") unless $rule->($given->{$member});
    }
    for my $member (keys %$needed) { refuse("$what has no $member") unless exists $given->{$member} }
}

sub lines_of_journal {
    open my $journal, '<', "$state/journal.jsonl" or return ();
    my @lines;
    while (my $line = <$journal>) {
        push @lines, $line;
        shift @lines if @lines > 3000;
    }
    return @lines;
}

sub generation { # a file that was spoilt counts as none
    open my $file, '<', "$state/generation" or return 0;
    my $count = <$file> // '';
    return $count =~ /\A([0-9]{1,18})\n?\z/ ? $1 : 0;
}

sub show {
    my %shown  = map { $_ => 1 } qw(at deploy kind operation release slot from outcome environment origin commit schema);
    my %kinds  = map { $_ => 1 } qw(Begin Commit Withdraw End SmokeTest);
    printf "now %d000\n", time;
    printf "generation %s\n", generation();
    for my $line (lines_of_journal()) {
        chomp $line;
        my $of = eval { parse($line) } or next;
        my $kind = $of->{kind} && $of->{kind}{text} // '';
        next unless $kinds{$kind};
        my @members = grep { exists $of->{$_} && ($shown{$_} || $_ eq 'reason' && $kind eq 'SmokeTest') }
            qw(at deploy kind), grep { !/\A(?:at|deploy|kind)\z/ } sort keys %$of;
        print '{', join(',', map { "\"$_\":$of->{$_}{raw}" } @members), "}\n";
    }
    print "= ok\n";
}

sub approve {
    my ($environment, $seconds) = @_;
    my $said = '';
    while (length $said <= $most) {
        my $read = sysread STDIN, $said, 65536, length $said;
        refuse('standard input cannot be read') unless defined $read;
        last if $read == 0;
    }
    refuse("it is longer than $most bytes") if length $said > $most;
    refuse('it is not one line') unless $said =~ s/\n\z// && $said !~ /\n/;
    refuse('it has other than printable ASCII in it') if $said =~ /[^ -~]/;
    $said =~ s/\A([0-9]{1,18}) // or refuse('it does not begin with a generation');
    my $expected = $1;

    my $given = eval { parse($said) } or refuse('the record ' . ($@ =~ s/\n//r));
    check('the record', $given, \%record, {});
    my $of = $given->{approval}{of};
    check('the approval', $of, \%approval, \%optional);
    refuse("this key is for $environment") unless $of->{environment}{text} eq $environment;
    my ($now, $at, $until) = (time, map { substr $_->{text}, 0, 19 } $given->{at}, $of->{expiresAt});
    my $clock = sub { POSIX::strftime('%Y-%m-%dT%H:%M:%S', gmtime $_[0]) };
    refuse('it is not of now, by the clock of this host') unless $at ge $clock->($now - 300) && $at le $clock->($now + 60);
    refuse("it would last longer than $seconds s") unless $until le $clock->($now + $seconds + 60);

    refuse("something was deployed meanwhile: the generation is not $expected") unless generation() eq $expected;
    my @lines = lines_of_journal();
    refuse('it was given before') if grep { index($_, $of->{modelKey}{raw}) >= 0 } @lines;
    # So the key fills no disk: nobody approves twenty times before a deploy.
    my @last = @lines > 20 ? @lines[-20 .. -1] : ();
    refuse('the last 20 records are approvals: deploy first') if @last && !grep { !/"kind":"Approve"/ } @last;

    sysopen my $journal, "$state/journal.jsonl", O_RDWR | O_APPEND | O_CREAT, 0600 or refuse("the journal cannot be opened: $!");
    # A line that a crash cut short is ended first, so that it cannot take this one with it.
    my $end = '';
    if (-s $journal) { sysseek $journal, -1, 2; sysread $journal, $end, 1 }
    my $line = ($end eq '' || $end eq "\n" ? '' : "\n") . "$said\n";
    my $written = syswrite $journal, $line;
    refuse("the journal cannot be written: $!") unless defined $written && $written == length $line && $journal->sync;
    print "= ok\n";
}

my ($word, @rest) = @ARGV;
if    (($word // '') eq 'show' && !@rest) { show() }
elsif (($word // '') eq 'approve' && @rest == 2 && $rest[1] =~ /\A[0-9]{1,9}\z/) { approve(@rest) }
else                                      { refuse('it is show or approve') }
