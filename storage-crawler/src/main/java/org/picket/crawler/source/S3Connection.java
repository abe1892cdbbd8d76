package org.picket.crawler.source;

import java.time.Duration;
import java.util.concurrent.Callable;
import org.picket.runtime.telemetry.Meters;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.S3Exception;

/// A bucket that was reached once, with the one guarded way to call its server. Safe for several threads.
public final class S3Connection implements AutoCloseable {

    private static final int NOT_FOUND = 404;
    private static final int FORBIDDEN = 403;
    private static final int UNAUTHORIZED = 401;

    private static final int MAX_SAID = 600;

    private final SourceLocation.Bucket location;
    private final S3Client client;
    private final S3Calls calls;
    private final Duration callTimeout;
    private final Versions versions;

    private S3Connection(
            SourceLocation.Bucket location, S3Client client, S3Calls calls, Duration callTimeout, Versions versions) {
        this.location = location;
        this.client = client;
        this.calls = calls;
        this.callTimeout = callTimeout;
        this.versions = versions;
    }

    /// Reaches a bucket with the credentials of the standard AWS variables, profiles and instance sources.
    ///
    /// @throws SourceException when there are no credentials, or the bucket cannot be reached
    public static S3Connection open(SourceLocation.Bucket location, S3Settings settings) {
        DefaultCredentialsProvider credentials =
                DefaultCredentialsProvider.builder().build();
        try {
            credentials.resolveCredentials();
        } catch (SdkClientException e) {
            credentials.close();
            throw new SourceException(
                    "No credentials for " + location.storageId() + " were found. Set AWS_ACCESS_KEY_ID and"
                            + " AWS_SECRET_ACCESS_KEY, or AWS_PROFILE. What was tried: " + bounded(e.getMessage()),
                    e);
        }
        return open(location, settings, credentials);
    }

    /// What the SDK says of places where it looked, none of which it found credentials in.
    private static String bounded(String said) {
        String line = String.valueOf(said).replaceAll("\\s+", " ");
        return line.length() > MAX_SAID ? line.substring(0, MAX_SAID) + " …" : line;
    }

    /// Reaches a bucket with given credentials.
    ///
    /// @throws SourceException when the bucket cannot be reached
    public static S3Connection open(
            SourceLocation.Bucket location, S3Settings settings, AwsCredentialsProvider credentials) {
        return connect(location, settings, credentials, true);
    }

    /// @param probe whether to look at the bucket; without it nothing is asked of the server
    static S3Connection connect(
            SourceLocation.Bucket location, S3Settings settings, AwsCredentialsProvider credentials, boolean probe) {
        S3Client client = client(location.options(), settings, credentials);
        S3Calls calls = new S3Calls(location.storageId(), settings);
        try {
            Versions versions = probe ? calls.call(() -> versions(client, location.name())) : Versions.UNTOLD;
            return new S3Connection(location, client, calls, settings.callTimeout(), versions);
        } catch (S3Exception e) {
            client.close();
            throw refusal(location, e);
        } catch (S3Failure e) {
            client.close();
            throw new SourceException(
                    "The server of " + location.storageId() + " could not be used (" + e.reason()
                            + "). Check the endpoint and the network.",
                    e);
        }
    }

    private static S3Client client(S3Options options, S3Settings settings, AwsCredentialsProvider credentials) {
        var builder = S3Client.builder()
                .credentialsProvider(credentials)
                .region(region(options))
                .forcePathStyle(options.namesBucketInPath())
                // Servers other than AWS refuse the checksums that the SDK adds of its own accord.
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                .serviceConfiguration(S3Configuration.builder()
                        .chunkedEncodingEnabled(false)
                        .expectContinueEnabled(false)
                        .build())
                .httpClientBuilder(UrlConnectionHttpClient.builder()
                        .connectionTimeout(settings.connectTimeout())
                        .socketTimeout(settings.readTimeout()))
                // Retries are ours alone: two layers of them multiply.
                .overrideConfiguration(override -> override.retryStrategy(DefaultRetryStrategy.doNotRetry())
                        .apiCallAttemptTimeout(settings.callTimeout()));
        options.endpoint().ifPresent(builder::endpointOverride);
        return builder.build();
    }

    private static Region region(S3Options options) {
        if (options.region().isPresent()) {
            return Region.of(options.region().get());
        }
        try {
            return options.endpoint().isPresent()
                    ? Region.US_EAST_1
                    : DefaultAwsRegionProviderChain.builder().build().getRegion();
        } catch (SdkClientException e) {
            return Region.US_EAST_1;
        }
    }

    /// What is known of a bucket.
    private enum Versions {
        KEPT,
        /// Of what came before; what comes now takes the place of what came since.
        SUSPENDED,
        NONE,
        /// These credentials may not ask.
        UNTOLD
    }

    /// Servers without versions, and users without the right to ask, answer with an error other than these.
    private static Versions versions(S3Client client, String bucket) {
        try {
            BucketVersioningStatus status =
                    client.getBucketVersioning(ask -> ask.bucket(bucket)).status();
            if (status == BucketVersioningStatus.SUSPENDED) {
                return Versions.SUSPENDED;
            }
            return status == BucketVersioningStatus.ENABLED ? Versions.KEPT : Versions.NONE;
        } catch (S3Exception e) {
            if (e.statusCode() == NOT_FOUND || e.statusCode() == UNAUTHORIZED || S3Faults.mayPass(e)) {
                throw e;
            }
            client.headBucket(ask -> ask.bucket(bucket));
            return e.statusCode() == FORBIDDEN ? Versions.UNTOLD : Versions.NONE;
        }
    }

    static SourceException refusal(SourceLocation.Bucket location, S3Exception e) {
        String what = switch (e.statusCode()) {
            case NOT_FOUND -> " does not exist. Check the name and the endpoint.";
            case UNAUTHORIZED, FORBIDDEN ->
                " may not be listed with these credentials. Check them, and the rights of their user.";
            default ->
                " refused a request with status " + e.statusCode()
                        + ". Check the endpoint, the region and the path style.";
        };
        return new SourceException("The bucket " + location.storageId() + what, e);
    }

    /// Where the bucket is.
    public SourceLocation.Bucket location() {
        return location;
    }

    /// Whether the bucket keeps versions, or kept some.
    public boolean versioned() {
        return versions == Versions.KEPT || versions == Versions.SUSPENDED;
    }

    /// Whether it keeps those that it has, and no more.
    public boolean versionsSuspended() {
        return versions == Versions.SUSPENDED;
    }

    /// Whether these credentials may not ask for that.
    public boolean versionsUntold() {
        return versions == Versions.UNTOLD;
    }

    /// The client, to be used inside [#call] only.
    public S3Client client() {
        return client;
    }

    /// The longest that one attempt may take.
    public Duration callTimeout() {
        return callTimeout;
    }

    /// The key in the bucket of a key below the storage's root.
    public String bucketKey(String key) {
        return location.prefix() + key;
    }

    /// Makes a call within the bounds of rate, breaker and retries.
    ///
    /// @throws S3Exception when the server refused it for good
    /// @throws S3Failure when every attempt failed
    public <T> T call(Callable<T> attempt) {
        return calls.call(attempt);
    }

    /// Says how the server stands.
    public void meters(Meters meters) {
        calls.meters(meters);
    }

    @Override
    public void close() {
        client.close();
    }
}
