package org.picket.cli;

import picocli.CommandLine.Option;

/// What the storage is to bear, whosever machine scores its pictures.
final class LimitOptions extends Flags {
    @Option(
            names = "--calls-per-second",
            paramLabel = "N",
            description =
                    "objects read, and calls to an S3 server, within a second; default: 1000 calls to an S3 server")
    private void calls(String value) {
        give(Keys.CRAWLER_CALLS, value);
    }

    @Option(
            names = "--read-bandwidth",
            paramLabel = "RATE",
            description =
                    "bytes of objects read of the storage within a second, on average, say 5MB; default: no bound")
    private void read(String value) {
        give(Keys.CRAWLER_READ, value);
    }

    @Option(
            names = "--purges-per-hour",
            paramLabel = "N",
            description =
                    "purges within any hour, whoever orders them; default: 1000 that a coordinator elsewhere orders,"
                            + " 100000 that a command here does")
    private void purges(String value) {
        give(Keys.CRAWLER_PURGES, value);
    }
}
