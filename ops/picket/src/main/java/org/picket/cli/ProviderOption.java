package org.picket.cli;

import picocli.CommandLine.Option;

/// What infers in this process.
final class ProviderOption extends Flags {
    @Option(names = "--provider", paramLabel = "NAME", description = "auto (default), cpu, cuda, tensorrt, coreml")
    private void provider(String value) {
        give(Keys.PROVIDER, value);
    }
}
