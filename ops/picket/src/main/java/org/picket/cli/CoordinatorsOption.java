package org.picket.cli;

import picocli.CommandLine.Option;

/// Where a member finds its coordinators, where that is not what its invite said.
final class CoordinatorsOption extends Flags {
    @Option(
            names = "--coordinator",
            paramLabel = "HOST:PORT,…",
            description = "where the collective's coordinators are, with commas between them; default: as the invite"
                    + " said")
    private void coordinators(String value) {
        give(Keys.MEMBER_COORDINATORS, value);
    }
}
