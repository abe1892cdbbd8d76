package org.picket.crawler.source;

import java.io.IOException;
import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// Where a storage is, as a person names it.
public sealed interface SourceLocation {

    /// Names the storage for ever, without credentials.
    String storageId();

    /// Whether a name of old is its own. Earlier versions kept a port that its scheme has anyway, where it was named.
    default boolean isCalled(String identity) {
        return identity.equals(storageId());
    }

    /// Whether all that is in the other one is in this one, as it is where both are the same.
    boolean holds(SourceLocation other);

    /// A folder of this machine. A symbolic link to it names the same storage.
    record Directory(Path path) implements SourceLocation {
        @Override
        public String storageId() {
            return "folder:" + real();
        }

        @Override
        public boolean holds(SourceLocation other) {
            return switch (other) {
                case Directory directory -> directory.real().startsWith(real());
                case Bucket _ -> false;
            };
        }

        private Path real() {
            try {
                return path.toRealPath();
            } catch (IOException e) {
                // Not there, or not to be reached: opening it says so.
                return wouldBe(path.toAbsolutePath().normalize());
            }
        }

        /// As far as it is there, without symbolic links: what it will be called once it is.
        private static Path wouldBe(Path whole) {
            for (Optional<Path> part = parent(whole); part.isPresent(); part = parent(part.get())) {
                try {
                    return part.get().toRealPath().resolve(part.get().relativize(whole));
                } catch (IOException e) {
                    // Nor is that: the one around it may be.
                    continue;
                }
            }
            return whole;
        }

        private static Optional<Path> parent(Path path) {
            return Optional.ofNullable(path.getParent());
        }
    }

    /// A bucket, or the part of it below a prefix.
    ///
    /// @param name of the bucket
    /// @param prefix empty, or ending in `/`
    record Bucket(String name, String prefix, S3Options options) implements SourceLocation {
        private static final int HTTP_PORT = 80;
        private static final int HTTPS_PORT = 443;

        @Override
        public String storageId() {
            return at(options.endpoint().map(Bucket::server).orElse("amazonaws.com"));
        }

        @Override
        public boolean isCalled(String identity) {
            return identity.equals(storageId())
                    || options.endpoint()
                            .filter(endpoint -> server(endpoint).equals(host(endpoint)))
                            .map(endpoint -> at(host(endpoint) + ':' + usualPort(endpoint)))
                            .filter(identity::equals)
                            .isPresent();
        }

        private String at(String server) {
            return "s3:" + server + '/' + name + '/' + prefix;
        }

        /// By what it is called: an identity ends with the prefix.
        @Override
        public boolean holds(SourceLocation other) {
            return switch (other) {
                case Directory _ -> false;
                case Bucket bucket -> bucket.storageId().startsWith(storageId());
            };
        }

        /// Whether the port is named that its scheme has anyway, and how the rest is spelt, makes no other server.
        private static String server(URI endpoint) {
            int port = endpoint.getPort();
            return port < 0 || port == usualPort(endpoint) ? host(endpoint) : host(endpoint) + ':' + port;
        }

        private static String host(URI endpoint) {
            return endpoint.getHost().toLowerCase(Locale.ROOT);
        }

        private static int usualPort(URI endpoint) {
            return "https".equalsIgnoreCase(endpoint.getScheme()) ? HTTPS_PORT : HTTP_PORT;
        }
    }

    /// Reads `PATH` or `s3://BUCKET[/PREFIX]`.
    ///
    /// @param options how to reach the server of a bucket; not looked at for a folder
    /// @throws SourceException when the text is neither
    static SourceLocation parse(String text, S3Options options) {
        if (text.isBlank()) {
            throw new SourceException("No source is named. Give a folder, or a bucket as s3://BUCKET/PREFIX.");
        }
        if (text.startsWith("s3://")) {
            return bucket(text, options);
        }
        if (Syntax.SCHEME.matcher(text).find()) {
            throw new SourceException("The source " + text.substring(0, text.indexOf("://"))
                    + "://… is of a kind that Picket cannot read. Give a folder, or a bucket as s3://BUCKET/PREFIX.");
        }
        try {
            return new Directory(Path.of(text));
        } catch (InvalidPathException e) {
            throw new SourceException(
                    "The source is no path: " + e.getReason() + ". Give a folder, or s3://BUCKET/PREFIX.", e);
        }
    }

    private static Bucket bucket(String text, S3Options options) {
        String rest = text.substring("s3://".length());
        int slash = rest.indexOf('/');
        String name = slash < 0 ? rest : rest.substring(0, slash);
        String prefix = slash < 0 ? "" : rest.substring(slash + 1);
        if (!Syntax.BUCKET.matcher(name).matches()) {
            throw new SourceException("\"" + name + "\" in " + text
                    + " is no name of a bucket. Names have 3 to 63 letters, digits, dots, hyphens or underscores.");
        }
        return new Bucket(name, prefix.isEmpty() || prefix.endsWith("/") ? prefix : prefix + '/', options);
    }

    /// The patterns of names.
    final class Syntax {
        private static final Pattern SCHEME = Pattern.compile("^[A-Za-z][A-Za-z0-9+.-]*://");
        private static final Pattern BUCKET = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{2,62}");

        private Syntax() {}
    }
}
