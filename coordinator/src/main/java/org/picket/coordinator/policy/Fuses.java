package org.picket.coordinator.policy;

/// The bounds past which findings stop having effects until a person has looked.
///
/// The defaults are those of the flood fuse in the trust rules: more than 0.5 % of the last 5,000 objects, or
/// more than 20 objects an hour for one content hash.
///
/// @param siteFlagRatio share of flagged objects in the window above which a site trips; in (0, 1]
/// @param window the last ruled objects of a site that count
/// @param minFlags flags in the window below which a site never trips
/// @param perHashPerHour flags of one content hash within an hour above which that hash trips
public record Fuses(double siteFlagRatio, int window, int minFlags, int perHashPerHour) {
    public static final Fuses DEFAULT = new Fuses(0.005, 5000, 25, 20);

    /// Largest window, in objects: it is summed at each batch of rulings.
    public static final int WINDOW_LIMIT = 10_000_000;

    public Fuses {
        if (!(siteFlagRatio > 0 && siteFlagRatio <= 1)) {
            throw new IllegalArgumentException("site_flag_ratio is not in (0, 1]: " + siteFlagRatio);
        }
        if (window < 1 || window > WINDOW_LIMIT || minFlags < 1 || perHashPerHour < 1) {
            throw new IllegalArgumentException("window, min_flags and per_hash_per_hour are at least 1");
        }
    }
}
