package org.picket.coordinator.policy;

import org.picket.proto.v1.PolicyFile;

/// Reads a policy's numbers. For one thread.
final class BoundsReader {
    private final Reading reading;

    BoundsReader(Reading reading) {
        this.reading = reading;
    }

    Policy.Bounds read(Place place, PolicyFile file) {
        return new Policy.Bounds(
                fuses(place.in(PolicyFile.FUSES_FIELD_NUMBER, 0), file.getFuses()),
                views(place.in(PolicyFile.VIEWS_FIELD_NUMBER, 0), file.getViews()),
                scope(place.in(PolicyFile.SCOPE_FIELD_NUMBER, 0), file.getScope()));
    }

    private Fuses fuses(Place place, PolicyFile.Fuses fuses) {
        var standard = Fuses.DEFAULT;
        double ratio = fuses.hasSiteFlagRatio() ? fuses.getSiteFlagRatio() : standard.siteFlagRatio();
        if (!(ratio > 0 && ratio <= 1)) {
            reading.fault(
                    place.at(PolicyFile.Fuses.SITE_FLAG_RATIO_FIELD_NUMBER),
                    "`site_flag_ratio` " + ratio + " is not in (0, 1]");
            ratio = standard.siteFlagRatio();
        }
        int window = fuses.hasWindow() ? fuses.getWindow() : standard.window();
        int minFlags = fuses.hasMinFlags() ? fuses.getMinFlags() : standard.minFlags();
        int perHash = fuses.hasPerHashPerHour() ? fuses.getPerHashPerHour() : standard.perHashPerHour();
        return new Fuses(
                ratio,
                bounded(place, PolicyFile.Fuses.WINDOW_FIELD_NUMBER, "window", window, Fuses.WINDOW_LIMIT),
                bounded(place, PolicyFile.Fuses.MIN_FLAGS_FIELD_NUMBER, "min_flags", minFlags, Integer.MAX_VALUE),
                bounded(
                        place,
                        PolicyFile.Fuses.PER_HASH_PER_HOUR_FIELD_NUMBER,
                        "per_hash_per_hour",
                        perHash,
                        Integer.MAX_VALUE));
    }

    private int bounded(Place place, int field, String name, int value, int limit) {
        if (value < 1 || value > limit) {
            reading.fault(
                    place.at(field), "`" + name + "` " + Integer.toUnsignedString(value) + " is not in 1 to " + limit);
            return 1;
        }
        return value;
    }

    private ViewAggregate views(Place place, PolicyFile.Views views) {
        return switch (views.getAggregate()) {
            case AGGREGATE_UNSPECIFIED, MAX, UNRECOGNIZED -> {
                if (views.hasK()) {
                    reading.fault(place.at(PolicyFile.Views.K_FIELD_NUMBER), "`k` goes with K_OF_N");
                }
                yield new ViewAggregate.Max();
            }
            case K_OF_N -> {
                if (views.getK() < 1) {
                    reading.fault(place.at(PolicyFile.Views.K_FIELD_NUMBER), "K_OF_N needs a `k` of 1 or more");
                    yield new ViewAggregate.Max();
                }
                yield new ViewAggregate.KOfN(views.getK());
            }
        };
    }

    private Scope scope(Place place, PolicyFile.Scope scope) {
        long bytes = scope.hasMaxBytes() ? scope.getMaxBytes() : Scope.DEFAULT.maxBytes();
        long pixels = scope.hasMaxPixels() ? scope.getMaxPixels() : Scope.DEFAULT.maxPixels();
        if (bytes < 1) {
            reading.fault(place.at(PolicyFile.Scope.MAX_BYTES_FIELD_NUMBER), "`max_bytes` is at least 1");
        }
        if (pixels < 1) {
            reading.fault(place.at(PolicyFile.Scope.MAX_PIXELS_FIELD_NUMBER), "`max_pixels` is at least 1");
        }
        return new Scope(Math.max(1, bytes), Math.max(1, pixels));
    }
}
