package org.picket.cli;

import picocli.CommandLine.Option;

/// What is scanned of a storage, and what is done about what is found.
final class ScanOptions extends Flags {
    @Option(
            names = "--mode",
            paramLabel = "observe|quarantine|delete",
            description =
                    "default: observe. quarantine can be undone; delete PURGES ON ONE RULING AND CANNOT BE UNDONE")
    private void mode(String value) {
        give(Keys.MODE, value);
    }

    @Option(
            names = "--since",
            paramLabel = "SPAN",
            description = "only objects modified within this span, say 36h or 7d")
    private void since(String value) {
        give(Keys.SINCE, value);
    }
}
