package org.picket.crawler.source;

import java.net.URI;
import java.util.Optional;

/// How to reach an S3 server. Credentials are no part of it: they come from the standard AWS variables,
/// profiles and instance sources.
///
/// @param endpoint of a server other than AWS, as in `https://s3.example.org`
/// @param region where the bucket is; by default what the AWS settings say, else `us-east-1`
/// @param pathStyle whether the bucket is named in the path instead of the host name; by default where an
/// endpoint is given
public record S3Options(Optional<URI> endpoint, Optional<String> region, Optional<Boolean> pathStyle) {

    /// AWS itself, as its own settings say.
    public static final S3Options AWS = new S3Options(Optional.empty(), Optional.empty(), Optional.empty());

    /// A server of one's own.
    public static S3Options at(URI endpoint) {
        return new S3Options(Optional.of(endpoint), Optional.empty(), Optional.empty());
    }

    public S3Options {
        endpoint.ifPresent(uri -> {
            boolean http = "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
            if (!http || uri.getHost() == null) {
                throw new SourceException("The S3 endpoint " + uri.getScheme()
                        + ":… is no URL of a server. Give one such as" + " https://s3.example.org.");
            }
            // A password in the address would end up in messages and in the storage's identity.
            if (uri.getUserInfo() != null) {
                throw new SourceException(
                        "The S3 endpoint must not hold credentials. Put them into AWS_ACCESS_KEY_ID and"
                                + " AWS_SECRET_ACCESS_KEY.");
            }
        });
    }

    /// Whether the bucket is named in the path.
    public boolean namesBucketInPath() {
        return pathStyle.orElse(endpoint.isPresent());
    }
}
