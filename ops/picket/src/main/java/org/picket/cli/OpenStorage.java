package org.picket.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.picket.crawler.removal.FolderRemovals;
import org.picket.crawler.removal.RemovalAction;
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

/// A storage, opened for reading and for removals.
final class OpenStorage implements AutoCloseable {
    private static final String KILL_SWITCH = "stop-removals";
    private static final int FOLDER_NAME_DIGITS = 16;
    /// Whoever runs one command beside the storage has asked for purges by name, and the policy's fuse stops a
    /// flood.
    private static final int PURGES_PER_HOUR = 100_000;

    private final Source source;
    private final Removals removals;
    private final Closing closing;

    /// What is to be closed, in order.
    @FunctionalInterface
    private interface Closing {
        void close();
    }

    private OpenStorage(Source source, Removals removals, Closing closing) {
        this.source = source;
        this.removals = removals;
        this.closing = closing;
    }

    /// Opens what a person named.
    ///
    /// @param data Picket's data folder
    static OpenStorage named(String text, Setting setting, ScanMode mode) {
        try {
            return opened(SourceLocation.parse(text, options(setting)), setting, mode);
        } catch (SourceException e) {
            throw new UsageFault(e.getMessage(), e);
        }
    }

    /// Whether what a person named can be there at all: told before anything is started.
    static void check(String text, Setting setting) {
        try {
            if (SourceLocation.parse(text, options(setting)) instanceof SourceLocation.Directory directory
                    && !Files.isDirectory(directory.path())) {
                throw new UsageFault(
                        "the source " + text + " is no folder; name one, or a bucket as s3://BUCKET/PREFIX");
            }
        } catch (SourceException e) {
            throw new UsageFault(e.getMessage(), e);
        }
    }

    /// Opens a storage that is registered, by the identity that it was registered with.
    static OpenStorage registered(String identity, Setting setting, ScanMode mode) {
        SourceLocation location = location(identity, setting);
        if (!location.storageId().equals(identity)) {
            throw new UsageFault("the storage " + identity + " was scanned at another server than "
                    + location.storageId() + ", which these settings name; give the same --s3-endpoint as to the scan");
        }
        return opened(location, setting, mode);
    }

    private static SourceLocation location(String identity, Setting setting) {
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

    private static OpenStorage opened(SourceLocation location, Setting setting, ScanMode mode) {
        try {
            return open(location, setting.data(), mode);
        } catch (SourceException e) {
            throw new UsageFault(e.getMessage(), e);
        }
    }

    private static OpenStorage open(SourceLocation location, Path data, ScanMode mode) {
        SiteRules rules = new SiteRules(allowed(mode), PURGES_PER_HOUR, data.resolve(KILL_SWITCH));
        return switch (location) {
            case SourceLocation.Directory directory -> {
                Path own = own(data, directory.storageId());
                Folder folder = Folder.open(directory.path(), own);
                FolderRemovals removals =
                        orClose(folder::close, () -> FolderRemovals.open(folder, rules, own.resolve("removals")));
                yield new OpenStorage(folder, removals, () -> {
                    removals.close();
                    folder.close();
                });
            }
            case SourceLocation.Bucket bucket -> {
                Path own = own(data, bucket.storageId());
                S3Connection connection = S3Connection.open(bucket, S3Settings.DEFAULT);
                S3Bucket source = new S3Bucket(connection);
                S3Removals removals =
                        orClose(connection::close, () -> S3Removals.open(connection, rules, own.resolve("removals")));
                yield new OpenStorage(source, removals, () -> {
                    removals.close();
                    source.close();
                    connection.close();
                });
            }
        };
    }

    /// What a further step gives; where it fails, what was opened before is closed.
    private static <T> T orClose(Closing opened, Supplier<T> step) {
        try {
            return step.get();
        } catch (RuntimeException e) {
            opened.close();
            throw e;
        }
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

    private static Set<RemovalAction> allowed(ScanMode mode) {
        return switch (mode) {
            case OBSERVE -> EnumSet.noneOf(RemovalAction.class);
            case QUARANTINE -> EnumSet.of(RemovalAction.QUARANTINE, RemovalAction.RELEASE);
            case DELETE -> EnumSet.allOf(RemovalAction.class);
        };
    }

    Source source() {
        return source;
    }

    Removals removals() {
        return removals;
    }

    @Override
    public void close() {
        closing.close();
    }
}
