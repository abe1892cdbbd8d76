package org.picket.cli;

import java.time.Duration;
import java.util.Optional;
import org.picket.crawler.order.SitePolicy;
import org.picket.proto.circle.Circle;
import org.picket.runtime.config.Configuration;

/// What a person wants of one storage of a crawler.
///
/// @param source as it was named
/// @param identity that follows from it
/// @param setting the process's, but for what is this storage's own
/// @param mode what is done about what is found
/// @param policy what may be done to the storage: the mode, and what administrators may order beyond it
/// @param every pause between scans
/// @param circle whose agents may see the pictures; empty: nothing was said
/// @param declared what it is ruled by
record AskedStorage(
        String source,
        String identity,
        Setting setting,
        ScanMode mode,
        SitePolicy policy,
        Duration every,
        Optional<Circle> circle,
        Declared declared) {
    private static final Duration USUAL_PAUSE = Duration.ofHours(1);

    static AskedStorage of(
            Configuration configuration, Setting setting, String source, String identity, Declared declared) {
        return new AskedStorage(
                source,
                identity,
                setting,
                mode(configuration),
                policy(configuration),
                configuration.get(Keys.CRAWLER_EVERY).orElse(USUAL_PAUSE),
                configuration.get(Keys.CRAWLER_CIRCLE),
                declared);
    }

    private static ScanMode mode(Configuration configuration) {
        return configuration.get(Keys.MODE).orElse(ScanMode.OBSERVE);
    }

    static SitePolicy policy(Configuration configuration) {
        SitePolicy policy = SitePolicy.of(mode(configuration).wire());
        boolean heeds = configuration.get(Keys.CRAWLER_HEEDS).orElse(false);
        return heeds ? policy.heedingAdministrators() : policy;
    }
}
