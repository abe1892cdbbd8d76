package org.picket.cli;

import java.util.List;
import picocli.CommandLine.Option;

/// Bundles that score in this process what the policy asks them for.
final class BundleOptions extends Flags {
    @Option(
            names = "--bundle",
            paramLabel = "FILE",
            description = "bundle; default: the stand-in, which is NO detector")
    private void bundle(String value) {
        give(Keys.BUNDLE, value);
    }

    @Option(
            names = "--further-bundle",
            paramLabel = "FILE",
            description = "a bundle that the policy asks, by its name, after the first one; may be given several times")
    private void furtherBundles(List<String> values) {
        giveFiles(Keys.FURTHER_BUNDLES, values);
    }
}
