package org.picket.agent.bundle;

/// Why a file is not a usable bundle.
public sealed interface BundleFault {
    /// What happened and what to do, for a person.
    String inWords();

    /// The file cannot be read.
    record Unreadable(String file, String cause) implements BundleFault {
        @Override
        public String inWords() {
            return "The bundle " + file + " cannot be read (" + cause + "). Check the path and its permissions.";
        }
    }

    /// The file is no zip with the four parts of a bundle, in their order.
    record NotABundle(String file, String detail) implements BundleFault {
        @Override
        public String inWords() {
            return "The file " + file + " is not a bundle: " + detail + ". Fetch or build it again.";
        }
    }

    /// A part is larger than any bundle may be.
    record TooLarge(String file, String part, long limitBytes) implements BundleFault {
        @Override
        public String inWords() {
            return "The part " + part + " of the bundle " + file + " is larger than the " + limitBytes
                    + " bytes that are allowed. Use a smaller model.";
        }
    }

    /// A part is not the one that the manifest names.
    record Altered(String file, String part) implements BundleFault {
        @Override
        public String inWords() {
            return "The part " + part + " of the bundle " + file
                    + " differs from what its manifest says: the file is damaged or was tampered with."
                    + " Fetch it again from where you trust it.";
        }
    }

    /// The model is more than a graph with its weights.
    record Unsafe(String file, String detail) implements BundleFault {
        @Override
        public String inWords() {
            return "The bundle " + file + " must not be run: " + detail
                    + ". Build it again from its export, or do not trust where it is from.";
        }
    }

    /// The manifest says something that cannot be.
    record BadManifest(String file, String detail) implements BundleFault {
        @Override
        public String inWords() {
            return "The manifest of the bundle " + file + " is wrong: " + detail
                    + ". Build it again, or use a newer Picket if the bundle is newer.";
        }
    }
}
