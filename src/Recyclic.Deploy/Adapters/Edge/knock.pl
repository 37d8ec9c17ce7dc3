#!/usr/bin/perl
# Says which of its arguments, ADDRESS:PORT each, accept a connection: each once, as soon as it does. Ends when all have, and with
# its standard input: whoever asked is gone then. One process for all of them: to start one for each try would take from those who are served.
use strict;
use warnings;
use IO::Select;
use IO::Socket::INET;

$| = 1;
my %tries = map { $_ => undef } @ARGV;
my $asker = IO::Select->new(\*STDIN);
while (%tries && !($asker->can_read(0) && !sysread STDIN, my $said, 1)) {
    for my $place (keys %tries) {
        $tries{$place} ||= { since => time, socket => IO::Socket::INET->new(PeerAddr => $place, Proto => 'tcp', Blocking => 0) };
        delete $tries{$place}{socket} unless defined $tries{$place}{socket};
    }
    my $select = IO::Select->new(grep { defined } map { $_->{socket} } values %tries);
    my %answered = map { fileno($_) => 1 } $select->count ? $select->can_write(0.025) : ();
    for my $place (keys %tries) {
        my $socket = $tries{$place}{socket};
        if ($socket && $answered{ fileno $socket } && !$socket->sockopt(SO_ERROR) && $socket->connected) {
            print "$place\n" or exit;
            delete $tries{$place};
        }
        elsif (!$socket || $answered{ fileno $socket } || time - $tries{$place}{since} > 1) {
            $tries{$place} = undef;
        }
    }
    select undef, undef, undef, 0.025;
}
