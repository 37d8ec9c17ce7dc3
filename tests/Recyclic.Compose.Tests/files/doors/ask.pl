#!/usr/bin/perl
# Asks web for its version, 20 times a second, each time by its name and on a connection of its own; a line an answer.
use strict;
use warnings;
use IO::Socket::INET;
$| = 1;
$SIG{TERM} = sub { exit 0 };
while (1) {
    my $web = IO::Socket::INET->new(PeerAddr => "web:8080", Timeout => 5);
    my $said = "nobody";
    if ($web) {
        print $web "GET /x HTTP/1.1\r\nHost: web\r\nConnection: close\r\n\r\n";
        local $/;
        my $answer = <$web> // "";
        $said = $answer =~ /"version":"(\w+)"/ ? $1 : "nonsense";
    }
    print "$said\n";
    select undef, undef, undef, 0.05;
}
