package org.picket.coordinator.ruling;

import java.util.Locale;
import org.picket.coordinator.policy.Fuses;

/// When a flood of findings stops effects. Pure; a trip lasts until a person resets it, which is the caller's
/// to keep.
public final class FuseRules {
    private static final FuseState UNTRIPPED = new FuseState.Untripped();

    private FuseRules() {}

    /// The fuse of a site: trips when there are at least `min_flags` flags in the window and they are more than
    /// `site_flag_ratio` of it. A window that has not filled up yet is judged by what it has.
    ///
    /// @param window rulings of the site, newest `Fuses.window` at least
    public static FuseState site(Fuses fuses, FlagWindow window) {
        long flagged = window.flagged();
        if (flagged < fuses.minFlags()) {
            return UNTRIPPED;
        }
        long ruled = window.ruled();
        double ratio = (double) flagged / ruled;
        return ratio <= fuses.siteFlagRatio()
                ? UNTRIPPED
                : new FuseState.Tripped(String.format(
                        Locale.ROOT,
                        "%d of the last %d objects are flagged: more than the %s that the policy takes for possible",
                        flagged,
                        ruled,
                        fuses.siteFlagRatio()));
    }

    /// As the fuse of a content hash, where all places of a content would be acted on at once.
    ///
    /// @param places findings of this content
    public static FuseState places(Fuses fuses, long places) {
        return places <= fuses.perHashPerHour()
                ? UNTRIPPED
                : new FuseState.Tripped(String.format(
                        Locale.ROOT,
                        "one content is found at %d places: more than the %d an hour that the policy allows",
                        places,
                        fuses.perHashPerHour()));
    }

    /// The fuse of one content hash: trips when it is flagged more often within an hour than the policy allows.
    /// It holds back effects on this content alone.
    ///
    /// @param flagsWithinHour findings of this content within the last hour, the new one included
    public static FuseState contentHash(Fuses fuses, long flagsWithinHour) {
        return flagsWithinHour <= fuses.perHashPerHour()
                ? UNTRIPPED
                : new FuseState.Tripped(String.format(
                        Locale.ROOT,
                        "one content was flagged %d times within an hour: more than the %d that the policy allows",
                        flagsWithinHour,
                        fuses.perHashPerHour()));
    }
}
