package org.picket.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.picket.crawler.order.SitePolicy;
import org.picket.crawler.removal.FolderRemovals;
import org.picket.crawler.removal.Removals;
import org.picket.crawler.removal.S3Removals;
import org.picket.crawler.removal.SiteRules;
import org.picket.crawler.source.Folder;
import org.picket.crawler.source.S3Bucket;
import org.picket.crawler.source.S3Connection;
import org.picket.crawler.source.S3Options;
import org.picket.crawler.source.S3Settings;
import org.picket.crawler.source.Source;
import org.picket.crawler.source.SourceException;
import org.picket.crawler.source.SourceLocation;
import org.picket.proto.seal.Digest;
import org.picket.runtime.lifecycle.Lifecycle;
import org.picket.runtime.telemetry.Meters;

/// A storage, opened for reading and for removals.
///
/// @param source reads it
/// @param removals changes it
/// @param policy what may be done to it
/// @param meters says what it has to tell
record OpenStorage(Source source, Removals removals, SitePolicy policy, Consumer<Meters> meters) {
    private static final int FOLDER_NAME_DIGITS = 16;
    private static final Duration ENDS_WITHIN = Duration.ofSeconds(20);

    /// What may be done to a storage, whatever is ordered.
    ///
    /// @param purgesPerHour the most within any hour
    /// @param storages of this process, between which its memory is divided
    record Bounds(SitePolicy policy, int purgesPerHour, int storages) {
        /// Orders come from a command on this machine. Whoever runs one beside the storage has asked for purges by
        /// name, and the policy's fuse stops a flood.
        static Bounds ofPersonHere(SitePolicy policy, CrawlerBounds site) {
            return new Bounds(policy, site.purgesPerHour().orElse(SiteRules.MOST_PURGES_PER_HOUR), 1);
        }

        /// Orders come from a coordinator elsewhere.
        static Bounds ofCollective(SitePolicy policy, CrawlerBounds site, int storages) {
            return new Bounds(policy, site.purgesPerHour().orElse(SiteRules.DEFAULT_PURGES_PER_HOUR), storages);
        }
    }

    /// Opens what a person named.
    ///
    /// @param parts with which it is closed
    static OpenStorage named(String text, Setting setting, Bounds bounds, Lifecycle parts) {
        try {
            return opened(SourceLocation.parse(text, options(setting)), setting, bounds, parts);
        } catch (SourceException e) {
            throw new UsageFault(e.getMessage(), e);
        }
    }

    /// What a person named, where it can be there at all: told before anything is started.
    static SourceLocation checked(String text, Setting setting) {
        SourceLocation location = location(text, setting);
        if (location instanceof SourceLocation.Directory directory && !Files.isDirectory(directory.path())) {
            throw new UsageFault("the source " + text + " is no folder; name one, or a bucket as s3://BUCKET/PREFIX");
        }
        return location;
    }

    /// Where what a person named is, or would be.
    static SourceLocation location(String text, Setting setting) {
        try {
            return SourceLocation.parse(text, options(setting));
        } catch (SourceException e) {
            throw new UsageFault(e.getMessage(), e);
        }
    }

    /// Opens a storage that is registered, by the identity that it was registered with.
    ///
    /// @param parts with which it is closed
    static OpenStorage registered(String identity, Setting setting, Bounds bounds, Lifecycle parts) {
        SourceLocation location = identified(identity, setting);
        if (!location.isCalled(identity)) {
            throw new UsageFault("the storage " + identity + " was scanned at another server than "
                    + location.storageId() + ", which these settings name; give the same --s3-endpoint as to the scan");
        }
        return opened(location, setting, bounds, parts);
    }

    private static SourceLocation identified(String identity, Setting setting) {
        String folder = "folder:";
        String bucket = "s3:";
        if (identity.startsWith(folder)) {
            return SourceLocation.parse(identity.substring(folder.length()), options(setting));
        }
        if (identity.startsWith(bucket)) {
            String[] parts = identity.substring(bucket.length()).split("/", 2);
            return SourceLocation.parse("s3://" + parts[1], options(setting));
        }
        throw new UsageFault("the storage " + identity + " is of a kind that this version cannot open");
    }

    private static OpenStorage opened(SourceLocation location, Setting setting, Bounds bounds, Lifecycle parts) {
        try {
            return open(location, setting, bounds, parts);
        } catch (SourceException e) {
            throw new UsageFault(e.getMessage(), e);
        }
    }

    private static OpenStorage open(SourceLocation location, Setting setting, Bounds bounds, Lifecycle parts) {
        Path data = setting.data();
        SiteRules rules = new SiteRules(
                bounds.policy().possible(),
                bounds.purgesPerHour(),
                SiteSwitch.removalsStopped(data).file());
        return switch (location) {
            case SourceLocation.Directory directory -> {
                Path own = own(data, directory.storageId());
                Folder folder = parts.start(
                        "folder",
                        ENDS_WITHIN,
                        () -> Folder.open(directory.path(), own, bounds.storages()),
                        Folder::close);
                yield new OpenStorage(
                        folder,
                        parts.start(
                                "removals",
                                ENDS_WITHIN,
                                () -> FolderRemovals.open(folder, rules, own.resolve("removals")),
                                FolderRemovals::close),
                        bounds.policy(),
                        meters -> {});
            }
            case SourceLocation.Bucket bucket -> {
                Path own = own(data, bucket.storageId());
                S3Connection connection = parts.start(
                        "connection to the bucket",
                        ENDS_WITHIN,
                        () -> S3Connection.open(bucket, setting.site().calls(S3Settings.DEFAULT)),
                        S3Connection::close);
                yield new OpenStorage(
                        parts.start("bucket", ENDS_WITHIN, () -> new S3Bucket(connection), S3Bucket::close),
                        parts.start(
                                "removals",
                                ENDS_WITHIN,
                                () -> S3Removals.open(connection, rules, own.resolve("removals")),
                                S3Removals::close),
                        bounds.policy(),
                        connection::meters);
            }
        };
    }

    /// The crawler's own journal and index of one storage; the folder's name shows nothing of the storage.
    private static Path own(Path data, String storageId) {
        try {
            String name = Digest.of(storageId.getBytes(java.nio.charset.StandardCharsets.UTF_8))
                    .hex()
                    .substring(0, FOLDER_NAME_DIGITS);
            return OwnerOnly.folder(OwnerOnly.folder(data.resolve("crawler")).resolve(name));
        } catch (IOException e) {
            throw new UsageFault("the data folder " + data + " cannot be written: " + e.getMessage(), e);
        }
    }

    private static S3Options options(Setting setting) {
        return new S3Options(
                setting.s3().endpoint(),
                setting.s3().region(),
                Optional.of(setting.s3().pathStyle()));
    }
}
