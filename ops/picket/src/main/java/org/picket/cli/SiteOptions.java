package org.picket.cli;

import picocli.CommandLine.Option;

/// What a site settles itself, on whosever machine its pictures are scored: what it rules by, and how it decodes.
final class SiteOptions extends Flags {
    @Option(
            names = "--policy",
            paramLabel = "FILE",
            description =
                    "policy; default: the stand-in's. For 'crawler run' also collective:NAME, one that the coordinator"
                            + " hands out")
    private void policy(String value) {
        give(Keys.POLICY, value);
    }

    @Option(names = "--decoders", paramLabel = "N", description = "decoder processes; default: one for each core")
    private void decoders(String value) {
        give(Keys.DECODERS, value);
    }
}
