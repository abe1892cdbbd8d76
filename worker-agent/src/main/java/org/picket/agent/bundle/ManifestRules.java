package org.picket.agent.bundle;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.picket.proto.limit.Limits;
import org.picket.proto.v1.BundleManifest;
import org.picket.proto.v1.BundlePrecision;
import org.picket.proto.v1.StoredPart;

/// What a manifest must say to be believed. Pure.
final class ManifestRules {
    static final int MAX_VIEW_SIZE = 1_024;
    static final int MAX_CONCEPTS = 1_024;
    static final int MAX_GOLDEN_VIEWS = 256;

    private static final int DIGEST_BYTES = 32;
    private static final int MAX_NOTICE = 1_000;
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9.-]{0,63}");
    private static final Pattern CONCEPT = Pattern.compile("[a-z][a-z0-9_]{0,63}");

    private ManifestRules() {}

    /// What is wrong, or nothing.
    static Optional<String> wrong(BundleManifest manifest) {
        if (!NAME.matcher(manifest.getName()).matches()
                || !NAME.matcher(manifest.getVersion()).matches()) {
            return Optional.of("name and version must be 1 to 64 lower-case letters, digits, dots and hyphens");
        }
        if (manifest.getViewSize() < 1 || manifest.getViewSize() > MAX_VIEW_SIZE) {
            return Optional.of("the view size " + manifest.getViewSize() + " is not between 1 and " + MAX_VIEW_SIZE);
        }
        if (manifest.getPreprocessingVersion() != Limits.PREPROCESSING_VERSION) {
            return Optional.of("the preprocessing version " + manifest.getPreprocessingVersion()
                    + " is not known; this build knows " + Limits.PREPROCESSING_VERSION);
        }
        List<String> concepts = manifest.getConceptsList();
        if (concepts.isEmpty() || concepts.size() > MAX_CONCEPTS) {
            return Optional.of("it names " + concepts.size() + " concepts, not 1 to " + MAX_CONCEPTS);
        }
        if (!concepts.stream().allMatch(concept -> CONCEPT.matcher(concept).matches())
                || new HashSet<>(concepts).size() != concepts.size()) {
            return Optional.of("concepts must be different names of lower-case letters, digits and underscores");
        }
        if (manifest.getPrecision() == BundlePrecision.BUNDLE_PRECISION_UNSPECIFIED
                || manifest.getPrecision() == BundlePrecision.UNRECOGNIZED) {
            return Optional.of("its precision is not known");
        }
        if (manifest.getNotice().isBlank() || manifest.getNotice().length() > MAX_NOTICE) {
            return Optional.of("its notice must have 1 to " + MAX_NOTICE + " characters");
        }
        return wrongGolden(manifest);
    }

    private static Optional<String> wrongGolden(BundleManifest manifest) {
        int views = manifest.getGoldenViews();
        if (views < 1 || views > MAX_GOLDEN_VIEWS) {
            return Optional.of("it has " + views + " golden views, not 1 to " + MAX_GOLDEN_VIEWS);
        }
        if (manifest.getGoldenScoresCount() != views * manifest.getConceptsCount()) {
            return Optional.of("it has not one golden score per golden view and concept");
        }
        if (!manifest.getGoldenScoresList().stream().allMatch(Float::isFinite)) {
            return Optional.of("a golden score is not a finite number");
        }
        long pixels = 3L * manifest.getViewSize() * manifest.getViewSize() * views;
        if (manifest.getGolden().getBytes() != pixels) {
            return Optional.of("its golden views have not the size of views");
        }
        boolean tolerable = manifest.getToleranceAbsolute() > 0
                && manifest.getToleranceAbsolute() <= 0.1f
                && manifest.getToleranceRelative() >= 0
                && manifest.getToleranceRelative() <= 0.1f;
        return tolerable ? Optional.empty() : Optional.of("its tolerance is not above 0 and at most 0.1");
    }

    static boolean matches(StoredPart named, byte[] stored) {
        return named.getBytes() == stored.length
                && named.getSha256().size() == DIGEST_BYTES
                && MessageDigest.isEqual(named.getSha256().toByteArray(), sha256(stored));
    }

    static byte[] sha256(byte[] bytes) {
        return sha256().digest(bytes);
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("Every JDK has SHA-256.", impossible);
        }
    }
}
